"""The answer as canonical JSON, and the digest of its legal core. Knows neither database nor HTTP.

The wire format is `schema.json` beside this module; a change here is a change there.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer.model import (
    Answer,
    CommuneRef,
    Conflict,
    CoverageRef,
    Decision,
    DocumentRef,
    Item,
    LandUseRef,
    NotChecked,
    OfficeRef,
    OtherItem,
    PlanAnswer,
    PlanRef,
    Source,
    Subject,
    Text,
    ThemeAnswer,
    Total,
    Uses,
    ZoneRef,
)

SCHEMA = Path(__file__).with_name("schema.json")

Wire = dict[str, Any]


def to_json(answer: Answer) -> bytes:
    """The answer as the API gives it: the same answer is the same bytes."""
    return orjson.dumps(to_wire(answer), option=orjson.OPT_UTC_Z)


def to_wire(answer: Answer) -> Wire:
    """The answer as plain values, in the order of the published schema."""
    return {
        "as_at": answer.as_at,
        "known_at": answer.known_at,
        "revision": answer.revision,
        "generated_at": answer.generated_at,
        "engine": answer.engine,
        "digest": answer.digest,
        "notices": _all(_text, answer.notices),
        "subject": _subject(answer.subject),
        "themes": _all(_theme, answer.themes),
        "upcoming": _all(_other, answer.upcoming),
        "superseded": _all(_other, answer.superseded),
        "not_checked": _all(_not_checked, answer.not_checked),
        "disclaimer": _text(answer.disclaimer),
        "office": _office(answer.office) if answer.office else None,
    }


def digest(answer: Answer) -> str:
    """SHA-256 of the legal core: what a past question must reproduce, whatever things are called today.

    A publication that changes nothing for the subject leaves it as it was.
    """
    return hashlib.sha256(orjson.dumps(legal_core(answer), option=orjson.OPT_SORT_KEYS)).hexdigest()


def legal_core(answer: Answer) -> Wire:
    """The day, the themes, ids, states, classes, areas, shares, indicators, editions, decisions, coverage.

    No names, and neither the revision nor the time of asking.
    """
    return {
        "as_at": answer.as_at,
        "subject": _core_subject(answer.subject),
        "themes": [_core_theme(theme) for theme in answer.themes],
        "upcoming": [_core_other(other) for other in answer.upcoming],
        "superseded": [_core_other(other) for other in answer.superseded],
        "not_checked": [[entry.theme, entry.reason] for entry in answer.not_checked],
    }


def _all(render: Any, values: Iterable[Any]) -> list[Any]:
    return [render(value) for value in values]


def _text(text: Text) -> Wire:
    return {"vi": text.vi, "en": text.en}


def _commune(commune: CommuneRef) -> Wire:
    return {"id": commune.id, "code": commune.code, "name": commune.name}


def _office(office: OfficeRef) -> Wire:
    return {
        "id": office.id,
        "name": office.name,
        "name_en": office.name_en,
        "address": office.address,
        "phone": office.phone,
        "email": office.email,
        "url": office.url,
        "hours": office.hours,
        "answer_days": office.answer_days,
    }


def _subject(subject: Subject) -> Wire:
    return {
        "type": subject.type,
        "id": subject.id,
        "commune": _commune(subject.commune) if subject.commune else None,
        "commune_now": _all(_commune, subject.commune_now),
        "sheet": subject.sheet,
        "number": subject.number,
        "address": subject.address,
        "registry_area_m2": subject.registry_area_m2,
        "area_m2": subject.area_m2,
        "metric_crs": subject.metric_crs,
        "accuracy_m": _rounded(subject.accuracy_m),
        "geometry": _geojson(subject.geometry),
    }


def _geojson(geometry: BaseGeometry) -> Any:
    """Nine decimals of a degree: a tenth of a millimetre. Output is rounded, storage never."""
    rounded = shapely.transform(geometry, lambda pairs: pairs.round(9))
    return orjson.Fragment(shapely.to_geojson(rounded))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _theme(theme: ThemeAnswer) -> Wire:
    wire: Wire = {"code": theme.code, "title": _text(theme.title), "state": theme.state.value}
    if theme.partly_known:
        wire["partly_known"] = True
    if theme.withheld:
        wire["withheld"] = True
    if theme.error_code:
        wire["error"] = theme.error_code
    wire["coverage"] = _all(_coverage, theme.coverage)
    wire["plans"] = _all(_plan_answer, theme.plans)
    wire["conflicts"] = _all(_conflict, theme.conflicts)
    return wire


def _coverage(coverage: CoverageRef) -> Wire:
    return {
        "state": coverage.state,
        "plan_kind": coverage.plan_kind or None,
        "as_of": coverage.as_of,
        "source": coverage.source,
        "office": _office_name(coverage.office),
    }


def _office_name(office: OfficeRef) -> Wire:
    return {"id": office.id, "name": office.name, "name_en": office.name_en}


def _plan_answer(plan: PlanAnswer) -> Wire:
    return {
        "plan": _plan(plan.plan),
        "totals": _all(_total, plan.totals),
        "items": _all(_item, plan.items),
        "uncovered_m2": plan.uncovered_m2,
        "outside_m2": plan.outside_m2,
        "overlap_m2": plan.overlap_m2,
    }


def _plan(plan: PlanRef) -> Wire:
    return {
        "id": plan.id,
        "title": plan.title,
        "title_en": plan.title_en,
        "kind": plan.kind,
        "level": plan.level,
        "scale": plan.scale,
        "accuracy_m": _rounded(plan.accuracy_m),
        "edition": plan.edition,
        "decision": _decision(plan.decision),
        "in_force_from": plan.in_force_from,
        "office": _office_name(plan.office),
    }


def _decision(decision: Decision | None) -> Wire | None:
    if decision is None:
        return None
    return {
        "kind": decision.kind,
        "number": decision.number,
        "date": decision.date,
        "issuer": decision.issuer,
    }


def _total(total: Total) -> Wire:
    return {
        "land_use": _land_use(total.land_use),
        "area_m2": total.area_m2,
        "share": total.share,
        "share_low": total.share_low,
        "share_high": total.share_high,
        "class": total.item_class.value,
    }


def _land_use(use: LandUseRef | None) -> Wire | None:
    if use is None:
        return None
    return {"list": use.list, "code": use.code, "vi": use.vi, "en": use.en, "color": use.color or None}


def _zone(zone: ZoneRef) -> Wire:
    return {
        "id": zone.id,
        "code": zone.code,
        "name": zone.name,
        "kind": zone.kind,
        "land_use": _land_use(zone.land_use),
    }


def _item(item: Item) -> Wire:
    return {
        "class": item.item_class.value,
        "zone": _zone(item.zone),
        "status": item.status,
        "edition": item.edition,
        "decision": _decision(item.decision),
        "in_force_from": item.in_force_from,
        "area_m2": item.area_m2,
        "share": item.share,
        "share_low": item.share_low,
        "share_high": item.share_high,
        "length_m": item.length_m,
        "along_m": item.along_m,
        "beyond_m2": item.beyond_m2,
        "remainder_width_m": item.remainder_width_m,
        "indicators": dict(item.indicators),
        "uses": _uses(item.uses),
        "documents": _all(_document, item.documents),
        "office": _office_name(item.office),
        "source": _source(item.source),
    }


def _uses(uses: Uses) -> Wire:
    return {
        "allowed": list(uses.allowed),
        "conditional": list(uses.conditional),
        "forbidden": list(uses.forbidden),
    }


def _document(document: DocumentRef) -> Wire:
    return {
        "title": document.title,
        "url": document.url or None,
        "article": document.article or None,
        "page": document.page,
    }


def _source(source: Source) -> Wire:
    return {
        "upload": source.upload,
        "sha256": source.sha256,
        "feature": source.feature,
        "publisher": source.publisher,
        "licence": source.licence,
    }


def _conflict(conflict: Conflict) -> Wire:
    return {
        "plans": _all(_plan, conflict.plans),
        "land_uses": _all(_land_use, conflict.land_uses),
        "zones": list(conflict.zones),
        "area_m2": conflict.area_m2,
        "share": conflict.share,
    }


def _other(other: OtherItem) -> Wire:
    return {
        "status": other.status,
        "theme": other.theme,
        "plan": _plan(other.plan),
        "zone": _zone(other.zone),
        "edition": other.edition,
        "decision": _decision(other.decision),
        "valid_from": other.valid_from,
        "valid_to": other.valid_to,
        "class": other.item_class.value,
        "area_m2": other.area_m2,
        "share": other.share,
        "because_of": list(other.causes),
        "source": _source(other.source),
    }


def _not_checked(entry: NotChecked) -> Wire:
    return {"theme": entry.theme, "title": _text(entry.title), "reason": entry.reason}


# --- the legal core ---


def _core_subject(subject: Subject) -> Wire:
    return {
        "type": subject.type,
        "id": subject.id,
        "area_m2": subject.area_m2,
        "metric_crs": subject.metric_crs,
        "geometry": hashlib.sha256(shapely.to_wkb(shapely.normalize(subject.geometry))).hexdigest(),
    }


def _core_theme(theme: ThemeAnswer) -> Wire:
    return {
        "code": theme.code,
        "state": theme.state.value,
        "partly_known": theme.partly_known,
        "withheld": theme.withheld,
        "coverage": [[c.state, c.plan_kind, c.as_of, c.office.id] for c in theme.coverage],
        "plans": [_core_plan(plan) for plan in theme.plans],
        "conflicts": [
            [[plan.id for plan in c.plans], list(c.zones), c.area_m2, c.share] for c in theme.conflicts
        ],
    }


def _core_plan(plan: PlanAnswer) -> Wire:
    wire = _without(_plan_answer(plan), "plan", "totals", "items")
    return {
        **wire,
        "plan": _without(_plan(plan.plan), "title", "title_en", "office"),
        "totals": [{**_total(t), "land_use": _core_use(t.land_use)} for t in plan.totals],
        "items": [_core_item(item) for item in plan.items],
    }


def _core_item(item: Item) -> Wire:
    return {
        **_without(_item(item), "documents", "office", "source"),
        "zone": {"id": item.zone.id, "kind": item.zone.kind, "land_use": _core_use(item.zone.land_use)},
        "sha256": item.source.sha256,
        "feature": item.source.feature,
    }


def _core_use(use: LandUseRef | None) -> list[str] | None:
    return None if use is None else [use.list, use.code]


def _core_other(other: OtherItem) -> Wire:
    return {
        **_without(_other(other), "plan", "source"),
        "plan": other.plan.id,
        "zone": {"id": other.zone.id, "kind": other.zone.kind, "land_use": _core_use(other.zone.land_use)},
        "sha256": other.source.sha256,
        "feature": other.source.feature,
    }


def _without(wire: Mapping[str, Any], *names: str) -> Wire:
    return {name: value for name, value in wire.items() if name not in names}

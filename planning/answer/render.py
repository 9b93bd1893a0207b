"""The answer as JSON, and the digest of its legal core (`core`). Knows neither database nor HTTP.

The wire format is `schema.json` beside this module; a change here is a change there.
"""

from collections.abc import Iterable
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from planning.answer.core import SCHEMA, digest_of
from planning.answer.model import (
    Act,
    Answer,
    CommuneRef,
    Conflict,
    CoverageRef,
    Decision,
    DocumentRef,
    Item,
    LandUseRef,
    LineageRef,
    NotChecked,
    OfficeRef,
    OtherItem,
    PlanAnswer,
    PlanRef,
    RelationRef,
    RulingRef,
    Source,
    Subject,
    Text,
    ThemeAnswer,
    Total,
    Uses,
    ZoneRef,
)

__all__ = ["SCHEMA", "digest", "to_json", "to_wire"]

Wire = dict[str, Any]


def to_json(answer: Answer, *, site: str = "") -> bytes:
    """The answer as the API gives it: the same answer is the same bytes.

    `site` (scheme and host) goes before the paths of documents that are kept here.
    """
    wire = to_wire(answer)
    if site:
        for document in _documents_in(wire):
            document["url"] = absolute(document["url"], site)
    return orjson.dumps(wire, option=orjson.OPT_UTC_Z)


def absolute(url: str | None, site: str) -> str | None:
    """The address with the site before it where it is a path of ours."""
    return f"{site}{url}" if url and url.startswith("/") else url


def _documents_in(wire: Wire) -> Iterable[Wire]:
    for theme in wire["themes"]:
        for plan in theme["plans"]:
            for item in plan["items"]:
                yield from item["documents"]
            yield from (relation["document"] for relation in plan["relations"] if relation["document"])
        for conflict in theme["conflicts"]:
            yield from (ruling["document"] for ruling in conflict["rulings"])


def to_wire(answer: Answer) -> Wire:
    """The answer as plain values, in the order of the published schema."""
    return {
        "as_at": answer.as_at,
        "known_at": answer.known_at,
        "revision": answer.revision,
        "generated_at": answer.generated_at,
        "engine": answer.engine,
        "digest": answer.digest,
        "notices": _all(text_of, answer.notices),
        "subject": subject_of(answer.subject),
        "themes": _all(theme_of, answer.themes),
        "upcoming": _all(other_of, answer.upcoming),
        "superseded": _all(other_of, answer.superseded),
        "not_checked": _all(_not_checked, answer.not_checked),
        "disclaimer": text_of(answer.disclaimer),
        "office": _office(answer.office) if answer.office else None,
    }


def digest(answer: Answer) -> str:
    """SHA-256 of the legal core: what a past question must reproduce, whatever things are called today.

    A publication that changes nothing for the subject leaves it as it was.
    """
    return digest_of(to_wire(answer))


def _all(render: Any, values: Iterable[Any]) -> list[Any]:
    return [render(value) for value in values]


def text_of(value: Text) -> Wire:
    return {"vi": value.vi, "en": value.en}


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


def subject_of(subject: Subject) -> Wire:
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
        "existed_from": subject.existed_from,
        "existed_to": subject.existed_to,
        "predecessors": _all(_lineage, subject.predecessors),
        "successors": _all(_lineage, subject.successors),
        "geometry": _geojson(subject.geometry),
    }


def _lineage(parcel: LineageRef) -> Wire:
    return {
        "id": parcel.id,
        "kind": parcel.kind,
        "on": parcel.on,
        "shared_area_m2": _rounded(parcel.shared_area_m2),
    }


def _geojson(geometry: BaseGeometry) -> Any:
    """Nine decimals of a degree: a tenth of a millimetre. Output is rounded, storage never."""
    rounded = shapely.transform(geometry, lambda pairs: pairs.round(9))
    return orjson.Fragment(shapely.to_geojson(rounded))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def theme_of(theme: ThemeAnswer) -> Wire:
    wire: Wire = {"code": theme.code, "title": text_of(theme.title), "state": theme.state.value}
    if theme.partly_known:
        wire["partly_known"] = True
    if theme.withheld:
        wire["withheld"] = True
    if theme.error_code:
        wire["error"] = theme.error_code
    wire["coverage"] = _all(_coverage, theme.coverage)
    wire["plans"] = _all(plan_answer_of, theme.plans)
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


def plan_answer_of(plan: PlanAnswer) -> Wire:
    return {
        "plan": _plan(plan.plan),
        "relations": _all(_relation, plan.relations),
        "totals": _all(_total, plan.totals),
        "items": _all(item_of, plan.items),
        "uncovered_m2": plan.uncovered_m2,
        "outside_m2": plan.outside_m2,
        "overlap_m2": plan.overlap_m2,
    }


def _relation(relation: RelationRef) -> Wire:
    return {
        "kind": relation.kind,
        "is_acting": relation.is_acting,
        "plan": {"id": relation.plan, "title": relation.title, "title_en": relation.title_en},
        "edition": relation.edition,
        "document": document_of(relation.document) if relation.document else None,
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


def item_of(item: Item) -> Wire:
    return {
        "class": item.item_class.value,
        "zone": _zone(item.zone),
        "status": item.status,
        "edition": item.edition,
        "decision": _decision(item.decision),
        "in_force_from": item.in_force_from,
        "acts": _all(_act, item.acts),
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
        "documents": _all(document_of, item.documents),
        "office": _office_name(item.office),
        "source": _source(item.source),
    }


def _uses(uses: Uses) -> Wire:
    return {
        "allowed": list(uses.allowed),
        "conditional": list(uses.conditional),
        "forbidden": list(uses.forbidden),
    }


def _act(act: Act) -> Wire:
    return {"edition": act.edition, "event": act.event, "decision": act.decision}


def document_of(document: DocumentRef) -> Wire:
    return {
        "kind": document.kind,
        "number": document.number,
        "date": document.date,
        "issuer": document.issuer,
        "title": document.title,
        "url": document.url or None,
        "article": document.article or None,
        "page": document.page,
        "clause": document.clause or None,
        "text": document.text or None,
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
        "rulings": _all(_ruling, conflict.rulings),
    }


def _ruling(ruling: RulingRef) -> Wire:
    return {
        "document": document_of(ruling.document),
        "on": ruling.on,
        "effective_from": ruling.effective_from,
        "effective_to": ruling.effective_to,
        "text": ruling.text,
        "carried_out": ruling.carried_out,
    }


def other_of(other: OtherItem) -> Wire:
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
        "acts": _all(_act, other.acts),
        "source": _source(other.source),
    }


def _not_checked(entry: NotChecked) -> Wire:
    return {"theme": entry.theme, "title": text_of(entry.title), "reason": entry.reason}

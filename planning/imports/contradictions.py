"""What a plan file says against what is stored: the plan, its edition, the territories (P02).

Read before a file is checked; nothing is written here. An import never changes what is there already, so
a contradiction must be seen: what binds is an error, what merely describes a remark.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from planning import crs
from planning.errors import BadParameter, Reason
from planning.imports.findings import Finding
from planning.imports.planfile import Bbox, PlanFile, TerritorySection
from planning.models import Document, Edition, Level, Plan, Territory

# What decides how the plan is measured and what it means: an answer would rest on the stored value.
_BINDING = ("kind", "level", "scale", "accuracy_m")
_DESCRIBING = ("title", "title_en", "licence", "source")
# Degrees squared: two ways to write the same box.
_SAME_BOX = 1e-12


def against_stored(plan_file: PlanFile | None, edition: Edition | None) -> list[Finding]:
    """P02: where the plan file contradicts the plan, the edition or a territory that is there already."""
    if plan_file is None:
        return []
    plan = _stored_plan(plan_file, edition)
    return [
        *(_plan(plan_file, plan) if plan else ()),
        *_edition(plan_file, plan, edition),
        *(_territory(plan_file.territory) if plan_file.territory else ()),
    ]


def _stored_plan(plan_file: PlanFile, edition: Edition | None) -> Plan | None:
    if plan_file.plan is None:
        return None
    return edition.plan if edition else Plan.objects.filter(pk=plan_file.plan.id).first()


def _plan(plan_file: PlanFile, plan: Plan) -> list[Finding]:
    stated = plan_file.plan
    assert stated is not None  # noqa: S101 - asked by the caller
    found = _differing(("id",), stated, plan, Level.ERROR)
    found += _differing(_BINDING, stated, plan, Level.ERROR)
    for name, given, stored in (
        ("territory", stated.territory, plan.territory_id),
        ("office", stated.office, plan.office_id),
    ):
        if given != stored:
            found.append(_differs(f"plan.{name}", given, stored))
    if _srid(stated.metric_crs, "plan.metric_crs") != crs.parse(plan.metric_crs).srid:
        found.append(_differs("plan.metric_crs", stated.metric_crs, plan.metric_crs))
    return found + _differing(_DESCRIBING, stated, plan, Level.INFO)


def _differing(names: Iterable[str], stated: Any, stored: Any, level: Level) -> list[Finding]:
    """Entries that are stated and differ; one that is left out says nothing."""
    pairs = ((name, getattr(stated, name), getattr(stored, name)) for name in names)
    return [
        _differs(f"plan.{name}", given, kept, level)
        for name, given, kept in pairs
        if given not in (None, "") and given != kept
    ]


def _edition(plan_file: PlanFile, plan: Plan | None, edition: Edition | None) -> list[Finding]:
    stated = plan_file.edition
    if stated is None or plan is None:
        return []
    stored = edition or Edition.objects.filter(plan=plan, number=stated.number).first()
    if stored is None:
        return []
    found = []
    if stated.number != stored.number:
        found.append(_differs("edition.number", stated.number, stored.number))
    if stated.is_local_adjustment != stored.is_local_adjustment:
        given, kept = str(stated.is_local_adjustment).lower(), str(stored.is_local_adjustment).lower()
        found.append(_differs("edition.is_local_adjustment", given, kept))
    return found + _not_taken(plan_file, stored)


def _not_taken(plan_file: PlanFile, stored: Edition) -> list[Finding]:
    """Events and papers of a plan file whose edition is there already: only the first file brings them."""
    events = set(stored.events.values_list("kind", "on", "effective_from"))
    papers = set(Document.objects.filter(plan=stored.plan_id).values_list("kind", "number", "date"))
    new = [
        f"{one.kind} {one.on}"
        for one in plan_file.events
        if (one.kind, one.on, one.effective_from) not in events
    ]
    new += [
        f"{one.kind} {one.number}".strip()
        for one in plan_file.documents
        if (one.kind, one.number, one.date) not in papers
    ]
    if not new:
        return []
    return [
        Finding(
            code="P02",
            says="P02/not_taken",
            level=Level.WARNING,
            field="edition.number",
            value=str(stored.number),
            facts={"edition": stored.code, "what": ", ".join(new)},
        )
    ]


def _territory(stated: TerritorySection) -> list[Finding]:
    srid = _srid(stated.metric_crs, "territory.metric_crs")
    stored = Territory.objects.filter(pk=stated.code).first()
    if stored is None:
        return [
            Finding(
                code="P02",
                says="P02/overlaps",
                level=Level.ERROR,
                field="territory.extent",
                value=stated.code,
                facts={"other": other},
            )
            for other in overlapping(stated.code, stated.extent)
        ]
    found = []
    if srid != crs.parse(stored.metric_crs).srid:
        found.append(_differs("territory.metric_crs", stated.metric_crs, stored.metric_crs))
    kept = shapely.from_wkb(bytes(stored.extent.wkb))
    if shapely.symmetric_difference(kept, shapely.box(*stated.extent)).area > _SAME_BOX:
        found.append(_differs("territory.extent", _sides(stated.extent), _sides(kept.bounds)))
    return found


def overlapping(code: str, extent: Bbox) -> list[str]:
    """The codes of other territories that share land with the box; neighbours only touch."""
    box = shapely.box(*extent)
    others = Territory.objects.exclude(pk=code).order_by("code").values_list("code", "extent")
    return [
        other
        for other, stored in others
        if shapely.intersection(box, shapely.from_wkb(bytes(stored.wkb))).area > _SAME_BOX
    ]


def _srid(code: str, place: str) -> int:
    system = crs.parse(code, parameter=place)
    if not system.is_metric:
        raise BadParameter(place, code, Reason.NOT_PROJECTED_CRS)
    return system.srid


def _sides(bounds: Sequence[float]) -> str:
    return ", ".join(f"{side:.7g}" for side in bounds)


def _differs(name: str, given: object, stored: object, level: Level = Level.ERROR) -> Finding:
    says = "P02/differs" if level is Level.ERROR else "P02/kept"
    facts = {"stored": "-" if stored in (None, "") else str(stored)}
    return Finding(code="P02", says=says, level=level, field=name, value=str(given)[:120], facts=facts)

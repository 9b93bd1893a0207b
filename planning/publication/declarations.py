"""An office declares what its data cover, or takes a declaration back: each in a revision of its own.

Declarations that come with uploads go public in `opening`; what the law makes of those of an edition is in
`coverage`. A declaration that was taken back says nothing from then on; what people were told before stays
on record.
"""

from datetime import date
from uuid import UUID, uuid4

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange  # type: ignore[import-untyped]

from planning.audit import traced
from planning.errors import BadParameter, NotFound, Reason, Refused
from planning.models import (
    Coverage,
    CoverageState,
    CoverageWithdrawal,
    Office,
    PlanKind,
    Publication,
    Theme,
    User,
)
from planning.publication.revision import begin, closed_at, lock, open_from, require_two_members
from planning.publication.withheld import require_coarse


@transaction.atomic
@traced("declare coverage")
def declare_coverage(
    *,
    theme: Theme,
    plan_kind: str,
    state: str,
    geometry: GEOSGeometry,
    as_of: date,
    valid: tuple[date, date | None] | None = None,
    source: str,
    office: Office,
    by: User,
    approved_by: User,
) -> Publication:
    """Declare what the data of a theme (or of one plan kind of it, "" for all) cover within an area.

    The area is a Polygon or MultiPolygon in EPSG:4326; `valid` are the dates it speaks for, from `as_of`
    without end unless stated. What is withheld is declared coarsely (`withheld`). The summary of the revision
    holds the number of the declaration. Raises Forbidden, Refused and BadParameter.
    """
    require_two_members(office, by=by, approved_by=approved_by)
    _require_choices(plan_kind, state)
    area = _area(geometry)
    if state == CoverageState.WITHHELD:
        require_coarse(area)
    begins, ends = valid or (as_of, None)
    if ends is not None and ends <= begins:
        raise Refused(Reason.ENDS_BEFORE_IT_BEGINS, begins=begins.isoformat(), ends=ends.isoformat())
    if not source.strip():
        raise Refused(Reason.REQUIRED, field="source")
    lock()
    revision = begin(office, by=by, approved_by=approved_by)
    row = Coverage.objects.create(
        theme=theme,
        plan_kind=plan_kind,
        state=state,
        geometry=area,
        as_of=as_of,
        valid=DateRange(begins, ends),
        source=source,
        office=office,
        declaration=uuid4(),
        known=open_from(revision.number),
    )
    return revision.record({"coverage": {"opened": 1, "closed": 0}, "declared": [str(row.declaration)]})


@transaction.atomic
@traced("withdraw coverage")
def withdraw_coverage(*, declaration: UUID, reason: str, by: User, approved_by: User) -> Publication:
    """Take a public declaration back: from this revision on it says nothing.

    Raises NotFound where nothing public has that number, Forbidden, and Refused without a reason or for a
    declaration that is withdrawn already.
    """
    office = _office_of(declaration)
    require_two_members(office, by=by, approved_by=approved_by)
    if not reason.strip():
        raise Refused(Reason.REQUIRED, field="reason")
    lock()
    if CoverageWithdrawal.objects.filter(declaration=declaration).exists():
        raise Refused(Reason.ALREADY_WITHDRAWN, declaration=str(declaration))
    revision = begin(office, by=by, approved_by=approved_by)
    standing = Coverage.objects.standing().filter(declaration=declaration)
    closed = standing.update(known=closed_at(revision.number))
    CoverageWithdrawal.objects.create(
        declaration=declaration,
        reason=reason,
        office=office,
        publication_id=revision.number,
        recorded_by=by,
    )
    return revision.record({"coverage": {"opened": 0, "closed": closed}, "withdrawn": [str(declaration)]})


def _office_of(declaration: UUID) -> Office:
    public = Coverage.objects.filter(declaration=declaration, known__isnull=False)
    row = public.select_related("office").first()
    if row is None:
        raise NotFound("declaration", str(declaration))
    return row.office


def _require_choices(plan_kind: str, state: str) -> None:
    if state not in CoverageState.values:
        raise BadParameter("state", state, Reason.NOT_A_CHOICE, choices=CoverageState.values)
    if plan_kind and plan_kind not in PlanKind.values:
        raise BadParameter("plan_kind", plan_kind, Reason.NOT_A_CHOICE, choices=PlanKind.values)


def _area(geometry: GEOSGeometry) -> MultiPolygon:
    """The area as it is stored."""
    area = MultiPolygon(geometry, srid=geometry.srid) if isinstance(geometry, Polygon) else geometry
    if not isinstance(area, MultiPolygon) or area.empty or not area.valid:
        raise Refused(Reason.INVALID_GEOMETRY, field="geometry", what="coverage")
    return area

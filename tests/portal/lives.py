"""One parcel with everything in its life: suspension, expiry, annulment, correction, ruling, lineage.

For the pages: each status with its dates and cause, plans below ground, clauses followed over editions.
"""

from datetime import date

from django.core.files.base import ContentFile

from planning import documents, lifecycle
from planning.models import (
    DocumentKind,
    Edition,
    EventKind,
    ParcelLineage,
    Plan,
    PlanEvent,
    RelationKind,
    VerticalLevel,
)
from tests import town
from tests.paper_files import pdf

LAND = (0, 0, 20, 10)
PARCEL = "2004-00001-3-45"


def regulation(of: Edition, number: str, text: str) -> None:
    """The management rules that came with an edition, kept here, with two clauses."""
    paper = documents.attach(
        plan=of.plan,
        edition=of,
        kind=DocumentKind.REGULATION,
        number=number,
        date=date(2016 + of.number, 12, 1),
        issuer="UBND thị trấn",
        title="Quy định quản lý",
        file=ContentFile(pdf(24, note=number), name="quy-dinh.pdf"),
        by=town.planner(),
    )
    clauses = (
        {"clause_id": "chieu-cao", "article": "Điều 5", "text": text, "page": 12, "land_uses": ["ODT"]},
        {"clause_id": "pham-vi", "article": "Điều 1", "text": "Áp dụng cho toàn bộ quy hoạch.", "page": 1},
    )
    for clause in clauses:
        documents.add_clause(document=paper, by=town.planner(), **clause)


def zoning() -> Plan:
    """A plan with a local adjustment that is suspended in part until next year; its first date corrected."""
    plan = town.plan("zoning", scale=2000)
    first = town.edition(plan, approved=date(2017, 11, 1), in_force=date(2018, 1, 1))
    town.zone(first, town.square(-50, -50, 66, 200), "ODT", uses_allowed=["Nhà ở"], uses_forbidden=["Kho"])
    town.zone(first, town.square(16, -50, 60, 200), "DGT")
    town.restriction(first, town.line((-50, 8), (80, 8)))
    regulation(first, "01/QĐ-QLQH", "Cao không quá 5 tầng.")
    town.publish()
    second = town.edition(
        plan, in_force=date(2024, 1, 1), is_local_adjustment=True, extent=town.square(0, 0, 12, 60)
    )
    town.zone(second, town.square(0, 0, 12, 60), "CXDT")
    regulation(second, "02/QĐ-QLQH", "Cao không quá 4 tầng.")
    town.publish()
    return plan


def others(plan: Plan) -> None:
    """Plans beside it: one that disagrees, one expired, one annulled, one to come, one below ground."""
    detailed = town.plan("detailed", kind="detailed", scale=500)
    edition = town.edition(detailed, in_force=date(2020, 1, 1))
    town.zone(edition, town.square(-5, -5, 40, 30), "CXDT")
    town.relation(edition, plan, kind=RelationKind.IMPLEMENTS)
    expired = town.edition(town.plan("annual", kind="land_use_annual"), in_force=None)
    town.event(expired, EventKind.IN_FORCE, date(2024, 1, 1), effective_to=date(2025, 1, 1))
    town.zone(expired, town.square(-50, -50, 200), "ODT")
    annulled = town.edition(town.plan("annulled", kind="land_use"), in_force=date(2019, 1, 1))
    town.zone(annulled, town.square(-50, -50, 200), "DGT")
    coming = town.edition(
        town.plan("coming", kind="general"), approved=date(2026, 10, 1), in_force=date(2099, 3, 1)
    )
    town.zone(coming, town.square(-50, -50, 200), "ODT")
    below = town.edition(town.plan("below", level=VerticalLevel.UNDERGROUND), in_force=date(2021, 1, 1))
    town.zone(below, town.square(-20, -20, 30, 60), "DGT")
    town.publish()
    lifecycle.annul(
        edition=annulled,
        on=date(2022, 5, 1),
        document=town.decision(annulled.plan, on=date(2022, 5, 1)),
        by=town.planner(),
        approved_by=town.reviewer(),
    )


def facts_about(plan: Plan) -> None:
    """A suspension with an end in a part, a correction, and a ruling on the conflict."""
    first, second = plan.editions.order_by("number")
    stands_for = {"by": town.planner(), "approved_by": town.reviewer()}
    lifecycle.suspend(
        edition=second,
        on=date(2026, 5, 20),
        effective_from=date(2026, 6, 1),
        effective_to=date(2098, 6, 1),
        extent=town.square(0, 0, 12, 5),
        document=town.decision(plan, on=date(2026, 5, 20)),
        **stands_for,
    )
    lifecycle.correct(
        event=PlanEvent.objects.get(edition=first, kind=EventKind.IN_FORCE),
        on=date(2018, 3, 1),
        effective_from=date(2018, 2, 1),
        document=town.decision(plan, on=date(2018, 3, 1)),
        **stands_for,
    )
    lifecycle.record_ruling(
        plan=plan,
        other_plan=Plan.objects.get(id="detailed"),
        text="Thực hiện theo quy hoạch chi tiết trong phạm vi ô đất này.",
        on=date(2025, 3, 1),
        carried_out=Plan.objects.get(id="detailed"),
        document=town.decision(plan, on=date(2025, 3, 1)),
        **stands_for,
    )


def busy_parcel() -> str:
    """Builds it all and returns the code of the parcel."""
    town.unit("00001", geometry=town.square(-400, -400, 500))
    town.unit("00002", name="phường Bên", geometry=town.square(100, -400, 500))
    town.cover(town.square(-100, -100, 300))
    town.cover(town.square(200, -100, 100), "not_loaded")
    former = town.parcel("12", town.square(0, 0, 40, 10), sheet="3", existed_to=date(2015, 1, 1))
    town.parcel("45", town.square(*LAND), sheet="3", existed_from=date(2015, 1, 1))
    plan = zoning()
    others(plan)
    facts_about(plan)
    ParcelLineage.objects.create(
        predecessor_code=former.code,
        successor_code=PARCEL,
        kind="split",
        on=date(2015, 1, 1),
        shared_area_m2=200.0,
        known=(1, None),
    )
    return PARCEL

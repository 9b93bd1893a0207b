"""A province and a commune, each with public and staged content of every kind, for the walk of all pages.

Whatever is staged carries the mark of its office: `KEYS[office]` in ids, `WORDS[office]` in texts. Where
a mark shows up that the reader may not see, something leaked.
"""

from dataclasses import dataclass, field
from datetime import date

from django.core.files.base import ContentFile
from django.test import Client

from planning import lifecycle, proposals
from planning.documents import add_clause, attach
from planning.models import (
    AdminSuccession,
    CadastreDelivery,
    ConflictRuling,
    Coverage,
    Document,
    DocumentKind,
    Edition,
    EventKind,
    Finding,
    LandUseGroup,
    LandUseMatch,
    LayerUpload,
    Level,
    LineageKind,
    MatchKind,
    MissedLookup,
    Office,
    ParcelLineage,
    Plan,
    PlanIdentifier,
    ProposedAct,
    RefusedParcel,
    Repair,
    Role,
    User,
)
from planning.publication import withdraw_coverage
from tests import town
from tests.paper_files import pdf

OFFICES = ("tinh", "xa")
KEYS = {"tinh": "zqkeytinh", "xa": "zqkeyxa"}
WORDS = {"tinh": "zqtexttinh", "xa": "zqtextxa"}
MARKS = {code: (KEYS[code], WORDS[code]) for code in OFFICES}
TODAY = date(2026, 11, 1)
# Where the land of each office begins, in metres of the town.
_EAST = {"tinh": 0, "xa": 2_000}
_UNITS = {"tinh": "00011", "xa": "00012"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who walks; `offices` are those of which they may see what is staged."""

    name: str
    user: User | None
    offices: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_superuser(self) -> bool:
        return self.user is not None and self.user.is_superuser

    def client(self) -> Client:
        # a crash is an answer to be judged, not an exception of the test
        client = Client(raise_request_exception=False)
        if self.user is not None:
            client.force_login(self.user)
        return client

    def hidden_marks(self, *, in_admin: bool) -> tuple[str, ...]:
        """Marks that must not reach this person; superusers look at everything in the admin."""
        if self.is_superuser and in_admin:
            return ()
        return tuple(mark for code in OFFICES if code not in self.offices for mark in MARKS[code])


PEOPLE = (
    "nobody",
    "superuser",
    "stranger",
    *(f"{role.value}-{code}" for code in OFFICES for role in Role),
)


def person(name: str) -> Person:
    """One of `PEOPLE`, made by `settle`."""
    if name == "nobody":
        return Person(name, None)
    user = User.objects.get(username=name)
    return Person(name, user, frozenset(user.memberships.values_list("office", flat=True)))


def settle() -> None:
    """Both offices with their people, what they published, and what nobody else may see yet."""
    User.objects.create_superuser("superuser")
    User.objects.create(username="stranger", is_staff=True)
    for code in OFFICES:
        for role in Role:
            town.member(f"{role.value}-{code}", role, town.office(code), is_staff=True)
    _common_ground()
    for code in OFFICES:
        _publish(code)
    for code, other in (OFFICES, OFFICES[::-1]):
        _rule(code, other)
    for code in OFFICES:
        _prepare(code)


def _common_ground() -> None:
    """A row of each kind that belongs to nobody."""
    same = {"kind": MatchKind.values[0]}
    LandUseMatch.objects.create(land_use=town.land_use("ODT"), other=town.land_use("DGT"), **same)
    LandUseGroup.objects.get_or_create(code="housing", defaults={"name_vi": "Nhà ở", "name_en": "Housing"})
    later = town.unit("00002", of="2025", name="phường Mới")
    AdminSuccession.objects.create(predecessor=town.unit(), successor=later, on=date(2025, 7, 1))
    MissedLookup.objects.create(day=TODAY, kind="address", unit=town.unit(), count=2)


def office(code: str) -> Office:
    return town.office(code)


def _people(code: str) -> dict[str, User]:
    return {
        "by": User.objects.get(username=f"planner-{code}"),
        "approved_by": User.objects.get(username=f"reviewer-{code}"),
    }


def _paper(plan: Plan, edition: Edition | None, says: str, **fields: object) -> Document:
    values = {"kind": DocumentKind.DECISION, "number": f"{says}/QĐ", "date": TODAY, "issuer": f"UBND {says}"}
    document = attach(
        plan=plan,
        edition=edition,
        title=f"Quyết định {says}",
        file=ContentFile(pdf(2, note=says), "a.pdf"),
        by=_people(plan.office_id)["by"],
        **(values | fields),  # type: ignore[arg-type]
    )
    add_clause(
        document=document,
        clause_id=f"clause-{says}",
        article=f"Điều {says}",
        text=f"Nội dung {says}",
        page=1,
        by=_people(plan.office_id)["by"],
    )
    return document


def _content(edition: Edition, x: int, says: str, key: str) -> LayerUpload:
    """Everything that an edition and a delivery of parcels may hold, with words of their own."""
    owner, plan = edition.plan.office, edition.plan
    upload = town.upload(edition, name=f"{says}.gpkg")
    names = {"name": f"Ô {says}", "upload": upload}
    town.zone(edition, town.square(x, 0, 100), code=f"{key}-z", public_id=f"{edition.plan_id}.{key}", **names)
    line = town.line((x, 0), (x + 50, 50))
    town.restriction(edition, line, code=f"{key}-r", public_id=f"{edition.plan_id}.{key}.r", **names)
    base = Plan.objects.get(id=f"base-{plan.office_id}")
    town.relation(edition, base, kind="implements", document=_paper(plan, edition, says))
    PlanIdentifier.objects.get_or_create(plan=plan, scheme="mã", value=f"{key}-1")
    parcels = town.upload(name=f"{says}-parcels.gpkg", by=owner)
    parcel = town.parcel(
        key,
        town.square(x + 10, 10, 10),
        within=town.unit(_UNITS[owner.pk], name=f"phường {owner.pk}"),
        upload=parcels,
        address=f"1 phố {says}",
        search_address=f"1 pho {says}",
    )
    town.alias(parcel, sheet="9", number=key)
    ParcelLineage.objects.create(
        predecessor_code=f"{key}-old",
        successor_code=parcel.code,
        kind=LineageKind.RENUMBER,
        on=TODAY,
        upload=parcels,
    )
    RefusedParcel.objects.create(upload=parcels, row=1, number=key)
    CadastreDelivery.objects.get_or_create(upload=parcels, defaults={"as_of": TODAY, "replaces": "contents"})
    for theme in ("construction", "lines"):
        town.cover(town.square(x, 0, 200), theme=theme, office=owner, source=f"Nguồn {says}", upload=parcels)
    Finding.objects.create(upload=upload, code="G01", level=Level.ERROR, value=says)
    Repair.objects.create(
        upload=upload,
        layer=says,
        row=1,
        before_sha256="",
        before_wkb=b"",
        area_before_m2=1,
        area_after_m2=1,
        accepted_by=_people(owner.pk)["by"],
    )
    return parcels


def _publish(code: str) -> None:
    base = town.edition(town.plan(f"base-{code}", of=office(code), title=f"Quy hoạch nền {code}"))
    town.zone(base, town.square(_EAST[code], 500, 100))
    town.publish(base, **_people(code))
    plan = town.plan(f"public-{code}", of=office(code), title=f"Quy hoạch công khai {code}")
    edition = town.edition(plan)
    parcels = _content(edition, _EAST[code], f"mo{code}", f"open{code}")
    town.publish(edition, parcels, **_people(code))
    declaration = Coverage.objects.filter(office=code, theme="lines").get().declaration
    withdraw_coverage(declaration=declaration, reason="Nhầm", **_people(code))


def _rule(code: str, other: str) -> None:
    """A public ruling of the office between its plan and the other's."""
    plan = Plan.objects.get(id=f"public-{code}")
    lifecycle.record_ruling(
        plan=plan,
        other_plan=Plan.objects.get(id=f"public-{other}"),
        text=f"Áp dụng đồ án của {code}",
        on=TODAY,
        document=plan.documents.public().get(kind=DocumentKind.DECISION, number=f"mo{code}/QĐ"),
        **_people(code),
    )


def _prepare(code: str) -> None:
    """What is staged: a plan that is not public at all, and a new edition of the one that is."""
    key, says = MARKS[code]
    hidden = town.plan(
        key,
        of=office(code),
        title=f"Quy hoạch {says}",
        title_en=f"Plan {says}",
        search_title=f"quy hoach {says}",
    )
    _content(town.edition(hidden), _EAST[code], says, key)
    known = Plan.objects.get(id=f"public-{code}")
    later = town.edition(known, in_force=None)
    Edition.objects.filter(pk=later.pk).update(title=f"Đồ án {says}")
    paper = _paper(known, later, f"{says}2")
    town.event(later, EventKind.IN_FORCE, TODAY, document=paper, note=f"Ghi chú {says}")
    town.zone(
        later, town.square(_EAST[code], 0, 90), name=f"Ô {says}", code=f"{key}-z2", public_id=f"{key}.2"
    )
    ConflictRuling.objects.create(
        plan=known,
        other_plan=hidden,
        text=f"Dự thảo {says}",
        on=TODAY,
        effective_from=TODAY,
        document=paper,
        recorded_by=_people(code)["by"],
    )
    proposals.propose(
        act=ProposedAct.EVENT,
        office=office(code),
        edition=known.editions.public().get(),
        document=paper,
        facts={"kind": EventKind.SUSPENDED, "on": TODAY, "effective_from": TODAY, "note": f"Đề xuất {says}"},
        by=_people(code)["by"],
    )

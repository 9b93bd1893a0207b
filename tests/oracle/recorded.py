"""A town on a raster put into the database through the product's verbs, fact by fact.

What the product refuses is no fact: the verbs below note only what was published, with its revision.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from planning import lifecycle, publication
from planning.errors import PlanningError
from planning.models import (
    Coverage,
    Document,
    EventKind,
    PlanEvent,
    Publication,
    RelationKind,
    Restriction,
    RestrictionKind,
)
from planning.models import Edition as StoredEdition
from planning.models import Plan as StoredPlan
from planning.models import Zone as StoredZone
from tests import town
from tests.oracle.facts import (
    AREA,
    CELL,
    LINE,
    Declaration,
    Delivery,
    Edition,
    Event,
    Land,
    Plan,
    Relation,
    Town,
    Zone,
    nowhere,
)

THEMES = {
    "construction": ("zoning", "detailed"),
    "land_use": ("land_use",),
    "infrastructure": ("infrastructure",),
}
# Of the edge of a cell hardly anything: nothing is borderline.
SCALE = 500


@dataclass(frozen=True, kw_only=True)
class Dated:
    """What an event says, before it is anybody's fact."""

    kind: str
    on: date
    begins: date
    ends: date | None = None
    extent: Land | None = None
    decision: str
    corrects: int | None = None
    is_void: bool = False


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a relation says."""

    kind: str
    target: str
    extent: Land | None = None
    contents: tuple[str, ...] = ()
    decision: str


def stored(land: Land) -> GEOSGeometry:
    """Cells as the product stores land."""
    boxes = [
        shapely.box(x * CELL, y * CELL, (x + 1) * CELL, (y + 1) * CELL)
        for y, row in enumerate(land)
        for x, is_in in enumerate(row)
        if is_in
    ]
    united = shapely.normalize(shapely.simplify(shapely.union_all(boxes), 0))
    return town.placed(shapely.MultiPolygon(list(shapely.get_parts(united))))


def stored_line(land: Land) -> GEOSGeometry:
    """Cells of one row as a line from the middle of the first to the middle of the last."""
    ys, xs = land.nonzero()
    height = (ys[0] + 0.5) * CELL
    ends = [((x + 0.5) * CELL, height) for x in (xs.min(), xs.max())]
    return town.placed(shapely.MultiLineString([ends]))


@dataclass
class Recorder:
    """The database and the facts, kept in step."""

    facts: Town = field(default_factory=lambda: Town(themes=THEMES))
    revisions: list[tuple[int, datetime]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    plans: dict[str, StoredPlan] = field(default_factory=dict)
    editions: dict[str, StoredEdition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        town.THEMES.setdefault("infrastructure", ("Hạ tầng", "Infrastructure", ("infrastructure",), ()))
        for code, row in town.themes().items():
            row.plan_kinds = list(THEMES.get(code, ()))
            row.save(update_fields=["plan_kinds"])
        self.facts.themes = {code: THEMES.get(code, ()) for code in town.themes()}
        self.by, self.approved_by = town.planner(), town.reviewer()

    def plan(self, code: str, kind: str, *, level: str = "surface") -> None:
        theme = next(theme for theme, kinds in THEMES.items() if kind in kinds)
        self.plans[code] = town.plan(code, kind=kind, level=level, scale=SCALE)
        self.facts.plans[code] = Plan(id=code, kind=kind, theme=theme, level=level)

    def edition(
        self,
        plan: str,
        zones: Sequence[tuple[Land, str]],
        *,
        is_local: bool = False,
        extent: Land | None = None,
        events: Iterable[Dated],
        relations: Iterable[Named] = (),
    ) -> str | None:
        """Publish an edition with its zones and restrictions (land and use), events and relations."""
        return self._attempt(
            lambda: self._edition(plan, zones, is_local, extent, list(events), list(relations))
        )

    def _edition(
        self,
        plan: str,
        zones: Sequence[tuple[Land, str]],
        is_local: bool,
        extent: Land | None,
        events: list[Dated],
        relations: list[Named],
    ) -> str:
        boundary = None if extent is None else stored(extent)
        made = town.edition(self.plans[plan], in_force=None, is_local_adjustment=is_local, extent=boundary)
        rows = [(_content(made, land, use), land, use) for land, use in zones]
        own = [(self._staged(made, event), event) for event in events]
        for named in relations:
            town.relation(
                made,
                self.plans[named.target],
                kind=RelationKind(named.kind),
                extent=None if named.extent is None else stored(named.extent),
                contents=list(named.contents),
                document=self._decision(plan, named.decision),
            )
        done = self._done(town.publish(made, by=self.by, approved_by=self.approved_by))
        made.refresh_from_db()
        lands = tuple(Zone(id=row.public_id, land_use=use, land=land) for row, land, use in rows)
        self.editions[made.code] = made
        self.facts.editions.append(
            Edition(
                plan=plan,
                number=made.number,
                is_local=is_local,
                extent=extent
                if extent is not None
                else _union(z.land for z in lands if not z.is_restriction),
                zones=lands,
                published_on=timezone.localdate(self.revisions[-1][1]),
                revision=done,
            )
        )
        for row, event in own:
            self._note(row.pk, made.code, event, done)
        self.facts.relations += [
            Relation(edition=made.code, revision=done, **vars(named)) for named in relations
        ]
        return made.code

    def event(self, edition: str, said: Dated) -> None:
        """Record a fact about a public edition, a correction of one included."""
        self._attempt(lambda: self._event(edition, said))

    def _event(self, edition: str, said: Dated) -> None:
        made = self.editions[edition]
        published = lifecycle.record_event(
            edition=made,
            kind=EventKind(said.kind),
            on=said.on,
            effective_from=said.begins,
            effective_to=said.ends,
            extent=None if said.extent is None else stored(said.extent),
            document=self._decision(made.plan_id, said.decision),
            corrects=None if said.corrects is None else PlanEvent.objects.get(pk=said.corrects),
            is_void=said.is_void,
            by=self.by,
            approved_by=self.approved_by,
        )
        done = self._done(published)
        row = PlanEvent.objects.get(publication=published, edition=made)
        self._note(row.pk, edition, said, done)

    def declare(
        self, theme: str, plan_kind: str, state: str, land: Land, begins: date, ends: date | None
    ) -> None:
        """Declare what is known of the data of some land."""
        self._attempt(lambda: self._declare(theme, plan_kind, state, land, begins, ends))

    def _declare(
        self, theme: str, plan_kind: str, state: str, land: Land, begins: date, ends: date | None
    ) -> None:
        if state == "withheld":
            # What is withheld is declared by whole units: of this town any land may be one.
            town.unit(f"w{len(self.facts.declarations)}", geometry=stored(land))
        published = publication.declare_coverage(
            theme=town.themes()[theme],
            plan_kind=plan_kind,
            state=state,
            geometry=stored(land),
            as_of=begins,
            valid=(begins, ends),
            source="invented",
            office=town.office(),
            by=self.by,
            approved_by=self.approved_by,
        )
        done = self._done(published)
        row = Coverage.objects.filter(known__startswith=done).latest("pk")
        self.facts.declarations.append(
            Declaration(
                theme=theme,
                plan_kind=plan_kind,
                state=state,
                land=land,
                begins=begins,
                ends=ends,
                revision=done,
                key=row.declaration,
            )
        )

    def withdraw(self, declared: Declaration) -> None:
        """Take a declaration back."""
        self._attempt(lambda: self._withdraw(declared))

    def _withdraw(self, declared: Declaration) -> None:
        published = publication.withdraw_coverage(
            declaration=declared.key, reason="recorded in error", by=self.by, approved_by=self.approved_by
        )
        done = self._done(published)
        rows = self.facts.declarations
        rows[rows.index(declared)] = Declaration(**{**vars(declared), "withdrawn": done})

    def deliver(self, parcels: Iterable[tuple[str, Land, date, date | None]]) -> None:
        """Deliver parcels, new ones or new versions of old ones."""
        self._attempt(lambda: self._deliver(list(parcels)))

    def _deliver(self, parcels: list[tuple[str, Land, date, date | None]]) -> None:
        upload = town.upload(name="parcels.gpkg")
        rows = [
            town.parcel(
                number, stored(land), existed_from=begins, existed_to=ends, feature=feature, upload=upload
            )
            for feature, (number, land, begins, ends) in enumerate(parcels, 1)
        ]
        done = self._done(town.publish(upload, by=self.by, approved_by=self.approved_by))
        self.facts.deliveries += [
            Delivery(code=row.code, land=land, begins=begins, ends=ends, revision=done)
            for row, (_, land, begins, ends) in zip(rows, parcels, strict=True)
        ]

    def _attempt(self, verb: Any) -> Any:
        try:
            with transaction.atomic():
                return verb()
        except PlanningError as error:
            self.refused.append(f"{type(error).__name__} {error.reason} {error.facts}")
            return None

    def _done(self, published: Publication) -> int:
        self.revisions.append((published.revision, published.at))
        return published.revision

    def _decision(self, plan: str, number: str) -> Document:
        return town.decision(self.plans[plan], number)

    def _staged(self, edition: StoredEdition, said: Dated) -> PlanEvent:
        return town.event(
            edition,
            EventKind(said.kind),
            said.on,
            effective_from=said.begins,
            effective_to=said.ends,
            extent=None if said.extent is None else stored(said.extent),
            document=self._decision(edition.plan_id, said.decision),
        )

    def _note(self, key: int, edition: str, said: Dated, revision: int) -> None:
        self.facts.events.append(Event(id=key, edition=edition, revision=revision, **vars(said)))


def _content(edition: StoredEdition, land: Land, use: str) -> StoredZone | Restriction:
    if use == LINE:
        return town.restriction(edition, stored_line(land), RestrictionKind.RED_LINE)
    if use == AREA:
        return town.restriction(edition, stored(land), RestrictionKind.HERITAGE)
    return town.zone(edition, stored(land), use)


def _union(lands: Iterable[Land]) -> Land:
    whole = nowhere()
    for land in lands:
        whole = whole | land
    return whole

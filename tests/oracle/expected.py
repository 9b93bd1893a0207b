"""What an answer about a parcel must hold on a day, as known in a revision: cells counted one by one.

Tolerances are far smaller than a cell, so a zone concerns a parcel as a whole, in part, or touches it where
the two have neighbouring cells; nothing is borderline. A line is drawn through the middle of the cells of a
row: it comes near no cell but its own, and a part of it touches where the rest goes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from tests.oracle.facts import CELL, THEME_OF, Declaration, Delivery, Land, Plan, Town, Zone, nowhere
from tests.oracle.law import APPROVED, DRAFT, IN_FORCE, STATUSES, Law

WHOLE, PART, TOUCH = "whole", "part", "touch"
LEAST_CERTAIN_FIRST = ("withheld", "partial", "not_loaded", "none_exists", "complete")
DOUBTS = ("withheld", "partial", "not_loaded")
PAST = ("suspended", "superseded", "expired", "annulled")


@dataclass(frozen=True)
class Part:
    """How a zone concerns the parcel: its class and its square metres."""

    kind: str
    area: int


@dataclass(frozen=True)
class PlanSays:
    """The books are of zones alone, None where there is none."""

    items: dict[str, Part]
    uncovered: int | None
    overlap: int | None


@dataclass(frozen=True)
class ThemeSays:
    state: str
    partly_known: bool
    withheld: bool
    coverage: tuple[tuple[str, str], ...]
    plans: dict[str, PlanSays]
    conflicts: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Expected:
    """The legal core; `past` and `coming` are by zone and status.

    `later` are zones of which no cell here is law on the day and some will be; `more` those of which some
    cells are law already and others will be.
    """

    themes: dict[str, ThemeSays]
    past: dict[tuple[str, str], Part]
    coming: dict[tuple[str, str], Part]
    later: frozenset[str]
    more: frozenset[str]


def around(land: Land) -> Land:
    """The land and all cells that have an edge or a corner in common with it."""
    wide = np.zeros((land.shape[0] + 2, land.shape[1] + 2), dtype=bool)
    wide[1:-1, 1:-1] = land
    tall = wide[:-2] | wide[1:-1] | wide[2:]
    return np.asarray(tall[:, :-2] | tall[:, 1:-1] | tall[:, 2:])


def along(land: Land) -> Land:
    """The land and the cells before and behind it in its row."""
    wide = np.pad(land, ((0, 0), (1, 1)))
    return np.asarray(wide[:, :-2] | land | wide[:, 2:])


def line_of(parcel: Land, land: Land) -> Part | None:
    """Of a line, with `parcel` its cells of the parcel. It has no area."""
    if (parcel & land).any():
        return Part(PART, 0)
    return Part(TOUCH, 0) if (along(parcel) & land).any() else None


def part_of(parcel: Land, land: Land) -> Part | None:
    """None where the land neither shares a cell with the parcel nor touches it."""
    cells = int((parcel & land).sum())
    if not cells:
        return Part(TOUCH, 0) if (around(parcel) & land).any() else None
    return Part(WHOLE if cells == parcel.sum() else PART, cells * CELL * CELL)


def version(deliveries: Iterable[Delivery], code: str, on: date) -> Delivery | None:
    """The parcel on the day by the latest delivery that speaks of it; None where it did not exist."""
    speaking = [
        d for d in deliveries if d.code == code and d.begins <= on and (d.ends is None or on < d.ends)
    ]
    return max(speaking, key=lambda d: d.revision, default=None)


class Oracle:
    """Answers about one town as known in one revision."""

    def __init__(self, town: Town, revision: int, *, first: date, last: date) -> None:
        self.town = town.known_in(revision)
        self.law = Law(self.town, first, last)
        self._lands: dict[date, dict[str, dict[str, Land]]] = {}

    def answer(self, parcel: Land, on: date, *, today: date) -> Expected:
        if on not in self._lands:
            self._lands[on] = self._by_status(on)
        lands = self._lands[on]
        themes = {
            theme: self._theme(theme, parcel, lands[IN_FORCE], on, today=today) for theme in self.town.themes
        }
        later = list(self._later(parcel, on, lands[IN_FORCE]))
        now = {zone.id for zone in later if (_near(zone, parcel) & lands[IN_FORCE][zone.id]).any()}
        return Expected(
            themes=themes,
            past=self._parts(parcel, PAST, lands),
            coming=self._parts(parcel, (DRAFT, APPROVED), lands),
            later=frozenset(zone.id for zone in later) - now,
            more=frozenset(now),
        )

    def _parts(
        self, parcel: Land, statuses: Iterable[str], lands: dict[str, dict[str, Land]]
    ) -> dict[tuple[str, str], Part]:
        found = {
            (zone.id, status): _concerns(zone, parcel, lands[status][zone.id])
            for edition in self.town.editions
            for zone in edition.zones
            for status in statuses
        }
        return {key: part for key, part in found.items() if part is not None}

    def _by_status(self, on: date) -> dict[str, dict[str, Land]]:
        """Of every status and every zone the cells that have it on the day."""
        codes = {
            zone.id: np.where(zone.land, self.law.on(edition, zone.id, on), -1)
            for edition in self.town.editions
            for zone in edition.zones
        }
        return {status: {zone: codes[zone] == code for zone in codes} for code, status in enumerate(STATUSES)}

    def _later(self, parcel: Land, on: date, in_force: dict[str, Land]) -> Iterable[Zone]:
        """Zones of which some cell in or beside the parcel is draft, approved or law on a later day."""
        for edition in self.town.editions:
            for zone in edition.zones:
                waiting = zone.land & _near(zone, parcel) & ~in_force[zone.id]
                if waiting.any() and (waiting & self.law.ever_after(edition, zone.id, on)).any():
                    yield zone

    # --- one theme ---

    def _theme(
        self, theme: str, parcel: Land, in_force: dict[str, Land], on: date, *, today: date
    ) -> ThemeSays:
        kinds = self.town.themes[theme]
        plans = list(self.town.plans.values())
        says = {plan.id: self._plan(plan, theme, parcel, in_force) for plan in plans}
        found = {code: said for code, said in says.items() if said is not None}
        declared = self._declared(theme, parcel, on)
        known = self._known(declared, kinds, parcel, self._loaded(in_force, kinds)) if on <= today else 0
        withheld = any(d.state == "withheld" for d in declared)
        classes = [part.kind for said in found.values() for part in said.items.values()]
        if any(kind in (WHOLE, PART) for kind in classes):
            state = "concerned"
        elif classes:
            state = "uncertain"
        elif withheld:
            state = "withheld"
        else:
            state = ("unknown", "partly_known", "not_concerned")[known]
        return ThemeSays(
            state=state,
            partly_known=bool(classes) and known < 2,
            withheld=withheld,
            coverage=tuple(sorted((d.state, d.plan_kind) for d in declared)),
            plans=found,
            conflicts=frozenset(
                self._conflicts([p for p in plans if p.id in found and p.theme == theme], parcel, in_force)
            ),
        )

    def _plan(self, plan: Plan, theme: str, parcel: Land, in_force: dict[str, Land]) -> PlanSays | None:
        items, depth, has_zone = {}, np.zeros(parcel.shape, dtype=int), False
        for zone in self._contents(plan):
            if THEME_OF.get(zone.land_use, plan.theme) != theme:
                continue
            part = _concerns(zone, parcel, in_force[zone.id])
            if part is not None:
                items[zone.id] = part
            if part is not None and not zone.is_restriction:
                depth, has_zone = depth + (parcel & in_force[zone.id]), True
        if not items:
            return None
        if not has_zone:
            return PlanSays(items, None, None)
        uncovered = int((parcel & (depth == 0)).sum()) * CELL * CELL
        overlap = int(np.maximum(depth - 1, 0).sum()) * CELL * CELL
        return PlanSays(items, uncovered, overlap)

    def _contents(self, plan: Plan) -> list[Zone]:
        return [zone for e in self.town.editions if e.plan == plan.id for zone in e.zones]

    def _zones(self, plan: Plan) -> list[str]:
        return [zone.id for zone in self._contents(plan) if not zone.is_restriction]

    def _conflicts(
        self, plans: list[Plan], parcel: Land, in_force: dict[str, Land]
    ) -> Iterable[tuple[str, str]]:
        """Pairs of plans that say different things of one cell; plans of two levels never do."""
        uses = {zone.id: zone.land_use for e in self.town.editions for zone in e.zones}
        for one, other in combinations(sorted(plans, key=lambda plan: plan.id), 2):
            if one.level != other.level or not (one.kind == other.kind or self._is_made_under(one, other)):
                continue
            if any(
                uses[a] != uses[b] and (parcel & in_force[a] & in_force[b]).any()
                for a in self._zones(one)
                for b in self._zones(other)
            ):
                yield one.id, other.id

    def _is_made_under(self, one: Plan, other: Plan) -> bool:
        relations = [r for r in self.town.relations if r.kind == "implements"]
        pairs = {(r.edition.rpartition("/")[0], r.target) for r in relations}
        return (one.id, other.id) in pairs or (other.id, one.id) in pairs

    # --- what is declared ---

    def _declared(self, theme: str, parcel: Land, on: date) -> list[Declaration]:
        """Declarations of the day that reach the parcel: a doubt beside it is one, a "no" must hold it."""
        return [
            d
            for d in self.town.declarations
            if d.theme == theme and d.begins <= on and (d.ends is None or on < d.ends)
            if ((around(parcel) if d.state in DOUBTS else parcel) & d.land).any()
        ]

    def _loaded(self, in_force: dict[str, Land], kinds: tuple[str, ...]) -> set[str]:
        """Plan kinds of which anything at all is in force on the day, anywhere in the town."""
        plans = [plan for plan in self.town.plans.values() if plan.kind in kinds]
        return {plan.kind for plan in plans if any(in_force[z.id].any() for z in self._contents(plan))}

    def _known(
        self, declared: list[Declaration], kinds: tuple[str, ...], parcel: Land, loaded: set[str]
    ) -> int:
        """2 where all of the parcel is spoken for in every kind, 1 where some of it is, else 0."""
        by_kind = [self._known_of(declared, kind, kinds, parcel, loaded) for kind in kinds or ("",)]
        return 2 if min(by_kind) == 2 else min(max(by_kind), 1)

    def _known_of(
        self, declared: list[Declaration], kind: str, kinds: tuple[str, ...], parcel: Land, loaded: set[str]
    ) -> int:
        speaking = [
            d
            for d in declared
            if d.plan_kind in ("", kind) or (d.state in DOUBTS and d.plan_kind not in kinds)
        ]
        held = [d for d in speaking if d.plan_kind in loaded or (d.plan_kind not in kinds and loaded)]
        backing = union(d.land for d in speaking if d.state == "none_exists")
        backing |= union(d.land for d in held if d.state == "complete")
        if not any(d.state in DOUBTS for d in speaking) and not (parcel & ~backing).any():
            return 2
        partial = [d for d in held if d.state == "partial"]
        hidden = union(d.land for d in speaking if d.state in DOUBTS and d not in partial)
        return int((parcel & (backing | union(d.land for d in partial)) & ~hidden).any())


def union(lands: Iterable[Land]) -> Land:
    whole = nowhere()
    for land in lands:
        whole = whole | land
    return whole


def _concerns(zone: Zone, parcel: Land, land: Land) -> Part | None:
    return line_of(parcel & zone.land, land) if zone.is_line else part_of(parcel, land)


def _near(zone: Zone, parcel: Land) -> Land:
    return along(parcel & zone.land) if zone.is_line else around(parcel)

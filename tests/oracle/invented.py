"""Random towns: a seed gives the same plans, editions, events, corrections and declarations every time.

Days are drawn from few, so that much falls on one day; about half of all extents cut through something.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.oracle import facts
from tests.oracle.facts import AREA, LINE, SIDE, Land, nowhere
from tests.oracle.law import as_corrected, reached_by
from tests.oracle.recorded import Dated, Named, Recorder

DAYS_BEFORE, DAYS_AFTER = 40, 15
USES = ("ODT", "DGT", "CXDT")
PLANS = (
    ("first", "zoning", "surface"),
    ("second", "zoning", "surface"),
    ("tunnel", "zoning", "underground"),
    ("block", "detailed", "surface"),
    ("land", "land_use", "surface"),
    ("pipes", "infrastructure", "surface"),
)
FATES = {
    "suspended": 5,
    "annulled": 3,
    "annulled_ex_tunc": 3,
    "reinstated": 4,
    "expired": 2,
    "in_force": 4,
    "approved": 2,
    "consultation_opened": 1,
    "consultation_closed": 1,
    "published": 1,
}
RELATIONS = (
    "replaces_in_extent",
    "repeals_in_extent",
    "replaces_contents",
    "strikes",
    "implements",
    "amends",
    "adds",
)


class Inventor:
    """Draws one fact after the other and has it recorded."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = Random(f"town {seed}")
        self.today = today
        self.recorder = Recorder()
        self.numbers = self.random.sample(range(1_000, 10_000), 500)

    @property
    def first(self) -> date:
        return self.today - timedelta(days=DAYS_BEFORE + 30)

    @property
    def last(self) -> date:
        return self.today + timedelta(days=DAYS_AFTER + 45)

    def town(self, steps: int, *, after_each: Callable[[], None] = lambda: None) -> None:
        """A town of so many publications, refused ones included."""
        for code, kind, level in self.random.sample(PLANS, self.random.randint(2, 4)):
            self.recorder.plan(code, kind, level=level)
        self.deliver()
        while not self.recorder.facts.editions:
            self.edition()
        verbs: dict[Callable[[], None], int] = {
            self.edition: 6,
            self.event: 10,
            self.correction: 5,
            self.declare: 4,
            self.withdraw: 1,
            self.deliver: 1,
        }
        for verb in self.random.choices(list(verbs), list(verbs.values()), k=steps):
            verb()
            after_each()

    # --- what is drawn ---

    def day(self) -> date:
        return self.today + timedelta(days=self.random.randint(-DAYS_BEFORE, DAYS_AFTER))

    def after(self, begins: date) -> date | None:
        """An end, as often as not."""
        return begins + timedelta(days=self.random.randint(1, 25)) if self.random.random() < 0.5 else None

    def decision(self) -> str:
        return f"{self.numbers.pop()}/QĐ"

    def rectangle(self, least: int, most: int) -> Land:
        width, height = (self.random.randint(least, most) for _ in range(2))
        x, y = self.random.randint(0, SIDE - width), self.random.randint(0, SIDE - height)
        land = nowhere()
        land[y : y + height, x : x + width] = True
        return land

    def extent(self) -> Land | None:
        """Often none; else a rectangle or two."""
        drawn = self.random.random()
        if drawn < 0.4:
            return None
        return self.rectangle(3, 10) | self.rectangle(2, 6) if drawn > 0.8 else self.rectangle(3, 12)

    def zones(self, land: Land) -> list[tuple[Land, str]]:
        """Rectangles that tile the box of the land, here and there one left out."""
        ys, xs = land.nonzero()
        boxes = self.split((xs.min(), ys.min(), xs.max() + 1, ys.max() + 1), self.random.randint(1, 3))
        drawn = []
        for west, south, east, north in boxes:
            zone = nowhere()
            zone[south:north, west:east] = True
            if (zone & land).any() and (self.random.random() < 0.9 or not drawn):
                drawn.append((zone & land, self.random.choice(USES)))
        return drawn

    def restrictions(self, zones: list[tuple[Land, str]]) -> list[tuple[Land, str]]:
        """Now and then an area over the zones, now and then a line along a row of them."""
        land, drawn = nowhere(), []
        for zone, _ in zones:
            land = land | zone
        area = land & self.rectangle(3, 8)
        if area.any() and self.random.random() < 0.3:
            drawn.append((area, AREA))
        line = self.row(land)
        if line.sum() > 1 and self.random.random() < 0.3:
            drawn.append((line, LINE))
        return drawn

    def row(self, land: Land) -> Land:
        """Cells of one row that lie side by side."""
        row = nowhere()
        y = self.random.choice(land.any(axis=1).nonzero()[0])
        x = int(land[y].argmax())
        while x < SIDE and land[y, x]:
            row[y, x] = True
            x += 1
        return row

    def split(self, box: tuple[int, int, int, int], times: int) -> list[tuple[int, int, int, int]]:
        west, south, east, north = box
        if not times or (east - west < 2 and north - south < 2):
            return [box]
        if east - west >= north - south:
            at = self.random.randint(west + 1, east - 1)
            halves = [(west, south, at, north), (at, south, east, north)]
        else:
            at = self.random.randint(south + 1, north - 1)
            halves = [(west, south, east, at), (west, at, east, north)]
        return [part for half in halves for part in self.split(half, times - 1)]

    def dated(self, kind: str, **said: object) -> Dated:
        """An event of the kind; decided on the day, or on another day."""
        begins = self.day()
        on = begins if self.random.random() < 0.6 else self.day()
        may_end = kind in ("suspended", "in_force", "reinstated")
        drawn = Dated(
            kind=kind,
            on=on,
            begins=begins,
            ends=self.after(begins) if may_end and self.random.random() < 0.6 else None,
            extent=self.extent() if self.random.random() < BOUNDED.get(kind, 0) else None,
            decision=self.decision(),
        )
        return replace(drawn, **said)  # type: ignore[arg-type]

    # --- what is recorded ---

    def edition(self) -> None:
        plan = self.random.choice(list(self.recorder.plans))
        earlier = [e for e in self.recorder.facts.editions if e.plan == plan]
        is_local = bool(earlier) and self.random.random() < 0.6
        land = self.rectangle(4, 9) if is_local else self.rectangle(9, SIDE)
        events = [self.dated("consultation_opened")] if self.random.random() < 0.3 else []
        events += [self.dated("approved")] if self.random.random() < 0.5 or not events else []
        events += [self.dated("in_force")] if self.random.random() < 0.8 else []
        events += [self.dated("suspended")] if self.random.random() < 0.1 else []
        stated = land if is_local or self.random.random() < 0.5 else None
        relations = [self.relation(plan)] if self.random.random() < 0.4 else []
        zones = self.zones(land)
        self.recorder.edition(
            plan,
            zones + self.restrictions(zones),
            is_local=is_local,
            extent=stated,
            events=events,
            relations=[relation for relation in relations if relation is not None],
        )

    def relation(self, plan: str) -> Named | None:
        kind = self.random.choice(RELATIONS)
        targets = [code for code in self.recorder.plans if code != plan]
        target = self.random.choice(targets)
        zones = [z.id for e in self.recorder.facts.editions if e.plan == target for z in e.zones]
        if kind not in ("replaces_contents", "strikes"):
            return Named(kind=kind, target=target, extent=self.extent(), decision=self.decision())
        if not zones:
            return None
        named = tuple(sorted(self.random.sample(zones, min(len(zones), self.random.randint(1, 3)))))
        return Named(kind=kind, target=target, extent=self.extent(), contents=named, decision=self.decision())

    def event(self) -> None:
        edition = self.random.choice(self.recorder.facts.editions).code
        drawn = self.dated(self.random.choices(list(FATES), list(FATES.values()))[0])
        if drawn.kind == "in_force" and drawn.extent is not None:
            # Part by part: further land comes in force, none a second time.
            further = drawn.extent & ~self.entered(edition)
            if not further.any():
                return
            drawn = replace(drawn, extent=further)
        self.recorder.event(edition, drawn)

    def entered(self, edition: str) -> Land:
        """Land of which an entry into force stands."""
        land = nowhere()
        for event in as_corrected(e for e in self.recorder.facts.events if e.edition == edition):
            if event.kind == "in_force":
                land = land | reached_by(event)
        return land

    def correction(self) -> None:
        """Of an event, or of a correction; that it never happened now and then."""
        events = self.recorder.facts.events
        corrected = {event.corrects for event in events}
        open_to_it = [e for e in events if e.id not in corrected] if self.random.random() < 0.8 else events
        again = [event for event in open_to_it if event.corrects is not None]
        if open_to_it:
            wrong = self.random.choice(again if again and self.random.random() < 0.4 else open_to_it)
            said = self.dated(self.original(wrong).kind)
            is_void = self.random.random() < 0.2
            said = replace(said, kind="corrected", corrects=wrong.id, is_void=is_void)
            self.recorder.event(wrong.edition, said)

    def original(self, event: facts.Event) -> facts.Event:
        """The event that a chain of corrections is about."""
        while event.corrects is not None:
            event = next(other for other in self.recorder.facts.events if other.id == event.corrects)
        return event

    def declare(self) -> None:
        theme, kinds = self.random.choice([(t, k) for t, k in self.recorder.facts.themes.items() if k])
        states = ("complete",) * 4 + ("none_exists", "partial", "not_loaded", "withheld")
        begins = self.day()
        land = self.rectangle(SIDE, SIDE) if self.random.random() < 0.5 else self.rectangle(4, SIDE)
        self.recorder.declare(
            theme,
            self.random.choice(["", "", *kinds]),
            self.random.choice(states),
            land,
            begins,
            self.after(begins),
        )

    def withdraw(self) -> None:
        standing = [d for d in self.recorder.facts.declarations if d.withdrawn is None]
        if standing:
            self.recorder.withdraw(self.random.choice(standing))

    def deliver(self) -> None:
        """New parcels at first; later new shapes for some of them, from a day on."""
        delivered = sorted({d.code for d in self.recorder.facts.deliveries})
        if not delivered:
            lands = [self.rectangle(1, 7) for _ in range(8)]
            self.recorder.deliver([(str(n), land, date(2000, 1, 1), None) for n, land in enumerate(lands, 1)])
            return
        chosen = self.random.sample(delivered, 2)
        self.recorder.deliver(
            [(code.rpartition("-")[2], self.rectangle(1, 7), self.day(), None) for code in chosen]
        )


# Kinds of event that may be confined to an extent, and how often an extent is looked for.
BOUNDED = {
    "suspended": 1.0,
    "annulled": 1.0,
    "annulled_ex_tunc": 1.0,
    "reinstated": 1.0,
    "expired": 1.0,
    "approved": 0.5,
    "in_force": 0.5,
}

"""The facts of a town on a raster: what was said, of which cells, and in which revision it became public.

Land is a boolean array of cells; days and revisions are plain values. Nothing is computed here.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

SIDE = 16  # cells to a side of the town
CELL = 5  # metres to a side of a cell

Land = NDArray[np.bool_]


def nowhere() -> Land:
    return np.zeros((SIDE, SIDE), dtype=bool)


def everywhere() -> Land:
    return np.ones((SIDE, SIDE), dtype=bool)


@dataclass(frozen=True, kw_only=True, eq=False)
class Event:
    """A dated fact; `extent` None is the whole edition. A correction names the event it corrects."""

    id: int
    edition: str
    kind: str
    on: date
    begins: date
    ends: date | None = None
    extent: Land | None = None
    decision: str = ""
    corrects: int | None = None
    is_void: bool = False
    revision: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Relation:
    """What an edition does to another plan; `extent` None is the extent of the edition."""

    edition: str
    kind: str
    target: str
    extent: Land | None
    contents: tuple[str, ...] = ()
    decision: str = ""
    revision: int


# What a restriction is drawn as, where a zone has its land use; a line runs through the middle of its cells.
AREA, LINE = "area", "line"
THEME_OF = {AREA: "corridors", LINE: "lines"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Zone:
    """A zone, or a restriction."""

    id: str
    land_use: str
    land: Land

    @property
    def is_line(self) -> bool:
        return self.land_use == LINE

    @property
    def is_restriction(self) -> bool:
        return self.land_use in (AREA, LINE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    plan: str
    number: int
    is_local: bool
    extent: Land
    zones: tuple[Zone, ...]
    published_on: date
    revision: int

    @property
    def code(self) -> str:
        return f"{self.plan}/{self.number}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    id: str
    kind: str
    theme: str
    level: str = "surface"


@dataclass(frozen=True, kw_only=True, eq=False)
class Declaration:
    """What was declared of the data of some land; `withdrawn` is the revision from which it is void."""

    theme: str
    plan_kind: str
    state: str
    land: Land
    begins: date
    ends: date | None
    revision: int
    key: object = None
    withdrawn: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Delivery:
    """A parcel as it was delivered: a later delivery takes the place of an earlier one on its days."""

    code: str
    land: Land
    begins: date
    ends: date | None
    revision: int


@dataclass
class Town:
    """All that is public, with the revisions in which it became so."""

    themes: dict[str, tuple[str, ...]]  # theme -> plan kinds
    plans: dict[str, Plan] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def known_in(self, revision: int) -> "Town":
        """What was public by then."""
        return Town(
            themes=self.themes,
            plans=self.plans,
            editions=[e for e in self.editions if e.revision <= revision],
            events=[e for e in self.events if e.revision <= revision],
            relations=[r for r in self.relations if r.revision <= revision],
            declarations=[
                d
                for d in self.declarations
                if d.revision <= revision and (d.withdrawn is None or d.withdrawn > revision)
            ],
            deliveries=[d for d in self.deliveries if d.revision <= revision],
        )

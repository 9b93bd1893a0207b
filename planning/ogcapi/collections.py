"""What a server of OGC APIs is told: collections over querysets, declared like a ModelAdmin.

Nothing is published unless a declaration lists it. The rows of a collection are a queryset in which
nothing stands that its readers must not see; items, counts, extents, tiles and queryables all begin with
it. The server itself knows no model: what it can ask of the data stands here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import Promise

from planning import crs
from planning.errors import NotFound

Text = str | Promise
Json = dict[str, Any]
Bounds = tuple[float, float, float, float]


class Kind(StrEnum):
    """What the values of a property are. `LIST` (of texts) and `JSON` are shown, but never asked for."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"
    JSON = "json"

    @property
    def is_structured(self) -> bool:
        """Whether its values have parts."""
        return self in (Kind.LIST, Kind.JSON)


class Family(StrEnum):
    """The one geometry family of a collection, as its schema names it (`format: geometry-<family>`)."""

    POINT = "point-or-multipoint"
    LINE = "linestring-or-multilinestring"
    POLYGON = "polygon-or-multipolygon"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One published property: its name on the wire, and the expression that yields it.

    `source` is the path of a field or an expression; without one it is the name. `shown` turns the stored
    value into the published one where they differ (a filter compares the stored one). `choices` are all
    values that occur, where they are a closed set.
    """

    name: str
    kind: Kind = Kind.TEXT
    title: Text = ""
    description: Text = ""
    source: str | Combinable = ""
    choices: tuple[str, ...] = ()
    unit: str = ""
    is_queryable: bool = True
    shown: Callable[[Any], Any] | None = None

    @property
    def expression(self) -> Combinable:
        """What the database computes for it."""
        if isinstance(self.source, str):
            return F(self.source or self.name)
        return self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """The geometry of a collection: the field that holds it, in EPSG:4326 with longitude first.

    `name` is what a filter calls it. `text` is a column that holds it as GeoJSON, longitude first, with 7
    decimals, where the database keeps it so.
    """

    family: Family
    field: str = "geometry"
    name: str = "geometry"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """How a feature is named for good: `expression` yields the id, `find` the condition for one id.

    Ids are unique within the rows of a snapshot and safe in an address. `find` should use an index; it
    gives None for a text that can be no id.
    """

    source: str | Combinable
    find: Callable[[str], Q | None]

    @property
    def expression(self) -> Combinable:
        """What the database computes for it."""
        return F(self.source) if isinstance(self.source, str) else self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Legal validity: a field that is a range of dates, first day included, last day not; open ends are NULL.

    `start` and `end` name the published properties that show the two ends.
    """

    field: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a reader sees: everything as known in one revision, as it is law on one day.

    `on` is the last day at or before the day asked for on which the law changed by itself, so that days
    without change share their addresses. `until` is the first moment at which it changes again.
    `described` changes whenever titles, names or colours do, which are today's in every revision.
    """

    revision: int
    on: date
    until: datetime | None = field(default=None, compare=False)
    described: int = field(default=0, compare=False)

    @property
    def version(self) -> str:
        """As it stands in addresses, entity tags and tokens of pages: `13.20261122`."""
        return f"{self.revision}.{self.on:%Y%m%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All rows of a snapshot: how many, where (degrees, longitude first), from when to when."""

    count: int
    bbox: Bounds | None
    interval: tuple[date | None, date | None] | None = None


class Source(Protocol):
    """Where the rows of collections come from, versioned."""

    def newest(self) -> Snapshot:
        """What is public now."""

    def at(self, version: str) -> Snapshot:
        """The snapshot of that version. Raises Gone where there is none."""

    def figures(self, collection: "Collection", snapshot: Snapshot) -> Figures:
        """Count and extents of all rows of the collection in the snapshot; cheap to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """How one value of `Drawing.by` is drawn: its official colour (`#RRGGBB` or "") and a pattern.

    `pattern` is the name of a hatch of the catalogue, or, where no land is filled but its edge drawn, the
    lengths of dashes and gaps ("9 4").
    """

    value: str
    title: Text
    colour: str
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How a collection stands in tiles and styles.

    `rows` yields what is drawn of a snapshot at a zoom level; below `minzoom` and above `maxzoom` there are
    no tiles. `by` and `label` name the properties of `Drawn` that choose the colour and that are written
    on the map, from the zoom `label_from` on.
    """

    rows: "Callable[[Snapshot, int], Drawn]"
    minzoom: int = 0
    maxzoom: int = 16
    by: str = ""
    label: str = ""
    label_from: int = 14
    colours: Callable[[], Iterable[Colour]] = tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Rows to draw at one zoom level.

    `geometry` is the path of theirs, in EPSG:4326 or, where generalised, in EPSG:3857 (`srid`).
    `properties` is what each feature carries. The heaviest by `weight` is dropped last when a tile overflows.
    """

    rows: QuerySet[Any]
    geometry: str
    srid: int
    properties: Mapping[str, str | Combinable]
    weight: str | Combinable
    key: str = "pk"


def everybody(request: HttpRequest) -> bool:
    """Whoever asks may see the collection."""
    return True


def no_systems() -> tuple[crs.CRS, ...]:
    """No system beside those of the world."""
    return ()


def no_notices(snapshot: Snapshot) -> tuple[Mapping[str, str], ...]:
    """Nothing to be said of the data."""
    return ()


# eq=False: a declaration is itself and nothing else, so that what is made of it can be kept by it
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collection:
    """Features of one kind, published by listing what they show.

    `rows` yields all features of a snapshot that anyone who may see the collection may see. `order` is the
    path of a unique, indexed column: pages follow it. `systems` are the metric systems of its own data,
    offered beside CRS84, EPSG:4326 and EPSG:3857.

    Two things are said by language, as notices of an answer that may mislead: `of_other_days` where
    `datetime` chooses among the features of a single day, `of_none_found` where there is no feature.
    """

    id: str
    title: Text
    description: Text
    source: Source
    rows: Callable[[Snapshot], QuerySet[Any]]
    key: Key
    geometry: Geometry
    properties: tuple[Property, ...]
    order: str = "pk"
    validity: Validity | None = None
    systems: Callable[[], tuple[crs.CRS, ...]] = no_systems
    is_visible: Callable[[HttpRequest], bool] = everybody
    notices: Callable[[Snapshot], Iterable[Mapping[str, str]]] = no_notices
    of_other_days: Mapping[str, str] = field(default_factory=dict)
    of_none_found: Mapping[str, str] = field(default_factory=dict)
    licence: Text = ""
    attribution: Text = ""
    drawing: Drawing | None = None
    page_of: Callable[[str], str] | None = None  # the address of the page that tells people of a feature

    @property
    def crs_list(self) -> tuple[crs.CRS, ...]:
        """The systems in which it is given out, the default first."""
        world = (crs.CRS84, crs.WGS84, crs.parse("EPSG:3857"))
        return (*world, *(system for system in self.systems() if system not in world))

    def property_named(self, name: str) -> Property | None:
        """The published property of that name."""
        return next((one for one in self.properties if one.name == name), None)

    @property
    def queryables(self) -> tuple[Property, ...]:
        """The properties that may be asked for, the geometry aside."""
        return tuple(one for one in self.properties if one.is_queryable and not one.kind.is_structured)


class Hatch(Protocol):
    """A repeated drawing: size of its square, strokes as path data (M, L, H, V), dots as centres."""

    @property
    def size(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def dots(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def stroke(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that one server publishes. `contact` is a contact object of OpenAPI.

    `hatches` are the patterns of its maps by name; "unknown" is drawn where no colour is official.
    """

    title: Text
    description: Text
    collections: tuple[Collection, ...]
    contact: Callable[[], Json] = dict
    attribution: Text = ""
    hatches: Mapping[str, Hatch] = field(default_factory=dict)

    def seen_by(self, request: HttpRequest) -> tuple[Collection, ...]:
        """The collections that this caller may see."""
        return tuple(one for one in self.collections if one.is_visible(request))

    def named(self, collection_id: str, request: HttpRequest) -> Collection:
        """The collection of that id. Raises NotFound; one that is hidden is not there."""
        for one in self.seen_by(request):
            if one.id == collection_id:
                return one
        raise NotFound("collection", collection_id)

"""The answer: what is planned for one subject, as frozen values that page, API and PDF all render.

Nothing in here asks the database or knows a language; both languages travel along where a text is
ours (`Text`). Areas are square metres, lengths metres, shares 0-1, all measured in
`Subject.metric_crs`. The wire format is the published JSON Schema beside this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry

# where a field of that name has a default, the name `date` would mean the field
Day = date


class ThemeState(StrEnum):
    """What can be said of a theme; the first that holds, in this order, wins."""

    ERROR = "error"
    CONCERNED = "concerned"
    UNCERTAIN = "uncertain"
    WITHHELD = "withheld"
    NOT_CONCERNED = "not_concerned"
    PARTLY_KNOWN = "partly_known"
    UNKNOWN = "unknown"


class ItemClass(StrEnum):
    """How surely an item concerns the subject, given the accuracy of plan and parcel."""

    WHOLE = "whole"
    PART = "part"
    BORDERLINE = "borderline"
    TOUCH = "touch"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of ours in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneRef:
    """A commune by id (`<list>-<code>`), bare code and name."""

    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRef:
    """Who publishes and who gives the binding answer."""

    id: str
    name: str
    name_en: str
    address: str
    phone: str
    email: str
    url: str
    hours: str
    answer_days: int
    is_demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageRef:
    """A parcel that this one came from or became: its code, how, on which day, the land they share."""

    id: str
    kind: str
    on: date
    shared_area_m2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was asked about: a stored parcel, a drawn site or a point.

    `shape` is in `metric_crs`, `geometry` in EPSG:4326 (lon, lat). A point has no area. Of a parcel
    `existed_from` and `existed_to` (the first day on which it no longer did) bound the version taken;
    `predecessors` and `successors` are those known in the revision.
    """

    type: str
    id: str | None
    commune: CommuneRef | None
    commune_now: tuple[CommuneRef, ...]
    sheet: str | None
    number: str | None
    address: str
    registry_area_m2: float | None
    area_m2: float | None
    metric_crs: str
    accuracy_m: float | None
    geometry: BaseGeometry
    shape: BaseGeometry
    existed_from: date | None = None
    existed_to: date | None = None
    predecessors: tuple[LineageRef, ...] = ()
    successors: tuple[LineageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The act behind an edition."""

    kind: str
    number: str
    date: date | None
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRef:
    """A document one can open, with the place in it where there is one.

    `title` leads with the number where there is one. `url` is a path of this service
    (`/documents/<sha256>#page=n`) where the file is kept here, an address elsewhere or "" otherwise.
    `clause` is the lasting id of an article, `text` its words.
    """

    title: str
    url: str
    article: str
    page: int | None
    kind: str = ""
    number: str = ""
    date: Day | None = None
    issuer: str = ""
    clause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What gave a status: the edition that acts, the kind of event or relation, the decision behind it."""

    edition: str
    event: str
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value came from: upload, hash of the file, feature in it, publisher, licence."""

    upload: int
    sha256: str
    feature: int
    publisher: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LandUseRef:
    """A land-use code with its names and official colour ("" where none is known)."""

    list: str
    code: str
    vi: str
    en: str
    color: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRef:
    """A zone, or a restriction (`kind` set, `land_use` None)."""

    id: str
    code: str
    name: str
    land_use: LandUseRef | None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRef:
    """A plan as an answer names it; `edition` and `in_force_from` are those of the latest whole edition."""

    id: str
    title: str
    title_en: str
    kind: str
    level: str
    scale: int | None
    accuracy_m: float
    edition: str
    decision: Decision | None
    in_force_from: date | None
    office: OfficeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Uses allowed, allowed under conditions, forbidden, as published."""

    allowed: tuple[str, ...] = ()
    conditional: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One zone or restriction that concerns the subject.

    Zones carry areas and shares; lines `length_m` inside, `along_m` along the boundary and
    `beyond_m2` cut off; `remainder_width_m` is the narrowest width of what is left. `shape` is the
    part drawn on the map, in EPSG:4326, and not on the wire. `in_force_from` is the day from which this
    very land is law, whatever the rest of the edition is; `acts` are what put it in force.
    """

    item_class: ItemClass
    zone: ZoneRef
    edition: str
    status: str
    decision: Decision | None
    in_force_from: date | None
    area_m2: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    length_m: float | None
    along_m: float | None
    beyond_m2: float | None
    remainder_width_m: float | None
    indicators: Mapping[str, Mapping[str, Any]]
    uses: Uses
    documents: tuple[DocumentRef, ...]
    office: OfficeRef
    source: Source
    shape: BaseGeometry | None = None
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One land use of a plan over the union of its zones: what sentences and states are made of.

    At a point there are no areas and shares.
    """

    land_use: LandUseRef
    area_m2: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    item_class: ItemClass


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRef:
    """What a plan says of another in a document: shown, and law only where it takes land out of force.

    `is_acting` where the plan it is listed under says it of `plan`, else `plan` says it of this one.
    `edition` is the one that acts.
    """

    kind: str
    is_acting: bool
    plan: str
    title: str
    title_en: str
    edition: str
    document: DocumentRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRef:
    """What the competent authority ruled, in its words, on a conflict of two plans.

    `carried_out` is the id of the plan that the document names as the one carried out, None where it says
    something else. `effective_to` is the first day on which the ruling no longer works.
    """

    document: DocumentRef
    on: date
    effective_from: date
    effective_to: date | None
    text: str
    carried_out: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """One plan in force: sum of the items' areas + uncovered - overlap = area of the subject.

    `outside_m2` is the part of `uncovered_m2` beyond the plan's extent. Lines and points have no
    areas: all four are None where the subject is a point or the plan gives no zones here.
    """

    plan: PlanRef
    totals: tuple[Total, ...]
    items: tuple[Item, ...]
    uncovered_m2: float | None
    outside_m2: float | None
    overlap_m2: float | None
    relations: tuple[RelationRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRef:
    """What a publisher declared about the data at the subject, the least certain first."""

    state: str
    plan_kind: str
    as_of: date
    source: str
    office: OfficeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two plans in force that say different things of the same land; software never decides.

    `rulings` are what an authority decided about it, in writing; they stand beside it and settle nothing
    here.
    """

    plans: tuple[PlanRef, PlanRef]
    land_uses: tuple[LandUseRef, LandUseRef]
    zones: tuple[str, str]
    area_m2: float | None
    share: float | None
    shape: BaseGeometry | None = None
    rulings: tuple[RulingRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeAnswer:
    """All that is said about one theme; `error_code` is set only in state `error`."""

    code: str
    title: Text
    state: ThemeState
    partly_known: bool
    withheld: bool
    coverage: tuple[CoverageRef, ...]
    plans: tuple[PlanAnswer, ...]
    conflicts: tuple[Conflict, ...]
    error_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherItem:
    """A zone or restriction that is not law on the day.

    Upcoming: draft or approved. Else superseded, suspended, expired or annulled, with the editions
    (`causes`) and the very acts that made it so.
    """

    status: str
    theme: str
    plan: PlanRef
    zone: ZoneRef
    edition: str
    decision: Decision | None
    valid_from: date | None
    valid_to: date | None
    item_class: ItemClass
    area_m2: float | None
    share: float | None
    causes: tuple[str, ...]
    source: Source
    shape: BaseGeometry | None = None
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChecked:
    """A theme (or a part of one) that this answer does not speak about, and why."""

    theme: str
    title: Text
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is planned for the subject on `as_at`, as known in `revision`. Not a certificate.

    `digest` is the SHA-256 of the legal core: the same question about the past gives the same digest.
    """

    as_at: date
    known_at: datetime | None
    revision: int
    generated_at: datetime
    engine: str
    digest: str
    notices: tuple[Text, ...]
    subject: Subject
    themes: tuple[ThemeAnswer, ...]
    upcoming: tuple[OtherItem, ...]
    superseded: tuple[OtherItem, ...]
    not_checked: tuple[NotChecked, ...]
    disclaimer: Text
    office: OfficeRef | None

"""The plan file: what a layer cannot say of itself, in TOML, read once into a frozen value.

It names the plan, its edition, documents, dated events and declared coverage, and says which layers
and columns mean what. It is written by the planner (or comes with a fixture) and travels beside the
data; the importer turns it into staged rows. Nothing in it is legal validity: events are.

Sections: [territory] [plan] [edition] [source] [cadastre] [[documents]] [[events]] [[relations]]
[[coverage]] [[layers]] with [layers.fields] [layers.indicators] [layers.uses] [layers.codes].
Only what a file needs has to stand in it: a file of parcels has [source] and [[layers]], and [cadastre]
where it replaces an earlier delivery.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from planning.errors import BadParameter, Reason
from planning.imports.planfile_papers import DocumentSection, read_document
from planning.imports.planfile_values import Section
from planning.models import Replaces

Bbox = tuple[float, float, float, float]

# Beyond these a number is a slip: one of them would widen or narrow every answer near the plan.
_LARGEST_SCALE = 10_000_000
_LARGEST_ERROR = 1_000.0  # metres
_LARGEST_EDITION = 32_767


class Target(StrEnum):
    """What the rows of a layer become."""

    ZONES = "zones"
    RESTRICTIONS = "restrictions"
    BOUNDARY = "boundary"
    PARCELS = "parcels"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritorySection:
    """An area the deployment answers for; `extent` is a box (west, south, east, north) in degrees."""

    code: str
    name: str
    metric_crs: str
    extent: Bbox


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSection:
    """A plan; `territory`, `office` and `parent` are codes of rows that exist (or of [territory])."""

    id: str
    kind: str
    level: str
    title: str
    title_en: str
    territory: str
    office: str
    parent: str
    scale: int | None
    accuracy_m: float | None
    metric_crs: str
    tiles_its_extent: bool
    licence: str
    source: str
    identifiers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSection:
    """One content of the plan. Without `extent` it is the boundary layer, else what the zones cover."""

    number: int
    title: str
    is_local_adjustment: bool
    extent: Bbox | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSection:
    """A dated fact about the edition; works from `effective_from`, else from its own day.

    `effective_to` is the first day on which it no longer works.
    """

    kind: str
    on: date
    effective_from: date
    effective_to: date | None
    document: str
    note: str
    extent: Bbox | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSection:
    """What the edition says of another plan, and the document that says so.

    `contents` are the public ids of the zones and restrictions that are replaced or struck one by one.
    """

    kind: str
    target: str
    document: str
    extent: Bbox | None
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSection:
    """What the publisher declares for the whole extent of the edition, or for a box."""

    theme: str
    plan_kind: str
    state: str
    as_of: date
    valid_from: date | None
    valid_to: date | None
    source: str
    extent: Bbox | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSection:
    """Where the file came from, and what it does not say about itself."""

    publisher: str = ""
    licence: str = ""
    crs: str = ""
    encoding: str = ""
    accuracy_m: float | None = None
    survey_scale: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CadastreSection:
    """That the parcels of the file replace earlier ones as of a day.

    `replaces` is "units" (all parcels of the units that occur in the file, and of `units`) or "contents"
    (only the land and the numbers in it). `large_change_is_right` answers the question whether the
    delivery may end most parcels of a unit.
    """

    as_of: date
    replaces: str
    units: tuple[str, ...] = ()
    large_change_is_right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSection:
    """What the layers whose name matches become, and which column is which.

    `code_lists`: codes are looked up in the first; a code found only in a later one is a former code.
    `fields`, `indicators`, `uses` map a name of ours to the name of a column; `codes` maps a published
    code to one of the list; `constants` gives a field one value for all rows.
    """

    match: str
    target: Target
    code_lists: tuple[str, ...] = ()
    unit_list: str = ""
    metric_crs: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def is_for(self, layer: str) -> bool:
        return fnmatchcase(layer.casefold(), self.match.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """A plan file as read; sections that it does not have are None or empty."""

    territory: TerritorySection | None = None
    plan: PlanSection | None = None
    edition: EditionSection | None = None
    source: SourceSection = SourceSection()
    cadastre: CadastreSection | None = None
    documents: tuple[DocumentSection, ...] = ()
    events: tuple[EventSection, ...] = ()
    relations: tuple[RelationSection, ...] = ()
    coverage: tuple[CoverageSection, ...] = ()
    layers: tuple[LayerSection, ...] = ()

    def layer(self, name: str) -> LayerSection | None:
        """The first section that speaks of this layer."""
        return next((section for section in self.layers if section.is_for(name)), None)

    def to_json(self) -> dict[str, Any]:
        """The mapping as it is kept beside the upload."""
        return {
            "layers": [
                {
                    "match": section.match,
                    "target": section.target.value,
                    "code_lists": list(section.code_lists),
                    **{
                        name: dict(getattr(section, name))
                        for name in ("fields", "indicators", "uses", "codes", "constants")
                    },
                }
                for section in self.layers
            ]
        }


def read_plan_file(path: Path) -> PlanFile:
    """Raises BadParameter naming the entry that is missing, wrong or unknown."""
    try:
        return parse_plan_file(tomllib.loads(path.read_text(encoding="utf-8")), folder=path.parent)
    except tomllib.TOMLDecodeError as error:
        raise BadParameter("plan_file", path.name, Reason.BAD_CHARACTERS, detail=str(error)) from error
    except UnicodeDecodeError as error:
        raise BadParameter("plan_file", path.name, Reason.BAD_CHARACTERS, detail="UTF-8") from error


def parse_plan_file(data: Mapping[str, Any], *, folder: Path | None = None) -> PlanFile:
    """The same from values already parsed; `folder` is where the files of its documents lie."""
    top = Section("", data)
    found = PlanFile(
        territory=_territory(top.section("territory")),
        plan=_plan(top.section("plan")),
        edition=_edition(top.section("edition")),
        source=_source(top.section("source")),
        cadastre=_cadastre(top.section("cadastre")),
        documents=tuple(read_document(one, folder) for one in top.sections("documents")),
        events=tuple(map(_event, top.sections("events"))),
        relations=tuple(map(_relation, top.sections("relations"))),
        coverage=tuple(map(_coverage, top.sections("coverage"))),
        layers=tuple(map(_layer, top.sections("layers"))),
    )
    top.end()
    _check_references(found)
    return found


def _check_references(found: PlanFile) -> None:
    keys = {document.key for document in found.documents}
    named = [(f"events.{event.kind}.document", event.document) for event in found.events if event.document]
    named += [(f"relations.{one.kind}.document", one.document) for one in found.relations]
    for place, key in named:
        if key not in keys:
            raise BadParameter(place, key, Reason.NOT_A_CHOICE, choices=sorted(keys))
    if found.plan is not None and found.edition is None:
        raise BadParameter("edition", "", Reason.REQUIRED)
    if found.plan is not None and found.territory is not None:
        code = found.territory.code
        if code != found.plan.territory:
            raise BadParameter("territory.code", code, Reason.CONTRADICTS, other="plan.territory")


def _territory(section: Section | None) -> TerritorySection | None:
    if section is None:
        return None
    extent = section.bbox("extent")
    if extent is None:
        raise BadParameter("territory.extent", "", Reason.REQUIRED)
    return section.ended(
        TerritorySection(
            code=section.slug("code", longest=40),
            name=section.text("name", longest=120),
            metric_crs=section.text("metric_crs", longest=20),
            extent=extent,
        )
    )


def _plan(section: Section | None) -> PlanSection | None:
    if section is None:
        return None
    return section.ended(
        PlanSection(
            id=section.slug("id", longest=80),
            kind=section.text("kind"),
            level=section.text("level", "surface"),
            title=section.text("title", longest=300),
            title_en=section.text("title_en", "", longest=300),
            territory=section.text("territory"),
            office=section.text("office"),
            parent=section.text("parent", ""),
            scale=section.integer("scale", high=_LARGEST_SCALE),
            accuracy_m=section.number("accuracy_m", high=_LARGEST_ERROR),
            metric_crs=section.text("metric_crs", longest=20),
            tiles_its_extent=section.flag("tiles_its_extent"),
            licence=section.text("licence", longest=200),
            source=section.text("source", "", longest=300),
            identifiers=section.texts("identifiers"),
        )
    )


def _edition(section: Section | None) -> EditionSection | None:
    if section is None:
        return None
    return section.ended(
        EditionSection(
            number=section.integer("number", high=_LARGEST_EDITION) or 1,
            title=section.text("title", "", longest=300),
            is_local_adjustment=section.flag("is_local_adjustment"),
            extent=section.bbox("extent"),
        )
    )


def _source(section: Section | None) -> SourceSection:
    if section is None:
        return SourceSection()
    return section.ended(
        SourceSection(
            publisher=section.text("publisher", ""),
            licence=section.text("licence", ""),
            crs=section.text("crs", ""),
            encoding=section.text("encoding", ""),
            accuracy_m=section.number("accuracy_m", high=_LARGEST_ERROR),
            survey_scale=section.integer("survey_scale", high=_LARGEST_SCALE),
        )
    )


def _cadastre(section: Section | None) -> CadastreSection | None:
    if section is None:
        return None
    replaces = section.text("replaces")
    if replaces not in Replaces.values:
        raise BadParameter(section.at("replaces"), replaces, Reason.NOT_A_CHOICE, choices=Replaces.values)
    return section.ended(
        CadastreSection(
            as_of=section.required_day("as_of"),
            replaces=replaces,
            units=section.listed("units"),
            large_change_is_right=section.flag("large_change_is_right"),
        )
    )


def _event(section: Section) -> EventSection:
    on = section.required_day("on")
    begins, ends = section.day("effective_from") or on, section.day("effective_to")
    if ends is not None and ends <= begins:
        raise BadParameter(
            section.at("effective_to"), ends.isoformat(), Reason.CONTRADICTS, other="effective_from"
        )
    return section.ended(
        EventSection(
            kind=section.text("kind"),
            on=on,
            effective_from=begins,
            effective_to=ends,
            document=section.text("document", ""),
            note=section.text("note", "", longest=300),
            extent=section.bbox("extent"),
        )
    )


def _relation(section: Section) -> RelationSection:
    return section.ended(
        RelationSection(
            kind=section.text("kind"),
            target=section.text("target"),
            document=section.text("document"),
            extent=section.bbox("extent"),
            contents=section.listed("contents"),
        )
    )


def _coverage(section: Section) -> CoverageSection:
    found = section.ended(
        CoverageSection(
            theme=section.text("theme"),
            plan_kind=section.text("plan_kind", ""),
            state=section.text("state"),
            as_of=section.required_day("as_of"),
            valid_from=section.day("valid_from"),
            valid_to=section.day("valid_to"),
            source=section.text("source", longest=300),
            extent=section.bbox("extent"),
        )
    )
    if found.valid_to is not None and found.valid_to <= (found.valid_from or found.as_of):
        last = found.valid_to.isoformat()
        raise BadParameter(section.at("valid_to"), last, Reason.CONTRADICTS, other="valid_from")
    return found


def _layer(section: Section) -> LayerSection:
    target = section.text("target")
    if target not in {one.value for one in Target}:
        raise BadParameter(section.at("target"), target, Reason.NOT_A_CHOICE, choices=[*Target])
    return section.ended(
        LayerSection(
            match=section.text("match", "*"),
            target=Target(target),
            code_lists=section.listed("code_list"),
            unit_list=section.text("unit_list", ""),
            metric_crs=section.text("metric_crs", ""),
            fields=section.texts("fields"),
            indicators=section.texts("indicators"),
            uses=section.texts("uses"),
            codes=section.texts("codes"),
            constants=section.texts("constants"),
        )
    )

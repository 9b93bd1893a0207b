"""Which column of a layer is which field of ours: by the plan file, by Circular 16, else by its own name.

What nobody mapped is not published. Columns about owners are not taken over even where somebody did.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning.codes import fold
from planning.imports.circular16 import section_for
from planning.imports.findings import Finding
from planning.imports.planfile import LayerSection, PlanFile, Target
from planning.imports.reading import RawLayer
from planning.imports.texts import shown
from planning.models import Level

FIELDS: Mapping[Target, tuple[str, ...]] = {
    Target.ZONES: ("code", "name", "land_use", "land_use_1", "land_use_2"),
    Target.RESTRICTIONS: ("code", "name", "kind"),
    Target.BOUNDARY: (),
    Target.PARCELS: (
        "unit",
        "sheet",
        "number",
        "registry_area",
        "address",
        "aliases",
        "old_sheet",
        "old_number",
        "valid_from",
    ),
    Target.COVERAGE: ("theme", "plan_kind", "state", "as_of", "valid_from", "valid_to", "source"),
}
REQUIRED: Mapping[Target, tuple[str, ...]] = {
    Target.ZONES: ("land_use",),
    Target.RESTRICTIONS: ("kind",),
    Target.BOUNDARY: (),
    Target.PARCELS: ("unit", "sheet", "number"),
    Target.COVERAGE: ("theme", "state", "as_of"),
}
USES = ("allowed", "conditional", "forbidden")

# chủ sử dụng, chủ sở hữu, căn cước, số giấy chứng nhận: no owner is ever stored
_OWNER = re.compile(
    r"chu ?su ?dung|chu ?so ?huu|chu ?ho|nguoi ?su ?dung|ten ?chu"
    r"|cccd|cmnd|can ?cuoc|so ?gcn|giay ?chung ?nhan|owner"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The mapped columns of a layer: name of ours -> the values of all rows."""

    target: Target
    section: LayerSection
    rows: int
    fields: Mapping[str, Sequence[Any]]
    indicators: Mapping[str, Sequence[Any]]
    uses: Mapping[str, Sequence[Any]]
    missing: tuple[str, ...] = ()

    def value(self, name: str, row: int) -> Any:
        """The cell of a field, None where the layer has no such column."""
        column = self.fields.get(name)
        return None if column is None else column[row]

    def text(self, name: str, row: int) -> str:
        value = self.value(name, row)
        if value is None:
            return ""
        return format(value, "g") if isinstance(value, float) and value.is_integer() else str(value)


def section_of(layer: RawLayer, plan_file: PlanFile | None, target: Target | None) -> LayerSection | None:
    """What the layer is said to be; None when nobody says."""
    stated = plan_file.layer(layer.name) if plan_file else None
    if stated is not None:
        return replace(stated, target=target) if target else stated
    if plan_file is None or not plan_file.layers:
        known = section_for(layer.name)
        if known is not None and target in (None, known.target):
            return known
        return LayerSection(match="*", target=target) if target else None
    return None


def map_columns(
    layer: RawLayer, columns: Mapping[str, Sequence[Any]], section: LayerSection
) -> tuple[Columns, list[Finding]]:
    """The columns under our names, and what is missing, unknown or never taken over (A01)."""
    names = _Names(columns, layer.driver)
    target = section.target
    is_own = not section.fields and not section.constants
    fields = dict(section.fields) or {name: name for name in FIELDS[target]}
    # names of Circular 16 and names of our own are offers; what a plan file says must be there
    is_stated = not is_own and section_for(layer.name) is not section
    mapped = Columns(
        target,
        section,
        layer.rows,
        names.taken({name: source for name, source in fields.items() if name in FIELDS[target]})
        | {name: [value] * layer.rows for name, value in section.constants.items()},
        names.taken(section.indicators),
        names.taken(section.uses),
    )
    wanted = [*fields.items(), *section.indicators.items(), *section.uses.items()] if is_stated else []
    lacking = {source for _, source in wanted if names.find(source) is None}
    needed = [name for name in REQUIRED[target] if name not in mapped.fields]
    lacking |= {fields.get(name, name) for name in needed}
    findings = [
        Finding(code="A01", level=Level.ERROR, layer=layer.name, field=shown(name))
        for name in sorted(lacking)
    ]
    return replace(mapped, missing=tuple(needed)), findings + names.left(layer.name)


class _Names:
    """Column names without case; a shapefile's are cut to ten letters."""

    def __init__(self, columns: Mapping[str, Sequence[Any]], driver: str) -> None:
        self._columns = columns
        self._by_name = {name.casefold(): name for name in columns if not is_about_owners(name)}
        self._is_cut = driver == "ESRI Shapefile"
        self._taken: set[str] = set()

    def find(self, source: str) -> str | None:
        name = source.casefold()
        found = self._by_name.get(name)
        return self._by_name.get(name[:10]) if found is None and self._is_cut else found

    def taken(self, wanted: Mapping[str, str]) -> dict[str, Sequence[Any]]:
        found = {name: column for name, source in wanted.items() if (column := self.find(source))}
        self._taken |= set(found.values())
        return {name: self._columns[column] for name, column in found.items()}

    def left(self, layer: str) -> list[Finding]:
        owners = sorted(shown(name) for name in self._columns if is_about_owners(name))
        others = sorted(shown(name) for name in self._by_name.values() if name not in self._taken)
        return [
            Finding(
                code="A01", says=says, level=Level.INFO, layer=layer, facts={"fields": ", ".join(names)[:500]}
            )
            for says, names in (("A01/owner", owners), ("A01/not_mapped", others))
            if names
        ]


def is_about_owners(name: str) -> bool:
    """Whether a column speaks of people who own or use the land."""
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))).split())
    return bool(_OWNER.search(words))

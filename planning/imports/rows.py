"""Cells -> frozen values of our own, row by row: zones, restrictions, parcels, coverage (A and K rules).

Every row gives a value or the findings that say why not. It knows the code book, not the database.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from planning.codes import IndicatorState, read_codes, read_indicator, read_number
from planning.imports.codebook import CodeBook, Entry, Found
from planning.imports.findings import Finding
from planning.imports.mapping import USES, Columns
from planning.models import CoverageState, Level, PlanKind, RestrictionKind

_CODE, _NAME, _LAND_USE_TEXT, _USE, _SHEET, _ADDRESS = 100, 250, 120, 200, 20, 200
_LONGEST_CODE = 40  # of a land use, composite ones included
_SUFFIXES = "bcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone as it will be staged; several `uses_of_land` make a composite land use."""

    code: str
    name: str
    uses_of_land: tuple[Entry, ...]
    land_use_text: str
    indicators: Mapping[str, Any]
    uses: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    code: str
    name: str
    kind: str
    indicators: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alias:
    """Another number of a parcel: "sheet/number", or whatever was written."""

    sheet: str
    number: str
    value: str


@dataclass(frozen=True, slots=True)
class ParcelRow:
    code: str
    unit: str
    sheet: str
    number: str
    registry_area: Decimal | None
    address: str
    aliases: tuple[Alias, ...]
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    theme: str
    plan_kind: str
    state: str
    as_of: date
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """A boundary has nothing but its geometry."""


AnyRow = ZoneRow | RestrictionRow | ParcelRow | CoverageRow | BoundaryRow


@dataclass(slots=True)
class Notes:
    """Where a reader of rows writes down what it finds; gone when the layer is read."""

    layer: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: str, row: int, level: Level, /, says: str = "", **given: Any) -> None:
        name, value = given.pop("field", ""), str(given.pop("value", ""))[:120]
        self.findings.append(
            Finding(
                code=rule,
                says=says,
                level=level,
                layer=self.layer,
                row=row + 1,
                field=name,
                value=value,
                facts=given,
            )
        )


def read_zones(
    layer: str, columns: Columns, codes: CodeBook | None
) -> tuple[list[ZoneRow | None], list[Finding]]:
    """Zones; None where the land use is missing or unknown."""
    notes = Notes(layer)
    indicators = _Indicators(columns, notes)
    found: list[ZoneRow | None] = []
    for row in range(columns.rows):
        entries, published = _land_use(columns, row, codes, notes)
        code = _limited(columns.text("code", row), _CODE, "code", row, notes)
        name = _limited(columns.text("name", row), _NAME, "name", row, notes)
        uses = tuple(_uses(columns.uses.get(kind), kind, row, notes) for kind in USES)
        values = indicators.of(row)
        if entries:
            text = published[:_LAND_USE_TEXT]
            found.append(ZoneRow(code, name, entries, text, values, (uses[0], uses[1], uses[2])))
        else:
            found.append(None)
    return found, notes.findings + indicators.ambiguous()


def _land_use(
    columns: Columns, row: int, codes: CodeBook | None, notes: Notes
) -> tuple[tuple[Entry, ...], str]:
    # Circular 16 states the use at three levels; the finest that is filled counts
    names = ("land_use", "land_use_2", "land_use_1")
    published = next((text for name in names if (text := columns.text(name, row))), "")
    parts = read_codes(columns.section.codes.get(published, published))
    if not parts:
        notes.add("A04", row, Level.ERROR, field="land_use")
        return (), published
    if codes is None or not codes.lists:
        return (), published
    entries = [codes.find(part) for part in parts]
    if None in entries:
        # a label may hold the very marks that separate codes
        whole = codes.find(published)
        entries = [whole] if whole else entries
    for part, entry in zip(parts, entries, strict=False):
        if entry is None:
            notes.add("K01", row, Level.ERROR, field="land_use", value=part)
        elif entry.how is Found.SPELT:
            notes.add("K02", row, Level.WARNING, field="land_use", value=part, code=entry.code)
        elif entry.how is Found.FORMER:
            notes.add("K03", row, Level.WARNING, field="land_use", value=part, code=entry.code)
    known = tuple(dict.fromkeys(entry for entry in entries if entry is not None))
    return (_of_one_code(known, row, notes) if None not in entries else ()), published


def _of_one_code(known: tuple[Entry, ...], row: int, notes: Notes) -> tuple[Entry, ...]:
    """Nothing where the code of all would have to be cut: two different mixtures could become one."""
    code = composite_code(entry.code for entry in known)
    if len(code) <= _LONGEST_CODE:
        return known
    notes.add("K01", row, Level.ERROR, "K01/long", field="land_use", value=code, limit=_LONGEST_CODE)
    return ()


def composite_code(codes: Iterable[str]) -> str:
    """The code of a land use made of several; of one alone it is its own."""
    return "+".join(codes)


class _Indicators:
    """Reads the indicator columns; a plan repeats few values often, so each is read once."""

    def __init__(self, columns: Columns, notes: Notes) -> None:
        self._columns = columns
        self._notes = notes
        self._read: dict[tuple[str, Any], tuple[dict[str, Any], bool, bool]] = {}
        self._doubtful: dict[str, str] = {}

    def of(self, row: int) -> dict[str, Any]:
        found = {}
        for name, values in self._columns.indicators.items():
            value = values[row]
            wire, is_unread, is_ambiguous = self._one(name, value)
            if is_unread:
                self._notes.add("A03", row, Level.WARNING, "A03/indicator", field=name, value=value)
            if is_ambiguous:
                self._doubtful.setdefault(name, str(value))
            found[name] = wire
        return found

    def _one(self, name: str, value: Any) -> tuple[dict[str, Any], bool, bool]:
        key = (name, value)
        if key not in self._read:
            given = float(value) if isinstance(value, int) else value
            read = read_indicator(name, given)
            unread = read.state is IndicatorState.STATED and not read.is_read
            self._read[key] = (read.to_json(), unread, read.is_ambiguous)
        return self._read[key]

    def ambiguous(self) -> list[Finding]:
        return [
            Finding(
                code="A03",
                says="A03/ambiguous",
                level=Level.WARNING,
                layer=self._notes.layer,
                field=name,
                value=value,
            )
            for name, value in sorted(self._doubtful.items())
        ]


def _limited(text: str, limit: int, name: str, row: int, notes: Notes) -> str:
    if len(text) > limit:
        notes.add("A05", row, Level.WARNING, "A05/cut", field=name, value=text)
    return text[:limit]


def _uses(column: Sequence[Any] | None, name: str, row: int, notes: Notes) -> tuple[str, ...]:
    if column is None or not column[row]:
        return ()
    parts = (part.strip() for part in str(column[row]).split(";"))
    return tuple(_limited(part, _USE, name, row, notes) for part in parts if part)


def read_restrictions(layer: str, columns: Columns) -> tuple[list[RestrictionRow | None], list[Finding]]:
    """Restrictions; None where the kind is unknown."""
    notes = Notes(layer)
    indicators = _Indicators(columns, notes)
    found: list[RestrictionRow | None] = []
    for row in range(columns.rows):
        kind = columns.text("kind", row).strip().lower()
        kind = columns.section.codes.get(kind, kind)
        code = _limited(columns.text("code", row), _CODE, "code", row, notes)
        name = _limited(columns.text("name", row), _NAME, "name", row, notes)
        values = indicators.of(row)
        known = _chosen(kind, RestrictionKind.values, "kind", row, notes)
        found.append(RestrictionRow(code, name, kind, values) if known else None)
    return found, notes.findings + indicators.ambiguous()


def _chosen(value: str, choices: Sequence[str], name: str, row: int, notes: Notes) -> bool:
    if value in choices:
        return True
    if value:
        notes.add("A05", row, Level.ERROR, field=name, value=value)
    else:
        notes.add("A04", row, Level.ERROR, field=name)
    return False


def read_parcels(
    layer: str, columns: Columns, units: frozenset[str] | None
) -> tuple[list[ParcelRow | None], list[Finding]]:
    """Parcels; numbers that occur twice in one commune and sheet get -b, -c in the order of the file."""
    notes = Notes(layer)
    seen: Counter[str] = Counter()
    found: list[ParcelRow | None] = []
    for row in range(columns.rows):
        unit = _unit(columns, row, units, notes)
        sheet, number = columns.text("sheet", row), columns.text("number", row)
        for name, text in (("sheet", sheet), ("number", number)):
            if not text or len(text) > _SHEET:
                notes.add("A05" if text else "A04", row, Level.ERROR, field=name, value=text)
        if not (unit and 0 < len(sheet) <= _SHEET and 0 < len(number) <= _SHEET):
            found.append(None)
            continue
        base = f"{unit}-{sheet}-{number}"
        code = base + _suffix(seen[base])
        if seen[base]:
            notes.add("A06", row, Level.WARNING, value=base, code=code)
        seen[base] += 1
        found.append(
            ParcelRow(
                code=code,
                unit=unit,
                sheet=sheet,
                number=number,
                registry_area=_area(columns, row, notes),
                address=_limited(columns.text("address", row), _ADDRESS, "address", row, notes),
                aliases=_aliases(columns, row),
                valid_from=_day(columns.value("valid_from", row), "valid_from", row, notes),
            )
        )
    return found, notes.findings


def _suffix(before: int) -> str:
    if not before:
        return ""
    return f"-{_SUFFIXES[before - 1]}" if before <= len(_SUFFIXES) else f"-{before + 1}"


def _unit(columns: Columns, row: int, units: frozenset[str] | None, notes: Notes) -> str:
    text = columns.text("unit", row)
    if not text:
        notes.add("A04", row, Level.ERROR, field="unit")
        return ""
    unit_list = columns.section.unit_list
    # codes are text with leading zeros, which a numeric column loses
    spellings = [text, f"{unit_list}-{text}", f"{unit_list}-{text.zfill(5)}"] if unit_list else [text]
    if units is None:
        return spellings[-1]
    known = next((one for one in spellings if one in units), "")
    if not known:
        notes.add("A07", row, Level.ERROR, field="unit", value=text)
    return known


def _area(columns: Columns, row: int, notes: Notes) -> Decimal | None:
    value = columns.value("registry_area", row)
    if value is None or value == "":
        return None
    area = read_number(value) if isinstance(value, str) else Decimal(str(value))
    if area is None or not 0 <= area < Decimal(10) ** 11:
        notes.add("A03", row, Level.ERROR, field="registry_area", value=value)
        return None
    return area.quantize(Decimal("0.001"))


def _aliases(columns: Columns, row: int) -> tuple[Alias, ...]:
    """Numbers of former surveys: "sheet/number" separated by ";", or in two columns of their own."""
    written_ones = columns.text("aliases", row).split(";")
    if columns.text("old_number", row):
        written_ones.append(f"{columns.text('old_sheet', row)}/{columns.text('old_number', row)}")
    found = []
    for written in (part.strip() for part in written_ones):
        sheet, slash, number = written.partition("/")
        is_pair = bool(slash) and len(sheet) <= _SHEET and len(number) <= _SHEET
        if written:
            found.append(Alias(sheet if is_pair else "", number if is_pair else "", written[:120]))
    return tuple(found)


def read_coverage(
    layer: str, columns: Columns, themes: Collection[str] | None
) -> tuple[list[CoverageRow | None], list[Finding]]:
    """Declarations of coverage; None where theme, state or day are missing or unknown."""
    notes = Notes(layer)
    found: list[CoverageRow | None] = []
    for row in range(columns.rows):
        theme, state = columns.text("theme", row), columns.text("state", row)
        kind = columns.text("plan_kind", row)
        as_of = _day(columns.value("as_of", row), "as_of", row, notes)
        good = themes is None or _chosen(theme, sorted(themes), "theme", row, notes)
        good &= _chosen(state, CoverageState.values, "state", row, notes)
        good &= not kind or _chosen(kind, PlanKind.values, "plan_kind", row, notes)
        if as_of is None and columns.value("as_of", row) in (None, ""):
            notes.add("A04", row, Level.ERROR, field="as_of")
        start = _day(columns.value("valid_from", row), "valid_from", row, notes)
        end = _day(columns.value("valid_to", row), "valid_to", row, notes)
        source = _limited(columns.text("source", row), 300, "source", row, notes)
        if end is not None and as_of is not None and end <= (start or as_of):
            notes.add("A05", row, Level.ERROR, field="valid_to", value=end)
            good = False
        is_whole = good and as_of is not None
        found.append(
            CoverageRow(theme, kind, state, as_of, start, end, source) if is_whole and as_of else None
        )
    return found, notes.findings


def _day(value: Any, name: str, row: int, notes: Notes) -> date | None:
    """A date, also one with a time behind it, also as written in Vietnam (31/12/2024)."""
    if value is None or value == "":
        return None
    for read in _DATE_FORMS:
        try:
            return read(str(value).strip())
        except ValueError:
            continue
    notes.add("A03", row, Level.ERROR, "A03/date", field=name, value=value)
    return None


def _vietnamese_day(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


_DATE_FORMS: tuple[Callable[[str], date], ...] = (lambda text: date.fromisoformat(text[:10]), _vietnamese_day)


def boundaries(rows: int) -> Iterator[BoundaryRow]:
    """One value per row of a boundary layer."""
    return (BoundaryRow() for _ in range(rows))

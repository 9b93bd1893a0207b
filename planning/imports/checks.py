"""The geometry rules of single rows (G01-G11): what is wrong, where, and how badly.

Comes after placing; every rule sees every row, none stops another. Validity is judged in the file's
own coordinates, in metres and in degrees: what is stored must be valid, and what was wrong as handed
in is said even where rounding hides it elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.crs import CRS
from planning.imports.findings import Finding
from planning.imports.placing import Placed, places
from planning.imports.planfile import Target
from planning.imports.reading import Geometries, RawLayer
from planning.imports.rows import AnyRow, ParcelRow
from planning.models import Level

POLYGONAL = frozenset({Target.ZONES, Target.PARCELS, Target.BOUNDARY, Target.COVERAGE})
_POLYGONS, _COLLECTION = (3, 6), 7
_SUFFIXES = {"_a": (2, "_A"), "_l": (1, "_L"), "_p": (0, "_P")}

# A polygon with less than this, or on average narrower, is worth a look (square metres, metres).
SMALL_AREA = 0.01
SMALL_WIDTH = 0.02
# Registers were measured with tapes and rounded: less than this is no finding (square metres, share).
AREA_TOLERANCE, AREA_SHARE = 2.0, 0.05
MANY_VERTICES, TOO_MANY_VERTICES = 100_000, 1_000_000

_REASON = re.compile(r"^(?P<what>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]$")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the geometry rules found; `usable` rows have a geometry of the right kind, valid or not."""

    findings: tuple[Finding, ...]
    usable: NDArray[np.bool_]
    invalid: frozenset[int]


class Sayings:
    """What the rows say beside their geometry: by their values, else by their cells as they came."""

    def __init__(self, layer: RawLayer, values: Sequence[AnyRow | None] | None) -> None:
        self._columns = layer.columns
        self._values = values

    @property
    def is_mapped(self) -> bool:
        return self._values is not None

    def of(self, row: int) -> str:
        """Equal for rows (from 0) that say the same. The code of a parcel is given by us, not by the file."""
        value = self._values[row] if self._values is not None else None
        if isinstance(value, ParcelRow):
            return repr(replace(value, code=""))
        if value is not None:
            return repr(value)
        return repr([cells[row] for cells in self._columns.values()])

    def are_alike(self, one: int, other: int) -> bool:
        return self.of(one) == self.of(other)


def judge(layer: RawLayer, placed: Placed, target: Target | None, said: Sayings) -> Judged:
    """All geometry rules over a layer."""
    findings = [*_absent(layer, placed), *_kind(layer, placed, target), *_heights(layer, placed)]
    spoilt = {finding.row for finding in findings if finding.row and finding.says != "G03/mixed"}
    usable = np.array([row + 1 not in spoilt for row in range(layer.rows)], dtype=bool)
    invalid = _invalid(placed, usable, layer.unparsed)
    findings += _reasons(layer, placed, invalid)
    good = usable.copy()
    good[list(invalid)] = False
    # One declaration per theme, one line per kind: there the same shape twice is no mistake.
    if target not in (Target.RESTRICTIONS, Target.COVERAGE):
        findings += _duplicates(layer, placed, good, target, said)
    if target is not Target.RESTRICTIONS:
        findings += _tiny(layer, placed, good)
    findings += [*_vertices(layer, placed, usable), *_order(layer, placed, good)]
    return Judged(tuple(findings), usable, invalid)


def _rows(
    layer: RawLayer, rows: Iterable[int], code: str, level: Level = Level.ERROR, says: str = ""
) -> list[Finding]:
    return [
        Finding(code=code, level=level, says=says, layer=layer.name, row=int(row) + 1) for row in sorted(rows)
    ]


def _absent(layer: RawLayer, placed: Placed) -> list[Finding]:
    missing = shapely.is_missing(placed.source)
    absent = missing | shapely.is_empty(placed.source)
    unread = {row for row in layer.unparsed if missing[row]}
    empty = set(np.flatnonzero(absent).tolist()) - unread
    return [
        *_rows(layer, empty, "G01"),
        *_rows(layer, placed.unusable, "G02"),
        *_rows(layer, unread, "G06"),
    ]


def _kind(layer: RawLayer, placed: Placed, target: Target | None) -> list[Finding]:
    kinds = shapely.get_type_id(placed.metres)
    present = kinds >= 0
    if target not in POLYGONAL:
        return _rows(layer, np.flatnonzero(kinds == _COLLECTION), "G03") if target else []
    collections = np.flatnonzero(kinds == _COLLECTION).tolist()
    mixed = [row for row in collections if shapely.get_dimensions(placed.metres[row]) == 2]
    wrong = set(np.flatnonzero(present & ~np.isin(kinds, _POLYGONS)).tolist()) - set(mixed)
    findings = _rows(layer, wrong, "G03") + _rows(layer, mixed, "G03", says="G03/mixed")
    return findings + _suffix(layer, placed)


def _suffix(layer: RawLayer, placed: Placed) -> list[Finding]:
    """A name like ChucNangSuDungDat_A promises areas."""
    promised = _SUFFIXES.get(layer.name[-2:].lower())
    dimensions = shapely.get_dimensions(placed.metres)
    present = dimensions[dimensions >= 0]
    if promised is None or not len(present) or (present == promised[0]).any():
        return []
    return [Finding(code="P03", level=Level.ERROR, layer=layer.name, facts={"expected": promised[1]})]


def _heights(layer: RawLayer, placed: Placed) -> list[Finding]:
    if not placed.heights:
        return []
    return [Finding(code="G04", level=Level.INFO, layer=layer.name, facts={"count": placed.heights})]


def _invalid(placed: Placed, usable: NDArray[np.bool_], unparsed: frozenset[int]) -> frozenset[int]:
    valid = (
        shapely.is_valid(placed.source) & shapely.is_valid(placed.metres) & shapely.is_valid(placed.degrees)
    )
    rows = set(np.flatnonzero(usable & ~valid).tolist())
    return frozenset(rows | {row for row in unparsed if usable[row]})


def _reasons(layer: RawLayer, placed: Placed, invalid: frozenset[int]) -> list[Finding]:
    findings: list[Finding] = []
    rows = sorted(invalid)
    for geometries, system in (
        (placed.source, placed.crs),
        (placed.metres, placed.metric),
        (placed.degrees, None),
    ):
        here = [row for row in rows if not shapely.is_valid(geometries[row])]
        rows = [row for row in rows if row not in set(here)]
        findings += _reasons_in(layer, geometries, here, system)
    # what is left became valid by closing its ring
    return findings + _rows(layer, rows, "G06")


def _reasons_in(
    layer: RawLayer, geometries: Geometries, rows: list[int], system: CRS | None
) -> list[Finding]:
    reasons = [_REASON.match(str(shapely.is_valid_reason(geometries[row]))) for row in rows]
    points = np.array(
        [shapely.Point(float(one["x"]), float(one["y"])) if one else None for one in reasons], dtype=object
    )
    where = places(points, system) if system else [None] * len(rows)
    findings = []
    for row, reason, place in zip(rows, reasons, where, strict=True):
        what = reason["what"].lower() if reason else ""
        code, says = ("G06", "") if "points" in what else ("G05", "G05/hole" if "hole" in what else "")
        findings.append(
            Finding(code=code, says=says, level=Level.ERROR, layer=layer.name, row=row + 1, place=place)
        )
    return findings


def _duplicates(
    layer: RawLayer, placed: Placed, good: NDArray[np.bool_], target: Target | None, said: Sayings
) -> list[Finding]:
    """G08: a row drawn twice that says the same twice. One that says something else is no duplicate."""
    rows = np.flatnonzero(good)
    shapes = shapely.to_wkb(shapely.normalize(placed.metres[rows]))
    alike: dict[bytes, list[int]] = defaultdict(list)
    for row, shape in zip(rows.tolist(), shapes, strict=True):
        alike[shape].append(row)
    repeated: list[tuple[int, int]] = []
    at_odds: list[tuple[int, int]] = []
    for first, *others in (group for group in alike.values() if len(group) > 1):
        before = {said.of(first): first}
        for row in others:
            same = before.setdefault(said.of(row), row)
            if same == row:
                at_odds.append((row, first))
            else:
                repeated.append((row, same))
    findings = _pairs(layer, placed, repeated, "G08", Level.ERROR)
    if target is Target.BOUNDARY or (target is Target.ZONES and said.is_mapped):
        return findings  # boundaries are united; zones at odds overlap, which is said with their area
    return findings + _pairs(layer, placed, at_odds, "C01", Level.WARNING, "C01/same")


def _pairs(
    layer: RawLayer, placed: Placed, pairs: list[tuple[int, int]], code: str, level: Level, says: str = ""
) -> list[Finding]:
    facts = [{"other": other + 1} for _, other in pairs]
    found = _with_points(layer, placed, [row for row, _ in pairs], code, level, facts)
    return [replace(one, says=says) for one in found]


def _tiny(layer: RawLayer, placed: Placed, good: NDArray[np.bool_]) -> list[Finding]:
    area, length = shapely.area(placed.metres), shapely.length(placed.metres)
    with np.errstate(invalid="ignore", divide="ignore"):
        thin = (area < SMALL_AREA) | (2 * area / length < SMALL_WIDTH)
    rows = np.flatnonzero(good & thin & (shapely.get_dimensions(placed.metres) == 2)).tolist()
    facts = [{"area": round(float(area[row]), 4)} for row in rows]
    return _with_points(layer, placed, rows, "G09", Level.WARNING, facts)


def _vertices(layer: RawLayer, placed: Placed, usable: NDArray[np.bool_]) -> list[Finding]:
    counts = shapely.get_num_coordinates(placed.source)
    return [
        Finding(
            code="G11",
            level=Level.ERROR if counts[row] > TOO_MANY_VERTICES else Level.WARNING,
            layer=layer.name,
            row=row + 1,
            facts={"count": int(counts[row])},
        )
        for row in np.flatnonzero(usable & (counts > MANY_VERTICES)).tolist()
    ]


def _order(layer: RawLayer, placed: Placed, good: NDArray[np.bool_]) -> list[Finding]:
    """Ring direction and repeated vertices, put right without asking."""
    given = placed.source[good]
    changed = ~shapely.equals_identical(given, in_order(given))
    if not changed.any():
        return []
    return [Finding(code="G07", level=Level.INFO, layer=layer.name, facts={"count": int(changed.sum())})]


def stated_areas(
    layer: RawLayer, placed: Placed, judged: Judged, values: Sequence[AnyRow | None]
) -> list[Finding]:
    """A08: parcels whose area in the register is not that of their drawing."""
    area = shapely.area(placed.metres)
    found = []
    for row, value in enumerate(values):
        if not isinstance(value, ParcelRow) or value.registry_area is None or not judged.usable[row]:
            continue
        stated, drawn = float(value.registry_area), float(area[row])
        if row not in judged.invalid and abs(stated - drawn) > max(AREA_TOLERANCE, AREA_SHARE * drawn):
            found.append((row, {"stated": round(stated, 2), "drawn": round(drawn, 2)}))
    rows, facts = [row for row, _ in found], [said for _, said in found]
    return _with_points(layer, placed, rows, "A08", Level.WARNING, facts)


def in_order(geometries: Geometries) -> Geometries:
    """Outer rings counter-clockwise, no vertex twice in a row."""
    return np.asarray(shapely.orient_polygons(shapely.remove_repeated_points(geometries)), dtype=object)


def _with_points(
    layer: RawLayer,
    placed: Placed,
    rows: list[int],
    code: str,
    level: Level,
    facts: Sequence[Mapping[str, object]],
) -> list[Finding]:
    points = shapely.point_on_surface(placed.metres[rows]) if rows else np.empty(0, dtype=object)
    return [
        Finding(code=code, level=level, layer=layer.name, row=row + 1, facts=said, place=place)
        for row, said, place in zip(rows, facts, places(np.asarray(points), placed.metric), strict=True)
    ]

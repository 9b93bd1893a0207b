"""Maps drawn on the server: an answer, a plan's extent or a zone as SVG text, without a script.

Pure: shapes in EPSG:4326 in, one `<svg>` out. The drawing stands by itself (presentation attributes,
no style sheet, nothing inline that a content policy would refuse), so page and print use the same
text. It is built as a tree, never by pasting strings: what people typed cannot become markup.
Areas are never measured here; the local projection is good for looking.
"""

import csv
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from portal import figures, patterns

WIDTH = 440.0
MAP_HEIGHTS = (280.0, 440.0)
FOOT = 52.0
INK = patterns.INK
PAPER = "#FFFFFF"
LABEL_SIZE = 12.0
_BLANKS = f" {figures.NO_BREAK}"
# Labels that every map shows whose window holds the place, as data; for labels only, not measured from.
ALWAYS_LABELLED = Path(__file__).resolve().parent.parent / "fixtures" / "map-labels.csv"
# How lines are drawn: stroke, dashes; told apart in grey by their dashes.
LINE_STYLES = {
    **patterns.LINE_STYLES,
    "extent": (INK, "none"),
    "adjustment": ("#A8071A", "6 3"),
}
OTHER_LINE = (INK, "4 4")
Define = Callable[[ET.Element, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A zone to be drawn: shape (Polygon or MultiPolygon, EPSG:4326), code, and how its use looks.

    `use` and the names are for the legend.
    """

    shape: BaseGeometry
    label: str
    colour: str
    group: str
    use: str = ""
    name_vi: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A restriction or an outline: any geometry, drawn by its kind, areas only hatched at the edge."""

    shape: BaseGeometry
    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything on one map. `name` makes the ids on the page unique; `notes` stand at the foot.

    `subject` (parcel, site or point) is drawn boldest; None where the map is about `areas` alone.
    `around` is what the window must hold, in EPSG:4326; `unknown` is ground of which nothing may be
    concluded, dotted so that an empty place is never read as "nothing planned".
    """

    name: str
    title: str
    description: str
    around: BaseGeometry
    subject: BaseGeometry | None
    areas: Sequence[Area] = ()
    limits: Sequence[Limit] = ()
    conflicts: Sequence[BaseGeometry] = ()
    parcels: Sequence[BaseGeometry] = ()
    unknown: Sequence[BaseGeometry] = ()
    notes: Sequence[str] = ()
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Frame:
    """The window of a map: a local flat projection, north up, and its size in drawing units."""

    longitude: float
    latitude: float
    metres_per_unit: float
    width: float
    height: float

    @classmethod
    def around(cls, shape: BaseGeometry) -> "Frame":
        """A window that holds the shape with a third of its size, and at least 20 m, to spare."""
        west, south, east, north = shape.bounds
        longitude, latitude = (west + east) / 2, (south + north) / 2
        by_degree = _metres_per_degree(latitude)
        across = max((east - west) * by_degree[0] * 1.35, (east - west) * by_degree[0] + 40)
        along = max((north - south) * by_degree[1] * 1.35, (north - south) * by_degree[1] + 40)
        if shape.area == 0:
            across, along = max(across, 120), max(along, 120)
        height = min(max(WIDTH * along / across, MAP_HEIGHTS[0]), MAP_HEIGHTS[1])
        return cls(longitude, latitude, max(across / WIDTH, along / height), WIDTH, height)

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitudes and latitudes to drawing units, y downwards."""
        east, north = _metres_per_degree(self.latitude)
        x = (points[:, 0] - self.longitude) * east / self.metres_per_unit + self.width / 2
        y = self.height / 2 - (points[:, 1] - self.latitude) * north / self.metres_per_unit
        return np.column_stack([x, y])

    def window(self) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees, a little wider than what is seen."""
        east, north = _metres_per_degree(self.latitude)
        across = self.width * self.metres_per_unit * 0.52 / east
        along = self.height * self.metres_per_unit * 0.52 / north
        west, south = self.longitude - across, self.latitude - along
        return west, south, self.longitude + across, self.latitude + along

    def placed(self, shape: BaseGeometry) -> BaseGeometry:
        """The shape in drawing units, cut a little outside the window so that no edge shows."""
        drawn = shapely.transform(shapely.force_2d(shape), self.project)
        return shapely.clip_by_rect(drawn, -6, -6, self.width + 6, self.height + 6)


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Metres of a degree of longitude and of latitude on the WGS 84 ellipsoid."""
    phi = math.radians(latitude)
    bulge = 1 - 0.00669438 * math.sin(phi) ** 2
    east = 6_378_137.0 * math.cos(phi) / math.sqrt(bulge)
    north = 6_378_137.0 * (1 - 0.00669438) / bulge**1.5
    return max(math.radians(1) * east, 1e-9), math.radians(1) * north


def draw(sheet: Sheet) -> str:
    """The map as SVG text; fills first, then lines, then the subject, labels last."""
    frame = Frame.around(sheet.around)
    svg = _root(sheet, frame)
    defs = ET.SubElement(svg, "defs")
    _window(defs, frame, sheet.name)
    ground = ET.SubElement(svg, "g", {"clip-path": f"url(#{sheet.name}-window)"})
    _rect(ground, 0, 0, frame.width, frame.height, fill="#F3F6F8")
    _draw_grounds(ground, defs, frame, sheet.unknown, f"{sheet.name}-no-data", define_no_data)
    labels: list[tuple[float, float, str]] = []
    _draw_areas(ground, defs, frame, sheet, labels)
    for outline in sheet.parcels:
        path = _path(frame.placed(outline))
        _shape(ground, path, stroke=INK, stroke_width="0.8", stroke_opacity="0.45")
    _draw_grounds(ground, defs, frame, sheet.conflicts, f"{sheet.name}-conflict", define_conflict, "#A8071A")
    _draw_limits(ground, frame, sheet.limits, labels)
    _draw_subject(ground, frame, sheet.subject)
    _draw_labels(ground, [*_never_missing(frame), *labels], frame)
    _rect(svg, 0.5, 0.5, frame.width - 1, frame.height - 1, fill="none", stroke=INK)
    _draw_north(svg, frame)
    _draw_foot(svg, frame, sheet)
    return ET.tostring(svg, encoding="unicode")


def _root(sheet: Sheet, frame: Frame) -> ET.Element:
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "drawing",
            "viewBox": f"0 0 {frame.width:g} {frame.height + FOOT:g}",
            "role": "img",
            "aria-labelledby": f"{sheet.name}-title {sheet.name}-description",
            "lang": sheet.language,
            "font-family": '"Be Vietnam Pro", sans-serif',
        },
    )
    ET.SubElement(svg, "title", {"id": f"{sheet.name}-title"}).text = _printable(sheet.title)
    described = ET.SubElement(svg, "desc", {"id": f"{sheet.name}-description"})
    described.text = _printable(sheet.description)
    _rect(svg, 0, 0, frame.width, frame.height + FOOT, fill=PAPER)
    return svg


def _window(defs: ET.Element, frame: Frame, name: str) -> None:
    clip = ET.SubElement(defs, "clipPath", {"id": f"{name}-window"})
    _rect(clip, 0, 0, frame.width, frame.height)


def _draw_areas(
    parent: ET.Element,
    defs: ET.Element,
    frame: Frame,
    sheet: Sheet,
    labels: list[tuple[float, float, str]],
) -> None:
    known: set[str] = set()
    kept_free = _outline_of(sheet.subject, frame)
    for area in sheet.areas:
        shape = frame.placed(area.shape)
        if shape.is_empty:
            continue
        pattern = patterns.pattern_of(area.colour, area.group)
        identifier = f"{sheet.name}-{pattern}"
        if identifier not in known:
            known.add(identifier)
            patterns.define(defs, pattern, identifier)
        path = _path(shape)
        _shape(parent, path, fill=patterns.colour_of(area.colour))
        _shape(parent, path, fill=f"url(#{identifier})", stroke=INK, stroke_opacity="0.6")
        labels.extend(_label_of_area(shape, area.label, kept_free))


def define_no_data(defs: ET.Element, identifier: str) -> None:
    """Rings: unlike the dots of any land use, and readable in grey."""
    tile = {"id": identifier, "width": "14", "height": "14", "patternUnits": "userSpaceOnUse"}
    dotted = ET.SubElement(defs, "pattern", tile)
    for x, y in ((3.5, 3.5), (10.5, 10.5)):
        _circle(dotted, x, y, 1.8, stroke="#5B6B7A", stroke_width="0.9")


def define_conflict(defs: ET.Element, identifier: str) -> None:
    """Broad stripes that stay visible over every land use."""
    hatch = ET.SubElement(
        defs, "pattern", {"id": identifier, "width": "10", "height": "10", "patternUnits": "userSpaceOnUse"}
    )
    _shape(hatch, "M-2 12L12 -2M-2 2L2 -2M8 12L12 8", stroke=PAPER, stroke_width="5")
    _shape(hatch, "M-2 12L12 -2M-2 2L2 -2M8 12L12 8", stroke="#A8071A", stroke_width="2.4")


def _draw_grounds(
    parent: ET.Element,
    defs: ET.Element,
    frame: Frame,
    shapes: Sequence[BaseGeometry],
    identifier: str,
    define: Define,
    edge: str = "none",
) -> None:
    if not shapes:
        return
    define(defs, identifier)
    for shape in shapes:
        path = _path(frame.placed(shape))
        _shape(parent, path, fill=f"url(#{identifier})", stroke=edge, stroke_width="1.5")


def _draw_limits(
    parent: ET.Element,
    frame: Frame,
    limits: Iterable[Limit],
    labels: list[tuple[float, float, str]],
) -> None:
    for limit in limits:
        shape = frame.placed(limit.shape)
        if shape.is_empty:
            continue
        colour, dashes = LINE_STYLES.get(limit.kind, OTHER_LINE)
        path = _path(shape)
        _shape(parent, path, stroke=PAPER, stroke_width="5", stroke_opacity="0.8")
        _shape(parent, path, stroke=colour, stroke_width="2.5", stroke_dasharray=dashes)
        if limit.label:
            labels.append(_on_line(shape, limit.label, frame))


def _draw_subject(parent: ET.Element, frame: Frame, subject: BaseGeometry | None) -> None:
    if subject is None:
        return
    shape = frame.placed(subject)
    if shape.geom_type in {"Point", "MultiPoint"}:
        for x, y in shapely.get_coordinates(shape):
            _circle(parent, x, y, 9, stroke=PAPER, stroke_width="6")
            _circle(parent, x, y, 9, stroke=INK, stroke_width="3")
            _circle(parent, x, y, 2.5, fill=INK)
        return
    path = _path(shape)
    _shape(parent, path, stroke=PAPER, stroke_width="7", stroke_opacity="0.9", stroke_linejoin="round")
    _shape(parent, path, stroke=INK, stroke_width="3.5", stroke_linejoin="round")


def _outline_of(subject: BaseGeometry | None, frame: Frame) -> BaseGeometry:
    """The line of the subject as wide as a label is high: no label stands across it if it can be helped."""
    if subject is None or not subject.area:
        return shapely.Point()
    return frame.placed(subject).boundary.buffer(LABEL_SIZE)


def _label_of_area(shape: BaseGeometry, text: str, kept_free: BaseGeometry) -> list[tuple[float, float, str]]:
    """Where the code goes: the middle of the widest place; slivers are told in the table alone."""
    free = shapely.make_valid(shape).difference(kept_free)
    shape = free if free.area >= 900 else shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not text or not parts:
        return []
    widest = max(parts, key=lambda part: part.area)
    if widest.area < 500:
        return []
    (x, y), *_ = shapely.get_coordinates(shapely.maximum_inscribed_circle(widest, tolerance=2))
    return [(x, y, text)]


def _on_line(shape: BaseGeometry, text: str, frame: Frame) -> tuple[float, float, str]:
    """A place on the outline inside the window; for what has none there, the lower edge of the map."""
    outline = shape.boundary if shape.area else shape
    inside = shapely.clip_by_rect(outline, 20, 20, frame.width - 20, frame.height - 20)
    lines = [part for part in shapely.get_parts(inside) if part.length]
    if lines:
        middle = max(lines, key=lambda part: part.length).interpolate(0.3, normalized=True)
        return middle.x, middle.y, text
    if shape.length == 0:
        (x, y), *_ = shapely.get_coordinates(shape)
        return x, y + 16, text
    return frame.width / 2, frame.height - 8, text


@cache
def _always_labelled() -> tuple[tuple[str, float, float], ...]:
    """Names that law asks for on every map that reaches them."""
    with ALWAYS_LABELLED.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return tuple((row["text"], float(row["longitude"]), float(row["latitude"])) for row in rows)


def _never_missing(frame: Frame) -> list[tuple[float, float, str]]:
    """The labels that no map may lack whose window reaches them; first, so that none displaces them."""
    found = []
    for text, longitude, latitude in _always_labelled():
        ((x, y),) = frame.project(np.array([[longitude, latitude]]))
        if 0 <= x <= frame.width and 0 <= y <= frame.height:
            found.append((float(x), float(y), text))
    return found


def _draw_labels(parent: ET.Element, labels: Sequence[tuple[float, float, str]], frame: Frame) -> None:
    """Halo below, ink above; a label that would cover an earlier one is left to the table."""
    # the north arrow stands in its corner
    taken: list[BaseGeometry] = [shapely.box(frame.width - 44, 0, frame.width, 48)]
    for x, y, text in labels:
        text = _printable(text)[:40]
        half = min(len(text) * LABEL_SIZE * 0.3, frame.width / 2 - 4)
        x = min(max(x, half + 4), frame.width - half - 4)
        y = min(max(y, LABEL_SIZE + 2), frame.height - 6)
        box = shapely.box(x - half, y - LABEL_SIZE, x + half, y + 4)
        if any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        _text(parent, x, y, text, stroke=PAPER, stroke_width="3.5", stroke_linejoin="round", fill=PAPER)
        _text(parent, x, y, text, fill="#111111")


def _draw_north(parent: ET.Element, frame: Frame) -> None:
    x, y = frame.width - 22, 12.0
    _circle(parent, x, y + 14, 18, fill=PAPER, fill_opacity="0.85")
    _shape(parent, f"M{x:g} {y:g}L{x + 6:g} {y + 17:g}L{x:g} {y + 13:g}L{x - 6:g} {y + 17:g}Z", fill=INK)
    _text(parent, x, y + 28, "B" if parent.get("lang") == "vi" else "N", fill=INK, font_weight="700")


def _draw_foot(parent: ET.Element, frame: Frame, sheet: Sheet) -> None:
    """The scale bar and the notes: source, "for reference only"."""
    longest = frame.width * 0.3 * frame.metres_per_unit
    power = 10 ** math.floor(math.log10(longest))
    metres = max(step * power for step in (1, 2, 5) if step * power <= longest)
    end = 10 + metres / frame.metres_per_unit
    y = frame.height + 14
    _shape(parent, f"M10 {y - 5:g}V{y:g}H{end:g}V{y - 5:g}", stroke=INK, stroke_width="1.5")
    unit = (metres / 1000, "km") if metres >= 1000 else (metres, "m")
    decimals = 0 if unit[0] >= 1 else 1
    shown = f"{figures.number(unit[0], decimals, sheet.language)} {unit[1]}"
    _text(parent, end + 6, y, shown, fill=INK, text_anchor="start", font_size="12")
    for row, note in enumerate(sheet.notes[:2]):
        cut = _printable(note)
        cut = cut if len(cut) <= 66 else f"{cut[:65]}…"
        _text(parent, 10, y + 16 + row * 15, cut, fill=INK, text_anchor="start", font_size="11.5")


def _printable(text: str) -> str:
    """Without the control characters that no XML may hold; a blank that must not break is none of them."""
    return "".join(character for character in text if character.isprintable() or character in _BLANKS)


def _path(shape: BaseGeometry) -> str:
    """Path data of any geometry; points become nothing (they are drawn as circles)."""
    data: list[str] = []
    for part in shapely.get_parts(shapely.simplify(shape, 0.15)):
        if part.geom_type == "Polygon":
            data.extend(_walk(ring.coords, close=True) for ring in (part.exterior, *part.interiors))
        elif part.geom_type in {"LineString", "LinearRing"}:
            data.append(_walk(part.coords, close=False))
        elif part.geom_type.startswith("Multi") or part.geom_type == "GeometryCollection":
            data.append(_path(part))
        else:
            data.append(f"M{part.x - 3:.1f} {part.y:.1f}h6m-3 -3v6")
    return "".join(data)


def _walk(points: Iterable[Sequence[float]], *, close: bool) -> str:
    steps = [f"{x:.1f} {y:.1f}" for x, y, *_ in points]
    return f"M{'L'.join(steps[:-1] if close else steps)}{'Z' if close else ''}"


def _shape(parent: ET.Element, path: str, **attributes: str) -> None:
    given = {"fill": "none", **_spelt(attributes)}
    ET.SubElement(parent, "path", {"d": path, "fill-rule": "evenodd", **given})


def _rect(parent: ET.Element, x: float, y: float, width: float, height: float, **attributes: str) -> None:
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
    ET.SubElement(parent, "rect", {**place, **_spelt(attributes)})


def _circle(parent: ET.Element, x: float, y: float, radius: float, **attributes: str) -> None:
    place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:g}"}
    ET.SubElement(parent, "circle", {**place, "fill": "none", **_spelt(attributes)})


def _text(parent: ET.Element, x: float, y: float, text: str, **attributes: str) -> None:
    given = {"text-anchor": "middle", "font-size": f"{LABEL_SIZE:g}", "font-weight": "600"}
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", **given, **_spelt(attributes)}
    if attributes.get("text_anchor") == "start":
        place["font-weight"] = "400"
    ET.SubElement(parent, "text", place).text = text


def _spelt(attributes: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}

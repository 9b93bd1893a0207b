"""The legend of a drawn map: every line, pattern and colour on it with its word.

Read from the very `Sheet` that is drawn, so that nothing is on a map without standing here.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import count

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from planning.answer.model import Text
from portal import drawing, patterns, wording
from portal.drawing import Sheet
from portal.voice import Voice, named

Row = tuple[SafeString, SafeString]


def legend_of(sheet: Sheet, voice: Voice, ids: "count[int]") -> tuple[Row, ...]:
    """What was asked about, land uses by code, restrictions, disputes, and where data are missing."""
    return (
        *_outlines(sheet, voice),
        *_uses(sheet, voice, ids),
        *_limits(sheet, voice),
        *_grounds(sheet, voice, ids),
    )


def _outlines(sheet: Sheet, voice: Voice) -> Iterator[Row]:
    if sheet.subject is not None:
        subject = voice.answer.subject.type
        drawn = _circle() if subject == "point" else _line(patterns.INK, "none", "3.5")
        yield drawn, _word(wording.LEGEND[subject], voice)
    if sheet.parcels:
        yield _line(patterns.INK, "none", "1", "0.55"), _word(wording.LEGEND["parcels"], voice)


def _uses(sheet: Sheet, voice: Voice, ids: "count[int]") -> Iterator[Row]:
    uses = {area.use: area for area in sheet.areas if area.use}
    for code, area in sorted(uses.items()):
        swatch = patterns.swatch(area.colour, area.group, f"swatch-{next(ids)}")
        name = named(area.name_en, area.name_vi, voice.language)
        yield mark_safe(swatch), format_html("{} {}", code, name)  # noqa: S308 - built as a tree


def _limits(sheet: Sheet, voice: Voice) -> Iterator[Row]:
    for kind in sorted({limit.kind for limit in sheet.limits}):
        colour, dashes = drawing.LINE_STYLES.get(kind, drawing.OTHER_LINE)
        words = wording.RESTRICTION_LABELS.get(kind, wording.LEGEND["other"])
        yield _line(colour, dashes, "2.5"), _word(words, voice)


def _grounds(sheet: Sheet, voice: Voice, ids: "count[int]") -> Iterator[Row]:
    if sheet.conflicts:
        yield _ground(drawing.define_conflict, ids), _word(wording.LEGEND["conflict"], voice)
    if sheet.unknown:
        yield _ground(drawing.define_no_data, ids), _word(wording.LEGEND["no_data"], voice)


def _word(text: Text, voice: Voice) -> SafeString:
    return format_html("{}", voice.word(text))


def _svg() -> ET.Element:
    return ET.Element(
        "svg",
        {
            "class": "swatch",
            "viewBox": "0 0 24 24",
            "width": "24",
            "height": "24",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )


def _printed(svg: ET.Element) -> SafeString:
    return mark_safe(ET.tostring(svg, encoding="unicode"))  # noqa: S308 - built as a tree


def _line(colour: str, dashes: str, width: str, opacity: str = "1") -> SafeString:
    svg = _svg()
    drawn = {"d": "M1 12H23", "fill": "none", "stroke": colour, "stroke-dasharray": dashes}
    ET.SubElement(svg, "path", {**drawn, "stroke-width": width, "stroke-opacity": opacity})
    return _printed(svg)


def _circle() -> SafeString:
    svg = _svg()
    centre = {"cx": "12", "cy": "12", "fill": "none"}
    ET.SubElement(svg, "circle", {**centre, "r": "8", "stroke": patterns.INK, "stroke-width": "3"})
    ET.SubElement(svg, "circle", {**centre, "r": "2.5", "fill": patterns.INK})
    return _printed(svg)


def _ground(define: drawing.Define, ids: "count[int]") -> SafeString:
    svg = _svg()
    identifier = f"swatch-{next(ids)}"
    define(ET.SubElement(svg, "defs"), identifier)
    square = {"x": "1", "y": "1", "width": "22", "height": "22", "stroke": patterns.INK}
    ET.SubElement(svg, "rect", {**square, "fill": f"url(#{identifier})"})
    return _printed(svg)

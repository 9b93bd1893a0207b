"""Drawn maps: well-formed, readable without colour, and nothing that people typed becomes markup."""

import csv
import re
import xml.etree.ElementTree as ET
from itertools import count
from pathlib import Path

import pytest
import shapely
from django.utils.html import strip_tags

from planning.answer.model import Answer
from planning.codes import UseGroup, pattern_for
from planning.codes.patterns import HATCHES
from portal import drawing, legend, patterns, sheets
from portal.drawing import Area, Limit, Sheet
from portal.surroundings import Declared, Surroundings, label_of
from portal.voice import Voice
from tests.portal import samples
from tests.portal.samples import SAMPLES

_CODES = Path(__file__).resolve().parents[2] / "fixtures" / "codes"
LISTS = [path for path in sorted(_CODES.glob("*.csv")) if path.stem not in ("lists", "groups", "matches")]
SVG = "{http://www.w3.org/2000/svg}"
HERE = shapely.box(105.83, 21.01, 105.84, 21.02)


def sheet(**fields: object) -> Sheet:
    values: dict[str, object] = {
        "name": "test",
        "title": "Title",
        "description": "Description",
        "around": HERE,
        "subject": HERE,
    }
    return Sheet(**{**values, **fields})  # type: ignore[arg-type]


def texts_of(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_drawn_and_well_formed(name: str, language: str) -> None:
    answer = SAMPLES[name]
    drawn = drawing.draw(
        sheets.of_answer(answer, sheets.main_plan(answer), Surroundings(), name="map", language=language)
    )

    root = ET.fromstring(drawn)  # noqa: S314 - our own
    children = [child.tag for child in root]
    assert children[:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("aria-labelledby") == "map-title map-description"
    assert not re.search(r"\sstyle=|<script|\son\w+=|href=", drawn)


def test_what_people_typed_never_becomes_markup() -> None:
    evil = '"><script>alert(1)</script><a href="javascript:x">\x00\x1b]]>&amp;'
    drawn = drawing.draw(
        sheet(
            title=evil,
            description=evil,
            notes=[evil],
            areas=[Area(shape=HERE, label=evil, colour='#FFF" onload="x', group=evil)],
            limits=[Limit(shape=HERE, label=evil, kind=evil)],
        )
    )

    root = ET.fromstring(drawn)  # noqa: S314 - our own
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert "script" not in tags
    assert "a" not in tags
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert "<script" not in drawn


def test_a_zone_carries_its_code_with_a_halo_below() -> None:
    drawn = drawing.draw(sheet(areas=[Area(shape=HERE, label="ODT-7", colour="#FFA0FF", group="housing")]))

    assert texts_of(drawn).count("ODT-7") == 2


def test_an_unknown_colour_is_grey_and_crossed_never_invented() -> None:
    drawn = drawing.draw(sheet(areas=[Area(shape=HERE, label="X", colour="", group="housing")]))

    assert patterns.NO_COLOUR in drawn
    assert "test-unknown" in drawn


def test_no_two_main_groups_look_alike_without_colour() -> None:
    drawn = [HATCHES[pattern_for(group)] for group in UseGroup]

    assert len({repr(pattern) for pattern in drawn}) == len(UseGroup)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_main_group_of_the_code_lists_has_a_pattern(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        groups = {row["group"] for row in csv.DictReader(file)}

    assert groups - {""} <= set(UseGroup)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_labels_can_be_read_on_every_official_colour(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        colours = {row["colour"] for row in csv.DictReader(file) if row["colour"]}

    for colour in colours | {patterns.NO_COLOUR, drawing.PAPER}:
        # dark letters stand out from the ground, or on a dark ground their halo does
        ink = (luminance(colour) + 0.05) / (luminance("#111111") + 0.05)
        halo = (luminance(drawing.PAPER) + 0.05) / (luminance(colour) + 0.05)
        assert max(ink, halo) >= 4.5, colour


def test_the_map_of_the_country_names_both_archipelagos() -> None:
    drawn = drawing.draw(sheet(around=shapely.box(102, 4.5, 118, 23.5), subject=None))

    assert {"Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)"} <= set(texts_of(drawn))


def test_a_map_of_a_street_names_neither() -> None:
    assert not [text for text in texts_of(drawing.draw(sheet())) if "Quần đảo" in text]


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    frame = drawing.Frame.around(HERE)
    west, south, east, north = frame.window()

    ((left, _), (right, _)) = frame.project(
        shapely.get_coordinates(shapely.LineString([(west, south), (east, south)]))
    )

    # a degree of longitude is 103.9 km at 21 degrees north
    assert (right - left) * frame.metres_per_unit == pytest.approx((east - west) * 103_930, rel=0.002)
    assert north > south


def test_drawing_twice_gives_the_same_text() -> None:
    assert drawing.draw(sheet()) == drawing.draw(sheet())


def test_blanks_that_must_not_break_stay_in_the_drawing() -> None:
    drawn = drawing.draw(sheet(notes=["22\N{NO-BREAK SPACE}November 2026", "100.0\N{NO-BREAK SPACE}%"]))

    assert "22\N{NO-BREAK SPACE}November 2026" in texts_of(drawn)
    assert "100.0\N{NO-BREAK SPACE}%" in texts_of(drawn)


def drawn_of(answer: Answer, near: Surroundings) -> Sheet:
    return sheets.of_answer(answer, sheets.main_plan(answer), near, name="map", language="en")


def test_ground_without_data_is_dotted_and_has_its_row_in_the_legend() -> None:
    nothing = drawn_of(samples.answer(samples.UNKNOWN), Surroundings(coverage=()))

    assert "map-no-data" in drawing.draw(nothing)
    assert "No data" in [label for _, label in legend_in_words(nothing)]


def test_ground_where_the_data_are_declared_complete_is_plain() -> None:
    everywhere = shapely.box(100, 5, 115, 25)
    declared = Declared(theme="land_use", plan_kind="", state="complete", shape=everywhere)
    hole = Declared(theme="land_use", plan_kind="", state="not_loaded", shape=everywhere)
    answer = samples.answer(samples.WHOLE)

    assert drawn_of(answer, Surroundings(coverage=(declared,))).unknown == []
    assert drawn_of(answer, Surroundings(coverage=(declared, hole))).unknown != []
    assert drawn_of(answer, Surroundings(coverage=())).unknown != []


def legend_in_words(drawn: Sheet) -> list[tuple[str, str]]:
    voice = Voice("en", SAMPLES["concerned"])
    return [(str(swatch), strip_tags(label)) for swatch, label in legend.legend_of(drawn, voice, count(1))]


def test_everything_on_a_map_stands_in_its_legend() -> None:
    labels = {label for _, label in legend_in_words(drawn_of(SAMPLES["concerned"], Surroundings()))}

    assert {"The parcel asked about", "Two plans disagree", "Red line", "Building line"} <= labels
    assert any(label.startswith("ODT ") for label in labels)


def test_a_zone_carries_the_code_that_the_legend_explains() -> None:
    assert label_of("46-19A", "ODT") == "46-19A · ODT"
    assert label_of("ODT-01", "ODT") == "ODT-01"
    assert label_of("", "ODT") == "ODT"

"""The table of what can be said: complete, and no two rows to be mistaken for each other."""

import re
import string
from collections.abc import Iterator

import pytest

from planning.answer.model import ItemClass, Text, ThemeState
from planning.codes.indicators import IndicatorState
from planning.models import CoverageState, LegalStatus, RestrictionKind
from portal import marks, others, wording
from portal.wording import WORDING, Said

LANGUAGES = ("vi", "en")
FORBIDDEN = ("an toàn tuyệt đối", "sạch quy hoạch", "dính quy hoạch", "certificate", "guaranteed", "!")


def texts() -> Iterator[tuple[str, Text]]:
    """Every text of the table, wherever it stands."""
    for name, value in vars(wording).items():
        if isinstance(value, Text):
            yield name, value
        if isinstance(value, dict):
            for key, entry in value.items():
                if isinstance(entry, Text):
                    yield f"{name}.{key}", entry
    for said, row in WORDING.items():
        for part in ("badge", "area", "point", "meaning"):
            yield f"{said}.{part}", getattr(row, part)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["badge", "area", "point", "meaning"])
def test_no_two_states_share_their_words(part: str, language: str) -> None:
    said = [wording.said(getattr(row, part), language) for row in WORDING.values()]

    assert len(set(said)) == len(Said)


def test_no_two_states_share_a_mark() -> None:
    drawn = [marks.draw(row.mark) for row in WORDING.values()]

    assert len(set(drawn)) == len(Said)


def test_every_state_and_class_has_its_row() -> None:
    spoken = {said.value for said in WORDING}

    assert {item_class.value for item_class in ItemClass} <= spoken
    # concerned and uncertain are said by the classes of what was found
    assert {state.value for state in ThemeState} - {"concerned", "uncertain"} <= spoken
    assert set(wording.CLASS_BADGES) == set(ItemClass)
    assert set(wording.COVERAGE) == set(CoverageState.values)
    assert set(wording.STATUSES) == set(LegalStatus.values)
    assert set(wording.RESTRICTION_KINDS) == set(RestrictionKind.values)
    assert set(wording.RESTRICTION_LABELS) == set(RestrictionKind.values)
    assert set(wording.INDICATOR_STATES) == set(IndicatorState) - {IndicatorState.STATED}


@pytest.mark.parametrize(("name", "text"), list(texts()))
def test_both_languages_speak_of_the_same_things(name: str, text: Text) -> None:
    def placeholders(sentence: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}

    assert text.vi.strip()
    assert text.en.strip()
    assert placeholders(text.vi) == placeholders(text.en), name


@pytest.mark.parametrize(("name", "text"), list(texts()))
def test_nothing_promises_or_frightens(name: str, text: Text) -> None:
    both = f"{text.vi} {text.en}".casefold()

    assert not [word for word in FORBIDDEN if word in both], name


def test_not_knowing_never_sounds_like_a_no() -> None:
    for said in (Said.UNKNOWN, Said.PARTLY_KNOWN, Said.WITHHELD, Said.ERROR):
        row = WORDING[said]
        for text in (row.badge, row.area, row.point):
            assert not re.search(r"\bapplies\b|not affected", text.en.casefold())
            assert "áp dụng" not in text.vi
            assert "không thuộc" not in text.vi.casefold()


def test_every_status_that_is_not_law_has_a_mark_of_its_own() -> None:
    shapes = [marks.draw(others.MARKS[status]) for status in LegalStatus.values if status != "in_force"]

    assert len(set(shapes)) == len(LegalStatus.values) - 1


def test_no_status_is_drawn_in_the_colour_of_a_verdict() -> None:
    colours = {
        colour
        for mark in others.MARKS.values()
        for colour in re.findall(r"#[0-9A-Fa-f]{3,6}", marks.draw(mark))
    }

    assert colours == set()

"""How answers read: the right row of the table, printed books that close, no blank anywhere."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import shapely
from django.utils import translation
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from planning.answer.model import Decision, Item, ItemClass, ThemeAnswer, ThemeState
from portal.facts import indicator_facts
from portal.reading import Reading, read
from portal.states import said_of
from portal.wording import Said
from tests.portal import samples
from tests.portal.samples import SAMPLES


def lead_of(theme: ThemeAnswer, language: str = "en") -> str:
    (found,) = read(samples.answer(theme), language).themes
    return strip_tags(" ".join(found.lead)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        (samples.CONCERNED, Said.WHOLE),
        (samples.WHOLE, Said.WHOLE_AS_DRAWN),
        (samples.WHOLE_FOR_SURE, Said.WHOLE),
        (samples.LINES, Said.CROSSED),
        (samples.BORDERLINE, Said.BORDERLINE),
        (samples.TOUCH, Said.TOUCH),
        (samples.NOT_CONCERNED, Said.NOT_CONCERNED),
        (samples.NONE_EXISTS, Said.NONE_EXISTS),
        (samples.SOME_NOT_MADE, Said.NOT_CONCERNED_OR_NOT_MADE),
        (samples.PARTLY_KNOWN, Said.PARTLY_KNOWN),
        (samples.UNKNOWN, Said.UNKNOWN),
        (samples.WITHHELD, Said.WITHHELD),
        (samples.ERROR, Said.ERROR),
    ],
)
def test_every_state_is_said_by_its_own_row(theme: ThemeAnswer, said: Said) -> None:
    assert said_of(theme) is said


@pytest.mark.parametrize("states", [(), ("partial",), ("not_loaded", "complete"), ("withheld",)])
def test_no_is_never_said_without_a_declaration_behind_it(states: tuple[str, ...]) -> None:
    coverage = tuple(samples.coverage(state) for state in states)
    unbacked = samples.theme("lines", ThemeState.NOT_CONCERNED, coverage=coverage)

    assert said_of(unbacked) is Said.UNKNOWN
    assert "That does not mean that nothing is planned." in lead_of(unbacked)


def test_a_no_where_a_plan_was_struck_down_says_that_there_was_one() -> None:
    was = replace(samples.REPLACED, theme=samples.NOT_CONCERNED.code, status="annulled")

    found = read(samples.answer(samples.NOT_CONCERNED, superseded=(was,)), "en").themes[0]
    free = read(samples.answer(samples.NOT_CONCERNED), "en").themes[0]

    assert "that no longer applies" in strip_tags(" ".join(found.lead))
    assert "annulled" not in strip_tags(" ".join(free.lead))


def test_a_part_is_said_with_its_range_and_plan() -> None:
    lead = lead_of(samples.CONCERNED)

    assert lead.startswith(
        "About 78–84 % of this parcel is planned as Urban residential land (ODT) in Zoning plan H1-1A."
    )
    assert "A further about 15–22 % is planned as Traffic land (DGT)." in lead


def test_what_is_not_known_and_what_plans_dispute_opens_the_page_too() -> None:
    lead = lead_of(samples.CONCERNED)

    assert "Two plans in force disagree on 160.0 m² of this parcel (80.0 %)" in lead
    assert "there may be more that we do not know of" in lead
    assert "not public" in lead


def test_a_boundary_asks_to_ask_the_office() -> None:
    assert lead_of(samples.BORDERLINE) == (
        "This parcel lies on the boundary of Traffic land (DGT) in Land-use plan 2030; a map at 1:5,000 is "
        "not accurate enough to tell. Ask Office of Economy, Infrastructure and Urban Affairs."
    )


def test_a_red_line_tells_what_is_cut_off_and_what_remains() -> None:
    assert "about 32.0 m² lie beyond it, about 168.0 m² remain, about 8.4 m wide" in lead_of(samples.LINES)


def test_vietnamese_sentences_read_as_written_by_a_planner() -> None:
    lead = lead_of(samples.CONCERNED, "vi")

    assert lead.startswith(
        "Khoảng 78–84 % thửa đất này được quy hoạch là Đất ở tại đô thị (ODT) theo Quy hoạch phân khu H1-1A."
    )


def test_a_name_without_english_is_marked_as_vietnamese() -> None:
    reading = read(SAMPLES["concerned"], "en")

    assert '<span lang="vi">Quy hoạch chi tiết khu phố Mẫu</span>' in "".join(reading.themes[0].lead)


def number(shown: str) -> Decimal:
    """A printed figure; a trace counts as nothing."""
    text = shown.replace("\N{NO-BREAK SPACE}", "").replace(",", "").removesuffix("m²").removesuffix("%")
    if "<" in text:
        return Decimal(0)
    return -Decimal(text[1:]) if text.startswith("−") else Decimal(text)


def assert_books_close(reading: Reading) -> None:
    for theme in reading.themes:
        for plan in theme.plans:
            parts = [row for row in plan.rows if row.kind != "total"]
            totals = [row for row in plan.rows if row.kind == "total"]
            for total in totals:
                assert sum(number(row.area) for row in parts) == number(total.area)
                assert sum(number(row.share) for row in parts) == Decimal(100)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_printed_books_close(name: str) -> None:
    assert_books_close(read(SAMPLES[name], "en"))


@given(
    st.lists(st.integers(1, 99_999), min_size=1, max_size=12),
    st.integers(0, 50_000),
    st.integers(0, 5_000),
)
def test_the_printed_books_close_for_any_areas(parts: list[int], uncovered: int, overlap: int) -> None:
    areas = [part / 1000 for part in parts]
    subject = max(sum(areas) + uncovered / 1000 - overlap / 1000, 0.001)
    double = sum(areas) + uncovered / 1000 - subject
    items = tuple(
        samples.item(ItemClass.PART, samples.ODT, None, area=area, code=f"ODT-{place}")
        for place, area in enumerate(areas)
    )
    plan = samples.plan_answer(
        samples.ZONING, (), items, uncovered_m2=uncovered / 1000, overlap_m2=max(double, 0.0)
    )
    theme = samples.theme("construction", ThemeState.CONCERNED, plans=(plan,))
    parcel = replace(samples.SUBJECT, area_m2=subject)

    (found,) = read(samples.answer(theme, subject=parcel), "en").themes[0].plans

    *rows, total = found.rows
    assert total.kind == "total"
    assert sum(number(row.area) for row in rows) == number(total.area)
    assert sum(number(row.share) for row in rows) == Decimal(100)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_rule_value_is_never_blank(language: str) -> None:
    with translation.override(language):
        facts = indicator_facts(samples.INDICATORS, language)

    assert all(strip_tags(fact.value).strip(" -–—") for fact in facts)
    assert len({fact.value for fact in facts}) == len(facts)


def test_the_four_states_of_a_rule_value_are_words() -> None:
    values = {fact.term: strip_tags(fact.value) for fact in indicator_facts(samples.INDICATORS, "en")}

    assert values["Building coverage (part of the land built on)"] == "40-60\N{NO-BREAK SPACE}%"
    assert values["Floor-area ratio (all floor area divided by the land area)"] == "Not in the data"
    assert values["Storeys"] == "Not regulated by the plan"
    assert values["Building height"] == "See another document: theo QĐ 2413"


def test_a_rule_that_people_ask_for_is_named_though_the_data_lack_it() -> None:
    assert {strip_tags(fact.value) for fact in indicator_facts({}, "en")} == {"Not in the data"}


def test_a_difference_from_the_register_is_said() -> None:
    with translation.override("en"):
        facts = {fact.term: fact.value for fact in read(SAMPLES["concerned"], "en").subject}

    assert "less than on the map" in facts["Area in the register"]


def test_a_point_has_no_areas() -> None:
    reading = read(SAMPLES["point"], "en")

    assert strip_tags(reading.themes[0].lead[0]).startswith("This point is planned as Urban residential land")
    assert not reading.themes[0].plans[0].has_share


ADJUSTMENT = Decision(kind="decision", number="1457/QĐ-UBND", date=date(2024, 5, 6), issuer="UBND thành phố")


def adjusted(item: Item) -> Item:
    """The same zone by a local adjustment with a decision of its own."""
    return replace(item, edition="zoning/2", decision=ADJUSTMENT, in_force_from=date(2024, 6, 1))


def whole_of(item: Item) -> ThemeAnswer:
    total = samples.total(ItemClass.WHOLE, samples.ODT, 200.0, 1.0, 1.0)
    plans = (samples.plan_answer(samples.ZONING, (total,), (item,)),)
    return samples.theme("construction", ThemeState.CONCERNED, plans=plans)


def test_a_local_adjustment_is_told_with_its_own_decision_in_the_open() -> None:
    item = samples.item(ItemClass.WHOLE, samples.ODT, None, area=200.0, low=1.0, high=1.0)
    theme = whole_of(adjusted(item))

    with translation.override("en"):
        (plan,) = read(samples.answer(theme), "en").themes[0].plans

    assert "in Zoning plan H1-1A, as adjusted by decision 1457/QĐ-UBND of 6 May 2024." in lead_of(theme)
    assert "1457/QĐ-UBND" in (plan.rows[0].origin or "")
    assert plan.zones[0].origin is not None
    facts = {fact.term: fact.value for fact in plan.facts}
    assert "6398/QĐ-UBND" in facts["Original decision"]
    assert "1457/QĐ-UBND" in facts["Adjusted here by"]


def test_the_first_decision_of_a_plan_needs_no_word_about_adjustments() -> None:
    item = samples.item(ItemClass.WHOLE, samples.ODT, None, area=200.0, low=1.0, high=1.0)
    (plan,) = read(samples.answer(whole_of(item)), "en").themes[0].plans

    assert "adjusted" not in lead_of(whole_of(item))
    assert plan.rows[0].origin is None


def red_line(item_class: ItemClass, **fields: float) -> ThemeAnswer:
    line = samples.limit(item_class, "red_line", "phố", shapely.LineString([(0, 0), (1, 1)]), **fields)
    return samples.theme("lines", ThemeState.CONCERNED, plans=(samples.without_books(samples.ZONING, line),))


def test_a_line_on_the_boundary_is_never_said_to_cut() -> None:
    theme = red_line(ItemClass.BORDERLINE, length_m=10.0, along_m=8.0, beyond_m2=2.0, remainder_width_m=9.0)
    theme = replace(theme, state=ThemeState.UNCERTAIN)

    assert "cannot tell whether it cuts into it" in lead_of(theme)
    assert "beyond" not in lead_of(theme)


def test_a_sure_cut_names_the_accuracy_of_the_line() -> None:
    assert "the line is drawn to within ± 0.4 m" in lead_of(samples.LINES)


def test_what_a_line_cuts_off_and_what_remains_add_up_as_printed() -> None:
    theme = red_line(ItemClass.PART, length_m=10.0, along_m=0.0, beyond_m2=19.24, remainder_width_m=4.0)
    parcel = replace(samples.SUBJECT, area_m2=79.05)

    lead = strip_tags(read(samples.answer(theme, subject=parcel), "en").themes[0].lead[0])

    beyond, remainder = (
        Decimal(each) for each in re.findall(r"about ([0-9.]+)\N{NO-BREAK SPACE}m²", lead)[:2]
    )
    assert beyond + remainder == Decimal(f"{round(79.05 * 10) / 10:.1f}")


def test_several_uses_that_cover_a_parcel_together_are_not_said_to_cover_part() -> None:
    totals = (
        samples.total(ItemClass.PART, samples.ODT, 170.0, 0.83, 0.89),
        samples.total(ItemClass.PART, samples.DGT, 30.0, 0.11, 0.17),
    )
    full = samples.theme(
        "construction", ThemeState.CONCERNED, plans=(samples.plan_answer(samples.ZONING, totals, ()),)
    )
    lacking = replace(
        full, plans=(samples.plan_answer(samples.ZONING, totals, (), uncovered_m2=20.0, outside_m2=0.0),)
    )

    assert said_of(full) is Said.SEVERAL
    assert said_of(lacking) is Said.PART
    assert "the rest has another use. A further" in lead_of(full)


def test_a_draft_over_the_land_is_in_the_lead_and_among_the_badges() -> None:
    reading = read(replace(SAMPLES["concerned"], upcoming=SAMPLES["concerned"].upcoming[:1]), "en")

    assert strip_tags(reading.coming[0]).startswith("A draft may change what is planned for this parcel")
    assert ("upcoming", "There is a draft") in [(badge.anchor, badge.text) for badge in reading.badges]
    assert read(SAMPLES["nothing"], "en").coming == ()


def test_plans_that_disagree_and_whom_to_ask_have_badges() -> None:
    badges = {badge.anchor: badge.text for badge in read(SAMPLES["concerned"], "en").badges}

    assert badges["theme-construction"] == "Two plans disagree"
    assert badges["office"] == "Whom to ask?"


def test_a_draft_without_a_decision_has_none_yet() -> None:
    draft = replace(SAMPLES["concerned"].upcoming[0], decision=None, status="draft")

    (shown,) = read(replace(SAMPLES["concerned"], upcoming=(draft,)), "en").upcoming

    assert shown.decision == "No decision yet"


def test_what_used_to_apply_is_never_said_not_to_have_been_made() -> None:
    was = replace(samples.REPLACED, theme=samples.NONE_EXISTS.code, status="annulled")

    found = read(samples.answer(samples.NONE_EXISTS, superseded=(was,)), "vi").themes[0]

    assert found.badge == "Hiện không có"
    assert "chưa có" not in strip_tags(" ".join(found.lead)).casefold()
    assert "hiện không có" in strip_tags(" ".join(found.lead)).casefold()


def test_a_corridor_applies_and_is_not_planned() -> None:
    assert read(samples.answer(samples.CORRIDORS), "en").themes[0].badge == "Applies"


def test_a_comma_in_a_published_figure_is_explained_to_english_readers() -> None:
    given = {"floor_area_ratio": {"text": "2,8", "min": 2.8, "max": 2.8, "unit": "", "state": "stated"}}

    shown = {strip_tags(fact.value) for fact in indicator_facts(given, "en", always=())}

    assert shown == {"2,8 (as published)"}
    assert {fact.value for fact in indicator_facts(given, "vi", always=())} == {"2,8"}

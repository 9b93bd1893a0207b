"""The pages through the whole stack: stored plans in, a page out, without a script."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from portal import views
from tests import town

pytestmark = pytest.mark.django_db

NB = "\N{NO-BREAK SPACE}"


@pytest.fixture
def parcel() -> str:
    """A parcel of 20 m by 10 m, four fifths of it housing, the rest road; red line, adjustment, coverage."""
    plan = town.plan("zoning", scale=2000)
    first = town.edition(plan, in_force=date(2018, 1, 1))
    town.zone(first, town.square(-50, -50, 66, 200), "ODT")
    town.zone(first, town.square(16, -50, 60, 200), "DGT")
    town.restriction(first, town.line((-50, 8), (80, 8)))
    town.cover(town.square(-100, -100, 300))
    town.cover(town.square(-100, -100, 300), theme="corridors")
    found = town.parcel("45", town.square(0, 0, 20, 10), sheet="3")
    town.publish()
    return found.code


def words_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    text = strip_tags(re.sub(r"<svg.*?</svg>", "", page.content.decode(), flags=re.S))
    return re.sub(r"\s+", " ", text.replace(NB, " "))


PAGES = ("/", "/plans/", "/plans/zoning", "/zones/zoning.1.1", "/about", "/points/105.85,21.03")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages(client: Client, parcel: str, address: str, prefix: str) -> None:
    page = client.get(prefix + address)

    assert page.status_code == 200
    language = "en" if prefix else "vi"
    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.parametrize("address", [*PAGES, "/parcels/{parcel}"])
def test_nothing_on_a_page_is_inline(client: Client, parcel: str, address: str) -> None:
    page = client.get(address.format(parcel=parcel)).content.decode()

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    assert "unsafe" not in client.get("/")["Content-Security-Policy"]


def test_the_page_of_a_parcel_opens_with_its_largest_use(client: Client, parcel: str) -> None:
    words = words_of(client, f"/en/parcels/{parcel}")

    assert (
        "of this parcel is planned as Urban housing (ODT) in Plan zoning; the rest has another use." in words
    )
    assert "A further about 17–23 % is planned as Roads (DGT)." in words


def test_the_page_says_the_same_as_the_json(client: Client, parcel: str) -> None:
    answer = client.get(f"/api/v1/parcels/{parcel}/planning").json()
    words = words_of(client, f"/en/parcels/{parcel}")

    items = [
        item
        for theme in answer["themes"]
        for plan in theme["plans"]
        for item in plan["items"]
        if item["share"]
    ]
    assert items
    for item in items:
        assert f"{item['area_m2']:,.1f} m²" in words
        assert f"{item['share'] * 100:.1f} %" in words
        assert item["zone"]["code"] in words
        assert item["source"]["sha256"] in words
    assert answer["digest"] in words
    assert f"{answer['subject']['area_m2']:,.1f} m²" in words
    assert answer["disclaimer"]["en"] in words


def test_a_page_of_the_past_asks_for_the_day_it_shows(client: Client, parcel: str) -> None:
    words = words_of(client, f"/en/parcels/{parcel}?as_at=01/06/2017")

    assert "This answer is for 1 June 2017." in words
    assert "is planned as" not in words


@pytest.mark.parametrize("day", ["1900-01-01", "2100-01-01", "1000-01-01", "9999-12-31"])
def test_a_day_without_data_is_unknown_and_never_a_no(client: Client, parcel: str, day: str) -> None:
    words = words_of(client, f"/en/parcels/{parcel}?as_at={day}")

    assert "We hold no data on any" in words
    assert "Not affected" not in words


def test_a_point_in_the_sea_is_unknown(client: Client, parcel: str) -> None:
    words = words_of(client, "/en/points/112.5,12.5")

    assert "That does not mean that nothing is planned." in words
    assert "Not affected" not in words


def test_a_lasting_address_shows_the_same_again(client: Client, parcel: str) -> None:
    first = client.get(f"/parcels/{parcel}").content.decode()
    (lasting,) = set(re.findall(r'href="(http://testserver/parcels/[^"]*)"', first))

    again = client.get(lasting.replace("&amp;", "&")).content.decode()

    digest = r'<dd class="hash">([0-9a-f]{64})</dd>'
    assert re.findall(digest, first)[-1] == re.findall(digest, again)[-1]


def test_the_other_language_is_the_same_page(client: Client, parcel: str) -> None:
    page = client.get(f"/parcels/{parcel}?as_at=2020-01-01").content.decode()
    english = client.get(f"/en/parcels/{parcel}?as_at=2020-01-01").content.decode()

    assert f'href="/en/parcels/{parcel}?as_at=2020-01-01" lang="en"' in page
    assert f'href="/parcels/{parcel}?as_at=2020-01-01" lang="vi"' in english


def test_the_maps_show_the_neighbourhood(client: Client, parcel: str) -> None:
    page = client.get(f"/parcels/{parcel}").content.decode()

    drawn = re.findall(r"<svg[^>]*class=\"drawing\".*?</svg>", page, flags=re.S)
    assert len(drawn) == 1
    assert "ODT-01" in drawn[0]
    assert "DGT-02" in drawn[0]
    assert "Chỉ giới đường đỏ" in drawn[0]


def test_one_code_leads_straight_to_its_parcel(client: Client, parcel: str) -> None:
    answer = client.get("/en/", {"q": parcel.upper(), "as_at": "1/1/2020"})

    assert answer.status_code == 302
    assert answer["Location"] == f"/en/parcels/{parcel}?as_at=2020-01-01"


def test_a_number_gives_results_to_choose_from(client: Client, parcel: str) -> None:
    page = client.get("/en/", {"q": "sheet 3 parcel 45"}).content.decode()

    assert f'href="/en/parcels/{parcel}"' in page
    assert "Parcel 45, sheet 3" in page


def test_coordinates_lead_to_the_point_and_name_the_parcel_beside(client: Client, parcel: str) -> None:
    longitude, latitude = town.point(10, 5).coords

    page = client.get("/en/", {"q": f"{latitude:.7f}, {longitude:.7f}"}).content.decode()

    assert 'href="/en/points/' in page
    assert f'href="/en/parcels/{parcel}"' in page


def test_an_empty_result_says_what_was_understood_and_three_ways_on(client: Client, parcel: str) -> None:
    page = client.get("/en/", {"q": "sheet 99 parcel 1234"}).content.decode()

    assert "We took it for a map sheet and a parcel number." in page
    assert "That does not mean that nothing is planned there." in page
    assert re.search(r"<ol>(\s*<li>.*?</li>){3}\s*</ol>", page, flags=re.S)


def test_the_search_field_has_the_cursor(client: Client) -> None:
    page = client.get("/").content.decode()

    assert re.search(r'<input type="search" id="q"[^>]*autofocus', page)


def test_the_examples_on_the_first_page_work(client: Client, parcel: str) -> None:
    page = client.get("/en/").content.decode()
    examples = re.findall(r'<a href="(\?q=[^"]+)"', page)

    assert len(examples) == 5
    for example in examples:
        assert 'class="choices"' in client.get(f"/en/{example}").content.decode(), example


def test_without_any_data_the_pages_still_stand(client: Client) -> None:
    for address in ("/", "/plans/", "/about", "/?q=3+45"):
        assert client.get(address).status_code == 200
    assert "Chưa có quy hoạch nào được công bố" in words_of(client, "/plans/")


def test_a_staged_plan_is_shown_to_nobody(client: Client) -> None:
    staged = town.edition(town.plan("secret"))
    zone = town.zone(staged, town.square(0, 0, 10))

    assert client.get("/plans/secret").status_code == 404
    assert client.get(f"/zones/{zone.public_id}").status_code == 404
    assert "Quy hoạch secret" not in words_of(client, "/plans/")


def test_plans_are_found_by_words_without_diacritics_and_by_kind(client: Client, parcel: str) -> None:
    other = town.plan("land-use", kind="land_use", search_title="quy hoach land use")
    town.zone(town.edition(other), town.square(0, 0, 50))
    town.publish()

    assert "/plans/zoning" not in client.get("/plans/?kind=land_use").content.decode()
    assert "/plans/land-use" in client.get("/plans/?q=LAND+USE").content.decode()
    assert "/plans/land-use" not in client.get("/plans/?q=xyz%00").content.decode()


def test_a_plan_tells_its_history_and_its_files(client: Client, parcel: str) -> None:
    words = words_of(client, "/en/plans/zoning")

    assert "1 January 2018 · In force" in words
    assert "0101/QĐ-UBND" in words
    assert "SHA-256" in words
    assert "Planning office town states that the data are complete as of 1 January 2018." in words


def test_a_zone_tells_its_status_of_today(client: Client, parcel: str) -> None:
    assert "In force from 1 January 2018." in words_of(client, "/en/zones/zoning.1.1")
    assert "Red line" in words_of(client, "/en/zones/zoning.1.r1")


def test_invented_data_are_called_so_on_every_page(client: Client) -> None:
    office = town.office("demo", is_demonstration=True)
    plan = town.plan("demo-plan", of=office)
    edition = town.edition(plan)
    zone = town.zone(edition, town.square(-50, -50, 100))
    found = town.parcel("1", town.square(0, 0, 10), upload=town.upload(name="p.gpkg", by=office))
    town.publish()

    pages = (
        "/",
        "/plans/",
        "/plans/demo-plan",
        f"/zones/{zone.public_id}",
        "/about",
        f"/parcels/{found.code}",
    )
    for address in pages:
        assert "Dữ liệu minh họa" in words_of(client, address), address


def test_a_page_asks_a_small_fixed_number_of_questions(
    client: Client, parcel: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # subject, candidates (and what they set); zones, restrictions, parcels and coverage around; province;
    # whether anything was published within the second that is cited
    client.get(f"/parcels/{parcel}")

    with django_assert_num_queries(8):
        client.get(f"/parcels/{parcel}")


@pytest.mark.parametrize("address", ["/parcels/{parcel}", "/points/105.85,21.03", "/?q=3+45"])
def test_no_page_says_that_an_answer_is_the_law_of_the_day(client: Client, parcel: str, address: str) -> None:
    for prefix, law in (("", "Đây là quy hoạch có hiệu lực"), ("/en", "law in force on")):
        assert law not in words_of(client, prefix + address.format(parcel=parcel))
    assert "Câu trả lời này cho ngày 01/01/1900" in words_of(client, f"/parcels/{parcel}?as_at=1900-01-01")


def test_the_map_of_a_day_without_data_is_dotted_and_shows_no_line(client: Client, parcel: str) -> None:
    page = client.get(f"/parcels/{parcel}?as_at=1900-01-01").content.decode()

    assert "map-no-data" in page
    assert "Chỉ giới đường đỏ</text>" not in page


def test_the_map_within_complete_data_is_not_dotted(client: Client, parcel: str) -> None:
    assert "map-no-data" not in client.get(f"/parcels/{parcel}").content.decode()


def test_plans_are_listed_with_their_legal_status_of_today(client: Client, parcel: str) -> None:
    draft = town.edition(town.plan("garden"), in_force=None, consultation=date(2026, 1, 1))
    town.zone(draft, town.square(0, 0, 50))
    town.publish()

    words = words_of(client, "/en/plans/")
    assert "In force · Zoning plan" in words
    assert "Draft, not in force · Zoning plan" in words
    assert "Legal status todayDraft, not in force" in words_of(client, "/en/plans/garden")


def test_declarations_that_differ_say_where_they_hold(client: Client, parcel: str) -> None:
    town.cover(town.square(0, 0, 100), "not_loaded")
    town.publish()

    words = words_of(client, "/en/plans/zoning")

    assert "Construction: Part of the extent (9.0 ha): Planning office town states" in words
    assert "Construction: Part of the extent (1.0 ha): Planning office town says" in words


def test_a_zone_names_its_decision_and_what_replaced_it(client: Client, parcel: str) -> None:
    second = town.edition(town.plan("zoning"), in_force=date(2020, 1, 1))
    town.zone(second, town.square(-50, -50, 126, 200), "CXDT")
    town.publish()

    words = words_of(client, "/en/zones/zoning.1.1")

    assert "Decision0101/QĐ-UBND · 1 January 2018" in words
    assert "Replaced since 1 January 2020. Because of: edition 2 of Plan zoning, decision" in words


@pytest.mark.parametrize("address", ["/about", "/parcels/{parcel}", "/en/plans/zoning", "/zones/zoning.1.1"])
def test_a_slash_at_the_end_leads_to_the_page_without(client: Client, parcel: str, address: str) -> None:
    address = address.format(parcel=parcel)

    answer = client.get(f"{address}/?as_at=2020-01-01")

    assert (answer.status_code, answer["Location"]) == (301, f"{address}?as_at=2020-01-01")


def test_programs_and_browsers_find_what_they_look_for(client: Client) -> None:
    assert client.get("/robots.txt").content.decode().startswith("User-agent: *")
    assert client.get("/favicon.ico").status_code == 302


def test_a_lasting_address_has_whole_seconds_in_utc(client: Client, parcel: str) -> None:
    page = client.get(f"/parcels/{parcel}?known_at=2025-01-01T10:00:00.25%2B07:00").content.decode()

    assert "known_at=2025-01-01T03%3A00%3A00Z" in page


def test_another_day_is_said_before_the_answer_and_leads_to_today(client: Client, parcel: str) -> None:
    page = client.get(f"/en/parcels/{parcel}?as_at=2019-05-01").content.decode()
    banner = page[page.index('class="another-day"') : page.index('class="lead"')]

    assert f"This is about 1{NB}May 2019, not about today." in banner
    assert f'href="/en/parcels/{parcel}"' in banner
    assert "another-day" not in client.get(f"/en/parcels/{parcel}").content.decode()


def test_what_was_known_once_says_how_much_changed_since(client: Client, parcel: str) -> None:
    words = words_of(client, f"/en/parcels/{parcel}?known_at=01/02/2020")

    assert "This is what was known at 23:59, 1 February 2020." in words
    assert "Since then the data have been changed by 1 publication." in words
    assert "not about today" not in words


def test_links_keep_both_dates(client: Client, parcel: str) -> None:
    now = "21/11/2099 08:00"
    page = client.get(f"/en/parcels/{parcel}?as_at=2019-05-01").content.decode()

    assert 'href="/en/plans/zoning?as_at=2019-05-01"' in page
    assert 'href="/en/zones/zoning.1.1?as_at=2019-05-01"' in page
    assert client.get(f"/en/parcels/{parcel}", {"known_at": now}).status_code == 400


@pytest.mark.parametrize("address", ["/parcels/{parcel}", "/plans/zoning", "/zones/zoning.1.1"])
@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("as_at", "31/02/2026", "This is not a date."),
        ("known_at", "hôm qua", "This is not a moment in time."),
        ("known_at", "21/11/2099", "This moment lies in the future."),
        ("as_at", "01/01/0007", "We hold nothing about such early years."),
    ],
)
def test_a_date_that_cannot_be_read_is_mended_where_it_stands(
    client: Client, parcel: str, address: str, name: str, typed: str, said: str
) -> None:
    page = client.get("/en" + address.format(parcel=parcel), {name: typed})
    text = page.content.decode()

    assert page.status_code == 400
    assert said in text
    assert f'value="{typed}"' in text
    assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', text)


COUNTRY = re.compile(
    r"VN-2000|(?<!Be )Vietnam\b|Hoàng Sa|Trường Sa|People's Committee|red book", re.IGNORECASE
)


def test_templates_take_no_country_for_granted() -> None:
    templates = Path(views.__file__).parent / "templates"

    assert not [path.name for path in templates.rglob("*.html") if COUNTRY.search(path.read_text("utf-8"))]

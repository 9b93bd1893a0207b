"""Documents of an item: the paper, the article about this very zone, the page to open."""

import hashlib
from datetime import date

import orjson
import pytest

from planning.answer import answer_parcel
from planning.answer.render import to_json
from planning.documents import attach
from planning.models import Clause, Document, DocumentKind
from tests import town
from tests.answer_schema import check, theme, wire
from tests.paper_files import pdf, written

pytestmark = pytest.mark.django_db

ON = date(2024, 1, 1)
SHA = hashlib.sha256(pdf(12)).hexdigest()


@pytest.fixture
def rules(db, tmp_path, settings):
    """Management rules with a file, on a plan with a zone and a line; not published yet."""
    settings.MEDIA_ROOT = tmp_path / "kept"
    made = town.edition(town.plan("zoning"))
    town.zone(made, town.square(0, 0, 100), "ODT", code="A-1", land_use_text="đất ở")
    town.restriction(made, town.line((15, -10), (15, 110)))
    town.parcel("1", town.square(10, 10, 10, 20))
    return attach(
        plan=town.plan("zoning"),
        kind=DocumentKind.REGULATION,
        title="Quy định quản lý",
        file=written(tmp_path / "rules.pdf", pdf(12)),
        by=town.planner(),
    )


def clause(document, name, page=None, **about):
    return Clause.objects.create(
        document=document, clause_id=name, article=f"Điều {name}", text="…", page=page, **about
    )


def papers(document=None):
    """By the item's kind: articles and addresses."""
    document = document or wire(answer_parcel("2004-00001-1-1", as_at=ON))
    found = {}
    for entry in document["themes"]:
        for plan in entry["plans"]:
            for item in plan["items"]:
                found[item["zone"]["kind"]] = [
                    (d["clause"], d["url"]) for d in item["documents"] if d["kind"] == "regulation"
                ]
    return found


def test_an_article_about_everything_is_shown_with_every_item(rules):
    clause(rules, "1", page=3)
    town.publish()

    place = ("1", f"/documents/{SHA}#page=3")
    assert papers() == {None: [place], "red_line": [place]}


@pytest.mark.parametrize("about", [{"land_uses": ["đất ở"]}, {"land_uses": ["ODT"]}, {"zone_codes": ["A-1"]}])
def test_an_article_about_a_zone_is_shown_with_it_alone(rules, about):
    clause(rules, "5", page=7, **about)
    town.publish()

    assert papers() == {
        None: [("5", f"/documents/{SHA}#page=7")],
        "red_line": [(None, f"/documents/{SHA}")],
    }


def test_an_article_about_lines_is_shown_with_lines(rules):
    clause(rules, "9", restriction_kinds=["red_line"])
    town.publish()

    assert papers()["red_line"] == [("9", f"/documents/{SHA}")]
    assert papers()[None] == [(None, f"/documents/{SHA}")]


def test_several_articles_come_in_the_order_of_their_pages(rules):
    clause(rules, "12", page=9)
    clause(rules, "3", page=2, land_uses=["ODT"])
    clause(rules, "4", page=4, land_uses=["DGT"])
    town.publish()

    assert [name for name, _ in papers()[None]] == ["3", "12"]


def test_the_api_gives_whole_addresses(rules):
    clause(rules, "1", page=3)
    town.publish()

    answer = answer_parcel("2004-00001-1-1", as_at=ON)
    document = check(orjson.loads(to_json(answer, site="https://example.org")))

    assert papers(document)[None] == [("1", f"https://example.org/documents/{SHA}#page=3")]


def test_a_paper_that_came_with_another_edition_is_not_shown(rules):
    town.publish()
    local = town.edition(
        town.plan("zoning"),
        in_force=date(2020, 1, 1),
        is_local_adjustment=True,
        extent=town.square(80, 80, 9),
    )
    town.zone(local, town.square(80, 80, 9), "DGT")
    Document.objects.create(
        plan=town.plan("zoning"), edition=local, kind=DocumentKind.REGULATION, title="Quy định điều chỉnh"
    )
    town.publish()

    (plan,) = theme(wire(answer_parcel("2004-00001-1-1", as_at=ON)))["plans"]

    assert "Quy định điều chỉnh" not in {d["title"] for d in plan["items"][0]["documents"]}


def test_a_document_tells_what_it_is(rules):
    town.publish()

    (plan,) = theme(wire(answer_parcel("2004-00001-1-1", as_at=ON)))["plans"]
    decision = next(d for d in plan["items"][0]["documents"] if d["kind"] == "decision")

    assert (decision["number"], decision["date"], decision["issuer"]) == (
        "0101/QĐ-UBND",
        "2018-01-01",
        "UBND thị trấn",
    )
    assert decision["title"] == "0101/QĐ-UBND · Quyết định phê duyệt"

"""Papers of a plan file: their files are kept with the staged edition, their clauses beside them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planning.documents import clause_through_editions, opened
from planning.errors import BadParameter, Reason
from planning.imports import check_file, import_file
from planning.imports.planfile import PlanFile, parse_plan_file, read_plan_file
from planning.models import Clause, Document, LayerUpload, UploadResult, Zone
from tests import town
from tests.paper_files import HTML, pdf, written
from tests.planning.imports import drawn

CLAUSE = {"id": "height", "article": "Điều 5", "text": "Không quá 5 tầng", "page": 2, "land_uses": ["ODT"]}
DECISION = {
    "key": "decision",
    "number": "1/QĐ",
    "date": date(2018, 1, 1),
    "issuer": "UBND thị trấn",
    "title": "Quyết định",
    "file": "papers/1.pdf",
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of the plan file, with a decision of three pages below it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "papers").mkdir()
    written(tmp_path / "papers" / "1.pdf", pdf(3))
    return tmp_path


def plan_file(folder: Path | None, *, number: int = 1, **changes: Any) -> PlanFile:
    data: dict[str, Any] = {
        "plan": {
            "id": "old-town",
            "kind": "zoning",
            "title": "Quy hoạch phân khu",
            "territory": "town",
            "office": "town",
            "scale": 2000,
            "metric_crs": town.METRIC.code,
            "licence": "CC-BY-4.0",
            "source": "invented",
        },
        "edition": {"number": number},
        "documents": [{**DECISION, **changes}],
        "events": [{"kind": "in_force", "on": date(2018, 1, number), "document": "decision"}],
        "layers": [
            {
                "target": "zones",
                "code_list": "town",
                "fields": {"code": "code", "land_use": "land_use"},
                "uses": {"allowed": "may", "conditional": "may_if", "forbidden": "never"},
            }
        ],
    }
    return parse_plan_file(data, folder=folder)


def imported(folder: Path, stated: PlanFile) -> LayerUpload:
    drawn.ground()
    number = stated.edition.number if stated.edition else 0
    zone = drawn.feature(
        drawn.box(0, 0, 100),
        code="A-1",
        land_use="ODT",
        may="nhà ở; cửa hàng ",
        may_if="lưu trú nhỏ",
        never=None,
        edition=number,
    )
    path = drawn.geojson(folder / f"zones-{number}.geojson", zone)
    return import_file(path, office=town.office(), by=town.planner(), plan_file=stated)


@pytest.mark.django_db
def test_an_import_keeps_the_file_and_the_clauses_of_a_paper(folder: Path) -> None:
    upload = imported(folder, plan_file(folder, clauses=[CLAUSE]))

    document = Document.objects.get()
    assert upload.result == UploadResult.OK
    assert (document.pages, document.media_type, document.edition) == (3, "application/pdf", upload.edition)
    with opened(document) as file:
        assert file.read() == pdf(3)
    clause = Clause.objects.get()
    assert (clause.clause_id, clause.page, clause.land_uses) == ("height", 2, ["ODT"])


@pytest.mark.django_db
def test_uses_come_from_three_columns(folder: Path) -> None:
    imported(folder, plan_file(folder))

    zone = Zone.objects.get()

    assert zone.uses_allowed == ["nhà ở", "cửa hàng"]
    assert zone.uses_conditional == ["lưu trú nhỏ"]
    assert zone.uses_forbidden == []


@pytest.mark.django_db
def test_what_is_imported_with_a_file_can_be_published(folder: Path) -> None:
    upload = imported(folder, plan_file(folder, clauses=[CLAUSE]))

    town.publish(upload)

    assert Document.objects.public().count() == 1


@pytest.mark.django_db
def test_a_staged_paper_is_completed_by_a_later_edition(folder: Path) -> None:
    imported(folder, plan_file(folder, file="", url="https://town.example/1"))
    imported(folder, plan_file(folder, number=2, clauses=[CLAUSE]))

    document = Document.objects.get()

    assert (document.url, document.pages) == ("https://town.example/1", 3)
    assert document.clauses.count() == 1


@pytest.mark.django_db
def test_a_public_paper_stays_and_more_than_it_says_makes_a_second_one(folder: Path) -> None:
    first = imported(folder, plan_file(folder, clauses=[CLAUSE]))
    town.publish(first)
    changed = {**CLAUSE, "text": "Không quá 7 tầng"}
    new = {**CLAUSE, "id": "width"}

    imported(folder, plan_file(folder, number=2, clauses=[changed]))
    assert Document.objects.count() == 1
    imported(folder, plan_file(folder, number=3, clauses=[changed, new]))

    assert Document.objects.count() == 2
    assert Clause.objects.get(document__publication=1).text == "Không quá 5 tầng"
    plan = Document.objects.first().plan
    texts = [one.text for one in clause_through_editions(plan, "height", with_staged=True)]
    assert texts == ["Không quá 5 tầng", "Không quá 7 tầng"]


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"file": "papers/2.pdf"}, "documents[0].file", Reason.FILE_MISSING),
        ({"file": "papers"}, "documents[0].file", Reason.FILE_MISSING),
        ({"file": "../secret.pdf"}, "documents[0].file", Reason.NOT_A_CHOICE),
        ({"file": "/etc/hostname"}, "documents[0].file", Reason.NOT_A_CHOICE),
        ({"file": "papers/page.pdf"}, "documents[0].file", Reason.FILE_NOT_ACCEPTED),
        ({"pages": 4}, "documents[0].pages", Reason.OUT_OF_RANGE),
        ({"kind": "poem"}, "documents[0].kind", Reason.NOT_A_CHOICE),
        ({"url": "javascript:alert(1)"}, "documents[0].url", Reason.NOT_A_CHOICE),
        ({"clauses": [{**CLAUSE, "page": 4}]}, "documents[0].clauses[0].page", Reason.OUT_OF_RANGE),
        ({"clauses": [CLAUSE, CLAUSE]}, "documents[0].clauses[1].id", Reason.REPEATED),
        ({"clauses": [{**CLAUSE, "id": "điều 5"}]}, "documents[0].clauses[0].id", Reason.BAD_CHARACTERS),
        (
            {"clauses": [{**CLAUSE, "restriction_kinds": ["wall"]}]},
            "documents[0].clauses[0].restriction_kinds",
            Reason.NOT_A_CHOICE,
        ),
    ],
)
def test_a_paper_that_cannot_be_taken_is_named_before_anything_is_read(
    folder: Path, changes: dict[str, Any], place: str, reason: Reason
) -> None:
    written(folder / "papers" / "page.pdf", HTML)

    with pytest.raises(BadParameter) as caught:
        plan_file(folder, **changes)

    assert (caught.value.name, caught.value.reason) == (place, reason)


def test_a_link_does_not_lead_out_of_the_folder(folder: Path, tmp_path_factory: Any) -> None:
    elsewhere = written(tmp_path_factory.mktemp("elsewhere") / "secret.pdf", pdf())
    (folder / "papers" / "link.pdf").symlink_to(elsewhere)

    with pytest.raises(BadParameter):
        plan_file(folder, file="papers/link.pdf")


def test_a_plan_file_that_came_alone_brings_no_files() -> None:
    with pytest.raises(BadParameter) as caught:
        plan_file(None)

    assert caught.value.name == "documents[0].file"


def test_a_file_beyond_the_ceiling_is_refused_by_the_mere_check(folder: Path, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 10

    with pytest.raises(BadParameter) as caught:
        plan_file(folder)

    assert caught.value.reason is Reason.FILE_TOO_LARGE


@pytest.mark.django_db
def test_a_check_writes_no_paper(folder: Path) -> None:
    drawn.ground()
    path = drawn.geojson(folder / "a.geojson", drawn.feature(drawn.box(0, 0, 9), code="A", land_use="ODT"))

    check_file(path, plan_file=plan_file(folder))

    assert not Document.objects.exists()
    assert not (folder / "media" / "documents").exists()


@pytest.mark.parametrize("name", [path.name for path in (drawn.FIXTURES / "demo" / "plans").glob("*.toml")])
def test_the_papers_of_the_demonstration_are_whole_and_marked(name: str) -> None:
    stated = read_plan_file(drawn.FIXTURES / "demo" / "plans" / name)

    for document in stated.documents:
        assert document.number, document.key
        assert document.date, document.key
        assert document.file, document.key
        assert "trình diễn" in document.title
        assert "trình diễn" in document.issuer
        assert all("trình diễn" in clause.text for clause in document.clauses)
        assert document.pages
        assert document.pages >= max(clause.page or 1 for clause in document.clauses)


def test_the_ordinance_of_another_country_is_cited_by_its_number() -> None:
    stated = read_plan_file(drawn.FIXTURES / "chicago" / "plan.toml")

    (ordinance,) = stated.documents
    assert ordinance.number
    assert ordinance.date
    assert ordinance.issuer
    assert ordinance.url

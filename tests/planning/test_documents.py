"""Papers are kept as handed in, once, under their hash; who may attach them, and what clauses they hold."""

import hashlib
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from planning import lifecycle
from planning.documents import add_clause, attach, clause_through_editions, forget_files, keep, opened
from planning.documents.upkeep import Difference, differences, unnamed_files
from planning.errors import BadParameter, Forbidden, PlanningError, Reason, Refused, Unavailable
from planning.management.acts import sentence_of
from planning.models import Document, DocumentKind, Edition, EventKind, Plan, Role, User
from planning.system_checks import documents as check_of_documents
from tests import town
from tests.paper_files import HTML, JPEG, PNG, TIFF, docx, pdf, written

pytestmark = pytest.mark.django_db

DECIDED = date(2018, 1, 1)


@pytest.fixture(autouse=True)
def vault(settings: Any, tmp_path: Path) -> Path:
    """A vault of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path / "media" / "documents"


@pytest.fixture
def plan(db: None) -> Plan:
    return town.plan("zoning")


def attached(plan: Plan, content: bytes = pdf(), **fields: Any) -> Document:
    """A decision of the plan with that file."""
    fields = {
        "kind": DocumentKind.DECISION,
        "title": "Quyết định phê duyệt",
        "number": "12/QĐ-UBND",
        "date": DECIDED,
        "issuer": "UBND thị trấn",
        "by": town.planner(),
        "file": ContentFile(content, "quyet-dinh.pdf"),
    } | fields
    return attach(plan=plan, **fields)


def refused(error: type[PlanningError], reason: Reason, act: Any, **fields: Any) -> PlanningError:
    with pytest.raises(error) as caught:
        act(**fields)
    assert caught.value.reason is reason
    return caught.value


# what is kept


def test_a_file_is_kept_as_it_was_handed_in_under_the_name_of_its_content(
    plan: Plan, vault: Path, tmp_path: Path
) -> None:
    source = written(tmp_path / "quyết định.pdf", pdf(4))

    document = attached(plan, file=source)

    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    assert document.file.name == f"documents/{sha256[:2]}/{sha256}.pdf"
    assert (vault / sha256[:2] / f"{sha256}.pdf").read_bytes() == source.read_bytes() == pdf(4)
    assert (document.sha256, document.size, document.pages) == (sha256, len(pdf(4)), 4)
    assert document.media_type == "application/pdf"
    assert document.publication is None


def test_the_same_file_twice_is_one_file_and_two_papers(plan: Plan, vault: Path) -> None:
    first = attached(plan)
    second = attached(plan, title="Phụ lục", number="12a/QĐ-UBND")

    assert first.pk != second.pk
    assert first.file.name == second.file.name
    assert len([path for path in vault.rglob("*") if path.is_file()]) == 1


def test_a_paper_may_have_only_an_address(plan: Plan, vault: Path) -> None:
    document = attached(plan, file=None, url="https://town.example/12")

    assert (document.url, document.sha256, document.size) == ("https://town.example/12", "", None)
    assert not vault.exists()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (TIFF, "image/tiff"), (docx(), "wordprocessingml.document")],
)
def test_pictures_and_text_documents_are_taken_without_pages(
    plan: Plan, content: bytes, media_type: str
) -> None:
    document = attached(plan, content)

    assert document.media_type.endswith(media_type)
    assert document.pages is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.FILE_NOT_ACCEPTED),
        (HTML, Reason.FILE_NOT_ACCEPTED),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.FILE_NOT_ACCEPTED),
        (b"PK\x03\x04 no archive", Reason.FILE_NOT_ACCEPTED),
        (docx("word/vbaProject.bin"), Reason.FILE_NOT_ACCEPTED),
        (b"%PDF-1.7 and nothing more", Reason.FILE_NOT_READABLE),
        (pdf(0), Reason.FILE_NOT_READABLE),
    ],
)
def test_what_is_no_paper_is_refused_whatever_its_name(
    plan: Plan, vault: Path, content: bytes, reason: Reason
) -> None:
    error = refused(BadParameter, reason, attached, plan=plan, content=content)

    assert error.facts["value"] == "quyet-dinh.pdf"
    assert not Document.objects.exists()
    assert not vault.exists()


def test_a_pdf_named_as_a_picture_is_a_pdf(plan: Plan) -> None:
    document = attached(plan, file=ContentFile(pdf(2), "map.png"))

    assert (document.media_type, document.pages) == ("application/pdf", 2)


def test_a_file_beyond_the_ceiling_is_refused_while_it_is_read(
    plan: Plan, settings: Any, tmp_path: Path
) -> None:
    settings.DOCUMENT_MAX_BYTES = 1024**2

    error = refused(
        BadParameter, Reason.FILE_TOO_LARGE, attached, plan=plan, content=pdf() + bytes(2 * 1024**2)
    )

    assert error.facts["limit"] == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_that_is_not_there_is_said_so(plan: Plan, tmp_path: Path) -> None:
    refused(BadParameter, Reason.FILE_MISSING, attached, plan=plan, file=tmp_path / "gone.pdf")


def test_a_paper_whose_row_is_not_written_leaves_no_row_and_harms_nobody(plan: Plan) -> None:
    def given_up() -> None:
        with transaction.atomic():
            attached(plan)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        given_up()
    assert not Document.objects.exists()
    assert len(unnamed_files()) == 1

    document = attached(plan)
    with opened(document) as file:
        assert file.read() == pdf()
    assert unnamed_files() == []


def test_a_damaged_file_is_healed_by_who_hands_in_the_same_bytes(plan: Plan) -> None:
    document = attached(plan)
    Path(document.file.path).write_bytes(b"damaged")

    attached(plan, title="Lần nữa")

    assert Path(document.file.path).read_bytes() == pdf()


# who may, and what is asked


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MODERATOR])
def test_only_planners_and_reviewers_of_the_office_attach(plan: Plan, role: Role) -> None:
    for user in (town.member("other-role", role), town.outsider(), User.objects.create_superuser("root")):
        refused(Forbidden, Reason.NOT_A_MEMBER, attached, plan=plan, by=user)
    assert attached(plan, by=town.reviewer()).pk


def test_who_has_left_attaches_nothing(plan: Plan) -> None:
    user = town.planner()
    user.is_active = False

    refused(Forbidden, Reason.NOT_A_MEMBER, attached, plan=plan, by=user)


@pytest.mark.parametrize(
    ("fields", "name", "reason"),
    [
        ({"file": None}, "file", Reason.REQUIRED),
        ({"kind": "poem"}, "kind", Reason.NOT_A_CHOICE),
        ({"title": " "}, "title", Reason.REQUIRED),
        ({"title": "A" * 301}, "title", Reason.TOO_LONG),
        ({"number": "1\x00"}, "number", Reason.BAD_CHARACTERS),
        ({"url": "javascript:alert(1)"}, "url", Reason.NOT_A_CHOICE),
    ],
)
def test_a_value_that_cannot_be_taken_is_named(
    plan: Plan, fields: dict[str, Any], name: str, reason: Reason
) -> None:
    error = refused(BadParameter, reason, attached, plan=plan, **fields)

    assert error.facts["name"] == name


def test_a_paper_comes_with_a_staged_edition_of_its_own_plan(plan: Plan) -> None:
    own, other = town.edition(plan), town.edition(town.plan("other"))
    town.zone(own, town.square(0, 0, 10))

    refused(BadParameter, Reason.CONTRADICTS, attached, plan=plan, edition=other)
    document = attached(plan, edition=own)
    town.publish(own)

    document.refresh_from_db()
    assert document.publication_id == 1
    refused(Refused, Reason.WRONG_STATE, attached, plan=plan, edition=own)


# clauses


def clause(document: Document, **fields: Any) -> Any:
    fields = {"clause_id": "height", "article": "Điều 5", "text": "Không quá 5 tầng", "page": 2} | fields
    return add_clause(document=document, by=fields.pop("by", None) or town.planner(), **fields)


def test_a_clause_says_where_it_stands_and_what_it_is_about(plan: Plan) -> None:
    row = clause(attached(plan), land_uses=["ODT"], zone_codes=["A-1"], restriction_kinds=["red_line"])

    assert (row.article, row.page, row.land_uses) == ("Điều 5", 2, ["ODT"])
    assert (row.zone_codes, row.restriction_kinds) == (["A-1"], ["red_line"])


@pytest.mark.parametrize(
    ("fields", "name", "reason"),
    [
        ({"clause_id": "điều 5"}, "clause_id", Reason.BAD_CHARACTERS),
        ({"page": 4}, "page", Reason.OUT_OF_RANGE),
        ({"page": 0}, "page", Reason.OUT_OF_RANGE),
        ({"text": ""}, "text", Reason.REQUIRED),
        ({"restriction_kinds": ["wall"]}, "restriction_kinds", Reason.NOT_A_CHOICE),
    ],
)
def test_a_clause_that_cannot_be_is_refused(
    plan: Plan, fields: dict[str, Any], name: str, reason: Reason
) -> None:
    error = refused(BadParameter, reason, clause, document=attached(plan), **fields)

    assert error.facts["name"] == name


def test_a_clause_stands_once_in_a_paper_and_is_written_by_its_office(plan: Plan) -> None:
    document = attached(plan)
    clause(document)

    refused(BadParameter, Reason.REPEATED, clause, document=document)
    refused(Forbidden, Reason.NOT_A_MEMBER, clause, document=document, clause_id="b", by=town.outsider())


def test_nothing_is_added_to_a_public_paper(plan: Plan) -> None:
    edition = town.edition(plan)
    town.zone(edition, town.square(0, 0, 10))
    document = attached(plan, edition=edition)
    town.publish()

    refused(Refused, Reason.WRONG_STATE, clause, document=document)


def test_a_clause_is_followed_through_the_editions_of_its_plan(plan: Plan) -> None:
    first = edition_with_rules(plan, "1/QC", "Không quá 5 tầng")
    town.publish(first)
    second = edition_with_rules(plan, "2/QC", "Không quá 7 tầng", on=date(2024, 1, 1))

    assert [one.text for one in clause_through_editions(plan, "height")] == ["Không quá 5 tầng"]
    staged = clause_through_editions(plan, "height", with_staged=True)
    assert [(one.edition, one.revision) for one in staged] == [(1, 1), (2, None)]

    town.publish(second)
    found = clause_through_editions(plan, "height")
    assert [(one.edition, one.document_number, one.text, one.page) for one in found] == [
        (1, "1/QC", "Không quá 5 tầng", 2),
        (2, "2/QC", "Không quá 7 tầng", 2),
    ]
    assert clause_through_editions(plan, "width") == ()


def edition_with_rules(plan: Plan, number: str, text: str, on: date = DECIDED) -> Edition:
    edition = town.edition(plan, in_force=on)
    town.zone(edition, town.square(0, 0, 10))
    rules = attached(plan, kind=DocumentKind.REGULATION, number=number, date=on, edition=edition)
    clause(rules, text=text)
    return edition


# what may be published


@pytest.fixture
def edition(plan: Plan) -> Edition:
    """A staged edition that is in force by a decision with a file."""
    edition = town.edition(plan, in_force=None)
    town.zone(edition, town.square(0, 0, 10))
    town.event(edition, EventKind.IN_FORCE, DECIDED, document=attached(plan))
    return edition


@pytest.mark.parametrize("kind", [DocumentKind.DECISION, DocumentKind.ACCEPTANCE])
@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"number": ""}, "number"),
        ({"date": None}, "date"),
        ({"issuer": ""}, "issuer"),
        ({"file": "", "url": ""}, "file or address"),
        ({"sha256": ""}, "sha256"),
        ({"size": None}, "sha256"),
    ],
)
def test_nothing_is_published_on_a_decision_that_lacks(
    edition: Edition, missing: dict[str, Any], field: str, kind: str
) -> None:
    Document.objects.update(kind=kind, **missing)

    error = refused(Refused, Reason.REQUIRED, town.publish)

    assert error.facts["field"] == field
    assert sentence_of(error)
    assert not Edition.objects.public().exists()


def test_a_refusal_names_the_paper_and_what_it_lacks(edition: Edition, settings: Any) -> None:
    Document.objects.update(issuer="")

    error = refused(Refused, Reason.REQUIRED, town.publish)

    assert error.facts == {"document": "12/QĐ-UBND", "field": "issuer"}


def test_an_address_serves_where_there_is_no_file(edition: Edition) -> None:
    Document.objects.update(file="", sha256="", size=None, url="https://town.example/12")

    assert town.publish().revision == 1


def test_a_drawing_needs_no_number_but_its_file(edition: Edition) -> None:
    drawing = attached(
        edition.plan, PNG, kind=DocumentKind.DRAWING, number="", date=None, issuer="", edition=edition
    )
    Path(drawing.file.path).unlink()

    error = refused(Refused, Reason.FILE_MISSING, town.publish)
    assert error.facts["document"] == "Quyết định phê duyệt"
    assert sentence_of(error)

    Path(drawing.file.path).write_bytes(PNG)
    assert town.publish().revision == 1


@pytest.mark.parametrize("what", ["licence", "source", "decision"])
def test_nothing_is_published_without(edition: Edition, what: str) -> None:
    if what == "decision":
        edition.events.update(document=None)
        expected = Reason.WITHOUT_DECISION
    else:
        Plan.objects.update(**{what: ""})
        edition.uploads.update(licence="", publisher="")
        expected = Reason.REQUIRED

    refused(Refused, expected, town.publish)


def test_a_later_fact_needs_a_whole_decision_too(edition: Edition) -> None:
    town.publish()
    annulment = attached(edition.plan, number="13/QĐ-UBND", issuer="")
    act = {"edition": edition, "on": date(2025, 1, 1), "document": annulment}
    people = {"by": town.planner(), "approved_by": town.reviewer()}

    refused(Refused, Reason.REQUIRED, lifecycle.annul, **act, **people)

    Document.objects.filter(pk=annulment.pk).update(issuer="UBND thị trấn")
    lifecycle.annul(**act, **people)
    annulment.refresh_from_db()
    assert annulment.publication_id == 2


# upkeep


def checked(*arguments: str) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("check_documents", *arguments, stdout=said)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_sound_files_pass_the_check(plan: Plan) -> None:
    attached(plan)
    attached(plan, PNG)

    code, said = checked()

    assert code == 0
    assert "2 files, 0 differ" in said


def test_the_check_reports_every_file_that_is_not_what_was_handed_in(plan: Plan, vault: Path) -> None:
    gone, shorter, other, unhashed = (attached(plan, pdf(note=name)) for name in "abcd")
    Path(gone.file.path).unlink()
    Path(shorter.file.path).write_bytes(b"%PDF")
    Path(other.file.path).write_bytes(pdf(note="e"))
    Document.objects.filter(pk=unhashed.pk).update(sha256="")
    written(vault / "stray.pdf", pdf())

    found = {one.documents: one.difference for one in differences()}
    code, said = checked("--json")

    assert found == {
        (gone.pk,): Difference.MISSING,
        (shorter.pk,): Difference.OTHER_SIZE,
        (other.pk,): Difference.OTHER_CONTENT,
        (unhashed.pk,): Difference.WITHOUT_HASH,
    }
    assert code == 1
    assert len(json.loads(said)["differing"]) == 4
    assert json.loads(said)["named_by_no_document"] == ["documents/stray.pdf"]
    assert checked()[0] == 1


def test_a_file_goes_only_when_no_paper_names_it_any_more(plan: Plan) -> None:
    first, second = attached(plan), attached(plan, title="Phụ lục")
    path = Path(first.file.path)

    first.delete()
    forget_files([second.file.name])
    assert path.exists()

    second.delete()
    forget_files([second.file.name])
    assert not path.exists()


def test_a_file_of_another_size_is_not_opened(plan: Plan) -> None:
    document = attached(plan)
    Path(document.file.path).write_bytes(b"")

    refused(Unavailable, Reason.FILE_MISSING, opened, document=document)


def test_bytes_that_were_read_before_are_read_from_their_beginning(plan: Plan) -> None:
    file = ContentFile(pdf(), "a.pdf")
    file.read(10)

    assert keep(file).sha256 == hashlib.sha256(pdf()).hexdigest()


# settings


@pytest.mark.parametrize("ceiling", [0, "200", None])
def test_a_ceiling_that_is_none_is_found_before_the_service_starts(settings: Any, ceiling: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = ceiling

    assert [found.id for found in check_of_documents(None)] == ["planning.E005"]


def test_a_disk_without_room_for_one_paper_is_warned_of(settings: Any) -> None:
    assert check_of_documents(None) == []
    settings.DOCUMENT_MAX_BYTES = 2**62

    assert [found.id for found in check_of_documents(None)] == ["planning.W003"]


# the form of the admin


@pytest.fixture
def form(plan: Plan, client: Client) -> tuple[Client, str, dict[str, Any]]:
    """The address of the form of a staged paper, and what a planner sends from it."""
    document = attached(plan, file=None, url="https://town.example/12")
    User.objects.filter(pk=town.planner().pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=town.planner().pk))
    fields = {
        "plan": plan.pk,
        "kind": "decision",
        "title": "Quyết định",
        "sha256": "0" * 64,
        "pages": 99,
        "clauses-TOTAL_FORMS": 0,
        "clauses-INITIAL_FORMS": 0,
    }
    return client, reverse("admin:planning_document_change", args=[document.pk]), fields


def test_a_file_sent_by_a_form_is_kept_and_measured_like_any_other(form: Any) -> None:
    client, address, fields = form

    response = client.post(address, {**fields, "file": ContentFile(pdf(5), "a.pdf")})

    document = Document.objects.get()
    assert response.status_code == 302
    assert document.sha256 == hashlib.sha256(pdf(5)).hexdigest()
    assert (document.pages, document.size, document.media_type) == (5, len(pdf(5)), "application/pdf")
    with opened(document) as file:
        assert file.read() == pdf(5)

    client.post(address, {**fields, "title": "Sửa tên"})
    document.refresh_from_db()
    assert (document.title, document.pages) == ("Sửa tên", 5)

    client.post(address, {**fields, "file-clear": "on"})
    document.refresh_from_db()
    assert (document.file.name, document.sha256, document.pages) == ("", "", None)


def test_a_form_takes_no_file_that_is_no_paper(form: Any) -> None:
    client, address, fields = form

    response = client.post(address, {**fields, "file": ContentFile(HTML, "a.pdf")})

    assert response.status_code == 200
    assert "PDF" in str(response.context["adminform"].form.errors["file"])
    assert not Document.objects.get().file

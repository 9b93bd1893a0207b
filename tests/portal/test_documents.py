"""Files of papers are served whole or in part, as what they are, and staged ones to their office alone."""

import base64
import hashlib
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from planning.documents import attach
from planning.models import Document, DocumentKind, Edition, Publication, Role, User
from portal.documents import disposition_of
from tests import town
from tests.paper_files import PNG, docx, pdf

pytestmark = pytest.mark.django_db

BYTES = pdf(40)
LAST = len(BYTES) - 1


@pytest.fixture(autouse=True)
def vault(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path


def attached(edition: Edition, content: bytes = BYTES, **fields: Any) -> Document:
    fields = {
        "kind": DocumentKind.DRAWING,
        "title": "Bản vẽ",
        "by": town.planner(edition.plan.office),
    } | fields
    file = ContentFile(content, "file")
    return attach(plan=edition.plan, edition=edition, file=file, **fields)


@pytest.fixture
def edition(db: None) -> Edition:
    edition = town.edition(town.plan())
    town.zone(edition, town.square(0, 0, 100))
    return edition


@pytest.fixture
def public(edition: Edition) -> Document:
    """A drawing of forty pages that everybody may see."""
    document = attached(edition)
    town.publish()
    return document


@pytest.fixture
def staged(edition: Edition) -> Document:
    return attached(edition)


def address(document: Document) -> str:
    return f"/documents/{document.sha256}"


def got(client: Client, document: Document, **headers: str) -> Any:
    return client.get(address(document), headers={name.replace("_", "-"): headers[name] for name in headers})


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_public_paper_is_given_to_everybody_byte_for_byte(client: Client, public: Document) -> None:
    response = got(client, public)

    assert response.status_code == 200
    assert body(response) == BYTES
    assert response["Content-Length"] == str(len(BYTES))
    assert response["ETag"] == f'"{hashlib.sha256(BYTES).hexdigest()}"'
    digest = base64.b64encode(hashlib.sha256(BYTES).digest()).decode()
    assert response["Repr-Digest"] == f"sha-256=:{digest}:"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_nothing_in_a_file_runs_in_our_name(client: Client, public: Document) -> None:
    response = got(client, public)

    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "script-src" not in response["Content-Security-Policy"]
    body(response)


@pytest.mark.parametrize(("content", "how"), [(BYTES, "inline"), (PNG, "inline"), (docx(), "attachment")])
def test_browsers_show_pdf_and_pictures_and_save_the_rest(
    client: Client, edition: Edition, content: bytes, how: str
) -> None:
    document = attached(edition, content)
    town.publish()

    response = got(client, document)

    assert response["Content-Disposition"].startswith(f"{how}; ")
    assert ("sandbox" in response["Content-Security-Policy"]) is (content != BYTES)
    assert body(response) == content


def test_a_type_that_we_never_gave_is_only_ever_saved(client: Client, edition: Edition) -> None:
    document = attached(edition)
    Document.objects.filter(pk=document.pk).update(media_type="text/html")
    town.publish()

    response = got(client, document)

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    body(response)


@pytest.mark.parametrize(
    ("number", "title", "plain", "lettered"),
    [
        (
            "615/QĐ-TD",
            "Quyết định (trình diễn)",
            "615 QD-TD Quyet dinh (trinh dien).pdf",
            "615%20Q%C4%90-TD%20Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20%28tr%C3%ACnh%20di%E1%BB%85n%29.pdf",
        ),
        ("", '../..\\"\r\nSet-Cookie: a\u202e', "Set-Cookie a.pdf", "Set-Cookie%20a.pdf"),
        ("", "規劃", "document.pdf", "%E8%A6%8F%E5%8A%83.pdf"),
    ],
)
def test_the_name_of_the_file_keeps_its_letters_and_nothing_else(
    number: str, title: str, plain: str, lettered: str
) -> None:
    paper = Document(number=number, title=title, media_type="application/pdf", sha256="a" * 64)

    assert disposition_of(paper) == f"inline; filename=\"{plain}\"; filename*=UTF-8''{lettered}"


# ranges


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=100-", 100, LAST),
        ("bytes=-5", LAST - 4, LAST),
        (f"bytes=-{LAST * 9}", 0, LAST),
        (f"bytes={LAST}-{LAST + 9}", LAST, LAST),
        ("Bytes= 1-2 ", 1, 2),
    ],
)
def test_a_range_is_given_by_itself(
    client: Client, public: Document, asked: str, first: int, last: int
) -> None:
    response = got(client, public, range=asked)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(BYTES)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == BYTES[first : last + 1]


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=9-3", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=٠-١"]
)
def test_what_is_no_single_range_gets_the_whole_file(client: Client, public: Document, asked: str) -> None:
    response = got(client, public, range=asked)

    assert (response.status_code, response.has_header("Content-Range")) == (200, False)
    assert body(response) == BYTES


@pytest.mark.parametrize("asked", [f"bytes={LAST + 1}-", "bytes=999999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_length(
    client: Client, public: Document, asked: str
) -> None:
    response = got(client, public, range=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(BYTES)}"
    assert response["Cache-Control"] == "private, no-store"


def test_the_rest_of_another_version_is_not_sent(client: Client, public: Document) -> None:
    same = got(client, public, range="bytes=1-2", if_range=f'"{public.sha256}"')
    other = [
        got(client, public, range="bytes=1-2", if_range=value)
        for value in ('"other"', f'W/"{public.sha256}"', "Wed, 21 Oct 2015 07:28:00 GMT")
    ]

    assert (same.status_code, body(same)) == (206, BYTES[1:3])
    assert [(one.status_code, body(one)) for one in other] == [(200, BYTES)] * 3


def test_whoever_has_the_file_gets_no_second_one(client: Client, public: Document) -> None:
    response = got(client, public, if_none_match=f'"{public.sha256}"')

    assert (response.status_code, body(response)) == (304, b"")
    assert response["Cache-Control"].endswith("immutable")
    refused = got(client, public, if_match='"other"')
    assert (refused.status_code, refused["Cache-Control"]) == (412, "private, no-store")


def test_head_says_the_length_and_sends_nothing(client: Client, public: Document) -> None:
    response = client.head(address(public), headers={"range": "bytes=0-1"})

    assert response.status_code == 200
    assert response["Content-Length"] == str(len(BYTES))
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == b""


def test_nothing_is_written_to_this_address(client: Client, public: Document) -> None:
    assert client.post(address(public)).status_code == 405
    assert client.delete(address(public)).status_code == 405


# who may see it


def test_a_staged_paper_looks_to_strangers_as_if_it_were_not_there(client: Client, staged: Document) -> None:
    strangers = [
        None,
        town.outsider(),
        User.objects.create_superuser("root"),
        User.objects.create(username="x"),
    ]
    absent = f"/documents/{'0' * 64}"

    for user in strangers:
        client.logout()
        if user:
            client.force_login(user)
        there, nowhere = client.get(address(staged)), client.get(absent)
        assert there.status_code == nowhere.status_code == 404
        assert there.content.replace(staged.sha256.encode(), b"") == nowhere.content.replace(b"0" * 64, b"")
        assert dict(there.headers) == dict(nowhere.headers)
        assert there["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("role", list(Role))
def test_a_staged_paper_is_shown_to_members_of_its_office_and_kept_nowhere(
    client: Client, staged: Document, role: Role
) -> None:
    client.force_login(town.member(f"our-{role}", role))

    response = got(client, staged)

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]
    assert not response.has_header("Access-Control-Allow-Origin")
    assert body(response) == BYTES
    assert body(got(client, staged, range="bytes=3-4")) == BYTES[3:5]


def test_a_paper_is_everybodys_once_it_is_published(client: Client, staged: Document) -> None:
    assert got(client, staged).status_code == 404

    town.publish()

    assert body(got(client, staged)) == BYTES


def test_a_file_that_one_office_published_and_another_holds_back_is_public(
    client: Client, public: Document
) -> None:
    other = town.edition(town.plan("theirs", of=town.office("elsewhere")))
    hidden = attached(other, title="Chưa công bố")

    response = got(client, public)

    assert hidden.sha256 == public.sha256
    assert response.status_code == 200
    assert "Ch" not in response["Content-Disposition"]
    body(response)


# what may be wrong


@pytest.mark.parametrize("damage", ["gone", "empty", "longer"])
def test_a_file_that_is_not_what_it_was_is_said_so_and_logged(
    client: Client, public: Document, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(public.file.path)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "empty" else BYTES + b" ")

    with caplog.at_level(logging.ERROR, logger="portal.documents"):
        response = got(client, public)

    assert response.status_code == 503
    assert response["Retry-After"]
    assert response["Cache-Control"] == "private, no-store"
    assert [record.levelname for record in caplog.records if record.name == "portal.documents"] == ["ERROR"]


@pytest.mark.parametrize("wrong", ["abc", "A" * 64, "../" * 22, "0" * 65])
def test_what_is_no_hash_is_no_address(client: Client, wrong: str) -> None:
    assert client.get(f"/documents/{wrong}").status_code == 404


def test_a_large_file_is_sent_piece_by_piece(client: Client, edition: Edition) -> None:
    large = pdf() + bytes(3 * 1024**2)
    document = attached(edition, large)
    town.publish()

    pieces = list(got(client, document).streaming_content)

    assert max(map(len, pieces)) <= 64 * 1024
    assert b"".join(pieces) == large


def test_a_decision_of_the_past_keeps_its_address(client: Client, public: Document) -> None:
    later = town.edition(public.plan, in_force=date(2024, 1, 1))
    town.zone(later, town.square(0, 0, 100))
    town.publish(later)

    assert Publication.objects.count() == 2
    assert body(got(client, public)) == BYTES

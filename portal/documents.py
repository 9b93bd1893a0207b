"""Files of papers, `/documents/<SHA-256>`: bytes as they were handed in, whole or one range of them.

Public papers are everybody's and never change, so they may be kept for ever; a staged one is given to
signed-in members of its own office and looks to everybody else as if it were not there. Nothing in a file
may run in our name. A file that is missing or of another size is said so (503), never an empty answer.
"""

import base64
import logging
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from planning.documents import opened
from planning.documents.contents import EXTENSIONS, PDF
from planning.errors import Unavailable
from planning.models import Document, Membership
from portal import faults

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOBODY = "private, no-store"
_INLINE = frozenset({PDF, "image/png", "image/jpeg", "image/tiff"})
_ALONE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Browsers refuse to show a PDF in a sandbox and draw it with styles of their own; its scripts never run
# in our name, because it is sent as what it is and nothing else.
_POLICIES = {PDF: f"{_ALONE}; style-src 'unsafe-inline'"}
_SANDBOX = f"{_ALONE}; sandbox"

_ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE | re.ASCII)
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|%;\s]+')
_LONGEST_NAME = 120


class Unsatisfiable(Exception):
    """A range that begins behind the end of the file."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes asked for, both ends counted, of a file of `size` bytes."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"


class Part:
    """The bytes of a span, piece by piece; Django closes the file when the answer is over."""

    def __init__(self, file: IO[bytes], span: Span) -> None:
        self._file = file
        self._span = span

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.first)
        left = self._span.length
        while left and (chunk := self._file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self._file.close()


@require_safe
def document(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """The file with that hash, to whom it may be shown."""
    try:
        found = _public(sha256)
        paper = found or _of_own_office(request, sha256)
    except (OperationalError, InterfaceError):
        return _unshared(faults.unavailable_page(request))
    if paper is None:
        return _absent(request)
    try:
        file = opened(paper)
    except Unavailable as error:
        log.error("file of document %s: %s", paper.pk, error.facts, extra={"reference": sha256[:12]})
        return _unshared(faults.unavailable_page(request))
    response = _answer(request, paper, file)
    if isinstance(response, HttpResponse):
        file.close()
    is_sent = response.status_code in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)
    return _for_everybody(response) if found and is_sent else _unshared(response)


def _public(sha256: str) -> Document | None:
    """The paper that was published first, where several have the same file."""
    papers = Document.objects.public().filter(sha256=sha256).exclude(file="")
    return papers.order_by("publication_id", "pk").first()


def _of_own_office(request: HttpRequest, sha256: str) -> Document | None:
    """A staged paper of an office of whoever is signed in; superusers without membership have none."""
    user = request.user
    if not (user.is_authenticated and user.is_active):
        return None
    offices = Membership.objects.filter(user=user.pk).values("office")
    papers = Document.objects.staged().filter(sha256=sha256, plan__office__in=offices).exclude(file="")
    return papers.order_by("pk").first()


def _absent(request: HttpRequest) -> HttpResponseBase:
    """Not there, or not yet: whoever asks cannot tell one from the other."""
    return _unshared(faults.not_found_page(request))


def _answer(request: HttpRequest, paper: Document, file: IO[bytes]) -> HttpResponseBase:
    etag = f'"{paper.sha256}"'
    size = os.fstat(file.fileno()).st_size
    # None where nothing speaks against sending it; 412 and 304 otherwise.
    early = get_conditional_response(request, etag=etag)
    if early is not None:
        return _described(early, paper) if isinstance(early, HttpResponseNotModified) else early
    try:
        span = _asked(request, etag, size)
    except Unsatisfiable:
        refused = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    status = HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT
    sent = span or Span(0, size - 1, size)
    response: HttpResponseBase = (
        HttpResponse(status=status)
        if request.method == "HEAD"
        else StreamingHttpResponse(Part(file, sent), status=status)
    )
    if span is not None:
        response["Content-Range"] = str(span)
    response["Content-Length"] = str(sent.length)
    return _described(response, paper)


def _asked(request: HttpRequest, etag: str, size: int) -> Span | None:
    """The range asked for; None for the whole file: no range, several, a strange unit, another version.

    Raises Unsatisfiable. RFC 9110, 14.2: of a method other than GET a range is not looked at.
    """
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    match = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or not any(match.groups()):
        return None
    begin, end = match.groups()
    if begin and end and int(begin) > int(end):
        return None  # not a range at all, hence no fault either
    first = int(begin) if begin else max(size - int(end), 0)
    last = min(int(end), size - 1) if begin and end else size - 1
    if first >= size or (not begin and int(end) == 0):
        raise Unsatisfiable
    return Span(first, last, size)


def _described(response: HttpResponseBase, paper: Document) -> HttpResponseBase:
    """What the bytes are, and that nobody may take them for anything else."""
    is_known = paper.media_type in EXTENSIONS
    media_type = paper.media_type if is_known else "application/octet-stream"
    response["Content-Type"] = media_type
    response["Content-Disposition"] = disposition_of(paper)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{paper.sha256}"'
    response["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(paper.sha256)).decode()}:"
    response["Content-Security-Policy"] = _POLICIES.get(media_type, _SANDBOX)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _for_everybody(response: HttpResponseBase) -> HttpResponseBase:
    """Public bytes never change: whoever has them need not ask again, and other sites may show them."""
    response["Cache-Control"] = _FOR_EVER
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Accept-Ranges, Content-Range, ETag, Repr-Digest"
    return response


def _unshared(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = _FOR_NOBODY
    patch_vary_headers(response, ("Cookie",))
    return response


def disposition_of(paper: Document) -> str:
    """`inline` for what browsers show by themselves; the name as RFC 6266 has it, letters and all."""
    name = file_name(paper)
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = re.sub(r"[^A-Za-z0-9._() ,+-]", "", plain)
    # what an alphabet of 1967 cannot write at all still has an ending
    plain = f"document{plain}" if plain.startswith(".") else plain
    how = "inline" if paper.media_type in _INLINE else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_name(paper: Document) -> str:
    """Number and title, without what a file system, a header or a reader could misunderstand."""
    said = unicodedata.normalize("NFC", f"{paper.number} {paper.title}")
    # C: controls, marks that turn the direction of writing, halves of letters
    visible = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in said)
    stem = _NOT_IN_NAMES.sub(" ", visible).strip(" .-")[:_LONGEST_NAME].rstrip(" .-") or paper.sha256[:16]
    return stem + EXTENSIONS.get(paper.media_type, ".bin")

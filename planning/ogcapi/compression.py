"""Answers on their way out: gzip for who takes it, whole or piece by piece.

What is compressed is public and holds nothing of whoever asks, so its size betrays nothing.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Numbers as text shrink to a sixth at the cheap levels already; the dear ones cost more than the line.
_LEVEL = 3
_SMALLEST = 1_000
_GZIP = 16 + zlib.MAX_WBITS


def compress(request: HttpRequest, response: HttpResponseBase) -> None:
    """Compress the answer in place where that pays."""
    patch_vary_headers(response, ("Accept-Encoding",))
    if not _may_be(request, response):
        return
    if isinstance(response, StreamingHttpResponse):
        # the pieces stay closers of the response: what holds a cursor lets it go
        response.streaming_content = _squeezed(iter(response))
        del response["Content-Length"]
    elif isinstance(response, HttpResponse):
        if len(response.content) < _SMALLEST:
            return
        response.content = gzip.compress(response.content, compresslevel=_LEVEL, mtime=0)
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "gzip"


def _may_be(request: HttpRequest, response: HttpResponseBase) -> bool:
    if request.method == "HEAD" or response.status_code != 200 or "Content-Encoding" in response:
        return False
    return any(_is_gzip(one) for one in request.headers.get("Accept-Encoding", "").split(","))


def _is_gzip(coding: str) -> bool:
    name, _, quality = coding.replace(" ", "").lower().partition(";q=")
    return name in ("gzip", "*") and quality not in ("0", "0.0", "0.00", "0.000")


def _squeezed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    squeezer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if squeezed := squeezer.compress(piece):
            yield squeezed
    yield squeezer.flush()

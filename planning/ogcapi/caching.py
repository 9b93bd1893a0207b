"""What may be kept, for how long, and how a reader asks whether it changed.

An entity tag is made of what the answer depends on (version of the data, the question in its normal form,
format, language), never of the answer: whether it changed is known before a geometry is read.
"""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from planning.ogcapi.collections import Snapshot

# A publication is seen everywhere after this many seconds, also where no cache is told of it.
FRESH_S = 60
FOREVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"


def tag_of(snapshot: Snapshot, *parts: object) -> str:
    """The entity tag of an answer; weak, for it may be compressed on its way."""
    own = (program(), snapshot.version, snapshot.described)
    told = "\x1f".join(str(part) for part in (*own, *parts))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


@cache
def program() -> str:
    """Changes with every other program, which may answer the same question in other words: with its
    sources, templates and translations, and with the names of its style sheets."""
    package = Path(__file__).resolve().parent.parent
    told = [path for ending in ("py", "html", "mo") for path in package.rglob(f"*.{ending}")]
    told.append(Path(settings.STATIC_ROOT) / "staticfiles.json")
    digest = hashlib.sha256()
    for path in sorted(told):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


def is_fresh(request: HttpRequest, tag: str) -> bool:
    """Whether the reader holds this very answer (RFC 9110, 13.1.2; weak comparison)."""
    held = request.headers.get("If-None-Match", "")
    opaque = tag.removeprefix("W/")
    return held.strip() == "*" or opaque in (one.strip().removeprefix("W/") for one in held.split(","))


def keep(
    response: HttpResponseBase,
    snapshot: Snapshot,
    tag: str,
    *,
    for_good: bool = False,
    is_public: bool = True,
) -> None:
    """Say how long the answer holds: for good where its address names the version, else until the law or
    a publication may have changed it. What not everybody may see is kept by nobody."""
    response["ETag"] = tag
    lasting = FOREVER if for_good else f"public, max-age={seconds_fresh(snapshot)}"
    response["Cache-Control"] = lasting if is_public else PRIVATE
    patch_vary_headers(response, ("Accept", "Accept-Language", "Accept-Encoding"))


def seconds_fresh(snapshot: Snapshot) -> int:
    """How long what was read now may be taken for new."""
    if snapshot.until is None:
        return FRESH_S
    left = (snapshot.until - datetime.now(UTC)).total_seconds()
    return max(0, min(FRESH_S, int(left)))

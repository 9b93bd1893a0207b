"""Caches in front of the service are told of a publication, instead of being left to find out.

What they keep of `/ogc/` holds for a minute without that; tiles whose address names a version hold for good.
"""

import logging
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from planning.errors import Unavailable

TIMEOUT_S = 5

log = logging.getLogger(__name__)


def purge() -> bool:
    """Ask the cache to forget all below the root of the OGC APIs; whether there is one to ask.

    Raises Unavailable where it cannot be reached or does not agree.
    """
    if not settings.PURGE_URL:
        return False
    root = reverse("ogc:landing")
    try:
        status = _ask(settings.PURGE_URL, root)
    except (OSError, HTTPException) as error:
        raise Unavailable(purging=root) from error
    if status >= 300:
        raise Unavailable(purging=root, status=status)
    log.info("the cache in front forgets %s", root, extra={"status": status})
    return True


def _ask(cache: str, root: str) -> int:
    """The status that the cache answers with; it is asked by the name that readers use."""
    address = urlsplit(cache)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.netloc, timeout=TIMEOUT_S)
    try:
        connection.request(
            "PURGE", address.path + root, headers={"Host": urlsplit(settings.PUBLIC_URL).netloc}
        )
        return connection.getresponse().status
    finally:
        connection.close()

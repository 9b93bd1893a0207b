"""Where in a walk through a collection a page begins, and how that travels in `next`.

A walk holds on to the version of the data it began with: whoever publishes meanwhile makes no feature
come twice and none get lost. A page begins after the key of the last row of the one before, so its size
may change on the way. The token is signed: what we read is what we wrote.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing

from planning.errors import BadParameter, Reason

_LONGEST = 1_000
_SIGNER = signing.Signer(salt="planning.ogcapi.items.next", sep=".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The first row of a page: after the key `after`, else `position` rows from the beginning.

    `version` is that of the data, None for the newest where a walk begins. All pages of a walk answer the
    question of the digest `question`; `matched` is what was counted when it began (None: over budget).
    """

    version: str | None = None
    after: Any = None
    position: int = 0
    matched: int | None = None
    question: str = ""

    @property
    def is_pinned(self) -> bool:
        """Whether its rows are for good the same."""
        return self.version is not None


def written(place: Place) -> str:
    """The token: base64url without "=" and "&"."""
    told = [place.version, place.after, place.position, place.matched, place.question]
    return _SIGNER.sign_object(told)


def read(name: str, text: str) -> Place:
    """Raises BadParameter for what `written` did not write."""
    if len(text) > _LONGEST:
        raise BadParameter(name, text, Reason.BAD_CURSOR)
    try:
        version, after, position, matched, question = _SIGNER.unsign_object(text)
    except (signing.BadSignature, ValueError):
        raise BadParameter(name, text, Reason.BAD_CURSOR) from None
    return Place(version=version, after=after, position=position, matched=matched, question=question)

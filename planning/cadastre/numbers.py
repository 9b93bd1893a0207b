"""Codes of a delivery's parcels: true duplicates of a number keep their -b and -c by where they lie.

A file numbers its duplicates in the order of its rows, which says nothing; the land does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from planning.cadastre.verdicts import Passage

_SUFFIXES = "bcdefghijklmnopqrstuvwxyz"


def stable_codes(
    bases: Sequence[str],
    former_bases: Sequence[str],
    former_codes: Sequence[str],
    found: Sequence[Passage],
    standing_on: Collection[str],
) -> list[str]:
    """A code for each later row: that of the parcel of its number in whose land it lies, else a free one.

    `standing_on` are codes that go on without the delivery and are not free.
    """
    heirs: dict[int, str] = {}
    given: set[str] = set()
    for one in sorted(found, key=lambda one: (-one.shared, one.former, one.later)):
        code = former_codes[one.former]
        is_own = one.is_strong and bases[one.later] == former_bases[one.former]
        if is_own and one.later not in heirs and code not in given and code not in standing_on:
            heirs[one.later] = code
            given.add(code)
    by_base: dict[str, list[int]] = defaultdict(list)
    for row, base in enumerate(bases):
        by_base[base].append(row)
    codes = [heirs.get(row, "") for row in range(len(bases))]
    for base, rows in by_base.items():
        free = _free(base, given, standing_on)
        for row in rows:
            codes[row] = codes[row] or next(free)
    return codes


def _free(base: str, given: Collection[str], standing_on: Collection[str]) -> Iterator[str]:
    for place in range(10**6):
        code = base + suffix(place)
        if code not in given and code not in standing_on:
            yield code


def suffix(before: int) -> str:
    """What is put behind a number that occurred so many times before."""
    if not before:
        return ""
    return f"-{_SUFFIXES[before - 1]}" if before <= len(_SUFFIXES) else f"-{before + 1}"

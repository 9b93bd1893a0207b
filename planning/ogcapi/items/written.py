"""Features as GeoJSON, written once per version and process: a page asks for the keys of its features, and
reads of the database only those that were not written lately.

To find which features a page has is quick; to read and write what is said of them is nearly all of its cost.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from planning.ogcapi.collections import Collection, Snapshot
from planning.ogcapi.kept import Kept, kept

MOST_BYTES = 32 * 1024 * 1024
# What an entry takes beside its bytes, roughly.
_ENTRY_BYTES = 300


def _size(text: bytes) -> int:
    return len(text) + _ENTRY_BYTES


KEPT: Kept[bytes] = kept(MOST_BYTES, _size)

# keys -> each with its feature as GeoJSON, in any order
Write = Callable[[Sequence[Any]], Iterable[tuple[Any, bytes]]]


def features(
    collection: Collection, snapshot: Snapshot, keys: Sequence[Any], write: Write
) -> tuple[bytes, ...]:
    """The features of these keys, in their order; `write` makes those that are not kept."""
    names = {key: _name(collection, snapshot, key) for key in keys}
    found = {key: KEPT.get(name) for key, name in names.items()}
    missing = [key for key, text in found.items() if text is None]
    for key, text in write(missing) if missing else ():
        KEPT.put(names[key], text)
        found[key] = text
    return tuple(one for key in keys if (one := found[key]) is not None)


def _name(collection: Collection, snapshot: Snapshot, key: Any) -> Hashable:
    """Titles and colours are today's in every version; with another one the feature is another."""
    return collection, snapshot.revision, snapshot.on, snapshot.described, key

"""What this process made lately and may send again without the database, by version of the data.

Every key names the version, so that nothing in here is ever wrong: what is no longer asked for falls out at
the end. Bounded by bytes; each process of the service keeps its own.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The values used last, up to a number of bytes; safe among threads."""

    def __init__(self, most_bytes: int, size: Callable[[Value], int]) -> None:
        self._most_bytes = most_bytes
        self._size = size
        self._bytes = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value under that key, which is the newest again."""
        with self._lock:
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Value) -> None:
        """Keep the value; the ones not asked for longest give way."""
        with self._lock:
            self._take_out(key)
            self._values[key] = value
            self._bytes += self._size(value)
            while self._bytes > self._most_bytes and self._values:
                self._take_out(next(iter(self._values)))

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._values.clear()
            self._bytes = 0

    def _take_out(self, key: Hashable) -> None:
        gone = self._values.pop(key, None)
        if gone is not None:
            self._bytes -= self._size(gone)


_ALL: list[Kept[Any]] = []


def kept(most_bytes: int, size: Callable[[Value], int]) -> Kept[Value]:
    """A store that `forget` empties with all others."""
    made = Kept(most_bytes, size)
    _ALL.append(made)
    return made


def forget() -> None:
    """Forget everything: the versions that are asked for from now on are those of other data."""
    for one in _ALL:
        one.clear()

"""What a process remembers for a while, so that it need not ask the database with every request."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

Value = TypeVar("Value")


class Memory:
    """At most `most` values, each for `seconds`; the ones not asked for longest are forgotten first.

    Threads share it. Two that miss the same value at once both make it: harmless, and nobody waits.
    """

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._held: OrderedDict[Hashable, tuple[float, object]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is remembered under the key; else what `make` gives, remembered from now on."""
        with self._lock:
            until, value = self._held.get(key, (0.0, None))
            if until > self._clock():
                self._held.move_to_end(key)
                return value  # type: ignore[return-value] # what `make` of the same key gave
        made = make()
        with self._lock:
            self._held[key] = (self._clock() + self._seconds, made)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()

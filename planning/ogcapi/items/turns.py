"""What may be slow takes turns: whatever it costs, a process keeps threads for everything else.

A filter may read as long as the timeout of a statement allows. Without turns a handful of slow ones takes
every thread of every process, and nobody is told even that the service lives (measured: 25 s).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from planning.errors import Unavailable

# Half of the threads that a web worker has by default.
MOST_AT_ONCE = 2
# Nearly every filter, and every file that is not large, is done by then: it is worth waiting for.
SLOW_AFTER_S = 0.25


class Turns:
    """At most `most` at once. Who comes while all are taken waits only for those that may be done soon."""

    def __init__(self, most: int, slow_after: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._slow_after, self._clock = most, slow_after, clock
        self._begun: list[float] = []
        self._ended = Condition()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn for the length of the block. Raises Unavailable where slow ones have them all."""
        with self._ended:
            begun = self._when_free()
            self._begun.append(begun)
        try:
            yield
        finally:
            with self._ended:
                self._begun.remove(begun)
                self._ended.notify()

    def _when_free(self) -> float:
        """The moment at which one is free: now, or soon."""
        asked = now = self._clock()
        while len(self._begun) >= self._most:
            hoped = max(self._begun) + self._slow_after
            if now >= min(hoped, asked + self._slow_after):
                raise Unavailable
            self._ended.wait(hoped - now)
            now = self._clock()
        return now


FILTERS = Turns(MOST_AT_ONCE, SLOW_AFTER_S)

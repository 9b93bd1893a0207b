"""How things are timed and told: questions in blocks that take turns, medians, one row a figure."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SAMPLES = 2_000
BLOCKS = 10
WARM_UP = 50
Ask = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of many questions."""

    p50: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Measured":
        cuts = statistics.quantiles(times, n=100)
        return cls(cuts[49], cuts[98])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: what we take, the bare SQL beside it, others by name, and what is aimed at."""

    what: str
    ours: Measured
    floor: Measured | None = None
    peers: Mapping[str, float] = field(default_factory=dict)
    target: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor we take."""
        return self.ours.p50 / self.floor.p50 if self.floor else None

    def as_json(self) -> dict[str, Any]:
        """As `script/bench --json` prints it."""
        return {
            "what": self.what,
            "ours_ms": round(self.ours.p50, 3),
            "p99_ms": round(self.ours.p99, 3),
            "floor_ms": round(self.floor.p50, 3) if self.floor else None,
            "ratio": round(self.ratio, 2) if self.ratio is not None else None,
            "peers": {name: round(took, 2) for name, took in self.peers.items()},
        }


def in_turn(
    askers: Mapping[str, tuple[Ask, Sequence[str]]], *, samples: int = SAMPLES, warm_up: int = WARM_UP
) -> dict[str, Measured]:
    """Every asker with its own questions, a block of each after the other, so that what else the machine
    does hits all of them; every block is warmed first."""
    took: dict[str, list[float]] = {name: [] for name in askers}
    size = max(1, samples // BLOCKS)
    for start in range(0, samples, size):
        for name, (ask, questions) in askers.items():
            block = [questions[n % len(questions)] for n in range(start, start + size)]
            before = [questions[(start - n) % len(questions)] for n in range(warm_up, 0, -1)]
            for question in before:
                ask(question)
            for question in block:
                took[name].append(timed(ask, question))
    return {name: Measured.of(times) for name, times in took.items()}


def timed(ask: Ask, question: str) -> float:
    """Milliseconds of one question."""
    began = time.perf_counter()
    ask(question)
    return (time.perf_counter() - began) * 1000


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    lines = [f"{'':62} {'p50 ms':>9} {'p99 ms':>9} {'floor':>8} {'ratio':>6}  others, aim"]
    for row in rows:
        figures = (row.ours.p50, row.ours.p99, row.floor.p50 if row.floor else None, row.ratio)
        shown = ["" if figure is None else f"{figure:.2f}" for figure in figures]
        others = ", ".join(f"{name} {took:.1f}" for name, took in row.peers.items())
        told = "; ".join(part for part in (others, row.target and f"aim {row.target}") if part)
        lines.append(f"{row.what:62} {shown[0]:>9} {shown[1]:>9} {shown[2]:>8} {shown[3]:>6}  {told}")
    return "\n".join(lines)

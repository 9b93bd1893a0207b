"""Labels that every map carries, whatever it shows: names and places, as data."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "fixtures" / "map-labels.csv"


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where it is written, in degrees. Nothing is measured from it."""

    text: str
    longitude: float
    latitude: float


@cache
def always_labelled() -> tuple[Label, ...]:
    """The labels; the file does not change while we run."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Label(row["text"], float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(rows)
        )

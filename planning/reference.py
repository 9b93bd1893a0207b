"""Reference data from CSV files into the database: themes, administrative units, land-use codes.

Stands beside `imports` and is called by the command of the same verb. Running it again writes only
what differs; a row that left the files stays in the database, because published data may point at it.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import models, transaction

from planning.codes import normalise, search_name
from planning.models import AdminSuccession, AdminUnit, AdminUnitList, LandUse, LandUseList, Theme

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many rows of each table were new or different."""

    themes: int
    unit_lists: int
    units: int
    successions: int
    land_use_lists: int
    land_uses: int


@transaction.atomic
def load_reference(*, base: Path) -> Written:
    """Brings the reference tables up to the CSV files below `base`: all of it or nothing."""
    return Written(
        themes=_write(Theme, _themes(base / "themes.csv"), key=("code",)),
        unit_lists=_write(AdminUnitList, _unit_lists(base / "units"), key=("code",)),
        units=_write(AdminUnit, _units(base / "units"), key=("id",)),
        successions=_write(AdminSuccession, _successions(base / "units"), key=_SUCCESSION_KEY),
        land_use_lists=_write(LandUseList, _land_use_lists(base / "codes"), key=("code",)),
        land_uses=_write(LandUse, _land_uses(base / "codes"), key=("code_list_id", "code")),
    )


_SUCCESSION_KEY = ("predecessor_id", "successor_id", "on")

Values = dict[str, Any]


def _write(model: type[models.Model], rows: Iterable[Values], *, key: Sequence[str]) -> int:
    """Inserts new rows and updates different ones; gives their number.

    All rows name the same columns. Columns that the file does not speak of (a boundary drawn later)
    are left as they are.
    """
    wanted = list(rows)
    if not wanted:
        return 0
    columns = [name for name in wanted[0] if name not in key]
    stored = {tuple(row[name] for name in key): row for row in model._default_manager.values(*key, *columns)}
    differing = [row for row in wanted if stored.get(tuple(row[name] for name in key)) != row]
    model._default_manager.bulk_create(
        [model(**row) for row in differing],
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=[name.removesuffix("_id") for name in key],
        update_fields=[name.removesuffix("_id") for name in columns],
    )
    return len(differing)


def _themes(path: Path) -> Iterator[Values]:
    for row in _rows(path):
        yield {
            "code": row["code"],
            "title_vi": row["title_vi"],
            "title_en": row["title_en"],
            "order": int(row["order"]),
            "plan_kinds": row["plan_kinds"].split(),
            "restriction_kinds": row["restriction_kinds"].split(),
            "valid_from": _day(row["valid_from"]),
            "valid_to": _day(row["valid_to"]),
        }


def _unit_lists(folder: Path) -> Iterator[Values]:
    for row in _rows(folder / "lists.csv"):
        yield row | {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}


def _units(folder: Path) -> Iterator[Values]:
    """Units of every list; parents stand before their children in the files."""
    for unit_list in _rows(folder / "lists.csv"):
        list_code = unit_list["code"]
        for row in _rows(folder / f"{list_code}.csv"):
            name = normalise(row["name"])
            yield {
                "id": f"{list_code}-{row['code']}",
                "unit_list_id": list_code,
                "code": row["code"],
                "kind": row["kind"],
                "name": name,
                "search_name": search_name(name),
                "parent_id": f"{list_code}-{row['parent']}" if row["parent"] else None,
                "area_km2": _area(row),
                "centre": _centre(row),
                "decision": row.get("decision", ""),
            }


def _centre(row: Row) -> Point | None:
    return Point(float(row["lon"]), float(row["lat"]), srid=4326) if row.get("lon") else None


def _area(row: Row) -> Decimal | None:
    # as many decimals as the column keeps, or a row would differ from itself for ever
    return Decimal(row["area_km2"]).quantize(Decimal("0.01"), ROUND_HALF_UP) if row.get("area_km2") else None


def _successions(folder: Path) -> Iterator[Values]:
    rows = list(_rows(folder / "successions.csv"))
    heirs: dict[str, int] = {}
    for row in rows:
        heirs[row["predecessor"]] = heirs.get(row["predecessor"], 0) + 1
    for row in rows:
        yield {
            "predecessor_id": row["predecessor"],
            "successor_id": row["successor"],
            "on": date.fromisoformat(row["on"]),
            "is_partial": heirs[row["predecessor"]] > 1,
        }


def _land_use_lists(folder: Path) -> Iterator[Values]:
    for row in _rows(folder / "lists.csv"):
        yield row | {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}


def _land_uses(folder: Path) -> Iterator[Values]:
    for code_list in _rows(folder / "lists.csv"):
        for row in _rows(folder / f"{code_list['code']}.csv"):
            yield {
                "code_list_id": code_list["code"],
                "code": row["code"],
                "name_vi": normalise(row["name_vi"]),
                "name_en": row["name_en"],
                "group": row["group"],
                "parent_code": row["parent"],
                "colour": row["colour"],
                "colour_confidence": row["colour_confidence"],
            }


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

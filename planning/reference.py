"""Reference data from CSV files into the database: themes, administrative units, land-use codes.

Stands beside `imports` and is called by the command of the same verb. Running it again writes only
what differs; a row that left the files stays in the database, because published data may point at it.

Which of it a deployment needs is data, too: a `reference.toml` names the themes, the folders of units and
the code lists; without one everything is loaded.
"""

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import models, transaction

from planning.audit import traced
from planning.codes import normalise, search_name
from planning.models import (
    AdminSuccession,
    AdminUnit,
    AdminUnitList,
    LandUse,
    LandUseGroup,
    LandUseList,
    LandUseMatch,
    MatchKind,
    Theme,
)

Row = dict[str, str]
Values = dict[str, Any]
SELECTION = "reference.toml"
# What a match says, read from the other side.
_REVERSED = {
    MatchKind.EXACT.value: MatchKind.EXACT.value,
    MatchKind.RELATED.value: MatchKind.RELATED.value,
    MatchKind.BROADER.value: MatchKind.NARROWER.value,
    MatchKind.NARROWER.value: MatchKind.BROADER.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which reference data to load; `code_lists` None means all that `codes` holds."""

    themes: Path
    units: tuple[Path, ...]
    codes: Path
    code_lists: frozenset[str] | None = None

    @classmethod
    def everything(cls, base: Path) -> "Selection":
        """All that lies below the folder of fixtures."""
        return cls(themes=base / "themes.csv", units=(base / "units",), codes=base / "codes")

    @classmethod
    def read(cls, folder: Path, *, base: Path) -> "Selection":
        """What the folder's own `reference.toml` asks for; its paths are relative to it."""
        path = folder / SELECTION
        whole = cls.everything(base)
        if not path.exists():
            return whole
        asked = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            themes=folder / asked["themes"] if "themes" in asked else whole.themes,
            units=tuple(folder / one for one in asked["units"]) if "units" in asked else whole.units,
            codes=folder / asked["codes"] if "codes" in asked else whole.codes,
            code_lists=frozenset(asked["code_lists"]) if "code_lists" in asked else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many rows of each table were new or different."""

    themes: int
    unit_lists: int
    units: int
    successions: int
    groups: int
    land_use_lists: int
    land_uses: int
    matches: int


@transaction.atomic
@traced("load reference data")
def load_reference(*, base: Path, selection: Selection | None = None) -> Written:
    """Brings the reference tables up to the CSV files below `base`: all of it or nothing.

    With a selection, only what it names.
    """
    chosen = selection or Selection.everything(base)
    return Written(
        themes=_write(Theme, _themes(chosen.themes), key=("code",)),
        unit_lists=_write(AdminUnitList, _of_all(_unit_lists, chosen.units), key=("code",)),
        units=_write(AdminUnit, _of_all(_units, chosen.units), key=("id",)),
        successions=_write(AdminSuccession, _of_all(_successions, chosen.units), key=_SUCCESSION_KEY),
        groups=_write(LandUseGroup, _groups(chosen), key=("code",)),
        land_use_lists=_write(LandUseList, _land_use_lists(chosen), key=("code",)),
        land_uses=_write(LandUse, _land_uses(chosen), key=("code_list_id", "code")),
        matches=_write(LandUseMatch, _matches(chosen), key=("land_use_id", "other_id")),
    )


_SUCCESSION_KEY = ("predecessor_id", "successor_id", "on")


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


def _of_all(read: Callable[[Path], Iterator[Values]], folders: Iterable[Path]) -> Iterator[Values]:
    for folder in folders:
        yield from read(folder)


def _groups(chosen: Selection) -> Iterator[Values]:
    for row in _rows(chosen.codes / "groups.csv"):
        yield row | {"order": int(row["order"])}


def _chosen_lists(chosen: Selection) -> Iterator[Row]:
    for row in _rows(chosen.codes / "lists.csv"):
        if chosen.code_lists is None or row["code"] in chosen.code_lists:
            yield row


def _land_use_lists(chosen: Selection) -> Iterator[Values]:
    for row in _chosen_lists(chosen):
        yield row | {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}


def _land_uses(chosen: Selection) -> Iterator[Values]:
    for code_list in _chosen_lists(chosen):
        for row in _rows(chosen.codes / f"{code_list['code']}.csv"):
            yield {
                "code_list_id": code_list["code"],
                "code": row["code"],
                "name_vi": normalise(row["name_vi"]),
                "name_en": row["name_en"],
                "group": row["group"],
                "parent_code": row["parent"],
                "colour": row["colour"],
                "colour_confidence": row["colour_confidence"],
                "hilucs": row["hilucs"],
                "certainty": row["certainty"],
            }


def _matches(chosen: Selection) -> Iterator[Values]:
    """Each match from both sides; those of lists that are not loaded stay out."""
    lists = {row["code"] for row in _chosen_lists(chosen)}
    keys = {
        (code_list, code): key
        for code_list, code, key in LandUse.objects.filter(code_list__in=lists).values_list(
            "code_list", "code", "pk"
        )
    }
    for row in _rows(chosen.codes / "matches.csv"):
        if {row["list"], row["other_list"]} <= lists:
            one, other = keys[row["list"], row["code"]], keys[row["other_list"], row["other_code"]]
            said = {"certainty": row["certainty"], "source": row["source"]}
            yield {"land_use_id": one, "other_id": other, "kind": row["kind"], **said}
            yield {"land_use_id": other, "other_id": one, "kind": _REVERSED[row["kind"]], **said}


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

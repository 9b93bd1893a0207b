"""Layers drawn on the town's metre grid and written as files, and the plan files beside them."""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planning.imports.planfile import PlanFile, parse_plan_file
from tests import town

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def box(x: float, y: float, width: float, height: float | None = None) -> BaseGeometry:
    """A rectangle in metres of the town, in degrees."""
    return placed(shapely.box(x, y, x + width, y + (width if height is None else height)))


def placed(shape: BaseGeometry) -> BaseGeometry:
    return shapely.from_wkb(bytes(town.placed(shape).wkb))


def feature(shape: BaseGeometry | None, **properties: Any) -> dict[str, Any]:
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    """A GeoJSON file; the name of the file is the name of its layer."""
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def zoning(**changes: Any) -> PlanFile:
    """The plan file of a zoning plan of the town, in force since 2018."""
    data: dict[str, Any] = {
        "plan": {
            "id": "old-town",
            "kind": "zoning",
            "title": "Quy hoạch phân khu",
            "territory": "town",
            "office": "town",
            "scale": 2000,
            "metric_crs": town.METRIC.code,
            "licence": "CC-BY-4.0",
            "source": "invented",
        },
        "edition": {"number": 1},
        "documents": [
            {
                "key": "decision",
                "number": "1/QĐ",
                "date": town.date(2018, 1, 1),
                "issuer": "UBND thị trấn",
                "title": "Quyết định",
                "url": "https://town.example/1",
            }
        ],
        "events": [{"kind": "in_force", "on": town.date(2018, 1, 1), "document": "decision"}],
        "layers": [
            {
                "target": "zones",
                "code_list": "town",
                "fields": {"code": "code", "land_use": "land_use"},
            }
        ],
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = data
        for name in parents:
            place = place.setdefault(name, {})
        place[last] = value
    return parse_plan_file(data)


def ground() -> None:
    """What an import finds: territory, themes, land uses, an office with its members."""
    town.territory()
    town.themes()
    for code in town.LAND_USES:
        town.land_use(code)
    town.planner()
    town.reviewer()

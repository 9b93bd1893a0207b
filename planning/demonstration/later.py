"""What happened to the town after its plans were published: a suspension, a ruling, a paper that came later.

Last step of loading. The acts stand in `later.toml` of the folder and are carried out by the verbs that
any office uses, each in a revision of its own.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from planning import crs
from planning.demonstration.people import People
from planning.demonstration.town import Town
from planning.documents import add_clause, attach
from planning.lifecycle import record_event, record_ruling
from planning.models import Document, DocumentKind, Edition, EventKind, Plan, Publication

Progress = Callable[[str], None]


def carry_out(town: Town, folder: Path, people: People, say: Progress) -> list[Publication]:
    """Record what the folder's `later.toml` says, in its order; nothing where there is no such file."""
    path = folder / "later.toml"
    if not path.exists():
        return []
    acts = tomllib.loads(path.read_text(encoding="utf-8"))
    papers = {row["key"]: _paper(row, folder, people) for row in acts["documents"]}
    publications = []
    for row in acts["events"]:
        say(f"record {row['kind']} of {row['edition']}")
        plan, _, number = row["edition"].rpartition("/")
        publications.append(
            record_event(
                edition=Edition.objects.get(plan=plan, number=int(number)),
                kind=EventKind(row["kind"]),
                on=row["on"],
                effective_to=row.get("effective_to"),
                extent=_blocks(town, row["place"]) if "place" in row else None,
                document=papers[row["document"]],
                by=people.planner,
                approved_by=people.reviewer,
            )
        )
    for row in acts["rulings"]:
        say(f"record a ruling on {row['plan']} and {row['other_plan']}")
        publications.append(
            record_ruling(
                plan=Plan.objects.get(pk=row["plan"]),
                other_plan=Plan.objects.get(pk=row["other_plan"]),
                text=row["text"],
                on=row["on"],
                carried_out=Plan.objects.get(pk=row["carried_out"]) if "carried_out" in row else None,
                document=papers[row["document"]],
                by=people.planner,
                approved_by=people.reviewer,
            )
        )
    return publications


def _paper(row: Mapping[str, Any], folder: Path, people: People) -> Document:
    document = attach(
        plan=Plan.objects.get(pk=row["plan"]),
        kind=DocumentKind(row["kind"]),
        title=row["title"],
        file=folder / "plans" / row["file"],
        number=row["number"],
        date=row["date"],
        issuer=row["issuer"],
        by=people.planner,
    )
    for clause in row.get("clauses", ()):
        add_clause(
            document=document,
            clause_id=clause["id"],
            article=clause["article"],
            text=clause["text"],
            page=clause["page"],
            by=people.planner,
        )
    return document


def _blocks(town: Town, place: str) -> MultiPolygon:
    """The land of the place's blocks, as it is stored."""
    where = town.settings["places"][place]
    blocks = town.near_middle_of(where["ward"], where["blocks"])
    land = shapely.union_all([block.shape for block in blocks], grid_size=0.001)
    moved = crs.transform(shapely.set_precision(land, 0), town.system, crs.WGS84)
    geometry = GEOSGeometry(memoryview(moved.wkb), srid=4326)
    return geometry if isinstance(geometry, MultiPolygon) else MultiPolygon(geometry, srid=4326)

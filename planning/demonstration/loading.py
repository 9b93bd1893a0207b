"""Loads the demonstration through the same import and publication that any office goes through.

Last step but one of the flow town -> lots -> drawings -> loading -> later. Two members of the
demonstration office, a planner and a reviewer, hand in and publish one revision per plan.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction

from planning import crs
from planning.demonstration.delivered import is_delivered, load_delivered
from planning.demonstration.drawings import Draughtsman, Drawing
from planning.demonstration.files import write_layers
from planning.demonstration.later import carry_out
from planning.demonstration.lots import cut_lots
from planning.demonstration.people import People, prepare_people
from planning.demonstration.resurvey import resurvey
from planning.demonstration.town import FOLDER, Town, read_town
from planning.imports import import_file
from planning.imports.planfile import read_plan_file
from planning.models import AdminUnit, Publication, Territory
from planning.publication import publish

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file the demonstration office hands in: a plan file and the layers it speaks of."""

    plan_file: str
    layers: tuple[Drawing, ...]


@transaction.atomic
def load_demonstration(*, say: Progress, folder: Path = FOLDER) -> list[Publication]:
    """Imports and publishes what the folder shows, all of it or nothing; `say` is told of each step.

    A folder of plain files is handed in as it is, any other is a town to be drawn.
    """
    return load_delivered(folder, say) if is_delivered(folder) else _load_town(folder, say)


def _load_town(folder: Path, say: Progress) -> list[Publication]:
    say("streets and blocks")
    town = read_town(folder)
    people = prepare_office(town)
    mark_wards(town)
    publications = []
    with tempfile.TemporaryDirectory() as temporary:
        for delivery in deliveries(town, say):
            path = Path(temporary) / f"{delivery.plan_file}.gpkg"
            write_layers(path, list(delivery.layers), town.system)
            publications.append(hand_in(path, folder / "plans", people, say))
    return [*publications, *carry_out(town, folder, people, say)]


def deliveries(town: Town, say: Progress) -> list[Delivery]:
    """The files in the order in which an office would have received them."""
    say("lots")
    draughtsman = Draughtsman(town)
    lots = cut_lots(town)
    again = town.settings["resurvey"]
    surveyed = resurvey((lot for lot in lots if lot.ward == again["ward"]), again)
    say("plans")
    zoning = (draughtsman.extent_of_zoning(), draughtsman.zoning(), draughtsman.lines())
    return [
        Delivery("parcels", (draughtsman.parcels(lots),)),
        Delivery("parcels-resurvey", (draughtsman.parcels(surveyed),)),
        Delivery("1-general", (draughtsman.extent_of_town(), draughtsman.corridors())),
        Delivery("2-zoning", zoning),
        Delivery("3-land-use", (draughtsman.land_use(),)),
        Delivery("4-infrastructure", (draughtsman.whole_blocks("annulled"),)),
        Delivery("5-adjustment", (draughtsman.adjustment(), draughtsman.lines_of_adjustment())),
        Delivery("6-detailed", (draughtsman.detailed(),)),
        Delivery("7-draft", (draughtsman.whole_blocks("draft"),)),
        Delivery("8-underground", (draughtsman.whole_blocks("underground"),)),
        Delivery("coverage", (draughtsman.coverage(town.settings["coverage"]),)),
    ]


def hand_in(path: Path, plan_files: Path, people: People, say: Progress) -> Publication:
    """Imports one file and publishes it; both by the verbs that the commands use."""
    say(f"import {path.stem}")
    upload = import_file(
        path,
        office=people.office,
        by=people.planner,
        plan_file=read_plan_file(plan_files / f"{path.stem}.plan.toml"),
    )
    say(f"publish {path.stem}")
    return publish(uploads=[upload], by=people.planner, approved_by=people.reviewer)


@transaction.atomic
def prepare_office(town: Town) -> People:
    """The flagged office, its members (who cannot log in) and its territory."""
    people = prepare_people(town.settings)
    Territory.objects.update_or_create(
        code=town.settings["territory"]["code"],
        defaults={
            "name": town.settings["territory"]["name"],
            "metric_crs": town.system.code,
            "extent": _stored(town.boundary, town.system),
            "office": people.office,
        },
    )
    return people


@transaction.atomic
def mark_wards(town: Town) -> None:
    """Gives the wards their invented areas; a unit that has a real boundary keeps it."""
    for code, area in town.wards.items():
        units = AdminUnit.objects.filter(id=f"{town.settings['unit_list']}-{code}", geometry=None)
        units.update(geometry=_stored(area, town.system), boundary_is_invented=True)


def _stored(area: Any, system: crs.CRS) -> GEOSGeometry:
    geometry = GEOSGeometry(memoryview(crs.transform(area, system, crs.WGS84).wkb), srid=4326)
    return geometry if isinstance(geometry, MultiPolygon) else MultiPolygon(geometry, srid=4326)

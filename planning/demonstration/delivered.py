"""A demonstration of files as they are: an office, its plan files and layers, nothing drawn.

The other kind beside the drawn town. A folder with a `demonstration.toml` is one; any place of the world
can be shown so, with a `reference.toml` beside it that says which code lists and units it needs.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from planning.demonstration.people import People, prepare_people
from planning.imports import import_file
from planning.imports.planfile import read_plan_file
from planning.models import Publication
from planning.publication import publish

Progress = Callable[[str], None]
SETTINGS = "demonstration.toml"


def is_delivered(folder: Path) -> bool:
    """Whether the folder holds files to hand in, and not a town to draw."""
    return (folder / SETTINGS).is_file()


def load_delivered(folder: Path, say: Progress) -> list[Publication]:
    """Hands in and publishes the deliveries of the folder in their order, one revision each."""
    settings = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    people = prepare_people(settings)
    return [hand_in(folder, delivery, people, say) for delivery in settings["deliveries"]]


def hand_in(folder: Path, delivery: Mapping[str, Any], people: People, say: Progress) -> Publication:
    """One file by the verbs that the commands use."""
    say(f"import {delivery['file']}")
    upload = import_file(
        folder / delivery["file"],
        office=people.office,
        by=people.planner,
        plan_file=read_plan_file(folder / delivery["plan_file"]),
        repair=delivery.get("repair", False),
        leave_out_refused=delivery.get("leave_out_refused", False),
    )
    say(f"publish {delivery['file']}")
    return publish(uploads=[upload], by=people.planner, approved_by=people.reviewer)

"""Fills a scratch database: the product's own migrations, then the layers of a GeoPackage."""

import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first

from tests.cql2_suite import dataset  # noqa: E402

# What filters lean on (systems of coordinates, functions, collations) comes with the migrations.
call_command("migrate", verbosity=0)
dataset.make_tables(dataset.layers_of(Path(sys.argv[1])))

"""The product's settings, with the catalogue of a GeoPackage in place of its own."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.cql2_suite.urls"

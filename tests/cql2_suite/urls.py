"""The OGC APIs over the GeoPackage that the environment names."""

import os
from pathlib import Path

from planning.ogcapi import urls
from tests.cql2_suite import dataset

urlpatterns = urls.mounted("ogc", dataset.catalogue(dataset.layers_of(Path(os.environ["CQL2_DATASET"]))))

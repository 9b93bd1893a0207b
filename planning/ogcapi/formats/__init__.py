"""How a page of features is written: one writer per format, by the name that `f=` takes.

A writer knows nothing of the request; what it writes is a `FeaturePage`. Most asked for comes first.
"""

from collections.abc import Mapping

from planning.ogcapi.formats.flatgeobuf import FlatGeobuf
from planning.ogcapi.formats.geojsonseq import GeoJsonSeq
from planning.ogcapi.formats.geopackage import GeoPackage
from planning.ogcapi.formats.table import Table
from planning.ogcapi.items.page import Writer
from planning.ogcapi.representations import CSV, FLATGEOBUF, GEOJSON_SEQ, GEOPACKAGE, Representation

WRITERS: Mapping[str, Writer] = {
    writer.representation.name: writer for writer in (Table(), GeoPackage(), FlatGeobuf(), GeoJsonSeq())
}
# Formats that people keep: the endings by which other software knows them.
_ENDINGS = {
    CSV.name: "csv",
    GEOPACKAGE.name: "gpkg",
    FLATGEOBUF.name: "fgb",
    GEOJSON_SEQ.name: "geojsons",  # .geojsonl would promise lines without separators
}


def file_name(collection_id: str, representation: Representation) -> str | None:
    """What a browser should call the answer when it keeps it; None for what it shows."""
    ending = _ENDINGS.get(representation.name)
    return ending and f"{collection_id}.{ending}"

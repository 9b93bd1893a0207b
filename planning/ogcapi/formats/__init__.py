"""How a page of features is written: one writer per format, by the name that `f=` takes.

A writer knows nothing of the request; what it writes is a `FeaturePage`. Most asked for comes first.
"""

from collections.abc import Mapping

from planning.ogcapi.formats.flatgeobuf import FlatGeobuf
from planning.ogcapi.formats.geojson import GeoJson
from planning.ogcapi.formats.geojsonseq import GeoJsonSeq
from planning.ogcapi.formats.geopackage import GeoPackage
from planning.ogcapi.formats.table import Table
from planning.ogcapi.items.page import Writer
from planning.ogcapi.representations import CSV, FLATGEOBUF, GEOJSON_SEQ, GEOPACKAGE, Representation

_ALL: tuple[Writer, ...] = (GeoJson(), Table(), GeoPackage(), FlatGeobuf(), GeoJsonSeq())
WRITERS: Mapping[str, Writer] = {writer.representation.name: writer for writer in _ALL}
# Formats that people keep: the endings by which other software knows them.
_ENDINGS = {
    CSV.name: "csv",
    GEOPACKAGE.name: "gpkg",
    FLATGEOBUF.name: "fgb",
    GEOJSON_SEQ.name: "geojsons",  # .geojsonl would promise lines without separators
}


def headers_of(collection_id: str, sent: Representation) -> dict[str, str]:
    """What an answer in that format says of itself: its type, and its name where people keep it as a file."""
    charset = "; charset=utf-8" if sent.media_type.startswith("text/") else ""
    headers = {"Content-Type": f"{sent.media_type}{charset}"}
    if ending := _ENDINGS.get(sent.name):
        headers["Content-Disposition"] = f'attachment; filename="{collection_id}.{ending}"'
    return headers

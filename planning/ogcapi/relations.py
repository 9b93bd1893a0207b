"""Kinds of links by the names that OGC has registered for them; those of IANA are written as they are."""

_OGC = "http://www.opengis.net/def/rel/ogc/1.0/"

CONFORMANCE = _OGC + "conformance"
DATA = _OGC + "data"
FUNCTIONS = _OGC + "functions"
QUERYABLES = _OGC + "queryables"
SCHEMA = _OGC + "schema"
STYLES = _OGC + "styles"
TILESETS_VECTOR = _OGC + "tilesets-vector"
TILING_SCHEMES = _OGC + "tiling-schemes"

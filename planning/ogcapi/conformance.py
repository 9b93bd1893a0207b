"""The conformance classes that are claimed: the one table, which the tests hold to be proven.

A class stands here when tests carry its mark and pass (`tests/planning/ogcapi/test_conformance.py`); the
declaration, the page and the tests read this table and nothing else.
"""

from dataclasses import dataclass

SPECIFICATIONS = "http://www.opengis.net/spec/"


@dataclass(frozen=True, slots=True)
class ConformanceClass:
    """One claim: its name below `SPECIFICATIONS`, its title as the standard has it, and the standard."""

    name: str
    title: str
    standard: str

    @property
    def uri(self) -> str:
        """The address that names the class."""
        return SPECIFICATIONS + self.name


# (beginning of the names, standard, {end of the name: title})
_STANDARDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "cql2/1.0",
        "Common Query Language (CQL2)",
        {
            "accent-insensitive-comparison": "Accent-insensitive Comparison",
            "advanced-comparison-operators": "Advanced Comparison Operators",
            "arithmetic": "Arithmetic Expressions",
            "basic-cql2": "Basic CQL2",
            "basic-spatial-functions": "Basic Spatial Functions",
            "basic-spatial-functions-plus": "Basic Spatial Functions with additional Spatial Literals",
            "case-insensitive-comparison": "Case-insensitive Comparison",
            "cql2-json": "CQL2 JSON",
            "cql2-text": "CQL2 Text",
            "functions": "Custom Functions",
            "property-property": "Property-Property Comparisons",
            "spatial-functions": "Spatial Functions",
            "temporal-functions": "Temporal Functions",
        },
    ),
    (
        "ogcapi-common-1/1.0",
        "OGC API - Common - Part 1: Core",
        {
            "core": "Core",
            "html": "HTML",
            "json": "JSON",
            "landing-page": "Landing Page",
            "oas30": "OpenAPI 3.0",
        },
    ),
    (
        "ogcapi-common-2/1.0",
        "OGC API - Common - Part 2: Geospatial Data",
        {"collections": "Collections", "html": "HTML", "json": "JSON"},
    ),
    (
        "ogcapi-common-3/1.0",
        "OGC API - Common - Part 3: Schemas",
        {
            "advanced-property-roles": "Advanced Property Roles",
            "queryables": "Queryables",
            "schemas": "Schemas",
        },
    ),
    (
        "ogcapi-features-1/1.0",
        "OGC API - Features - Part 1: Core",
        {"core": "Core", "geojson": "GeoJSON", "html": "HTML", "oas30": "OpenAPI 3.0"},
    ),
    (
        "ogcapi-features-2/1.0",
        "OGC API - Features - Part 2: Coordinate Reference Systems by Reference",
        {"crs": "Coordinate Reference Systems by Reference"},
    ),
    (
        "ogcapi-features-3/1.0",
        "OGC API - Features - Part 3: Filtering",
        {
            "features-filter": "Features Filter",
            "filter": "Filter",
            "queryables": "Queryables",
            "queryables-query-parameters": "Queryables as Query Parameters",
        },
    ),
    (
        "ogcapi-tiles-1/1.0",
        "OGC API - Tiles - Part 1: Core",
        {
            "core": "Core",
            "dataset-tilesets": "Dataset Tilesets",
            "geodata-tilesets": "GeoData Tilesets",
            "mvt": "Mapbox Vector Tiles",
            "oas30": "OpenAPI 3.0",
            "tileset": "Tileset",
            "tilesets-list": "Tilesets List",
        },
    ),
)

CLASSES: tuple[ConformanceClass, ...] = tuple(
    ConformanceClass(f"{beginning}/conf/{end}", title, standard)
    for beginning, standard, titles in _STANDARDS
    for end, title in titles.items()
)

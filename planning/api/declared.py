"""The parameters of `/api/v1/`, each declared once for parsing, OpenAPI and documentation."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planning.models import CoverageState, PlanKind
from planning.ogcapi import parameters
from planning.ogcapi.parameters import Parameter

_ZONE = ZoneInfo(settings.TIME_ZONE)
HIGHEST_LIMIT = 1000
DEFAULT_LIMIT = 50
LONGEST_QUESTION = 300
_METRES = 20_000_000.0

NUMBER = {"type": "number"}
DATE = {"type": "string", "format": "date"}

Q = Parameter(
    name="q",
    read=parameters.text(LONGEST_QUESTION),
    description=_(
        "What somebody would type: sheet and parcel number with a commune, coordinates, a street, a plan."
    ),
    examples=("105.8342 21.0278", "tờ 12 thửa 34 Hàng Trống"),
    schema={"type": "string", "maxLength": LONGEST_QUESTION},
    required=True,
)
COMMUNE = Parameter(
    name="commune",
    read=parameters.text(40),
    description=_(
        "Commune as <list>-<code>. A commune of today also finds the parcels surveyed under those "
        "merged into it."
    ),
    examples=("2004-00070", "2025-00070"),
)
SHEET = Parameter(
    name="sheet", read=parameters.text(20), description=_("Number of the map sheet."), examples=("12",)
)
NUMBER_ON_SHEET = Parameter(
    name="number",
    read=parameters.text(20),
    description=_("Number of the parcel on its sheet."),
    examples=("34",),
)
LIMIT = Parameter(
    name="limit",
    read=parameters.limit(HIGHEST_LIMIT),
    description=_("How many items at most; above 1 000 it is capped."),
    examples=("10",),
    schema={"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT},
    default=DEFAULT_LIMIT,
)
LOOKUP_LIMIT = Parameter(
    name="limit",
    read=parameters.limit(100),
    description=_("How many candidates at most; above 100 it is capped."),
    examples=("10",),
    schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    default=20,
)
CURSOR = Parameter(
    name="cursor",
    read=parameters.cursor,
    description=_("Where the list goes on; comes from the address in “next”."),
    examples=(parameters.written_cursor("2004-00070-12-34"),),
)
AS_AT = Parameter(
    name="as_at",
    read=parameters.day,
    description=_("The day whose law is asked about; today if left out."),
    examples=("2026-01-01",),
    schema=DATE,
)
KNOWN_AT = Parameter(
    name="known_at",
    read=parameters.past_moment(_ZONE),
    description=_(
        "What was published here at that time: a time with its zone, or a day, which means its end. "
        "Now if left out."
    ),
    examples=("2026-01-01T12:00:00+07:00", "2026-01-01"),
    schema={"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
)
THEMES = Parameter(
    name="themes",
    read=parameters.words(200),
    description=_("Only these themes, separated by commas; all if left out."),
    examples=("construction,land_use",),
)
LON = Parameter(
    name="lon",
    read=parameters.number(-180, 180),
    description=_("Longitude, WGS 84, degrees."),
    examples=("105.8513",),
    schema={**NUMBER, "minimum": -180, "maximum": 180},
)
LAT = Parameter(
    name="lat",
    # Beyond 90 degrees it is complained of together with `lon`: the two may be swapped.
    read=parameters.number(-180, 180),
    description=_("Latitude, WGS 84, degrees."),
    examples=("21.0313",),
    schema={**NUMBER, "minimum": -90, "maximum": 90},
)
EASTING = Parameter(
    name="easting",
    read=parameters.number(-_METRES, _METRES),
    description=_("Easting (Y on Vietnamese papers) in the system “crs”, metres."),
    examples=("586513.385",),
    schema=NUMBER,
)
NORTHING = Parameter(
    name="northing",
    read=parameters.number(-_METRES, _METRES),
    description=_("Northing (X on Vietnamese papers) in the system “crs”, metres."),
    examples=("2326256.818",),
    schema=NUMBER,
)
CRS = Parameter(
    name="crs",
    read=parameters.system,
    description=_("The coordinate reference system of easting and northing."),
    examples=("EPSG:5897",),
)
THEME = Parameter(
    name="theme",
    read=parameters.text(40),
    description=_("Only declarations about this theme."),
    examples=("construction",),
)
STATE = Parameter(
    name="state",
    read=parameters.choice(*CoverageState.values),
    description=_("Only declarations of this state."),
    examples=("complete",),
    schema={"type": "string", "enum": CoverageState.values},
)
GEOMETRY = Parameter(
    name="geometry",
    read=parameters.flag,
    description=_("Whether each item carries its geometry as GeoJSON."),
    examples=("true",),
    schema={"type": "boolean", "default": False},
    default=False,
)
KIND = Parameter(
    name="kind",
    read=parameters.choice(*PlanKind.values),
    description=_("Only plans of this kind."),
    examples=("zoning",),
    schema={"type": "string", "enum": PlanKind.values},
)

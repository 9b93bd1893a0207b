"""Which representation of a resource is sent: `f=` wins, then Accept, then the first one there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planning.ogcapi.collections import Text
from planning.ogcapi.parameters import Parameter, choice


@dataclass(frozen=True, slots=True)
class Representation:
    """One format: its name in `f=`, its media type, what people call it, other types it answers to."""

    name: str
    media_type: str
    title: Text
    also: tuple[str, ...] = ()


JSON = Representation("json", "application/json", "JSON")
HTML = Representation("html", "text/html", _("Page"), ("application/xhtml+xml",))
GEOJSON = Representation("json", "application/geo+json", "GeoJSON", ("application/json",))
GEOJSON_SEQ = Representation("geojsonseq", "application/geo+json-seq", "GeoJSON-Seq")
CSV = Representation("csv", "text/csv", "CSV")
FLATGEOBUF = Representation("fgb", "application/flatgeobuf", "FlatGeobuf")
GEOPACKAGE = Representation("gpkg", "application/geopackage+sqlite3", "GeoPackage")
SCHEMA = Representation("json", "application/schema+json", "JSON Schema", ("application/json",))
OPENAPI = Representation(
    "json", "application/vnd.oai.openapi+json;version=3.0", "OpenAPI 3.0", ("application/json",)
)


def parameter_f(offered: Sequence[Representation]) -> Parameter:
    """`f=` with the names of what is offered."""
    names = tuple(one.name for one in offered)
    return Parameter(
        name="f",
        read=choice(*names),
        description=_("Format of the answer; without it the header Accept decides."),
        examples=names,
        schema={"type": "string", "enum": list(names)},
    )


def chosen(request: HttpRequest, wished: str | None, offered: Sequence[Representation]) -> Representation:
    """The representation to send. What Accept does not name is answered by the first one offered, which
    RFC 9110 (12.5.1) allows and careless clients need."""
    if wished:
        return next(one for one in offered if one.name == wished)
    best, best_quality = offered[0], 0.0
    for media_type, quality in _accepted(request.headers.get("Accept", "")):
        found = next((one for one in offered if _answers(one, media_type)), None)
        if found is not None and quality > best_quality:
            best, best_quality = found, quality
    return best


def _answers(offered: Representation, media_type: str) -> bool:
    names = (offered.media_type.partition(";")[0], *offered.also)
    return media_type == "*/*" or any(
        media_type == name or media_type == f"{name.split('/')[0]}/*" for name in names
    )


def _accepted(header: str) -> list[tuple[str, float]]:
    """Media types of an Accept header with their quality, in the order written."""
    found = []
    for part in header.split(",")[:40]:
        media_type, *settings = (piece.strip().lower() for piece in part.split(";"))
        quality = next((one[2:] for one in settings if one.startswith("q=")), "1")
        try:
            found.append((media_type, float(quality)))
        except ValueError:
            continue
    return found

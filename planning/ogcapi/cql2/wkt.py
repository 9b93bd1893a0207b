"""Geometries in CQL2 text: well-known text -> the objects of GeoJSON. Heights and measures are dropped."""

from collections.abc import Callable
from typing import Any

from planning.ogcapi.cql2.limits import MAX_DEPTH, too_deep

# How deeply the positions of each kind are nested.
GEOMETRIES = {
    "POINT": ("Point", 0),
    "MULTIPOINT": ("MultiPoint", 1),
    "LINESTRING": ("LineString", 1),
    "MULTILINESTRING": ("MultiLineString", 2),
    "POLYGON": ("Polygon", 2),
    "MULTIPOLYGON": ("MultiPolygon", 3),
    "GEOMETRYCOLLECTION": ("GeometryCollection", 0),
}
_SIGNS = {"-": -1, "+": 1}


class Coordinates:
    """The part of a walk over tokens that lies within one geometry."""

    def __init__(
        self, tokens: list[tuple[str, str, int]], at: int, unexpected: Callable[[int], Exception]
    ) -> None:
        self.tokens = tokens
        self.at = at
        self.unexpected = unexpected

    def geometry(self, depth: int = 0) -> tuple[dict[str, Any], int]:
        """The geometry that begins here, and where it ends."""
        word = self.tokens[self.at][1].upper()
        if self.tokens[self.at][0] != "name" or word not in GEOMETRIES:
            raise self.unexpected(self.at)
        if depth > MAX_DEPTH:
            raise too_deep()
        kind, nesting = GEOMETRIES[word]
        self.at += 1
        if self.tokens[self.at][1].upper() in ("Z", "M", "ZM"):
            self.at += 1
        if kind == "GeometryCollection":
            members = self.several(lambda: self.geometry(depth + 1)[0])
            return {"type": kind, "geometries": members}, self.at
        if nesting == 0:
            found = self.several(self.position)
            coordinates = found[0] if len(found) == 1 else []
        else:
            coordinates = self.nested(nesting)
        return {"type": kind, "coordinates": coordinates}, self.at

    def nested(self, nesting: int) -> list[Any]:
        """Positions within that many parentheses."""
        return self.several(self.position if nesting == 1 else lambda: self.nested(nesting - 1))

    def several(self, one: Callable[[], Any]) -> list[Any]:
        """Things between commas within parentheses; none for EMPTY."""
        if self.tokens[self.at][1].upper() == "EMPTY":
            self.at += 1
            return []
        self.sign("(")
        found = [one()]
        while self.tokens[self.at][1] == ",":
            self.at += 1
            found.append(one())
        self.sign(")")
        return found

    def position(self) -> list[float]:
        """Two to four numbers; those of a MULTIPOINT may stand in parentheses."""
        if self.tokens[self.at][1] == "(":
            self.at += 1
            found = self.position()
            self.sign(")")
            return found
        found = []
        while self.tokens[self.at][0] == "number" or self.tokens[self.at][1] in _SIGNS:
            found.append(self.number())
        if not 2 <= len(found) <= 4:
            raise self.unexpected(self.at)
        return found

    def number(self) -> float:
        """A number with its sign."""
        sign = _SIGNS.get(self.tokens[self.at][1])
        if sign is not None:
            self.at += 1
        kind, token, _place = self.tokens[self.at]
        if kind != "number":
            raise self.unexpected(self.at)
        self.at += 1
        return (sign or 1) * float(token)

    def sign(self, sign: str) -> None:
        """That sign and no other."""
        if self.tokens[self.at][1] != sign or self.tokens[self.at][0] != "sign":
            raise self.unexpected(self.at)
        self.at += 1

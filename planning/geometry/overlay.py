"""The subject laid over the pieces of one plan: areas that close, bands, classes.

The boundaries are noded once on the grid and make cells; every cell belongs to the pieces its
interior point lies in. Areas are sums of cells, and sums are exact: on the grid twice an area in mm2 is
an integer. So sum(items) + uncovered - overlap = area holds to the last digit; `area` itself may
differ from the subject's by what snapping moved, at most 1 mm x perimeter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning.geometry.bands import Class, Geometries, bands, classify, clipped, reach, united
from planning.geometry.subject import GRID, UNITS, Subject, mended


@dataclass(frozen=True, slots=True)
class Piece:
    """A (multi)polygon of a plan. Pieces of one `key` are one zone; totals are taken over `group`."""

    key: str
    group: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Share:
    """What one zone (or one group of zones, united) has of the subject. Square metres, shares 0-1."""

    key: str
    kind: Class
    area: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Overlay:
    """The books of one plan. Shares are taken of `area`, the sum of the cells.

    `items` per key and `totals` per group, both in the order of their keys; only what lies within
    tolerance is listed. `outside` is the part of `uncovered` beyond the plan's extent, 0 where the
    extent is not stated.
    """

    area: float
    items: tuple[Share, ...]
    totals: tuple[Share, ...]
    uncovered: float
    outside: float
    overlap: float


def overlay(
    subject: Subject,
    pieces: Iterable[Piece],
    *,
    tolerance: float,
    extent: BaseGeometry | None = None,
) -> Overlay:
    """Measure the subject against the pieces of one plan. `tolerance` in metres, for all of them.

    Raises CannotMeasure where a piece that matters is invalid: measuring never repairs.
    """
    near = _measurable(_within_reach(subject, pieces, tolerance))
    deep = _deep(subject, near, tolerance)
    zones = _zones(subject, near, deep, tolerance)
    beyond = None if extent is None or shapely.covers(extent, subject.geometry) else extent
    if beyond is None and all(zone.is_deep for zone in zones):
        cells = _Cells.undivided(subject, len(zones))
    else:
        cells = _Cells.divided(subject, zones, beyond)
    return _books(subject, zones, cells, tolerance)


def _within_reach(subject: Subject, pieces: Iterable[Piece], tolerance: float) -> list[Piece]:
    listed = list(pieces)
    near = shapely.dwithin(subject.geometry, [piece.geometry for piece in listed], reach(tolerance))
    return [piece for piece, is_near in zip(listed, near, strict=True) if is_near]


def _measurable(pieces: Sequence[Piece]) -> list[Piece]:
    valid = shapely.is_valid([piece.geometry for piece in pieces])
    return [
        piece
        if is_valid
        else Piece(piece.key, piece.group, mended(piece.geometry, what="piece", key=piece.key))
        for piece, is_valid in zip(pieces, valid, strict=True)
    ]


def _deep(subject: Subject, pieces: Sequence[Piece], tolerance: float) -> NDArray[np.bool_]:
    """Which pieces hold the whole subject farther than the tolerance from their boundary.

    Their figures are known without measuring: all of the subject, band included.
    """
    geometries = np.array([piece.geometry for piece in pieces], dtype=object)
    inside = np.asarray(shapely.covered_by(subject.geometry, geometries), dtype=bool)
    if inside.any():
        edges = shapely.boundary(geometries[inside])
        inside[inside] = ~shapely.dwithin(subject.geometry, edges, reach(tolerance))
    return inside


@dataclass(frozen=True, slots=True)
class _Zone:
    """All pieces of one key near the subject, clipped and united."""

    key: str
    group: str | None
    shape: BaseGeometry  # clipped to the subject's surroundings
    edges: BaseGeometry  # the boundary near the subject; without the cut edges
    noise: float
    is_deep: bool


def _zones(
    subject: Subject, pieces: Sequence[Piece], deep: NDArray[np.bool_], tolerance: float
) -> list[_Zone]:
    geometries = np.array([piece.geometry for piece in pieces], dtype=object)
    shapes = clipped(geometries, subject, tolerance)
    edges = shapely.clip_by_rect(shapely.boundary(geometries), *subject.window(reach(tolerance)))
    noises = np.minimum(GRID * shapely.length(geometries), subject.noise)
    by_key: dict[str, list[int]] = {}
    for i, piece in enumerate(pieces):
        by_key.setdefault(piece.key, []).append(i)
    return [
        _Zone(
            key=key,
            group=pieces[rows[0]].group,
            shape=united(shapes[rows]),
            edges=edges[rows[0]] if len(rows) == 1 else shapely.boundary(united(shapes[rows])),
            noise=float(noises[rows].max()),
            is_deep=bool(deep[rows].any()),
        )
        for key, rows in sorted(by_key.items())
    ]


@dataclass(frozen=True, slots=True)
class _Cells:
    """The subject cut into cells, and which zones each belongs to."""

    units: NDArray[np.int64]  # area per cell, half square millimetres
    member: NDArray[np.bool_]  # zones x cells
    outside: NDArray[np.bool_]  # beyond the plan's extent

    @classmethod
    def undivided(cls, subject: Subject, zones: int) -> "_Cells":
        """One cell that lies in every zone: what `divided` gives when no edge comes near."""
        return cls(np.array([subject.units]), np.ones((zones, 1), dtype=bool), np.zeros(1, dtype=bool))

    @classmethod
    def divided(cls, subject: Subject, zones: Sequence[_Zone], extent: BaseGeometry | None) -> "_Cells":
        lines = [shapely.boundary(subject.geometry), *(z.edges for z in zones if not z.is_deep)]
        if extent is not None:
            lines.append(shapely.clip_by_rect(shapely.boundary(extent), *subject.window(GRID)))
        noded = shapely.union_all(lines, grid_size=GRID)
        cells = shapely.get_parts(shapely.polygonize([shapely.set_precision(noded, 0, mode="pointwise")]))
        points = shapely.point_on_surface(cells)
        x, y = shapely.get_x(points), shapely.get_y(points)
        own = shapely.contains_xy(subject.geometry, x, y)
        cells, x, y = cells[own], x[own], y[own]
        member = [
            np.full(len(cells), True) if z.is_deep else shapely.contains_xy(z.shape, x, y) for z in zones
        ]
        outside = ~shapely.contains_xy(extent, x, y) if extent is not None else np.zeros(len(cells), bool)
        return cls(
            units=np.rint(shapely.area(cells) * UNITS).astype(np.int64),
            member=np.array(member, dtype=bool).reshape(len(zones), len(cells)),
            outside=outside,
        )

    def of(self, member: NDArray[np.bool_]) -> int:
        """The area of the cells chosen."""
        return int(self.units[member].sum())


def _books(subject: Subject, zones: Sequence[_Zone], cells: _Cells, tolerance: float) -> Overlay:
    total = int(cells.units.sum())
    covered: NDArray[np.bool_] = np.asarray(cells.member.any(axis=0))
    times = cells.member.sum(axis=0)
    ledger = _Ledger(subject, total, tolerance)
    items = ledger.shares([([zone], cells.of(row)) for zone, row in zip(zones, cells.member, strict=True)])
    return Overlay(
        area=total / UNITS,
        items=tuple(items),
        totals=tuple(_totals(ledger, zones, cells, items)),
        uncovered=cells.of(~covered) / UNITS,
        outside=cells.of(~covered & cells.outside) / UNITS,
        overlap=int((cells.units * np.maximum(times - 1, 0)).sum()) / UNITS,
    )


def _totals(ledger: "_Ledger", zones: Sequence[_Zone], cells: _Cells, items: Sequence[Share]) -> list[Share]:
    """One share per group, taken on the union of its zones; groups of one zone are that zone's item."""
    groups: dict[str, list[int]] = {}
    for i, zone in enumerate(zones):
        if zone.group is not None:
            groups.setdefault(zone.group, []).append(i)
    several = {group: rows for group, rows in groups.items() if len(rows) > 1}
    measured = ledger.shares(
        [
            ([zones[i] for i in rows], cells.of(np.asarray(cells.member[rows].any(axis=0))))
            for rows in several.values()
        ]
    )
    shares = dict(zip(several, measured, strict=True))
    for group, rows in groups.items():
        shares.setdefault(group, items[rows[0]])
    return [
        Share(group, share.kind, share.area, share.share, share.low, share.high)
        for group, share in sorted(shares.items())
    ]


@dataclass(frozen=True, slots=True)
class _Ledger:
    """Turns areas into shares with band and class."""

    subject: Subject
    total: int
    tolerance: float

    def shares(self, entries: Sequence[tuple[Sequence[_Zone], int]]) -> list[Share]:
        """One share per (zones to be united, their area in units), keyed by the first zone."""
        open_rows = [i for i, (zones, _) in enumerate(entries) if not any(z.is_deep for z in zones)]
        whole = self.total / UNITS
        least = np.full(len(entries), whole)
        most = np.full(len(entries), whole)
        if open_rows:
            shapes: Geometries = np.empty(len(open_rows), dtype=object)
            for k, i in enumerate(open_rows):
                zones = entries[i][0]
                shapes[k] = united(np.array([zone.shape for zone in zones], dtype=object))
            least[open_rows], most[open_rows] = bands(self.subject, shapes, self.tolerance)
        return [
            self._share(zones, units / UNITS, float(least[i]), float(most[i]))
            for i, (zones, units) in enumerate(entries)
        ]

    def _share(self, zones: Sequence[_Zone], area: float, least: float, most: float) -> Share:
        whole = self.total / UNITS
        least = min(max(least, 0.0), area)
        most = max(min(most, whole), area)
        noise = min(self.subject.noise, sum(zone.noise for zone in zones))
        return Share(
            key=zones[0].key,
            kind=classify(
                missing=whole - area, area=area, least=least, noise=noise, allowed=self.subject.noise
            ),
            area=area,
            share=area / whole,
            low=least / whole,
            high=most / whole,
        )

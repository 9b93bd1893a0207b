"""The worst site that may be posted costs seconds, whatever it is drawn over."""

import math
import time
from itertools import pairwise

import pytest
from shapely import LineString, Polygon

from planning.api.places import MOST_VERTICES
from planning.geometry import Piece, Subject, measure_line, overlay
from tests.planning.geometry_shapes import square

# Of the processor, not of the clock, and many times what is measured: a busy machine must not fail it.
MOST_SECONDS = 5.0


def spikes(corners: int) -> Polygon:
    """A star that runs in and out of everything around it, less than a square kilometre."""
    radii = (300, 700)
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    return Polygon(
        [
            (radii[corner % 2] * math.cos(turn), radii[corner % 2] * math.sin(turn))
            for corner, turn in enumerate(turns)
        ]
    )


def test_the_spikiest_site_within_the_limits_costs_seconds_not_minutes() -> None:
    site = Subject.of(spikes(MOST_VERTICES))
    blocks = [(x, y) for x in range(-8, 8) for y in range(-8, 8)]
    pieces = [Piece(f"{x},{y}", "AB"[(x + y) % 2], square(90 * x, 90 * y, 90)) for x, y in blocks]
    started = time.process_time()

    measured = overlay(site, pieces, tolerance=0.4)
    edges = [LineString(pair) for piece in pieces for pair in pairwise(piece.geometry.exterior.coords)]
    lines = [measure_line(site, edge, tolerance=0.4) for edge in edges]

    assert time.process_time() - started < MOST_SECONDS
    assert measured.area == pytest.approx(site.area, abs=site.noise)
    assert any(lines)

"""What holds for any parcel and any zones: books close, bands hold, order and place do not matter."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, affinity

from planning.geometry import Class, Piece, Subject, around, overlay
from planning.geometry.overlay import _Cells
from tests.planning.geometry_shapes import somewhere

metres = st.integers(-150, 250).map(lambda tenths: tenths / 10)
sizes = st.integers(3, 300).map(lambda tenths: tenths / 10)


@st.composite
def zones(draw: st.DrawFn) -> Polygon:
    """A turned rectangle, sometimes with a hole, sometimes an L."""
    width, height = draw(sizes), draw(sizes)
    shape = shapely.box(0, 0, width, height)
    if draw(st.booleans()):
        shape = shape.difference(shapely.box(width / 3, height / 3, width * 0.6, height * 0.6))
    elif draw(st.booleans()):
        shape = shape.difference(shapely.box(width / 2, height / 2, width, height))
    turned = affinity.rotate(shape, draw(st.sampled_from([0, 0, 0, 13, 45, 71])))
    return affinity.translate(turned, draw(metres), draw(metres))


parcels = st.builds(
    lambda width, depth, angle: somewhere(shapely.box(0, 0, width, depth), angle),
    st.integers(3, 30),
    st.integers(3, 40),
    st.sampled_from([0, 5, 27, 45]),
)
plans = st.lists(zones(), max_size=40).map(
    lambda shapes: [Piece(f"Z{i:02}", "ABC"[i % 3], somewhere(shape, 0)) for i, shape in enumerate(shapes)]
)
tolerances = st.sampled_from([0.0, 0.1, 0.4, 1.0, 2.2])
checked = settings(max_examples=60, deadline=None)


@checked
@given(parcels, plans, tolerances)
def test_books_close(parcel, pieces, tolerance):
    """T2: rows + uncovered - overlap = the parcel, whatever the zones."""
    subject = Subject.of(parcel)

    answer = overlay(subject, pieces, tolerance=tolerance)

    rows = sum(share.area for share in answer.items)
    assert rows + answer.uncovered - answer.overlap == pytest.approx(answer.area, abs=1e-7)
    assert abs(answer.area - parcel.area) <= 0.001 * parcel.length
    assert 0 <= answer.outside <= answer.uncovered


@checked
@given(parcels, plans)
def test_bands_hold_and_widen_with_the_tolerance(parcel, pieces):
    """T13."""
    subject = Subject.of(parcel)
    noise = 0.001 * parcel.length / parcel.area
    before: dict[str, tuple[float, float]] = {}

    for tolerance in (0.0, 0.1, 0.4, 1.0, 2.2):
        answer = overlay(subject, pieces, tolerance=tolerance)
        for share in (*answer.items, *answer.totals):
            assert 0 <= share.low <= share.share <= share.high <= 1 + 1e-12
            low, high = before.get(share.key, (share.low, share.high))
            assert share.low <= low + noise
            assert share.high >= high - noise
        before = {share.key: (share.low, share.high) for share in (*answer.items, *answer.totals)}


@checked
@given(parcels, plans, tolerances)
def test_areas_are_those_of_plain_intersections_within_the_grid(parcel, pieces, tolerance):
    answer = overlay(Subject.of(parcel), pieces, tolerance=tolerance)

    shapes = {piece.key: piece.geometry for piece in pieces}
    for share in answer.items:
        plain = parcel.intersection(shapes[share.key]).area
        assert share.area == pytest.approx(plain, abs=0.001 * (parcel.length + 10))


@checked
@given(parcels, plans, tolerances)
def test_bands_are_those_of_the_whole_zone_eroded_and_dilated(parcel, pieces, tolerance):
    """Clipping the zones to the parcel's surroundings first changes no figure."""
    answer = overlay(Subject.of(parcel), pieces, tolerance=tolerance)

    shapes = {piece.key: piece.geometry for piece in pieces}
    for share in answer.items:
        least = parcel.intersection(shapes[share.key].buffer(-tolerance, quad_segs=32)).area
        most = parcel.intersection(shapes[share.key].buffer(tolerance, quad_segs=32)).area
        slack = 0.001 * parcel.length + 0.02 * tolerance**2 * 12
        assert share.low * answer.area == pytest.approx(least, abs=slack)
        assert share.high * answer.area == pytest.approx(most, abs=slack)


@checked
@given(parcels, plans, tolerances)
def test_nothing_within_the_tolerance_is_left_out(parcel, pieces, tolerance):
    listed = {share.key for share in overlay(Subject.of(parcel), pieces, tolerance=tolerance).items}

    assert listed >= {p.key for p in pieces if parcel.distance(p.geometry) <= tolerance}
    assert not listed & {p.key for p in pieces if parcel.distance(p.geometry) > tolerance + 0.003}


@checked
@given(parcels, plans, tolerances, st.randoms(use_true_random=False))
def test_the_order_of_zones_and_rings_leaves_no_trace(parcel, pieces, tolerance, random):
    """T15."""
    shuffled = [Piece(p.key, p.group, p.geometry.reverse()) for p in pieces]
    random.shuffle(shuffled)

    one = overlay(Subject.of(parcel), pieces, tolerance=tolerance)
    other = overlay(Subject.of(parcel.reverse()), shuffled, tolerance=tolerance)

    # Areas are sums of integers; bands are measured in floating point along another path.
    assert [(s.key, s.kind, s.area) for s in one.items] == [(s.key, s.kind, s.area) for s in other.items]
    for a, b in zip((*one.items, *one.totals), (*other.items, *other.totals), strict=True):
        assert (a.low, a.high) == pytest.approx((b.low, b.high), abs=1e-7)
    assert (one.uncovered, one.overlap) == (other.uncovered, other.overlap)


@checked
@given(parcels, plans, st.integers(0, 3))
def test_turning_and_moving_change_areas_by_less_than_the_grid_explains(parcel, pieces, quarter):
    """T14. Bands of corners are polygons of chords; turning them moves a little more than the grid."""

    def moved(shape):
        return affinity.translate(
            affinity.rotate(shape, 31 + 90 * quarter, origin=(0, 0)), 12_345.6789, -77.7
        )

    here = overlay(Subject.of(parcel), pieces, tolerance=0.4)
    there = overlay(
        Subject.of(moved(parcel)), [Piece(p.key, p.group, moved(p.geometry)) for p in pieces], tolerance=0.4
    )

    noise = 2 * 0.001 * parcel.length
    areas = {share.key: share.area for share in there.items}
    for share in here.items:
        assert areas.get(share.key, 0) == pytest.approx(share.area, abs=noise)
    assert there.uncovered == pytest.approx(here.uncovered, abs=noise)
    assert there.overlap == pytest.approx(here.overlap, abs=noise * max(len(pieces), 1))


@checked
@given(parcels, st.integers(1, 4), tolerances)
def test_the_short_way_deep_inside_a_zone_gives_what_the_long_way_gives(parcel, count, tolerance):
    subject = Subject.of(parcel)
    pieces = [Piece(f"Z{i}", "A", parcel.buffer(2 * tolerance + 1 + i)) for i in range(count)]

    short = overlay(subject, pieces, tolerance=tolerance)
    far_extent = parcel.buffer(500).difference(parcel.centroid.buffer(0.05))
    long = overlay(subject, pieces, tolerance=tolerance, extent=far_extent)

    assert [(s.key, s.kind, s.low, s.high) for s in short.items] == [
        (s.key, s.kind, s.low, s.high) for s in long.items
    ]
    assert long.area == pytest.approx(short.area, abs=1e-9)
    assert short.items[0].kind == Class.WHOLE
    divided = _Cells.divided(subject, (), None)
    assert divided.units.sum() == _Cells.undivided(subject, 0).units.sum()


@checked
@given(parcels, plans)
def test_classes_follow_from_the_figures(parcel, pieces):
    answer = overlay(Subject.of(parcel), pieces, tolerance=0.4)

    for share in (*answer.items, *answer.totals):
        match share.kind:
            case Class.WHOLE:
                assert share.share > 0.99
            case Class.PART:
                assert 0 < share.low <= share.share
            case Class.BORDERLINE:
                assert share.share > 0
            case Class.TOUCH:
                assert share.area <= 0.001 * parcel.length
    assert np.isfinite([share.high for share in answer.items]).all()


@st.composite
def networks(draw: st.DrawFn) -> Polygon:
    """A large jagged outline with holes, as a road network is drawn."""
    count = draw(st.integers(60, 200))
    radii = np.array(draw(st.lists(st.integers(20, 300), min_size=count, max_size=count)), dtype=float)
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    shape = Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])).buffer(0.5)
    blocks = [shapely.box(x, y, x + 23, y + 31) for x in range(-200, 200, 40) for y in range(-200, 200, 50)]
    return affinity.rotate(shape.difference(shapely.MultiPolygon(blocks)), draw(st.sampled_from([0, 13])))


@checked
@given(st.integers(3, 30), st.integers(3, 40), metres, metres, networks())
def test_a_large_zone_measures_the_same_when_cut_to_the_surroundings(width, depth, x, y, network):
    subject = Subject.of(shapely.box(x, y, x + width, y + depth))
    cut = around(network, subject.window(4 * 0.4 + 2), longest=1000)

    whole = overlay(subject, [Piece("A", "A", network)], tolerance=0.4)
    near = overlay(subject, [Piece("A", "A", cut)], tolerance=0.4)

    assert cut.area < network.area
    assert near.uncovered == pytest.approx(whole.uncovered, abs=0.001)
    for one, other in zip(whole.items, near.items, strict=True):
        # what the grid alone may make of a contact is borderline or touch, whichever way it is rounded
        is_noise = max(one.area, other.area) <= 0.002 * subject.geometry.length
        assert one.kind == other.kind or (
            is_noise and {one.kind, other.kind} <= {Class.BORDERLINE, Class.TOUCH}
        )
        assert (one.low, one.share, one.high) == pytest.approx((other.low, other.share, other.high), abs=1e-4)

"""Coarse outlines of zones: drawn when pieces open, neighbours together, and for new pieces alone."""

from datetime import date

import pytest
import shapely
from django.db import connection

from planning.models import GeneralisedZone, Publication, ZonePiece, ZoomBand
from tests import town

BANDS = len(ZoomBand.values)


def outline(piece: ZonePiece, band: ZoomBand) -> shapely.Geometry:
    return shapely.from_wkb(bytes(GeneralisedZone.objects.get(piece=piece, band=band).geometry.wkb))


def wavy(x: float) -> list[tuple[float, float]]:
    """A line of 2 km from south to north that wavers by a metre."""
    return [(x + step % 2, step * 20.0) for step in range(101)]


def published_strips() -> Publication:
    """Three zones side by side with wavering edges between them."""
    first = town.edition(town.plan("zoning"))
    for west, east in ((0, 700), (700, 1400), (1400, 2100)):
        town.zone(first, town.polygon(*wavy(west), *reversed(wavy(east))))
    return town.publish()


@pytest.mark.django_db
def test_every_piece_that_a_map_shows_has_an_outline_per_band() -> None:
    published_strips()

    assert GeneralisedZone.objects.count() == BANDS * ZonePiece.objects.count() == BANDS * 3


@pytest.mark.django_db
def test_zones_go_on_sharing_their_edges() -> None:
    published_strips()

    for band in ZoomBand:
        west, middle, east = (outline(piece, band) for piece in ZonePiece.objects.order_by("zone_id"))
        united = shapely.union_all([west, middle, east])
        assert shapely.coverage_is_valid([west, middle, east])
        assert united.geom_type == "Polygon"
        assert not united.interiors


@pytest.mark.django_db
def test_an_outline_has_fewer_corners_than_its_zone() -> None:
    published_strips()

    piece = ZonePiece.objects.order_by("zone_id")[1]
    corners = [shapely.get_num_coordinates(outline(piece, band)) for band in sorted(ZoomBand, reverse=True)]

    assert corners[0] == piece.geometry.num_coords, "nothing is taken from the last band"
    assert corners[-1] < corners[0]
    assert corners == sorted(corners, reverse=True)


@pytest.mark.django_db
def test_each_band_has_an_index_of_its_own_outlines_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'planning_generalisedzone'")
        indexes = [definition for (definition,) in cursor.fetchall()]

    for band in ZoomBand.values:
        own = next(one for one in indexes if f"generalised_z{band}_idx" in one)
        assert own.endswith(f"USING gist (geometry) WHERE (band = {band})")


@pytest.mark.django_db
def test_an_adjustment_draws_what_it_touches_and_leaves_the_rest() -> None:
    published_strips()
    far = ZonePiece.objects.order_by("zone_id").last()
    before = list(GeneralisedZone.objects.filter(piece=far).order_by("band").values())
    local = town.edition(
        town.plan("zoning"),
        in_force=date(2020, 1, 1),
        is_local_adjustment=True,
        extent=town.square(100, 100, 200),
    )
    town.zone(local, town.square(100, 100, 200))

    town.publish()

    assert list(GeneralisedZone.objects.filter(piece=far).order_by("band").values()) == before
    shown = ZonePiece.objects.standing().filter(status="in_force")
    assert all(piece.generalised.count() == BANDS for piece in shown)


@pytest.mark.django_db
def test_what_is_over_has_no_outline() -> None:
    published_strips()
    later = town.edition(town.plan("zoning"), in_force=date(2020, 1, 1))
    town.zone(later, town.square(0, 0, 2000))

    town.publish()

    over = ZonePiece.objects.filter(status="superseded")
    assert over.exists()
    assert not GeneralisedZone.objects.filter(piece__in=over).exists()

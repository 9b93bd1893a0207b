"""A town in which every collection has more features than a page of the suites, and a past."""

from datetime import date

from planning.models import Publication, RestrictionKind
from tests import town

COUNT = 24
ADJUSTED = date(2022, 7, 1)


def publish() -> Publication:
    """Rows of squares, each with its parcel; a local adjustment replaced the first two zones in 2022."""
    town.planner()
    town.reviewer()
    first = town.edition(town.plan("zoning"))
    for number in range(COUNT):
        x, y = 100 * (number % 6), 100 * (number // 6)
        town.zone(first, town.square(x, y, 100), ("ODT", "DGT", "CXDT")[number % 3])
        town.parcel(str(number + 1), town.square(x + 10, y + 10, 30, 20), feature=number + 1)
        town.restriction(first, town.line((x, y), (x + 80, y + 60)))
        town.restriction(first, town.square(x + 50, y + 50, 20), RestrictionKind.HERITAGE)
        town.restriction(first, town.point(x + 5, y + 5), RestrictionKind.HEIGHT_LIMIT)
        _small_plan(number)
    town.cover(town.square(-500, -500, 2000))
    town.publish()
    place = town.square(0, 0, 200, 100)
    second = town.edition(first.plan, in_force=ADJUSTED, is_local_adjustment=True, extent=place)
    town.zone(second, place, "CXDT")
    return town.publish()


def _small_plan(number: int) -> None:
    # far from the others: nothing replaces anything here
    of = town.edition(town.plan(f"detailed-{number:02}", kind="detailed", scale=500))
    town.zone(of, town.square(2_000 + 100 * number, 0, 50), "ODT")

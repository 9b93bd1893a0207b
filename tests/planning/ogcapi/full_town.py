"""A town in which every collection has more features than a page of the suites, and a past."""

from datetime import date

from planning.models import Publication, RestrictionKind
from tests import town

COLUMNS, ROWS = 6, 5
ADJUSTED = date(2022, 7, 1)
# The middle first: OGC's suite compares first pages of boxes that cut into the edges of the whole.
SQUARES = sorted(
    ((100 * column, 100 * row) for row in range(ROWS) for column in range(COLUMNS)),
    key=lambda corner: max(abs(corner[0] - 250) - 50, abs(corner[1] - 200)),
)


def publish() -> Publication:
    """Rows of squares, each with its parcel; a local adjustment replaced two zones in 2022."""
    town.planner()
    town.reviewer()
    first = town.edition(town.plan("zoning"))
    for number, (x, y) in enumerate(SQUARES):
        town.zone(first, town.square(x, y, 100), ("ODT", "DGT", "CXDT")[number % 3])
        town.parcel(str(number + 1), town.square(x + 10, y + 10, 30, 20), feature=number + 1)
        town.restriction(first, town.line((x, y), (x + 80, y + 60)))
        town.restriction(first, town.square(x + 50, y + 50, 20), RestrictionKind.HERITAGE)
        town.restriction(first, town.point(x + 5, y + 5), RestrictionKind.HEIGHT_LIMIT)
        _small_plan(number, x, y)
    town.cover(town.square(-500, -500, 2000))
    town.publish()
    place = town.square(0, 0, 200, 100)
    second = town.edition(first.plan, in_force=ADJUSTED, is_local_adjustment=True, extent=place)
    town.zone(second, place, "CXDT")
    return town.publish()


def _small_plan(number: int, x: float, y: float) -> None:
    # far from the others: nothing replaces anything here
    of = town.edition(town.plan(f"detailed-{number:02}", kind="detailed", scale=500))
    town.zone(of, town.square(2_000 + x, y, 50), "ODT")

"""How many features match: known for all of them, counted under a budget where a question leaves some out.

Over the budget nothing is said: an estimate would be taken for a count.
"""

from django.db import OperationalError, transaction

from planning.ogcapi.items.question import Question
from planning.ogcapi.items.rows import Found, set_locally

MOST_COUNTED = 50_000
COUNTING_MS = 200


def number_matched(question: Question, found: Found) -> int | None:
    """The number of features that match, None where counting costs too much.

    A walk counts once: the pages after the first carry what was counted. A first page that is the last
    tells it by itself.
    """
    collection, snapshot, place = question.collection, question.snapshot, question.place
    if not question.is_filtered:
        return collection.source.figures(collection, snapshot).count
    if place.is_pinned:
        return place.matched
    if found.last is None and (found.number or not place.position):
        return place.position + found.number
    return _counted(question)


def _counted(question: Question) -> int | None:
    matching = question.rows().order_by().values("pk")[: MOST_COUNTED + 1]
    try:
        with transaction.atomic():
            set_locally(statement_timeout=COUNTING_MS)
            number = matching.count()
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == "57014":
            return None
        raise
    return number if number <= MOST_COUNTED else None

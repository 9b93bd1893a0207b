"""What a row says in numbers, kept by the database beside what it says in words.

The indicators of a zone are published as a text each, with the numbers read from it. Whoever asks for all
zones of at least five storeys asks for a column: the database computes it once, when the row is written.
"""

from django.db import models
from django.db.models import F, FloatField, Func


class NumberAt(Func):
    """The number at `<key>.<part>` of a JSON object; NULL for whatever is no number there."""

    function = "jsonb_path_query_first"
    template = "(%(function)s(%(expressions)s, '$.%(key)s.%(part)s ? (@.type() == \"number\")'))::float8"
    output_field = FloatField()

    def __init__(self, source: F, *, key: str, part: str) -> None:
        if not (key.isidentifier() and part.isidentifier()):  # they stand in the statement itself
            raise ValueError(key, part)
        super().__init__(source, key=key, part=part)


def stated_number(key: str, part: str) -> "models.GeneratedField":
    """The number read from an indicator: `min` or `max` of its text, NULL where it states none."""
    expression = NumberAt(F("indicators"), key=key, part=part)
    return models.GeneratedField(expression=expression, output_field=FloatField(null=True), db_persist=True)

"""The sentence that must stand beside invented data, in both languages."""

from collections.abc import Iterable

from planning.answer.texts import DEMONSTRATION
from planning.api.lists import Json
from planning.models import Office


def notices_of(offices: Iterable[Office]) -> list[Json]:
    """What must be said of data of these offices; empty where nothing must."""
    if not any(office.is_demonstration for office in offices):
        return []
    return [{"vi": DEMONSTRATION.vi, "en": DEMONSTRATION.en}]

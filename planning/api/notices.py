"""The sentence that must stand beside invented data, in both languages."""

from collections.abc import Iterable

from planning.api.lists import Json
from planning.models import Office

DEMONSTRATION: Json = {
    "vi": "Dữ liệu minh hoạ do hệ thống tạo ra, không có giá trị thực tế.",
    "en": "Demonstration data, invented; they say nothing about real land.",
}


def notices_of(offices: Iterable[Office]) -> list[Json]:
    """What must be said of data of these offices; empty where nothing must."""
    return [DEMONSTRATION] if any(office.is_demonstration for office in offices) else []

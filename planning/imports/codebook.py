"""The code lists an import needs, taken out of the database once: land uses, administrative units, themes.

Only read here. The checks look codes up in these values and know no table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from planning.codes import fold, match_code
from planning.models import AdminUnit, AdminUnitKind, LandUse, LandUseList, Theme


class Found(StrEnum):
    """How a published code was recognised."""

    AS_WRITTEN = "as_written"
    SPELT = "spelt"  # other case or spaces, or the label instead of the code
    FORMER = "former"  # only in a former list


@dataclass(frozen=True, slots=True)
class LandUses:
    """The entries of one list: code -> (id, Vietnamese name, English name)."""

    code_list: str
    entries: Mapping[str, tuple[int, str, str]]

    def by_label(self, text: str) -> str | None:
        wanted = fold(text)
        return next(
            (code for code, (_, vi, en) in self.entries.items() if wanted in (fold(vi), fold(en))), None
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of a list that a published text stands for."""

    code_list: str
    code: str
    how: Found


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Lists in order of preference; an entry found only in a later one is a former code."""

    lists: tuple[LandUses, ...]
    _known: dict[str, Entry | None] = field(default_factory=dict)

    def find(self, text: str) -> Entry | None:
        """The entry a published code means; remembered, because plans repeat few codes often."""
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> Entry | None:
        for position, one in enumerate(self.lists):
            code = match_code(text, one.entries)
            how = Found.AS_WRITTEN if code and text.startswith(code) else Found.SPELT
            code = code or one.by_label(text)
            if code is not None:
                return Entry(one.code_list, code, Found.FORMER if position else how)
        return None


def land_uses(code_lists: Sequence[str]) -> tuple[CodeBook, tuple[str, ...]]:
    """The lists that are loaded, and the names of those that are not."""
    loaded = set(LandUseList.objects.filter(code__in=code_lists).values_list("code", flat=True))
    found = []
    for name in code_lists:
        if name in loaded:
            rows = LandUse.objects.filter(code_list=name).values_list("code", "pk", "name_vi", "name_en")
            found.append(LandUses(name, {code: (pk, vi, en) for code, pk, vi, en in rows}))
    return CodeBook(tuple(found)), tuple(name for name in code_lists if name not in loaded)


def unit_ids() -> frozenset[str]:
    """The communes of all lists, as `<list>-<code>`."""
    return frozenset(AdminUnit.objects.filter(kind=AdminUnitKind.COMMUNE).values_list("pk", flat=True))


def theme_kinds() -> dict[str, frozenset[str]]:
    """The themes that coverage may speak of, each with the kinds of plan that it gathers."""
    return {code: frozenset(kinds) for code, kinds in Theme.objects.values_list("code", "plan_kinds")}

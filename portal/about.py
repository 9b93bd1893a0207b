"""What the page about this service shows: states, patterns, glossary, sources; from the same tables."""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planning.models import AdminUnitList, LandUse, LandUseGroup, LandUseList, Plan
from portal import others, patterns, wording

_GLOSSARY = settings.BASE_DIR / "fixtures" / "glossary.csv"


@dataclass(frozen=True, slots=True)
class State:
    """A state as the badges show it, with what it means."""

    mark: str
    badge: str
    meaning: str


def shown(language: str) -> dict[str, Any]:
    """Everything the template needs, in one language."""
    ids = count(1)
    return {
        "states": [
            State(row.mark, wording.said(row.badge, language), wording.said(row.meaning, language))
            for row in wording.WORDING.values()
        ],
        "statuses": _statuses(language),
        "groups": [
            (_swatch(group.code, ids), group.name_vi if language == "vi" else group.name_en)
            for group in _groups_in_use()
        ],
        "no_colour": mark_safe(patterns.swatch("", "", "about-none")),  # noqa: S308 - built as a tree
        "glossary": _glossary(language),
        "plans": Plan.objects.public().select_related("office").order_by("title", "id")[:200],
        "unit_lists": AdminUnitList.objects.order_by("code"),
        "code_lists": LandUseList.objects.order_by("code"),
    }


def _statuses(language: str) -> list[State]:
    """What land of a plan can be in law when it is not in force."""
    meanings = {
        "draft": _("Being prepared or open for comment. It is not law, and it may change."),
        "approved": _("Decided, but the day on which it begins has not come."),
        "suspended": _("Set aside for a time by a decision. It may come back."),
        "superseded": _("Another plan, or a later edition, has taken its place here."),
        "expired": _("The time for which it was made has run out."),
        "annulled": _("Struck down by a decision, from a day on or from the beginning."),
    }
    return [
        State(others.MARKS[status], wording.said(wording.STATUSES[status], language), meaning)
        for status, meaning in meanings.items()
    ]


def _groups_in_use() -> QuerySet[LandUseGroup]:
    """The main groups that the code lists of this deployment know."""
    used = LandUse.objects.exclude(group="").values("group").distinct()
    return LandUseGroup.objects.filter(code__in=used).order_by("order", "code")


def _glossary(language: str) -> list[tuple[str, str]]:
    """Terms of the law that plans are made under, in everyday words: data, since laws differ."""
    return [(row[f"term_{language}"], row[f"meaning_{language}"]) for row in _rows(_GLOSSARY)]


@cache
def _rows(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _swatch(group: str, ids: "count[int]") -> SafeString:
    # white ground: the colours are those of the code list, the pattern alone tells the group
    return mark_safe(patterns.swatch("#FFFFFF", group, f"group-{next(ids)}"))  # noqa: S308

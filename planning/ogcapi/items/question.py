"""The parameters of a request -> one frozen question about a collection, and the rows that answer it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from planning import crs
from planning.errors import BadParameter, Reason
from planning.ogcapi import cql2
from planning.ogcapi.collections import Collection, Property, Snapshot
from planning.ogcapi.items.boxes import Land, land_of
from planning.ogcapi.items.parameters import LARGEST_OFFSET
from planning.ogcapi.items.places import Place
from planning.ogcapi.items.temporal import Days

# What tells how an answer looks and not which features it holds.
_NOT_ASKED = frozenset({"f", "lang", "limit", "offset", "next", "crs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which features, in which system, from where on and how many at most.

    `asked` are the parameters as they were written, the last of repeated ones, in the order of their names.
    """

    collection: Collection
    snapshot: Snapshot
    asked: tuple[tuple[str, str], ...]
    crs: crs.CRS
    place: Place
    limit: int
    land: Land | None = None
    days: Days | None = None
    values: tuple[tuple[Property, Any], ...] = ()
    filter: str | None = None
    condition: Any = None

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for less than all features."""
        return bool(self.land or self.when or self.values or self.filter)

    @property
    def when(self) -> Q | None:
        """Which features are law in the days asked for; None where that leaves nothing out.

        Bounds are compared row by row, for a NULL end is open; features without dates match any time
        (OGC 17-069r4 /req/core/fc-time-response C).
        """
        if self.days is None or self.collection.validity is None:
            return None
        begins, ends = (f"{self.collection.validity.field}__{end}" for end in ("startswith", "endswith"))
        condition = Q()
        if self.days.last is not None:
            condition &= Q((begins, None)) | Q((f"{begins}__lte", self.days.last))
        if self.days.first is not None:
            condition &= Q((ends, None)) | Q((f"{ends}__gt", self.days.first))
        return condition or None

    @property
    def digest(self) -> str:
        """What is the same for all pages of one walk, and for no other walk."""
        told = repr((self.collection.id, [pair for pair in self.asked if pair[0] not in _NOT_ASKED]))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def rows(self) -> QuerySet[Any]:
        """All features that match, in no order."""
        return self.matching(self.collection.rows(self.snapshot))

    def matching(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the features of the collection that match."""
        if self.land is not None:
            rows = self._on_land(rows, self.land)
        if self.when is not None:
            rows = rows.filter(self.when)
        for queryable, value in self.values:
            name = f"asked_{queryable.name}"
            rows = rows.alias(**{name: queryable.expression}).filter(**{name: value})
        return rows if self.condition is None else rows.filter(self.condition)

    def _on_land(self, rows: QuerySet[Any], land: Land) -> QuerySet[Any]:
        """Features without geometry match any box (OGC 17-069r4 /req/core/fc-bbox-response C)."""
        field = self.collection.geometry.field
        nowhere = Q(**{f"{field}__isnull": True})
        if land.shape is None:
            return rows.filter(nowhere)
        meets = Q(**{f"{field}__intersects": land.shape})
        return rows.filter(meets | nowhere if _may_be_null(rows, field) else meets)


def asked_of(given: QueryDict) -> tuple[tuple[str, str], ...]:
    """The parameters as written, empty ones left out."""
    last = given.dict()
    return tuple(sorted((name, str(text)) for name, text in last.items() if str(text).strip()))


def question_of(
    collection: Collection,
    snapshot: Snapshot,
    given: Mapping[str, Any],
    asked: tuple[tuple[str, str], ...],
    *,
    limit: int,
) -> Question:
    """The question that the parsed parameters ask. Raises BadParameter."""
    place = given["next"] or Place(position=given["offset"])
    box = given["bbox"]
    question = Question(
        collection=collection,
        snapshot=snapshot,
        asked=asked,
        crs=given["crs"],
        place=place,
        limit=limit,
        land=None if box is None else land_of(box, given["bbox-crs"]),
        days=given["datetime"],
        values=tuple(
            (one, given[one.name])
            for one in collection.queryables
            if given.get(one.name) is not None and one.name not in _NOT_ASKED
        ),
        filter=given["filter"],
        condition=_condition(collection, given),
    )
    if place.is_pinned and place.question != question.digest:
        # its key would skip rows of this question: an answer with too little in it, and nobody would know
        raise BadParameter("next", "", Reason.BAD_CURSOR)
    return question


def _condition(collection: Collection, given: Mapping[str, Any]) -> Any:
    if given["filter"] is None:
        return None
    return cql2.condition(
        given["filter"],
        language=given["filter-lang"],
        collection=collection,
        geometry_crs=given["filter-crs"],
    )


def _may_be_null(rows: QuerySet[Any], path: str) -> bool:
    """Whether the field at that path may be empty; what is computed may."""
    model: Any = rows.model
    for step in path.split("__"):
        names = {field.name: field for field in model._meta.get_fields()}
        if step not in names or names[step].null:
            return True
        model = names[step].related_model
    return False


def after(question: Question, last: Any, number: int, matched: int | None) -> Place:
    """Where the page after this one begins."""
    return Place(
        version=question.snapshot.version,
        after=last,
        position=question.place.position + number,
        matched=matched,
        question=question.digest,
    )


def before(question: Question, matched: int | None) -> Place | None:
    """Where the page before this one begins; None on the first, and too far from the beginning."""
    position = question.place.position
    if not 0 < position <= LARGEST_OFFSET:
        return None
    return Place(
        version=question.snapshot.version,
        position=max(0, position - question.limit),
        matched=matched,
        question=question.digest,
    )

"""Every question asked of stored plans, in planners' words; dates and revisions are always arguments.

Nothing here reads the clock or a request, and no model is imported: a queryset speaks of `self.model`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any, Self

from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.backends.postgresql.psycopg_any import DateRange  # type: ignore[import-untyped]
from django.db.models import BigIntegerField, CharField, DateField, Func, Max, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest


class StreetOf(Func):
    """A folded address without its house number: what addresses along a street share; indexed."""

    # the pattern stands in the statement itself: an index is found by its text, not by a parameter
    template = r"regexp_replace(%(expressions)s, '^[0-9]\S* ', '')"
    output_field = CharField()


class NameOf(Func):
    """A folded name without the kind of unit before it: what slips of the pen are compared by; indexed."""

    # the same kinds as in `planning.lookup.words`, the longer first
    template = (
        "regexp_replace(%(expressions)s, "
        "'^(thanh pho|thi tran|dac khu|thi xa|phuong|huyen|quan|tinh|xa) ', '')"
    )
    output_field = CharField()


class StreetNameOf(Func):
    """A folded street without its kind ("pho hang bac" -> "hang bac"); indexed."""

    template = "regexp_replace(%(expressions)s, '^(pho|duong|dai lo|ngo|hem) ', '')"
    output_field = CharField()


class Squeezed(Func):
    """Small letters without blanks and marks: numbers of other schemes compare so; indexed."""

    template = r"regexp_replace(lower(%(expressions)s), '[\s./,_-]+', '', 'g')"
    output_field = CharField()


class Written(Value):
    """A number or a day that stands in the statement itself, so that PostgreSQL plans for it.

    For what few values are asked for over and over; as a parameter it is planned for as if unknown.
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if isinstance(self.value, date):
            return f"'{self.value.isoformat()}'::date", []
        return f"{int(self.value)}::bigint", []


class KnownQuerySet(QuerySet[Any]):
    """Rows versioned by `known`, the range of revisions in which they were our truth."""

    def known_at(self, revision: int) -> Self:
        """Rows that stood in that revision; staged rows (no `known`) never do."""
        # Not `known @> revision`: a prepared statement takes that for very selective and then scans the
        # whole place index for it (140 ms among 800 000 parcels). The bounds are compared row by row.
        return self.filter(
            Q(known__endswith=None) | Q(known__endswith__gt=revision), known__startswith__lte=revision
        )

    def staged(self) -> Self:
        """Rows that are not public yet."""
        return self.filter(known__isnull=True)

    def standing(self) -> Self:
        """Rows that are our truth in the newest revision."""
        return self.filter(known__upper_inf=True)


class ValidQuerySet(KnownQuerySet):
    """Rows that also carry `valid`, the dates of the law they speak for."""

    def valid_on(self, on: date) -> Self:
        """Rows whose dates contain the day: the first day counts, the last does not."""
        # compared row by row for the same reason as in `known_at`
        return self.filter(
            Q(valid__startswith=None) | Q(valid__startswith__lte=on),
            Q(valid__endswith=None) | Q(valid__endswith__gt=on),
            valid__isempty=False,
        )

    def of_version(self, revision: int, on: date | None = None) -> Self:
        """Rows as in `known_at` and `valid_on`, for pages of all rows; a version is asked for many times.

        Of ranges that hold a given value PostgreSQL knows how many there are: it reads a page in its order
        instead of taking all rows for few, joining and sorting them.
        """
        known = self.filter(known__contains=Written(revision, BigIntegerField()))
        return known if on is None else known.filter(valid__contains=Written(on, DateField()))

    def changes_around(self, on: date) -> tuple[QuerySet[Any], ...]:
        """The days next to `on` on which public rows begin or end, before (or on) and after it.

        Four questions of at most one row, each answered by an index alone; ask them together, as a union.
        """
        public = self.filter(known__isnull=False)
        # Ranges stand in the order of their first days. An index on these days themselves would be taken
        # for other questions, too, and answers to parcels would take ten times as long.
        tomorrow = min(on, date.max - timedelta(2)) + timedelta(1)
        first_after = DateRange(tomorrow, tomorrow + timedelta(1))
        begun = public.filter(valid__lt=first_after).order_by("-valid").values_list("valid__startswith")
        begins = public.filter(valid__gte=first_after).order_by("valid").values_list("valid__startswith")
        ended = public.filter(valid__endswith__lte=on).order_by("-valid__endswith")
        ends = public.filter(valid__endswith__gt=on).order_by("valid__endswith")
        last_days = (rows.values_list("valid__endswith") for rows in (ended, ends))
        return tuple(days[:1] for days in (begun, begins, *last_days))


class ParcelQuerySet(ValidQuerySet):
    """Questions about parcels."""

    def numbered(self, *, sheet: str, number: str) -> Self:
        """Parcels of that sheet and number in whatever unit; several hits are normal."""
        return self.filter(sheet=sheet, number=number)

    def near_places(self, boxes: Iterable[GEOSGeometry]) -> Self:
        """Parcels whose box meets one of the boxes (EPSG:4326): candidates to be measured, not an answer."""
        return self.filter(reduce(or_, (Q(geometry__bboverlaps=box) for box in boxes)))

    def at_address(self, beginnings: Iterable[str], *, whole: Iterable[str] = ()) -> Self:
        """Parcels whose folded address begins with one of the first texts or is one of the second."""
        begun = reduce(or_, (Q(search_address__startswith=text) for text in beginnings))
        return self.filter(begun | Q(search_address__in=list(whole)))

    def along_street(self, beginnings: Iterable[str]) -> Self:
        """Parcels whose folded address, the house number aside, begins with one of the texts."""
        streets = reduce(or_, (Q(street__startswith=text) for text in beginnings))
        return self.alias(street=StreetOf("search_address")).filter(streets)

    def in_street(self, streets: Iterable[str]) -> Self:
        """Parcels whose folded address, the house number aside, is one of the texts."""
        return self.alias(street=StreetOf("search_address")).filter(street__in=list(streets))


class ParcelAliasQuerySet(KnownQuerySet):
    """Questions about other parcel numbers."""

    def numbered(self, *, sheet: str, number: str) -> Self:
        """Former or foreign numbers of that sheet and parcel, in whatever unit."""
        return self.filter(sheet=sheet, number=number)

    def written(self, squeezed: str) -> Self:
        """Numbers of any scheme as they are written, blanks and marks aside."""
        return self.alias(squeezed=Squeezed("value")).filter(squeezed=squeezed)


class LineageQuerySet(KnownQuerySet):
    """Questions about what parcels became."""

    def of_parcel(self, code: str) -> Self:
        """Where the parcel came from and what it became."""
        return self.filter(Q(predecessor_code=code) | Q(successor_code=code))

    def from_any(self, codes: Iterable[str]) -> Self:
        """What the parcels became, one step."""
        return self.filter(predecessor_code__in=list(codes))


class AdminUnitQuerySet(QuerySet[Any]):
    """Questions about administrative units."""

    def named(self, names: Iterable[str]) -> Self:
        """Units whose folded name is one of these, in whatever list."""
        return self.filter(search_name__in=list(names))

    def whose_name_begins(self, beginnings: Iterable[str]) -> Self:
        """Units whose folded name begins with one of these, in whatever list."""
        return self.filter(reduce(or_, (Q(search_name__startswith=text) for text in beginnings)))

    def like(self, names: Sequence[str]) -> Self:
        """Units whose bare name shares many letters with one of these, the likest first."""
        likeness = [TrigramSimilarity("bare", name) for name in names]
        return (
            self.alias(bare=NameOf("search_name"))
            .filter(reduce(or_, (Q(bare__trigram_similar=name) for name in names)))
            .alias(likeness=Greatest(*likeness) if len(likeness) > 1 else likeness[0])
            .order_by("-likeness", "id")
        )

    def around(self, points: Iterable[GEOSGeometry]) -> Self:
        """Communes whose stored boundary covers one of the points (EPSG:4326), the newest list first."""
        covering = reduce(or_, (Q(geometry__covers=point) for point in points))
        return self.filter(covering, kind="commune").order_by("-unit_list_id", "id")

    def within(self, superiors: Iterable[str]) -> Self:
        """Units that belong to one of the superiors, directly or through one unit between."""
        ids = list(superiors)
        return self.filter(Q(parent__in=ids) | Q(parent__parent__in=ids))


class SuccessionQuerySet(QuerySet[Any]):
    """Questions about what units became."""

    def reaching(self, units: Iterable[str], *, on: date) -> Self:
        """Every step by which the units became others by the day, and by which others became them."""
        ids = list(units)
        # constant text, values bound
        return self.filter(id__in=RawSQL(_STEPS, (ids, on, on, ids, on, on)))  # noqa: S611


# however many steps there are; UNION ends circles. As an array: the planner takes what recursion gives
# for thousands of rows, and would read all units to join them
_STEPS = """
SELECT unnest(ARRAY(WITH RECURSIVE later AS (
    SELECT s.id, s.successor_id AS unit FROM planning_adminsuccession s
    WHERE s.predecessor_id = ANY(%s) AND s."on" <= %s
    UNION
    SELECT s.id, s.successor_id
    FROM later JOIN planning_adminsuccession s ON s.predecessor_id = later.unit AND s."on" <= %s
), earlier AS (
    SELECT s.id, s.predecessor_id AS unit FROM planning_adminsuccession s
    WHERE s.successor_id = ANY(%s) AND s."on" <= %s
    UNION
    SELECT s.id, s.predecessor_id
    FROM earlier JOIN planning_adminsuccession s ON s.successor_id = earlier.unit AND s."on" <= %s
)
SELECT id FROM later UNION SELECT id FROM earlier))
"""


class StreetQuerySet(QuerySet[Any]):
    """Questions about streets that parcels lie along."""

    def named(self, streets: Iterable[str]) -> Self:
        """Streets of these folded names, kind included."""
        return self.filter(search_name__in=list(streets))

    def like(self, name: str) -> Self:
        """Names that share many letters with this, kinds of street aside; each once, the likest first."""
        return (
            self.alias(bare=StreetNameOf("search_name"))
            .filter(bare__trigram_similar=name)
            .values("search_name")
            .annotate(likeness=Max(TrigramSimilarity("bare", name)))
            .order_by("-likeness", "search_name")
        )


class TerritoryQuerySet(QuerySet[Any]):
    """Questions about the areas this deployment answers for."""

    def around(self, point: GEOSGeometry) -> Self:
        """Territories whose extent covers the point (EPSG:4326)."""
        return self.filter(extent__covers=point)


class ThemeQuerySet(QuerySet[Any]):
    """Questions about themes."""

    def valid_on(self, on: date) -> Self:
        """Themes of that day, in their order; open ends are NULL."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=on))


class PlanQuerySet(QuerySet[Any]):
    """Questions about plans."""

    def public(self) -> Self:
        """Plans of which at least one edition is public."""
        return self.filter(editions__visibility="public").distinct()

    def called(self, slug: str, words: Iterable[str]) -> Self:
        """Plans of that id or identifier, or in whose folded title every word begins one.

        A number must be a whole word.
        """
        named = Q(id=slug) | Q(identifiers__value__iexact=slug)
        return self.filter(named | reduce(and_, (_stands_in_title(word) for word in words)))

    def titled_like(self, words: str) -> Self:
        """Plans in whose folded title something like these words stands, the likest first."""
        return (
            self.filter(search_title__trigram_word_similar=words)
            .annotate(likeness=TrigramWordSimilarity(words, "search_title"))
            .order_by("-likeness", "id")
        )


def _stands_in_title(word: str) -> Q:
    """Words are folded letters and digits: nothing in them means anything to a pattern."""
    return Q(search_title__regex=rf"\m{word}" + (r"\M" if word.isdigit() else ""))


class EditionQuerySet(QuerySet[Any]):
    """Questions about editions."""

    def public(self) -> Self:
        """Editions that anyone may see; legal status is another matter."""
        return self.filter(visibility="public")

    def with_facts(self) -> Self:
        """With publication, events and their documents at hand: what the law is computed from."""
        return self.select_related("publication").prefetch_related("events__document").order_by("number")


class RecordedQuerySet(QuerySet[Any]):
    """Facts and papers that become public with a publication and are staged before."""

    def public(self) -> Self:
        """Those that belong to a publication."""
        return self.filter(publication__isnull=False)

    def staged(self) -> Self:
        """Those recorded but not published: nothing public rests on them yet."""
        return self.filter(publication__isnull=True)


class DocumentQuerySet(RecordedQuerySet):
    """Questions about the papers behind plans."""

    def of_edition(self, edition: Any) -> Self:
        """Papers that came with the edition, and those that its events or relations name."""
        return self.filter(Q(edition=edition) | Q(events__edition=edition) | Q(planrelation__edition=edition))

    def beginning(self, number: str) -> Self:
        """Papers whose number begins so: decisions are known by it."""
        return self.filter(number__startswith=number)

    def of_no_edition(self) -> Self:
        """Papers of the plan as a whole: they came with no edition and nothing names them."""
        return self.filter(edition=None, events=None, planrelation=None)


class PlanRelationQuerySet(RecordedQuerySet):
    """Questions about what one plan says of another."""

    def replacing(self) -> Self:
        """Relations that take land out of force; to implement, amend or add does not."""
        return self.filter(
            kind__in=("replaces_contents", "strikes", "repeals_in_extent", "replaces_in_extent")
        )

    def with_facts(self) -> Self:
        """With the acting edition, its events and all documents at hand."""
        return (
            self.select_related("document", "edition__plan", "edition__publication")
            .prefetch_related("edition__events__document")
            .order_by("edition__plan_id", "edition__number", "pk")
        )


class RulingQuerySet(RecordedQuerySet):
    """Questions about what an authority ruled between plans."""

    def between(self, one: str, other: str) -> Self:
        """Rulings on the two plans, whichever recorded them."""
        return self.filter(Q(plan=one, other_plan=other) | Q(plan=other, other_plan=one))


class MissedLookupQuerySet(QuerySet[Any]):
    """Questions about look-ups that found nothing."""

    def of_day(self, day: date) -> Self:
        """Those of the day."""
        return self.filter(day=day)

    def since(self, day: date) -> Self:
        """Those of the day and later."""
        return self.filter(day__gte=day)


class PublishedRowQuerySet(QuerySet[Any]):
    """Questions about zones and restrictions as published, before law is applied; answers read pieces."""

    def of_edition(self, edition: Any) -> Self:
        """The rows of one edition."""
        return self.filter(edition=edition)

    def near_any(self, boxes: Iterable[GEOSGeometry]) -> Self:
        """Rows whose box meets one of the boxes (EPSG:4326): candidates to be cut, not an answer."""
        return self.filter(reduce(or_, (Q(geometry__bboverlaps=box) for box in boxes)))


class LayerUploadQuerySet(QuerySet[Any]):
    """Questions about uploads."""

    def holding_rows_of(self, editions: Iterable[int]) -> Self:
        """Uploads from which zones, restrictions or coverage of these editions came."""
        own = list(editions)
        # One subquery each: joined at once, the rows of the three would multiply.
        sources = ("zones", "restrictions", "coverage")
        holding = (self.filter(**{f"{rows}__edition__in": own}).values("pk") for rows in sources)
        return self.filter(reduce(or_, (Q(pk__in=uploads) for uploads in holding)))


class PieceQuerySet(ValidQuerySet):
    """Questions about pieces: the one truth that answers, items, tiles and statistics read."""

    def in_force(self, on: date) -> Self:
        """Pieces that are law on the day."""
        return self.valid_on(on).filter(status="in_force")


class CoverageQuerySet(ValidQuerySet):
    """Questions about what the publisher declared."""

    def of_release(self, uploads: Iterable[Any], editions: Iterable[Any]) -> Self:
        """Declarations that came in one of the uploads or are made because of one of the editions."""
        return self.filter(Q(upload__in=list(uploads)) | Q(edition__in=list(editions)))


class PublicationQuerySet(QuerySet[Any]):
    """Questions about revisions."""

    def latest_revision(self) -> int:
        """The newest revision, 0 before the first publication."""
        return self.aggregate(newest=Max("revision"))["newest"] or 0


class FiguresQuerySet(QuerySet[Any]):
    """Questions about kept figures."""

    def of_version(self, collection: str, revision: int, on: date) -> Self:
        """The row of that collection and version, if it was counted already."""
        return self.filter(collection=collection, revision=revision, on=on)

    def computed_before(self, moment: datetime) -> Self:
        """Rows that are older than that."""
        return self.filter(computed_at__lt=moment)


# Their rows say how things are called and drawn; nothing in them is law.
DESCRIBING = ("landuse", "landusegroup", "landuselist", "office", "plan", "territory", "theme")


class AuditQuerySet(QuerySet[Any]):
    """Questions about what was written."""

    def of_row(self, table: str, row: object) -> Self:
        """What happened to one row, the newest first."""
        return self.filter(table=table, row=str(row)).order_by("-pk")

    def of_descriptions(self) -> Self:
        """Changes of what is described as of today in whatever revision: titles, offices, colours, names."""
        return self.filter(table__in=DESCRIBING, action="update")


class ProposalQuerySet(QuerySet[Any]):
    """Questions about what waits for a second member."""

    def waiting(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(state="waiting")

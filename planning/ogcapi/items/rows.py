"""A question -> the rows of its page, as the database hands them out.

A page that fits in one reading first asks which features it has, then what is said of them. A longer one
first asks where it ends, so that all that is said of it is known, and is then read as it is sent. Either
way the order is that of the collection's unique key, and what one statement may cost is bounded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.contrib.gis.db.models import GeometryField
from django.db import DataError, InternalError, OperationalError, connection, transaction
from django.db.models import BinaryField, F, Func, Lookup, QuerySet, TextField
from django.utils.translation import gettext as _

from planning import crs
from planning.errors import BadParameter, Reason, Unavailable
from planning.ogcapi.collections import Collection, Geometry, Kind, Property, Snapshot
from planning.ogcapi.formats.geojson import dumped, feature, names_of
from planning.ogcapi.items.page import Encoding, Row
from planning.ogcapi.items.question import Question
from planning.ogcapi.items.turns import FILTERS
from planning.ogcapi.items.written import features

AT_ONCE = 1_000
STATEMENT_TIMEOUT_MS = 5_000
# A reader who stops reading must not keep a transaction open.
IDLE_TIMEOUT_MS = 60_000


class Transformed(Func):
    """A geometry in another system, GIS order."""

    function = "ST_Transform"

    def __init__(self, geometry: Any, srid: int) -> None:
        super().__init__(geometry, output_field=GeometryField(srid=srid))
        # the number stands in the statement: it is one of our own systems
        self.template = f"%(function)s(%(expressions)s, {int(srid)})"


class Flipped(Func):
    """A geometry with its two axes exchanged."""

    function = "ST_FlipCoordinates"
    output_field = GeometryField()


class _Written(Func):
    """A geometry as text, decimals cut."""

    output_field = TextField()

    def __init__(self, geometry: Any, digits: int = 7) -> None:
        super().__init__(geometry)
        self.extra["digits"] = int(digits)


class GeoJsonText(_Written):
    """A GeoJSON geometry without box and system."""

    function = "ST_AsGeoJSON"
    template = "%(function)s(%(expressions)s, %(digits)s, 0)"


class WktText(_Written):
    """Well-known text."""

    function = "ST_AsText"
    template = "%(function)s(%(expressions)s, %(digits)s)"


class JsonText(Func):
    """Anything structured as JSON text: into JSON it travels as it is, and elsewhere it is read faster."""

    template = "to_jsonb(%(expressions)s)::text"
    output_field = TextField()


class WkbBytes(Func):
    """Well-known binary, little endian."""

    function = "ST_AsBinary"
    template = "%(function)s(%(expressions)s, 'NDR')"
    output_field = BinaryField()


class Among(Lookup):
    """Whether a key is one of some: a single parameter however many they are, hence a single statement."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key, values = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{key} = ANY(%s::{kind}[])", [*values, list(self.rhs)]


def geometry_as(encoding: Encoding, of: Geometry, system: crs.CRS) -> Any:
    """The expression that hands out a stored geometry in that system."""
    if encoding is Encoding.GEOJSON and system == crs.CRS84 and of.text:
        return F(of.text)
    geometry: Any = F(of.field)
    if system.srid != crs.WGS84.srid:
        geometry = Transformed(geometry, system.srid)
    if encoding is Encoding.WKB:
        return WkbBytes(geometry)
    if system.axes == "NE":
        geometry = Flipped(geometry)
    written = GeoJsonText if encoding is Encoding.GEOJSON else WktText
    return written(geometry, 3 if system.is_projected else 7)


@lru_cache(maxsize=64)
def prepared(collection: Collection, snapshot: Snapshot, encoding: Encoding, system: crs.CRS) -> Any:
    """All rows as tuples: id, geometry, properties, key of the order; not read, only asked further.

    To put the question together takes longer than to answer it for one feature, hence the memory.
    """
    return collection.rows(snapshot).values_list(
        collection.key.expression,
        geometry_as(encoding, collection.geometry, system),
        *(
            JsonText(one.expression) if one.kind is Kind.JSON else one.expression
            for one in collection.properties
        ),
        F(collection.order),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows of a page, how many they are, and the key of the last one where more come after it.

    `written` are its features as GeoJSON where some may be at hand already; there are no rows then.
    """

    rows: Iterable[Row]
    number: int
    last: Any = None
    written: tuple[bytes, ...] | None = None


def find(question: Question, encoding: Encoding) -> Found:
    """The rows of the page. Raises BadParameter where the asker's filter fails, else Unavailable.

    Which rows a question leaves is planned anew for every filter, over few tables; what is shown of them
    comes from many tables, by a statement that is planned once.
    """
    ready = prepared(question.collection, question.snapshot, encoding, question.crs)
    keys = _from_there(question, question.rows()).values_list(question.collection.order, flat=True)
    with FILTERS.taken() if question.filter else nullcontext(), bounded(question):
        if question.limit > AT_ONCE:
            tuples = _from_there(question, question.matching(ready))
            return _streamed(question, keys, tuples, encoding)
        chosen = list(keys[: question.limit + 1])
    return _chosen(question, chosen, ready, encoding)


def _from_there(question: Question, rows: QuerySet[Any]) -> Any:
    order, place = question.collection.order, question.place
    rows = rows.order_by(order)
    if place.after is not None:
        return rows.filter(**{f"{order}__gt": place.after})
    return rows[place.position :] if place.position else rows


def _chosen(question: Question, keys: list[Any], ready: Any, encoding: Encoding) -> Found:
    """The rows of some keys, of which one more than the page holds was asked for."""
    own = keys[: question.limit]
    last = own[-1] if len(keys) > len(own) else None
    collection, order = question.collection, question.collection.order

    def read(some: Sequence[Any]) -> Any:
        return ready.filter(Among(F(order), some)).order_by(order)

    def write(some: Sequence[Any]) -> Iterator[tuple[Any, bytes]]:
        names, tuples = names_of(collection.properties), list(read(some))
        for values, row in zip(tuples, _published(collection, tuples, encoding), strict=True):
            yield values[-1], dumped(feature(row, names))

    if encoding is Encoding.GEOJSON and question.crs == crs.CRS84:
        written = features(collection, question.snapshot, own, write)
        return Found(rows=(), number=len(written), last=last, written=written)
    rows = _published(collection, read(own) if own else (), encoding)
    return Found(rows=rows, number=len(own), last=last)


def _streamed(question: Question, keys: Any, tuples: Any, encoding: Encoding) -> Found:
    """Two short questions tell where the page ends; its rows are read by a cursor."""
    end = list(keys[question.limit - 1 : question.limit + 1])
    number = question.limit if end else keys[: question.limit].count()
    read = _by_cursor(question, tuples[: question.limit])
    return Found(
        rows=_published(question.collection, read, encoding),
        number=number,
        last=end[0] if len(end) > 1 else None,
    )


def _by_cursor(question: Question, tuples: Any) -> Iterator[Row]:
    with bounded(question, always=True):
        yield from tuples.iterator(chunk_size=AT_ONCE)


def _published(collection: Collection, rows: Iterable[Row], encoding: Encoding) -> Iterator[Row]:
    """Stored values -> published ones; the key of the order stays here."""
    made = [
        (place, make)
        for place, one in enumerate(collection.properties, 2)
        if (make := _made(one, encoding)) is not None
    ]
    for row in rows:
        values = list(row[:-1])
        for place, make in made:
            if values[place] is not None or collection.properties[place - 2].shown:
                values[place] = make(values[place])
        yield tuple(values)


def _made(of: Property, encoding: Encoding) -> Callable[[Any], Any] | None:
    """What turns the stored value into the published one, where anything must."""
    show = of.shown
    if of.kind is not Kind.JSON:
        return show
    if show is not None:
        return lambda text: show(None if text is None else orjson.loads(text))
    return orjson.Fragment if encoding is Encoding.GEOJSON else orjson.loads


@contextmanager
def bounded(question: Question, *, always: bool = False) -> Iterator[None]:
    """No statement inside takes longer than `STATEMENT_TIMEOUT_MS`; failures are told apart.

    What reads nothing but keys and versions needs no bound, and no transaction for it.
    """
    try:
        if not (question.is_filtered or always):
            yield
            return
        with transaction.atomic():
            set_locally(
                statement_timeout=STATEMENT_TIMEOUT_MS,
                idle_in_transaction_session_timeout=IDLE_TIMEOUT_MS,
                plan_cache_mode=_planned(question),
            )
            yield
    except OperationalError as error:
        if question.filter is not None and _was_cancelled(error):
            raise BadParameter("filter", question.filter, Reason.TOO_EXPENSIVE) from error
        raise Unavailable from error
    except (DataError, InternalError) as error:
        if question.filter is None:
            raise
        detail = _("something cannot be computed: a number out of range or a geometry that is not valid.")
        raise BadParameter("filter", question.filter, Reason.WRONG_TYPE, detail=detail) from error


def _planned(question: Question) -> str:
    """Boxes and filters are planned for what they say, which takes a millisecond.

    For a box of unknown size PostgreSQL takes all rows by their place and sorts them: of half a million
    parcels that takes a second, where a page in the order of keys takes milliseconds (measured).
    """
    return "auto" if question.land is None and question.filter is None else "force_custom_plan"


def set_locally(**parameters: object) -> None:
    """Set parameters of the database until the transaction ends."""
    calls = ", ".join(["set_config(%s, %s, true)"] * len(parameters))
    values = [text for name, value in parameters.items() for text in (name, str(value))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", values)


def _was_cancelled(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == "57014"


def one(collection: Collection, snapshot: Snapshot, feature_id: str, system: crs.CRS) -> Row | None:
    """The row of the feature of that id, None where there is none."""
    condition = collection.key.find(feature_id)
    if condition is None:
        return None
    found = prepared(collection, snapshot, Encoding.GEOJSON, system).filter(condition)[:1]
    return next(_published(collection, found, Encoding.GEOJSON), None)

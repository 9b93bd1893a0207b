"""The features of a collection: pages of them, and one alone."""

from collections.abc import Generator, Iterator, Sequence

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.request import Request

from planning import crs
from planning.errors import Gone, NotFound, Reason
from planning.ogcapi import caching
from planning.ogcapi.base import LANG
from planning.ogcapi.collections import Collection, Json, Snapshot, everybody
from planning.ogcapi.formats import WRITERS, headers_of
from planning.ogcapi.formats.geojson import dumped, feature, names_of, time_stamp
from planning.ogcapi.items import links, question, rows
from planning.ogcapi.items.counting import number_matched
from planning.ogcapi.items.page import FeaturePage, Writer
from planning.ogcapi.items.parameters import DEFAULT_LIMIT, crs_parameter, parameters_of
from planning.ogcapi.items.question import Question
from planning.ogcapi.parameters import Parameter
from planning.ogcapi.representations import GEOJSON, HTML, parameter_f
from planning.ogcapi.views import OgcView

# A file without a limit holds all, up to here.
LARGEST_FILE = 100_000
# Of a page for people: ten thousand rows took four seconds of a processor to lay out (measured).
LARGEST_PAGE = 1_000
PAGED = (GEOJSON, HTML)
_FILES = (one.representation for one in WRITERS.values() if one.representation is not GEOJSON)
OFFERED = (*PAGED, *_FILES)


class _OfCollection(OgcView):
    """What pages and single items share: the collection in the path, its version, what may be kept."""

    of: Collection

    def own_parameters(self) -> Sequence[Parameter]:
        """The parameters of this resource of this collection."""
        raise NotImplementedError

    def accepted_parameters(self, request: Request) -> Sequence[Parameter]:
        self.of = self.catalogue.named(self.kwargs["collection_id"], request._request)
        return (*self.own_parameters(), parameter_f(self.offered), LANG)

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The parameters as written."""
        return question.asked_of(self.http_request.GET)

    def finished(self, response: HttpResponseBase, snapshot: Snapshot, tag: str) -> HttpResponseBase:
        """The answer with what a reader may do with it.

        Nothing here is kept for good, pages of a version neither: titles in them are today's.
        """
        response["Content-Crs"] = f"<{self.given['crs'].uri}>"
        is_public = self.of.is_visible is everybody
        caching.keep(response, snapshot, tag, is_public=is_public)
        return response

    def tag(self, snapshot: Snapshot, *parts: object) -> str:
        """The entity tag of this answer."""
        about = (self.addresses.root, self.of.id, self.sent.name, translation.get_language())
        return caching.tag_of(snapshot, *about, *parts)


class Items(_OfCollection):
    """A page of features; nothing of it is read before it is known that the reader does not hold it."""

    offered = OFFERED

    def own_parameters(self) -> Sequence[Parameter]:
        return parameters_of(self.of)

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        place = self.given["next"]
        snapshot = self._snapshot(place.version if place else None)
        asked = question.question_of(self.of, snapshot, self.given, self.asked, limit=self._limit())
        tag = self.tag(snapshot, asked.asked)
        if caching.is_fresh(self.http_request, tag):
            return self.finished(HttpResponse(status=304), snapshot, tag)
        return self.finished(self._answer(asked), snapshot, tag)

    def _limit(self) -> int:
        """How many features at most: as asked, but of a page for people no more than they can read."""
        asked: int = self.given["limit"] or (DEFAULT_LIMIT if self.sent in PAGED else LARGEST_FILE)
        return min(asked, LARGEST_PAGE) if self.sent is HTML else asked

    def _snapshot(self, version: str | None) -> Snapshot:
        if version is None:
            return self.of.source.newest()
        try:
            return self.of.source.at(version)
        except Gone:
            restart = {name: value for name, value in self.asked if name != "next"}
            address = self.addresses.items(self.of.id, **restart)
            raise Gone(Reason.NO_SUCH_VERSION, value=version, restart=address) from None

    def _answer(self, asked: Question) -> HttpResponseBase:
        writer = WRITERS[GEOJSON.name if self.sent is HTML else self.sent.name]
        page = self._page(asked, writer)
        response = self._html(page, writer, asked) if self.sent is HTML else _sent(page, writer)
        response["OGC-NumberReturned"] = str(page.number_returned)
        if page.number_matched is not None:
            response["OGC-NumberMatched"] = str(page.number_matched)
        if following := [one for one in page.links if one["rel"] == "next"]:
            response["Link"] = f'<{following[0]["href"]}>; rel="next"; type="{following[0]["type"]}"'
        return response

    def _page(self, asked: Question, writer: Writer) -> FeaturePage:
        found = rows.find(asked, writer.encoding)
        matched = number_matched(asked, found)
        following = None if found.last is None else question.after(asked, found.last, found.number, matched)
        own = links.of_page(
            self.addresses,
            asked,
            self.sent,
            self.offered,
            following=following,
            preceding=question.before(asked, matched),
        )
        return FeaturePage(
            collection=self.of,
            snapshot=asked.snapshot,
            crs=asked.crs,
            properties=self.of.properties,
            rows=iter(found.rows),
            written=found.written,
            number_returned=found.number,
            number_matched=matched,
            links=own,
            notices=(*_notices(self.of, asked.snapshot), *self._cautions(asked, found.number)),
        )

    def _cautions(self, asked: Question, number: int) -> Iterator[Json]:
        """What else must be said of an answer that might be taken for a "no"; pages have words for none."""
        if asked.when is not None and self.of.of_other_days:
            yield dict(self.of.of_other_days)
        if number == 0 and self.of.of_none_found and self.sent is not HTML:
            yield dict(self.of.of_none_found)

    def _html(self, page: FeaturePage, writer: Writer, asked: Question) -> HttpResponse:
        document = orjson.loads(b"".join(writer.write(page)))
        return self.respond(
            document,
            "items",
            collection=self.of,
            crs=asked.crs,
            position=asked.place.position,
            limit=asked.limit,
        )


class Item(_OfCollection):
    """One feature."""

    offered = links.FORMATS_OF_ONE

    def own_parameters(self) -> Sequence[Parameter]:
        return (crs_parameter(self.of),)

    def get(self, request: Request, collection_id: str, feature_id: str) -> HttpResponseBase:
        snapshot = self.of.source.newest()
        tag = self.tag(snapshot, feature_id, self.asked)
        if caching.is_fresh(self.http_request, tag):
            return self.finished(HttpResponse(status=304), snapshot, tag)
        document = self._document(snapshot, feature_id, self.given["crs"])
        if self.sent is HTML:
            response = self.respond(orjson.loads(dumped(document)), "item", collection=self.of)
        else:
            response = HttpResponse(dumped(document), content_type=self.sent.media_type)
        return self.finished(response, snapshot, tag)

    def _document(self, snapshot: Snapshot, feature_id: str, system: crs.CRS) -> Json:
        row = rows.one(self.of, snapshot, feature_id, system)
        if row is None:
            raise NotFound("feature", feature_id)
        asked = {name: value for name, value in self.asked if name != "f"}
        document = feature(row, names_of(self.of.properties))
        document["timeStamp"] = time_stamp()
        document["links"] = links.of_item(self.addresses, self.of, feature_id, self.sent, asked)
        notices = _notices(self.of, snapshot)
        return document | ({"notices": notices} if notices else {})


def _notices(collection: Collection, snapshot: Snapshot) -> tuple[Json, ...]:
    return tuple(dict(one) for one in collection.notices(snapshot))


class _Sending:
    """The pieces of an answer, the first of them made: what fails before it still becomes a problem.

    Whoever stops reading lets the cursor go.
    """

    def __init__(self, page: FeaturePage, writer: Writer) -> None:
        self._rows = page.rows
        self._pieces = writer.write(page)
        self._first = next(self._pieces, b"")

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._pieces

    def close(self) -> None:
        for generator in (self._pieces, self._rows):
            if isinstance(generator, Generator):
                generator.close()


def _sent(page: FeaturePage, writer: Writer) -> HttpResponseBase:
    """Short pages in one piece, whose length is known; longer ones as they are read."""
    headers = headers_of(page.collection.id, writer.representation)
    if page.number_returned <= rows.AT_ONCE:
        return HttpResponse(b"".join(writer.write(page)), headers=headers)
    return StreamingHttpResponse(_Sending(page, writer), headers=headers)

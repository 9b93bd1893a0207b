"""A walk through every address of the site as everybody: what an office prepares stays its own.

The addresses are found by looking (`tests.addresses`), so a new one is walked too, or fails here until
somebody has said how it is asked. Everything staged carries a mark (`tests.two_offices`): a mark in an
answer that the reader may not see is a leak, and no form of one office writes anything for another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote, quote_plus, unquote

import morecantile
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from pytest_django.plugin import DjangoDbBlocker

from planning.catalog import CATALOGUE
from planning.catalog.source import PUBLISHED
from planning.models import Document, Edition, Parcel, Plan, ProposedAct, Restriction, Zone
from tests import town
from tests.addresses import Address, Form, addresses, forms_of
from tests.two_offices import KEYS, MARKS, OFFICES, PEOPLE, WORDS, Person, person, settle

pytestmark = pytest.mark.django_db

# Members who write; what their forms send is what others try to send too.
OWNERS = tuple(f"{role}-{code}" for code in OFFICES for role in ("planner", "reviewer"))
STAYING = {"_continue", "_addanother", "_saveasnew"}
# Not an address of rows: who leaves or changes the own password does so for himself.
OF_ONESELF = {"admin:logout", "admin:password_change", "admin:password_change_done", "admin:login"}
# Says 503 where migrations or jobs of the tests' database are not those of a running service.
MAY_BE_UNAVAILABLE = {"readyz"}
DEEPEST = 16
# Nothing can be opened here on purpose: what no other pattern takes.
NEVER_OPEN = {"admin/(?P<url>.*)$"}
# Superusers keep the service: who works where. What an office says is not theirs to write.
KEPT_BY_SUPERUSERS = {"membership", "office"}
UNTRACED = {"auditentry", "missedlookup"}
_WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "?planning_(?!missedlookup)', re.IGNORECASE)


@pytest.fixture(scope="module", autouse=True)
def two_offices(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The two offices, settled once: every test takes back what it wrote, so each finds them as they were."""
    folder = tmp_path_factory.mktemp("two_offices")
    with (
        override_settings(MEDIA_ROOT=folder, FILE_UPLOAD_TEMP_DIR=folder),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        settle()
        yield
        transaction.set_rollback(True)
    written_by.cache_clear()


# how each address is asked


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the admin, and the office that it belongs to; none for what is everybody's."""

    model: type[Model]
    key: str
    office: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the walk; `echoes` are values of the address that an answer may repeat."""

    address: Address
    path: str
    row: Row | None = None
    echoes: tuple[str, ...] = ()

    @property
    def in_admin(self) -> bool:
        return self.address.route.startswith("admin/")


def registered(label: str = "planning") -> dict[str, type[Model]]:
    return {
        model._meta.model_name or "": model
        for model in admin.site._registry
        if model._meta.app_label == label
    }


def rows_of(model: type[Model]) -> list[Row]:
    """The first row of each office, which is public, and the last, which is staged; of nobody's rows one."""
    office_path = getattr(admin.site._registry[model], "office_path", None)
    everything = model._base_manager.order_by("pk")
    if office_path is None:
        return [Row(model, str(row.pk), None) for row in everything[:1]]
    found = []
    for code in OFFICES:
        if model in (Plan, Edition):
            keys = everything.filter(**{office_path: code}).values_list("pk", flat=True)
            found += [Row(model, str(key), code) for key in keys]
        else:
            found += first_and_last(model, code)
    return found


def first_and_last(model: type[Model], code: str) -> list[Row]:
    """What the office published first, and what it prepared last."""
    office_path = admin.site._registry[model].office_path  # type: ignore[attr-defined]
    own = model._base_manager.order_by("pk").filter(**{office_path: code})
    keys = list(own.values_list("pk", flat=True))
    return [Row(model, str(key), code) for key in dict.fromkeys([*keys[:1], *keys[-1:]])]


def places() -> list[tuple[str, str]]:
    """A point on the land of each office."""
    points = [town.point(east + 15, 15) for east in (0, 2_000)]
    return [(f"{point.x:.7f}", f"{point.y:.7f}") for point in points]


def tile_at(lon: str, lat: str) -> morecantile.Tile:
    """The tile of the deepest zoom level, on which every collection is drawn."""
    return morecantile.tms.get("WebMercatorQuad").tile(float(lon), float(lat), DEEPEST)


def values_of(name: str, address: Address) -> list[str]:
    """What a parameter may be; an unknown one ends the walk."""
    known = {
        "parcel_id": lambda: list(Parcel.objects.values_list("code", flat=True)),
        "plan_id": lambda: list(Plan.objects.values_list("pk", flat=True)),
        "zone_id": lambda: [
            *Zone.objects.values_list("public_id", flat=True),
            *Restriction.objects.values_list("public_id", flat=True),
        ],
        "sha256": lambda: list(Document.objects.exclude(sha256="").values_list("sha256", flat=True)),
        "place": lambda: [",".join(place) for place in places()],
        "act": lambda: list(ProposedAct.values),
        "app_label": lambda: ["planning"],
        "url": lambda: ["nothing-here"],
        "path": lambda: [
            f"parcels/{code}/history" if "history" in address.route else f"parcels/{code}"
            for code in Parcel.objects.values_list("code", flat=True)
        ],
        "collection_id": lambda: [one.id for one in CATALOGUE.collections],
        "feature_id": lambda: [
            *Zone.objects.values_list("public_id", flat=True),
            *Restriction.objects.values_list("public_id", flat=True),
            *Parcel.objects.values_list("code", flat=True),
            *Plan.objects.values_list("pk", flat=True),
        ],
        "matrix_set": lambda: ["WebMercatorQuad"],
        "tile_matrix": lambda: [str(DEEPEST)],
        "tile_row": lambda: sorted({str(tile_at(*place).y) for place in places()}),
        "tile_col": lambda: sorted({str(tile_at(*place).x) for place in places()}),
        "version": lambda: [PUBLISHED.newest().version],
        "style_id": lambda: ["land-use"],
        "sprite": lambda: ["sprite.json", "sprite.png"],
    }
    if name not in known:
        pytest.fail(f"Tell the walk how to fill “{name}” of {address.route} (values_of in this file).")
    return known[name]()


def requests_of(address: Address) -> list[Asked]:
    """The requests that an address is asked with: each row, each value, each query."""
    if address.route.startswith("admin/r/"):
        return [_on_site(address, model, row) for model in (Plan, Edition) for row in rows_of(model)]
    if model := _model_of(address):
        name = address.parameters[0] if address.parameters else ""
        if name in ("object_id", "id"):
            return [_of_row(address, name, row) for row in rows_of(model)]
    filled = [
        (address.filled(dict(zip(address.parameters, values, strict=True))), values)
        for values in product(*(values_of(name, address) for name in address.parameters))
    ]
    return [
        Asked(address, path + query, echoes=(*values, *echoes))
        for path, values in filled
        for query, echoes in queries_of(address)
    ]


def _model_of(address: Address) -> type[Model] | None:
    parts = address.route.split("/")
    if parts[0] != "admin" or len(parts) < 4:
        return None
    return registered(parts[1]).get(parts[2])


def _of_row(address: Address, name: str, row: Row) -> Asked:
    # as the admin itself writes keys into addresses
    path = address.filled({name: admin.utils.quote(row.key)})
    return Asked(address, path, row, (row.key,))


def _on_site(address: Address, model: type[Model], row: Row) -> Asked:
    content_type = str(ContentType.objects.get_for_model(model).pk)
    path = address.filled({"content_type_id": content_type, "object_id": row.key})
    return Asked(address, path, row, (row.key,))


def searched() -> list[str]:
    """What somebody types who has heard of something that is not public."""
    words = [word for code in OFFICES for word in (KEYS[code], WORDS[code], f"{WORDS[code]}/QĐ")]
    return [
        *words,
        *(f"1 phố {WORDS[code]}" for code in OFFICES),
        *Parcel.objects.values_list("code", flat=True),
    ]


def queries_of(address: Address) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Query strings, each with the values that an answer may repeat."""
    match address.name:
        case "home" | "api:lookup":
            yield from ((f"?q={quote_plus(text)}", (text,)) for text in searched())
        case "api:planning":
            yield from ((f"?lon={lon}&lat={lat}", ()) for lon, lat in places())
        case "api:parcels":
            yield from ((f"?q={quote_plus(text)}", (text,)) for text in searched())
            yield from ((f"?sheet=1&number={KEYS[code]}", (KEYS[code],)) for code in OFFICES)
        case "ogc:items":
            yield from ((f"?f={name}", ()) for name in ("html", "csv", "geojsonseq"))
        case "admin:autocomplete":
            yield from ((query, ("zq",)) for query in _completions())
        case "admin:planning_proposal_propose":
            editions = [row.key for code in OFFICES for row in first_and_last(Edition, code)]
            yield from ((f"?edition={key}&kind=suspended", ()) for key in editions)
        case name if name.endswith("_changelist"):
            yield "?q=zq", ("zq",)
    yield "", ()


def _completions() -> Iterator[str]:
    """Every field that completes what is typed, of every form and the forms within it."""
    for model_admin in admin.site._registry.values():
        inlines = [inline(model_admin.model, admin.site) for inline in model_admin.inlines]
        for one in (model_admin, *inlines):
            for name in one.autocomplete_fields:
                meta = one.model._meta
                yield f"?app_label={meta.app_label}&model_name={meta.model_name}&field_name={name}&term=zq"


@cache
def site() -> tuple[Address, ...]:
    return tuple(addresses())


# what an answer may say


def content_of(response: Any) -> str:
    """Everything that left the house: body, headers, and the cookies with what they say next."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = "\n".join(str(morsel) for morsel in response.cookies.values())
    return f"{body.decode('utf-8', 'replace')}\n{unquote(headers)}\n{cookies}"


def leaks(who: Person, asked: Asked, response: Any) -> list[str]:
    """Marks of what is staged that this person may not see, in what was answered."""
    said = content_of(response).casefold()
    for echo in sorted(asked.echoes, key=len, reverse=True):
        for spelt in {echo, quote(echo), quote(echo, safe=""), quote_plus(echo), admin.utils.quote(echo)}:
            said = said.replace(spelt.casefold(), "") if len(spelt) > 2 else said
    of_office = asked.in_admin or asked.address.name == "document"
    hidden = (
        who.hidden_marks(in_admin=asked.in_admin)
        if of_office
        else tuple(mark for code in OFFICES for mark in MARKS[code])
    )
    return [mark for mark in hidden if mark in said]


def faults(who: Person, asked: Asked, response: Any) -> list[str]:
    """Everything that is wrong with an answer, one line each."""
    found = []
    if response.status_code >= 500 and asked.address.name not in MAY_BE_UNAVAILABLE:
        found.append(f"answers {response.status_code}")
    found += [f"shows {mark}" for mark in leaks(who, asked, response)]
    row = asked.row
    is_foreign = row is not None and row.office is not None and row.office not in who.offices
    if is_foreign and asked.in_admin and not who.is_superuser and response.status_code == 200:
        found.append("is opened")
    is_door = asked.address.name in {"admin:login", "admin:jsi18n"}
    if who.user is None and asked.in_admin and response.status_code == 200 and not is_door:
        found.append("is open to nobody")
    return [f"{who.name} {asked.path}: {fault}" for fault in found]


@pytest.mark.parametrize("name", PEOPLE)
def test_no_address_shows_what_an_office_prepares(name: str) -> None:
    who = person(name)
    client = who.client()
    found: list[str] = []
    for address in site():
        if address.name in OF_ONESELF - {"admin:login"}:
            continue
        if address.route.startswith("ogc") and name not in ("nobody", "superuser"):
            continue  # nobody is known there: no cookie is read
        for asked in requests_of(address):
            found += faults(who, asked, client.get(asked.path))
            # what was just refused by name is not to be said on the next page, where it is no echo
            client.cookies.pop("messages", None)
            if (
                who.user is None
                and not asked.in_admin
                and not address.route.startswith(("api/", "documents", "ogc"))
            ):
                found += faults(who, asked, client.get(f"/en{asked.path}"))

    assert not found, "\n".join(found[:40])


def test_the_walk_reaches_every_address() -> None:
    walkers = [person(name).client() for name in ("superuser", "planner-tinh", "reviewer-xa", "nobody")]
    unreached = []
    for address in site():
        if address.route in NEVER_OPEN or address.name in MAY_BE_UNAVAILABLE or _is_closed(address):
            continue
        asked = requests_of(address)
        if not any(_is_answered(client, one) for client in walkers for one in asked):
            unreached.append(address.route)

    assert not unreached, f"Tell the walk how to ask (queries_of in this file): {unreached}"


def _is_answered(client: Client, asked: Asked) -> bool:
    response = client.get(asked.path)
    content_of(response)  # a file is closed by whoever reads it to its end
    return response.status_code < 400


def _is_closed(address: Address) -> bool:
    """Forms that nobody may use: rows that only the pipeline writes, jobs that only the worker makes."""
    is_form = address.name.endswith(("_add", "_delete"))
    return is_form or "procrastinate" in address.route


def test_every_kind_of_row_is_there_for_both_offices() -> None:
    """Without rows the walk would pass a model by; without marks it could not see a leak."""
    for model in registered().values():
        found = rows_of(model)
        offices = {row.office for row in found}
        assert offices == {None} or offices == set(OFFICES), f"Tell two_offices to make: {model.__name__}"
    for code in OFFICES:
        for mark in MARKS[code]:
            seen = person(f"planner-{code}").client().get("/admin/planning/plan/")
            assert mark in seen.content.decode().casefold()


# what a form may write


def snapshot() -> dict[str, str]:
    """A digest of every table of the domain, less what every request may leave behind."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("planning").get_models(include_auto_created=True)
        if model._meta.model_name not in UNTRACED
    ]
    digest = (
        "md5(coalesce(string_agg((to_jsonb(t) - 'last_login')::text, '|' ORDER BY to_jsonb(t)::text), ''))"
    )
    parts = (f"SELECT '{table}', {digest} FROM {table} t" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Written:
    """A form as its owner was given it, the office it belongs to, and what its fields refer to."""

    form: Form
    owner: str
    row: Row | None
    refers_to: dict[str, type[Model]]

    def sendings(self) -> Iterator[dict[str, Any]]:
        buttons = [one for one in self.form.buttons if one[0] not in STAYING] or [("", "")]
        for button in dict.fromkeys(buttons):
            yield self.form.sent_with(button)


@cache
def written_by(name: str, *, within: str = "") -> list[Written]:
    """All forms about rows of the own office that this member is given in the admin, or in a part of it."""
    who = person(name)
    client = who.client()
    found = []
    for address in site():
        is_page_of_forms = not address.name.endswith(("_history", "_map", "admin:"))
        if not (address.route.startswith(f"admin/planning/{within}") and is_page_of_forms):
            continue
        for asked in requests_of(address):
            if asked.row is not None and asked.row.office not in (None, *who.offices):
                continue
            found += _forms_at(client, asked, name)
    # one form is on many pages: to sign out, to act on a list that was searched
    return list({repr(written.form): written for written in found}.values())


def _forms_at(client: Client, asked: Asked, owner: str) -> list[Written]:
    response = client.get(asked.path)
    if response.status_code != 200 or "html" not in response["Content-Type"]:
        return []
    context = response.context or {}
    refers_to = {}
    if "adminform" in context:
        fields = context["adminform"].form.fields.items()
        refers_to = {name: one.queryset.model for name, one in fields if hasattr(one, "queryset")}
    return [
        Written(form, owner, asked.row, refers_to)
        for form in forms_of(response.content.decode(), asked.path.partition("?")[0])
        if form.address.startswith("/admin/planning/")
    ]


@pytest.mark.parametrize("name", PEOPLE)
def test_no_form_writes_for_another_office(name: str) -> None:
    who = person(name)
    others = [code for code in OFFICES if code not in who.offices]
    # a reviewer has every form of a planner but those of whoever made a proposal
    forms = [written for code in others for written in written_by(f"reviewer-{code}")]
    forms += [written for code in others for written in written_by(f"planner-{code}", within="proposal/")]
    sender = Sender(who)

    assert forms
    for written in forms:
        for fields in written.sendings():
            sender.send(written.form.address, fields)
            if changed := _with_other_words(fields):
                sender.send(written.form.address, fields | changed)
    for name_of_model, model in registered().items():
        if not (who.is_superuser and name_of_model in KEPT_BY_SUPERUSERS):
            sender.delete([row for row in rows_of(model) if row.office not in (None, *who.offices)], model)
    sender.compare()


class Sender:
    """Somebody who sends what is not theirs to send: after each try everything is as it was."""

    def __init__(self, who: Person) -> None:
        self._name = who.name
        self._client = who.client()
        self._before = snapshot()

    def send(self, path: str, fields: dict[str, Any]) -> None:
        with CaptureQueriesContext(connection) as asked:
            status = self._client.post(path, fields).status_code
        assert status < 500, f"{self._name} POST {path}: {status}"
        if any(_WRITES.search(query["sql"]) for query in asked.captured_queries):
            self.compare(path, fields)

    def compare(self, path: str = "", fields: dict[str, Any] | None = None) -> None:
        """Look at every row; what wrote and was taken back is no change."""
        after = snapshot()
        changed = [table for table in after if after[table] != self._before[table]]
        assert not changed, f"{self._name} changed {changed} by POST {path} {fields}"

    def delete(self, rows: list[Row], model: type[Model]) -> None:
        top = f"/admin/planning/{model._meta.model_name}/"
        for row in rows:
            self.send(f"{top}{admin.utils.quote(row.key)}/delete/", {"post": "yes", "why": "Other words"})
        keys = [row.key for row in rows]
        self.send(top, {"action": "delete_selected", "_selected_action": keys, "post": "yes", "why": "x"})


def _with_other_words(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: ["Other words"] for name in fields if name in ("title", "note", "text", "number", "why")}


@pytest.mark.parametrize("name", OWNERS)
def test_no_form_names_what_another_office_prepares(name: str) -> None:
    """The own form, in order but for one field that names a staged row of the other office."""
    who = person(name)
    (other,) = set(OFFICES) - who.offices
    client = who.client()
    before = snapshot()
    tried = 0
    for written in written_by(name):
        for field, model in written.refers_to.items():
            for key in _staged(model, other):
                fields = next(written.sendings())
                with CaptureQueriesContext(connection) as asked:
                    client.post(written.form.address, fields | {field: key})
                tried += 1
                if any(_WRITES.search(query["sql"]) for query in asked.captured_queries):
                    assert snapshot() == before, f"{written.form.address} took {field}={key} of {other}"

    assert tried > 10


def _staged(model: type[Model], office: str) -> list[str]:
    """Rows of the office that are not public: their texts carry its mark."""
    found = []
    for row in rows_of(model) if model in admin.site._registry else ():
        said = str(model._base_manager.filter(pk=row.key).values().first()).casefold()
        if row.office == office and any(mark in said for mark in MARKS[office]):
            found.append(row.key)
    return found


def test_the_same_forms_are_taken_from_their_own_office() -> None:
    """Otherwise the walk would only show that nobody can write anything."""
    client = person("planner-tinh").client()
    taken = set()
    for written in written_by("planner-tinh"):
        if written.row is None or not written.form.address.endswith("/change/"):
            continue
        for fields in written.sendings():
            with transaction.atomic(), CaptureQueriesContext(connection):
                if client.post(written.form.address, fields).status_code == 302:
                    taken.add(written.row.model._meta.model_name)
                transaction.set_rollback(True)

    assert {"plan", "edition", "document", "planevent", "planrelation"} <= taken


def test_a_leak_and_a_crash_are_seen() -> None:
    asked = Asked(Address("plans/", "plans", (), False), "/plans/")
    leaking = HttpResponse(f"<td>{WORDS['xa'].upper()}</td>")
    cookie = HttpResponse()
    cookie.set_cookie("messages", KEYS["xa"])

    for name in ("nobody", "planner-tinh", "superuser"):
        who = person(name)
        assert faults(who, asked, leaking)
        assert faults(who, asked, cookie)
        assert faults(who, asked, HttpResponse(status=500))
        assert not faults(who, asked, HttpResponse("nothing"))


def test_an_address_that_nobody_told_of_ends_the_walk() -> None:
    with pytest.raises(pytest.fail.Exception, match="Tell the walk how to fill “thing”"):
        requests_of(Address("new/<str:thing>", "new", ("thing",), False))

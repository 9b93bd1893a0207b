"""The whole site as a list of addresses, found by looking: every URL pattern, and the forms on a page.

What a pattern needs to be asked is filled in by the walk; a name that it does not know is an error there,
so that no address comes to be without somebody having said who may see it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

_PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_0-9]+)>")
_GROUP = re.compile(r"\(\?P<([a-z_0-9]+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its route as written, its full name, and the parameters it takes."""

    route: str
    name: str
    parameters: tuple[str, ...]
    is_regex: bool

    def filled(self, values: dict[str, str]) -> str:
        """The path; of a regular expression each group is replaced as a whole."""
        if not self.is_regex:
            return "/" + _PARAMETER.sub(lambda match: values[match[1]], self.route)
        path = self.route
        for name in self.parameters:
            path = _without_group(path, name, values[name])
        return "/" + re.sub(r"[\^$\\]|(?<=/)\+", "", path)


def addresses() -> list[Address]:
    """Every pattern of the project, includes and the admin with them."""
    return list(_walked(get_resolver().url_patterns, "", ""))


def _walked(patterns: list[Any], route: str, name: str) -> Iterator[Address]:
    for one in patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walked(one.url_patterns, here, f"{name}{one.namespace}:" if one.namespace else name)
        elif isinstance(one, URLPattern):
            is_regex = not isinstance(one.pattern, RoutePattern)
            found = (
                (*_PARAMETER.findall(here), *_GROUP.findall(here)) if is_regex else _PARAMETER.findall(here)
            )
            yield Address(here, f"{name}{one.name or ''}", tuple(dict.fromkeys(found)), is_regex)


def _without_group(route: str, name: str, value: str) -> str:
    """The route with the named group, however many parentheses stand in it, replaced by the value."""
    start = route.find(f"(?P<{name}>")
    if start < 0:
        return re.sub(rf"<(?:[a-z]+:)?{name}>", lambda _: value, route)
    depth, end = 0, start
    for end in range(start, len(route)):
        depth += (route[end] == "(") - (route[end] == ")")
        if depth == 0:
            break
    return route[:start] + value + route[end + 1 :]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a browser would send it, and the buttons one may press."""

    address: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: tuple[tuple[str, str], ...] = ()

    def sent_with(self, button: tuple[str, str], **changes: str) -> dict[str, Any]:
        return {**self.fields, button[0]: button[1], **changes} if button[0] else {**self.fields, **changes}


def forms_of(page: str, address: str) -> list[Form]:
    """The forms of a page that write something, with what stands in them."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._page = address
        self._form: dict[str, Any] | None = None
        self._select = self._area = self._option = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = {"address": given.get("action") or self._page, "fields": {}, "buttons": []}
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text" if tag == "input" else "submit")
        if tag in ("input", "button") and kind in ("submit", "image"):
            self._form["buttons"].append((name, given.get("value", "")))  # type: ignore[index]
        elif tag == "input" and (kind not in ("checkbox", "radio") or "checked" in given):
            self._put(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self._put(self._select, given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self._put(name, "")

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form["fields"][self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form" and self._form is not None:
            made, self._form = self._form, None
            self.forms.append(Form(made["address"], made["fields"], tuple(made["buttons"])))

    def _put(self, name: str, value: str) -> None:
        if name and name != "csrfmiddlewaretoken" and self._form is not None:
            self._form["fields"].setdefault(name, []).append(value)

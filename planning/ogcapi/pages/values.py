"""Values of properties -> something to read. Nothing here is markup: templates escape every text.

A missing value is called missing; a blank could mean anything.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from planning.ogcapi.collections import Json

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_LANGUAGES_OF_TEXT = {"vi", "en"}
# What stands for a whole object where there is room for one text only.
_SPEAKING = ("text", "title", "name", "label", "number", "code", "id")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Value:
    """`form` chooses how a template shows it; `pairs` are names with values, `parts` plain values."""

    form: str
    text: str = ""
    pairs: tuple[tuple[str, "Value"], ...] = ()
    parts: tuple["Value", ...] = ()


MISSING = Value("missing")


def is_missing(value: Any) -> bool:
    """Whether nothing is said; zero and false are said."""
    return value is None or (isinstance(value, str | dict | list | tuple) and not value)


def shown(value: Any) -> Value:
    """Any JSON value, in full."""
    if is_missing(value):
        return MISSING
    match value:
        case bool():
            return Value("true" if value else "false")
        case int() | float():
            return Value("number", _number(value))
        case dict() if set(value) <= _LANGUAGES_OF_TEXT:
            return shown(_in_our_language(value))
        case dict():
            return Value("pairs", pairs=tuple((str(name), shown(one)) for name, one in value.items()))
        case list() | tuple():
            return Value("list", parts=tuple(shown(one) for one in value))
    return _text(str(value))


def in_brief(value: Any) -> Value:
    """Any JSON value in one line, for a cell of a table."""
    if isinstance(value, dict | list | tuple) and value:
        return Value("text", shortened(_one_line(value)))
    found = shown(value)
    return Value(found.form, shortened(found.text)) if found.form == "text" else found


def shortened(text: str) -> str:
    """A text cut where a table would burst."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _text(text: str) -> Value:
    if COLOUR.fullmatch(text):
        return Value("colour", text)
    return Value("link" if text.startswith(("https://", "http://")) else "text", text)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _one_line(value: Any) -> str:
    match value:
        case dict():
            return _of_object(value)
        case list() | tuple():
            return ", ".join(_one_line(one) for one in value)
        case None:
            return "–"
        case bool():
            return "true" if value else "false"
    return str(value)


def _of_object(value: Json) -> str:
    if set(value) <= _LANGUAGES_OF_TEXT:
        return _one_line(_in_our_language(value))
    speaking = next((value[name] for name in _SPEAKING if value.get(name)), None)
    if speaking is not None and not isinstance(speaking, dict | list):
        return str(speaking)
    told = ((name, _one_line(one)) for name, one in value.items() if not is_missing(one))
    return "; ".join(f"{name}: {text}" for name, text in told)


def _in_our_language(texts: Json) -> Any:
    ours = (translation.get_language() or "vi").split("-")[0]
    return texts.get(ours) or next((text for text in texts.values() if text), None)

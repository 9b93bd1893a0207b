"""What templates need beyond Django's own: figures in the reader's language, marks, addresses."""

from datetime import date, datetime
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal import figures, marks
from portal.voice import named as named_in

register = template.Library()


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "vi"


@register.filter
def day(value: date) -> str:
    """A date as people write it."""
    return figures.day(value, _language())


@register.filter
def day_digits(value: date) -> str:
    """A date as the date fields take it, in either language."""
    return f"{value:%d/%m/%Y}"


@register.filter
def moment(value: datetime) -> str:
    """A moment in the time zone of the service."""
    return figures.moment(value, timezone.get_current_timezone(), _language())


@register.filter
def numbered(code: str) -> str:
    """The number at the end of a code for machines: "answer-1" is version 1."""
    return code.rpartition("-")[2]


@register.filter
def whole(value: int) -> str:
    """A whole number with its thousands apart."""
    return figures.number(value, 0, _language())


@register.filter
def vi(value: str) -> SafeString:
    """A text that exists in Vietnamese alone, marked so on an English page."""
    return named_in("", value, _language())


@register.filter
def web(address: str) -> str:
    """An address that leads to the web or a paper kept here; what was typed must not lead into a script."""
    return address if address.startswith(("https://", "http://", "/documents/")) else ""


@register.simple_tag
def at_page(address: str, page: int | None) -> str:
    """The address of a paper, opened at a page."""
    return f"{address}#page={page}" if page and "#" not in address else address


@register.simple_tag
def named(english: str, vietnamese: str) -> SafeString:
    """A name in the reader's language, else the Vietnamese one marked as such."""
    return named_in(english, vietnamese, _language())


@register.simple_tag
def mark(name: str) -> SafeString:
    """The small drawing that stands beside a badge."""
    return mark_safe(marks.draw(name))  # noqa: S308 - our own constants


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, language: str) -> str:
    """The address of this very page in the other language, its question included."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return "/en/" if language == "en" else "/"
    path = request.path
    bare = path[3:] if path == "/en" or path.startswith("/en/") else path
    bare = bare or "/"
    query = request.META.get("QUERY_STRING", "")
    address = f"/en{bare}" if language == "en" else bare
    # a path with two slashes in front would be read as another host
    safe = address if not urlsplit(address).netloc else "/"
    return f"{safe}?{query}" if query else safe

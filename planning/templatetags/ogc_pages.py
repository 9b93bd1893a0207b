"""What the pages of the OGC APIs need beyond Django's own: addresses of this server, breakable in lines."""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from planning.ogcapi.pages.place import Place

register = template.Library()
_BREAKS = re.compile(r"(?<=[/?&=,_])(?=[^/])")


@register.simple_tag(takes_context=True)
def to(context: template.Context, *segments: object, **query: Any) -> str:
    """The path of a resource: `{% to "collections" one.id "items" limit=10 %}`."""
    place: Place = context["place"]
    return place.to(*segments, **query)


@register.simple_tag(takes_context=True)
def follow(context: template.Context, address: str) -> str:
    """An address of the document as a link; what is no address leads nowhere."""
    place: Place = context["place"]
    return place.followed(str(address))


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, code: str) -> str:
    """The query that shows this very page in the other language."""
    place: Place = context["place"]
    return place.in_language(code)


@register.filter
def breakable(text: object) -> SafeString:
    """An address or a name that a narrow screen may break after its signs."""
    parts = (conditional_escape(part) for part in _BREAKS.split(str(text)))
    return mark_safe("<wbr>".join(parts))  # noqa: S308 - every part is escaped


@register.filter
def listed(kinds: object) -> str:
    """One kind, or all of them."""
    return " | ".join(str(one) for one in kinds) if isinstance(kinds, list | tuple) else str(kinds or "")


@register.filter
def rel(links: object, wanted: str) -> list[dict[str, Any]]:
    """The links of a document with that relation, whether it is written short or in full."""
    found = links if isinstance(links, list | tuple) else ()
    return [one for one in found if str(one.get("rel", "")).rpartition("/")[2] == wanted]


@register.filter
def member(document: object, name: str) -> Any:
    """A member whose name no template can write, such as `$id`."""
    return document.get(name, "") if isinstance(document, dict) else ""


@register.filter
def without_format(address: object) -> str:
    """The address without `f=`, for links that people follow: their browser asks for the page."""
    return re.sub(r"\?$", "", re.sub(r"([?&])f=\w+&?", r"\1", str(address)).rstrip("&"))

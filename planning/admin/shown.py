"""How a row is shown beside its fields: on a map, with its public page, with what stands around it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.gis.db.models import GeometryField
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from planning.admin import maps


class ShowsMap(admin.ModelAdmin):
    """A row with its geometry as a figure at the end of the page."""

    map_field = "geometry"

    @property
    def media(self) -> forms.Media:
        return super().media + maps.media()

    def get_queryset(self, request: HttpRequest) -> Any:
        # A list never shows a geometry, and some weigh megabytes; the page of a row asks for its own.
        heavy = [field.name for field in self.opts.get_fields() if isinstance(field, GeometryField)]
        return super().get_queryset(request).defer(*heavy)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "on_the_map")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = [
            (name, {**options, "fields": [one for one in options["fields"] if one != "on_the_map"]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        if obj is None:
            return fieldsets
        return [*fieldsets, (_("On the map"), {"fields": ["on_the_map"]})]

    @admin.display(description=_("map"))
    def on_the_map(self, obj: Any) -> SafeString | str:
        return maps.shown(getattr(obj, self.map_field), label=str(obj), around=self.around(obj))

    def around(self, obj: Any) -> str:
        """The address of what lies around the row, as GeoJSON; empty for nothing."""
        return ""


def day(value: date | None) -> str:
    """A day in few characters; in English with its month as a word, which no reader takes for the day."""
    if value is None:
        return ""
    is_english = (get_language() or "").startswith("en")
    return date_format(value, "j M Y" if is_english else "SHORT_DATE_FORMAT")


def lines(rows: Iterable[Any]) -> SafeString | str:
    """One row a line, or a dash."""
    joined = format_html_join("\n", "<li>{}</li>", ((row,) for row in rows))
    return format_html("<ul>{}</ul>", joined) if joined else "—"

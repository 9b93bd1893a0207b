"""What lists of many rows have in common: a page number that does not count a million, filters of the own."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.rights import of_own_offices

MOST_COUNTED = 10_000
MOST_CHOICES = 200


class CappedPaginator(Paginator):
    """Counts up to some hundred pages and says so: whoever needs more searches or filters."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[:MOST_COUNTED].count())

    @property
    def is_capped(self) -> bool:
        """Whether there may be more rows than were counted."""
        return self.count >= MOST_COUNTED


class OwnRowFilter(admin.SimpleListFilter):
    """Rows of one of the own editions or uploads; the choices are read from them, not from the many rows."""

    model: type[Any]
    office_path: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        own = of_own_offices(self.office_path, request, model=model_admin.model)
        return [
            (str(row.pk), str(row)) for row in self.model.objects.filter(own).order_by("-pk")[:MOST_CHOICES]
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return (
            queryset.filter(**{str(self.parameter_name): chosen})
            if chosen and chosen.isdecimal()
            else queryset
        )


class OfEdition(OwnRowFilter):
    title = _("edition")
    parameter_name = "edition"
    model = models.Edition
    office_path = "plan__office"


class OfUpload(OwnRowFilter):
    title = _("upload")
    parameter_name = "upload"
    model = models.LayerUpload
    office_path = "office"


class IsPublic(admin.SimpleListFilter):
    """Whether a fact or paper belongs to a publication."""

    title = _("published")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("yes", _("public")), ("no", _("not yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(publication__isnull=self.value() == "no")

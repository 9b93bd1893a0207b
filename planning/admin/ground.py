"""Territory and cadastre: administrative units are everybody's, parcels the delivering office's."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.lists import CappedPaginator, OfUpload
from planning.admin.rights import LastingKey, OfOwnOffices, ReadOnly
from planning.admin.shown import ShowsMap, lines

MOST_DEMANDED = 50
# How the text of a look-up was taken (`planning.lookup`).
_SOUGHT = {
    "parcel_code": _("parcel by its code"),
    "parcel_number": _("parcel by sheet and number"),
    "other_number": _("parcel by another number"),
    "coordinates": _("place by coordinates"),
    "corners": _("land by its corners"),
    "plus_code": _("place by plus code"),
    "decision": _("plan by its decision"),
    "words": _("place, street or plan by its name"),
    "nothing": _("text that says nothing"),
}


@admin.register(models.AdminUnitList)
class AdminUnitListAdmin(LastingKey):
    list_display = ("code", "title", "valid_from", "valid_to", "licence")
    search_fields = ("code", "title")
    ordering = ("-valid_from", "code")


@admin.register(models.AdminUnit)
class AdminUnitAdmin(ShowsMap, ReadOnly):
    list_display = ("id", "name", "kind", "parent", "unit_list", "area_km2")
    list_filter = ("unit_list", "kind", "boundary_is_invented")
    list_select_related = ("parent", "unit_list")
    search_fields = ("id", "name", "search_name", "code")
    search_help_text = _("Name with or without diacritics, or code")
    ordering = ("id",)
    map_field = "geometry"
    exclude = ("geometry", "centre")


@admin.register(models.AdminSuccession)
class AdminSuccessionAdmin(ReadOnly):
    list_display = ("predecessor", "successor", "on", "is_partial")
    list_filter = ("on", "is_partial")
    list_select_related = ("predecessor", "successor")
    search_fields = ("predecessor__id", "predecessor__name", "successor__id", "successor__name")
    date_hierarchy = "on"


@admin.register(models.Territory)
class TerritoryAdmin(ShowsMap, ReadOnly):
    list_display = ("code", "name", "metric_crs", "office")
    list_select_related = ("office",)
    search_fields = ("code", "name")
    map_field = "extent"
    exclude = ("extent", "units")


@admin.register(models.Parcel)
class ParcelAdmin(ShowsMap, OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("code", "unit", "sheet", "number", "registry_area", "valid", "known")
    list_filter = (OfUpload,)
    list_select_related = ("unit",)
    list_per_page = 50
    # Every other order would sort a million rows for one page.
    sortable_by = ("code",)
    paginator = CappedPaginator
    search_fields = ("code__startswith",)
    search_help_text = _("The parcel code from its beginning, such as 2004-00001-3-45")
    map_field = "geometry"
    exclude = ("geometry", "search_address")
    readonly_fields = ("family",)
    fieldsets = (
        (None, {"fields": ("code", "unit", "sheet", "number", "address", "registry_area")}),
        (
            _("Survey"),
            {"fields": ("metric_crs", "survey_crs", "survey_scale", "accuracy_m", "upload", "feature")},
        ),
        (
            _("Time"),
            {
                "fields": ("valid", "known", "family"),
                "description": _("When the parcel existed, and in which revisions we knew it so."),
            },
        ),
    )

    def view_on_site(self, obj: models.Parcel) -> str | None:
        return reverse("parcel", args=[obj.code]) if obj.known else None

    @admin.display(description=_("former and later parcels"))
    def family(self, obj: models.Parcel) -> SafeString | str:
        return lines(
            format_html(
                "{} → {} ({}, {})", row.predecessor_code, row.successor_code, row.get_kind_display(), row.on
            )
            for row in models.ParcelLineage.objects.of_parcel(obj.code)[:50]
        )


@admin.register(models.ParcelAlias)
class ParcelAliasAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("value", "scheme", "parcel_code", "known")
    list_filter = (OfUpload,)
    paginator = CappedPaginator
    search_fields = ("value__startswith", "parcel_code__startswith")


@admin.register(models.ParcelLineage)
class ParcelLineageAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("predecessor_code", "kind", "successor_code", "on", "shared_area_m2", "known")
    list_filter = ("kind", OfUpload)
    paginator = CappedPaginator
    search_fields = ("predecessor_code__startswith", "successor_code__startswith")


@admin.register(models.CadastreDelivery)
class CadastreDeliveryAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "as_of", "replaces", "is_large_change_right")
    list_filter = ("replaces",)
    list_select_related = ("upload",)
    search_fields = ("upload__original_name",)
    date_hierarchy = "as_of"


@admin.register(models.RefusedParcel)
class RefusedParcelAdmin(ShowsMap, OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "row", "unit_code", "sheet", "number")
    list_filter = (OfUpload,)
    list_select_related = ("upload",)
    list_per_page = 50
    paginator = CappedPaginator
    search_fields = ("unit_code", "sheet", "number")
    exclude = ("geometry",)


@admin.register(models.Street)
class StreetAdmin(ReadOnly):
    """For superusers: the streets of parcels that an office has not published yet are among them."""

    list_display = ("name", "unit")
    list_select_related = ("unit",)
    list_per_page = 50
    paginator = CappedPaginator
    search_fields = ("search_name__startswith",)
    search_help_text = _("Name without diacritics, from its beginning")


class OfSoughtKind(admin.SimpleListFilter):
    """Look-ups of one kind, by its name in the reader's language."""

    title = _("what was looked for")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(_SOUGHT.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(models.MissedLookup)
class MissedLookupAdmin(ReadOnly):
    """Demand for data that is missing, added up by commune and kind; it knows no person and no text."""

    list_display = ("day", "unit", "sought", "count")
    list_filter = (OfSoughtKind,)
    list_select_related = ("unit",)
    paginator = CappedPaginator
    search_fields = ("unit__id", "unit__name", "unit__search_name")
    search_help_text = _("Name of a commune with or without diacritics, or its code")
    date_hierarchy = "day"
    change_list_template = "planning/admin/demand.html"

    @admin.display(description=_("what was looked for"), ordering="kind")
    def sought(self, obj: models.MissedLookup) -> str:
        return _sought(obj.kind)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", None) or {}
        if "cl" in listed:
            found = listed["cl"].queryset.order_by().values("unit_id", "unit__name", "kind")
            rows = found.annotate(total=Sum("count"), latest=Max("day")).order_by("-total", "unit_id")
            listed["demand"] = [{**row, "sought": _sought(row["kind"])} for row in rows[:MOST_DEMANDED]]
        return response


def _sought(kind: str) -> str:
    return str(_SOUGHT.get(kind, kind))

"""Territory and cadastre: administrative units are everybody's, parcels the delivering office's."""

from django.contrib import admin

from planning import models
from planning.admin.rights import LastingKey, OfOwnOffices, ReadOnly


@admin.register(models.AdminUnitList)
class AdminUnitListAdmin(LastingKey):
    list_display = ("code", "title", "valid_from", "valid_to")


@admin.register(models.AdminUnit)
class AdminUnitAdmin(ReadOnly):
    list_display = ("id", "name", "kind", "parent", "unit_list")
    list_filter = ("unit_list", "kind")
    list_select_related = ("parent", "unit_list")
    search_fields = ("id", "name", "search_name")
    exclude = ("geometry", "centre")


@admin.register(models.AdminSuccession)
class AdminSuccessionAdmin(ReadOnly):
    list_display = ("predecessor", "successor", "on", "is_partial")
    list_filter = ("on", "is_partial")
    list_select_related = ("predecessor", "successor")
    search_fields = ("predecessor__id", "predecessor__name", "successor__id", "successor__name")


@admin.register(models.Territory)
class TerritoryAdmin(ReadOnly):
    list_display = ("code", "name", "metric_crs", "office")
    exclude = ("extent",)


@admin.register(models.Parcel)
class ParcelAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("code", "unit", "sheet", "number", "registry_area", "valid", "known")
    list_select_related = ("unit",)
    search_fields = ("code__startswith",)
    exclude = ("geometry",)


@admin.register(models.ParcelAlias)
class ParcelAliasAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("value", "scheme", "parcel_code", "known")
    search_fields = ("value", "parcel_code")


@admin.register(models.ParcelLineage)
class ParcelLineageAdmin(ReadOnly):
    list_display = ("predecessor_code", "kind", "successor_code", "on")
    search_fields = ("predecessor_code", "successor_code")

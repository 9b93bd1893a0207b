"""Code lists of land use, and zones, restrictions and their pieces, which only the pipeline writes."""

from django.contrib import admin

from planning import models
from planning.admin.rights import LastingKey, OfOwnOffices, ReadOnly


@admin.register(models.LandUseList)
class LandUseListAdmin(LastingKey):
    list_display = ("code", "title", "valid_from", "valid_to")


@admin.register(models.LandUse)
class LandUseAdmin(admin.ModelAdmin):
    list_display = ("code", "name_vi", "name_en", "colour", "colour_confidence", "code_list")
    list_filter = ("code_list", "group")
    search_fields = ("code", "name_vi", "name_en")


@admin.register(models.Zone)
class ZoneAdmin(OfOwnOffices, ReadOnly):
    office_path = "edition__plan__office"
    list_display = ("public_id", "code", "name", "land_use", "edition")
    list_select_related = ("land_use", "edition")
    search_fields = ("public_id__startswith", "code__startswith")
    exclude = ("geometry",)


@admin.register(models.Restriction)
class RestrictionAdmin(OfOwnOffices, ReadOnly):
    office_path = "edition__plan__office"
    list_display = ("public_id", "kind", "code", "name", "edition")
    list_filter = ("kind",)
    list_select_related = ("edition",)
    search_fields = ("public_id__startswith", "code__startswith")
    exclude = ("geometry",)


@admin.register(models.ZonePiece)
class ZonePieceAdmin(OfOwnOffices, ReadOnly):
    office_path = "plan__office"
    list_display = ("zone", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "theme")
    list_select_related = ("zone", "theme", "edition")
    search_fields = ("zone__public_id__startswith",)
    exclude = ("geometry",)


@admin.register(models.RestrictionPiece)
class RestrictionPieceAdmin(OfOwnOffices, ReadOnly):
    office_path = "plan__office"
    list_display = ("restriction", "kind", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "kind", "theme")
    list_select_related = ("restriction", "theme", "edition")
    search_fields = ("restriction__public_id__startswith",)
    exclude = ("geometry",)

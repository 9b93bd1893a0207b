"""What was handed in, what was found in it, and the revisions that came of it: to be looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from planning import models
from planning.admin.rights import OfOwnOffices, ReadOnly


class FindingInline(OfOwnOffices, admin.TabularInline):
    model = models.Finding
    office_path = "upload__office"
    fields = readonly_fields = ("level", "code", "layer", "row", "field", "value")
    extra = 0
    max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # A file may have thousands; the whole list has a page of its own.
        found = super().get_queryset(request)
        worst = found.exclude(level__in=("info", "warning")).values("pk")[:100]
        return found.filter(pk__in=worst)


@admin.register(models.LayerUpload)
class LayerUploadAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = (
        "id",
        "original_name",
        "edition",
        "office",
        "state",
        "result",
        "uploaded_by",
        "uploaded_at",
    )
    list_filter = ("state", "result", "office")
    list_select_related = ("edition", "office", "uploaded_by")
    search_fields = ("original_name", "sha256__startswith", "edition__plan__id")
    date_hierarchy = "uploaded_at"
    # The original may hold what was not mapped; it is for the own office alone.
    exclude = ("file",)
    inlines = (FindingInline,)


@admin.register(models.Finding)
class FindingAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "level", "code", "layer", "row", "field", "value")
    list_filter = ("level", "code")
    list_select_related = ("upload",)
    search_fields = ("upload__original_name",)
    exclude = ("place",)


@admin.register(models.Repair)
class RepairAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "layer", "row", "area_before_m2", "area_after_m2", "accepted_by", "accepted_at")
    list_select_related = ("upload", "accepted_by")
    exclude = ("before_wkb",)


@admin.register(models.Publication)
class PublicationAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("revision", "at", "office", "by", "approved_by")
    list_filter = ("office",)
    list_select_related = ("office", "by", "approved_by")


@admin.register(models.Coverage)
class CoverageAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("theme", "plan_kind", "state", "as_of", "valid", "known", "office")
    list_filter = ("state", "theme", "office")
    list_select_related = ("theme", "office")
    exclude = ("geometry",)

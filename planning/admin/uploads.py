"""What was handed in, what was found in it, and the revisions that came of it: to be looked at."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.lists import CappedPaginator, OfUpload
from planning.admin.rights import Doing, OfOwnOffices, ReadOnly, may_for, own_choices
from planning.admin.shown import ShowsMap


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
    list_filter = ("state", "result", *own_choices("office"))
    list_select_related = ("edition", "office", "uploaded_by")
    search_fields = ("original_name", "sha256__startswith", "edition__plan__id")
    date_hierarchy = "uploaded_at"
    # The original may hold what was not mapped; it is for the own office alone.
    exclude = ("file",)
    inlines = (FindingInline,)


@admin.register(models.Finding)
class FindingAdmin(ShowsMap, OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "level", "code", "layer", "row", "field", "value")
    list_filter = ("level", "code", OfUpload)
    list_select_related = ("upload",)
    list_per_page = 50
    paginator = CappedPaginator
    search_fields = ("upload__original_name", "code")
    map_field = "place"
    exclude = ("place",)

    def around(self, obj: models.Finding) -> str:
        edition = obj.upload.edition_id
        return reverse("admin:planning_edition_map", args=[edition]) if edition else ""


@admin.register(models.Repair)
class RepairAdmin(OfOwnOffices, ReadOnly):
    office_path = "upload__office"
    list_display = ("upload", "layer", "row", "area_before_m2", "area_after_m2", "accepted_by", "accepted_at")
    list_filter = (OfUpload,)
    list_select_related = ("upload", "accepted_by")
    paginator = CappedPaginator
    search_fields = ("upload__original_name", "layer")
    exclude = ("before_wkb",)


@admin.register(models.Publication)
class PublicationAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("revision", "at", "office", "by", "approved_by")
    list_filter = (*own_choices("office"),)
    list_select_related = ("office", "by", "approved_by")
    search_fields = ("=revision", "by__username", "approved_by__username")
    date_hierarchy = "at"
    exclude = ("summary",)
    readonly_fields = ("what_changed",)

    @admin.display(description=_("what changed"))
    def what_changed(self, obj: models.Publication) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(obj.summary, ensure_ascii=False, indent=2))


@admin.register(models.Coverage)
class CoverageAdmin(ShowsMap, OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("theme", "plan_kind", "state", "as_of", "valid", "known", "office")
    list_filter = ("state", "theme", *own_choices("office"))
    list_select_related = ("theme", "office")
    search_fields = ("=declaration", "source", "edition__plan__id")
    date_hierarchy = "as_of"
    map_field = "geometry"
    exclude = ("geometry",)
    readonly_fields = ("declaration", "declared_valid")
    change_list_template = "planning/admin/coverage_list.html"
    change_form_template = "planning/admin/coverage_form.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        more = {"may_propose": self.may(request, Doing.PROPOSE), **(extra_context or {})}
        return super().changelist_view(request, more)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        row: models.Coverage = obj
        stands = row.known is not None and row.known.upper is None
        may = may_for(request, models.Coverage, Doing.PROPOSE, row.office_id)
        return super().render_change_form(
            request, {**context, "may_withdraw": stands and may}, add, change, form_url, obj
        )


@admin.register(models.CoverageWithdrawal)
class CoverageWithdrawalAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("declaration", "reason", "office", "publication", "recorded_by")
    list_filter = (*own_choices("office"),)
    list_select_related = ("office", "publication", "recorded_by")
    search_fields = ("=declaration", "reason")

"""Django's own admin over the stored domain: search, filter, look; what is public is read-only.

Nothing is published or made law here: that takes the verbs of `planning.publication` and
`planning.lifecycle` and two members, superusers included. Rows that the pipeline writes (pieces,
revisions, zones, parcels, findings) can be looked at and never typed.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planning import models

# An address typed without its scheme is taken for a safe one.
ADDRESSES: dict[type[Any], dict[str, Any]] = {URLField: {"assume_scheme": "https"}}


class ReadOnly(admin.ModelAdmin):
    """Rows that only the pipeline writes."""

    # Counting a million parcels for a footer helps nobody.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LastingKey(admin.ModelAdmin):
    """Rows whose key is public: another key would be another row."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if obj is None else (*fields, self.opts.pk.name)


class UnlessPublic(admin.ModelAdmin):
    """Rows that may be written until they are public; the database holds the same rule."""

    def is_public(self, obj: Any) -> bool:
        """Whether the row belongs to a publication."""
        return obj.publication_id is not None

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and self.is_public(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and self.is_public(obj))

    def get_actions(self, request: HttpRequest) -> Any:
        # Deleting many at once asks for no row's permission.
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }


# --- People ---


class MembershipInline(admin.TabularInline):
    model = models.Membership
    extra = 0
    autocomplete_fields = ("user", "office")


@admin.register(models.User)
class PersonAdmin(UserAdmin):
    list_display = ("username", "first_name", "last_name", "is_staff", "is_active")
    inlines = (MembershipInline,)


@admin.register(models.Office)
class OfficeAdmin(LastingKey):
    list_display = ("name", "id", "email", "phone", "answer_days", "is_demonstration")
    formfield_overrides = ADDRESSES
    search_fields = ("id", "name", "name_en")
    list_filter = ("is_demonstration",)
    inlines = (MembershipInline,)


@admin.register(models.Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "office", "role")
    list_filter = ("role", "office")
    list_select_related = ("user", "office")
    autocomplete_fields = ("user", "office")


# --- Territory ---


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


# --- Cadastre ---


@admin.register(models.Parcel)
class ParcelAdmin(ReadOnly):
    list_display = ("code", "unit", "sheet", "number", "registry_area", "valid", "known")
    list_select_related = ("unit",)
    search_fields = ("code__startswith",)
    exclude = ("geometry",)


@admin.register(models.ParcelAlias)
class ParcelAliasAdmin(ReadOnly):
    list_display = ("value", "scheme", "parcel_code", "known")
    search_fields = ("value", "parcel_code")


@admin.register(models.ParcelLineage)
class ParcelLineageAdmin(ReadOnly):
    list_display = ("predecessor_code", "kind", "successor_code", "on")
    search_fields = ("predecessor_code", "successor_code")


# --- Plans ---


@admin.register(models.Theme)
class ThemeAdmin(LastingKey):
    list_display = ("code", "title_vi", "title_en", "order", "valid_from", "valid_to")


class PlanIdentifierInline(admin.TabularInline):
    model = models.PlanIdentifier
    extra = 0


@admin.register(models.Plan)
class PlanAdmin(admin.ModelAdmin):
    list_display = ("title", "id", "kind", "scale", "office", "territory")
    list_filter = ("kind", "level", "office")
    list_select_related = ("office", "territory")
    search_fields = ("id", "title", "title_en", "search_title")
    autocomplete_fields = ("parent", "office")
    inlines = (PlanIdentifierInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Plan | None = None) -> tuple[str, ...]:
        """What published pieces were measured with stays as it was."""
        if obj is not None and obj.editions.public().exists():
            return ("id", "kind", "level", "scale", "accuracy_m", "metric_crs", "territory", "office")
        return () if obj is None else ("id",)

    def has_delete_permission(self, request: HttpRequest, obj: models.Plan | None = None) -> bool:
        is_public = obj is not None and obj.editions.public().exists()
        return super().has_delete_permission(request, obj) and not is_public


@admin.register(models.Edition)
class EditionAdmin(UnlessPublic):
    list_display = ("code", "title", "is_local_adjustment", "visibility", "publication")
    list_filter = ("visibility", "is_local_adjustment")
    list_select_related = ("publication",)
    search_fields = ("plan__id", "plan__title", "title")
    autocomplete_fields = ("plan",)
    # Becoming public is the work of `publish`, not of a form.
    readonly_fields = ("visibility", "publication")
    exclude = ("extent",)


@admin.register(models.PlanEvent)
class PlanEventAdmin(UnlessPublic):
    list_display = ("edition", "kind", "on", "effective_from", "document", "publication")
    list_filter = ("kind",)
    list_select_related = ("edition", "document", "publication")
    search_fields = ("edition__plan__id", "document__number")
    autocomplete_fields = ("edition", "document")
    readonly_fields = ("publication", "recorded_by")
    exclude = ("extent",)

    def save_model(self, request: HttpRequest, obj: models.PlanEvent, form: Any, change: bool) -> None:
        # The admin lets in nobody who has not signed in.
        obj.recorded_by_id = request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(models.PlanRelation)
class PlanRelationAdmin(UnlessPublic):
    list_display = ("edition", "kind", "target", "document", "publication")
    list_filter = ("kind",)
    list_select_related = ("edition", "target", "document", "publication")
    autocomplete_fields = ("edition", "target", "document")
    readonly_fields = ("publication",)
    exclude = ("extent",)


class ClauseInline(admin.StackedInline):
    model = models.Clause
    extra = 0


@admin.register(models.Document)
class DocumentAdmin(UnlessPublic):
    list_display = ("number", "title", "kind", "date", "issuer", "plan", "publication")
    formfield_overrides = ADDRESSES
    list_filter = ("kind",)
    list_select_related = ("plan", "publication")
    search_fields = ("number", "title", "plan__id")
    autocomplete_fields = ("plan", "edition")
    readonly_fields = ("publication",)
    inlines = (ClauseInline,)


# --- Zoning ---


@admin.register(models.LandUseList)
class LandUseListAdmin(LastingKey):
    list_display = ("code", "title", "valid_from", "valid_to")


@admin.register(models.LandUse)
class LandUseAdmin(admin.ModelAdmin):
    list_display = ("code", "name_vi", "name_en", "colour", "colour_confidence", "code_list")
    list_filter = ("code_list", "group")
    search_fields = ("code", "name_vi", "name_en")


@admin.register(models.Zone)
class ZoneAdmin(ReadOnly):
    list_display = ("public_id", "code", "name", "land_use", "edition")
    list_select_related = ("land_use", "edition")
    search_fields = ("public_id__startswith", "code__startswith")
    exclude = ("geometry",)


@admin.register(models.Restriction)
class RestrictionAdmin(ReadOnly):
    list_display = ("public_id", "kind", "code", "name", "edition")
    list_filter = ("kind",)
    list_select_related = ("edition",)
    search_fields = ("public_id__startswith", "code__startswith")
    exclude = ("geometry",)


@admin.register(models.ZonePiece)
class ZonePieceAdmin(ReadOnly):
    list_display = ("zone", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "theme")
    list_select_related = ("zone", "theme", "edition")
    search_fields = ("zone__public_id__startswith",)
    exclude = ("geometry",)


@admin.register(models.RestrictionPiece)
class RestrictionPieceAdmin(ReadOnly):
    list_display = ("restriction", "kind", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "kind", "theme")
    list_select_related = ("restriction", "theme", "edition")
    search_fields = ("restriction__public_id__startswith",)
    exclude = ("geometry",)


# --- Uploads and publication ---


class FindingInline(admin.TabularInline):
    model = models.Finding
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
class LayerUploadAdmin(ReadOnly):
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
class FindingAdmin(ReadOnly):
    list_display = ("upload", "level", "code", "layer", "row", "field", "value")
    list_filter = ("level", "code")
    list_select_related = ("upload",)
    search_fields = ("upload__original_name",)
    exclude = ("place",)


@admin.register(models.Repair)
class RepairAdmin(ReadOnly):
    list_display = ("upload", "layer", "row", "area_before_m2", "area_after_m2", "accepted_by", "accepted_at")
    list_select_related = ("upload", "accepted_by")
    exclude = ("before_wkb",)


@admin.register(models.Publication)
class PublicationAdmin(ReadOnly):
    list_display = ("revision", "at", "office", "by", "approved_by")
    list_filter = ("office",)
    list_select_related = ("office", "by", "approved_by")


@admin.register(models.Coverage)
class CoverageAdmin(ReadOnly):
    list_display = ("theme", "plan_kind", "state", "as_of", "valid", "known", "office")
    list_filter = ("state", "theme", "office")
    list_select_related = ("theme", "office")
    exclude = ("geometry",)


admin.site.site_header = _("Open Planning")
admin.site.site_title = _("Open Planning")
admin.site.index_title = _("Administration")

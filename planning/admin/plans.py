"""Plans, editions, papers and dated facts: written by their office until they are public."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.rights import ADDRESSES, LastingKey, OfOwnOffices, UnlessPublic, of_own_offices
from planning.codes import search_name


@admin.register(models.Theme)
class ThemeAdmin(LastingKey):
    list_display = ("code", "title_vi", "title_en", "order", "valid_from", "valid_to")


class NamesPlans(OfOwnOffices):
    """Rows that may name the plan of another office, once that is public: by its id, typed."""

    def choices(self, db_field: Any, request: HttpRequest) -> Any:
        if db_field.name not in self.raw_id_fields:
            return super().choices(db_field, request)
        nameable = of_own_offices("office", request) | Q(editions__visibility=models.Visibility.PUBLIC)
        return {"queryset": models.Plan.objects.filter(nameable).distinct()}


class PlanIdentifierInline(OfOwnOffices, admin.TabularInline):
    model = models.PlanIdentifier
    office_path = "plan__office"
    extra = 0


@admin.register(models.Plan)
class PlanAdmin(NamesPlans, admin.ModelAdmin):
    office_path = "office"
    list_display = ("title", "id", "kind", "scale", "office", "territory")
    list_filter = ("kind", "level", "office")
    list_select_related = ("office", "territory")
    search_fields = ("id", "title", "title_en", "search_title")
    autocomplete_fields = ("office",)
    raw_id_fields = ("parent",)
    inlines = (PlanIdentifierInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Plan | None = None) -> tuple[str, ...]:
        """What published pieces were measured with stays as it was."""
        if obj is not None and obj.editions.public().exists():
            return ("id", "kind", "level", "scale", "accuracy_m", "metric_crs", "territory", "office")
        return () if obj is None else ("id",)

    def has_delete_permission(self, request: HttpRequest, obj: models.Plan | None = None) -> bool:
        is_public = obj is not None and obj.editions.public().exists()
        return super().has_delete_permission(request, obj) and not is_public

    def save_model(self, request: HttpRequest, obj: models.Plan, form: Any, change: bool) -> None:
        # By this, not by its title, a plan is found.
        obj.search_title = search_name(f"{obj.title} {obj.title_en}")[:300]
        super().save_model(request, obj, form, change)


@admin.register(models.Edition)
class EditionAdmin(OfOwnOffices, UnlessPublic):
    office_path = "plan__office"
    list_display = ("code", "title", "is_local_adjustment", "visibility", "publication")
    list_filter = ("visibility", "is_local_adjustment")
    list_select_related = ("publication",)
    search_fields = ("plan__id", "plan__title", "title")
    autocomplete_fields = ("plan",)
    # Becoming public is the work of `publish`, not of a form.
    readonly_fields = ("visibility", "publication")
    exclude = ("extent",)


class OfStagedEdition(forms.ModelForm):
    """A fact that goes public with its edition; on a public edition nothing would ever publish it."""

    refusal: Promise

    def clean_edition(self) -> models.Edition:
        """The edition, held so that it does not become public meanwhile."""
        chosen = self.cleaned_data["edition"]
        # The admin keeps the whole request in one transaction.
        edition = models.Edition.objects.select_for_update(of=("self",)).get(pk=chosen.pk)
        if edition.visibility == models.Visibility.PUBLIC:
            raise ValidationError(str(self.refusal) % {"edition": edition.code})
        return edition


class EventForm(OfStagedEdition):
    refusal = _(
        "%(edition)s is public. Two members record and publish a new fact about it with "
        "“manage.py record_event %(edition)s KIND --on DATE --by X --approved-by Y”."
    )


class RelationForm(OfStagedEdition):
    refusal = _(
        "%(edition)s is public and keeps its relations. A new relation goes public with a new edition, "
        "by “manage.py publish UPLOAD --by X --approved-by Y”."
    )


@admin.register(models.PlanEvent)
class PlanEventAdmin(OfOwnOffices, UnlessPublic):
    office_path = "edition__plan__office"
    form = EventForm
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
class PlanRelationAdmin(NamesPlans, UnlessPublic):
    office_path = "edition__plan__office"
    form = RelationForm
    list_display = ("edition", "kind", "target", "document", "publication")
    list_filter = ("kind",)
    list_select_related = ("edition", "target", "document", "publication")
    autocomplete_fields = ("edition", "document")
    raw_id_fields = ("target",)
    readonly_fields = ("publication",)
    exclude = ("extent",)


class ClauseInline(OfOwnOffices, admin.StackedInline):
    model = models.Clause
    office_path = "document__plan__office"
    extra = 0


@admin.register(models.Document)
class DocumentAdmin(OfOwnOffices, UnlessPublic):
    office_path = "plan__office"
    list_display = ("number", "title", "kind", "date", "issuer", "plan", "publication")
    formfield_overrides = ADDRESSES
    list_filter = ("kind",)
    list_select_related = ("plan", "publication")
    search_fields = ("number", "title", "plan__id")
    autocomplete_fields = ("plan", "edition")
    readonly_fields = ("publication",)
    inlines = (ClauseInline,)

"""Plans, editions, papers and dated facts: written by their office until they are public."""

from typing import Any

import orjson
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin import timeline
from planning.admin.lists import IsPublic
from planning.admin.maps import ExtentField, ExtentInput
from planning.admin.papers import MEASURED, PaperForm, PaperInput, link_to
from planning.admin.rights import (
    ADDRESSES,
    Doing,
    LastingKey,
    OfOwnOffices,
    ReadOnly,
    UnlessPublic,
    may_for,
    of_own_offices,
    own_choices,
)
from planning.admin.shown import ShowsMap
from planning.admin.trace import ReasonForm, Traced
from planning.codes import search_name

# Fields that may name the plan of another office, once that is public.
_NAMING = frozenset({"parent", "target", "other_plan", "carried_out"})


@admin.register(models.Theme)
class ThemeAdmin(LastingKey):
    list_display = ("code", "title_vi", "title_en", "order", "valid_from", "valid_to")
    search_fields = ("code", "title_vi", "title_en")
    ordering = ("order", "code")


def nameable_plans(request: HttpRequest) -> QuerySet[models.Plan]:
    """Own plans and those of others that are public; what others prepare has no name yet."""
    own = of_own_offices("office", request, model=models.Plan)
    return models.Plan.objects.filter(own | Q(editions__visibility=models.Visibility.PUBLIC)).distinct()


class NamesPlans(OfOwnOffices):
    """Rows that may name the plan of another office, once that is public."""

    def choices(self, db_field: Any, request: HttpRequest) -> Any:
        if db_field.name not in _NAMING:
            return super().choices(db_field, request)
        return {"queryset": nameable_plans(request)}


class PlanIdentifierInline(OfOwnOffices, admin.TabularInline):
    model = models.PlanIdentifier
    office_path = "plan__office"
    extra = 0


@admin.register(models.Plan)
class PlanAdmin(NamesPlans, Traced):
    office_path = "office"
    list_display = ("title", "id", "kind", "scale", "office", "territory")
    list_filter = ("kind", "level", *own_choices("office", "territory"))
    list_select_related = ("office", "territory")
    search_fields = ("id", "title", "title_en", "search_title", "identifiers__value")
    search_help_text = _("Title with or without diacritics, id, or a number that some scheme gave it")
    ordering = ("title",)
    autocomplete_fields = ("office", "parent")
    inlines = (PlanIdentifierInline,)
    fieldsets = (
        (None, {"fields": ("id", "title", "title_en", "kind", "level", "office", "territory", "parent")}),
        (
            _("How exact it is"),
            {
                "fields": ("scale", "accuracy_m", "metric_crs", "tiles_its_extent"),
                "description": _(
                    "From these the tolerance of every answer is worked out; they stay as they are once an "
                    "edition is public."
                ),
            },
        ),
        (_("What others may do with it"), {"fields": ("licence", "source")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        match = request.resolver_match
        if match and match.url_name == "autocomplete" and request.GET.get("field_name") in _NAMING:
            return nameable_plans(request)
        return super().get_queryset(request)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Plan | None = None) -> tuple[str, ...]:
        """What published pieces were measured with stays as it was."""
        if obj is not None and obj.editions.public().exists():
            return ("id", "kind", "level", "scale", "accuracy_m", "metric_crs", "territory", "office")
        return () if obj is None else ("id",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_public = isinstance(obj, models.Plan) and obj.editions.public().exists()
        return super().has_delete_permission(request, obj) and not is_public

    def view_on_site(self, obj: models.Plan) -> str | None:
        return reverse("plan", args=[obj.pk]) if obj.editions.public().exists() else None

    def save_model(self, request: HttpRequest, obj: models.Plan, form: Any, change: bool) -> None:
        # By this, not by its title, a plan is found.
        obj.search_title = search_name(f"{obj.title} {obj.title_en}")[:300]
        super().save_model(request, obj, form, change)


class EditionForm(ReasonForm):
    extent = ExtentField(
        label=_("extent"),
        required=False,
        help_text=_(
            "GeoJSON in degrees (longitude, latitude). Empty: the land of its zones. A local adjustment "
            "replaces earlier editions only here."
        ),
    )


class ExtentForm(ReasonForm):
    extent = ExtentField(label=_("extent"), required=False, help_text=_("Empty: the whole edition."))


class WithExtent(ShowsMap):
    """A row whose extent is drawn or pasted while it may be written, and a map afterwards."""

    map_field = "extent"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        if "extent" in made.base_fields and obj is not None:
            made.base_fields["extent"].widget = ExtentInput(around=self.around(obj))
        return made

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Either the field or the map."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        shown = "extent" if writes else "on_the_map"
        fieldsets = [
            (
                name,
                {
                    **options,
                    "fields": [one for one in options["fields"] if one not in ("extent", "on_the_map")],
                },
            )
            for name, options in super().get_fieldsets(request, obj)
        ]
        kept = [(name, options) for name, options in fieldsets if options["fields"]]
        return [*kept, (_("Extent"), {"fields": [shown]})]


@admin.register(models.Edition)
class EditionAdmin(WithExtent, OfOwnOffices, UnlessPublic):
    office_path = "plan__office"
    form = EditionForm
    list_display = ("code", "title", "is_local_adjustment", "visibility", "publication")
    list_filter = ("visibility", "is_local_adjustment", *own_choices("plan__office"))
    list_select_related = ("publication",)
    search_fields = ("plan__id", "plan__title", "plan__search_title", "title")
    ordering = ("plan", "number")
    autocomplete_fields = ("plan",)
    fields = ("plan", "number", "title", "is_local_adjustment", "visibility", "publication", "extent")
    # Becoming public is the work of `publish`, not of a form.
    readonly_fields = ("visibility", "publication")
    change_form_template = "planning/admin/edition.html"

    def is_public(self, obj: models.Edition) -> bool:
        return obj.visibility == models.Visibility.PUBLIC

    def get_urls(self) -> list[Any]:
        own = path(
            "<path:object_id>/map.json",
            self.admin_site.admin_view(self.map_view),
            name="planning_edition_map",
        )
        return [own, *super().get_urls()]

    def map_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Zones, restrictions and extent of an edition of the own office, for maps of this admin."""
        edition = self.get_object(request, object_id)
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        response = HttpResponse(orjson.dumps(timeline.content(edition)), content_type="application/geo+json")
        response["Cache-Control"] = "private, no-store"
        return response

    def view_on_site(self, obj: models.Edition) -> str | None:
        return reverse("plan", args=[obj.plan_id]) if self.is_public(obj) else None

    def around(self, obj: models.Edition) -> str:
        return reverse("admin:planning_edition_map", args=[obj.pk])

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        edition = obj
        more: dict[str, Any] = {}
        if edition is not None:
            may = self.is_public(edition) and may_for(
                request, models.PlanEvent, Doing.PROPOSE, edition.plan.office_id
            )
            more = {
                "timeline": timeline.of_edition(edition),
                "standing": timeline.standing(edition) if self.is_public(edition) else [],
                "proposals": edition.proposals.waiting().select_related("proposed_by"),
                "acts": timeline.ACTS if may else (),
                "is_public": self.is_public(edition),
            }
        return super().render_change_form(request, {**context, **more}, add, change, form_url, obj)


class OfStagedEdition(ExtentForm):
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

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        edition, paper = given.get("edition"), given.get("document")
        if edition and paper and paper.plan_id != edition.plan_id:
            self.add_error("document", _("The document belongs to another plan."))
        return given


class EventForm(OfStagedEdition):
    refusal = _(
        "%(edition)s is public. Open the edition and choose what happened to it under “Record an event”: you "
        "see what it changes, and a second member publishes it."
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        starts, ends = given.get("effective_from"), given.get("effective_to")
        if starts and ends and ends <= starts:
            self.add_error(
                "effective_to", _("It ends before it begins: the first day without it must come later.")
            )
        return given


class RelationForm(OfStagedEdition):
    refusal = _(
        "%(edition)s is public and keeps its relations. A new relation goes public with a new edition, "
        "by “manage.py publish UPLOAD --by X --approved-by Y”."
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        needs_contents = given.get("kind") in models.RelationKind.of_single_contents()
        if needs_contents and not given.get("contents"):
            self.add_error("contents", _("Name the zones and restrictions by their public ids."))
        if given.get("contents") and not needs_contents:
            self.add_error("contents", _("A relation of this kind names no single contents."))
        return given


@admin.register(models.PlanEvent)
class PlanEventAdmin(WithExtent, OfOwnOffices, UnlessPublic):
    office_path = "edition__plan__office"
    form = EventForm
    list_display = ("edition", "kind", "on", "effective_from", "effective_to", "document", "publication")
    list_filter = ("kind", IsPublic, *own_choices("edition__plan__office"))
    list_select_related = ("edition", "document", "publication")
    search_fields = ("edition__plan__id", "edition__plan__title", "document__number", "note")
    date_hierarchy = "effective_from"
    ordering = ("-effective_from", "-pk")
    autocomplete_fields = ("edition", "document")
    readonly_fields = ("corrects", "is_void", "publication", "recorded_by")
    change_form_template = "planning/admin/event.html"
    fieldsets = (
        (None, {"fields": ("edition", "kind", "document", "note")}),
        (
            _("Dates"),
            {
                "fields": ("on", "effective_from", "effective_to"),
                "description": _("The day of the act, and from which day until which it works."),
            },
        ),
        (_("Correction"), {"fields": ("corrects", "is_void"), "classes": ("collapse",)}),
        (_("Record"), {"fields": ("publication", "recorded_by"), "classes": ("collapse",)}),
    )

    def around(self, obj: models.PlanEvent) -> str:
        return reverse("admin:planning_edition_map", args=[obj.edition_id])

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        event = obj
        may = (
            event is not None
            and self.is_public(event)
            and may_for(request, models.PlanEvent, Doing.PROPOSE, event.edition.plan.office_id)
        )
        return super().render_change_form(
            request, {**context, "may_correct": may}, add, change, form_url, obj
        )

    def save_model(self, request: HttpRequest, obj: models.PlanEvent, form: Any, change: bool) -> None:
        # The admin lets in nobody who has not signed in.
        obj.recorded_by_id = request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(models.PlanRelation)
class PlanRelationAdmin(WithExtent, NamesPlans, UnlessPublic):
    office_path = "edition__plan__office"
    form = RelationForm
    list_display = ("edition", "kind", "target", "document", "publication")
    list_filter = ("kind", IsPublic)
    list_select_related = ("edition", "target", "document", "publication")
    search_fields = ("edition__plan__id", "target__id", "target__title", "document__number")
    autocomplete_fields = ("edition", "document", "target")
    readonly_fields = ("publication",)
    fields = ("edition", "kind", "target", "contents", "document", "publication", "extent")
    change_form_template = "planning/admin/relation.html"

    def around(self, obj: models.PlanRelation) -> str:
        return reverse("admin:planning_edition_map", args=[obj.edition_id])


@admin.register(models.ConflictRuling)
class ConflictRulingAdmin(ShowsMap, OfOwnOffices, ReadOnly):
    office_path = "plan__office"
    list_display = ("plan", "other_plan", "on", "effective_from", "carried_out", "document", "publication")
    list_filter = (*own_choices("plan__office"),)
    list_select_related = ("plan", "other_plan", "carried_out", "document", "publication")
    search_fields = ("plan__id", "plan__title", "other_plan__id", "other_plan__title", "text")
    date_hierarchy = "on"
    map_field = "extent"
    exclude = ("extent",)
    change_list_template = "planning/admin/ruling_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        more = {"may_propose": self.may(request, Doing.PROPOSE), **(extra_context or {})}
        return super().changelist_view(request, more)


class ClauseInline(OfOwnOffices, admin.StackedInline):
    model = models.Clause
    office_path = "document__plan__office"
    extra = 0


@admin.register(models.Clause)
class ClauseAdmin(OfOwnOffices, UnlessPublic):
    office_path = "document__plan__office"
    list_display = ("clause_id", "article", "document", "page")
    list_select_related = ("document",)
    search_fields = ("clause_id", "article", "text", "document__number", "document__plan__id")
    autocomplete_fields = ("document",)
    ordering = ("document", "clause_id")

    def is_public(self, obj: models.Clause) -> bool:
        return obj.document.publication_id is not None


class DocumentForm(PaperForm):
    class Meta:
        widgets = {"title": forms.TextInput(attrs={"size": 80}), "file": PaperInput}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        edition = given.get("edition")
        if edition and given.get("plan") and edition.plan_id != given["plan"].pk:
            self.add_error("edition", _("The edition belongs to another plan."))
        return given


@admin.register(models.Document)
class DocumentAdmin(OfOwnOffices, UnlessPublic):
    office_path = "plan__office"
    form = DocumentForm
    list_display = ("number", "title", "kind", "date", "issuer", "plan", "publication")
    formfield_overrides = ADDRESSES
    list_filter = ("kind", IsPublic, *own_choices("plan__office"))
    list_select_related = ("plan", "publication")
    search_fields = ("number", "title", "plan__id", "plan__title", "sha256__startswith")
    date_hierarchy = "date"
    ordering = ("-date", "-pk")
    autocomplete_fields = ("plan", "edition")
    readonly_fields = (*MEASURED, "publication", "paper")
    inlines = (ClauseInline,)
    change_form_template = "planning/admin/document.html"

    @admin.display(description=_("file"))
    def paper(self, obj: models.Document) -> SafeString | str:
        return link_to(obj)

    def get_fields(self, request: HttpRequest, obj: models.Document | None = None) -> list[Any]:
        """The file to hand in, or the link to it where nothing can be handed in any more."""
        writes = self.has_change_permission(request, obj) if obj else True
        hidden = "paper" if writes else "file"
        return [name for name in super().get_fields(request, obj) if name != hidden]

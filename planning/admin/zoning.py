"""Code lists of land use, and zones, restrictions and their pieces, which only the pipeline writes."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.lists import CappedPaginator, OfEdition
from planning.admin.rights import ByRole, LastingKey, OfOwnOffices, ReadOnly
from planning.admin.shown import ShowsMap, lines
from planning.admin.trace import Traced


@admin.register(models.LandUseList)
class LandUseListAdmin(LastingKey):
    list_display = ("code", "title", "valid_from", "valid_to")
    search_fields = ("code", "title")
    ordering = ("-valid_from", "code")


@admin.register(models.LandUseGroup)
class LandUseGroupAdmin(LastingKey):
    list_display = ("code", "name_vi", "name_en", "order")
    search_fields = ("code", "name_vi", "name_en")
    ordering = ("order", "code")


class LandUseMatchInline(ByRole, admin.TabularInline):
    model = models.LandUseMatch
    fk_name = "land_use"
    autocomplete_fields = ("other",)
    extra = 0


@admin.register(models.LandUse)
class LandUseAdmin(ByRole, Traced):
    list_display = ("code", "name_vi", "name_en", "swatch", "colour_confidence", "group", "code_list")
    list_filter = ("code_list", "group")
    list_select_related = ("code_list",)
    search_fields = ("code", "name_vi", "name_en")
    ordering = ("code_list", "code")
    inlines = (LandUseMatchInline,)

    @admin.display(description=_("colour"), ordering="colour")
    def swatch(self, obj: models.LandUse) -> SafeString | str:
        if not obj.colour:
            return "—"
        # an attribute of SVG: the policy takes no style from a page
        return format_html(
            '<svg width="16" height="16" aria-hidden="true"><path d="M0 0h16v16H0z" fill="{}"/></svg> {}',
            obj.colour,
            obj.colour,
        )


@admin.register(models.LandUseMatch)
class LandUseMatchAdmin(ByRole, Traced):
    list_display = ("land_use", "kind", "other", "source")
    list_filter = ("kind", "land_use__code_list", "other__code_list")
    list_select_related = ("land_use", "other")
    search_fields = ("land_use__code", "land_use__name_vi", "other__code", "other__name_vi")
    autocomplete_fields = ("land_use", "other")
    ordering = ("land_use__code_list", "land_use__code", "other__code_list", "other__code")


class OfEditionRows(ShowsMap, OfOwnOffices, ReadOnly):
    """Rows of editions, a million of them perhaps."""

    list_per_page = 50
    paginator = CappedPaginator
    map_field = "geometry"

    def around(self, obj: Any) -> str:
        return reverse("admin:planning_edition_map", args=[obj.edition_id])


_ORIGIN: tuple[Any, Any] = (_("Where it came from"), {"fields": ("upload", "layer", "feature")})


@admin.register(models.Zone)
class ZoneAdmin(OfEditionRows):
    office_path = "edition__plan__office"
    list_display = ("public_id", "code", "name", "land_use", "edition")
    list_filter = (OfEdition,)
    list_select_related = ("land_use", "edition")
    search_fields = ("public_id__startswith", "code__startswith")
    search_help_text = _("The id or the code of the zone from its beginning")
    readonly_fields = ("law",)
    fieldsets = (
        (None, {"fields": ("public_id", "code", "name", "edition", "land_use", "land_use_text")}),
        (
            _("What is planned"),
            {"fields": ("indicators", "uses_allowed", "uses_conditional", "uses_forbidden")},
        ),
        (_("In law"), {"fields": ("law",)}),
        _ORIGIN,
    )

    def view_on_site(self, obj: models.Zone) -> str | None:
        return public_page(obj)

    @admin.display(description=_("status, from and to"))
    def law(self, obj: models.Zone) -> SafeString | str:
        return lines(in_law(obj.pieces.standing().defer("geometry").order_by("valid")[:50]))


@admin.register(models.Restriction)
class RestrictionAdmin(OfEditionRows):
    office_path = "edition__plan__office"
    list_display = ("public_id", "kind", "code", "name", "edition")
    list_filter = ("kind", OfEdition)
    list_select_related = ("edition",)
    search_fields = ("public_id__startswith", "code__startswith")
    readonly_fields = ("law",)
    fieldsets = (
        (None, {"fields": ("public_id", "kind", "code", "name", "edition", "indicators")}),
        (_("In law"), {"fields": ("law",)}),
        _ORIGIN,
    )

    def view_on_site(self, obj: models.Restriction) -> str | None:
        return public_page(obj)

    @admin.display(description=_("status, from and to"))
    def law(self, obj: models.Restriction) -> SafeString | str:
        return lines(in_law(obj.pieces.standing().defer("geometry").order_by("valid")[:50]))


@admin.register(models.ZonePiece)
class ZonePieceAdmin(OfEditionRows):
    office_path = "plan__office"
    list_display = ("zone", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "theme", OfEdition)
    list_select_related = ("zone", "theme", "edition")
    search_fields = ("zone__public_id__startswith",)
    exclude = ("geometry",)


@admin.register(models.RestrictionPiece)
class RestrictionPieceAdmin(OfEditionRows):
    office_path = "plan__office"
    list_display = ("restriction", "kind", "status", "valid", "known", "theme", "edition")
    list_filter = ("status", "kind", "theme", OfEdition)
    list_select_related = ("restriction", "theme", "edition")
    search_fields = ("restriction__public_id__startswith",)
    exclude = ("geometry",)


def public_page(row: models.Zone | models.Restriction) -> str | None:
    """The page of a zone or restriction whose edition is public."""
    if row.edition.visibility != models.Visibility.PUBLIC:
        return None
    return reverse("zone", args=[row.public_id])


def in_law(pieces: Any) -> list[str]:
    """Status and dates of pieces, for a person."""
    return [
        f"{piece.get_status_display()}: {piece.valid.lower or '…'} – {piece.valid.upper or '…'}"
        for piece in pieces
    ]

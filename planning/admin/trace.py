"""Whatever is written through a form leaves who wrote it, and why if they say so; a page shows it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.audit import acting

_SHOWN = 200


class ReasonForm(forms.ModelForm):
    """A form whose writer may say why; the words go to the audit log, not to the row."""

    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Kept in the audit log beside your name; for colleagues who ask later."),
    )


class Traced(admin.ModelAdmin):
    """Forms that say to the database who acts, and a history that the database wrote."""

    form = ReasonForm

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _acting(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _acting(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _acting(request):
            return super().changelist_view(request, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The fields of the family, and the question why where something can be written."""
        fieldsets = [
            (name, {**options, "fields": [field for field in options["fields"] if field != "why"]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        asks = [(_("For the audit log"), {"fields": ["why"]})] if writes else []
        return [*fieldsets, *asks]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What happened to the row, as the triggers wrote it down."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        entries = models.AuditEntry.objects.of_row(str(self.opts.model_name), row.pk)[:_SHOWN]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(row)s") % {"row": row},
            "opts": self.opts,
            "object": row,
            "entries": [(entry, changes_in_words(entry)) for entry in entries],
            "is_logged": self.opts.model_name in LOGGED,
        }
        return TemplateResponse(request, "planning/admin/history.html", context)


# Kinds of row that the triggers log; the others are versioned by themselves or hold accounts.
LOGGED = frozenset(
    {
        "adminunitlist",
        "cadastredelivery",
        "clause",
        "conflictruling",
        "coveragewithdrawal",
        "document",
        "edition",
        "landuse",
        "landusegroup",
        "landuselist",
        "landusematch",
        "layerupload",
        "membership",
        "office",
        "plan",
        "planevent",
        "planidentifier",
        "planrelation",
        "proposal",
        "territory",
        "theme",
    }
)


def changes_in_words(entry: models.AuditEntry) -> list[tuple[str, str, str]]:
    """Column, what it was and what it became, for a person; empty ones of a new row are left out."""
    rows = sorted(entry.changes.items())
    return [(column, _shown(was), _shown(is_now)) for column, (was, is_now) in rows]


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "—"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _acting(request: HttpRequest) -> AbstractContextManager[None]:
    if request.method != "POST":
        return nullcontext()
    user: Any = request.user
    return acting(user, request.POST.get("why", "").strip())

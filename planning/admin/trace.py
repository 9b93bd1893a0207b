"""Whatever is written through a form leaves who wrote it and why; a page shows it.

A change may be given its reason, a deletion has to be: of what is gone nothing else is left to ask.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.audit import acting

_SHOWN = 200
_NOTHING = "—"
# What the address of a list may say about a day; Django itself fails on other years.
_PARTS_OF_A_DAY = {"year": range(1, 10_000), "month": range(1, 13), "day": range(1, 32)}
_ADDRESS_WAS_WRONG = "?e=1"
_NO_REASON = _("Say why it is deleted: only the audit log will still know of it.")


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
    # Counting every choice of every filter of a large table helps nobody.
    show_facets = admin.ShowFacets.NEVER

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(
            css={"all": ["planning/admin/acts.css"]},
            js=[Script("planning/admin/labels.js", type="module")],  # type: ignore[list-item]
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with _acting(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and not _reason(request):
            messages.error(request, _NO_REASON)
            # Asked once more, of whoever may delete it at all.
            request.POST = QueryDict()
        with _acting(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _names_days(request):
            return HttpResponseRedirect(request.path + _ADDRESS_WAS_WRONG)
        if _deletes_without_reason(request):
            messages.error(request, _NO_REASON)
            # Asked once more, about the same rows.
            sent = request.POST.copy()
            del sent["post"]
            request.POST = sent  # type: ignore[assignment]
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
    rows = [
        (_column(entry.table, column), _shown(entry.table, column, was), _shown(entry.table, column, is_now))
        for column, (was, is_now) in sorted(entry.changes.items())
    ]
    return [row for row in rows if (row[1], row[2]) != (_NOTHING, _NOTHING)]


def columns_in_words(entry: models.AuditEntry) -> str:
    """The columns of which the entry speaks."""
    return ", ".join(_column(entry.table, column) for column in sorted(entry.changes))


def _field(table: str, column: str) -> Any:
    """The field that the column belongs to; None where either is gone meanwhile."""
    model = apps.get_app_config("planning").models.get(table)
    fields = model._meta.concrete_fields if model else ()
    return next((field for field in fields if field.column == column), None)


def _column(table: str, column: str) -> str:
    field = _field(table, column)
    return str(field.verbose_name) if field else column


def _shown(table: str, column: str, value: Any) -> str:
    if value is None or value == "":
        return _NOTHING
    field = _field(table, column)
    labels = dict(field.flatchoices) if field is not None and isinstance(value, str) else {}
    text = str(labels.get(value, value) if labels else value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _acting(request: HttpRequest) -> AbstractContextManager[None]:
    if request.method != "POST":
        return nullcontext()
    user: Any = request.user
    return acting(user, _reason(request))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("why", "").strip()


def _deletes_without_reason(request: HttpRequest) -> bool:
    sent = request.POST
    return sent.get("action") == "delete_selected" and "post" in sent and not _reason(request)


def _names_days(request: HttpRequest) -> bool:
    """Whether the years, months and days by which a list is narrowed can be."""
    asked = request.GET.dict()
    parts = ((name.rpartition("__")[2], str(value)) for name, value in asked.items() if "__" in name)
    return all(
        value.isdecimal() and len(value) < 5 and int(value) in _PARTS_OF_A_DAY[part]
        for part, value in parts
        if part in _PARTS_OF_A_DAY
    )

"""The audit log: what was written in the own office, by whom and why; nobody changes it."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.lists import CappedPaginator
from planning.admin.rights import OfOwnOffices, ReadOnly
from planning.admin.trace import LOGGED, changes_in_words, columns_in_words


class OfKind(admin.SimpleListFilter):
    """Entries about one kind of row, by its name in the reader's language."""

    title = _("what kind of row")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return sorted(((table, kind_of(table)) for table in LOGGED), key=lambda row: row[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(table=self.value()) if self.value() else queryset


@admin.register(models.AuditEntry)
class AuditEntryAdmin(OfOwnOffices, ReadOnly):
    office_path = "office_id"
    list_display = ("moment", "kind", "row", "action", "who", "why", "columns")
    list_filter = ("action", OfKind)
    search_fields = ("=row", "user_name", "why")
    search_help_text = _("Id of a row, a user’s name, or words of the reason")
    ordering = ("-id",)
    paginator = CappedPaginator
    list_per_page = 50
    fields = (
        "at",
        "kind",
        "link",
        "action",
        "who",
        "why",
        "office_id",
        "account",
        "transaction",
        "difference",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("at"), ordering="at")
    def moment(self, obj: models.AuditEntry) -> str:
        return date_format(timezone.localtime(obj.at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("what kind of row"), ordering="table")
    def kind(self, obj: models.AuditEntry) -> str:
        return kind_of(obj.table)

    @admin.display(description=_("who"), ordering="user_name")
    def who(self, obj: models.AuditEntry) -> str:
        return obj.user_name or str(_("unknown (account %(account)s)") % {"account": obj.account})

    @admin.display(description=_("columns"))
    def columns(self, obj: models.AuditEntry) -> str:
        return columns_in_words(obj) if obj.action == models.AuditAction.UPDATE else ""

    @admin.display(description=_("row"))
    def link(self, obj: models.AuditEntry) -> SafeString | str:
        try:
            return format_html(
                '<a href="{}">{}</a>', reverse(f"admin:planning_{obj.table}_change", args=[obj.row]), obj.row
            )
        except NoReverseMatch:
            return obj.row

    @admin.display(description=_("before and after"))
    def difference(self, obj: models.AuditEntry) -> SafeString:
        rows = format_html_join(
            "", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", changes_in_words(obj)
        )
        return format_html(
            "<table><thead><tr><th scope='col'>{}</th><th scope='col'>{}</th><th scope='col'>{}</th></tr>"
            "</thead><tbody>{}</tbody></table>",
            _("column"),
            _("before"),
            _("after"),
            rows,
        )


def kind_of(table: str) -> str:
    """What rows of the table are called; a table that is gone keeps its name."""
    found = apps.get_app_config("planning").models.get(table)
    return str(found._meta.verbose_name) if found else table

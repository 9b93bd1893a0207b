"""Accounts, offices and memberships: kept by superusers, looked at by members of the office.

Who could name any office as the own one, or give a role, would be held by no rule.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from planning import models
from planning.admin.rights import ADDRESSES, ByRole, LastingKey, OfOwnOffices, own_choices
from planning.admin.trace import ReasonForm, Traced

# Groups hold permission rows, which count for nothing here.
admin.site.unregister(Group)


class MembershipInline(OfOwnOffices, admin.TabularInline):
    model = models.Membership
    office_path = "office"
    extra = 0
    autocomplete_fields = ("user", "office")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "office")


class PersonForm(ReasonForm, UserChangeForm):
    """An account that is there."""


class NewPersonForm(ReasonForm, AdminUserCreationForm):
    """An account that is made."""


@admin.register(models.User)
class PersonAdmin(ByRole, Traced, UserAdmin):
    """An account lets somebody sign in (`staff`); what they may do is said by the memberships below.

    The memberships are in the audit log; the account itself, which holds contact data, is not: its history
    is the one that Django keeps, which names fields and no values.
    """

    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "first_name", "last_name", "is_staff", "is_active", "is_superuser")
    list_filter = ("is_staff", "is_active", "is_superuser")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Signing in"),
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": _(
                    "Staff may sign in here. What they may do is said by their memberships alone; a "
                    "superuser keeps accounts, offices and reference data, and publishes nothing."
                ),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return UserAdmin.history_view(self, request, object_id, extra_context)


@admin.register(models.Office)
class OfficeAdmin(OfOwnOffices, LastingKey):
    office_path = "pk"
    list_display = ("name", "id", "email", "phone", "answer_days", "is_demonstration")
    formfield_overrides = ADDRESSES
    search_fields = ("id", "name", "name_en")
    list_filter = ("is_demonstration",)
    ordering = ("name",)
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("id", "name", "name_en", "is_demonstration")}),
        (
            _("Where people ask"),
            {
                "fields": ("address", "phone", "email", "url", "hours", "answer_days"),
                "description": _("Shown below every answer: here people get the binding one."),
            },
        ),
    )


@admin.register(models.Membership)
class MembershipAdmin(OfOwnOffices, Traced):
    office_path = "office"
    list_display = ("user", "office", "role")
    list_filter = ("role", *own_choices("office"))
    list_select_related = ("user", "office")
    search_fields = ("user__username", "office__name")
    autocomplete_fields = ("user", "office")
    ordering = ("office", "role", "user")

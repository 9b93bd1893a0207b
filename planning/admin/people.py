"""Accounts, offices and memberships. Who could name any office as the own one would be held by no rule."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from planning import models
from planning.admin.rights import ADDRESSES, LastingKey, OfOwnOffices


class MembershipInline(OfOwnOffices, admin.TabularInline):
    model = models.Membership
    office_path = "office"
    extra = 0
    autocomplete_fields = ("user", "office")


@admin.register(models.User)
class PersonAdmin(UserAdmin):
    list_display = ("username", "first_name", "last_name", "is_staff", "is_active")
    inlines = (MembershipInline,)


@admin.register(models.Office)
class OfficeAdmin(OfOwnOffices, LastingKey):
    office_path = "pk"
    list_display = ("name", "id", "email", "phone", "answer_days", "is_demonstration")
    formfield_overrides = ADDRESSES
    search_fields = ("id", "name", "name_en")
    list_filter = ("is_demonstration",)
    inlines = (MembershipInline,)


@admin.register(models.Membership)
class MembershipAdmin(OfOwnOffices, admin.ModelAdmin):
    office_path = "office"
    list_display = ("user", "office", "role")
    list_filter = ("role", "office")
    list_select_related = ("user", "office")
    autocomplete_fields = ("user", "office")

"""Who may see and change what in the admin: the own office's rows, and of these what is not public.

Django's permissions say what kind of row somebody may touch; what stands here says which rows. The
families beside this module say it for their models.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, Q, QuerySet, URLField
from django.http import HttpRequest

# An address typed without its scheme is taken for a safe one.
ADDRESSES: dict[type[Any], dict[str, Any]] = {URLField: {"assume_scheme": "https"}}


class OfOwnOffices(BaseModelAdmin):
    """Rows of the offices that the user is a member of: only these are listed, offered and opened.

    `office_path` leads from the row to its office. Superusers keep the service running and see all;
    publishing takes memberships, theirs too.
    """

    office_path: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return own(super().get_queryset(request), self.office_path, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(
            db_field, request, **self.choices(db_field, request), **kwargs
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **self.choices(db_field, request), **kwargs
        )

    def choices(self, db_field: Any, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        """The rows that a field may name; nothing where they belong to no office."""
        target = self.admin_site.get_model_admin(db_field.related_model)
        if not isinstance(target, OfOwnOffices):
            return {}
        return {"queryset": own(db_field.related_model._default_manager.all(), target.office_path, request)}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        # An inline is asked about the row above it, which has an admin of its own.
        if not isinstance(obj, self.model):
            return True
        return own(self.model._base_manager.filter(pk=obj.pk), self.office_path, request).exists()


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
    """Rows that may be written until they are public; the database holds the same rule.

    Deleting many at once asks the same question of each row.
    """

    def is_public(self, obj: Any) -> bool:
        """Whether the row belongs to a publication."""
        return obj.publication_id is not None

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj is not None and self.is_public(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and self.is_public(obj))


def of_own_offices(path: str, request: HttpRequest) -> Q:
    """The condition that the row's office is one of the user's; superusers are held to none."""
    user: Any = request.user
    return Q() if user.is_superuser else Q(**{f"{path}__in": user.memberships.values("office")})


def own(rows: QuerySet[Any], path: str, request: HttpRequest) -> QuerySet[Any]:
    """Those of the rows that belong to an office of the user."""
    return rows.filter(of_own_offices(path, request))

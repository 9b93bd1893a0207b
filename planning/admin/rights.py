"""Who may see and do what in the admin. Rights come from memberships alone: role -> what, for the own office.

`RIGHTS` is the one table. Django's permission rows count for nothing here; `is_staff` only lets somebody
sign in. Superusers keep the service (accounts, offices, reference data) and look at everything, but what an
office publishes is written by its members. Making public is no right of a form at all: see `proposals`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, Q, QuerySet, URLField
from django.http import HttpRequest

from planning import models
from planning.admin.trace import Traced
from planning.models import Role

# An address typed without its scheme is taken for a safe one.
ADDRESSES: dict[type[Any], dict[str, Any]] = {URLField: {"assume_scheme": "https"}}


class Doing(StrEnum):
    """What may be done with a kind of row."""

    LOOK = "look"
    WRITE = "write"
    PROPOSE = "propose"
    DECIDE = "decide"


_MEMBERSHIPS = "_memberships_of_the_user"
EVERYBODY = frozenset(Role)
PLANNERS = frozenset({Role.PLANNER, Role.REVIEWER})
STAFF = frozenset({Role.PLANNER, Role.REVIEWER, Role.OFFICER})
Rights = dict[Doing, frozenset[Role]]

LOOKED_AT: Rights = {Doing.LOOK: EVERYBODY}
_WORKED_WITH: Rights = {Doing.LOOK: STAFF}
_WRITTEN: Rights = {Doing.LOOK: EVERYBODY, Doing.WRITE: PLANNERS}

# What a role may do with the rows of its office; a kind of row that is missing here nobody but a superuser
# sees. Moderators see what comments are about.
RIGHTS: Mapping[type[Model], Rights] = {
    # plans, written by planners until they are public
    models.Plan: _WRITTEN,
    models.PlanIdentifier: _WRITTEN,
    models.Edition: _WRITTEN,
    models.Document: _WRITTEN,
    models.Clause: _WRITTEN,
    models.PlanEvent: _WRITTEN | {Doing.PROPOSE: PLANNERS, Doing.DECIDE: frozenset({Role.REVIEWER})},
    models.PlanRelation: _WRITTEN,
    # proposed by one member and decided by another
    models.Proposal: _WORKED_WITH | {Doing.DECIDE: frozenset({Role.REVIEWER})},
    models.ConflictRuling: LOOKED_AT | {Doing.PROPOSE: STAFF, Doing.DECIDE: frozenset({Role.REVIEWER})},
    models.Coverage: LOOKED_AT | {Doing.PROPOSE: PLANNERS, Doing.DECIDE: frozenset({Role.REVIEWER})},
    models.CoverageWithdrawal: LOOKED_AT,
    # written by the pipeline
    models.Zone: LOOKED_AT,
    models.Restriction: LOOKED_AT,
    models.ZonePiece: LOOKED_AT,
    models.RestrictionPiece: LOOKED_AT,
    models.Parcel: LOOKED_AT,
    models.ParcelAlias: LOOKED_AT,
    models.ParcelLineage: LOOKED_AT,
    models.CadastreDelivery: _WORKED_WITH,
    models.RefusedParcel: _WORKED_WITH,
    models.Publication: LOOKED_AT,
    models.LayerUpload: _WORKED_WITH,
    models.Finding: _WORKED_WITH,
    models.Repair: _WORKED_WITH,
    # the office itself; the service is kept by superusers
    models.Office: LOOKED_AT,
    models.Membership: LOOKED_AT,
    models.AuditEntry: _WORKED_WITH,
    # everybody's
    models.Theme: LOOKED_AT,
    models.LandUseList: LOOKED_AT,
    models.LandUse: LOOKED_AT,
    models.LandUseGroup: LOOKED_AT,
    models.LandUseMatch: LOOKED_AT,
    models.AdminUnitList: LOOKED_AT,
    models.AdminUnit: LOOKED_AT,
    models.AdminSuccession: LOOKED_AT,
    models.Territory: LOOKED_AT,
    models.MissedLookup: _WORKED_WITH,
}
# What superusers write: the service, never what an office says.
KEPT_BY_SUPERUSERS: frozenset[type[Model]] = frozenset(
    {
        models.User,
        models.Office,
        models.Membership,
        models.Theme,
        models.LandUseList,
        models.LandUse,
        models.LandUseGroup,
        models.LandUseMatch,
        models.AdminUnitList,
    }
)


def memberships(request: HttpRequest) -> frozenset[tuple[str, str]]:
    """Office and role of each membership of whoever asks; read once for a request, whose page asks often."""
    found: frozenset[tuple[str, str]] | None = getattr(request, _MEMBERSHIPS, None)
    if found is None:
        user: Any = request.user
        own = user.memberships.values_list("office_id", "role") if user.is_active and user.is_staff else ()
        found = frozenset(own)
        setattr(request, _MEMBERSHIPS, found)
    return found


def offices(request: HttpRequest, model: type[Model], doing: Doing) -> list[str]:
    """The ids of the offices for which the user may do this with rows of the model."""
    roles = RIGHTS.get(model, {}).get(doing, frozenset())
    return sorted({office for office, role in memberships(request) if role in roles})


def may(request: HttpRequest, model: type[Model], doing: Doing) -> bool:
    """Whether the user may do this for any office, or, of the service, as superuser."""
    return _may_as_superuser(request, model, doing) or bool(offices(request, model, doing))


def may_for(request: HttpRequest, model: type[Model], doing: Doing, office: str) -> bool:
    """Whether the user is a member of the office in a role that may do this."""
    return office in offices(request, model, doing)


def of_own_offices(path: str, request: HttpRequest, *, model: type[Model], doing: Doing = Doing.LOOK) -> Q:
    """The condition that the row's office is one for which the user may do this with rows of the model."""
    if _may_as_superuser(request, model, doing):
        return Q()
    return Q(**{f"{path}__in": offices(request, model, doing)})


def _may_as_superuser(request: HttpRequest, model: type[Model], doing: Doing) -> bool:
    user: Any = request.user
    if not (user.is_active and user.is_staff and user.is_superuser):
        return False
    return doing is Doing.LOOK or (doing is Doing.WRITE and model in KEPT_BY_SUPERUSERS)


class ByRole(BaseModelAdmin):
    """Asks `RIGHTS` instead of Django's permission rows; for rows that belong to no office."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, Doing.LOOK)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Doing.LOOK, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may(request, Doing.WRITE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Doing.WRITE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, Doing.WRITE, obj)

    def may(self, request: HttpRequest, doing: Doing, obj: Any = None) -> bool:
        """Whether the user may do this with the row, or with any where none is given."""
        return may(request, self.model, doing)


class OfOwnOffices(ByRole):
    """Rows of the offices that the user is a member of: only these are listed, offered and opened.

    `office_path` leads from the row to its office.
    """

    office_path: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        own = of_own_offices(self.office_path, request, model=self.model)
        return super().get_queryset(request).filter(own)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(
            db_field, request, **self.choices(db_field, request), **kwargs
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **self.choices(db_field, request), **kwargs
        )

    def choices(self, db_field: Any, request: HttpRequest) -> dict[str, QuerySet[Any]]:
        """The rows that a field may name: those of offices for which the user may write this kind of row."""
        target = self.admin_site.get_model_admin(db_field.related_model)
        if not isinstance(target, OfOwnOffices):
            return {}
        own = of_own_offices(target.office_path, request, model=self.model, doing=Doing.WRITE)
        return {"queryset": db_field.related_model._default_manager.filter(own)}

    def may(self, request: HttpRequest, doing: Doing, obj: Any = None) -> bool:
        if not super().may(request, doing):
            return False
        # An inline is asked about the row above it, which has an admin of its own.
        if not isinstance(obj, self.model):
            return True
        own = of_own_offices(self.office_path, request, model=self.model, doing=doing)
        return self.model._base_manager.filter(own, pk=obj.pk).exists()


class ReadOnly(ByRole, Traced):
    """Rows that only the pipeline writes."""

    # Counting a million parcels for a footer helps nobody.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LastingKey(ByRole, Traced):
    """Rows whose key is public: another key would be another row."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if obj is None else (*fields, self.opts.pk.name)


class UnlessPublic(ByRole, Traced):
    """Rows that may be written until they are public; the database holds the same rule.

    Deleting many at once asks the same question of each row.
    """

    def is_public(self, obj: Any) -> bool:
        """Whether the row belongs to a publication."""
        return obj.publication_id is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._stays(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._stays(obj)

    def _stays(self, obj: Any) -> bool:
        return isinstance(obj, self.model) and self.is_public(obj)


def own_choices(*fields: str) -> list[Any]:
    """Filters of a list that offer only what stands in the user's own rows."""
    return [(field, admin.RelatedOnlyFieldListFilter) for field in fields]

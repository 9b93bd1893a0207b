"""Conditions shared by the database constraints of the models."""

from django.contrib.gis.db.models.functions import IsValid
from django.db.models import BooleanField, Func, Q

# Beyond these a stated number is a slip, and would widen every search around the plan.
MAX_ACCURACY_M = 1_000
MAX_SCALE = 10_000_000


class IsEmptyGeometry(Func):
    """ST_IsEmpty as a condition; Django 5.2 has no function of that name."""

    function = "ST_IsEmpty"
    output_field = BooleanField()


def is_valid_geometry(field: str) -> Q:
    """The geometry is valid and not empty; that it is 2D is said by the column type."""
    return Q(IsValid(field)) & ~Q(IsEmptyGeometry(field))

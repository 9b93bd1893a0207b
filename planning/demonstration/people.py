"""Who hands in and publishes a demonstration: a flagged office and two members who cannot log in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from planning.errors import Reason, Refused
from planning.models import Membership, Office, Role, User


@dataclass(frozen=True, slots=True)
class People:
    """The demonstration office and its two members."""

    office: Office
    planner: User
    reviewer: User


@transaction.atomic
def prepare_people(settings: Mapping[str, Any]) -> People:
    """The office of [office] and the members of [members], made where they are missing."""
    values: Mapping[str, Any] = settings["office"]
    office, _ = Office.objects.update_or_create(
        id=values["id"],
        defaults={
            **{name: value for name, value in values.items() if name != "id"},
            "is_demonstration": True,
        },
    )
    planner = _member(office, settings["members"]["planner"], Role.PLANNER)
    reviewer = _member(office, settings["members"]["reviewer"], Role.REVIEWER)
    return People(office, planner, reviewer)


def _member(office: Office, name: str, role: str) -> User:
    user, is_new = User.objects.get_or_create(username=name)
    if is_new:
        user.set_unusable_password()
    elif user.has_usable_password():
        # somebody's own account: the demonstration must not act in their name
        raise Refused(Reason.CONTRADICTS, name="username", other=name)
    user.is_active = True
    user.save()
    Membership.objects.get_or_create(user=user, office=office, role=role)
    return user

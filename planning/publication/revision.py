"""One revision: who stands for it, its number and time, and the lock under which it is made.

Two different active members of the office stand for every change of what is public: one who publishes
(planner or reviewer) and a reviewer who approves. Rights come from memberships alone, so there is no
exception for superusers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import connection
from django.db.backends.postgresql.psycopg_any import NumericRange  # type: ignore[import-untyped]
from django.db.models import BigIntegerField, F, Func, Value
from django.db.models.functions import Lower
from django.utils import timezone

from planning.errors import Forbidden, Reason, Refused
from planning.models import Office, Publication, Role, User
from planning.publication.announce import announce

# Any constant will do; it names the lock of publication among PostgreSQL's advisory locks.
LOCK = 0x6F70_656E
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision being made: its number and the time it was begun at, both greater than all before."""

    number: int
    at: datetime
    office: Office
    by: User
    approved_by: User

    def record(self, summary: dict[str, object]) -> Publication:
        """Write the revision down, last of all: a publication is never changed afterwards."""
        announce(self.number)
        return Publication.objects.create(
            revision=self.number,
            at=self._done_at(),
            office=self.office,
            by=self.by,
            approved_by=self.approved_by,
            summary=summary,
        )

    def _done_at(self) -> datetime:
        """When it is ready to be seen: who asked while it was being made was told of the one before.

        The day stays the one on which it was begun, for what the law makes of it.
        """
        done = max(timezone.now(), self.at)
        return done if timezone.localdate(done) == timezone.localdate(self.at) else self.at


PUBLISHING = frozenset({Role.PLANNER, Role.REVIEWER})


def require_two_members(
    office: Office, *, by: User, approved_by: User, roles: Collection[Role] = PUBLISHING
) -> None:
    """Raise Forbidden or Refused unless both may stand for a change of the office's plans.

    Whoever acts has one of the `roles`, whoever approves is a reviewer.
    """
    _require_member(by, office, roles)
    _require_member(approved_by, office, {Role.REVIEWER})
    if by.pk == approved_by.pk:
        raise Refused(Reason.SAME_PERSON, user=by.get_username())


def lock() -> None:
    """Wait until no other revision is being made; held to the end of the transaction.

    Whoever waited sees what the other one committed, because every statement takes a new snapshot.
    """
    with connection.cursor() as cursor:
        # A limit meant for questions of the public must not cut a publication short.
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def begin(office: Office, *, by: User, approved_by: User) -> Revision:
    """The next revision; call it under the lock."""
    last = Publication.objects.order_by("-revision").first()
    clock = timezone.now()
    return Revision(
        number=last.revision + 1 if last else 1,
        at=max(clock, last.at + TICK) if last else clock,
        office=office,
        by=by,
        approved_by=approved_by,
    )


def open_from(revision: int) -> NumericRange:
    """`known` of what stands from the revision on."""
    return NumericRange(revision, None)


def closed_at(revision: int) -> Func:
    """`known` with its end set to the revision, for an update."""
    return Func(
        Lower(F("known"), output_field=BigIntegerField()),
        Value(revision, output_field=BigIntegerField()),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )


def _require_member(user: User, office: Office, roles: Collection[Role]) -> None:
    is_member = user.is_active and user.memberships.filter(office=office, role__in=roles).exists()
    if not is_member:
        raise Forbidden(
            Reason.NOT_A_MEMBER,
            user=user.get_username(),
            office=office.name,
            roles=sorted(role.value for role in roles),
        )

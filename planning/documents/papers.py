"""The verb that attaches a paper to a plan: a decision, a drawing, the management rules.

Who acts is a planner or reviewer of the plan's office. The paper stays staged, and may be mended, until
an edition or a fact goes public with it; then the database keeps it as it is.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from planning.audit import traced
from planning.documents.vault import Source, keep
from planning.errors import BadParameter, Forbidden, Reason, Refused
from planning.models import Document, DocumentKind, Edition, Plan, Role, User, Visibility

MAY_ATTACH = (Role.PLANNER, Role.REVIEWER)
_WEB = URLValidator(schemes=("https", "http"))
_CONTROLS = frozenset(map(chr, (*range(32), 127))) - set("\n\t")


@transaction.atomic
@traced("attach document")
def attach(
    *,
    plan: Plan,
    kind: str,
    title: str,
    file: Source | None = None,
    url: str = "",
    number: str = "",
    date: date | None = None,
    issuer: str = "",
    edition: Edition | None = None,
    by: User,
) -> Document:
    """Attach a paper to the plan, with its file, its address on the web, or both.

    With `edition` it goes public together with that, else with the next edition or the fact that names it.
    Raises Forbidden for who is no planner or reviewer of the office, Refused for an edition that is public
    already, BadParameter for a value or a file that cannot be taken.
    """
    require_member(by, plan)
    _require_choice("kind", kind, DocumentKind.values)
    if file is None and not url:
        raise BadParameter("file", "", Reason.REQUIRED)
    if url:
        _require_address(url)
    if edition is not None:
        _require_staged(edition, plan)
    document = Document(
        plan=plan,
        kind=kind,
        title=text_of("title", title, Document, is_required=True),
        number=text_of("number", number, Document),
        date=date,
        issuer=text_of("issuer", issuer, Document),
        url=text_of("url", url, Document),
        edition=edition,
    )
    if file is not None:
        for column, value in keep(file).columns().items():
            setattr(document, column, value)
    document.save(force_insert=True)
    return document


def require_member(by: User, plan: Plan) -> None:
    """Raise Forbidden unless the user may write papers of the plan's office; superusers need it too."""
    roles = [role.value for role in MAY_ATTACH]
    office = plan.office_id
    if not (by.is_active and by.memberships.filter(office=office, role__in=roles).exists()):
        raise Forbidden(Reason.NOT_A_MEMBER, user=by.get_username(), office=office, roles=sorted(roles))


def text_of(
    name: str, value: str, model: type[Document], *, is_required: bool = False, limit: int | None = None
) -> str:
    """The text without blanks around it, as the column takes it; raises BadParameter."""
    text = value.strip()
    column: Any = None if limit else model._meta.get_field(name)
    limit = limit or column.max_length
    if is_required and not text:
        raise BadParameter(name, value, Reason.REQUIRED)
    if limit is not None and len(text) > limit:
        raise BadParameter(name, value, Reason.TOO_LONG, limit=limit)
    if _CONTROLS & set(text):
        raise BadParameter(name, value, Reason.BAD_CHARACTERS)
    return text


def _require_choice(name: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise BadParameter(name, value, Reason.NOT_A_CHOICE, choices=tuple(choices))


def _require_address(url: str) -> None:
    """An address that a browser would run or that leads nowhere must not stand behind a decision."""
    try:
        _WEB(url)
    except ValidationError as error:
        raise BadParameter("url", url, Reason.NOT_A_CHOICE, choices=("https://…", "http://…")) from error


def _require_staged(edition: Edition, plan: Plan) -> None:
    held = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    if held.plan_id != plan.pk:
        raise BadParameter("edition", held.code, Reason.CONTRADICTS, other="plan")
    if held.visibility == Visibility.PUBLIC:
        raise Refused(Reason.WRONG_STATE, edition=held.code, state=held.visibility)

"""The two dates of a page: the day whose law is shown, and the moment whose knowledge.

A page that speaks of another day than today, or of what was known once, says so before anything else and
leads to the answer of today. The form to change both is the same on every page of an answer.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planning.errors import BadParameter, Reason
from planning.models import Publication
from portal import figures
from portal.asking import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The form with what stands in it, the banner (empty: today, as known now), and the way back to today.

    `query` carries both dates to other pages, `known_query` the second alone; "" where none was asked for.
    """

    as_at: date | None
    as_at_text: str
    known_at_text: str
    has_day: bool = True
    banner: tuple[str, ...] = ()
    query: str = ""
    known_query: str = ""
    today_address: str = ""
    fault: str = ""
    fault_name: str = ""


def of_page(request: HttpRequest, when: When, language: str, *, has_day: bool = True) -> Dates:
    """The dates of a page that could be shown; `has_day` False: it shows all days at once."""
    banner = []
    if has_day and when.as_at != timezone.localdate():
        banner.append(_of_day(when.as_at, language))
    if when.known_at is not None:
        banner.append(_of_knowledge(when.known_at, language))
    return Dates(
        as_at=when.as_at,
        as_at_text=f"{when.as_at:%d/%m/%Y}",
        known_at_text=when.known_at_text,
        has_day=has_day,
        banner=tuple(banner),
        query=when.query,
        known_query=replace(when, as_at=timezone.localdate()).query,
        today_address=request.path,
    )


def refused(request: HttpRequest, error: BadParameter, sentence: str, *, has_day: bool = True) -> Dates:
    """The form again, with all that was typed and what is wrong with it."""
    return Dates(
        as_at=None,
        as_at_text=request.GET.get("as_at", "")[:40],
        known_at_text=request.GET.get("known_at", "")[:40],
        has_day=has_day,
        today_address=request.path,
        fault=sentence,
        fault_name=error.name,
    )


def checked(when: When) -> When:
    """The dates, unless they ask for what will be known one day. Raises BadParameter."""
    if when.known_at is not None and when.known_at > timezone.now():
        raise BadParameter("known_at", when.known_at_text, Reason.IN_THE_FUTURE)
    return when


def revision_of(when: When) -> int:
    """The newest revision of that moment, 0 before the first."""
    known = Publication.objects.all()
    if when.known_at is not None:
        known = known.filter(at__lte=when.known_at)
    return known.latest_revision()


def _of_day(day: date, language: str) -> str:
    shown = figures.day(day, language)
    if day > timezone.localdate():
        return _("This is about %(day)s, a day to come: decisions made until then may change it.") % {
            "day": shown
        }
    return _("This is about %(day)s, not about today.") % {"day": shown}


def _of_knowledge(moment: datetime, language: str) -> str:
    shown = figures.moment(moment, timezone.get_current_timezone(), language)
    told = _("This is what was known at %(moment)s.") % {"moment": shown}
    later = Publication.objects.filter(at__gt=moment).count()
    if not later:
        nothing = _("Nothing has been published since.")
        return f"{told} {nothing}"
    since = ngettext(
        "Since then the data have been changed by %(count)s publication.",
        "Since then the data have been changed by %(count)s publications.",
        later,
    )
    return f"{told} {since % {'count': later}}"

"""What is not law on the day, in words: drafts, what is approved, suspended, replaced, expired, annulled.

Each with its dates and what made it so. None of them ever looks like a rule that applies, and none like
free land: what was struck down or waits may still matter to whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planning.answer.model import Act, OtherItem, PlanRef
from planning.models import EventKind
from portal import facts, figures, wording
from portal.restrictions import restriction_name
from portal.voice import Voice, number_of

MARKS = {
    "draft": "drafted",
    "approved": "coming",
    "suspended": "paused",
    "superseded": "replaced",
    "expired": "run_out",
    "annulled": "struck",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """A zone that is not law on the day: what it is, from when to when, and because of what."""

    status: str
    mark: str
    sentence: str
    plan: PlanRef
    title: SafeString
    zone_id: str
    label: SafeString
    badge: str
    area: str
    decision: SafeString
    causes: tuple[SafeString, ...]


def reading_of(item: OtherItem, voice: Voice) -> OtherReading:
    use = item.zone.land_use
    label = voice.use(use) if use else restriction_name(item, voice)
    return OtherReading(
        status=voice.word(wording.STATUSES[item.status]),
        mark=MARKS[item.status],
        sentence=duration(item.status, item.valid_from, item.valid_to, voice.language),
        plan=item.plan,
        title=voice.plan(item.plan),
        zone_id=item.zone.id,
        label=label,
        badge=voice.word(wording.CLASS_BADGES[item.item_class]),
        area=_area(item, voice),
        decision=facts.decision_text(item.decision, voice, is_draft=item.status == "draft"),
        causes=tuple(_causes(item, voice)),
    )


def coming(item: OtherItem, voice: Voice) -> OtherReading:
    """What is not law yet, or not law again; its day is the one on which force begins, where that is set."""
    told = replace(reading_of(item, voice), sentence=_to_come(item.status, item.valid_from, voice.language))
    if item.status in ("draft", "approved"):
        return told
    return replace(told, status=voice.word(wording.COMING_AGAIN), mark=MARKS["approved"])


def _to_come(status: str, starts: date | None, language: str) -> str:
    if starts is None:
        if status == "draft":
            return _("Draft: not in force, and it may change.")
        return _("Approved; the day on which it comes into force is not set.")
    sentence = {
        "draft": _("Draft; it would come into force on %(begins)s."),
        "approved": _("Approved; it comes into force on %(begins)s."),
    }.get(status, _("In force again from %(begins)s."))
    return sentence % {"begins": figures.day(starts, language)}


def _area(item: OtherItem, voice: Voice) -> str:
    if item.area_m2 is None or item.share is None:
        return ""
    return f"{voice.area(item.area_m2)} ({figures.share(item.share, voice.language)})"


def duration(status: str, begins: date | None, ends: date | None, language: str) -> str:
    """A status with its days; `ends` is the first day on which it no longer holds."""
    days = {
        "begins": figures.day(begins, language) if begins else "",
        "ends": figures.day(ends, language) if ends else "",
    }
    if begins and ends:
        return _between(status) % days
    if begins:
        return _since(status) % days
    return _("Until %(ends)s.") % days if ends else _("No date is given.")


def _since(status: str) -> str:
    """Msgids of a status that has begun and has no end in the data."""
    return {
        "draft": _("Draft since %(begins)s; not in force, and it may change."),
        "approved": _("Approved on %(begins)s; not in force yet."),
        "in_force": _("In force from %(begins)s."),
        "suspended": _("Suspended since %(begins)s, until further decision."),
        "superseded": _("Replaced since %(begins)s."),
        "expired": _("No longer in force since %(begins)s: its time has run out."),
        "annulled": _("Annulled; not in force from %(begins)s on."),
    }[status]


def _between(status: str) -> str:
    """Msgids of a status that also ends."""
    return {
        "draft": _("Draft from %(begins)s to %(ends)s; not in force, and it may change."),
        "approved": _("Approved on %(begins)s; this status ends on %(ends)s."),
        "in_force": _("In force from %(begins)s; no longer from %(ends)s on."),
        "suspended": _("Suspended from %(begins)s; the suspension ends on %(ends)s."),
        "superseded": _("Replaced from %(begins)s; no longer replaced from %(ends)s on."),
        "expired": _("Its time had run out from %(begins)s until %(ends)s."),
        "annulled": _("Annulled from %(begins)s; no longer annulled from %(ends)s on."),
    }[status]


def _causes(item: OtherItem, voice: Voice) -> list[SafeString]:
    """What gave the status: the act and its decision; of another edition also whose."""
    acts = item.acts or tuple(Act(edition=code, event="", decision="") for code in item.causes)
    titles = plan_titles(voice)
    told = [_cause(act, item.edition, titles, voice) for act in acts]
    return list(dict.fromkeys(cause for cause in told if cause))


def _cause(act: Act, own: str, titles: Mapping[str, SafeString], voice: Voice) -> SafeString | None:
    parts = []
    if act.edition != own:
        plan = act.edition.rpartition("/")[0]
        text = voice.word(wording.EDITION_OF)
        shown = titles.get(plan, format_html("{}", plan))
        parts.append(format_html(text, number=number_of(act.edition), plan=shown))
    elif act.event in EventKind.values:
        parts.append(format_html("{}", EventKind(act.event).label))
    if act.decision:
        parts.append(format_html(_("decision {number}"), number=voice.vietnamese(act.decision)))
    if not parts or (act.edition == own and not act.decision):
        return None
    return parts[0] if len(parts) == 1 else format_html("{}, {}", parts[0], parts[1])


def plan_titles(voice: Voice) -> dict[str, SafeString]:
    """The titles of all plans that the answer names; editions of others are named by their code."""
    refs = [plan.plan for theme in voice.answer.themes for plan in theme.plans]
    refs += [other.plan for other in (*voice.answer.upcoming, *voice.answer.superseded)]
    return {ref.id: voice.plan(ref) for ref in refs}

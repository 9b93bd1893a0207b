"""Sentences about restrictions: what a line cuts off or runs along, what a corridor or area covers."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from planning.answer.model import Item, OtherItem, PlanAnswer
from planning.geometry.rounding import apportion
from portal import figures, wording
from portal.states import SURE, is_line, on_boundary, said_of_area
from portal.voice import Sentence, Voice
from portal.wording import Said


def restriction_name(item: Item | OtherItem, voice: Voice) -> SafeString:
    """Kind and own name of a restriction; a name that says the kind itself stands alone."""
    kind = wording.RESTRICTION_KINDS.get(item.zone.kind or "")
    own = item.zone.name or item.zone.code
    if kind is not None and own.casefold() in ("", kind.vi):
        return format_html("<strong>{}</strong>", voice.word(kind))
    if kind is None or (voice.language == "vi" and own.casefold().startswith(kind.vi)):
        return format_html("<strong>{}</strong>", voice.vietnamese(own))
    return format_html("<strong>{} “{}”</strong>", voice.word(kind), voice.vietnamese(own))


def restriction_sentence(plan: PlanAnswer, item: Item, voice: Voice) -> Sentence:
    """What a line cuts off or runs along, what a corridor covers; near the edge: ask."""
    name = restriction_name(item, voice)
    if not is_line(item):
        return _area_restriction(plan, item, voice, name)
    shown = {"name": name, "plan": voice.plan_of(plan.plan, [item]), "map": voice.map_of(plan.plan)}
    if item.item_class in SURE and item.beyond_m2 and voice.answer.subject.area_m2:
        cut = _cut(item.beyond_m2, voice)
        width = voice.length(item.remainder_width_m or 0.0)
        tolerance = voice.length(plan.plan.accuracy_m)
        return Sentence(
            Said.CROSSED, voice.say(wording.LINE_CUTS, **shown, **cut, width=width, tolerance=tolerance)
        )
    if item.item_class in SURE and (item.length_m or voice.is_about_a_point()):
        row = wording.WORDING[Said.CROSSED]
        text = row.point if voice.is_about_a_point() else row.area
        return Sentence(Said.CROSSED, voice.say(text, **shown, length=voice.length(item.length_m or 0.0)))
    if item.along_m and not item.beyond_m2:
        along = voice.say(wording.LINE_ALONG, **shown, along=voice.length(item.along_m))
        return Sentence(Said.BORDERLINE, along)
    office = voice.office(plan.plan.office)
    return Sentence(Said.BORDERLINE, voice.say(wording.LINE_BESIDE, **shown, office=office))


def _cut(beyond: float, voice: Voice) -> dict[str, str]:
    """What lies beyond a line and what remains, as printed: together the printed area of the subject."""
    area = voice.answer.subject.area_m2 or beyond
    tenths = apportion([("beyond", beyond), ("remainder", max(area - beyond, 0.0))], round(area * 10))
    return {"beyond": voice.area(tenths[0] / 10 or 0.01), "remainder": voice.area(tenths[1] / 10)}


def _area_restriction(plan: PlanAnswer, item: Item, voice: Voice, name: SafeString) -> Sentence:
    said = said_of_area(item)
    if item.item_class not in SURE:
        return on_boundary(said, name, plan.plan, [item], voice)
    text = _AREA_TEXTS[said]
    if item.share is None:
        text = wording.AREA_AT_POINT if voice.is_about_a_point() else wording.POINT_ON
    band = voice.about(item.share_low, item.share_high)
    least = figures.at_least(item.share_low or 0.0, voice.language)
    named_plan = voice.plan_of(plan.plan, [item])
    return Sentence(said, voice.say(text, name=name, plan=named_plan, band=band, least=least))


_AREA_TEXTS = {
    Said.WHOLE: wording.AREA_WHOLE,
    Said.WHOLE_AS_DRAWN: wording.AREA_WHOLE_AS_DRAWN,
    Said.PART: wording.AREA_PART,
}

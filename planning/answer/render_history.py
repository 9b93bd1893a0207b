"""The history of a parcel as JSON: periods as the answer says them, without what is the same every day.

The wire format is `history.json` beside this module, which takes its definitions from the answer's schema.
"""

from pathlib import Path
from typing import Any

import orjson

from planning.answer import render
from planning.answer.core import SCHEMA
from planning.answer.model import Item, PlanAnswer, ThemeAnswer
from planning.answer.over_time import History, Period, PlanEventRef, RevisionRef
from planning.answer.render import Wire, absolute

HISTORY_SCHEMA = Path(__file__).with_name("history.json")
# What a zone allows and where that is written stands in the answer of a day.
_OF_A_DAY = ("indicators", "uses", "documents", "office", "source")


def history_schema() -> dict[str, Any]:
    """The JSON Schema of the history, complete in itself."""
    own: dict[str, Any] = orjson.loads(HISTORY_SCHEMA.read_bytes())
    return own | {"$defs": orjson.loads(SCHEMA.read_bytes())["$defs"] | own["$defs"]}


def to_json(history: History, *, site: str = "") -> bytes:
    """The history as the API gives it; `site` goes before the paths of documents that are kept here."""
    return orjson.dumps(to_wire(history, site=site), option=orjson.OPT_UTC_Z)


def to_wire(history: History, *, site: str = "") -> Wire:
    """The history as plain values, in the order of the published schema."""
    return {
        "known_at": history.known_at,
        "revision": history.revision,
        "generated_at": history.generated_at,
        "engine": history.engine,
        "notices": [render.text_of(notice) for notice in history.notices],
        "subject": render.subject_of(history.subject),
        "periods": [_period(period) for period in history.periods],
        "events": [_event(event, site) for event in history.events],
        "revisions": [_revision(revision) for revision in history.revisions],
        "disclaimer": render.text_of(history.disclaimer),
    }


def _period(period: Period) -> Wire:
    return {
        "begins": period.begins,
        "ends": period.ends,
        "area_m2": period.subject.area_m2,
        "themes": [_theme(theme) for theme in period.themes],
        "upcoming": [render.other_of(row) for row in period.upcoming],
        "superseded": [render.other_of(row) for row in period.superseded],
    }


def _theme(theme: ThemeAnswer) -> Wire:
    whole = render.theme_of(theme)
    return {
        **{name: whole[name] for name in whole if name not in ("plans", "conflicts")},
        "plans": [_plan(plan) for plan in theme.plans],
        "conflicts": whole["conflicts"],
    }


def _plan(plan: PlanAnswer) -> Wire:
    whole = render.plan_answer_of(plan)
    return {**whole, "items": [_item(item) for item in plan.items]}


def _item(item: Item) -> Wire:
    return {name: value for name, value in render.item_of(item).items() if name not in _OF_A_DAY}


def _event(event: PlanEventRef, site: str) -> Wire:
    document = render.document_of(event.document) if event.document else None
    if document is not None:
        document["url"] = absolute(document["url"], site)
    return {
        "plan": event.plan,
        "edition": event.edition,
        "kind": event.kind,
        "on": event.on,
        "effective_from": event.effective_from,
        "effective_to": event.effective_to,
        "is_partial": event.is_partial,
        "is_corrected": event.is_corrected,
        "is_void": event.is_void,
        "document": document,
        "revision": event.revision,
    }


def _revision(revision: RevisionRef) -> Wire:
    return {
        "revision": revision.revision,
        "at": revision.at,
        "office": revision.office,
        "what": list(revision.what),
        "plans": list(revision.plans),
    }

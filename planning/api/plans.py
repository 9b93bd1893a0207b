"""`GET plans`, `GET plans/{id}`: public plans, their editions and the dated facts behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.gis.db.models import Extent
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning.answer.reading import DOCUMENTS
from planning.api import declared
from planning.api.lists import Json, address, office_ref, page, today
from planning.api.notices import notices_of
from planning.api.schemas import ref
from planning.corrections import Recorded, Standing, resolved
from planning.errors import NotFound
from planning.geometry import line_tolerance
from planning.models import (
    Clause,
    Document,
    Edition,
    Plan,
    PlanEvent,
    PlanRelation,
    Publication,
    RestrictionPiece,
    ZonePiece,
)
from planning.ogcapi.base import PublicView
from planning.ogcapi.operations import Operation
from planning.ogcapi.parameters import refuse_bad_characters


class PlanList(PublicView):
    """Public plans in the order of their ids."""

    parameters = (declared.KIND, declared.LIMIT, declared.CURSOR)
    cache_control = "no-cache"
    operations = {
        "GET": Operation(
            id="list_plans",
            summary=_("Public plans"),
            description=_(
                "Plans of which at least one edition is public, drafts under consultation included."
            ),
            result=ref("PlanList"),
            example="plans?limit=5",
        )
    }

    def get(self, request: Request) -> Response:
        limit = self.given["limit"]
        rows = list(self._wanted()[: limit + 1])
        items = [plan_json(request._request, plan) for plan in rows[:limit]]
        notices = notices_of(plan.office for plan in rows[:limit])
        return Response(
            page(request._request, rows, limit=limit, key=lambda plan: plan.id, items=items, notices=notices)
        )

    def _wanted(self) -> QuerySet[Plan]:
        found = Plan.objects.public().select_related("office", "territory")
        if self.given["kind"]:
            found = found.filter(kind=self.given["kind"])
        if self.given["cursor"]:
            found = found.filter(id__gt=self.given["cursor"])
        return found.order_by("id")


class PlanDetail(PublicView):
    """One plan with its editions, events and documents."""

    cache_control = "no-cache"
    operations = {
        "GET": Operation(
            id="get_plan",
            summary=_("One plan"),
            description=_(
                "A plan with its public editions, their dated facts after corrections, where they have which "
                "status today, its documents with their clauses, and what it says of other plans."
            ),
            result=ref("PlanDetail"),
            example="plans/{plan_id}",
            path_examples={"plan_id": "zoning"},
        )
    }

    def get(self, request: Request, plan_id: str) -> Response:
        refuse_bad_characters("plan_id", plan_id)
        plan = Plan.objects.public().select_related("office", "territory").filter(id=plan_id).first()
        if plan is None:
            raise NotFound("plan", plan_id)
        states, site = _legal_states(plan), request._request
        found = plan_json(request._request, plan) | {
            "licence": plan.licence,
            "source": plan.source,
            # a plan that is not public yet is not named
            "parent": Plan.objects.public().filter(id=plan.parent_id).values_list("id", flat=True).first(),
            "identifiers": list(plan.identifiers.order_by("pk").values("scheme", "value")),
            "editions": [
                _edition_json(site, edition, states.get(edition.pk, [])) for edition in _editions(plan)
            ],
            "documents": [_paper_json(site, document) for document in _documents(plan)],
            "relations": [_relation_json(site, relation, plan) for relation in _relations(plan)],
            "notices": notices_of([plan.office]),
        }
        return Response(found)


def plan_json(request: HttpRequest, plan: Plan) -> Json:
    """A plan as the list shows it."""
    return {
        "id": plan.id,
        "title": plan.title,
        "title_en": plan.title_en,
        "kind": plan.kind,
        "level": plan.level,
        "scale": plan.scale,
        # as in the answers: stated by the authority, else taken from the scale
        "accuracy_m": round(line_tolerance(plan.scale, plan.accuracy_m), 3),
        "stated_accuracy_m": plan.accuracy_m,
        "metric_crs": plan.metric_crs,
        "territory": {"id": plan.territory.code, "name": plan.territory.name},
        "office": office_ref(plan.office),
        "links": {"self": address(request, "plan", plan.id)},
    }


def _editions(plan: Plan) -> QuerySet[Edition]:
    events = PlanEvent.objects.public().select_related("document").order_by("effective_from", "on", "pk")
    return (
        Edition.objects.public()
        .filter(plan=plan)
        .prefetch_related(Prefetch("events", queryset=events))
        .order_by("number")
    )


def _documents(plan: Plan) -> QuerySet[Document]:
    """Papers that are public; those of a staged edition wait for it."""
    clauses = Clause.objects.order_by("page", "pk")
    found = Document.objects.public().filter(plan=plan).order_by("date", "pk")
    return found.prefetch_related(Prefetch("clauses", queryset=clauses))


def _relations(plan: Plan) -> QuerySet[PlanRelation]:
    """What the plan says of others and others of it."""
    both = PlanRelation.objects.public().filter(Q(edition__plan=plan) | Q(target=plan))
    return both.select_related("edition__plan", "target", "document").order_by(
        "edition__plan_id", "edition__number", "target_id", "pk"
    )


def _legal_states(plan: Plan) -> Mapping[int, list[Json]]:
    """By edition: the statuses that its land has today, each with its dates, causes and where that is."""
    revision, on = Publication.objects.latest_revision(), today()
    found: dict[int, list[Json]] = defaultdict(list)
    for family, model in (("zones", ZonePiece), ("restrictions", RestrictionPiece)):
        pieces = model.objects.filter(plan=plan).known_at(revision).valid_on(on).order_by()
        groups = pieces.values("edition_id", "status", "valid", "causes")
        for group in groups.annotate(pieces=Count("pk"), box=Extent("geometry")):
            found[group["edition_id"]].append(_state_json(group, family))
    for states in found.values():
        states.sort(key=lambda state: (state["status"], str(state["valid_from"]), state["of"], state["bbox"]))
    return found


def _state_json(group: Mapping[str, Any], family: str) -> Json:
    return {
        "status": group["status"],
        "of": family,
        "pieces": group["pieces"],
        "valid_from": group["valid"].lower,
        "valid_to": group["valid"].upper,
        "acts": [
            {"edition": cause["edition"], "event": cause["event"], "decision": cause["document"]}
            for cause in group["causes"]
        ],
        "bbox": [round(number, 7) for number in group["box"]],
    }


def _edition_json(request: HttpRequest, edition: Edition, states: Sequence[Json]) -> Json:
    extent = edition.extent
    return {
        "id": edition.code,
        "number": edition.number,
        "title": edition.title,
        "is_local_adjustment": edition.is_local_adjustment,
        "published_in": edition.publication_id,
        "statuses": sorted({state["status"] for state in states}),
        "legal_state": list(states),
        "bbox": [round(number, 7) for number in extent.extent] if extent else None,
        "events": [_event_json(request, one) for one in _resolved(edition.events.all())],
    }


# --- events ---


def _resolved(events: Iterable[PlanEvent]) -> list[Standing[PlanEvent]]:
    """The events that are no corrections, with those that correct them."""
    recorded = [
        Recorded(key=event.pk, facts=event, corrects=event.corrects_id, is_void=event.is_void)
        for event in events
    ]
    found = resolved(recorded, rank=_rank)
    return sorted(found, key=lambda one: ((one.facts or one.recorded.facts).effective_from, one.recorded.key))


def _rank(event: PlanEvent) -> tuple[object, ...]:
    """As in the law: the day of the act, the decision, the other particulars."""
    decision = (event.document.number or event.document.title) if event.document else ""
    return (event.on, decision, event.effective_from, event.effective_to or date.max, bool(event.extent))


def _event_json(request: HttpRequest, one: Standing[PlanEvent]) -> Json:
    """The fact with the particulars that count, and beside them those first recorded where they differ."""
    first = one.recorded.facts
    counts = one.facts or first
    return {
        "kind": first.kind,
        **_particulars(request, counts),
        "is_void": one.facts is None,
        "is_corrected": one.is_corrected,
        "recorded": _particulars(request, first) if one.is_corrected else None,
    }


def _particulars(request: HttpRequest, event: PlanEvent) -> Json:
    return {
        "on": event.on,
        "effective_from": event.effective_from,
        "effective_to": event.effective_to,
        "is_local": event.extent is not None,
        "decision": _document_json(request, event.document) if event.document else None,
        "published_in": event.publication_id,
    }


# --- papers and relations ---


def _document_json(request: HttpRequest, document: Document) -> Json:
    return {
        "kind": document.kind,
        "number": document.number,
        "date": document.date,
        "issuer": document.issuer,
        "title": document.title,
        "url": _url(request, document),
        "sha256": document.sha256 or None,
    }


def _url(request: HttpRequest, document: Document) -> str | None:
    if document.file and document.sha256:
        return request.build_absolute_uri(f"{DOCUMENTS}{document.sha256}")
    return document.url or None


def _paper_json(request: HttpRequest, document: Document) -> Json:
    """A document with its clauses."""
    shown = _document_json(request, document)
    clauses = [_clause_json(clause, shown["url"]) for clause in document.clauses.all()]
    return shown | {"pages": document.pages, "clauses": clauses}


def _clause_json(clause: Clause, url: str | None) -> Json:
    return {
        "id": clause.clause_id,
        "article": clause.article,
        "text": clause.text,
        "page": clause.page,
        "url": f"{url}#page={clause.page}" if url and clause.page else url,
        "land_uses": clause.land_uses,
        "zone_codes": clause.zone_codes,
        "restriction_kinds": clause.restriction_kinds,
    }


def _relation_json(request: HttpRequest, relation: PlanRelation, plan: Plan) -> Json:
    is_acting = relation.edition.plan_id == plan.id
    other = relation.target if is_acting else relation.edition.plan
    return {
        "kind": relation.kind,
        "is_acting": is_acting,
        "plan": {"id": other.id, "title": other.title, "title_en": other.title_en},
        "edition": relation.edition.code,
        "is_local": relation.extent is not None,
        "contents": relation.contents,
        "document": _document_json(request, relation.document),
    }

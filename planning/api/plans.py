"""`GET plans`, `GET plans/{id}`: public plans, their editions and the dated facts behind them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from planning.api import declared
from planning.api.lists import Json, address, office_ref, page, today
from planning.api.notices import notices_of
from planning.api.schemas import ref
from planning.errors import NotFound
from planning.geometry import line_tolerance
from planning.models import (
    Document,
    Edition,
    Plan,
    PlanEvent,
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
                "A plan with its public editions, their dated facts, today's status and the documents."
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
        statuses = _statuses(plan)
        found = plan_json(request._request, plan) | {
            "licence": plan.licence,
            "source": plan.source,
            "parent": plan.parent_id,
            "identifiers": list(plan.identifiers.order_by("pk").values("scheme", "value")),
            "editions": [_edition_json(edition, statuses) for edition in _editions(plan)],
            "documents": [_document_json(document) for document in _documents(plan)],
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
    return Document.objects.filter(plan=plan, publication__isnull=False).order_by("date", "pk")


def _statuses(plan: Plan) -> Mapping[int, set[str]]:
    """By edition: the legal statuses that its pieces have today; several where parts were replaced."""
    revision, on = Publication.objects.latest_revision(), today()
    found: dict[int, set[str]] = defaultdict(set)
    for model in (ZonePiece, RestrictionPiece):
        pieces = model.objects.filter(plan=plan).known_at(revision).valid_on(on)
        for edition, status in pieces.values_list("edition_id", "status").distinct():
            found[edition].add(status)
    return found


def _edition_json(edition: Edition, statuses: Mapping[int, set[str]]) -> Json:
    extent = edition.extent
    return {
        "id": edition.code,
        "number": edition.number,
        "title": edition.title,
        "is_local_adjustment": edition.is_local_adjustment,
        "published_in": edition.publication_id,
        "statuses": sorted(statuses.get(edition.pk, set())),
        "bbox": [round(number, 7) for number in extent.extent] if extent else None,
        "events": [_event_json(event) for event in edition.events.all()],
    }


def _event_json(event: PlanEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "on": event.on,
        "effective_from": event.effective_from,
        "is_local": event.extent is not None,
        "decision": _document_json(event.document) if event.document else None,
    }


def _document_json(document: Document) -> Json:
    return {
        "kind": document.kind,
        "number": document.number,
        "date": document.date,
        "issuer": document.issuer,
        "title": document.title,
        "url": document.url or None,
        "sha256": document.sha256 or None,
    }

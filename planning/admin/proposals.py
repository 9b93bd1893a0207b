"""From a form to law: what will this change -> proposal -> a second member publishes or rejects.

The first member sees the effect before saving a proposal; whoever decides sees it computed anew, and
publishes exactly what was looked at. Every rule stands in the verbs (`planning.proposals`); here they get
their pages and their words.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning import models, proposals
from planning.admin import maps, timeline
from planning.admin.proposing import (
    FORMS,
    MODEL_OF_ACT,
    ActForm,
    effect_of_event,
    effect_on_land,
    facts_in_words,
    transitions_in_words,
)
from planning.admin.rights import Doing, OfOwnOffices, ReadOnly, may, may_for, offices, own_choices
from planning.errors import PlanningError, Reason
from planning.models import Proposal, ProposalState, ProposedAct, Publication
from planning.publication.rules import require_rulable
from planning.sentences import SENTENCES, database_sentence, sentence_of

# As somebody at a form is told it.
_SENTENCES: Mapping[Reason, Promise] = {
    **SENTENCES,
    Reason.SAME_PERSON: gettext_lazy("Another member of the office has to decide about your proposal."),
    Reason.WRONG_STATE: gettext_lazy("%(what)s does not allow it any more: “%(state)s”."),
    Reason.WITHOUT_DECISION: gettext_lazy(
        "Choose the decision behind it: a document of the plan whose kind is decision or acceptance."
    ),
    Reason.REQUIRED: gettext_lazy("This is missing: %(field)s."),
}


@admin.register(Proposal)
class ProposalAdmin(OfOwnOffices, ReadOnly):
    office_path = "office"
    list_display = ("__str__", "act", "state", "proposed_by", "proposed_at", "decided_by", "publication")
    list_filter = ("state", "act", *own_choices("office"))
    list_select_related = ("edition", "office", "proposed_by", "decided_by", "publication")
    search_fields = ("edition__plan__id", "edition__plan__title", "document__number", "proposed_by__username")
    date_hierarchy = "proposed_at"

    def get_urls(self) -> list[Any]:
        own = path(
            "propose/<slug:act>/",
            self.admin_site.admin_view(self.propose_view),
            name="planning_proposal_propose",
        )
        around = path("map.json", self.admin_site.admin_view(self.map_view), name="planning_proposal_map")
        return [own, around, *super().get_urls()]

    def map_view(self, request: HttpRequest) -> HttpResponse:
        """Where the land of the own offices is, for acts that are about no edition."""
        if not may(request, Proposal, Doing.LOOK):
            raise PermissionDenied
        found = timeline.extents(offices(request, Proposal, Doing.LOOK))
        response = HttpResponse(orjson.dumps(found), content_type="application/geo+json")
        response["Cache-Control"] = "private, no-store"
        return response

    def propose_view(self, request: HttpRequest, act: str) -> HttpResponse:
        """The form of an act, then the page that says what it would change, then the proposal."""
        if act not in FORMS:
            raise Http404
        if not may(request, MODEL_OF_ACT[act], Doing.PROPOSE):
            raise PermissionDenied
        initial = {name: request.GET[name] for name in request.GET if name in FORMS[act].base_fields}
        form = FORMS[act](
            request.POST if request.method == "POST" else None, initial=initial, request=request
        )
        if not form.is_about_something:
            raise Http404
        context = self._page(request, str(form.title), form=form, act=act, media=self.media + form.media)
        if request.method != "POST" or not form.is_valid() or "edit" in request.POST:
            return TemplateResponse(request, "planning/admin/propose.html", context)
        return self._previewed(request, form, context)

    def _previewed(self, request: HttpRequest, form: ActForm, context: dict[str, Any]) -> HttpResponse:
        asked = form.asked()
        try:
            effect = _effect(Proposal(**_unsaved(asked)))
            is_seen = request.POST.get("shown", _digest(effect)) == _digest(effect)
            if "propose" in request.POST and is_seen:
                user: Any = request.user
                made = proposals.propose(**asked, preview=effect, by=user)
                messages.success(request, _("Proposed. A second member has to publish it."))
                return HttpResponseRedirect(reverse("admin:planning_proposal_change", args=[made.pk]))
        except PlanningError as error:
            form.add_error(None, sentence_of(error, _SENTENCES))
            return TemplateResponse(request, "planning/admin/propose.html", context)
        kept = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
        extent = asked.get("extent")
        more = {
            "kept": kept,
            "effect": effect,
            "shown": _digest(effect),
            "has_changed": not is_seen,
            "transitions": transitions_in_words(effect),
            "facts": facts_in_words(Proposal(**_unsaved(asked))),
            "map": maps.shown(extent, label=_("Extent"), around=_around(asked.get("edition")))
            if extent
            else "",
            "media": self.media + maps.media(),
        }
        return TemplateResponse(request, "planning/admin/preview.html", {**context, **more})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """The proposal with its effect as of now, and the decision for whoever may make it."""
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return HttpResponseRedirect(reverse("admin:planning_proposal_changelist"))
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        if request.method == "POST":
            return self._decided(request, proposal)
        return TemplateResponse(request, "planning/admin/proposal.html", self._shown(request, proposal))

    def _shown(self, request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
        user: Any = request.user
        is_waiting = proposal.state == ProposalState.WAITING
        is_own = proposal.proposed_by_id == user.pk
        effect, refusal = _effect_now(proposal) if is_waiting else (proposal.preview, "")
        may_decide = may_for(request, MODEL_OF_ACT[proposal.act], Doing.DECIDE, proposal.office_id)
        context = self._page(request, str(proposal))
        return {
            **context,
            "proposal": proposal,
            "original": proposal,
            "facts": facts_in_words(proposal),
            "effect": effect,
            "refusal": refusal,
            "has_changed": is_waiting and not refusal and effect != proposal.preview,
            "transitions": transitions_in_words(effect),
            "seen": Publication.objects.latest_revision(),
            "may_decide": is_waiting and may_decide and not is_own,
            "may_take_back": is_waiting and is_own,
            "map": maps.shown(proposal.extent, label=_("Extent"), around=_around(proposal.edition))
            if proposal.extent
            else "",
            "media": self.media + maps.media(),
        }

    def _decided(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        user: Any = request.user
        back = HttpResponseRedirect(reverse("admin:planning_proposal_change", args=[proposal.pk]))
        try:
            if "publish" in request.POST:
                seen = _number(request.POST.get("seen"))
                made = proposals.publish(proposal=proposal, seen=-1 if seen is None else seen, by=user)
                messages.success(request, _("Published in revision %(number)s.") % {"number": made.revision})
            elif "reject" in request.POST:
                proposals.reject(proposal=proposal, reason=request.POST.get("reason", ""), by=user)
                messages.success(request, _("Rejected."))
            elif "take_back" in request.POST:
                proposals.take_back(proposal=proposal, by=user)
                messages.success(request, _("Taken back."))
        except PlanningError as error:
            messages.error(request, sentence_of(error, _SENTENCES))
        except DatabaseError as error:
            messages.error(request, database_sentence(error))
        return back

    def _page(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **more}


def _effect(proposal: Proposal) -> dict[str, Any]:
    if proposal.act == ProposedAct.EVENT:
        return effect_of_event(proposals.event_of(proposal))
    if proposal.act == ProposedAct.RULING:
        require_rulable(proposals.ruling_of(proposal))
    return effect_on_land(proposal.extent)


def _digest(effect: dict[str, Any]) -> str:
    """By which the page knows whether what was looked at is still what would happen."""
    return hashlib.sha256(orjson.dumps(effect, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _effect_now(proposal: Proposal) -> tuple[dict[str, Any], str]:
    """What it would change now, or why it is no longer possible."""
    try:
        return _effect(proposal), ""
    except PlanningError as error:
        return {}, sentence_of(error, _SENTENCES)


def _unsaved(asked: dict[str, Any]) -> dict[str, Any]:
    return {**asked, "facts": proposals.plain(asked["facts"])}


def _around(edition: models.Edition | None) -> str:
    if edition is None:
        return reverse("admin:planning_proposal_map")
    return reverse("admin:planning_edition_map", args=[edition.pk])


def _number(text: Any) -> int | None:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 18 else None

"""The forms by which a member proposes an act: facts typed by a person -> facts of a proposal.

Each form offers only what belongs to the own office, and says how the act is named, which rows it is about
and what it would change.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning import models
from planning.admin.maps import ExtentField, ExtentInput
from planning.admin.plans import nameable_plans
from planning.admin.rights import Doing, offices
from planning.admin.shown import day
from planning.models import EventKind, ProposedAct
from planning.publication import Effect, preview_event
from planning.publication.rules import newest_correction

_LONGEST_NUMBER = 18  # digits of what may be the key of a row
# Outside of these a year is a slip of the finger: no plan is as old, none reaches as far.
_EARLIEST, _LATEST = date(1800, 1, 1), date(2299, 12, 31)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def format_value(self, value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(attrs={"min": _EARLIEST.isoformat(), "max": _LATEST.isoformat()}),
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(_EARLIEST), MaxValueValidator(_LATEST)],
    )


def _require_order(form: forms.Form, given: Mapping[str, Any], first: tuple[str, str], end: str) -> None:
    """Mark the end where it is not after the beginning, which may be left out for the day of the act."""
    begins = given.get(first[0]) or given.get(first[1])
    ends = given.get(end)
    if begins and ends and ends <= begins:
        form.add_error(end, _("It ends before it begins: the first day without it must come later."))


class ActForm(forms.Form):
    """What all forms of acts share: who asks, and the rows that the proposal names."""

    act: ProposedAct
    title: Promise
    # Rows that stand in columns of the proposal; everything else is a fact.
    columns: tuple[str, ...] = ("edition", "document", "extent")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if "extent" in self.fields:
            self.fields["extent"].widget = ExtentInput(around=reverse("admin:planning_proposal_map"))

    @property
    def subject(self) -> list[tuple[str, str]]:
        """What the act is about, where that is chosen already: label and words."""
        return []

    @property
    def is_about_something(self) -> bool:
        """Whether the row that the address names is there for the member."""
        return True

    def offices(self) -> list[str]:
        """The ids of the offices for which the user may propose this."""
        return offices(self.request, MODEL_OF_ACT[self.act], Doing.PROPOSE)

    def office(self) -> models.Office:
        """The office that the act is of; asked once the form is valid."""
        raise NotImplementedError

    def asked(self) -> dict[str, Any]:
        """What `planning.proposals.propose` is given, but for the preview and the member."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in self.columns}
        rows = {name: value for name, value in self.cleaned_data.items() if name in self.columns and value}
        return {"act": self.act, "office": self.office(), "facts": self.named(facts), **rows}

    def named(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts without what is empty."""
        return {name: value for name, value in facts.items() if value not in (None, "", False)}


class EventProposal(ActForm):
    act = ProposedAct.EVENT
    title = gettext_lazy("Record an event")
    edition = forms.ModelChoiceField(models.Edition.objects.none(), widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("What happened"), choices=EventKind.choices)
    corrects = forms.ModelChoiceField(
        models.PlanEvent.objects.none(), label=gettext_lazy("Corrects the event"), required=False
    )
    is_void = forms.BooleanField(
        label=gettext_lazy("It never happened"),
        required=False,
        help_text=gettext_lazy("The event was recorded in error; nothing takes its place."),
    )
    on = _day(gettext_lazy("Day of the decision"))
    effective_from = _day(
        gettext_lazy("Works from"),
        required=False,
        help_text=gettext_lazy("Empty: from the day of the decision."),
    )
    effective_to = _day(
        gettext_lazy("Works until"),
        required=False,
        help_text=gettext_lazy("The first day on which it no longer works; empty: no end."),
    )
    document = forms.ModelChoiceField(
        models.Document.objects.none(),
        label=gettext_lazy("Decision"),
        required=False,
        help_text=gettext_lazy("A document of this plan; attach it first if it is missing here."),
    )
    extent = ExtentField(
        label=gettext_lazy("Extent"),
        required=False,
        help_text=gettext_lazy(
            "GeoJSON in degrees (longitude, latitude), or drawn. Empty: the whole edition."
        ),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        own = models.Edition.objects.public().filter(plan__office__in=self.offices())
        named = str(self.data.get("edition") or self.initial.get("edition") or "")
        is_number = named.isdecimal() and len(named) < _LONGEST_NUMBER
        self.about = own.filter(pk=named).select_related("plan").first() if is_number else None
        self.fields["edition"].queryset = own  # type: ignore[attr-defined]
        if self.about is not None:
            self._offer(self.about)

    def _offer(self, edition: models.Edition) -> None:
        events = edition.events.public().defer("extent").select_related("edition")
        papers = edition.plan.documents.order_by("-date")
        self.fields["corrects"].queryset = events  # type: ignore[attr-defined]
        self.fields["document"].queryset = papers  # type: ignore[attr-defined]
        around = reverse("admin:planning_edition_map", args=[edition.pk])
        self.fields["extent"].widget = ExtentInput(around=around)
        corrects = (self.data.get("kind") or self.initial.get("kind")) == EventKind.CORRECTED
        # A correction has other fields than every other event, so neither turns into the other.
        kinds = [(value, label) for value, label in EventKind.choices if (value == "corrected") == corrects]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if not corrects:
            del self.fields["corrects"], self.fields["is_void"]
            return
        self.fields["corrects"].required = True
        self.fields["document"].help_text = _(
            "All facts are recorded anew: what is empty here is empty then."
        )
        if not self.is_bound:
            self._fill_in(edition)

    def _fill_in(self, edition: models.Edition) -> None:
        """The facts as they count today; whoever corrects changes what is wrong in them."""
        named = str(self.initial.get("corrects") or "")
        is_number = named.isdecimal() and len(named) < _LONGEST_NUMBER
        event = edition.events.public().filter(pk=named).first() if is_number else None
        if event is None:
            return
        counts = newest_correction(event)
        facts = ("on", "effective_from", "effective_to", "extent", "note")
        known = {name: getattr(counts, name) for name in facts}
        self.initial = {**known, "document": counts.document_id, **self.initial, "corrects": counts.pk}

    @property
    def subject(self) -> list[tuple[str, str]]:
        return [(_("Edition"), _edition(self.about))] if self.about else []

    @property
    def is_about_something(self) -> bool:
        return self.about is not None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        _require_order(self, given, ("effective_from", "on"), "effective_to")
        return given

    def named(self, facts: dict[str, Any]) -> dict[str, Any]:
        return super().named({**facts, "effective_from": facts.get("effective_from") or facts["on"]})

    def office(self) -> models.Office:
        return self.cleaned_data["edition"].plan.office


class RulingProposal(ActForm):
    act = ProposedAct.RULING
    title = gettext_lazy("Record a ruling on a conflict")
    plan = forms.ModelChoiceField(models.Plan.objects.none(), label=gettext_lazy("Plan of the office"))
    other_plan = forms.ModelChoiceField(models.Plan.objects.none(), label=gettext_lazy("Other plan"))
    carried_out = forms.ModelChoiceField(
        models.Plan.objects.none(),
        label=gettext_lazy("Plan that is carried out"),
        required=False,
        help_text=gettext_lazy("Only where the document names one of the two."),
    )
    text = forms.CharField(
        label=gettext_lazy("Ruling, in its words"), widget=forms.Textarea(attrs={"rows": 5})
    )
    on = _day(gettext_lazy("Day of the ruling"))
    effective_from = _day(gettext_lazy("Works from"), required=False)
    effective_to = _day(gettext_lazy("Works until"), required=False)
    document = forms.ModelChoiceField(models.Document.objects.none(), label=gettext_lazy("Document"))
    extent = ExtentField(
        label=gettext_lazy("Extent"),
        required=False,
        help_text=gettext_lazy("Empty: wherever the two conflict."),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        own = models.Plan.objects.filter(office__in=self.offices(), editions__visibility="public").distinct()
        public = nameable_plans(request).filter(editions__visibility="public").distinct()
        papers = models.Document.objects.filter(plan__office__in=self.offices()).order_by("-date")
        self.fields["plan"].queryset = own  # type: ignore[attr-defined]
        self.fields["other_plan"].queryset = public  # type: ignore[attr-defined]
        self.fields["carried_out"].queryset = public  # type: ignore[attr-defined]
        self.fields["document"].queryset = papers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        _require_order(self, given, ("effective_from", "on"), "effective_to")
        two = {given.get("plan"), given.get("other_plan")}
        if given.get("carried_out") and given["carried_out"] not in two:
            self.add_error("carried_out", _("Only one of the two plans can be the one that is carried out."))
        if given.get("plan") and given.get("plan") == given.get("other_plan"):
            self.add_error("other_plan", _("A plan does not conflict with itself."))
        return given

    def office(self) -> models.Office:
        return self.cleaned_data["plan"].office


class CoverageProposal(ActForm):
    act = ProposedAct.COVERAGE
    title = gettext_lazy("Declare coverage")
    office_id = forms.ModelChoiceField(models.Office.objects.none(), label=gettext_lazy("Office"))
    theme = forms.ModelChoiceField(models.Theme.objects.all(), label=gettext_lazy("Theme"))
    plan_kind = forms.ChoiceField(
        label=gettext_lazy("Plan kind"),
        required=False,
        choices=[("", gettext_lazy("all")), *models.PlanKind.choices],
    )
    # Nothing is chosen beforehand: each of them says something to a citizen.
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", "---------"), *models.CoverageState.choices]
    )
    as_of = _day(gettext_lazy("As of"))
    valid_from = _day(
        gettext_lazy("Speaks for the dates from"),
        required=False,
        help_text=gettext_lazy("Empty: from that day."),
    )
    valid_to = _day(
        gettext_lazy("until"),
        required=False,
        help_text=gettext_lazy("The first day no longer; empty: no end."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    extent = ExtentField(label=gettext_lazy("Extent"), required=True)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        own = models.Office.objects.filter(pk__in=self.offices())
        self.fields["office_id"].queryset = own  # type: ignore[attr-defined]
        self.fields["office_id"].initial = own.first()

    columns = ("extent", "office_id")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        _require_order(self, given, ("valid_from", "as_of"), "valid_to")
        return given

    def asked(self) -> dict[str, Any]:
        asked = super().asked()
        asked.pop("office_id")
        return asked

    def office(self) -> models.Office:
        return self.cleaned_data["office_id"]


class WithdrawalProposal(ActForm):
    act = ProposedAct.WITHDRAWAL
    title = gettext_lazy("Withdraw a declaration")
    declaration = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        named = str(self.data.get("declaration") or self.initial.get("declaration") or "")
        standing = models.Coverage.objects.standing().filter(office__in=self.offices())
        number = forms.UUIDField(required=False)
        try:
            rows = standing.filter(declaration=number.clean(named) or None)
        except ValidationError:
            rows = standing.none()
        self.row = rows.select_related("office", "theme").first()

    @property
    def subject(self) -> list[tuple[str, str]]:
        return [(_("Declaration"), _declaration(self.row))] if self.row else []

    @property
    def is_about_something(self) -> bool:
        # Withdrawn while somebody typed the reason: the form says so.
        return self.is_bound or self.row is not None

    def clean_declaration(self) -> Any:
        if self.row is None:
            raise ValidationError(_("No declaration of your office that still stands has this number."))
        return self.cleaned_data["declaration"]

    def office(self) -> models.Office:
        if self.row is None:
            raise ValueError("asked of a form that is not valid")
        return self.row.office


FORMS: Mapping[str, type[ActForm]] = {
    ProposedAct.EVENT: EventProposal,
    ProposedAct.RULING: RulingProposal,
    ProposedAct.COVERAGE: CoverageProposal,
    ProposedAct.WITHDRAWAL: WithdrawalProposal,
}
# Whose rights stand for an act.
MODEL_OF_ACT: Mapping[str, type[Any]] = {
    ProposedAct.EVENT: models.PlanEvent,
    ProposedAct.RULING: models.ConflictRuling,
    ProposedAct.COVERAGE: models.Coverage,
    ProposedAct.WITHDRAWAL: models.Coverage,
}


# Facts that are codes, facts that are rows, facts that are days.
_CHOICES: Mapping[str, Any] = {
    "kind": EventKind,
    "state": models.CoverageState,
    "plan_kind": models.PlanKind,
}
_ROWS: Mapping[str, type[Any]] = {
    "plan": models.Plan,
    "other_plan": models.Plan,
    "carried_out": models.Plan,
    "theme": models.Theme,
    "corrects": models.PlanEvent,
}
_DAYS = frozenset({"on", "effective_from", "effective_to", "as_of", "valid_from", "valid_to"})


def effect_of_event(event: models.PlanEvent) -> dict[str, Any]:
    """What the event would change, as plain values; raises Refused where the rules forbid it."""
    effect: Effect = preview_event(event)
    return {
        "transitions": [
            {
                **asdict(one),
                "begins": one.begins.isoformat(),
                "ends": one.ends.isoformat() if one.ends else None,
            }
            for one in effect.transitions
        ],
        "parcels": effect.parcels,
    }


def effect_on_land(extent: MultiPolygon | None) -> dict[str, Any]:
    """How many parcels of today an area reaches, for acts that change no law."""
    if extent is None:
        return {}
    near = models.Parcel.objects.standing().filter(geometry__intersects=extent)
    return {"transitions": [], "parcels": near.count()}


def transitions_in_words(effect: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table of what changes."""
    return [
        {
            **row,
            "before": _status(row["before"]),
            "after": _status(row["after"]),
            "hectares": row["area_m2"] / 10_000,
            "begins": _date(row["begins"]),
            "ends": _date(row["ends"]) if row["ends"] else "…",
        }
        for row in effect.get("transitions", [])
    ]


def facts_in_words(proposal: models.Proposal) -> list[tuple[str, str]]:
    """Every fact of the proposal with its label, in the order of its form."""
    form = FORMS[proposal.act]
    rows = [(_("Office"), str(proposal.office))]
    if proposal.edition is not None:
        rows.append((_("Edition"), _edition(proposal.edition)))
    for name, field in form.base_fields.items():
        if name in proposal.facts:
            rows.append((str(field.label or _("Declaration")), _fact(name, proposal.facts[name])))
    if proposal.document is not None:
        rows.append((_("Document"), str(proposal.document)))
    return rows


def _fact(name: str, value: Any) -> str:
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name in _ROWS:
        return str(_ROWS[name]._default_manager.filter(pk=value).first() or value)
    if name in _DAYS:
        return _date(value)
    if name == "declaration":
        row = models.Coverage.objects.filter(declaration=UUID(value)).select_related("theme").first()
        return _declaration(row) if row else str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _edition(edition: models.Edition) -> str:
    words = [edition.code, edition.plan.title, edition.title]
    return " · ".join(word for word in words if word)


def _declaration(row: models.Coverage) -> str:
    kind = str(models.PlanKind(row.plan_kind).label) if row.plan_kind else _("all")
    words = [str(row.theme), kind, row.get_state_display(), _date(row.as_of.isoformat()), row.source]
    return " · ".join(words)


def _date(text: str) -> str:
    return day(date.fromisoformat(text))


def _status(code: str | None) -> str:
    return str(models.LegalStatus(code).label) if code else _("no status")

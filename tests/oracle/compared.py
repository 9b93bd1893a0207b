"""One question asked of the product and of the oracle; every difference in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from planning.answer import answer_parcel
from planning.answer.model import Answer, Item, OtherItem, PlanAnswer, ThemeAnswer
from tests.oracle.expected import Expected, Oracle, Part, PlanSays, ThemeSays, version
from tests.oracle.invented import Inventor


@dataclass(frozen=True)
class Question:
    """A parcel, a day and a revision; `known_at` is the moment of that revision, None for now."""

    parcel: str
    as_at: date
    revision: int
    known_at: datetime | None


class Examined:
    """A random town in the database, and questions about it."""

    def __init__(self, seed: int, *, today: date, steps: int) -> None:
        self.seed, self.today = seed, today
        self.random = Random(f"questions {seed}")
        self._oracles: dict[int, Oracle] = {}
        self._kept: dict[Question, str] = {}
        self.inventor = Inventor(seed, today)
        self.recorder = self.inventor.recorder
        self.inventor.town(steps, after_each=self._keep_one)

    def questions(self, count: int) -> list[Question]:
        """Random ones, sorted by revision so that each oracle is made once."""
        codes = sorted({d.code for d in self.recorder.facts.deliveries})
        moments = [*self.recorder.revisions]
        drawn = [(self.random.choice(codes), self.random.choice(moments), self._day()) for _ in range(count)]
        latest = moments[-1][0]
        return [
            Question(code, day, revision, None if revision == latest else at)
            for code, (revision, at), day in sorted(drawn, key=lambda row: (row[1], row[0], row[2]))
        ]

    def _day(self) -> date:
        return self.today + timedelta(days=self.random.randint(-45, 25))

    def differences(self, question: Question) -> list[str]:
        """What the product says otherwise than the oracle; empty where they agree."""
        answer = answer_parcel(question.parcel, as_at=question.as_at, known_at=question.known_at)
        oracle = self._oracle(question.revision)
        delivered = version(oracle.town.deliveries, question.parcel, question.as_at)
        if delivered is None:
            return []
        expected = oracle.answer(delivered.land, question.as_at, today=self.today)
        return [*compare(answer, expected)]

    def _keep_one(self) -> None:
        """Ask something when the town has just changed, to ask it again when it has changed on."""
        codes = sorted({d.code for d in self.recorder.facts.deliveries})
        revision, at = self.recorder.revisions[-1]
        question = Question(self.random.choice(codes), self._day(), revision, at)
        self._kept[question] = digest(question)

    def changed(self) -> list[Question]:
        """The questions about the past that have another digest now than when it was the present."""
        return [question for question, kept in self._kept.items() if digest(question) != kept]

    def _oracle(self, revision: int) -> Oracle:
        if revision not in self._oracles:
            self._oracles = {
                revision: Oracle(
                    self.recorder.facts, revision, first=self.inventor.first, last=self.inventor.last
                )
            }
        return self._oracles[revision]


def digest(question: Question) -> str:
    """SHA-256 of the legal core: equal where that is equal byte for byte."""
    return answer_parcel(question.parcel, as_at=question.as_at, known_at=question.known_at).digest


def compare(answer: Answer, expected: Expected) -> Iterator[str]:
    """Statuses, states and classes must be the same, areas within what a millimetre along the edge moves."""
    slack = 0.001 * answer.subject.shape.length + 0.01
    for theme in answer.themes:
        for difference in _theme(theme, expected.themes[theme.code], slack):
            yield f"{theme.code}: {difference}"
    past = {(item.zone.id, item.status): _part(item) for item in answer.superseded}
    if len(past) != len(answer.superseded):
        yield "superseded: a zone stands twice under one status"
    yield from _parts("superseded", past, expected.past, slack)
    listed = {(item.zone.id, item.status): _part(item) for item in answer.upcoming}
    waiting = {key: part for key, part in listed.items() if key in expected.coming}
    yield from _parts("upcoming", waiting, expected.coming, slack)
    shown = {item.zone.id for item in answer.upcoming}
    due = {zone for zone, _ in expected.coming} | expected.later
    if not due <= shown <= due | expected.more:
        yield f"upcoming: {sorted(shown)} instead of {sorted(due)}"
    for entry in answer.not_checked:
        yield f"not checked: {entry.theme} {entry.reason}"


def _theme(theme: ThemeAnswer, expected: ThemeSays, slack: float) -> Iterator[str]:
    for name in ("state", "partly_known", "withheld"):
        ours, theirs = getattr(expected, name), getattr(theme, name)
        if ours != theirs:
            yield f"{name} {theirs} instead of {ours}"
    coverage = tuple(sorted((row.state, row.plan_kind) for row in theme.coverage))
    if coverage != expected.coverage:
        yield f"coverage {coverage} instead of {expected.coverage}"
    plans = {plan.plan.id: plan for plan in theme.plans}
    if plans.keys() != expected.plans.keys():
        yield f"plans {sorted(plans)} instead of {sorted(expected.plans)}"
    for code in plans.keys() & expected.plans.keys():
        yield from _plan(plans[code], expected.plans[code], slack)
    conflicts = frozenset((c.plans[0].id, c.plans[1].id) for c in theme.conflicts)
    if conflicts != expected.conflicts:
        yield f"conflicts {sorted(conflicts)} instead of {sorted(expected.conflicts)}"


def _plan(plan: PlanAnswer, expected: PlanSays, slack: float) -> Iterator[str]:
    items = {item.zone.id: _part(item) for item in plan.items}
    yield from _parts(plan.plan.id, items, expected.items, slack)
    for name, ours in (("uncovered_m2", expected.uncovered), ("overlap_m2", expected.overlap)):
        theirs = getattr(plan, name)
        if (theirs is None) != (ours is None) or (ours is not None and abs(theirs - ours) > slack):
            yield f"{plan.plan.id}: {name} {theirs} instead of {ours}"


def _part(item: Item | OtherItem) -> Part:
    """A line has no area."""
    return Part(item.item_class.value, item.area_m2 or 0)  # type: ignore[arg-type]


def _parts(
    what: str, found: Mapping[object, Part], expected: Mapping[object, Part], slack: float
) -> Iterator[str]:
    for key in sorted(found.keys() | expected.keys(), key=str):
        theirs, ours = found.get(key), expected.get(key)
        same = theirs and ours and theirs.kind == ours.kind and abs(theirs.area - ours.area) <= slack
        if not same:
            yield f"{what}: {key} {theirs} instead of {ours}"

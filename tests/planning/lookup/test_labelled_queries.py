"""What people type finds what they mean, or they are asked; nothing wrong is ever put forward."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from planning.demonstration import load_demonstration
from planning.lookup import look_up
from planning.reference import load_reference
from tests.planning.lookup.labelled import Outcome, Query, judge, queries, table

FIXTURES = Path(__file__).parents[3] / "fixtures"
ON = date(2026, 11, 22)
LEAST_ANSWERED = 0.95
MOST_QUESTIONS = 12


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The national units and the town, committed once for this file; a flush leaves nothing to the next."""
    with django_db_blocker.unblock():
        load_reference(base=FIXTURES)
        load_demonstration(say=lambda step: None)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.usefixtures("_loaded")
def test_of_the_labelled_queries_nearly_all_are_answered_and_none_wrongly(
    django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = list(queries())
    with django_db_blocker.unblock(), translation.override("vi"):
        outcomes = [(query, _outcome(query)) for query in labelled]
    with capsys.disabled():
        print(f"\n\n{table(outcomes)}\n")
    counts = {outcome: sum(one is outcome for _, one in outcomes) for outcome in Outcome}
    wrong = [query.text for query, outcome in outcomes if outcome is Outcome.WRONG]

    assert len(labelled) >= 200
    assert not wrong
    assert (counts[Outcome.RESOLVED] + counts[Outcome.ASKED]) / len(labelled) >= LEAST_ANSWERED


def _outcome(query: Query) -> Outcome:
    return judge(query, look_up(query.text, on=ON))


@pytest.mark.usefixtures("_loaded")
def test_no_query_takes_many_statements(
    django_db_blocker: DjangoDbBlocker, django_assert_max_num_queries
) -> None:
    with django_db_blocker.unblock():
        for query in queries():
            with django_assert_max_num_queries(MOST_QUESTIONS, info=query.text):
                look_up(query.text, on=ON)


@pytest.mark.usefixtures("_loaded")
def test_every_candidate_says_why_in_both_languages(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        for query in list(queries())[::10]:
            for language in ("vi", "en"):
                with translation.override(language):
                    assert all(one.why for one in look_up(query.text, on=ON).candidates), query.text

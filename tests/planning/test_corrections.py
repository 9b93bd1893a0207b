"""Which facts stand after corrections, whatever the order in which they were recorded."""

from datetime import date
from itertools import permutations

from planning.corrections import Recorded, counting_correction, resolved

FACT = Recorded(key=1, facts=(date(2020, 1, 1), "a"))


def standing(*recorded):
    """The facts that count for the first one; the same in every order."""
    found = {
        one.facts
        for order in permutations(recorded)
        for one in resolved(order, rank=lambda facts: facts)
        if one.recorded.key == 1
    }
    assert len(found) == 1
    return found.pop()


def correction(key, of, day, number="b", *, is_void=False):
    return Recorded(key=key, facts=(day, number), corrects=of, is_void=is_void)


def test_a_fact_that_nobody_corrects_stands_as_recorded():
    (one,) = resolved([FACT], rank=lambda facts: facts)

    assert (one.facts, one.is_corrected) == (FACT.facts, False)


def test_the_correction_decided_last_counts():
    early, late = correction(2, 1, date(2021, 1, 1)), correction(3, 1, date(2022, 1, 1))

    assert standing(FACT, early, late) == late.facts


def test_of_corrections_of_one_day_the_decision_settles():
    one, other = correction(2, 1, date(2021, 1, 1), "x"), correction(3, 1, date(2021, 1, 1), "y")

    assert standing(FACT, one, other) == other.facts


def test_a_correction_of_a_correction_takes_its_place():
    first, again = correction(2, 1, date(2021, 1, 1)), correction(3, 2, date(2020, 6, 1))

    assert standing(FACT, first, again) == again.facts


def test_what_is_void_never_happened():
    assert standing(FACT, correction(2, 1, date(2021, 1, 1), is_void=True)) is None


def test_a_void_correction_leaves_the_fact_as_it_was():
    first = correction(2, 1, date(2021, 1, 1))

    assert standing(FACT, first, correction(3, 2, date(2022, 1, 1), is_void=True)) == FACT.facts


def test_what_was_made_void_in_error_can_be_given_its_particulars_again():
    void = correction(2, 1, date(2021, 1, 1), is_void=True)
    again = correction(3, 2, date(2022, 1, 1), "c")

    assert standing(FACT, void, again) == again.facts


def test_a_correction_of_what_is_not_there_says_nothing():
    assert standing(FACT, correction(3, 99, date(2022, 1, 1))) == FACT.facts


def test_the_correction_that_counts_is_the_one_to_be_corrected_next():
    first, again = correction(2, 1, date(2021, 1, 1)), correction(3, 2, date(2020, 6, 1))
    void = correction(4, 3, date(2022, 1, 1), is_void=True)

    def counting(*recorded):
        found = counting_correction(1, recorded, rank=lambda facts: facts)
        return None if found is None else found.key

    assert [counting(FACT), counting(FACT, first), counting(FACT, first, again)] == [None, 2, 3]
    assert counting(FACT, first, again, void) == 2

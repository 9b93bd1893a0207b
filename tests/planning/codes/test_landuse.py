"""Codes of a cell, the list entry they belong to, and the pattern of their group."""

import pytest

from planning.codes import Pattern, UseGroup, match_code, pattern_for, read_codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ONT+CLN", ("ONT", "CLN")),
        (" ONT + CLN ", ("ONT", "CLN")),
        ("CLN,ONT; NTS", ("CLN", "ONT", "NTS")),
        ("ONT+CLN+ONT", ("ONT", "CLN")),
        ("PD 1000", ("PD 1000",)),
        ("B3-2", ("B3-2",)),
        ("", ()),
        ("-", ()),
        (None, ()),
    ],
)
def test_several_codes_keep_the_order_in_which_they_were_written(text, codes):
    assert read_codes(text) == codes


KNOWN = ["PD", "PMD", "RM", "RM-5", "B3", "B3-1", "C1-1", "C1-1.5", "T", "ODT"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("B3-1", "B3-1"),
        ("b3-1 ", "B3-1"),
        ("PD 1000", "PD"),
        ("PMD-11", "PMD"),
        ("PMD13", "PMD"),
        ("RM5.5", "RM"),
        ("B3-10", "B3"),
        ("C1-1.5", "C1-1.5"),
        ("ODT2", "ODT"),
        ("ODTX", None),
        ("TX", None),
        ("", None),
    ],
)
def test_a_finer_code_belongs_to_the_longest_entry_it_starts_with(text, code):
    assert match_code(text, KNOWN) == code


def test_every_group_has_a_pattern_and_a_grey_print_tells_the_five_main_ones_apart():
    main = [
        UseGroup.FARM,
        UseGroup.HOUSING,
        UseGroup.PUBLIC,
        UseGroup.TRAFFIC,
        UseGroup.WATER,
    ]

    assert all(isinstance(pattern_for(group), Pattern) for group in UseGroup)
    assert len({pattern_for(group) for group in main}) == len(main)
    assert pattern_for("no such group") is Pattern.UNKNOWN

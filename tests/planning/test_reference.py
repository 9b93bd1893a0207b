"""Reference data: what the fixtures say is what the database holds, however often it is loaded."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from planning.codes import UseGroup, search_name
from planning.models import (
    AdminSuccession,
    AdminUnit,
    Certainty,
    LandUse,
    LandUseGroup,
    LandUseList,
    LandUseMatch,
    MatchKind,
    Theme,
)
from planning.reference import Selection, Written, load_reference

BASE = Path(settings.BASE_DIR) / "fixtures"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Written]:
    """The whole reference data, loaded once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_reference(base=BASE)
        transaction.set_rollback(True)


def test_all_rows_of_the_files_are_written(loaded):
    assert (loaded.units, loaded.successions) == (63 + 696 + 10_035 + 34 + 3_321, 10_665)
    assert (loaded.themes, loaded.unit_lists, loaded.land_use_lists) == (5, 2, 5)
    assert loaded.land_uses == 67 + 77 + 31 + 21 + 92
    assert (loaded.groups, loaded.matches) == (16, 2 * 169)


def test_loading_again_writes_nothing(loaded, django_assert_num_queries):
    # savepoint and release, one read per table, the keys of the land uses that are matched, and who acts
    with django_assert_num_queries(2 + 8 + 1 + 4):
        again = load_reference(base=BASE)

    assert set(astuple(again)) == {0}


def test_one_code_means_different_places_in_different_lists(loaded):
    old, new = AdminUnit.objects.get(id="2004-00070"), AdminUnit.objects.get(id="2025-00070")

    assert (old.name, new.name) == ("Phường Hàng Trống", "Phường Hoàn Kiếm")
    assert old.search_name == search_name(old.name) == "phuong hang trong"
    assert AdminSuccession.objects.filter(predecessor=old, successor=new).exists()


def test_split_communes_and_island_districts_keep_their_successors(loaded):
    split = AdminSuccession.objects.filter(is_partial=True, predecessor__kind="commune")
    island = AdminSuccession.objects.get(predecessor_id="2004-498")

    assert split.values("predecessor").distinct().count() == 471
    assert island.successor.name == "Đặc khu Hoàng Sa"


def test_a_changed_row_is_mended_and_a_drawn_boundary_is_kept(loaded):
    AdminUnit.objects.filter(id="2004-00070").update(name="Phường Sai", boundary_is_invented=True)

    written = load_reference(base=BASE)

    unit = AdminUnit.objects.get(id="2004-00070")
    assert written.units == 1
    assert (unit.name, unit.boundary_is_invented) == ("Phường Hàng Trống", True)


def test_every_land_use_has_a_known_group_and_every_theme_two_titles(loaded):
    assert set(LandUse.objects.values_list("group", flat=True)) <= set(UseGroup)
    assert all(theme.title_vi and theme.title_en for theme in Theme.objects.all())


def test_the_command_says_what_it_wrote(loaded, capsys):
    call_command("load_reference")

    assert "units 0" in capsys.readouterr().out


# land uses: lists, matches, groups


def matched(code_list: str, code: str, other: str) -> list[tuple[str, str]]:
    found = LandUse.objects.get(code_list=code_list, code=code).matching(other)
    return [(match.other.code, match.kind) for match in found]


def test_a_code_is_found_in_the_other_lists_and_back_again(loaded):
    assert matched("vn-2018", "BHK", "vn-2024") == [("HNK", "broader")]
    assert ("BHK", "narrower") in matched("vn-2024", "HNK", "vn-2018")
    assert matched("vn-2018", "ODT", "vn-2024") == [("ODT", "exact")]
    assert matched("vn-2024", "SKS", "vn-tt16-2025") == [("minerals", "exact")]
    assert matched("vn-tt16-2025", "heritage", "vn-2024") == [
        ("DDD", "narrower"),
        ("TIN", "narrower"),
        ("TON", "narrower"),
    ]


def test_the_closest_match_comes_first_and_nothing_is_made_up(loaded):
    assert matched("vn-2024", "HNK", "vn-2018")[0] == ("HNK", "exact")
    assert matched("vn-2024", "CNT", "vn-2018") == []
    assert matched("vn-2018", "KKT", "vn-2024") == []


def test_every_match_says_how_sure_it_is_and_where_from(loaded):
    assert set(LandUseMatch.objects.values_list("kind", flat=True)) <= set(MatchKind.values)
    assert not LandUseMatch.objects.filter(source="").exists()
    assert not LandUseMatch.objects.exclude(certainty__in=Certainty.values).exists()


def test_every_code_of_2018_says_what_it_is_in_2024_or_is_an_overlay(loaded):
    silent = [
        use.code
        for use in LandUse.objects.filter(code_list="vn-2018").exclude(group="overlay")
        if not use.matching("vn-2024").exists()
    ]

    assert silent == []


def test_every_entry_of_a_list_says_how_sure_it_is(loaded):
    assert not LandUse.objects.exclude(certainty__in=Certainty.values).exists()
    assert set(LandUse.objects.filter(code_list="vn-tt16-2025").values_list("certainty", flat=True)) == {
        "ours"
    }
    assert (
        LandUseList.objects.get(code="vn-2018").valid_to == LandUseList.objects.get(code="vn-2024").valid_from
    )


def test_the_groups_have_names_in_both_languages(loaded):
    assert set(LandUseGroup.objects.values_list("code", flat=True)) == {group.value for group in UseGroup}
    assert all(group.name_vi and group.name_en for group in LandUseGroup.objects.all())


def test_a_value_of_the_european_list_begins_with_its_number(loaded):
    values = LandUse.objects.exclude(hilucs="").values_list("hilucs", flat=True)

    assert len(values) > 60
    assert all(value[0] in "123456" and value[1] == "_" for value in values)


def test_a_selection_loads_only_what_it_names(db, tmp_path):
    (tmp_path / "reference.toml").write_text(
        'units = []\ncode_lists = ["chicago-zoning"]\n', encoding="utf-8"
    )

    selection = Selection.read(tmp_path, base=BASE)

    assert selection.units == ()
    assert selection.code_lists == {"chicago-zoning"}
    assert selection.themes == BASE / "themes.csv"
    assert Selection.read(BASE, base=BASE) == Selection.everything(BASE)

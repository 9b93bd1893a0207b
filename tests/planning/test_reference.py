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
from planning.models import AdminSuccession, AdminUnit, LandUse, Theme
from planning.reference import Written, load_reference

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
    assert (loaded.themes, loaded.unit_lists, loaded.land_use_lists) == (5, 2, 3)
    assert loaded.land_uses == 67 + 21 + 92


def test_loading_again_writes_nothing(loaded, django_assert_num_queries):
    # savepoint and release, and one read per table
    with django_assert_num_queries(2 + 6):
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

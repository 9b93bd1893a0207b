"""Texts of layers: what is taken for a wrong encoding, and what is not."""

import numpy as np
import pytest

from planning.imports.mapping import is_about_owners
from planning.imports.reading import RawLayer
from planning.imports.texts import put_in_order, tidy


def layer(*texts: str | None) -> RawLayer:
    return RawLayer(
        name="x",
        driver="GeoJSON",
        crs="EPSG:4326",
        encoding="UTF-8",
        encoding_is_guessed=False,
        is_table=False,
        rows=len(texts),
        columns={"name": list(texts)},
        kinds={"name": "OFTString"},
        geometry=np.empty(len(texts), dtype=object),
        wkb=[None] * len(texts),
        unparsed=frozenset(),
        missing=(),
    )


def codes(*texts: str | None) -> list[str]:
    return [finding.code for finding in put_in_order(layer(*texts))[1]]


@pytest.mark.parametrize("text", ["§Êt ë t¹i ®« thÞ", "Ñaát ôû taïi ñoâ thò", "ÄÃ¡ÂºÂ¥t", "Ä‘áº¥t á»Ÿ"])
def test_texts_in_an_old_encoding_are_asked_about(text: str) -> None:
    assert codes(text) == ["T01"]


@pytest.mark.parametrize(
    "text",
    [
        "Đất ở tại đô thị",
        "Hoà Bình",
        "toàn bộ",
        "HÀNG CÓT",
        "12 m² ± 0,5",
        "Zürich",
        "khoáng sản",
        "loại",
        "plain",
    ],
)
def test_texts_in_good_order_are_left_alone(text: str) -> None:
    assert codes(text, None) == []


def test_forbidden_characters_go_and_line_breaks_stay() -> None:
    columns, findings = put_in_order(layer("a\x00b\u202ec", "x\r\ny  z\u00a0"))

    assert columns["name"] == ["abc", "x\ny z"]
    assert {finding.code for finding in findings} == {"T02", "T03"}


@pytest.mark.parametrize("text", ["=1+1", "<b>x</b>", "javascript:alert(1)", "@cmd"])
def test_markup_and_formulas_are_said(text: str) -> None:
    assert codes(text) == ["T04"]


def test_negative_numbers_are_no_formulas() -> None:
    assert codes("-5", "- 3 m") == []


def test_letters_are_composed() -> None:
    assert tidy("Đô\u0302 thi\u0323") == "Đô\u0302 thị"


@pytest.mark.parametrize(
    ("name", "is_owner"),
    [
        ("chuSuDung", True),
        ("TEN_CHU", True),
        ("CCCD", True),
        ("so_gcn", True),
        ("Số GCN", True),
        ("chucNangSuDungDatMuc1", False),
        ("chuDauTu", False),
        ("zone_class", False),
    ],
)
def test_columns_about_owners_are_known(name: str, is_owner: bool) -> None:
    assert is_about_owners(name) is is_owner

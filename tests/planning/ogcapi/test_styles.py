"""Styles: valid for MapLibre, official colours, patterns as on paper, the labels that no map is without."""

import json
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray

from planning.codes.patterns import HATCHES
from planning.models import Publication
from planning.ogcapi.labels import always_labelled
from planning.ogcapi.styles import sprite
from tests import town

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
VALIDATOR = ROOT / "node_modules/@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.mjs"
STYLES = (
    "land-use",
    "land-use-patterns",
    "zones",
    "restriction-lines",
    "restriction-points",
    "plans",
    "parcels",
)


def style_of(client: Client, name: str, **query: str) -> dict[str, Any]:
    response = client.get(f"/ogc/styles/{name}", query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox.style+json"
    return dict(response.json())


def layer_of(style: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in style["layers"] if layer["id"] == name)


def chosen(expression: list[Any], value: str) -> str:
    """What a match expression gives for a value."""
    branches = zip(expression[2:-1:2], expression[3:-1:2], strict=True)
    return str(next((own for values, own in branches if value in values), expression[-1]))


def test_the_list_leads_to_every_style(client: Client, small_town: Publication) -> None:
    document = client.get("/ogc/styles?f=json").json()
    assert document["default"] == "land-use"
    assert set(STYLES) <= {one["id"] for one in document["styles"]}
    for one in document["styles"]:
        sheet = next(link for link in one["links"] if link["rel"] == "stylesheet")
        assert client.get(sheet["href"]).json()["version"] == 8


@pytest.mark.skipif(not shutil.which("node") or not VALIDATOR.exists(), reason="Node is not set up here")
@pytest.mark.parametrize("name", STYLES)
def test_maplibre_finds_no_fault(client: Client, small_town: Publication, tmp_path: Path, name: str) -> None:
    file = tmp_path / "style.json"
    file.write_text(json.dumps(style_of(client, name)), encoding="utf-8")
    command = [str(shutil.which("node")), str(VALIDATOR), str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_land_has_its_official_colour_a_dark_outline_and_its_code(
    client: Client, small_town: Publication
) -> None:
    style = style_of(client, "land-use")
    colours = layer_of(style, "zones-fill")["paint"]["fill-color"]
    assert colours[:2] == ["match", ["get", "class"]]
    assert chosen(colours, "town:ODT") == "#FFA0AA"
    assert chosen(colours, "town:DGT") == "#FFAA32"
    assert chosen(colours, "town:nobody-knows") == "#D5DAE0"
    assert layer_of(style, "zones-outline")["paint"] == {"line-color": "#14202B", "line-width": 1}
    label = layer_of(style, "zones-label")
    assert "code" in str(label["layout"]["text-field"])
    assert label["paint"]["text-halo-color"] == "#FFFFFF"


def test_land_without_an_official_colour_is_grey_and_crossed(client: Client, small_town: Publication) -> None:
    use = town.land_use("CXDT")
    use.colour = ""
    use.save()
    style = style_of(client, "land-use")
    assert chosen(layer_of(style, "zones-fill")["paint"]["fill-color"], "town:CXDT") == "#D5DAE0"
    crossed = layer_of(style, "zones-hatch")
    assert crossed["paint"]["fill-pattern"] == "unknown"
    assert "town:ODT" in str(crossed["filter"])
    assert "town:CXDT" not in str(crossed["filter"])


def test_patterns_tell_main_groups_apart(client: Client, small_town: Publication) -> None:
    use = town.land_use("ODT")
    use.group = "housing"
    use.save()
    hatches = layer_of(style_of(client, "land-use-patterns"), "zones-hatch")["paint"]["fill-pattern"]
    assert chosen(hatches, "town:ODT") == "hatch-right"
    names = client.get("/ogc/styles/land-use-patterns/sprite.json").json()
    assert set(hatches[3:-1:2]) <= set(names)


def test_kinds_of_restriction_differ_in_colour_and_dashes(client: Client, small_town: Publication) -> None:
    style = style_of(client, "restriction-lines")
    lines = [layer["paint"] for layer in style["layers"] if layer["type"] == "line"]
    assert len({paint["line-color"] for paint in lines}) == len(lines) == 5
    assert len({tuple(paint["line-dasharray"]) for paint in lines}) == 5


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("query", [{}, {"lang": "en"}, {"version": "1.20190101"}])
def test_two_archipelagos_are_labelled_in_every_style(
    client: Client, small_town: Publication, name: str, query: dict[str, str]
) -> None:
    style = style_of(client, name, **query)
    last = style["layers"][-1]
    features = style["sources"][last["source"]]["data"]["features"]
    assert [(one["properties"]["label"], *one["geometry"]["coordinates"]) for one in features] == [
        ("Quần đảo Hoàng Sa (Việt Nam)", 112.135, 16.568),
        ("Quần đảo Trường Sa (Việt Nam)", 114.45, 9.71),
    ]
    assert len(always_labelled()) == 2
    assert last["layout"]["text-allow-overlap"]
    assert not {"minzoom", "maxzoom", "filter"} & set(last)


def test_a_style_asks_no_other_host_and_no_server_of_letters(client: Client, small_town: Publication) -> None:
    style = style_of(client, "land-use")
    assert "glyphs" not in style
    assert set(re.findall(r"https?://([^/\"]+)", json.dumps(style))) == {"testserver"}


def test_the_tiles_of_a_style_are_those_of_the_version_asked_for(
    client: Client, small_town: Publication
) -> None:
    style = style_of(client, "land-use", version="1.20190101", lang="en")
    tilejson = client.get(style["sources"]["tiles"]["url"]).json()
    assert "/versions/1.20190101/tiles/WebMercatorQuad/" in tilejson["tiles"][0]
    assert client.get("/ogc/styles/land-use?version=8.20190101").status_code == 410


def test_every_layer_of_a_style_is_in_the_tiles(client: Client, small_town: Publication) -> None:
    style = style_of(client, "land-use")
    tilejson = client.get(style["sources"]["tiles"]["url"]).json()
    in_tiles = {layer["id"]: set(layer["fields"]) for layer in tilejson["vector_layers"]}
    for layer in style["layers"]:
        if layer.get("source") == "tiles":
            asked_for = set(re.findall(r"\['get', '(\w+)'\]", str(layer)))
            assert asked_for <= in_tiles[layer["source-layer"]], layer["id"]


def test_unknown_styles_and_files_are_not_found(client: Client, small_town: Publication) -> None:
    for path in ("styles/nothing", "styles/zones-history", "styles/land-use/sprite.gif", "styles/land-use/x"):
        response = client.get(f"/ogc/{path}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"


def test_a_style_that_the_reader_holds_is_not_sent_again(client: Client, small_town: Publication) -> None:
    tag = client.get("/ogc/styles/land-use?lang=vi")["ETag"]
    assert client.get("/ogc/styles/land-use?lang=vi", headers={"If-None-Match": tag}).status_code == 304


def test_a_colour_that_changed_gives_a_style_another_tag(client: Client, small_town: Publication) -> None:
    before = client.get("/ogc/styles/land-use?lang=vi")["ETag"]
    use = town.land_use("ODT")
    use.colour = "#123456"
    use.save()
    response = client.get("/ogc/styles/land-use?lang=vi", headers={"If-None-Match": before})
    assert response.status_code == 200
    assert "#123456" in response.content.decode()


# --- Sprites ---


def pixels(png: bytes) -> NDArray[np.uint8]:
    """An image of eight bits and four channels whose lines are stored as they are."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    lines = np.frombuffer(zlib.decompress(png[start + 4 : start + 4 + length]), dtype=np.uint8)
    return lines.reshape(height, 1 + width * 4)[:, 1:].reshape(height, width, 4)


@pytest.mark.parametrize("suffix", ["", "@2x"])
def test_the_sprite_holds_every_hatch_where_its_index_says(client: Client, suffix: str) -> None:
    index = client.get(f"/ogc/styles/land-use/sprite{suffix}.json").json()
    image = client.get(f"/ogc/styles/land-use/sprite{suffix}.png")
    assert image["Content-Type"] == "image/png"
    sheet = pixels(image.content)
    ratio = 2 if suffix else 1
    assert set(index) == {name.value for name in HATCHES}
    for name, hatch in HATCHES.items():
        at = index[name.value]
        cut = sheet[at["y"] : at["y"] + at["height"], at["x"] : at["x"] + at["width"]]
        assert at["pixelRatio"] == ratio
        assert cut.shape == (hatch.size * ratio, hatch.size * ratio, 4)
        assert (cut[..., 3].max() > 0) == bool(hatch.path or hatch.dots)


def test_a_horizontal_stroke_lies_where_the_path_says() -> None:
    alpha = sprite.drawn(HATCHES["horizontal"], 2)[..., 3]
    rows = alpha.max(axis=1)
    assert [number for number, ink in enumerate(rows) if ink] == [5, 6]
    assert (alpha[5] == alpha[5][0]).all()


@pytest.mark.parametrize(
    ("path", "strokes"),
    [
        ("M1 3H5M6 8H10", [((1, 3), (5, 3)), ((6, 8), (10, 8))]),
        ("M0 6L4 2L8 6", [((0, 6), (4, 2)), ((4, 2), (8, 6))]),
        ("M-2 10L10 -2", [((-2, 10), (10, -2))]),
        ("M3 0V6", [((3, 0), (3, 6))]),
        ("", []),
    ],
)
def test_path_data_are_read_as_a_browser_reads_them(path: str, strokes: list[Any]) -> None:
    assert list(sprite.segments(path)) == strokes


def test_the_reader_of_paths_knows_every_command_of_the_table() -> None:
    assert all(re.fullmatch(r"[MLHV\d .-]*", hatch.path) for hatch in HATCHES.values())

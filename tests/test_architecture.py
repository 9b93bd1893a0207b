"""The design as rules over the source: who may know whom, and what may be named where.

Each rule is a function from a source tree to the places that break it, so that a test can also show
that it finds a breach.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lowest first; a module may import from its own layer and from lower ones.
LAYERS: tuple[tuple[str, ...], ...] = (
    (
        "planning.errors",
        "planning.gdal_drivers",
        "planning.geometry",
        "planning.crs",
        "planning.codes",
        "planning.corrections",
    ),
    ("planning.models", "planning.querysets", "planning.migrations", "planning.audit"),
    (
        "planning.lookup",
        "planning.answer",
        "planning.documents",
        "planning.lifecycle",
        "planning.proposals",
        "planning.publication",
        "planning.cadastre",
        "planning.imports",
        "planning.reference",
        "planning.demonstration",
    ),
    (
        "planning.urls",
        "planning.admin",
        "planning.api",
        "planning.catalog",
        "planning.management",
        "planning.jobs",
        "planning.system_checks",
        "planning.apps",
        "planning.templatetags",
        "planning.sentences",
    ),
    ("portal", "manage"),
)
# Within the domain each package uses these and no other; a new line here is a decision.
MAY_USE: dict[str, set[str]] = {
    "errors": set(),
    "gdal_drivers": set(),
    "codes": set(),
    "corrections": set(),
    "crs": {"errors"},
    "geometry": {"errors"},
    "querysets": set(),
    "models": {"querysets"},
    "lookup": {"codes", "crs", "errors", "models", "querysets"},
    "answer": {"corrections", "crs", "errors", "geometry"},
    "cadastre": {"crs", "errors", "geometry", "models", "querysets"},
    "publication": {"audit", "cadastre", "corrections", "crs", "errors", "geometry", "models", "querysets"},
    "lifecycle": {"audit", "errors", "models", "publication"},
    "audit": {"models"},
    "proposals": {"audit", "errors", "lifecycle", "models", "publication"},
    "documents": {"audit", "errors", "models"},
    "imports": {
        "audit",
        "cadastre",
        "codes",
        "crs",
        "documents",
        "errors",
        "gdal_drivers",
        "geometry",
        "models",
    },
    "reference": {"audit", "codes", "models"},
    "demonstration": {"crs", "documents", "errors", "imports", "lifecycle", "models", "publication"},
    "ogcapi": {"crs", "errors"},
}
# Ways round the import statement.
BY_NAME = ("importlib.import_module", "django.utils.module_loading.import_string")
NO_DJANGO = LAYERS[0]
NO_HTTP = (*LAYERS[1], *LAYERS[2])
HTTP = ("rest_framework", "django.http", "django.views", "django.shortcuts", "django.urls")
# A standard's server: it can be lifted out as it is.
OGC_MAY_USE = ("planning.ogcapi", "planning.crs", "planning.errors")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "services", "common", "misc", "tools"}

# Whoever writes these into code has decided for one city what data should decide for each.
CITIES = (
    "Hà Nội", "Hanoi", "Hồ Chí Minh", "Ho Chi Minh", "Sài Gòn", "Saigon", "Đà Nẵng", "Da Nang", "Danang",
    "Hải Phòng", "Hai Phong", "Cần Thơ", "Can Tho", "Hoàn Kiếm", "Hoan Kiem", "Hàng Trống", "Hang Trong",
    "Chicago",
)  # fmt: skip
# the country; "Vietnamese" is a language
COUNTRY = re.compile(r"\b(?:Việt Nam|Viet ?[Nn]am)\b")
# The typeface is called so, and two archipelagos are labelled with their country wherever a map reaches
# them: that is a rule for every map, whatever place it shows.
CALLED_SO = ("Be Vietnam Pro", "Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)")
VN2000 = {4756, 3405, 3406, *range(5896, 5900), *range(6956, 6960), *range(9205, 9219)}
VN2000_TEXT = re.compile(r"(?:EPSG:)?(\d{4})|9\d{5}")
VN2000_IN_TEXT = re.compile("|".join(rf"EPSG:{code}\b|\b{900_000 + code}\b" for code in sorted(VN2000)))


@dataclass(frozen=True)
class Module:
    """One source file, by its dotted name."""

    name: str
    path: str
    tree: ast.Module

    def is_in(self, *packages: str) -> bool:
        return is_below(self.name, packages)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of everything imported, inside functions too; a member as `module.member`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def parsed(name: str, source: str, path: str = "sketch.py") -> Module:
    return Module(name, path, ast.parse(source))


def modules() -> list[Module]:
    found = []
    for path in sorted([*ROOT.glob("planning/**/*.py"), *ROOT.glob("portal/**/*.py")]):
        relative = path.relative_to(ROOT)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        found.append(parsed(name, path.read_text(encoding="utf-8"), str(relative)))
    return found


SOURCE = modules()
# What is run beside the service; it has no layer, but names no place either.
BESIDE = [
    parsed(
        ".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text(encoding="utf-8"), path.name
    )
    for path in sorted([*ROOT.glob("bench/**/*.py"), ROOT / "manage.py"])
]


def layer_of(name: str) -> int | None:
    return next((number for number, packages in enumerate(LAYERS) if is_below(name, packages)), None)


def upward_imports(source: list[Module]) -> list[str]:
    found = []
    for module in source:
        own = layer_of(module.name)
        for line, name in module.imports():
            other = layer_of(name)
            if own is not None and other is not None and other > own:
                found.append(f"{module.path}:{line} imports {name}")
    return found


def forbidden_imports(source: list[Module], inside: tuple[str, ...], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{module.path}:{line} imports {name}"
        for module in source
        if module.is_in(*inside)
        for line, name in module.imports()
        if is_below(name, forbidden)
    ]


def test_imports_point_one_way() -> None:
    assert not upward_imports(SOURCE)


def strangers(source: list[Module]) -> list[str]:
    """Imports of a domain package from one that its line in MAY_USE does not name."""
    found = []
    for module in source:
        own = module.name.split(".")[1] if module.name.startswith("planning.") else ""
        for line, name in module.imports():
            other = name.split(".")[1] if name.startswith("planning.") else name.split(".")[0]
            is_ours = name.startswith(("planning.", "portal"))
            if own in MAY_USE and is_ours and other != own and other not in MAY_USE[own]:
                found.append(f"{module.path}:{line} imports {name}")
    return found


def test_each_package_of_the_domain_uses_only_what_it_may() -> None:
    assert not strangers(SOURCE)


def test_nothing_is_imported_by_a_name_in_a_string() -> None:
    domain = tuple(f"planning.{package}" for package in MAY_USE)
    assert not forbidden_imports(SOURCE, domain, BY_NAME)


def test_a_breach_between_packages_of_one_layer_is_seen() -> None:
    assert strangers([parsed("planning.answer.compute", "from planning.ogcapi import problems")])
    assert strangers([parsed("planning.errors", "from planning.crs import CRS")])
    assert strangers([parsed("planning.lookup.search", "import planning.publication")])
    assert not strangers([parsed("planning.answer.compute", "from planning.crs import CRS")])


def test_every_module_has_its_layer() -> None:
    unplaced = [
        module.path
        for module in SOURCE
        if layer_of(module.name) is None and not module.is_in("planning.ogcapi") and module.name != "planning"
    ]
    assert not unplaced


def test_the_lowest_layer_knows_no_django() -> None:
    assert not forbidden_imports(SOURCE, NO_DJANGO, ("django", "rest_framework"))


def test_the_domain_knows_no_http() -> None:
    assert not forbidden_imports(SOURCE, NO_HTTP, HTTP)


def test_querysets_know_no_models() -> None:
    assert not forbidden_imports(SOURCE, ("planning.querysets",), ("planning.models",))


def test_the_ogc_server_uses_coordinates_and_errors_alone() -> None:
    found = [
        f"{module.path}:{line} imports {name}"
        for module in SOURCE
        if module.is_in("planning.ogcapi")
        for line, name in module.imports()
        if is_below(name, ("planning", "portal")) and not is_below(name, OGC_MAY_USE)
    ]
    assert not found


def test_the_portal_reaches_no_further_into_the_ogc_server_than_its_collections() -> None:
    found = [
        breach
        for breach in forbidden_imports(SOURCE, ("portal",), ("planning.ogcapi",))
        if not re.search(r"planning\.ogcapi\.(Collection|collections|urls|problems)", breach)
    ]
    assert not found


def test_nothing_happens_behind_the_back_of_a_save() -> None:
    assert not forbidden_imports(
        SOURCE, ("planning", "portal"), ("django.dispatch", "django.db.models.signals", "django.core.signals")
    )


def test_no_module_is_named_after_nothing() -> None:
    assert not [module.path for module in SOURCE if EMPTY_NAMES & set(module.name.split("."))]


def test_every_module_says_where_it_stands() -> None:
    silent = [
        module.path
        for module in SOURCE
        if not ast.get_docstring(module.tree) and module.tree.body and "/migrations/" not in module.path
    ]
    assert not silent


def degrees_for_metres(source: list[Module]) -> list[str]:
    """Uses of the database's `Area`, which calls square degrees square metres."""
    found = []
    for module in source:
        names = [name for _, name in module.imports()]
        imported = any(name.endswith(("models.functions.Area", "measure.Area")) for name in names)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and (
                (isinstance(node.func, ast.Name) and node.func.id == "Area" and imported)
                or (isinstance(node.func, ast.Attribute) and node.func.attr == "Area")
            ):
                found.append(f"{module.path}:{node.lineno} calls Area")
    return found


def test_nobody_measures_in_square_degrees() -> None:
    assert not degrees_for_metres(SOURCE)


def unpinned_transforms(source: list[Module]) -> list[str]:
    """Calls of a geometry's own `transform`, which takes whatever operation PROJ prefers."""
    allowed = {"crs", "shapely", "operations", "transformer"}
    return [
        f"{module.path}:{node.lineno} transforms without the pinned operation"
        for module in source
        if not module.is_in("planning.crs")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "transform"
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id in allowed)
    ]


def test_coordinates_are_transformed_in_one_place() -> None:
    assert not unpinned_transforms(SOURCE)


def _exempt(module: Module) -> set[ast.AST]:
    """What is written for people: docstrings, translated sentences, examples."""
    found: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(node.value)
        elif isinstance(node, ast.Call) and _called(node) in {"_", "gettext", "gettext_lazy", "ngettext"}:
            found |= set(ast.walk(node))
        elif isinstance(node, ast.keyword) and node.arg in {"examples", "example", "help", "description"}:
            found |= set(ast.walk(node.value))
    return found


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def named_places(source: list[Module]) -> list[str]:
    """Cities and their coordinate systems in code, where data should say them."""
    found = []
    for module in source:
        if module.is_in("planning.crs"):
            continue
        exempt = _exempt(module)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and node not in exempt and _names_a_place(node.value):
                found.append(f"{module.path}:{node.lineno} names {node.value!r:.60}")
    return found


def _names_a_place(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return value in VN2000 or value - 900_000 in VN2000
    if isinstance(value, str):
        match = VN2000_TEXT.fullmatch(value.strip())
        return bool(names_in(value)) or bool(
            match and int(match[0].removeprefix("EPSG:")) % 900_000 in VN2000
        )
    return False


def names_in(text: str) -> list[str]:
    """Cities, the country and its systems of coordinates in a text."""
    for name in CALLED_SO:
        text = text.replace(name, "")
    cities = [city for city in CITIES if city in text]
    return [*cities, *COUNTRY.findall(text), *VN2000_IN_TEXT.findall(text)]


def test_no_city_and_none_of_its_coordinate_systems_is_named_in_code() -> None:
    assert not named_places([*SOURCE, *BESIDE])


def texts() -> list[Path]:
    """All that is no Python: pages, styles, scripts of browser and shell, settings of the project."""
    patterns = ("*.html", "*.js", "*.mjs", "*.css", "*.txt", "*.svg", "*.json", "*.sql", "*.toml")
    served = [
        path
        for pattern in patterns
        for folder in ("planning", "portal")
        for path in (ROOT / folder).rglob(pattern)
        if "vendor" not in path.parts
    ]
    run = [path for folder in ("script", ".ci") for path in (ROOT / folder).iterdir() if path.is_file()]
    return [*served, *run, ROOT / "pyproject.toml", ROOT / "package.json"]


def test_no_city_and_none_of_its_coordinate_systems_is_named_in_any_other_file() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in texts()
        if (names := names_in(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "text", ["<p>Hà Nội</p>", "crs=EPSG:9210", "srid: 905897", "made for Việt Nam", "city = 'Chicago'"]
)
def test_a_place_named_in_a_page_or_a_script_is_found(text: str) -> None:
    assert names_in(text)


@pytest.mark.parametrize(
    "text", ["font: 'Be Vietnam Pro'", "Quần đảo Hoàng Sa (Việt Nam)", "EPSG:4326", "EPSG:58970", "PORT=9210"]
)
def test_a_typeface_a_world_wide_system_or_a_port_is_no_place(text: str) -> None:
    assert not names_in(text)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("planning.geometry.measure", "from planning.models import Zone"),
        ("planning.models.plans", "from planning.lifecycle import approve"),
        ("planning.answer.core", "def late():\n    from planning import api"),
        ("planning.api.views", "import portal.views"),
    ],
)
def test_an_import_that_points_upward_is_found(name: str, source: str) -> None:
    assert upward_imports([parsed(name, source)])


@pytest.mark.parametrize(
    "source", ["ZONE = 5897", "crs = 'EPSG:9210'", "srid = 905897", "TOWN = 'phường Hàng Trống'"]
)
def test_a_place_named_in_code_is_found(source: str) -> None:
    assert named_places([parsed("planning.lookup.words", source)])


@pytest.mark.parametrize(
    "source",
    ['"""Near Hanoi."""', "_('Write it like EPSG:5897.')", "f(examples=('EPSG:5897',))", "N = 58970"],
)
def test_a_place_named_for_people_is_no_breach(source: str) -> None:
    assert not named_places([parsed("planning.lookup.words", source)])


def test_a_measure_in_degrees_is_found() -> None:
    source = "from django.contrib.gis.db.models.functions import Area\nzones.annotate(a=Area('geometry'))"
    assert degrees_for_metres([parsed("planning.answer.core", source)])


def test_an_unpinned_transform_is_found() -> None:
    assert unpinned_transforms([parsed("planning.answer.core", "geometry.transform(32648)")])

"""Who may import whom: a folder is a floor, and a module imports only from floors below its own."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "toolkit"

# One line a floor, from the ground up: its rooms, and the libraries that each may use beside the
# standard one. A module imports from its own room and from the floors below.
WORKBOOKS = {"pydantic", "pydantic_core", "openpyxl", "defusedxml"}
FLOORS: list[dict[str, set[str]]] = [
    {"errors": set(), "html": set(), "numerics": {"numpy", "scipy"}},
    {"review": set()},
    {"results": {"numpy", "pandas"}, "sheets": WORKBOOKS},
    {
        "checks": {"statsmodels"},
        "analysis": {"numpy", "scipy", "statsmodels"},
        "figures": {"numpy", "matplotlib", "PIL", "fontTools"},
    },
    {
        "load": set(),
        "papers": {"defusedxml", "lxml", "pdfplumber", "pdfminer"},
        "calibration": {"numpy", "scipy", "joblib", "threadpoolctl"},
        "scripts": set(),
    },
    {"audit": {"scipy", "statsmodels"}},
    {
        "book": {
            "numpy",
            "scipy",
            "matplotlib",
            "openpyxl",
            "jinja2",
            "markupsafe",
            "docutils",
            "sphinx",
            "latex2mathml",
            "yaml",
        },
        "reviewing": set(),
    },
    {
        "desk": {"starlette", "uvicorn", "jinja2", "markupsafe", "filelock"},
        "takeaway": {"jinja2", "docx", "matplotlib", "PIL"},
    },
    {"cli": {"typer", "rich"}},
    {"__main__": set()},
]


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def home(module: str) -> str:
    """Return the first name below toolkit: ``toolkit.figures.forest.plot`` -> figures."""
    return [*module.split("."), ""][1]


def imports(path: Path) -> set[str]:
    """Return every module that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute here"
            if node.module == "toolkit":
                found |= {f"toolkit.{alias.name}" for alias in node.names}
            else:
                found.add(node.module or "")
    return found


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_the_house_is_small_enough_to_keep_in_mind() -> None:
    rooms = {room for floor in FLOORS for room in floor}
    assert rooms == {room_of(path) for path in modules()}
    assert len(FLOORS) <= 10
    assert len(rooms) <= 20


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_its_own_room_and_the_floors_below(path: Path) -> None:
    room = room_of(path)
    floor = floor_of(room)
    below = {other for rooms in FLOORS[:floor] for other in rooms} | {room, "__version__"}
    libraries = FLOORS[floor][room] | {"_typeshed"} | set(sys.stdlib_module_names)
    wrong = set()
    for module in imports(path):
        top = module.split(".")[0]
        # The face of the package stands for all that it names: for code that runs in a page.
        allowed = home(module) in below | {""} if top == "toolkit" else top in libraries
        if not allowed:
            wrong.add(module)
    assert not wrong, f"{path.name} is on floor {floor + 1}, so it may not import {wrong}"


def test_the_package_imports_nothing_heavy_until_asked() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    at_once = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
    }
    assert at_once <= {"__future__", "importlib", "os", "typing"}


def test_a_noun_names_one_thing() -> None:
    found: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path.relative_to(PACKAGE).as_posix())
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def review_words() -> set[str]:
    """Return the words that belong to the reviews: ids, authors, drugs, diseases."""
    words = {"venetoclax", "azacitidine", "decitabine", "leukemia", "leukaemia", "lymphoma"}
    words |= {"aml", "mds", "blast", "myeloid", "venetoclax-azacitidine", "ven", "aza"}
    words |= {"lymphoblastic", "infant", "infants", "kmt2a", "interfant", "jplsg", "efs"}
    words |= {"blinatumomab", "lestaurtinib", "clofarabine", "gemtuzumab", "daunorubicin"}
    words |= {"cytarabine", "sorafenib", "bortezomib", "vorinostat", "revumenib"}
    for review in (CHECKOUT / "extractions").glob("*/review.toml"):
        words.add(review.parent.name)
        folders = (path for path in (review.parent / "series").glob("*") if path.is_dir())
        words |= {path.name for path in folders}
    return words


# Files in which a reader finds words.
SPOKEN = {".py", ".md", ".yml", ".css", ".js", ".html", ".jinja", ".j2", ".bib", ".svg", ".toml"}


def test_the_toolkit_knows_no_review_drug_or_disease() -> None:
    words = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(review_words())))})(?![\w-])")
    told = [
        f"{path.relative_to(CHECKOUT).as_posix()}, line {number}: {match.group()}"
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in SPOKEN
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := words.search(line.lower()))
    ]
    assert told == []

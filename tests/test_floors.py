"""Who may import whom: two towers, sheets and analysis, that meet only at the roof."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "toolkit"

NOUNS = {"errors", "problems", "observations", "review", "method", "synthesis", "variation"}
NOUNS |= {"cell_words", "fixed_methods", "leaning"}
ANALYSIS = {"calibration", "choices", "diagnostics", "memory", "models", "overlap", "pooling"}
ANALYSIS |= {"row_effects", "rows", "selection", "sensitivity", "small_series"}
ROOF = {
    "book",
    "cli",
    "cli_calibrate",
    "cli_sheets",
    "new_review",
    "preview",
    "preview_page",
    "preview_text",
}
ROOF |= {"reading", "testing", "workbooks", "__main__"}

SIMULATION = {"joblib", "threadpoolctl"}
WORKBOOKS = {"pydantic", "pydantic_core", "openpyxl", "defusedxml"}

# Floor -> the modules on it, the floors it stands on, the libraries it may use.
FLOORS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "nouns": (NOUNS, set(), set()),
    "numerics": ({"numerics"}, set(), {"numpy", "scipy"}),
    "sheets": ({"sheets", "bare_table"}, {"nouns"}, WORKBOOKS),
    "checks": ({"checks"}, {"nouns", "sheets"}, {"statsmodels"}),
    "analysis": (ANALYSIS, {"nouns", "numerics"}, {"numpy", "scipy", "statsmodels", *SIMULATION}),
    "audit": (
        {"audit"},
        {"nouns", "sheets", "checks", "numerics", "analysis"},
        {"scipy", "statsmodels"},
    ),
    "tables": ({"tables"}, {"nouns"}, {"pandas"}),
    "figures": ({"figures"}, {"nouns"}, {"numpy", "matplotlib", "PIL"}),
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def home(module: str) -> str:
    """Return the first name below toolkit: ``toolkit.figures.forest`` -> figures."""
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


def floor_of(path: Path) -> str | None:
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return next((floor for floor, (names, _, _) in FLOORS.items() if name in names), None)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_its_own_floor_and_those_below(path: Path) -> None:
    floor = floor_of(path)
    if floor is None:
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        assert name in ROOF, f"{name} stands on no floor: give it one in this file"
        return
    names, below, libraries = FLOORS[floor]
    reachable = names.union(*(FLOORS[other][0] for other in below), {"__version__"})
    wrong = set()
    for module in imports(path):
        top = module.split(".")[0]
        if top == "toolkit":
            allowed = home(module) in reachable
        else:
            allowed = top in libraries | {"_typeshed"} or top in sys.stdlib_module_names
        if not allowed:
            wrong.add(module)
    assert not wrong, f"{path.name} is on the floor of {floor}, so it may not import {wrong}"


def test_the_package_imports_nothing_heavy_until_asked() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    at_once = {
        name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
    }
    assert at_once <= {"__future__", "importlib", "typing"}


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


def test_the_toolkit_knows_no_review_drug_or_disease() -> None:
    words = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(review_words())))})(?![\w-])")
    told = [
        f"{path.relative_to(CHECKOUT).as_posix()}, line {number}: {match.group()}"
        for path in PACKAGE.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (match := words.search(line.lower()))
    ]
    assert told == []

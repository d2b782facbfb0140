"""Pool what small case series report.

>>> import toolkit as tk
>>> events, total = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
>>> answer = tk.pool_counts(events, total, method=tk.Method(interval="t"))
>>> print(f"{answer.typical.estimate:.2f} ({answer.typical.low:.2f} to {answer.typical.high:.2f})")
0.41 (0.18 to 0.70)
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

# The one list of public names: type checkers follow these imports, `__getattr__` reads them.
if TYPE_CHECKING:
    from toolkit.analysis.influence import influence as influence
    from toolkit.analysis.leave_out import cumulative as cumulative
    from toolkit.analysis.leave_out import leave_one_out as leave_one_out
    from toolkit.analysis.ordered import pool_ordered as pool_ordered
    from toolkit.analysis.pool import pool as pool
    from toolkit.analysis.pool_counts import pool_counts as pool_counts
    from toolkit.analysis.pooled_effects import pool_effects as pool_effects
    from toolkit.analysis.regression import meta_regression as meta_regression
    from toolkit.analysis.shrunken import shrunken as shrunken
    from toolkit.analysis.shrunken import spread_by_likelihood as spread_by_likelihood
    from toolkit.analysis.small_study import small_study as small_study
    from toolkit.analysis.specification_curve import specification_curve as specification_curve
    from toolkit.analysis.subsets import all_subsets as all_subsets
    from toolkit.analysis.table_pools import pool_table as pool_table
    from toolkit.calibration.card import coverage_card as coverage_card
    from toolkit.errors import ChoiceError as ChoiceError
    from toolkit.errors import SheetError as SheetError
    from toolkit.errors import ToolkitError as ToolkitError
    from toolkit.figures.bubbles import bubble_plot as bubble_plot
    from toolkit.figures.forest.plot import forest as forest
    from toolkit.figures.influence import influence_plot as influence_plot
    from toolkit.figures.small_study import small_study_plot as small_study_plot
    from toolkit.figures.specification_curve import specification_plot as specification_plot
    from toolkit.figures.steps import cumulative_plot as cumulative_plot
    from toolkit.figures.steps import leave_one_out_plot as leave_one_out_plot
    from toolkit.figures.subsets import subsets_plot as subsets_plot
    from toolkit.load import read as read
    from toolkit.papers.drafts import draft as draft
    from toolkit.results.ladder import Ladder as Ladder
    from toolkit.results.regression import MetaRegression as MetaRegression
    from toolkit.results.synthesis import Synthesis as Synthesis
    from toolkit.results.tables import frame as frame
    from toolkit.review.method import Method as Method
    from toolkit.review.review import Review as Review
    from toolkit.reviewing.flat import flat_csv as flat_csv
    from toolkit.scripts.script import script as script
    from toolkit.sheets.table.read import read_table as read_table
    from toolkit.sheets.table.table import Table as Table

__version__ = "0.1.0"

# With lxml, where it is installed, openpyxl would unfold entities and write other bytes.
os.environ["OPENPYXL_LXML"] = "False"


def _read_homes() -> dict[str, str]:
    """Return the module of every public name: the imports above, read and not run."""
    import ast

    with open(__file__, encoding="utf-8") as source:  # noqa: PTH123 - pathlib would be imported
        tree = ast.parse(source.read())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


# Imported when first asked for: checking a sheet must not wait for scipy and matplotlib.
_HOMES = _read_homes()

__all__ = [*_HOMES]  # noqa: PLE0604, RUF100


def __getattr__(name: str) -> Any:
    """Return a public name, importing its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])

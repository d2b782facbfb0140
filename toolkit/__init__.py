"""Pool what small case series report.

>>> import toolkit as tk
>>> answer = tk.pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
>>> print(f"{answer.typical.estimate:.2f} ({answer.typical.low:.2f} to {answer.typical.high:.2f})")
0.41 (0.18 to 0.70)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.calibration import coverage_card as coverage_card
    from toolkit.choices import specification_curve as specification_curve
    from toolkit.errors import ChoiceError as ChoiceError
    from toolkit.errors import SheetError as SheetError
    from toolkit.errors import ToolkitError as ToolkitError
    from toolkit.figures.forest import forest as forest
    from toolkit.method import Method as Method
    from toolkit.pooling import pool as pool
    from toolkit.pooling import pool_counts as pool_counts
    from toolkit.reading import read as read
    from toolkit.review import Review as Review
    from toolkit.sensitivity import all_subsets as all_subsets
    from toolkit.sensitivity import cumulative as cumulative
    from toolkit.sensitivity import leave_one_out as leave_one_out
    from toolkit.synthesis import Synthesis as Synthesis
    from toolkit.tables import frame as frame

__version__ = "0.1.0"

# Imported when first asked for: checking a sheet must not wait for scipy and matplotlib.
_HOMES = {
    "ChoiceError": "toolkit.errors",
    "Method": "toolkit.method",
    "Review": "toolkit.review",
    "SheetError": "toolkit.errors",
    "Synthesis": "toolkit.synthesis",
    "ToolkitError": "toolkit.errors",
    "all_subsets": "toolkit.sensitivity",
    "coverage_card": "toolkit.calibration",
    "cumulative": "toolkit.sensitivity",
    "forest": "toolkit.figures.forest",
    "frame": "toolkit.tables",
    "leave_one_out": "toolkit.sensitivity",
    "pool": "toolkit.pooling",
    "pool_counts": "toolkit.pooling",
    "read": "toolkit.reading",
    "specification_curve": "toolkit.choices",
}

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

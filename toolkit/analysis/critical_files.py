"""Files of critical values: found by the sizes of the series, whichever review keeps them.

Critical values of the profile likelihood ratio depend on the sizes of the series alone, so a file
in the folder of any review serves every pool of series of these sizes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from toolkit.errors import ToolkitError
from toolkit.numerics.batches.critical_values import ROOT_STEP, CriticalValues

FOLDER = "critical-values"
"""Folder of such files within that of a review."""

SHIPPED = Path(__file__).resolve().parents[1] / "calibration" / FOLDER
"""Critical values of the designs of the calibration grid, which come with the package."""

_PLACES = (Path("extractions"), Path(__file__).resolve().parents[2] / "extractions")


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalFile:
    """A file of critical values: equal words, equal values."""

    name: str
    digest: str
    path: Path = field(repr=False, compare=False)

    @property
    def values(self) -> CriticalValues:
        """What the file holds."""
        return read_critical_values(self.path)


def find_critical_values(total: Sequence[int], level: float) -> CriticalFile | None:
    """Return the file for series of these sizes, in any order; None where there is none."""
    name = file_name(total, level)
    kept = (path for place in _PLACES for path in sorted(place.glob(f"*/{FOLDER}/{name}")))
    path = next(chain((each for each in (SHIPPED / name,) if each.is_file()), kept), None)
    if path is None:
        return None
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return CriticalFile(name=name, digest=digest, path=path)


def file_name(total: Sequence[int], level: float) -> str:
    """Return the name of the file for series of these sizes."""
    sizes = "-".join(str(n) for n in sorted(total))
    if len(sizes) > 80:
        sizes = f"{len(total)}-series-{hashlib.sha256(sizes.encode()).hexdigest()[:16]}"
    return f"{sizes}_{100 * level:g}.npz"


@lru_cache(maxsize=32)
def read_critical_values(path: Path) -> CriticalValues:
    """Return the critical values of a file.

    Raises
    ------
    ToolkitError
        If the file is not one that `write_critical_values` made.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return CriticalValues(
                sizes=tuple(int(n) for n in file["sizes"]),
                level=float(file["level"]),
                seed=int(file["seed"]),
                tables=int(file["tables"]),
                enumerated=bool(file["enumerated"]),
                values=(file["roots"] * ROOT_STEP) ** 2,
            )
    except (OSError, ValueError, KeyError) as error:
        raise ToolkitError(
            f"{path} does not hold critical values ({error}). Delete it, and "
            "`toolkit calibrate REVIEW --critical-values` makes it again."
        ) from error


def write_critical_values(folder: Path, found: CriticalValues) -> Path:
    """Write critical values into a folder, under the name of their sizes; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(found.sizes, found.level)
    np.savez_compressed(
        path,
        sizes=np.array(found.sizes, dtype=np.int64),
        level=np.array(found.level),
        seed=np.array(found.seed),
        tables=np.array(found.tables),
        enumerated=np.array(found.enumerated),
        roots=np.rint(np.sqrt(found.values) / ROOT_STEP).astype(np.uint16),
    )
    return path

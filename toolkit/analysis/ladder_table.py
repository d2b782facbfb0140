"""The counts of ordered outcomes as arrays, checked: no part exceeds its whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from toolkit.analysis.bare_rows import bare_rows
from toolkit.errors import ToolkitError
from toolkit.numerics.ladder.links import Links, lay_out_links, reported, tightened

Counts = npt.NDArray[np.int64]
Cell = int | tuple[int, int] | None
"""A count, the range it lies in, or None where nothing is reported."""

MOST_RUNGS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderTable:
    """Ordered outcomes of some series.

    Attributes
    ----------
    names : tuple of str
        Rungs, outermost first.
    labels : tuple of str
        Series, (k,).
    total : (k,)
    low, high : (k, J)
        Admissible counts, with what the rungs leave of each other's ranges.
    reported : (k, J)
        Where a series says more of a rung than its other rungs imply.
    dropped : tuple of str
        Rungs of which no series says anything.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    total: Counts
    low: Counts
    high: Counts
    reported: npt.NDArray[np.bool_]
    dropped: tuple[str, ...]

    @property
    def telling(self) -> npt.NDArray[np.bool_]:
        """Which series say something, (k,)."""
        return np.asarray(self.reported.any(axis=1))

    @property
    def k(self) -> int:
        """Number of series that say something."""
        return int(self.telling.sum())

    @property
    def links(self) -> Links:
        """What the series say, cut at the counts that are exact."""
        return lay_out_links(self.low, self.high, self.total)

    @property
    def both_ends(self) -> dict[str, int]:
        """Series that say something of each rung and of the one above it."""
        outer = np.concatenate([np.ones((len(self.total), 1), dtype=bool), self.reported], axis=1)
        both = (outer[:, :-1] & outer[:, 1:]).sum(axis=0)
        return dict(zip(self.names, both.tolist(), strict=True))

    def among(self, names: Sequence[str]) -> LadderTable:
        """Return the table of some rungs; what the others leave of their ranges stays."""
        kept = [self.names.index(name) for name in names]
        low, high = self.low[:, kept], self.high[:, kept]
        return replace(
            self,
            names=tuple(names),
            low=low,
            high=high,
            reported=reported(low, high, self.total),
        )

    def without(self, series: int) -> LadderTable:
        """Return the table of the other series; the rungs stay, even where nobody else reports."""
        kept = np.arange(len(self.total)) != series
        return LadderTable(
            names=self.names,
            labels=tuple(np.array(self.labels, dtype=object)[kept]),
            total=self.total[kept],
            low=self.low[kept],
            high=self.high[kept],
            reported=self.reported[kept],
            dropped=self.dropped,
        )


def ladder_table(
    total: Sequence[int], rungs: Mapping[str, Sequence[Cell]], labels: Sequence[str] | None
) -> LadderTable:
    """Return bare numbers as a table, without the rungs that nobody reports.

    Raises
    ------
    ToolkitError
        For numbers that are no counts, and for a series that contradicts itself.
    """
    names = tuple(rungs)
    if not names:
        raise ToolkitError("A ladder needs at least one rung: a name with one entry per series.")
    for name in names:
        if len(rungs[name]) != len(total):
            raise ToolkitError(
                f"{name} has {len(rungs[name])} entries and total has {len(total)}: each rung "
                "needs one entry per series, None where a series does not report it."
            )
    sizes = bare_rows([0] * len(total), total, labels, level=0.95)
    size = np.array([row.total for row in sizes], dtype=np.int64)
    shown = tuple(row.label for row in sizes)
    ranges = [_ranges(rungs[name], size, shown, name) for name in names]
    low = np.stack([first for first, _ in ranges], axis=1)
    high = np.stack([last for _, last in ranges], axis=1)
    _refuse_contradictions(low, high, names, shown)
    told = reported(low, high, size)
    # Where no series is left to say which rungs there are, all of them stay.
    kept = told.any(axis=0) | ~told.any()
    if kept.sum() > MOST_RUNGS:
        raise ToolkitError(
            f"A ladder has at most {MOST_RUNGS} rungs, and {int(kept.sum())} are reported here "
            f"({', '.join(np.array(names)[kept].tolist())}): leave out the ones in between."
        )
    low, high = tightened(low[:, kept], high[:, kept], size)
    return LadderTable(
        names=tuple(np.array(names, dtype=object)[kept]),
        labels=shown,
        total=size,
        low=low,
        high=high,
        reported=told[:, kept],
        dropped=tuple(np.array(names, dtype=object)[~kept]),
    )


def _ranges(
    cells: Sequence[Cell], total: Counts, labels: tuple[str, ...], name: str
) -> tuple[Counts, Counts]:
    """Return the admissible counts of one rung, (k,) each."""
    low, high = np.zeros_like(total), total.copy()
    for i, cell in enumerate(cells):
        if cell is None:
            continue
        ends = cell if isinstance(cell, tuple | list) else (cell, cell)
        (row,) = bare_rows([ends], [int(total[i])], [f"{labels[i]}, {name}"], level=0.95)
        if row.events_low is not None and row.events_high is not None:
            low[i], high[i] = row.events_low, row.events_high
    return low, high


def _refuse_contradictions(
    low: Counts, high: Counts, names: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    """Raise ToolkitError naming every part that exceeds its whole."""
    found = []
    for i, label in enumerate(labels):
        for outer in range(len(names)):
            for inner in range(outer + 1, len(names)):
                if low[i, inner] > high[i, outer]:
                    found.append(
                        f"{label}: {names[inner]} is {_least(low[i, inner], high[i, inner])}, but "
                        f"{names[outer]}, of which it is a part, is "
                        f"{_most(low[i, outer], high[i, outer])}"
                    )
    if found:
        raise ToolkitError(
            f"{'; '.join(found)}. A part cannot exceed its whole: correct the number, or give None "
            "for the rung that does not count the same patients."
        )


def _least(low: int, high: int) -> str:
    return f"{low}" if low == high else f"at least {low}"


def _most(low: int, high: int) -> str:
    return f"{high}" if low == high else f"at most {high}"

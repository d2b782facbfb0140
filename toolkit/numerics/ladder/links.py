"""What each series says of a ladder, cut at the rungs it gives exactly.

Between two exact counts the steps of a series hang together, and across an exact count they do
not: its likelihood is a product over such links. A link of one step is an ordinary binomial cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from toolkit.numerics.tables import Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Counts of one series from an exact one down to the next exact one, or to the last known.

    Attributes
    ----------
    series : int
        Which series.
    step : int
        The first step, from 0; the link has ``len(low) - 1`` steps.
    low, high : tuple of int
        Admissible counts, the exact upper one first.
    """

    series: int
    step: int
    low: tuple[int, ...]
    high: tuple[int, ...]

    @property
    def steps(self) -> range:
        """The steps that take part."""
        return range(self.step, self.step + len(self.low) - 1)

    @property
    def single(self) -> bool:
        """Whether one step alone takes part."""
        return len(self.low) == 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """All links of some series.

    Attributes
    ----------
    links : tuple of Link
    steps : int
        J, the steps of the ladder.
    """

    links: tuple[Link, ...]
    steps: int

    @property
    def longer(self) -> tuple[Link, ...]:
        """The links over which steps hang together."""
        return tuple(link for link in self.links if not link.single)

    def cells(self, step: int) -> tuple[Integers, Integers, Integers]:
        """Return low, high and total of the ordinary cells of one step, each (c,)."""
        found = [(link.low[1], link.high[1], link.low[0]) for link in self.single(step)]
        low, high, total = np.array(found, dtype=np.int64).reshape(-1, 3).T
        return low, high, total

    def single(self, step: int) -> tuple[Link, ...]:
        """Return the links that are ordinary cells of one step."""
        return tuple(link for link in self.links if link.single and link.step == step)

    def bound(self, step: int) -> bool:
        """Whether a step hangs together with another."""
        return any(step in link.steps for link in self.longer)

    def blocks(self) -> tuple[range, ...]:
        """Return runs of steps that hang together, outermost first."""
        joined = {j for link in self.longer for j in link.steps[:-1]}
        starts = [j for j in range(self.steps) if j == 0 or j - 1 not in joined]
        ends = [*starts[1:], self.steps]
        return tuple(range(start, end) for start, end in zip(starts, ends, strict=True))

    def within(self, block: range) -> Links:
        """Return the links of a run of steps, which are counted anew from 0."""
        kept = tuple(
            replace(link, step=link.step - block.start) for link in self.links if link.step in block
        )
        return Links(links=kept, steps=len(block))

    def without(self, series: int) -> Links:
        """Return the links of the other series."""
        kept = tuple(link for link in self.links if link.series != series)
        return Links(links=kept, steps=self.steps)


def tightened(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike
) -> tuple[Integers, Integers]:
    """Return what the rungs of a series leave of each other's ranges, (k, J) each.

    No rung holds more than the one above it, nor fewer than the one below. Where low exceeds high
    in the answer, the series contradicts itself.

    Parameters
    ----------
    low, high : (k, J)
        Admissible counts, outermost rung first.
    total : (k,)
        Patients.
    """
    size = np.asarray(total, dtype=np.int64)[:, None]
    highest = np.minimum.accumulate(
        np.concatenate([size, np.asarray(high, dtype=np.int64)], axis=1), axis=1
    )[:, 1:]
    lowest = np.maximum.accumulate(np.asarray(low, dtype=np.int64)[:, ::-1], axis=1)[:, ::-1]
    return lowest, highest


def reported(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike
) -> npt.NDArray[np.bool_]:
    """Return where a series says more of a rung than its other rungs imply, (k, J)."""
    first, last = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
    size = np.asarray(total, dtype=np.int64)[:, None]
    nothing = np.zeros_like(size)
    implied_high = np.minimum.accumulate(np.concatenate([size, last], axis=1), axis=1)[:, :-1]
    inner = np.concatenate([first, nothing], axis=1)[:, ::-1]
    implied_low = np.maximum.accumulate(inner, axis=1)[:, ::-1][:, 1:]
    return np.asarray((first > implied_low) | (last < implied_high))


def lay_out_links(low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike) -> Links:
    """Return the links of some series.

    Parameters
    ----------
    low, high : (k, J)
        Admissible counts, outermost rung first.
    total : (k,)
        Patients.

    Raises
    ------
    ValueError
        If the counts of a series contradict each other.
    """
    first, last = tightened(low, high, total)
    if (first > last).any() or (first < 0).any():
        raise ValueError("a rung must lie between the one below it and the one above it")
    found = [
        link
        for i, size in enumerate(np.asarray(total, dtype=np.int64).tolist())
        for link in _links_of(i, [size, *first[i].tolist()], [size, *last[i].tolist()])
    ]
    return Links(links=tuple(found), steps=first.shape[1])


def _links_of(series: int, low: list[int], high: list[int]) -> list[Link]:
    """Return the links of one series, counts from the total down."""
    end = len(low) - 1
    # Summed over all that the rung above admits, an unknown rung has probability 1.
    while end > 0 and low[end] == 0 and high[end] == high[end - 1]:
        end -= 1
    found = []
    start = 0
    for j in range(1, end + 1):
        if low[j] != high[j] and j < end:
            continue
        link = Link(
            series=series,
            step=start,
            low=tuple(low[start : j + 1]),
            high=tuple(high[start : j + 1]),
        )
        if low[start] > 0 and not _is_silent(link):
            found.append(link)
        start = j
    return found


def _is_silent(link: Link) -> bool:
    """Whether a link of one step admits every count."""
    return link.single and link.low[1] == 0 and link.high[1] == link.low[0]

"""One canonical form for a batch of tables, so that no kernel has to think about masks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import prod
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_CELLS_AT_A_TIME = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables as rows: an unused series has effect 0 and infinite variance, hence weight 0.

    Attributes
    ----------
    y : (B, k)
        Effects less `centre`, so that equal effects have residuals of exactly zero about a mean.
    v : (B, k)
        Sampling variances, infinite where the series is not used.
    used : (B, k)
        Which series count.
    k : (B,)
        How many count.
    centre : (B,)
        What was taken off: the effect of the first used series, or 0.
    shape : tuple of int
        The axes before the last one, as the caller gave them.
    """

    y: Floats
    v: Floats
    used: Booleans
    k: Integers
    centre: Floats
    shape: tuple[int, ...]

    def rows(self, chosen: npt.NDArray[np.intp] | slice) -> Tables:
        """Return the chosen tables."""
        y = self.y[chosen]
        return Tables(
            y=y,
            v=self.v[chosen],
            used=self.used[chosen],
            k=self.k[chosen],
            centre=self.centre[chosen],
            shape=(len(y),),
        )


def as_tables(
    y: npt.ArrayLike,
    v: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    centred: bool = True,
) -> Tables:
    """Return effects and variances as rows of equal standing, whatever their leading axes.

    Parameters
    ----------
    y, v : (..., k)
        Effects on the analysis scale and their sampling variances; they broadcast.
    mask : (..., k), optional
        True where a series is used. Values under False are never read.
    centred : bool
        Take the effect of the first used series off; right only where a mean is fitted.

    Raises
    ------
    ValueError
        If a used effect is not finite or a used variance is not finite and positive.
    """
    effects, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    wanted = np.asarray(True if mask is None else mask, dtype=bool)
    shape = np.broadcast_shapes(effects.shape, variances.shape, wanted.shape)
    if not shape:
        raise ValueError("y and v need at least one axis: the series")
    used = np.broadcast_to(wanted, shape).reshape((prod(shape[:-1]), shape[-1]))
    kept_y = np.where(used, np.broadcast_to(effects, shape).reshape(used.shape), 0.0)
    kept_v = np.where(used, np.broadcast_to(variances, shape).reshape(used.shape), np.inf)
    if not np.isfinite(kept_y).all():
        raise ValueError("an effect is not finite: mask the series that have no effect")
    if not ((kept_v > 0) & (np.isfinite(kept_v) | ~used)).all():
        raise ValueError("a variance is not finite and positive: mask the series that have none")
    centre = np.zeros(len(used))
    if centred and shape[-1]:
        centre = kept_y[np.arange(len(used)), np.argmax(used, axis=1)]
    return Tables(
        y=np.where(used, kept_y - centre[:, None], 0.0),
        v=kept_v,
        used=used,
        k=used.sum(axis=1),
        centre=centre,
        shape=shape[:-1],
    )


def with_columns(
    y: npt.ArrayLike, v: npt.ArrayLike, design: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> tuple[Tables, Floats]:
    """Return tables, not centred, with their design (B, k, p), zero where a series is not used.

    Parameters
    ----------
    y, v, mask : (..., k)
        As in `as_tables`.
    design : (..., k, p)
        One row for each series; its leading axes broadcast with those of the effects.

    Raises
    ------
    ValueError
        If the design does not have one row per series, or a value that is used is not finite.
    """
    effects, given = np.asarray(y, dtype=float), np.asarray(design, dtype=float)
    k = effects.shape[-1] if effects.ndim else 0
    if given.ndim < 2 or given.shape[-2] != k:
        raise ValueError(f"the design needs one row for each of the {k} series")
    spread = np.broadcast_to(effects, np.broadcast_shapes(effects.shape, given.shape[:-1]))
    tables = as_tables(spread, v, mask, centred=False)
    full = np.broadcast_to(given, (*tables.shape, *given.shape[-2:]))
    rows = full.reshape((*tables.used.shape, given.shape[-1]))
    columns = np.where(tables.used[..., None], rows, 0.0)
    if not np.isfinite(columns).all():
        raise ValueError("a value in the design is not finite: mask the series that lack it")
    return tables, columns


def blocks(count: int, cells: int) -> Iterator[slice]:
    """Yield slices over that many tables, each small enough for a processor's cache.

    Parameters
    ----------
    count : int
        Tables.
    cells : int
        Numbers that one table takes in an array of work.
    """
    size = max(1, _CELLS_AT_A_TIME // max(1, cells))
    for start in range(0, max(count, 1), size):
        yield slice(start, min(start + size, count))


def stacked(records: Sequence[Record]) -> Record:
    """Return records of arrays over tables as one record, in their order."""
    if len(records) == 1:
        return records[0]
    changes = {}
    for field in fields(records[0]):
        values = [getattr(record, field.name) for record in records]
        if isinstance(values[0], np.ndarray):
            changes[field.name] = np.concatenate(values)
    return replace(records[0], **changes)


def reshaped(record: Record, shape: tuple[int, ...]) -> Record:
    """Return a record of arrays over B tables with that axis in the shape the caller gave."""
    changes = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            changes[field.name] = value.reshape((*shape, *value.shape[1:]))
    return replace(record, **changes)

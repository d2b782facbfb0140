"""Which of several factors the values of an unbalanced table depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.numerics.tables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SumsOfSquares:
    """Sums of squares of an additive model.

    Attributes
    ----------
    explained : (F, N)
        What each factor adds to the fitted value of every observation, the others being fitted.
    factors : (F,)
        What each factor explains beyond the others: the sum of its squares above.
    df : (F,)
        Degrees of freedom it takes for that.
    residual
        What no factor explains by itself: interplay of several.
    total
        Squared deviations from the mean.
    """

    explained: Floats
    factors: Floats
    df: npt.NDArray[np.int64]
    residual: float
    total: float


def type_two(y: npt.ArrayLike, factors: Sequence[npt.ArrayLike]) -> SumsOfSquares:
    """Return the type II sums of squares of main effects, without interactions.

    That of a factor is the residual sum of squares of least squares on all the other factors, less
    that on all of them. In a balanced table they add up with the residual to the total; where
    cells are missing they need not, since what two factors explain together is given to neither.

    Parameters
    ----------
    y : (N,)
        Values; a missing combination is simply not among them.
    factors : sequence of (N,)
        For each factor the level of every value, any whole numbers.

    Notes
    -----
    **Source**: Yates 1934, J Am Stat Assoc 29:51, doi 10.1080/01621459.1934.10502686 (method of
    fitting constants); Langsrud 2003, Stat Comput 13:163, doi 10.1023/A:1023260610025. **Checked
    against** ``anova_lm(typ=2)`` of statsmodels.

    Examples
    --------
    >>> found = type_two([1.0, 2.0, 3.0, 4.0], [[0, 0, 1, 1], [0, 1, 0, 1]])
    >>> found.factors.round(12).tolist(), found.total
    ([4.0, 1.0], 5.0)
    """
    values = np.asarray(y, dtype=float)
    codes = [_indicators(np.asarray(factor)) for factor in factors]
    whole, rank = _fitted(values, codes)
    without = [
        _fitted(values, [*codes[:index], *codes[index + 1 :]]) for index in range(len(codes))
    ]
    explained = np.array([whole - fitted for fitted, _ in without])
    return SumsOfSquares(
        explained=explained,
        factors=(explained**2).sum(axis=-1),
        df=np.array([rank - other for _, other in without], dtype=np.int64),
        residual=float(((values - whole) ** 2).sum()),
        total=float(((values - values.mean()) ** 2).sum()),
    )


def _indicators(levels: npt.NDArray[np.int64]) -> Floats:
    """Return a column of 0 and 1 for every level but the first."""
    return np.asarray(levels[:, None] == np.unique(levels)[None, 1:], dtype=float)


def _fitted(y: Floats, columns: Sequence[Floats]) -> tuple[Floats, int]:
    """Return the fitted values of least squares with a constant, and the rank of the columns."""
    design = np.hstack([np.ones((len(y), 1)), *columns])
    solution, _, rank, _ = np.linalg.lstsq(design, y)
    return np.asarray(design @ solution), int(rank)

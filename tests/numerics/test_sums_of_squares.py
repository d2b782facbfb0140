"""Type II sums of squares against statsmodels, balanced and not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from toolkit.numerics.sums_of_squares import type_two


@pytest.mark.parametrize("missing", [0, 7, 15])
def test_they_are_those_of_anova(missing: int) -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        [(a, b, c) for a in range(4) for b in range(3) for c in range(3)], columns=list("abc")
    )
    table["y"] = table["a"] - 0.5 * table["b"] ** 2 + rng.standard_normal(len(table))
    table = table.sample(len(table) - missing, random_state=3)
    wanted = anova_lm(ols("y ~ C(a) + C(b) + C(c)", table).fit(), typ=2)
    found = type_two(table["y"], [table["a"], table["b"], table["c"]])
    assert found.factors == pytest.approx(wanted["sum_sq"].to_numpy()[:3], rel=1e-9)
    assert found.df.tolist() == wanted["df"].to_numpy()[:3].tolist()
    assert found.residual == pytest.approx(wanted["sum_sq"]["Residual"], rel=1e-9)
    together = found.factors.sum() + found.residual
    assert (together == pytest.approx(found.total, rel=1e-9)) == (missing == 0)


def test_a_factor_that_says_nothing_new_explains_nothing() -> None:
    levels = [0, 0, 1, 1, 2, 2]
    found = type_two([1.0, 2.0, 4.0, 3.0, 7.0, 9.0], [levels, [5, 5, 3, 3, 1, 1]])
    assert found.factors == pytest.approx([0.0, 0.0], abs=1e-12)
    assert found.df.tolist() == [0, 0]
    assert found.residual == pytest.approx(3.0)  # three pairs: 0.5 + 0.5 + 2

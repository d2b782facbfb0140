"""Three-level means against metafor's rma.mv."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from toolkit.numerics.normal.effects import effects
from toolkit.numerics.normal.three_level import fit_three_level

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "three_level.csv"
with REFERENCE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row['table']}-{row['method']}-{row['test']}"
)
def test_mean_and_both_variances_are_those_of_rma_mv(row):
    events, total = ([int(x) for x in row[name].split()] for name in ("events", "total"))
    codes = np.unique(row["study"].split(), return_inverse=True)[1]
    found = effects(events, total, scale="logit", zero="only-zero")
    fit = fit_three_level(
        found.y,
        found.v,
        codes,
        method=row["method"].lower(),
        interval={"z": "wald", "t": "t"}[row["test"]],
    )
    # optim stops where the likelihood no longer moves: its variances have half of its digits.
    for name in ("mu", "se", "low", "high"):
        assert getattr(fit, name) == pytest.approx(float(row[name]), abs=2e-6)
    for name in ("tau2_between", "tau2_within"):
        assert getattr(fit, name) == pytest.approx(float(row[name]), abs=2e-5)
    assert fit.q == pytest.approx(float(row["q"]), rel=1e-10)
    assert fit.log_likelihood >= float(row["loglik"]) - 1e-10
    # Where a variance is 0, optim stops a little beside it and a little lower.
    assert fit.log_likelihood == pytest.approx(float(row["loglik"]), abs=1e-6)


def test_the_grid_of_references_is_whole():
    assert len(ROWS) == 3 * 2 * 2


def test_one_effect_a_study_gives_the_ordinary_mean():
    from toolkit.numerics.normal.inverse_variance import pool

    found = effects([6, 3, 18, 14, 10], [8, 19, 27, 37, 38], scale="logit", zero="only-zero")
    fit = fit_three_level(found.y, found.v, range(5))
    plain = pool(found.y, found.v, tau2="reml", interval="wald")
    assert fit.mu == pytest.approx(float(plain.mu), abs=1e-7)
    assert fit.tau2_between + fit.tau2_within == pytest.approx(float(plain.tau2), abs=1e-6)
    assert fit.weights.sum() == pytest.approx(1)

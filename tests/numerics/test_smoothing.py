"""The product of matrices against the adaptive rule, which chooses its nodes for every point."""

import numpy as np
import pytest

from toolkit.numerics.binomial import smoothing
from toolkit.numerics.binomial.average import inverse_logit_average
from toolkit.numerics.binomial.series_likelihood import series_log_value
from toolkit.numerics.binomial.smoothing import (
    LARGEST,
    NARROWEST,
    lattice_error,
    lattice_step,
    smoothed_rows,
)

MU = np.linspace(-9.0, 9.0, 37)
TAU = np.concatenate([[0.0, 0.02, 0.05, 0.1], 0.16 * 1.25 ** np.arange(26)])
SIZES = (1, 2, 5, 13, 38, 64, 65, 100, 256, 400, 1000)


def by_rule(x, n, mu, tau):
    """Return the same by 161 nodes a point."""
    at_mu, at_tau = np.broadcast_arrays(mu, tau)
    flat = at_mu.reshape(-1), np.ascontiguousarray(at_tau).reshape(-1)
    whole = np.ones_like(flat[0])
    return np.stack(
        [series_log_value(a * whole, b * whole, *flat, 161) for a, b in zip(x, n, strict=True)]
    ).reshape(len(x), *at_mu.shape)


def counts(n):
    """Return counts that matter: none, one, in the middle, all but one, all."""
    x = np.unique([0, min(1, n), n // 3, n // 2, n - min(1, n), n]).astype(float)
    return x, np.full(len(x), float(n))


@pytest.mark.parametrize("patients", SIZES)
def test_it_agrees_with_the_adaptive_rule_where_anything_is_likely(patients):
    x, n = counts(patients)
    found, exact = smoothed_rows(x, n, MU, TAU), by_rule(x, n, MU[:, None], TAU)
    fall = exact - exact.max(axis=(1, 2), keepdims=True)
    assert np.abs(found - exact)[fall > -40].max() < 5e-7
    assert np.abs(found - exact)[fall > -100].max() < 0.3
    assert np.isfinite(found).all()


def test_what_is_unlikely_by_hundreds_stays_unlikely():
    x, n = counts(1000)
    found, exact = smoothed_rows(x, n, MU, TAU), by_rule(x, n, MU[:, None], TAU)
    peak = exact.max(axis=(1, 2), keepdims=True)
    assert (found - peak)[exact - peak < -300].max() < -250


def test_every_tau_may_have_its_own_means():
    x, n = counts(19)
    spread = np.broadcast_to(TAU[:20], (len(MU), 20))
    wanted = np.broadcast_to(MU[:, None], spread.shape)
    mu, _ = inverse_logit_average(wanted, spread, wanted)
    found, exact = smoothed_rows(x, n, mu, TAU[:20]), by_rule(x, n, mu, TAU[:20])
    assert np.abs(found - exact)[exact - exact.max() > -30].max() < 5e-7


def test_sizes_of_every_kind_stand_side_by_side():
    x, n = np.array([1.0, 3.0, 40.0, 900.0, 0.0, 3000.0]), np.array([1.0, 9, 100, 1000, 0, 6000])
    tau = TAU[4:16]
    together = smoothed_rows(x, n, MU[::4], tau)
    for i in range(len(x)):
        alone = smoothed_rows(x[i : i + 1], n[i : i + 1], MU[::4], tau)
        assert together[i] == pytest.approx(alone[0], abs=5e-7)
    assert (together[4] == 0).all()


def test_mirror_images_agree():
    x, n = counts(27)
    found = smoothed_rows(x, n, MU, TAU)
    assert smoothed_rows(n - x, n, -MU, TAU) == pytest.approx(found, rel=1e-12, abs=1e-10)


@pytest.mark.parametrize("patients", [38, 64, 256, LARGEST])
def test_the_bound_on_the_error_of_the_lattice_holds_where_it_is_worst(patients, monkeypatch):
    """With steps made too wide on purpose, the error is that of the bound, and not above it."""
    x, n = counts(patients)
    bounds, errors = [], []
    for points in (2.0, 1.2, 1.0):
        monkeypatch.setattr(smoothing, "_POINTS_A_DEVIATION", points)
        monkeypatch.setattr(smoothing, "CLASSES", (0.0, float(patients), np.inf))
        monkeypatch.setattr(smoothing, "_WIDEST_STEP", 10.0)
        step = lattice_step(patients)
        tau = np.array([NARROWEST * step * 1.001])
        middle = np.log((x + 0.5) / (n - x + 0.5))[len(x) // 2]
        mu = middle + np.linspace(-2, 2, 9) * tau
        found, exact = smoothed_rows(x, n, mu, tau), by_rule(x, n, mu[:, None], tau)
        errors.append(np.abs(found - exact)[len(x) // 2].max())
        bounds.append(lattice_error(step, float(tau[0]), patients))
    assert bounds[0] < 1e-6
    assert all(error <= 2 * bound + 1e-9 for error, bound in zip(errors, bounds, strict=True))
    assert errors[-1] > 1e-6

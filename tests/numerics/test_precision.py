"""Standard errors read off printed intervals, and what stands in where none is printed."""

import math

import numpy as np
import pytest
from golden import rows
from hypothesis import given as each
from hypothesis import strategies as st

from toolkit.numerics.normal.precision import APPROXIMATIONS, approximate_variance, read_interval
from toolkit.numerics.proportions import SCALES, from_scale, slope, to_scale

FITS = rows("survival_intervals")


def printed(row, decimals=3):
    """Return estimate and limits as a paper prints them: percentages with one decimal."""
    return [round(float(row[name]), decimals) for name in ("survival", "low", "high")]


def test_the_grid_of_r_is_complete():
    assert {row["conf_type"] for row in FITS} == {"log-log", "log", "plain", "logit"}
    assert len(FITS) == 52


@pytest.mark.parametrize("row", FITS, ids=lambda row: f"{row['data']}-{row['conf_type']}")
def test_a_printed_interval_gives_back_the_standard_error_it_was_made_of(row):
    found = read_interval(*printed(row))
    # Both limits are rounded to 0.0005, which moves half a width of 0.026 or more by 2 %.
    assert found.standard_error == pytest.approx(float(row["std_err"]), rel=0.02)
    assert found.fits
    assert row["conf_type"] in (found.scale, *found.others)


@pytest.mark.parametrize("row", FITS, ids=lambda row: f"{row['data']}-{row['conf_type']}")
def test_unrounded_limits_and_a_named_scale_give_it_exactly(row):
    numbers = [float(row[name]) for name in ("survival", "low", "high")]
    found = read_interval(*numbers, scale=row["conf_type"])
    assert found.standard_error == pytest.approx(float(row["std_err"]), rel=1e-10)


@pytest.mark.parametrize("row", [row for row in FITS if row["conf_type"] == "plain"])
def test_greenwood_lies_between_the_bounds(row):
    estimate, patients = float(row["survival"]), int(row["patients"])
    bounds = [
        math.sqrt(
            approximate_variance(
                estimate, patients, at_risk=int(row["at_risk"]), approximation=word
            )
        )
        for word in ("optimistic", "pessimistic")
    ]
    assert bounds[0] * (1 - 1e-12) <= float(row["std_err"]) <= bounds[1] * (1 + 1e-12)


def test_two_thirds_of_the_patients_are_the_effective_sample_without_patients_at_risk():
    assert approximate_variance(0.3, 60) == pytest.approx(0.3 * 0.7 / 40)
    assert approximate_variance(0.3, 60, censored=False) == pytest.approx(0.3 * 0.7 / 60)


@each(
    st.floats(0.01, 0.99),
    st.integers(5, 500),
    st.one_of(st.none(), st.integers(0, 500)),
)
def test_the_middle_is_between_its_bounds(estimate, patients, at_risk):
    found = {
        word: approximate_variance(estimate, patients, at_risk=at_risk, approximation=word)
        for word in APPROXIMATIONS
    }
    assert found["optimistic"] <= found["between"] <= found["pessimistic"]


@pytest.mark.parametrize(
    "numbers", [(0.5, 0.6, 0.7), (0.5, 0.5, 0.5), (0.5, 0.0, 1.0), (1.0, 0.8, 1.0)]
)
def test_what_is_no_interval_is_refused(numbers):
    with pytest.raises(ValueError, match="interval"):
        read_interval(*numbers)


def test_a_limit_cut_at_one_is_not_read():
    assert read_interval(0.955, 0.868, 1.0).standard_error == pytest.approx(0.087 / 1.959964)


@each(st.floats(0.001, 0.999), st.sampled_from(SCALES))
def test_scales_lead_back_and_their_slope_is_their_derivative(proportion, scale):
    assert from_scale(to_scale(proportion, scale=scale), scale=scale) == pytest.approx(proportion)
    step = 1e-7
    ends = to_scale([proportion - step, proportion + step], scale=scale)
    assert slope(proportion, scale=scale) == pytest.approx(
        abs(float(np.diff(ends)[0])) / (2 * step), rel=1e-4
    )

"""Rounding, intervals, ratios and spelling against published figures and second implementations."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm

from toolkit.audit.rules.intervals import (
    METHODS,
    excludes,
    limits,
    methods_printing,
    symmetric_scales,
)
from toolkit.audit.rules.one_place import middle, significance
from toolkit.audit.rules.recount import in_runs, is_slip, variants
from toolkit.audit.rules.tables import TableCell, read_table
from toolkit.checks.rounding import FAMILIES, counts_for, counts_for_any, parse, shorten

DECIMAL = dict(zip(FAMILIES, (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN), strict=True))


@given(st.integers(0, 4000), st.integers(1, 160), st.integers(0, 3), st.sampled_from(FAMILIES))
def test_rounding_is_that_of_decimal(numerator: int, halves: int, decimals: int, family: str):
    # Halves of powers of ten are exact in decimal, and so are their ties.
    value = Fraction(numerator * halves, 2 * 10**decimals)
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(numerator * halves) / Decimal(2 * 10**decimals)
    wanted = int(exact.quantize(step, rounding=DECIMAL[family]).scaleb(decimals))
    assert shorten(value, decimals, family) == wanted


@given(st.data(), st.integers(1, 300), st.integers(0, 3), st.sampled_from(FAMILIES))
def test_a_share_is_among_the_counts_its_percentage_stands_for(data, total, decimals, family):
    count = data.draw(st.integers(0, total))
    digits = shorten(Fraction(100 * count, total), decimals, family)
    whole, rest = divmod(digits, 10**decimals)
    text = f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
    assert count in counts_for(parse(text), total, family)
    assert count in counts_for_any(parse(text), total)


@pytest.mark.parametrize(
    ("percentages", "total", "solutions"),
    [
        (("21", "8", "16", "42", "13"), 38, {(8, 3, 6, 16, 5)}),
        (("82", "18"), 38, {(31, 7)}),
        (("33", "33", "33"), 3, {(1, 1, 1)}),
        (("50", "50"), 7, set()),
    ],
)
def test_percentages_that_fill_a_total(percentages, total, solutions):
    table = read_table([TableCell(percentage=parse(each)) for each in percentages], total)
    assert set(table.by_percentage) == solutions


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(105, 286, "31", "43"), (26, 145, "12", "25"), (33, 145, "16", "30"), (5, 9, "21.2", "86.3")],
)
def test_published_exact_intervals_are_recognized(events, total, low, high):
    assert "clopper-pearson" in methods_printing(events, total, parse(low), parse(high))


def test_the_only_method_that_prints_them_all_is_the_exact_one():
    of_one_paper = [(105, 286, "31", "43"), (26, 145, "12", "25"), (33, 145, "16", "30")]
    common = set(METHODS)
    for events, total, low, high in of_one_paper:
        common &= set(methods_printing(events, total, parse(low), parse(high)))
    assert common == {"clopper-pearson"}


def test_a_published_wald_interval_is_recognized():
    assert methods_printing(74, 101, parse("64.6"), parse("81.9")) == ("wald",)


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(78, 101, "68.9", "85.5"), (68, 96, "60.8", "79.2"), (75, 96, "68.6", "85.4")],
)
def test_published_intervals_that_no_standard_method_prints(events, total, low, high):
    assert methods_printing(events, total, parse(low), parse(high)) == ()


@pytest.mark.parametrize(("events", "total"), [(10, 38), (1, 7), (74, 101), (3, 400)])
def test_limits_by_their_formulas(events: int, total: int):
    z, p = norm.ppf(0.975), events / total
    wald = z * math.sqrt(p * (1 - p) / total)
    middle_of_wilson = (p + z**2 / (2 * total)) / (1 + z**2 / total)
    wilson = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / (1 + z**2 / total)
    more = total + z**2
    shifted = (events + z**2 / 2) / more
    coull = z * math.sqrt(shifted * (1 - shifted) / more)
    log_log = z * math.sqrt((1 - p) / events) / math.log(p)
    expected = {
        "wald": (max(p - wald, 0), p + wald),
        "wilson": (middle_of_wilson - wilson, middle_of_wilson + wilson),
        "clopper-pearson": (
            beta.ppf(0.025, events, total - events + 1),
            beta.ppf(0.975, events + 1, total - events),
        ),
        "agresti-coull": (max(shifted - coull, 0), shifted + coull),
        "jeffreys": tuple(beta.ppf((0.025, 0.975), events + 0.5, total - events + 0.5)),
        "log-log": (p ** math.exp(-log_log), p ** math.exp(log_log)),
    }
    assert set(expected) == set(METHODS)
    for method, ends in expected.items():
        assert limits(method, events, total) == pytest.approx(ends, rel=1e-9, abs=1e-12), method


@pytest.mark.parametrize(
    ("estimate", "low", "high", "scale"),
    [
        ("35.1", "20", "50.2", "plain"),  # Tauveron-Jalenques 2026, relapse
        ("43.2", "30.7", "55.1", "log-log"),  # Koh 2015, event-free survival
        ("67.2", "53.8", "77.4", "log-log"),  # Koh 2015, overall survival
    ],
)
def test_published_survival_lies_about_its_estimate_on_one_scale(estimate, low, high, scale):
    assert scale in symmetric_scales(parse(estimate), parse(low), parse(high))


def test_a_published_survival_that_lies_about_its_estimate_on_no_scale():
    assert symmetric_scales(parse("53.1"), parse("30.7"), parse("54.1")) == ()


def test_an_interval_beside_its_estimate():
    assert excludes(parse("29.4"), parse("29.9"), parse("35"))
    assert not excludes(parse("29"), parse("29.2"), parse("35"))


# Tauveron-Jalenques 2026, Table 2: ratio, limits, p; then whether the middle and p suit them.
RATIOS = [
    ("3.57", "0.86", "14.8", "0.08", True, True),
    ("2.46", "0.7", "8.7", "0.16", True, True),
    ("0.13", "0.02", "0.98", "0.013", True, True),
    ("5", "1.64", "15.2", "0.005", True, True),
    ("5.41", "1.97", "14.87", "<0.001", True, True),
    ("3.9", "1.33", "11.4", "0.13", True, False),
    ("0.53", "0.13", "2.16", "0.85", True, False),
    ("3.23", "1.93", "14.9", "0.009", False, True),
    ("3.51", "1.91", "12", "0.042", False, False),
    ("1.48", "0.28", "1.65", "0.35", False, True),
]


@pytest.mark.parametrize(("ratio", "low", "high", "p", "middled", "tested"), RATIOS)
def test_published_ratios(ratio, low, high, p, middled, tested):
    numbers = parse(ratio), parse(low), parse(high)
    assert middle(*numbers).differs is not middled
    assert significance(*numbers, parse(p)).differs is not tested


@given(st.floats(-2.5, 2.5), st.floats(0.1, 1.2), st.integers(2, 3))
def test_a_ratio_with_the_interval_and_p_of_one_normal_statistic_is_left_alone(
    effect, se, decimals
):
    z = norm.ppf(0.975)
    value, low, high = (math.exp(effect + side * z * se) for side in (0, -1, 1))
    numbers = [parse(f"{each:.{decimals}f}") for each in (value, low, high)]
    p = 2 * norm.sf(abs(effect / se))
    shown = parse("<0.001") if p < 0.001 else parse(f"{p:.3f}")
    found = middle(*numbers)
    assert found is None or not found.differs
    tested = significance(*numbers, shown)
    assert tested is None or not tested.differs


@pytest.mark.parametrize(
    ("one", "other"),
    [("NRAS", "KRAS"), ("IDH1", "IDH2"), ("MLLT6", "MLLT9"), ("MLLT1", "MLLT10"), ("MYC", "MYCN"),
     ("RAS", "NRAS"), ("CBL", "CBLB"), ("GATA1", "GATA2"), ("FLT1", "FLT3"), ("NF1", "NF2")],
)  # fmt: skip
def test_other_genes_are_no_slips(one: str, other: str):
    assert not is_slip(one, other)
    assert not is_slip(other, one)


def test_plurals_and_single_spellings_are_no_variants():
    rows = {"1": "Other alteration", "2": "Other alterations", "3": "Other alterations"}
    assert variants(rows) == {}
    assert variants({"1": "FLT3", "2": "FTL3"}) == {}


def test_patients_in_runs():
    assert in_runs(["1", "2", "3", "4", "7", "8", "10", "11", "12"]) == "1 to 4, 7, 8, 10 to 12"

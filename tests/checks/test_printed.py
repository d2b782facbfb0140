"""Printed percentages against a second implementation in decimal arithmetic."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.checks.printed import printed_numbers, printed_percentages
from toolkit.checks.rounding import fits, parse, rounding_to, share


def in_decimals(events: int, total: int, decimals: int, how: str) -> str:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(100 * events) / Decimal(total)
        return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=how))


@given(st.data(), st.integers(1, 400), st.integers(0, 2))
def test_a_percentage_fits_exactly_when_some_rounding_prints_it(data, total, decimals):
    events = data.draw(st.integers(0, total))
    shown = data.draw(st.integers(0, total))
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
    for how in ways:
        printed = parse(in_decimals(shown, total, decimals, how))
        expected = str(printed) in {in_decimals(events, total, decimals, way) for way in ways}
        assert fits(events, total, printed) is expected


@given(st.integers(1, 300), st.integers(0, 100))
def test_numbers_that_round_to_a_percentage_are_all_of_them(total, percent):
    rounds = [
        events
        for events in range(total + 1)
        if str(percent)
        in {in_decimals(events, total, 0, how) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    ]
    cut = [
        events
        for events in range(total + 1)
        if str(percent) == in_decimals(events, total, 0, ROUND_DOWN)
    ]
    assert list(rounding_to(parse(str(percent)), total)) == (rounds or cut)


def test_figures_of_a_published_table():
    # Arcourt 2026, Table 3 (of 38): 16 (42) and 5 (13) hold, 2 (8) and 7 (16) do not.
    held = {(16, "42"): True, (5, "13"): True, (8, "21"): True, (2, "8"): False, (7, "16"): False}
    assert {key: fits(key[0], 38, parse(key[1])) for key in held} == held
    assert rounding_to(parse("16"), 38) == (6,)


@pytest.mark.parametrize(
    ("cell", "percentages", "numbers"),
    [
        ("8 (21)", ["21"], {8, 21}),
        ("26.3%", ["26.3"], set()),
        ("26,3 %", ["26.3"], set()),
        ("33/37 (89)", ["89"], {33, 37, 89}),
        ("five (42%)", ["42"], {5}),
        ("six of eight", [], {6, 8}),
        ("no MRD-negative responses", [], {0}),
        ("Seventy-four of 117 (63.2%)", ["63.2"], {74, 117}),
        ("10/38; 26.3%", ["26.3"], {10, 38}),
        ("36.7% (95% CI 31.1-42.6)", ["36.7"], set()),
        ("3 (38)", [], {3, 38}),
        ("", [], set()),
    ],
)
def test_what_a_printed_cell_says(cell, percentages, numbers):
    assert [str(each) for each in printed_percentages(cell, total=38)] == percentages
    assert numbers <= printed_numbers(cell)
    assert not {int(float(each)) for each in percentages if "%" in cell} & printed_numbers(cell)


def test_a_share_is_told_with_one_decimal():
    assert [share(2, 38), share(0, 7), share(7, 7), share(1, 16)] == [
        "5.3 %",
        "0.0 %",
        "100.0 %",
        "6.3 %",
    ]

"""Numbers printed side by side: ranges, intervals around their estimates, ratios and p-values."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from toolkit.audit.finding import Finding, reading
from toolkit.audit.rules.intervals import METHODS, excludes, methods_printing, symmetric_scales
from toolkit.audit.statements.statement import Statement
from toolkit.checks.rounding import Printed, counts_for_any

MOST_OFF_THE_MIDDLE = 0.10
"""Asymmetry, in half-widths of the interval, up to which profile likelihood may be the reason."""


MOST_APART = 0.45
"""Difference of two z-values up to which another test (score, likelihood ratio) may be the reason;
about what parts a one-sided p-value from a two-sided one."""


MOST_APART_ACROSS = 0.20
"""The same where one of the two calls the ratio significant and the other does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Middle:
    """How a ratio lies in its interval.

    Attributes
    ----------
    geometric_middle : float
        Square root of the product of the printed limits.
    off_by : float
        Least distance on the log scale that rounding leaves between the ratio and the middle, in
        half-widths of the interval.
    """

    geometric_middle: float
    off_by: float

    @property
    def differs(self) -> bool:
        """Whether more than rounding or another kind of interval parts the two."""
        return self.off_by > MOST_OFF_THE_MIDDLE


def middle(ratio: Printed, low: Printed, high: Printed) -> Middle | None:
    """Return how a ratio lies between its limits; None where a limit is no positive number.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> found = middle(parse("3.23"), parse("1.93"), parse("14.9"))
    >>> round(found.geometric_middle, 2), found.differs
    (5.36, True)
    >>> middle(parse("5.41"), parse("1.97"), parse("14.87")).differs
    False
    """
    if any(number.bound or number.value <= 0 for number in (ratio, low, high)):
        return None
    low_least, low_most = _logs(low)
    high_least, high_most = _logs(high)
    least, most = _logs(ratio)
    gap = max((low_least + high_least) / 2 - most, least - (low_most + high_most) / 2, 0.0)
    lower, upper = math.log(low.value), math.log(high.value)
    if upper <= lower:
        return None
    return Middle(
        geometric_middle=math.exp((lower + upper) / 2), off_by=gap / ((upper - lower) / 2)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """What a p-value and an interval say of each other.

    Attributes
    ----------
    p_by_interval : float
        Two-sided p-value that the printed ratio and limits give.
    apart : float
        Least difference of the two z-values that rounding leaves.
    across : bool
        Whether one of the two is significant at the level of the interval and the other is not.
    """

    p_by_interval: float
    apart: float
    across: bool

    @property
    def differs(self) -> bool:
        """Whether more than rounding or another test parts the two."""
        return self.apart > (MOST_APART_ACROSS if self.across else MOST_APART)


def significance(
    ratio: Printed, low: Printed, high: Printed, p: Printed, level: float = 0.95
) -> Significance | None:
    """Return what the p-value of a ratio and its interval say of each other.

    None where a number is no positive one. A limit of p (``<0.001``) is met from one side only.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> found = significance(parse("3.9"), parse("1.33"), parse("11.4"), parse("0.13"))
    >>> round(found.p_by_interval, 3), found.differs
    (0.013, True)
    """
    from scipy.special import ndtr, ndtri

    numbers = (ratio, low, high)
    if any(number.bound or number.value <= 0 for number in numbers) or p.value > 1:
        return None
    spreads = [
        (math.log(upper) - math.log(lower)) / 2
        for upper, lower in zip(_ends(high), reversed(_ends(low)), strict=True)
    ]
    if min(spreads) <= 0:
        return None
    reach = float(ndtri(0.5 + level / 2))
    logs = [abs(each) for each in _logs(ratio)]
    nearest = 0.0 if _logs(ratio)[0] <= 0 <= _logs(ratio)[1] else min(logs)
    least, most = nearest * reach / max(spreads), max(logs) * reach / min(spreads)
    p_least, p_most = _p_ends(p)
    z_least, z_most = -float(ndtri(p_most / 2)), -float(ndtri(max(p_least, 1e-300) / 2))
    central = abs(math.log(ratio.value)) * 2 * reach / math.log(high.value / low.value)
    tail = 1 - level
    return Significance(
        p_by_interval=2 * float(ndtr(-central)),
        apart=max(z_least - most, least - z_most, 0.0),
        across=(p_most < tail and least < reach and not low.value > 1 and not high.value < 1)
        or (p_least >= tail and (low.value > 1 or high.value < 1)),
    )


def _ends(number: Printed) -> tuple[float, float]:
    """Return the positive true numbers that are rounded to a printed one."""
    half = number.unit / 2
    return float(max(number.value - half, number.value / 2)), float(number.value + half)


def _logs(number: Printed) -> tuple[float, float]:
    """Return the logarithms of the ends of a positive printed number."""
    low, high = _ends(number)
    return math.log(low), math.log(high)


def _p_ends(p: Printed) -> tuple[float, float]:
    """Return the p-values that a printed one stands for, in (0, 1]."""
    if p.bound == "<":
        return 0.0, float(p.value)
    if p.bound == ">":
        return float(p.value), 1.0
    return max(float(p.value - p.unit / 2), 0.0), min(float(p.value + p.unit / 2), 1.0)


_ESTIMATES = ("ratio", "estimate", "percentage", "count", "median", "mean", "number")


_IN_PERCENT = ("estimate", "percentage")


def ranges(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield ranges out of order: least <= quartiles and median <= greatest (C10)."""
    for together in _side_by_side(statements).values():
        spans = {each.kind: each for each in reversed(together) if each.kind in {"range", "iqr"}}
        centres = [each for each in together if each.kind in {"median", "mean"}]
        ordered: list[tuple[str, Printed]] = []
        if "range" in spans:
            ordered.append(("least", spans["range"].numbers[0]))
        if "iqr" in spans:
            ordered.append(("lower quartile", spans["iqr"].numbers[0]))
        ordered.extend((each.kind, each.numbers[0]) for each in centres if each.kind == "median")
        if "iqr" in spans:
            ordered.append(("upper quartile", spans["iqr"].numbers[1]))
        if "range" in spans:
            ordered.append(("greatest", spans["range"].numbers[1]))
            for each in centres:
                if each.kind == "mean":
                    yield from _out_of_order(
                        together, [ordered[0], ("mean", each.numbers[0]), ordered[-1]]
                    )
        yield from _out_of_order(together, ordered)


def _out_of_order(
    together: Sequence[Statement], ordered: Sequence[tuple[str, Printed]]
) -> Iterator[Finding]:
    """Yield neighbours of which the first is greater than the second."""
    for (name, low), (next_name, high) in pairwise(ordered):
        if low.value > high.value and not low.agrees(high):
            yield Finding(
                check="C10",
                paper=together[0].paper,
                subject=together[0].subject,
                what=f"{together[0].about}: the {name} {low} is above the {next_name} {high}.",
                readings=(reading(together, f"{name} {low}, {next_name} {high}"),),
            )


def _side_by_side(
    statements: Sequence[Statement],
) -> dict[tuple[str, ...], list[Statement]]:
    """Return statements of one subject, paper, unit and place together."""
    found: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        found[(each.paper, *each.subject, each.where)].append(each)
    return found


def intervals(statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield intervals that do not suit the estimate or the p-value beside them (C20)."""
    beside = _side_by_side(statements)
    subjects: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for each in statements:
        subjects[(each.paper, *each.subject)].append(each)
    for each in statements:
        if each.kind != "interval":
            continue
        here = beside[(each.paper, *each.subject, each.where)]
        wider = subjects[(each.paper, *each.subject)]
        if each.numbers[0].value > each.numbers[1].value:
            yield _interval_finding([each], f"the limits {each.words} are out of order", "differs")
            continue
        p = next((other for other in (*here, *wider) if other.kind == "p"), None)
        judged = [
            list(_judged(estimate, each, p)) for estimate in _estimates(here) or _estimates(wider)
        ]
        # An interval that suits one of several estimates is that one's.
        if all(judged):
            yield from (judged or [[]])[0]


def _estimates(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements that an interval may belong to, all of the kind that comes first."""
    for kind in _ESTIMATES:
        found = [each for each in statements if each.kind == kind and not each.alternative]
        if found:
            return found
    return []


def _judged(estimate: Statement, interval: Statement, p: Statement | None) -> Iterator[Finding]:
    """Yield what is said of one estimate, its interval and its p-value."""
    if estimate.kind == "ratio":
        yield from _ratio(estimate, interval, p)
        return
    low, high = interval.numbers
    shown = estimate.numbers or estimate.percentages
    if shown and excludes(shown[0], low, high):
        what = f"{shown[0]} lies outside its own interval, {low} to {high}"
        yield _interval_finding([estimate, interval], what, "differs")
    elif estimate.kind == "count" or (estimate.kind == "percentage" and estimate.total):
        yield from _proportion(estimate, interval)
    elif estimate.kind in _IN_PERCENT and not symmetric_scales(shown[0], low, high):
        what = (
            f"{shown[0]}% with {low} to {high}: limits that lie about it as on none of the "
            "usual scales (plain, log, log-log, logit, arcsine)"
        )
        yield _interval_finding([estimate, interval], what, "remark")


def _proportion(estimate: Statement, interval: Statement) -> Iterator[Finding]:
    """Yield the interval of a share that no standard method prints."""
    total = estimate.total
    events: Sequence[int] = estimate.events
    if estimate.kind == "percentage" and total:
        events = counts_for_any(estimate.numbers[0], total)
    if not total or not events or events[-1] > total or len(events) > total:
        return
    low, high = interval.numbers
    level = interval.level
    if any(methods_printing(number, total, low, high, level) for number in events):
        return
    share = f"{events[0]}/{total}"
    outside = not float(low.box[0]) <= 100 * events[0] / total <= float(high.box[1])
    names = ", ".join(METHODS.values())
    what = f"{share} with {low} to {high}" + (
        ": the share lies outside" if outside else f": matches none of {names}"
    )
    yield _interval_finding([estimate, interval], what, "differs" if outside else "remark")


def _ratio(ratio: Statement, interval: Statement, p: Statement | None) -> Iterator[Finding]:
    """Yield what is said of a ratio, its interval and its p-value."""
    value, (low, high) = ratio.numbers[0], interval.numbers
    found = middle(value, low, high)
    if found is None:
        return
    outside = value.value < low.value or value.value > high.value
    if found.differs:
        what = f"{value} lies off the geometric middle, {found.geometric_middle:.2f}, of its " + (
            f"interval {low} to {high}" + (" and outside it" if outside else "")
        )
        yield _interval_finding([ratio, interval], what, "differs")
    if p is None:
        return
    test = significance(value, low, high, p.numbers[0], interval.level)
    if test is not None and test.differs:
        told = f"{test.p_by_interval:.2g}" if test.p_by_interval >= 0.0001 else "below 0.0001"
        what = (
            f"p {_equals(p.numbers[0])} differs from the {told} that {value} with {low} to {high} "
            "gives"
        )
        yield _interval_finding([ratio, interval, p], what, "differs")


def _equals(p: Printed) -> str:
    """Return a p-value behind its sign."""
    return str(p) if p.bound else f"= {p}"


def _interval_finding(statements: Sequence[Statement], what: str, level: str) -> Finding:
    """Return a finding about an interval."""
    first = statements[0]
    return Finding(
        check="C20",
        level="differs" if level == "differs" else "remark",
        paper=first.paper,
        subject=first.subject,
        what=f"{first.about}: {what}.",
        readings=(reading(statements, "; ".join(each.words for each in statements)),),
    )

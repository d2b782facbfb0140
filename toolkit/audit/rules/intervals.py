"""Which method printed a confidence interval, and whether the interval suits its estimate.

A method printed an interval if its limits, shortened in one of the usual ways, show the printed
digits at both ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from toolkit.analysis.cache import remembered
from toolkit.checks.rounding import FAMILIES, Printed, shorten

METHODS = {
    "wald": "Wald",
    "wilson": "Wilson",
    "clopper-pearson": "Clopper-Pearson",
    "agresti-coull": "Agresti-Coull",
    "jeffreys": "Jeffreys",
    "log-log": "log-log survival",
}
"""The standard intervals of a proportion, with the names shown."""

_STATSMODELS = {
    "wald": "normal",
    "wilson": "wilson",
    "clopper-pearson": "beta",
    "agresti-coull": "agresti_coull",
    "jeffreys": "jeffreys",
}


@remembered
def limits(method: str, events: int, total: int, level: float = 0.95) -> tuple[float, float] | None:
    """Return the limits of a proportion in [0, 1] by a word of `METHODS`.

    None where the method gives none: the log-log interval of no event or of all.

    Notes
    -----
    **Source**: Brown, Cai, DasGupta 2001, Statistical Science 16:101, doi 10.1214/ss/1009213286;
    log-log survival without censoring: Kalbfleisch, Prentice 1980, section 1.3.
    """
    if method == "log-log":
        return _log_log(events, total, level)
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(events, total, alpha=1 - level, method=_STATSMODELS[method])
    return float(low), float(high)


def _log_log(events: int, total: int, level: float) -> tuple[float, float] | None:
    """Return limits that are symmetric on the scale log(-log p), Greenwood's variance."""
    if not 0 < events < total:
        return None
    from scipy.special import ndtri

    share = events / total
    spread = math.sqrt((1 - share) / (share * total)) / abs(math.log(share))
    reach = math.exp(float(ndtri(0.5 + level / 2)) * spread)
    return share**reach, share ** (1 / reach)


def methods_printing(
    events: int, total: int, low: Printed, high: Printed, level: float = 0.95
) -> tuple[str, ...]:
    """Return the words of `METHODS` whose limits are printed as these percentages.

    Truncated limits are considered only where no method prints the digits by rounding, for cut
    digits are rare and would let chance in.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> methods_printing(105, 286, parse("31"), parse("43"))
    ('clopper-pearson',)
    >>> methods_printing(78, 101, parse("68.9"), parse("85.5"))
    ()
    """
    found = {method: limits(method, events, total, level) for method in METHODS}
    for families in (FAMILIES[:2], FAMILIES[2:]):
        matching = tuple(
            method
            for method, ends in found.items()
            if ends is not None
            and any(
                _shown(ends[0], low.decimals, family) == low.digits
                and _shown(ends[1], high.decimals, family) == high.digits
                for family in families
            )
        )
        if matching:
            return matching
    return ()


def _shown(limit: float, decimals: int, family: str) -> int:
    """Return the digits of a limit printed in per cent; Wald's may lie outside [0, 100]."""
    percent = Fraction(min(max(limit, 0.0), 1.0)) * 100
    return next(shorten(percent, decimals, each) for each in FAMILIES if each == family)


_SCALES: dict[str, Callable[[float], float]] = {
    "plain": lambda p: p,
    "log": math.log,
    "logit": lambda p: math.log(p / (1 - p)),
    "log-log": lambda p: math.log(-math.log(p)),
    "complementary log-log": lambda p: math.log(-math.log(1 - p)),
    "arcsine": lambda p: math.asin(math.sqrt(p)),
}


def symmetric_scales(estimate: Printed, low: Printed, high: Printed) -> tuple[str, ...]:
    """Return the scales on which an estimate in per cent may lie midway between its limits.

    Rounding of all three numbers is allowed for. Survival and cumulative incidence are given with
    limits of this kind; an empty answer means that none of the usual scales explains them.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> symmetric_scales(parse("35.1"), parse("20"), parse("50.2"))
    ('plain', 'log-log')
    """
    if estimate.bound or low.bound or high.bound:
        return ()
    return tuple(
        name for name, scale in _SCALES.items() if _may_be_midway(scale, (estimate, low, high))
    )


def _may_be_midway(
    scale: Callable[[float], float], numbers: tuple[Printed, Printed, Printed]
) -> bool:
    """Return whether the boxes of estimate and limits allow equal distances on a scale."""
    ends = []
    for number in numbers:
        pair = [_inside(float(edge) / 100) for edge in number.box]
        mapped = sorted(scale(share) for share in pair)
        ends.append(mapped)
    (middle_low, middle_high), low, high = ends
    return low[0] + high[0] <= 2 * middle_high and low[1] + high[1] >= 2 * middle_low


def _inside(share: float) -> float:
    """Return a share moved off 0 and 1, where most scales have no value."""
    return min(max(share, 1e-6), 1 - 1e-6)


def excludes(estimate: Printed, low: Printed, high: Printed) -> bool:
    """Return whether an interval leaves its own estimate outside, rounding allowed for.

    Examples
    --------
    >>> from toolkit.checks.rounding import parse
    >>> excludes(parse("0.27"), parse("0.3"), parse("2.32"))
    False
    >>> excludes(parse("0.27"), parse("0.30"), parse("2.32"))
    True
    """
    return estimate.box[1] < low.box[0] or estimate.box[0] > high.box[1]

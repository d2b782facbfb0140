"""An answer as lines of text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from toolkit.results.names import ESTIMANDS, EVENTS, STUDY, prediction_name, studies
from toolkit.results.shares import Shares, shares_of
from toolkit.results.synthesis import SubgroupDifference, Synthesis
from toolkit.results.tables import counts_text, percent_text
from toolkit.review.words import GRADES

_MOST_LISTED = 8


def in_words(answer: Synthesis, *, per: int | None = None) -> str:
    """Return an answer as lines of text: rows, pool, heterogeneity, subgroups by name, notes.

    Parameters
    ----------
    answer : Synthesis
        What a pool returned.
    per : int, optional
        Out of how many patients proportions are printed; found from the answer unless given.
    """
    shares = shares_of(answer, per)
    title = answer.outcome_label or "Pooled proportion"
    if answer.grade:
        title += f", {GRADES[answer.grade]}"
    if answer.analysis_set_label:
        title += f": {answer.analysis_set_label}"
    lines = [title, *_pool(answer, shares)]
    names = {each.level: each.label for each in answer.subgroups}
    for subgroup in answer.subgroups:
        lines += ["", f"  {answer.by}: {subgroup.label}"]
        lines += [f"  {line}" for line in _pool(subgroup.answer, shares)]
    if answer.differences or answer.between is not None:
        lines += ["", "  Between subgroups"]
    for difference in answer.differences:
        lines += _difference(difference, names, shares)
    if answer.between is not None:
        test = answer.between
        lines.append(
            f"    {test.name}: {test.statistic:.2f}, df {test.df:g}, p {p_in_words(test.p)}"
        )
    return "\n".join(lines)


def _pool(answer: Synthesis, shares: Shares) -> Iterator[str]:
    """Yield the rows of an answer, its estimates, its heterogeneity and its notes."""
    patients = f", {answer.total} patients" if answer.total else ""
    yield f"  {studies(answer.k)}{patients}; {answer.method.in_words}"
    labels = [row.label for row in answer.rows] + [each.label for each in answer.not_reported]
    ahead = prediction_name(answer.method.level) if answer.prediction.defined else ""
    width = max(map(len, [*labels, *ESTIMANDS.values(), ahead]))
    heading = counts_heading(answer)
    room = len(heading)
    yield f"  {STUDY:<{width}}  {heading}  {interval_heading(answer, shares)}"
    for row in answer.rows:
        numbers = percent_text(row.estimate, row.low, row.high, shares)
        yield f"  {row.label:<{width}}  {counts_text(row):>{room}}  {numbers}"
    for each in answer.not_reported:
        size = "" if each.total is None else f"n {each.total}"
        yield f"  {each.label:<{width}}  {size:>{room}}  not reported"
    for word, estimate in (("typical", answer.typical), ("average", answer.average)):
        if estimate.defined:
            numbers = percent_text(estimate.estimate, estimate.low, estimate.high, shares)
            yield f"  {ESTIMANDS[word]:<{width}}  {'':>{room}}  {numbers}"
    low, high = answer.prediction.low, answer.prediction.high
    if low is not None and high is not None:
        numbers = shares.with_unit(f"{shares.number(low)} to {shares.number(high)}")
        yield f"  {ahead:<{width}}  {'':>{room}}  {numbers}"
    if spread := heterogeneity_line(answer):
        yield f"  {spread}"
    if ahead and answer.method.prediction_in_words:
        yield f"  prediction: {answer.method.prediction_in_words}"
    yield from (f"  {note}" for note in answer.notes)
    yield from (f"  {line}" for line in _left_out(answer))


def counts_heading(answer: Synthesis) -> str:
    """Return the heading of the column of counts."""
    if any(row.effect is not None for row in answer.rows):
        return ""
    return EVENTS if all(row.counted for row in answer.rows) else "patients"


def interval_heading(answer: Synthesis, shares: Shares) -> str:
    """Return the heading of the column of proportions."""
    return f"{shares.unit or 'effect'} ({100 * answer.method.level:g}% interval)"


def heterogeneity_line(answer: Synthesis) -> str:
    """Return tau with its interval, the test of no heterogeneity, and both I2, as one line."""
    found = answer.heterogeneity
    if found is None:
        return ""
    parts = []
    if found.tau is not None:
        tau = f"tau {found.tau:.2f}"
        if found.tau2_low is not None and found.tau2_high is not None:
            tau += f" ({math.sqrt(found.tau2_low):.2f} to {math.sqrt(found.tau2_high):.2f})"
        parts.append(f"{tau} on the {answer.scale} scale")
    if found.rho is not None:
        parts.append(f"rho {found.rho:.3f}")
    if found.q is not None and found.df is not None:
        name = "Q" if answer.method.model == "inverse-variance" else "LRT"
        test = f"{name} {found.q:.2f}, df {found.df:g}"
        parts.append(test if found.p is None else f"{test}, p {p_in_words(found.p)}")
    if found.i2_typical is not None:
        parts.append(f"I2 {100 * found.i2_typical:.0f}%")
    if found.i2_latent is not None:
        parts.append(f"latent I2 {100 * found.i2_latent:.0f}%")
    return "; ".join(parts)


def p_in_words(p: float) -> str:
    """Return a p-value with two significant figures, never as 0.

    Examples
    --------
    >>> p_in_words(0.2071), p_in_words(0.0123), p_in_words(2e-11)
    ('0.21', '0.012', '< 0.0001')
    """
    if p < 0.0001:
        return "< 0.0001"
    return f"{p:.2g}" if p < 0.995 else "1.00"


def _difference(
    difference: SubgroupDifference, names: dict[str, str], shares: Shares
) -> Iterator[str]:
    """Yield a difference in points of the unit, and how its interval was made."""
    first, second = (names.get(each, each) for each in (difference.first, difference.second))
    middle, low, high = (
        shares.points(each).replace("\u2212", "-")
        for each in (difference.estimate, difference.low, difference.high)
    )
    points = "points" if shares.per == 100 else shares.unit
    line = f"    {first} minus {second}: {middle} {points} ({low} to {high})"
    if difference.probability_positive is not None:
        higher = Shares().number(difference.probability_positive)
        line += f"; probability that the first is higher {higher}%"
    yield line
    if difference.method:
        yield f"      {difference.method}"


def _left_out(answer: Synthesis) -> Iterator[str]:
    """Yield what the selection left out of the patients that are counted, series by series."""
    told = [each for each in answer.left_out if not each.loses_patients]
    by_series: dict[str, list[str]] = {}
    for each in told:
        by_series.setdefault(each.label, []).append(f"{each.group} {each.number}")
    for label, numbers in by_series.items():
        numbers = list(dict.fromkeys(numbers))
        listed = ", ".join(numbers[:_MOST_LISTED])
        rest = len(numbers) - _MOST_LISTED
        more = f" and {rest} more" if rest > 0 else ""
        yield f"{label} also reports, and not taken: {listed}{more}"

"""The specification curve of one outcome in a page: drawn, chosen from, and taken apart."""

from __future__ import annotations

import json

from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Plots
from toolkit.book.content.prose import NOUNS
from toolkit.figures.page.numerals import plural
from toolkit.figures.specification_curve import in_order
from toolkit.html import ABSENT, listed, literal, stacked, table
from toolkit.results.curve import FACTORS, DataVariant, Factor, SpecificationCurve
from toolkit.results.tables import specification_csv
from toolkit.review.protocol import Outcome


def spread(answers: Answers, outcome: Outcome) -> str:
    """Return the range of all combinations and the middle half, beside the published answer."""
    span, path = answers.results.span, f"curves.{outcome.key}"
    led = answers.headline(outcome.key)
    published = ""
    if led is not None:
        number = span(f"{answers.path(outcome.key)}.{led.lead}.estimate")
        published = f" The protocol leads with {number}, the {NOUNS[led.lead]}."
    return (
        f"{span(f'{path}.given')} of {span(f'{path}.combinations')} combinations of data and "
        f"method give an estimate, from {span(f'{path}.lowest.estimate')} to "
        f"{span(f'{path}.highest.estimate')}; half of them lie between "
        f"{span(f'{path}.quarter.estimate')} and {span(f'{path}.three_quarters.estimate')}."
        f"{published}"
    )


def curve_section(answers: Answers, plots: Plots, outcome: Outcome) -> str:
    """Return the curve with its filter, what moves it most, and which data it is made of."""
    curve = answers.curves[outcome.key]
    name = f"{outcome.key}-specifications"
    return "\n".join(
        (
            plots.figure(
                "specification", curve, name=name, files={"csv": specification_csv(curve).encode()}
            ),
            _filter(f"plot-{answers.review.key}-{name}", curve),
            _factors(answers, outcome, curve),
            _variants(answers, outcome, curve),
        )
    )


def _filter(figure: str, curve: SpecificationCurve) -> str:
    """Return what `choices.js` makes a choice of combinations from; nothing is seen without it.

    A column of the figure is told by the places of its data and its method in two lists and by
    its estimate.
    """
    drawn = in_order(curve)
    data = [v.label for v in curve.variants if any(each.data == v.label for each in drawn)]
    methods = [m.label for m in curve.methods if any(each.method == m.label for each in drawn)]
    columns = [
        [data.index(each.data), methods.index(each.method), each.estimate.estimate]
        for each in drawn
    ]
    held = json.dumps(
        {"data": data, "methods": methods, "columns": columns}, ensure_ascii=True
    ).replace("<", "\\u003c")
    return (
        f'<script type="application/json" class="st-choices" data-figure="{figure}">'
        f"{held}</script>\n"
    )


def _factors(answers: Answers, outcome: Outcome, curve: SpecificationCurve) -> str:
    """Return a line for each factor: how far it moves the answer, and its share of the variance."""
    span, path = answers.results.span, f"curves.{outcome.key}"
    rows = [
        _factor_row(answers, curve, factor, f"{path}.factors.{place}")
        for place, factor in enumerate(curve.factors)
    ]
    noun = NOUNS[curve.lead]
    caption = f"What moves the {noun}: one choice changed at a time, and over all combinations."
    told = table(("Choice", "Lowest", "Highest", "Share of variance"), rows, caption=caption)
    if curve.interplay is None:
        shared = "Too few combinations differ for their variance to be shared out."
    else:
        shared = (
            f"The shares are those of the {span(f'{path}.compared')} combinations that estimate "
            f"the {noun}, on the logit scale (type II sums of squares of an additive fit of data "
            "and method; data that coincide count once, missing combinations are not filled in); "
            f"{span(f'{path}.interplay')} is interplay of data and method. Shares depend on which "
            "choices are in the list, the ranges do not."
        )
    without = _without_estimate(curve)
    if without:
        shared += (
            f" In no range, because the protocol&#8217;s method has no estimate there: {without}."
        )
    return f'{told}\n<p class="st-small">{shared}</p>\n'


def _without_estimate(curve: SpecificationCurve) -> str:
    """Return the choices of data that the headline's method cannot pool, each with its size."""
    return listed(
        [
            f"{literal(each.label)} ({plural(each.k, 'series', 'series')})"
            for each in curve.variants
            if not each.same_as
            and (found := curve.at(each.label, curve.headline[1])) is not None
            and not found.estimate.defined
        ]
    )


def _factor_row(
    answers: Answers, curve: SpecificationCurve, factor: Factor, path: str
) -> tuple[str, ...]:
    """Return one factor as a line of the table."""
    span, label = answers.results.span, FACTORS[factor.key]
    share = ABSENT if factor.share is None else span(f"{path}.share")
    if factor.levels < 2 or factor.lowest is None or factor.highest is None:
        return (label, "nothing to compare", ABSENT, share)
    ends = []
    for end, each in (("lowest", factor.lowest), ("highest", factor.highest)):
        chosen = each.method if factor.key == "method" else each.data
        words = "the main analysis" if curve.leads(each) else literal(chosen)
        ends.append(stacked(span(f"{path}.{end}.estimate"), words))
    return (label, *ends, share)


def _variants(answers: Answers, outcome: Outcome, curve: SpecificationCurve) -> str:
    """Return which data the curve is made of, what coincides and what is missing, folded."""
    rows = [
        (
            literal(each.label),
            answers.results.span(f"curves.{outcome.key}.variants.{place}.k"),
            answers.results.span(f"curves.{outcome.key}.variants.{place}.total"),
            _standing(each),
        )
        for place, each in enumerate(curve.variants)
    ]
    told = table(("Data", "Series", "Patients", "In the curve"), rows)
    return (
        "<details><summary>Which data the curve is made of, and which coincide or are missing"
        f"</summary>\n{told}</details>\n"
    )


def _standing(variant: DataVariant) -> str:
    """Return how a choice of data stands in the curve, in words."""
    if variant.reason:
        return f"nothing: {literal(variant.reason)}"
    if variant.same_as:
        return f"the same numbers as <em>{literal(variant.same_as)}</em>, counted once"
    return "yes" if variant.k > 1 else "one series: not pooled"

"""Sentences about answers: plain words, every number a quote from results.json."""

from __future__ import annotations

from toolkit.book.content.answers import HEADLINE, Answers
from toolkit.figures.page.numerals import years
from toolkit.html import literal
from toolkit.results.curve import FACTORS, Factor, Specification, SpecificationCurve
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.protocol import Outcome
from toolkit.review.words import GRADES

ESTIMANDS = {"typical": "in a typical centre", "average": "averaged over centres"}
"""The two estimands as they are told in a sentence."""

NOUNS = {"typical": "typical centre", "average": "average over centres"}
"""The two estimands by name."""


def name(outcome: Outcome) -> str:
    """Return the name of an outcome with its grade, as HTML."""
    grade = GRADES[outcome.grade].replace(" ", "&#160;")
    return literal(outcome.label) + (f", {grade}" if grade else "")


def size(answers: Answers, path: str) -> str:
    """Return ``5 series, 129 patients`` as HTML."""
    total = answers.results.value(f"{path}.total")
    noun = "patient" if total == 1 else "patients"
    return (
        f"{answers.results.span(f'{path}.k')} series, "
        f"{answers.results.span(f'{path}.total')} {noun}"
    )


def interval_name(answer: Synthesis) -> str:
    """Return what the interval of an answer is called, with its level."""
    kind = "credible" if answer.method.interval == "credible" else "confidence"
    return f"{100 * answer.method.level:g}\u00a0% {kind} interval"


def answer_in_words(answers: Answers, outcome: Outcome, analysis_set: str | None = None) -> str:
    """Return what is known of an outcome in one set: a sentence or two, as HTML."""
    answer = answers.headline(outcome.key, analysis_set)
    if answer is None:
        return "No series of this set reports it."
    path = answers.path(outcome.key, analysis_set)
    if answer.k == 1:
        return f"One series: not pooled. {one_series(answers, path, answer)}."
    if not answer.leading.defined:
        return f"{size(answers, path)}: not pooled. {literal(' '.join(answer.notes))}"
    first, second = ("average", "typical") if answer.lead == "average" else ("typical", "average")
    told = (
        f"<strong>{answers.results.span(f'{path}.{first}.estimate')}</strong> {ESTIMANDS[first]} "
        f"({interval_name(answer)} {answers.results.limits(f'{path}.{first}')}&nbsp;%)."
    )
    if estimand(answer, second).defined:
        other = answers.results.estimate(f"{path}.{second}")
        told += f" {ESTIMANDS[second].capitalize()}: {other}."
    told += f" {size(answers, path)}."
    return f"{told} {next_patients(answers, path, outcome)}".rstrip()


def wider_set(answers: Answers, key: str) -> str:
    """Return what names a set beside others; empty for the primary one, which needs no name."""
    if key == answers.review.primary_set:
        return ""
    return f"Wider set: {literal(answers.review.analysis_set(key).label)}"


def one_series(answers: Answers, path: str, answer: Synthesis) -> str:
    """Return the only number there is: whose, counts, percentage and interval, as HTML."""
    row, span = answer.rows[0], answers.results.span
    if not row.counted:
        patients = f"{span(f'{path}.rows.0.total')} {'patient' if row.total == 1 else 'patients'}"
        time = "" if row.time_years is None else f", at {years(row.time_years)}"
        share = answers.results.estimate(f"{path}.rows.0")
        return f"{literal(row.label)}: {patients}{time}, {share}"
    if row.events is None:
        counts = f"{span(f'{path}.rows.0.events_low')} to {span(f'{path}.rows.0.events_high')}"
        share = f"interval {answers.results.limits(f'{path}.rows.0')}&nbsp;%"
    else:
        counts = span(f"{path}.rows.0.events")
        share = answers.results.estimate(f"{path}.rows.0")
    return f"{literal(row.label)}: {counts} of {span(f'{path}.rows.0.total')}, {share}"


def next_patients(answers: Answers, path: str, outcome: Outcome) -> str:
    """Return the prediction on the scale of patients, as a sentence; empty where there is none."""
    if answers.results.value(f"{path}.next_patients") is None:
        return ""
    verb = "reach" if outcome.direction == "benefit" else "have"
    here = f"{path}.next_patients"
    return (
        f"Of the next {answers.results.span(f'{here}.patients')} patients in a new centre, "
        f"{answers.results.span(f'{here}.low')} to {answers.results.span(f'{here}.high')} "
        f"would be expected to {verb} it."
    )


def moves_in_words(answers: Answers, outcome: Outcome) -> str:
    """Return what moves an answer most, in sentences; empty where nothing can be compared."""
    curve = answers.curves.get(outcome.key)
    if curve is None:
        return ""
    told = [
        (factor, f"curves.{outcome.key}.factors.{place}")
        for place, factor in enumerate(curve.factors)
        if factor.levels > 1
    ]
    if not told:
        return ""
    centre = f"the {NOUNS[curve.lead]}"
    led = answers.results.span(f"{answers.path(outcome.key)}.{curve.lead}.estimate")
    first, path = told[0]
    if first.furthest is None:
        return f"No single choice moves {centre}, {led}."
    opening = f"What moves it most is {FACTORS[first.key].lower()}"
    goes = f"{centre}, {led} in the main analysis, goes "
    goes += f"{_factor_in_words(answers, curve, first, path, sizes=True)}."
    others = [
        f"{FACTORS[factor.key]} moves it {_factor_in_words(answers, curve, factor, path)}."
        for factor, path in told[1:]
    ]
    return " ".join([f"{opening}: {goes}", *others])


def _factor_in_words(
    answers: Answers, curve: SpecificationCurve, factor: Factor, path: str, *, sizes: bool = False
) -> str:
    """Return between which ends one factor moves an answer, with how much data each has or not."""
    if factor.lowest is None or factor.highest is None or factor.furthest is None:
        return "nowhere"
    span = answers.results.span
    low, high = (
        f"{span(f'{path}.{end}.estimate')} "
        f"({_choice(answers, curve, each, f'{path}.{end}', sizes=sizes)})"
        for end, each in (("lowest", factor.lowest), ("highest", factor.highest))
    )
    return f"from {low} to {high}"


def _choice(
    answers: Answers, curve: SpecificationCurve, each: Specification, path: str, *, sizes: bool
) -> str:
    """Return the one choice by which a combination departs from the headline, as HTML."""
    if curve.leads(each):
        return "the main analysis"
    span = answers.results.span
    if each.data == curve.headline[0]:
        return f"<em>{span(f'{path}.method')}</em>"
    choice = f"<em>{span(f'{path}.data')}</em>"
    if sizes:
        choice += f", {span(f'{path}.k')} series, {span(f'{path}.total')} patients"
    return choice


def estimand(answer: Synthesis, word: str) -> Estimate:
    """Return the typical centre or the average over centres of an answer, by its name."""
    return answer.average if word == "average" else answer.typical


def cautions(answers: Answers, outcome: Outcome, analysis_set: str | None = None) -> str:
    """Return what must be known of the numbers that are pooled, in a sentence; or nothing."""
    key = analysis_set or answers.review.primary_set
    answer = answers.headline(outcome.key, key)
    if answer is None:
        return ""
    path = f"flags.{outcome.key}.{key}"
    told = [
        f"{words} {answers.results.span(f'{path}.{flag}')}"
        for flag, words in (
            ("secondary", "quoted by another paper"),
            ("approximate", "printed without interval"),
            ("other-time", "measured at another time"),
            ("single", "extracted by one person only"),
            ("nearest", "nearest construct in place of the outcome"),
            ("differs", "given differently elsewhere in the paper"),
            ("undecided", "left open by the paper"),
        )
        if answers.results.value(f"{path}.{flag}")
    ]
    if not told:
        return ""
    of_all = answers.results.span(f"{answers.path(outcome.key, key)}.k")
    noun = "number" if answer.k == 1 else "numbers"
    return f"Of {of_all} {noun}: {', '.join(told)}."


def method_label(answer: Synthesis, method: str) -> str:
    """Return the name of a method in a table, as HTML."""
    words = answer.method.in_words
    told = literal(words[0].upper() + words[1:])
    return f"{told} <em>(main)</em>" if method == HEADLINE else told

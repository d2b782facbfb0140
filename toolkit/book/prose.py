"""Sentences about answers: plain words, every number a quote from results.json."""

from __future__ import annotations

from toolkit.book.answers import HEADLINE, METHODS, Answers
from toolkit.book.moves import estimand
from toolkit.book.text import listed, literal
from toolkit.review import GRADES, Outcome
from toolkit.synthesis import Synthesis

ESTIMANDS = {"typical": "in a typical centre", "average": "averaged over centres"}
"""The two estimands as they are told in a sentence."""

NOUNS = {"typical": "typical centre", "average": "average over centres"}
"""The two estimands by name."""

CHOICES = {"series": "which series are counted", "model": "which model pools them"}
"""The two kinds of choice that can move an answer."""

MODELS = {
    "ml": "maximum likelihood",
    "bayes": "the Bayesian fit",
    "beta-binomial": "the beta-binomial model",
    "inverse-variance": "inverse variance with Hartung-Knapp intervals",
    "inverse-variance-adhoc": "inverse variance with ad hoc Hartung-Knapp intervals",
    "pooled-counts": "adding all patients up as if they were one series",
}
"""The models set beside the headline, as they are named in a sentence."""


def name(outcome: Outcome) -> str:
    """Return the name of an outcome with its grade, as HTML."""
    return literal(outcome.label) + (f", {GRADES[outcome.grade]}" if outcome.grade else "")


def short_name(outcome: Outcome) -> str:
    """Return the short name of an outcome with its grade, as HTML."""
    grade = GRADES[outcome.grade].removeprefix("grade ")
    return literal(outcome.short) + (f" {grade}" if grade and outcome.grade != "any" else "")


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
    return f"{100 * answer.method.level:g} % {kind} interval"


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
        f"({interval_name(answer)} {answers.results.limits(f'{path}.{first}')} %)"
    )
    if estimand(answer, second).defined:
        told += f"; {answers.results.estimate(f'{path}.{second}')} {ESTIMANDS[second]}"
    told += f"; {size(answers, path)}."
    return f"{told} {next_patients(answers, path, answer)}".rstrip()


def one_series(answers: Answers, path: str, answer: Synthesis) -> str:
    """Return the only number there is: whose, counts, percentage and interval, as HTML."""
    row, span = answer.rows[0], answers.results.span
    if row.events is None:
        counts = f"{span(f'{path}.rows.0.events_low')} to {span(f'{path}.rows.0.events_high')}"
        share = f"interval {answers.results.limits(f'{path}.rows.0')} %"
    else:
        counts = span(f"{path}.rows.0.events")
        share = answers.results.estimate(f"{path}.rows.0")
    return f"{literal(row.label)}: {counts} of {span(f'{path}.rows.0.total')}, {share}"


def next_patients(answers: Answers, path: str, answer: Synthesis) -> str:
    """Return the prediction on the scale of patients, as a sentence; empty where there is none."""
    if answer.next_patients is None:
        return ""
    here = f"{path}.next_patients"
    return (
        f"Of the next {answers.results.span(f'{here}.patients')} patients in a new centre, "
        f"{answers.results.span(f'{here}.low')} to {answers.results.span(f'{here}.high')} "
        "would be expected to have it."
    )


def moves_in_words(answers: Answers, outcome: Outcome) -> str:
    """Return what moves an answer most, in sentences; empty where nothing can be compared."""
    found = answers.results.document["moves"].get(outcome.key, {})
    base = answers.headline(outcome.key)
    if base is None or "largest" not in found:
        return ""
    told = {}
    if "series" in found:
        primary = answers.review.analysis_set(answers.review.primary_set)
        chosen = answers.review.analysis_set(found["series"])
        path = answers.path(outcome.key, chosen.key)
        told["series"] = (
            f"<em>{literal(chosen.label)}</em> in place of <em>{literal(primary.label)}</em> "
            f"{_move(answers, base, path)} ({size(answers, path)})"
        )
    if "model" in found:
        path = answers.path(outcome.key, method=found["model"])
        told["model"] = (
            f"{MODELS[found['model']]} in place of the main model {_move(answers, base, path)}"
        )
    largest = found["largest"]
    sentence = f"What moves it most is {CHOICES[largest]}: {told.pop(largest)}."
    for kind, words in told.items():
        sentence += f" {CHOICES[kind].capitalize()} matters less: {words}."
    return sentence


def _move(answers: Answers, base: Synthesis, path: str) -> str:
    """Return where the leading estimand goes from the main analysis to another pool."""
    lead = base.lead
    start = f"{answers.path(base.outcome)}.{lead}.estimate"
    end = f"{path}.{lead}.estimate"
    if answers.results.shown(start) == answers.results.shown(end):
        return f"leaves the {NOUNS[lead]} at {answers.results.span(end)}"
    return (
        f"takes the {NOUNS[lead]} from {answers.results.span(start)} to {answers.results.span(end)}"
    )


def cautions(answers: Answers, outcome: Outcome, analysis_set: str | None = None) -> str:
    """Return what must be known of the numbers that are pooled, in a sentence; or nothing."""
    key = analysis_set or answers.review.primary_set
    answer = answers.headline(outcome.key, key)
    if answer is None:
        return ""
    path = f"flags.{outcome.key}.{key}"
    told = [
        f"{answers.results.span(f'{path}.{flag}')} {words}"
        for flag, words in (
            ("secondary", "quoted by another paper"),
            ("single", "extracted by one person only"),
            ("nearest", "for the nearest construct that the series reports"),
            ("differs", "given differently elsewhere in its paper"),
        )
        if answers.results.value(f"{path}.{flag}")
    ]
    if not told:
        return ""
    of_all = answers.results.span(f"{answers.path(outcome.key, key)}.k")
    noun = "number" if answer.k == 1 else "numbers"
    return f"Of the {of_all} {noun}: {listed(told)}."


def method_label(answers: Answers, answer: Synthesis, method: str) -> str:
    """Return the name of a method in a table, as HTML."""
    if method == HEADLINE:
        return f"Main: {literal(answer.method.in_words)}"
    return literal(METHODS[method].in_words)

"""The words that cells may hold which no protocol names, each with what it means."""

from __future__ import annotations

from toolkit.review.words import DENOMINATORS, GRADES, INTERVAL_SCALES, STATUSES

VOCABULARIES: dict[str, dict[str, str]] = {
    "grade": {key: label or "no grade (a response)" for key, label in GRADES.items()},
    "status": STATUSES,
    "estimate_status": {key: STATUSES[key] for key in ("", "not_reported", "alternative")},
    "interval_scale": INTERVAL_SCALES,
    "spread": {
        "interval": "a confidence interval",
        "range": "least and greatest value observed",
        "iqr": "lower and upper quartile",
        "not_said": "two limits of which the paper does not say what they are",
        "": "nothing stands beside it",
    },
    "time_unit": {"days": "days", "weeks": "weeks", "months": "months", "years": "years"},
    "denominator": DENOMINATORS,
    "basis": {
        "reported": "the paper prints the number",
        "derived": "worked out from printed numbers; the arithmetic stands in note",
        "counted": "counted from the patient rows in patients.csv",
        "author": "told by the authors",
        "drafted": "read by a rule, and compared with the paper by the person named in proposals",
    },
    "report_read": {
        "full text": "the series' own report was read in full",
        "abstract": "only the abstract of the series' own report was read",
        "not read": "the series' own report was not read; its numbers are quoted elsewhere",
    },
    "mrd": {
        "negative": "measured and negative",
        "positive": "measured and positive",
        "not_available": "not measured or not given",
        "": "not stated",
    },
    "judgement": {
        "yes": "the item is met",
        "no": "the item is not met",
        "unclear": "the report does not say",
        "not_applicable": "the item does not apply",
    },
    "statement_kind": {
        "count": "a number of patients; total says of how many",
        "percentage": "a share in per cent, printed without its number of patients",
        "number": "any other number",
        "mean": "a mean",
        "median": "a median",
        "range": "least and greatest value observed, low..high",
        "iqr": "lower and upper quartile, low..high",
        "interval": "a confidence interval, low..high; 95% unless as_printed says otherwise",
        "estimate": "an estimate in per cent that is no plain share, such as survival at a time",
        "ratio": "a hazard, odds or risk ratio",
        "p": "a p-value; < stands before a limit",
        "word": "a word rather than a number, such as the response of one patient",
        "not_available": "said not to be available or not reported; value is empty",
    },
    "reporting_rule": {
        "at-least": "events in at least this share or number of patients are listed",
        "more-than": "events in more than this share or number of patients are listed",
    },
    "reporting_unit": {
        "percent": "a percentage of the patients of the group",
        "count": "a number of patients",
    },
    "reconciling": {
        "first": "the first extractor's reading is recorded",
        "second": "the second extractor's reading is recorded",
        "other": "neither is right; agreed holds what is recorded",
    },
    "item": {
        "1": "who was included is said clearly",
        "2": "the condition was measured the same reliable way in all",
        "3": "the condition was identified by valid methods in all",
        "4": "patients were included consecutively, none passed over",
        "5": "all eligible patients were included",
        "6": "age, sex and the like are reported clearly",
        "7": "disease and treatment of the patients are reported clearly",
        "8": "outcomes or results of follow-up are reported clearly",
        "9": "the centers and their patients are described",
        "10": "the statistics suit the data",
    },
    "report_status": {
        "included": "read, and its numbers answer the question",
        "quoted": "known only through another paper",
        "not_retrieved": "sought and not read yet",
        "context": "read, and its numbers answer another question; reason says which",
        "excluded": "read and not eligible; reason says why",
        "background": "read for comparison or context",
    },
    "grade_domain": {
        "risk_of_bias": "how the series were gathered and measured",
        "inconsistency": "how far the series differ",
        "indirectness": "how far patients, treatment or outcome are those asked about",
        "imprecision": "how wide the interval is",
        "publication_bias": "whether series or results may be missing",
        "certainty": "what the five leave: how far the answer can be trusted",
    },
    "grade_judgement": {
        "not_serious": "of a domain: the certainty stays",
        "serious": "of a domain: one level lower",
        "very_serious": "of a domain: two levels lower",
        "high": "of the certainty: the truth is close to the estimate",
        "moderate": "of the certainty: the truth is probably close to it",
        "low": "of the certainty: the truth may be far from it",
        "very_low": "of the certainty: the truth is probably far from it, or hardly known",
    },
    "overlap_judgement": {
        "separate": "no patient belongs to both",
        "possible": "patients may belong to both",
        "shared": "patients belong to both",
    },
}
"""Every word that the schema itself fixes, with its meaning."""


OFFERED_WITH_MEANING = ("item",)
"""Vocabularies whose words are numbers: a workbook offers them with their meaning behind."""


def offered(vocabulary: str, word: str) -> str:
    """Return a word as a workbook offers it: ``1: who was included is said clearly``."""
    meaning = VOCABULARIES[vocabulary].get(word) if vocabulary in OFFERED_WITH_MEANING else None
    return word if meaning is None else f"{word}: {meaning}"

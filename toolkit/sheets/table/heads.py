"""From headings to what columns hold: synonyms in any case, several outcomes side by side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORDS: dict[str, tuple[str, ...]] = {
    "label": (
        "series",
        "study",
        "studies",
        "study label",
        "study name",
        "studlab",
        "slab",
        "trial",
        "trial name",
        "first author",
        "author",
        "authors",
        "study author",
        "author year",
        "author and year",
        "authors year",
        "study year",
        "paper",
        "publication",
        "reference",
        "citation",
        "article",
        "report",
        "label",
        "name",
        "cohort",
        "source",
        "studie",
        "autor",
        "etude",
        "auteur",
        "estudio",
        "acronym",
        "study id",
        "studyid",
        "trial id",
        "record",
        "refid",
        "covidence",
        "id",
        "center",
        "centre",
        "site",
        "title",
    ),
    "events": (
        "events",
        "event",
        "cases",
        "case",
        "x",
        "xi",
        "r",
        "ri",
        "e",
        "responders",
        "responses",
        "responder",
        "response",
        "positive",
        "positives",
        "successes",
        "success",
        "affected",
        "num affected",
        "deaths",
        "count",
        "numerator",
        "n events",
        "n event",
        "events n",
        "event n",
        "number of events",
        "no of events",
        "no events",
        "number of cases",
        "no of cases",
        "n cases",
        "cases n",
        "number of responders",
        "n responders",
        "responders n",
        "number affected",
        "n with event",
        "with event",
        "patients with event",
        "event count",
        "ereignisse",
        "evenements",
        "eventos",
        "dichotomous events",
        "n positive",
        "number positive",
    ),
    "total": (
        "total",
        "totals",
        "n",
        "ni",
        "sample size",
        "samplesize",
        "sample",
        "size",
        "patients",
        "participants",
        "subjects",
        "number of patients",
        "no of patients",
        "n patients",
        "patients n",
        "number of participants",
        "no of participants",
        "n participants",
        "participants n",
        "number of subjects",
        "n total",
        "total n",
        "n tot",
        "ntotal",
        "denominator",
        "evaluable",
        "n evaluable",
        "evaluable patients",
        "at risk",
        "number at risk",
        "num at risk",
        "population size",
        "total patients",
        "total number",
        "total participants",
        "number treated",
        "n treated",
        "treated",
        "group size",
        "gesamt",
        "effectif",
        "total de pacientes",
    ),
    "fraction": (
        "x/n",
        "r/n",
        "n/n",
        "xi/ni",
        "events/total",
        "event/total",
        "events/n",
        "cases/total",
        "cases/n",
        "responders/total",
        "responders/evaluable",
        "n/total",
        "events/patients",
        "responders/n",
        "x of n",
        "events of total",
        "n of n",
        "count/total",
    ),
    "percent": (
        "percent",
        "%",
        "percentage",
        "pct",
        "rate",
        "event rate",
        "proportion",
        "prevalence",
        "incidence",
        "share",
        "rate %",
        "percent %",
        "proportion %",
        "prevalence %",
        "events %",
        "risk",
        "estimate %",
        "rate percent",
        "event rate %",
        "incidence %",
    ),
    "low": (
        "low",
        "lower",
        "lcl",
        "ci low",
        "ci lower",
        "lower ci",
        "low ci",
        "ci lb",
        "lower limit",
        "lower 95",
        "lower 95 ci",
        "95 ci lower",
        "95 ci low",
        "ll",
        "low percent",
        "lb",
        "cil",
        "ci l",
        "lower bound",
        "ci start",
        "95 lower",
        "lower 95%",
        "lower 95% ci",
        "95% ci lower",
        "95% lower",
    ),
    "high": (
        "high",
        "upper",
        "ucl",
        "ci high",
        "ci upper",
        "upper ci",
        "high ci",
        "ci ub",
        "upper limit",
        "upper 95",
        "upper 95 ci",
        "95 ci upper",
        "95 ci high",
        "ul",
        "high percent",
        "ub",
        "ciu",
        "ci u",
        "upper bound",
        "ci end",
        "95 upper",
        "upper 95%",
        "upper 95% ci",
        "95% ci upper",
        "95% upper",
    ),
    "effect": (
        "yi",
        "effect",
        "effect size",
        "es",
        "te",
        "estimate",
        "logit",
        "smd",
        "md",
        "diff",
        "mean difference",
        "log odds",
    ),
    "error": ("sei", "se", "sete", "standard error", "std error", "stderr", "se te"),
    "variance": ("vi", "variance", "var", "sampling variance"),
    "group": ("group", "subgroup", "arm", "stratum", "strata", "treatment arm", "cohort group"),
    "outcome": ("outcome", "endpoint", "end point", "adverse event", "outcome name", "measure"),
    "year": (
        "year",
        "pubyear",
        "publication year",
        "year of publication",
        "pub year",
        "jahr",
        "annee",
    ),
}
"""Headings that are understood, by what they hold; earlier words go before later ones."""

SURE = {"label": "series", "events": "events", "total": "total"}
"""The headings of this project's own tables, which go before every synonym."""

_ARMS = {
    "ai": ("events", "arm 1"),
    "n1i": ("total", "arm 1"),
    "ci": ("events", "arm 2"),
    "n2i": ("total", "arm 2"),
    "x1i": ("events", "arm 1"),
    "t1i": ("total", "arm 1"),
    "x2i": ("events", "arm 2"),
    "t2i": ("total", "arm 2"),
}

_ROLE_OF = {word: (role, at) for role, words in WORDS.items() for at, word in enumerate(words)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a heading says that its column holds.

    Attributes
    ----------
    at : int
        Its column, counted from 0.
    written : str
        The heading as written.
    role : str
        A key of `WORDS`.
    outcome : str
        What it counts, where the heading says so: ``cr`` of ``cr_events``.
    rank : int
        Smaller is surer.
    """

    at: int
    written: str
    role: str
    outcome: str = ""
    rank: int = 0


def plain(heading: str) -> str:
    """Return a heading in the one spelling that words are looked up in.

    Examples
    --------
    >>> plain("No. of_Patients (N)"), plain(" Events "), plain("n/N (%)"), plain("eventRate")
    ('no of patients n', 'events', 'n/n', 'event rate')
    """
    text = unicodedata.normalize("NFKD", heading)
    text = "".join(each for each in text if not unicodedata.combining(each))
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).casefold()
    if "/" in text or " of n" in text:
        text = re.sub(r"[,;]?\s*\(?%\)?\s*$", "", text)
    text = re.sub(r"\s*/\s*", "/", text)
    text = re.sub(r"[\s_.,;:()\[\]#=-]+", " ", text)
    return text.strip()


def heads(headings: Sequence[str]) -> list[Head]:
    """Return what each heading says, in their order; those that say nothing are left out."""
    found = []
    for at, written in enumerate(headings):
        head = _head(at, written)
        if head is not None:
            found.append(head)
    return _letters_apart(found)


def _head(at: int, written: str) -> Head | None:
    word = plain(written)
    if not word:
        return None
    for role, own in SURE.items():
        if word == own:
            return Head(at=at, written=written, role=role)
    for tried in (word, re.sub(r"\s*%$", "", word), re.sub(r" (n|no)$", "", word)):
        if tried in _ROLE_OF:
            role, rank = _ROLE_OF[tried]
            return Head(at=at, written=written, role=role, rank=rank + 1)
    if word in _ARMS:
        role, outcome = _ARMS[word]
        return Head(at=at, written=written, role=role, outcome=outcome, rank=1)
    return _prefixed(at, written, word)


_SPLIT = (
    "events",
    "event",
    "cases",
    "x",
    "xi",
    "r",
    "total",
    "n",
    "ni",
    "responders",
    "count",
    "n events",
    "no of events",
    "number of events",
    "sample size",
    "x/n",
    "n/n",
    "r/n",
    "events/total",
)


def _prefixed(at: int, written: str, word: str) -> Head | None:
    """Return ``cr events`` and ``events cr`` as events of cr; likewise totals and fractions."""
    for part in sorted(_SPLIT, key=len, reverse=True):
        role, rank = _ROLE_OF[part]
        for outcome in (
            word.removesuffix(f" {part}") if word.endswith(f" {part}") else "",
            word.removeprefix(f"{part} ") if word.startswith(f"{part} ") else "",
        ):
            if outcome and outcome not in ("no", "number", "%", "date", "type", "id"):
                return Head(at=at, written=written, role=role, outcome=outcome, rank=rank + 50)
    return None


def _letters_apart(found: Sequence[Head]) -> list[Head]:
    """Return heads with a small n beside a large N read as events among a total."""
    exact = {head.written.strip(): head for head in found}
    if {"n", "N"} <= set(exact) and not any(head.role == "events" for head in found):
        small = exact["n"]
        return [
            Head(at=head.at, written=head.written, role="events", rank=1) if head is small else head
            for head in found
        ]
    return list(found)


def roles(found: Iterable[Head]) -> set[str]:
    """Return what the headings of a line say, as a set of words."""
    return {head.role for head in found}


def names_a_table(found: Sequence[Head]) -> bool:
    """Return whether headings are enough to read numbers of studies under them."""
    said = roles(found)
    return bool(
        {"events", "total"} <= said
        or "fraction" in said
        or {"percent", "total"} <= said
        or ("effect" in said and said & {"error", "variance"})
    )

"""Every pool that the book shows: each outcome in each set and by each model, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from toolkit import __version__
from toolkit.analysis.included import answering
from toolkit.analysis.specification_curve import specification_curve
from toolkit.book.content.medians import PrintedMedian, printed_medians
from toolkit.book.content.pools import HEADLINE, METHODS, pools_of, shown_outcomes
from toolkit.book.content.results import Quoted, Results, plain
from toolkit.book.content.robustness import Robustness, curve_document, document, robustness
from toolkit.results.curve import Factor, SpecificationCurve
from toolkit.results.ladder import Ladder
from toolkit.results.row import FLAGS
from toolkit.results.synthesis import Synthesis
from toolkit.review.order import Chain
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review

HEADINGS = {"response": "Responses", "course": "Survival and transplant"}
"""Headings of kinds of outcome that are not simply the kind's own word."""

PAGES = {"response": "responses"}
"""Names of pages that are not simply the kind's own word."""


OPEN = 0.8
"""Width of an interval, in [0, 1], from which an estimate says nothing that could be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One pool with its address: where each of its numbers stands in results.json.

    Attributes
    ----------
    outcome : Outcome
        What was pooled.
    analysis_set : AnalysisSet
        Of whom.
    pool : Synthesis
        What came out.
    at : Quoted
        The same numbers as a page quotes them.
    flags : Quoted or None
        How many of them carry each flag; None for a part of a pool.
    """

    outcome: Outcome
    analysis_set: AnalysisSet
    pool: Synthesis
    at: Quoted
    flags: Quoted | None = None

    @property
    def pooled(self) -> bool:
        """Whether there is a pooled estimate to show."""
        return self.pool.leading.defined

    @property
    def useful(self) -> bool:
        """Whether the interval of its pool leaves less open than `OPEN`."""
        low, high = self.pool.leading.low, self.pool.leading.high
        return low is None or high is None or high - low < OPEN

    @property
    def leading(self) -> Quoted:
        """The estimate that the protocol leads with."""
        return self.at[self.pool.lead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """How far the choices move one answer, with the addresses of the numbers.

    Attributes
    ----------
    curve : SpecificationCurve
        The answer under every combination of choices.
    at : Quoted
        The same numbers as a page quotes them.
    led : Quoted
        The answer that the protocol leads with.
    factors : tuple of (Factor, Quoted)
        The choices that have something to compare, the one that moves it most first.
    """

    curve: SpecificationCurve
    at: Quoted
    led: Quoted
    factors: tuple[tuple[Factor, Quoted], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The pools of one review.

    Attributes
    ----------
    review : Review
        What was pooled.
    outcomes : tuple of Outcome
        The outcomes that the book shows and that at least one series reports in some set.
    pools : mapping of (outcome, set, method name) to Synthesis
        Every pool with at least one series; the method name is `HEADLINE` or one of
        `methods_beside` it.
    by : mapping of (outcome, facet) to Synthesis
        The headline pool of the primary set, split where at least two levels report.
    curves : mapping of outcome to SpecificationCurve
        Each outcome that the primary set pools, under every combination of data and method.
    robustness : mapping of outcome to Robustness
        What moves each outcome that the primary set pools from enough series.
    results : Results
        The same as one plain document.
    """

    review: Review
    outcomes: tuple[Outcome, ...]
    pools: Mapping[tuple[str, str, str], Synthesis]
    by: Mapping[tuple[str, str], Synthesis]
    curves: Mapping[str, SpecificationCurve]
    robustness: Mapping[str, Robustness]
    results: Results

    def headline(self, outcome: str, analysis_set: str | None = None) -> Synthesis | None:
        """Return the protocol's pool of an outcome in a set, or None where no series reports."""
        return self.pools.get((outcome, analysis_set or self.review.primary_set, HEADLINE))

    def answer(
        self, outcome: str, analysis_set: str | None = None, method: str = HEADLINE
    ) -> Answer | None:
        """Return a pool with its address, or None where no series reports or the model refuses."""
        among = analysis_set or self.review.primary_set
        pool = self.pools.get((outcome, among, method))
        if pool is None:
            return None
        return Answer(
            outcome=self.review.outcome(outcome),
            analysis_set=self.review.analysis_set(among),
            pool=pool,
            at=self.results.top["answers"][outcome][among][method],
            flags=self.results.top["flags"][outcome][among],
        )

    def wider(self, outcome: str) -> Answer | None:
        """Return the pool of the first set that pools an outcome which the primary set cannot.

        Only sets that hold every series of the primary one count: the question is widened, not
        exchanged.
        """
        here = self.headline(outcome)
        known = {row.series for row in here.rows} if here else set()
        if here is not None and here.k > 1:
            return None
        for each in self.review.sets:
            there = self.headline(outcome, each.key)
            if there is not None and there.k > 1 and known <= {row.series for row in there.rows}:
                return self.answer(outcome, each.key)
        return None

    def besides(self, outcome: str) -> tuple[Answer, ...]:
        """Return what the sets say that the protocol asks beside the question."""
        found = (
            self.answer(outcome, each.key) for each in self.review.sets if each.role == "beside"
        )
        return tuple(each for each in found if each is not None)

    def medians(self, kind: str = "") -> tuple[PrintedMedian, ...]:
        """Return every printed median, or those of the outcomes of one kind."""
        return tuple(
            replace(each, at=self.results.top["medians"][place]["words"])
            for place, each in enumerate(printed_medians(self.review))
            if not kind or each.outcome.kind == kind
        )

    def moves(self, outcome: str) -> Moves | None:
        """Return what moves the answer to an outcome; None where nothing can be compared."""
        curve, answer = self.curves.get(outcome), self.answer(outcome)
        if curve is None or answer is None:
            return None
        at = self.results.top["curves"][outcome]
        return Moves(
            curve=curve,
            at=at,
            led=answer.at[curve.lead]["estimate"],
            factors=tuple(
                (factor, at["factors"][place])
                for place, factor in enumerate(curve.factors)
                if factor.levels > 1
            ),
        )

    def anchor(self, outcome: Outcome) -> str:
        """Return how every id of an outcome begins, since a page may show several reviews."""
        return f"{self.review.key}-{outcome.key}"

    def figure_of(self, outcome: Outcome) -> str:
        """Return the id of the forest plot on an outcome's own page; empty where there is none."""
        answer, wider = self.headline(outcome.key), self.wider(outcome.key)
        if answer is not None and answer.k > 1:
            return self.anchor(outcome)
        return "" if wider is None else f"{self.anchor(outcome)}-{wider.analysis_set.key}"


def heading_of(kind: str) -> str:
    """Return the heading of a kind of outcome."""
    return HEADINGS.get(kind, kind.replace("_", " ").replace("-", " ").capitalize())


def page_of(kind: str) -> str:
    """Return the name of the page of a kind of outcome."""
    # A heading may change; the address of a page stays.
    return PAGES.get(kind, kind.replace("_", "-").replace(" ", "-").lower())


def compute(review: Review) -> Answers:
    """Return every pool that the book of a review shows.

    Each outcome is pooled in every analysis set by the protocol's method, and in the primary set
    by every other model: one choice is changed at a time.
    """
    pools: dict[tuple[str, str, str], Synthesis] = {}
    refused: dict[tuple[str, str, str], str] = {}
    by: dict[tuple[str, str], Synthesis] = {}
    for outcome in shown_outcomes(review):
        pooled, refusals, split = pools_of(review, outcome)
        pools |= pooled
        refused |= refusals
        by |= split
    outcomes = tuple(
        each for each in shown_outcomes(review) if any(place[0] == each.key for place in pools)
    )
    curves = {
        outcome.key: specification_curve(review, outcome.key)
        for outcome in outcomes
        if (answer := pools.get((outcome.key, review.primary_set, HEADLINE))) is not None
        and answer.leading.defined
    }
    moved = robustness(review, outcomes, pools)
    told = _document(review, pools, by, refused)
    told["curves"] = {key: plain(curve_document(curve)) for key, curve in curves.items()}
    told["robustness"] = {
        key: plain(document(found, pools[key, review.primary_set, HEADLINE]))
        for key, found in moved.items()
    }
    return Answers(
        review=review,
        outcomes=outcomes,
        pools=pools,
        by=by,
        curves=curves,
        robustness=moved,
        results=Results(review.key, told),
    )


def _document(
    review: Review,
    pools: Mapping[tuple[str, str, str], Synthesis],
    by: Mapping[tuple[str, str], Synthesis],
    refused: Mapping[tuple[str, str, str], str],
) -> dict[str, Any]:
    """Return the content of results.json."""
    return {
        "review": review.key,
        "title": review.title,
        "version": __version__,
        "fingerprint": review.fingerprint,
        "last_search": review.last_search,
        "primary_set": review.primary_set,
        "series": {
            "recorded": len(review.series),
            "answering": len(answering(review)),
            "unchecked": sum(series.single_extracted for series in review.series),
            "quoted": sum(each.status == "quoted" for each in review.reports),
            "not_retrieved": sum(each.status == "not_retrieved" for each in review.reports),
        },
        "medians": [
            {
                "outcome": each.outcome.key,
                "series": each.series.key,
                "group": each.median.group,
                "words": each.words,
            }
            for each in printed_medians(review)
        ],
        "methods": {name: plain(method.to_dict()) for name, method in METHODS.items()},
        "answers": _nested(
            {place: plain(replace(each, ladder=None).to_dict()) for place, each in pools.items()}
        ),
        "ladders": {
            chain.key: plain(ladder.to_dict())
            for chain in review.order.chains
            if (ladder := ladder_of(review, pools, chain)) is not None
        },
        "refused": _nested(refused),
        "subgroups": _nested(
            {place: plain(_without_ladders(each).to_dict()) for place, each in by.items()}
        ),
        "flags": _nested(
            {
                (outcome, each_set, flag): sum(flag in row.flags for row in answer.rows)
                for (outcome, each_set, name), answer in pools.items()
                if name == HEADLINE
                for flag in FLAGS
            }
        ),
    }


def ladder_of(
    review: Review, pools: Mapping[tuple[str, str, str], Synthesis], chain: Chain
) -> Ladder | None:
    """Return the ladder of a chain in the primary set, where it leads there."""
    for rung in chain.rungs:
        answer = pools.get((rung, review.primary_set, HEADLINE))
        if answer is not None and answer.ladder is not None:
            return answer.ladder
    return None


def _without_ladders(answer: Synthesis) -> Synthesis:
    """Return an answer and its subgroups without the ladders they are rungs of."""
    return replace(
        answer,
        ladder=None,
        subgroups=tuple(
            replace(each, answer=replace(each.answer, ladder=None)) for each in answer.subgroups
        ),
    )


def _nested(flat: Mapping[Any, Any]) -> dict[str, Any]:
    """Return mappings within mappings, one for each part of a key that is a tuple of words."""
    tree: dict[str, Any] = {}
    for keys, value in flat.items():
        branch = tree
        for key in keys[:-1]:
            branch = branch.setdefault(key, {})
        branch[keys[-1]] = value
    return tree

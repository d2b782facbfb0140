"""A review, an outcome and a method in; the answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.analysis.clusters import THREE_LEVEL, Groups, three_level
from toolkit.analysis.differences import with_subgroups
from toolkit.analysis.left_out import DisjointGroups, left_out, notes_on_left_out, parts_of_series
from toolkit.analysis.readings import choose_reading, pool_bounds, pool_ladder
from toolkit.analysis.rows import review_rows
from toolkit.analysis.same_patients import SamePatients, bounds, select_patients, with_wider
from toolkit.analysis.select import Selected, select, select_levels, without_wholes
from toolkit.analysis.synthesize import (
    TWO_SERIES_BY_PROTOCOL,
    Question,
    headline_method,
    synthesize,
)
from toolkit.errors import ChoiceError, ToolkitError
from toolkit.results.row import Row
from toolkit.results.synthesis import Subgroup, Synthesis
from toolkit.review.method import Method
from toolkit.review.order import Order
from toolkit.review.protocol import AnalysisSet, Outcome
from toolkit.review.review import Review


def pool(
    review: Review,
    outcome: str,
    method: Method | None = None,
    *,
    analysis_set: str | None = None,
    by: str | None = None,
    grade: str | None = None,
    reading: str | None = None,
    rung_prior: str | float | None = None,
    groups: Groups = "one",
) -> Synthesis:
    """Return the pooled proportion of an outcome, with everything needed to show its making.

    Parameters
    ----------
    review : Review
        A checked review, from `toolkit.read`.
    outcome : str
        Key of an outcome of the review.
    method : Method, optional
        The protocol's headline method for the outcome unless given. Where that is maximum
        likelihood and only two series report, the Bayesian fit takes its place and a note says
        so; a method given here is never replaced.
    analysis_set : str, optional
        Key of an analysis set; the primary set unless given.
    by : str, optional
        A facet: adds a pool for each of its words and, where two words have two series or more,
        the posterior of their difference.
    grade : str, optional
        ``any``, ``ge3``, ``4`` or ``5``; the outcome's own grade unless given.
    reading : {"ladder", "bounds", "as-defined", "stand-in"}, optional
        How a study that reports another outcome enters: the protocol's reading unless given. Where
        that is a ladder and too few studies report both ends of a step, bounds take its place and
        a note says so; a reading given here is never replaced.
    rung_prior : {"dirichlet", "uniform"} or float, optional
        Prior on the shares between the rungs of a ladder; the protocol's unless given.
    groups : {"one", "sum", "three-level"}
        What becomes of a series that gives several groups without common patients: the group that
        the protocol prefers, with a note on those left out; the sum of them; or all of them, with
        a random effect of the series (inverse variance).

    Returns
    -------
    Synthesis
        With one series nothing is pooled and the estimates are undefined; so are those that a
        method cannot give for these counts. A note then says why.

    Raises
    ------
    ChoiceError
        For an outcome, set or facet that the review does not have.
    ToolkitError
        For undecided cells under a method that needs one number in each.
    """
    asked = review.outcome(outcome)
    chosen_set = review.analysis_set(analysis_set or review.primary_set)
    question = Question(
        outcome=asked.key,
        outcome_label=asked.label,
        grade=asked.grade if grade is None else grade,
        analysis_set=chosen_set.key,
        analysis_set_label=chosen_set.label,
        lead=asked.estimand,
        thresholds=asked.thresholds,
        next_patients=review.next_patients,
    )
    if groups not in ("one", "sum", "three-level"):
        raise ChoiceError("groups", groups, ("one", "sum", "three-level"))
    if groups != "one" and reading is None and asked.reading in ("ladder", "bounds"):
        # Groups of one series are added, or told apart, as they report the outcome itself.
        reading = "as-defined"
    used = choose_reading(review, asked, chosen_set, reading, method, grade=grade)
    if groups != "one" and used.reading in ("ladder", "bounds"):
        raise ToolkitError(
            f'groups="{groups}" does not go with the reading {used.reading}: choose as-defined.'
        )
    pooled = _Pooling(
        review=review,
        outcome=asked,
        analysis_set=_counting(chosen_set, used.reading),
        method=method,
        question=question,
        reading=used.reading,
        rung_prior=rung_prior,
        grade=grade,
        groups=groups,
    )
    answer = pooled.whole()
    answer = replace(answer, notes=(*used.notes, *answer.notes))
    return answer if by is None else with_subgroups(answer, by, pooled.levels(by))


def _counting(analysis_set: AnalysisSet, reading: str) -> AnalysisSet:
    """Return a set that counts as one outcome what a reading does."""
    if reading == "stand-in" or analysis_set.construct == "wider":
        return analysis_set
    return replace(analysis_set, construct="exact")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pooling:
    """Everything that is the same for all patients and for each level of a facet."""

    review: Review
    outcome: Outcome
    analysis_set: AnalysisSet
    method: Method | None
    question: Question
    reading: str
    rung_prior: str | float | None
    grade: str | None
    groups: Groups

    @property
    def together(self) -> bool:
        """Whether counts of several outcomes are read together."""
        return self.reading in ("ladder", "bounds")

    def whole(self) -> Synthesis:
        """Return the answer over all patients that the set admits, and what it leaves out."""
        return self._whole_together() if self.together else self._whole_selected()

    def _whole_together(self) -> Synthesis:
        """Return the answer in which counts of several outcomes are read together."""
        patients = self._patients(None)
        chosen = tuple(
            Selected(series=one.series, group=one.group, number=known.reported)
            for one in patients
            for known in [bounds(self._order, one, self.outcome.key, self.question.grade)]
            if known.reported is not None
        )
        parts = self._parts(chosen)
        return self._with_left_out(self._of_patients(patients), chosen, parts)

    def _whole_selected(self) -> Synthesis:
        """Return the answer of one number per series, or of several groups of one."""
        chosen = select(self.review, self.outcome, self.analysis_set, grade=self.grade)
        parts, groups = self._parts(chosen), self.groups
        used, notes = _by_protocol(self.outcome, self.method, len(chosen))
        if groups == "three-level" and used.model != "inverse-variance":
            used = self.method or THREE_LEVEL
        taken = tuple(member for each in chosen for member in _taken(each, parts, groups))
        summed = [each for each in parts if each.sum is not None]
        if groups == "sum":
            notes = (*notes, *(_sum_in_words(each) for each in summed))
        rows = review_rows(self.review, self.outcome, taken, method=used)
        answer = synthesize(rows, used, self.question, notes)
        if groups == "three-level":
            rows = tuple(_named_by_group(row, each) for row, each in zip(rows, taken, strict=True))
            answer = three_level(replace(answer, rows=rows), [row.series for row in rows])
        if groups != "one":
            parts = tuple(each for each in parts if groups == "sum" and each.sum is None)
        every = [part for each in summed for part in each.all] if groups == "sum" else taken
        return self._with_left_out(replace(answer, reading=self.reading), (*taken, *every), parts)

    def _parts(self, chosen: Sequence[Selected]) -> tuple[DisjointGroups, ...]:
        """Return the series of which one of several groups without common patients is taken."""
        return parts_of_series(
            self.review, self.outcome, self.analysis_set, chosen, grade=self.grade
        )

    def _with_left_out(
        self, answer: Synthesis, chosen: Sequence[Selected], parts: Sequence[DisjointGroups]
    ) -> Synthesis:
        """Return an answer with what its selection leaves out."""
        left = left_out(self.review, self.outcome, self.analysis_set, chosen, grade=self.grade)
        return replace(
            answer, left_out=left, notes=(*answer.notes, *notes_on_left_out(left, parts))
        )

    def levels(self, by: str) -> tuple[Subgroup, ...]:
        """Return the answer for each word of a facet."""
        facet = self.review.facet(by)
        if self.together:
            patients = without_wholes(self.review, by, lambda word: self._patients((by, word)))
            answers = [(word, self._of_patients(level)) for word, level in patients]
        else:
            selected = select_levels(
                self.review, self.outcome, self.analysis_set, by, grade=self.grade
            )
            answers = [(word, self._of_selected(level)) for word, level in selected]
        return tuple(
            Subgroup(level=word, label=facet.label_of(word), answer=answer)
            for word, answer in answers
        )

    @property
    def _order(self) -> Order:
        return with_wider(self.analysis_set, self.review.order, self.outcome)

    def _patients(self, level: tuple[str, str] | None) -> tuple[SamePatients, ...]:
        """Return the patients whose counts are read together."""
        chain = self.review.order.chain_of(self.outcome.key)
        on_ladder = self.reading == "ladder" and chain is not None
        asked = chain.rungs if on_ladder and chain is not None else (self.outcome.key,)
        return select_patients(
            self.review, self.outcome, asked, self.analysis_set, grade=self.grade, level=level
        )

    def _of_patients(self, patients: Sequence[SamePatients]) -> Synthesis:
        """Return the answer of counts that are read together."""
        if self.reading == "ladder":
            answer = pool_ladder(
                self.review,
                self.outcome,
                self._order,
                patients,
                self.method,
                self.question,
                rung_prior=self.rung_prior,
            )
        else:
            answer = pool_bounds(
                self.review, self.outcome, self._order, patients, self.method, self.question
            )
        return replace(answer, reading=self.reading)

    def _of_selected(self, chosen: Sequence[Selected]) -> Synthesis:
        """Return the answer of one number per series."""
        used, notes = _by_protocol(self.outcome, self.method, len(chosen))
        rows = review_rows(self.review, self.outcome, chosen, method=used)
        return replace(synthesize(rows, used, self.question, notes), reading=self.reading)


def _taken(each: Selected, parts: Sequence[DisjointGroups], groups: Groups) -> tuple[Selected, ...]:
    """Return what enters the pool for a series: its number, the sum of its parts, or all parts."""
    mine = next((part for part in parts if part.taken is each), None)
    if mine is None or groups == "one":
        return (each,)
    if groups == "three-level":
        return mine.all
    return (mine.sum or each,)


def _sum_in_words(parts: DisjointGroups) -> str:
    names = " + ".join(each.group.label or each.group.key for each in parts.all)
    return f"{parts.taken.series.label}: the sum of {names} is pooled."


def _named_by_group(row: Row, each: Selected) -> Row:
    return replace(row, label=f"{row.label}, {each.group.label or each.group.key}")


def _by_protocol(outcome: Outcome, method: Method | None, k: int) -> tuple[Method, tuple[str, ...]]:
    """Return the method to use and what must be said of the choice."""
    if method is not None:
        return method, ()
    used = headline_method(outcome, k)
    return used, () if used == outcome.method else (TWO_SERIES_BY_PROTOCOL,)

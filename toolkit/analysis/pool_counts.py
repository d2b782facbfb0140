"""Bare numbers pooled without a review, whole and by a word for each series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.analysis.bare_rows import as_list, bare_rows
from toolkit.analysis.clusters import GROUPS, THREE_LEVEL, Groups, summed, three_level
from toolkit.analysis.differences import with_subgroups
from toolkit.analysis.synthesize import Question, synthesize
from toolkit.errors import ChoiceError, ToolkitError
from toolkit.results.row import Row
from toolkit.results.synthesis import Subgroup, Synthesis
from toolkit.review.method import Method


def pool_counts(
    events: object,
    total: object,
    *,
    method: Method | None = None,
    labels: object | None = None,
    by: object | None = None,
    studies: object | None = None,
    groups: Groups = "sum",
) -> Synthesis:
    """Return the pooled proportion of bare numbers, without a review.

    Parameters
    ----------
    events : array-like of int, or of (low, high)
        Events per series; a pair where only the admissible range is known.
    total : array-like of int
        Patients per series, at least 1.
    method : Method, optional
        ``Method()`` unless given: binomial-normal by maximum likelihood, with the corrected
        profile-likelihood interval.
    labels : array-like of str, optional
        Names of the series.
    by : sequence of str, optional
        A word for each series: adds a pool for each word, the differences of these pools and the
        test between them. Any array-like of one column does for all of these.
    studies : sequence of str, optional
        The study that each row belongs to, where one study gives several groups without common
        patients.
    groups : {"sum", "three-level", "separate"}
        What becomes of several groups of one study: their sum, a random effect of the study
        (inverse variance), or rows as if each were a study of its own.

    Raises
    ------
    ToolkitError
        For what is no list of counts, named by its argument or its series.
    ChoiceError
        For a word of `groups` that is not known.

    Examples
    --------
    >>> answer = pool_counts([6, 3, 18, 14, 10], [8, 19, 27, 37, 38])
    >>> round(answer.scale_estimate, 4), round(answer.heterogeneity.tau, 4)
    (-0.3463, 0.8369)
    """
    used = method or Method()
    rows = bare_rows(events, total, labels, level=used.level)
    return pool_grouped(rows, used, by=by, studies=studies, groups=groups)


def pool_grouped(
    rows: Sequence[Row],
    method: Method,
    *,
    by: object | None = None,
    studies: object | None = None,
    groups: Groups = "sum",
    outcome_label: str = "",
) -> Synthesis:
    """Return the pool of rows, by the words of `by` too, groups of one study treated as such."""
    if groups not in GROUPS[1:]:
        raise ChoiceError("groups", groups, GROUPS[1:])
    rows, question = tuple(rows), Question(outcome_label=outcome_label)
    notes: tuple[str, ...] = ()
    words = None if by is None else _one_a_row("by", by, rows)
    members = [row.label for row in rows]
    if studies is not None:
        members = _one_a_row("studies", studies, rows)
    several = len(set(members)) < len(rows) and studies is not None
    whole: Sequence[Row] = rows
    if several and groups == "sum":
        whole, notes = summed(rows, members, method)
    if several and groups == "three-level" and method == Method():
        method = THREE_LEVEL
    answer = synthesize(tuple(whole), method, question, notes)
    if several and groups == "three-level":
        answer = three_level(answer, members)
    if several and groups == "separate":
        note = "Several rows are groups of one study, and each is pooled as if it were a study."
        answer = replace(answer, notes=(*answer.notes, note))
    if words is None:
        return answer
    subgroups = []
    for word in dict.fromkeys(words):
        inside = [at for at, each in enumerate(words) if each == word]
        part, said = summed(
            [rows[at] for at in inside],
            [members[at] if studies is not None else str(at) for at in inside],
            method,
        )
        found = synthesize(part, method, question, said)
        subgroups.append(Subgroup(level=word, label=word or "not said", answer=found))
    return with_subgroups(answer, "by", subgroups)


def _one_a_row(name: str, values: object, rows: Sequence[Row]) -> list[str]:
    """Return one word for each row; raises ToolkitError naming the argument."""
    words = [str(each) for each in as_list(name, values)]
    if len(words) != len(rows):
        raise ToolkitError(f"{name} has {len(words)} entries for {len(rows)} series.")
    return words

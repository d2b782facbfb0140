"""Leave-one-out, cumulative, all subsets: each against the pool itself."""

import statistics

import numpy as np
import pytest

import toolkit as tk
from toolkit.errors import ChoiceError, ToolkitError

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]
LABELS = ["Winters", "Karol", "LeBlanc", "Niswander", "Arcourt"]


@pytest.fixture(scope="module")
def answer():
    return tk.pool_counts(EVENTS, TOTAL, labels=LABELS)


def test_leaving_two_out_of_five_gives_the_three_cohorts(answer):
    without = tk.leave_one_out(tk.pool_counts([6, 3, 10, 14], [8, 19, 38, 37]))
    assert without[3].typical.estimate == pytest.approx(0.3364, abs=5e-5)  # rma.glmm
    steps = tk.leave_one_out(answer)
    assert [step.label for step in steps] == LABELS
    assert [step.total for step in steps] == [129 - n for n in TOTAL]


def test_the_last_cumulative_step_is_the_pool(answer):
    steps = tk.cumulative(answer, order="size")
    assert [step.label for step in steps] == ["Arcourt", "Niswander", "LeBlanc", "Karol", "Winters"]
    assert steps[-1].typical.estimate == pytest.approx(answer.typical.estimate, abs=1e-9)
    assert not steps[0].typical.defined
    assert steps[0].notes
    with pytest.raises(ChoiceError):
        tk.cumulative(answer, order="yaer")


@pytest.mark.parametrize("model", ["binomial-normal", "inverse-variance"])
def test_every_subset_is_there_and_the_whole_one_is_the_pool(model):
    whole = tk.pool_counts(EVENTS, TOTAL, method=tk.Method(model=model))
    subsets = tk.all_subsets(whole)
    assert len(subsets.members) == 2**5 - 1 - 5
    assert set(subsets.k) == {2, 3, 4, 5}
    last = np.flatnonzero(subsets.members == 2**5 - 1)
    assert subsets.estimate[last] == pytest.approx([whole.typical.estimate], abs=1e-8)
    three = np.flatnonzero(subsets.members == 0b10011)
    if model == "binomial-normal":
        assert subsets.estimate[three] == pytest.approx([0.3364], abs=5e-5)  # rma.glmm


def test_subsets_are_refused_where_they_are_not_defined(answer):
    with pytest.raises(ToolkitError, match="all subsets"):
        tk.all_subsets(tk.pool_counts(EVENTS, TOTAL, method=tk.Method(fit="bayes")))
    with pytest.raises(ToolkitError, match="2 to 15"):
        tk.all_subsets(tk.pool_counts([3], [19]))
    with pytest.raises(ToolkitError, match=r"no subset of these studies .* no study has an event"):
        tk.all_subsets(tk.pool_counts([0, 0, 0], [9, 8, 7]))


def test_subsets_without_an_estimate_are_counted():
    # Of the eleven subsets, the four without the only events: three pairs and the three together.
    subsets = tk.all_subsets(tk.pool_counts([0, 0, 0, 4], [9, 8, 7, 9]))
    assert subsets.left_out == 4
    assert subsets.members.tolist() == [0b1001, 0b1010, 0b1011, 0b1100, 0b1101, 0b1110, 0b1111]


def test_two_series_of_one_name_are_not_taken_for_each_other():
    named = tk.all_subsets(tk.pool_counts(EVENTS, TOTAL, labels=["Doe", *LABELS[1:]]))
    same = tk.all_subsets(
        tk.pool_counts(EVENTS, TOTAL, labels=["Doe", "Karol", "Doe", *LABELS[3:]])
    )
    assert named.moves_most == "LeBlanc"
    assert same.moves_most == "Doe"
    assert same.with_it.tolist() == named.with_it.tolist()


def test_the_series_that_splits_the_subsets_is_the_one_that_shifts_their_median_most(answer):
    subsets = tk.all_subsets(answer)
    pools = [*zip(subsets.members.tolist(), subsets.estimate.tolist(), strict=True)]
    shifts = [
        statistics.median(p for member, p in pools if member & 2**bit)
        - statistics.median(p for member, p in pools if not member & 2**bit)
        for bit in range(5)
    ]
    assert subsets.shifts == pytest.approx(shifts)
    place = int(np.argmax(np.abs(shifts)))
    assert subsets.moves_most == LABELS[place]
    assert subsets.with_it.tolist() == [bool(m & 2**place) for m in subsets.members.tolist()]
    pair = tk.all_subsets(tk.pool_counts([3, 4], [19, 20]))
    assert pair.moves_most == ""
    assert pair.with_it.tolist() == [True]


def test_long_results_are_told_apart_by_their_words():
    # numpy writes "..." in the middle of a long array, and figures are kept by the words of it.
    many = [list(range(3, 15)), [20 + n for n in range(12)]]
    effects = tk.Method(model="inverse-variance")
    first = tk.all_subsets(tk.pool_counts(*many, method=effects))
    many[0][6] += 1
    second = tk.all_subsets(tk.pool_counts(*many, method=effects))
    assert len(first.members) == 2**12 - 1 - 12
    assert repr(first) != repr(second)
    assert repr(second) == repr(tk.all_subsets(tk.pool_counts(*many, method=effects)))

"""Leave-one-out, cumulative, all subsets: each against the pool itself."""

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

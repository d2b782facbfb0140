"""Ordered outcomes: one rung is the ordinary pool, and no rung lies above the one that holds it."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest

import toolkit as tk

TOTAL = [38, 19, 8, 27, 37]
RUNGS = {
    "response": [17, 3, None, None, None],
    "remission": [10, None, 6, 18, None],
    "deep": [(4, 7), 0, (4, 6), None, 14],
}
BAYES, ML = tk.Method(fit="bayes"), tk.Method(fit="ml")


@pytest.fixture(scope="module")
def five():
    return tk.pool_ordered(TOTAL, RUNGS, rung_prior="uniform")


def ordered(answer):
    """Assert that every number is finite, within [0, 1] and at most that of the rung above."""
    previous = None
    for part in answer.rungs.values():
        numbers = [
            *(part.average.low, part.average.estimate, part.average.high),
            *(part.typical.low, part.typical.estimate, part.typical.high),
            *(part.prediction.low, part.prediction.high),
        ]
        assert all(number is not None and 0 <= number <= 1 for number in numbers), part
        assert part.average.low <= part.average.estimate <= part.average.high
        assert part.typical.low <= part.typical.estimate <= part.typical.high
        numbers += [part.next_patients.low, part.next_patients.high]
        if previous is not None:
            assert all(a >= b for a, b in zip(previous, numbers, strict=True))
        previous = numbers


def three(estimate):
    return [estimate.estimate, estimate.low, estimate.high]


def test_one_rung_is_the_ordinary_pool():
    events = [10, (0, 3), 18, (14, 37), 6]
    alone = tk.pool_counts(events, [38, 19, 27, 37, 8], method=BAYES)
    answer = tk.pool_ordered([38, 19, 27, 37, 8], {"remission": events}, rung_prior="uniform")
    rung = answer.rungs["remission"]
    np.testing.assert_allclose(three(rung.average), three(alone.average), atol=1e-6)
    np.testing.assert_allclose(three(rung.typical), three(alone.typical), atol=1e-6)
    assert rung.prediction.low == pytest.approx(alone.prediction.low, abs=1e-6)
    assert rung.prediction.high == pytest.approx(alone.prediction.high, abs=1e-6)
    assert rung.next_patients == alone.next_patients
    assert rung.heterogeneity is None
    step = answer.steps["remission"]
    assert step.heterogeneity.tau == pytest.approx(alone.heterogeneity.tau, abs=1e-6)


def test_where_everything_is_reported_the_steps_are_separate_pools():
    total, outer, inner = [30, 22, 41, 18], [14, 9, 30, 5], [6, 6, 9, 1]
    answer = tk.pool_ordered(total, {"a": outer, "b": inner}, rung_prior="uniform")
    for name, events, among in (("a", outer, total), ("b", inner, outer)):
        alone = tk.pool_counts(events, among, method=BAYES)
        np.testing.assert_allclose(
            three(answer.steps[name].average), three(alone.average), atol=1e-6
        )
    # The product of two independent laws, drawn afresh from each by inverting its own quantiles.
    assert answer.effective > 0.9 * answer.points
    ordered(answer)


def test_what_everybody_reports_within_a_step_multiplies():
    # Sharp steps: the mean of a product of independent shares is the product of their means.
    total, outer, inner = [4000, 3900, 4100], [2000, 1950, 2050], [1000, 975, 1025]
    answer = tk.pool_ordered(total, {"a": outer, "b": inner}, rung_prior="uniform")
    steps = [answer.steps[name].average.estimate for name in ("a", "b")]
    assert answer.rungs["b"].average.estimate == pytest.approx(math.prod(steps), abs=3e-3)


def test_the_five_series_agree_with_an_earlier_prototype(five):
    # A coarse grid gave .59, .40 and .24; a sampler .589 (.367-.807), .402 (.226-.586),
    # .241 (.118-.395).
    expected = [(0.589, 0.367, 0.807), (0.402, 0.226, 0.586), (0.241, 0.118, 0.395)]
    for part, numbers in zip(five.rungs.values(), expected, strict=True):
        assert part.average.estimate == pytest.approx(numbers[0], abs=0.006)
        np.testing.assert_allclose(three(part.average)[1:], numbers[1:], atol=0.015)
    ordered(five)
    assert five.both_ends == {"response": 2, "remission": 1, "deep": 2}
    assert any("Only one study gives both remission and response" in note for note in five.notes)


def test_without_the_innermost_rung():
    # The last series gives nothing but the innermost rung.
    rungs = {"response": RUNGS["response"], "remission": RUNGS["remission"]}
    answer = tk.pool_ordered(TOTAL, rungs, rung_prior="uniform")
    expected = [(0.55, 0.32, 0.78), (0.38, 0.20, 0.58)]
    for part, numbers in zip(answer.rungs.values(), expected, strict=True):
        np.testing.assert_allclose(three(part.average), numbers, atol=0.02)


def test_equal_inputs_give_equal_answers_and_the_order_of_series_none(five):
    again = tk.pool_ordered(TOTAL, RUNGS, rung_prior="uniform")
    assert again == five
    order = [3, 0, 4, 2, 1]
    moved = tk.pool_ordered(
        [TOTAL[i] for i in order],
        {name: [cells[i] for i in order] for name, cells in RUNGS.items()},
        rung_prior="uniform",
    )
    for name, part in five.rungs.items():
        np.testing.assert_allclose(three(moved.rungs[name].average), three(part.average), atol=2e-3)


def test_the_answer_is_ready_for_json(five):
    read = json.loads(json.dumps(five.to_dict()))
    assert read["rungs"]["deep"]["heterogeneity"] is None
    assert read["steps"]["deep"]["heterogeneity"]["tau"] > 0
    assert list(read["rungs"]) == ["response", "remission", "deep"]


def test_maximum_likelihood_keeps_the_order_and_says_what_is_flat():
    rungs = {"response": RUNGS["response"], "remission": [10, None, 6, 18, (14, 37)]}
    answer = tk.pool_ordered(TOTAL, rungs, method=ML)
    ordered(answer)
    assert answer.steps["remission"].heterogeneity.tau == 0
    assert any("without any spread" in note for note in answer.notes)
    assert answer.method.interval == "t"


def test_a_rung_that_nobody_reports_is_left_out():
    rungs = {"whole": [None] * 5, "remission": [10, (0, 3), 6, 18, (14, 37)]}
    answer = tk.pool_ordered(TOTAL, rungs)
    assert list(answer.rungs) == ["remission"]
    assert answer.dropped == ("whole",)
    assert any("No series says anything of whole" in note for note in answer.notes)


def test_a_part_that_exceeds_its_whole_is_named():
    with pytest.raises(tk.ToolkitError, match=r"North: remission is 12, but response.* is 10"):
        tk.pool_ordered(
            [30, 20],
            {"response": [10, 8], "remission": [12, 4]},
            labels=["North", "South"],
        )
    with pytest.raises(tk.ToolkitError, match="series 2: deep is at least 7, but response"):
        tk.pool_ordered([30, 20], {"response": [9, 6], "deep": [1, (7, 9)]})


@pytest.mark.parametrize(
    ("rungs", "words"),
    [
        ({"a": [3]}, "a has 1 entries and total has 2"),
        ({"a": [3, 31]}, "series 2, a"),
        ({"a": [3, -1]}, "series 2, a"),
        ({"a": [3, (4, 2)]}, "series 2, a"),
        ({"a": [3, 1.5]}, "series 2, a"),
        ({}, "at least one rung"),
        ({name: [2, 3] for name in "abcde"}, "already known"),
    ],
)
def test_what_is_no_ladder_is_refused_in_words(rungs, words):
    if words == "already known":
        # The same number on every rung says nothing new: four of them fall away, and are named.
        rungs = {name: [9 - i, 8 - i] for i, name in enumerate(rungs)}
        words = "at most 4 rungs"
    with pytest.raises(tk.ToolkitError, match=words):
        tk.pool_ordered([20, 30], rungs)


def test_words_and_methods_that_do_not_go_together():
    with pytest.raises(tk.ChoiceError, match='Did you mean "dirichlet"'):
        tk.pool_ordered(TOTAL, RUNGS, rung_prior="dirichlett")
    with pytest.raises(tk.ToolkitError, match="is not a concentration"):
        tk.pool_ordered(TOTAL, RUNGS, rung_prior=0.0)
    with pytest.raises(tk.ToolkitError, match="each step of a ladder is binomial-normal"):
        tk.pool_ordered(TOTAL, RUNGS, method=tk.Method(model="beta-binomial"))
    with pytest.raises(tk.ToolkitError, match="could cross"):
        tk.pool_ordered(TOTAL, RUNGS, method=tk.Method(interval="wald"))


def test_one_series_is_never_pooled_and_two_not_by_maximum_likelihood():
    one = tk.pool_ordered([20, 9], {"a": [12, None], "b": [5, None]})
    assert one.k == 1
    assert not one.rungs["b"].average.defined
    assert "One study: not pooled." in one.notes
    assert any("series 2: no rung is reported" in note for note in one.notes)
    two = tk.pool_ordered([20, 30], {"a": [12, 9], "b": [5, 7]}, method=ML)
    assert not two.rungs["a"].average.defined
    ordered(tk.pool_ordered([20, 30], {"a": [12, 9], "b": [5, 7]}))


def test_the_prior_words():
    total, rungs = [20, 30], {"a": [12, 9], "b": [5, 7]}
    shapes = {
        prior: tk.pool_ordered(total, rungs, rung_prior=prior).shapes
        for prior in ("dirichlet", "uniform", 1.0)
    }
    np.testing.assert_allclose(shapes["dirichlet"], [(2 / 3, 1 / 3), (1 / 3, 1 / 3)])
    assert shapes["uniform"] == ((1, 1), (1, 1))
    assert shapes[1.0] == ((2, 1), (1, 1))


def random_ladder(random):
    """Return total and rungs of a ladder without pattern: gaps, ranges, zeros and fulls."""
    k, steps = int(random.integers(2, 7)), int(random.integers(2, 4))
    total = random.integers(1, 61, k).tolist()
    rungs = {}
    above = list(total)
    chances = random.choice([0.0, 0.1, 0.5, 0.9, 1.0], steps)
    for j in range(steps):
        above = [int(random.binomial(n, chances[j])) for n in above]
        cells = []
        for i, x in enumerate(above):
            kind = random.random()
            wide = (int(random.integers(0, x + 1)), int(random.integers(x, total[i] + 1)))
            cells.append(None if kind < 0.35 else wide if kind < 0.45 else x)
        rungs[f"rung {j + 1}"] = cells
    return total, rungs


@pytest.mark.parametrize("seed", range(12))
def test_random_ladders_are_ordered_or_say_why_not(seed):
    total, rungs = random_ladder(np.random.default_rng(seed))
    answer = tk.pool_ordered(total, rungs)
    if answer.k < 2:
        assert any("not pooled" in note or "No series" in note for note in answer.notes)
    else:
        ordered(answer)
    for first, second in pairwise(answer.rungs.values()):
        assert first.total == second.total

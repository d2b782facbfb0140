"""The pool against R, against dense quadrature, and against mathematics.

The worked check: x = (6, 3, 18, 14, 10), n = (8, 19, 27, 37, 38). Its figures come from metafor
5.1-12 (`rma.glmm`, measure "PLO", 7 and 41 nodes; `rma` on escalc's effects) and from a dense
quadrature written apart from the toolkit; a printed value holds to half a unit of its last digit.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.analysis.pool_counts import pool_counts
from toolkit.analysis.synthesize import ONE_SERIES, TWO_SERIES
from toolkit.errors import ToolkitError
from toolkit.review.method import Method

EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]


def printed(value: float, digits: int = 4) -> object:
    """Return what agrees with a printed value: within half a unit of its last digit."""
    return pytest.approx(value, abs=0.5000001 * 10**-digits)


def triple(estimate):
    return (estimate.estimate, estimate.low, estimate.high)


def test_maximum_likelihood_equals_rma_glmm():
    answer = pool_counts(EVENTS, TOTAL, method=Method(interval="t"))
    assert answer.scale_estimate == pytest.approx(-0.3462896, abs=1e-5)
    assert answer.scale_se == pytest.approx(0.4329222, abs=1e-5)
    assert answer.heterogeneity.tau == pytest.approx(0.8368811, abs=1e-5)
    assert triple(answer.typical) == (printed(0.4143), printed(0.1753), printed(0.7018))


def test_wald_interval_equals_rma_glmm():
    answer = pool_counts(EVENTS, TOTAL, method=Method(interval="wald"))
    assert (answer.typical.low, answer.typical.high) == (printed(0.2324), printed(0.6230))


def test_profile_interval_equals_dense_quadrature():
    answer = pool_counts(EVENTS, TOTAL, method=Method(interval="profile"))
    assert (answer.typical.low, answer.typical.high) == (printed(0.1970), printed(0.6837))


@pytest.mark.parametrize(
    ("tau_prior", "typical", "average", "prediction"),
    [
        (1.0, (0.4217, 0.2188, 0.6722), (0.4340, 0.2678, 0.6315), (0.0618, 0.8986)),
        (0.5, (0.4153, 0.2520, 0.6119), (0.4234, 0.2787, 0.5954), (0.1132, 0.8080)),
        (2.0, (0.4258, 0.1939, 0.7174), (0.4410, 0.2635, 0.6506), (0.0344, 0.9460)),
    ],
)
def test_bayes_equals_dense_quadrature(tau_prior, typical, average, prediction):
    answer = pool_counts(EVENTS, TOTAL, method=Method(fit="bayes", tau_prior=tau_prior))
    assert triple(answer.typical) == tuple(map(printed, typical))
    assert triple(answer.average) == tuple(map(printed, average))
    assert (answer.prediction.low, answer.prediction.high) == tuple(map(printed, prediction))


def test_the_prediction_beside_maximum_likelihood_is_the_posterior_one():
    answer = pool_counts(EVENTS, TOTAL)
    assert (answer.prediction.low, answer.prediction.high) == (printed(0.0618), printed(0.8986))


def test_three_cohorts_by_maximum_likelihood_and_bayes():
    events, total = [6, 3, 10], [8, 19, 38]
    assert pool_counts(events, total).typical.estimate == printed(0.3364)
    bayes = pool_counts(events, total, method=Method(fit="bayes"))
    assert triple(bayes.typical) == (printed(0.3510), printed(0.1411), printed(0.6981))
    assert triple(bayes.average) == (printed(0.3740), printed(0.1889), printed(0.6446))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"interval": "wald"}, (0.4176, 0.2209, 0.6446)),
        ({"interval": "hartung-knapp"}, (0.4176, 0.1546, 0.7376)),
        ({"tau2": "dl", "interval": "wald"}, (None, 0.2320, 0.6274)),
        (
            {"scale": "double-arcsine", "tau2": "dl", "interval": "wald"},
            (0.4155, 0.2231, 0.6210),
        ),
        ({"scale": "arcsine", "interval": "hartung-knapp"}, (0.4212, 0.1379, 0.7369)),
    ],
)
def test_inverse_variance_equals_rma(choices, expected):
    answer = pool_counts(EVENTS, TOTAL, method=Method(model="inverse-variance", **choices))
    found = triple(answer.typical)
    for value, figure in zip(found, expected, strict=True):
        if figure is not None:
            assert value == printed(figure)


def test_reml_heterogeneity_equals_rma():
    answer = pool_counts(EVENTS, TOTAL, method=Method(model="inverse-variance"))
    assert answer.heterogeneity.tau == printed(0.9264)
    assert answer.heterogeneity.i2 == printed(0.806, digits=3)
    assert sum(row.weight for row in answer.rows) == pytest.approx(1)


def test_beta_binomial_equals_dense_quadrature():
    answer = pool_counts(EVENTS, TOTAL, method=Method(model="beta-binomial"))
    assert triple(answer.average) == (printed(0.4255), printed(0.2496), printed(0.6403))
    assert answer.heterogeneity.rho == printed(0.1289)
    assert answer.lead == "average"
    assert answer.leading == answer.average


def test_pooled_counts_are_one_clopper_pearson_interval():
    answer = pool_counts(EVENTS, TOTAL, method=Method(model="pooled-counts"))
    assert triple(answer.typical) == (printed(0.3953), printed(0.3104), printed(0.4852))


def test_one_series_is_not_pooled():
    answer = pool_counts([3], [19])
    assert not answer.typical.defined
    assert answer.notes == (ONE_SERIES,)
    assert answer.rows[0].low == printed(0.0338)  # Clopper-Pearson of 3/19, R's binom.test
    assert answer.rows[0].high == printed(0.3958)


def test_two_series_have_no_maximum_likelihood_pool_but_a_bayesian_one():
    assert pool_counts([3, 10], [19, 38]).notes == (TWO_SERIES,)
    assert not pool_counts([3, 10], [19, 38]).typical.defined
    bayes = pool_counts([3, 10], [19, 38], method=Method(fit="bayes"))
    assert 0 < bayes.typical.low < bayes.typical.estimate < bayes.typical.high < 1


EXTREMES = {
    "all zero": ([0, 0, 0, 0], [10, 20, 15, 8]),
    "all full": ([10, 20, 15, 8], [10, 20, 15, 8]),
    "identical proportions": ([3, 6, 9], [10, 20, 30]),
    "one non-zero series": ([0, 0, 4, 0, 0], [12, 9, 17, 22, 8]),
    "zero against full": ([0, 12], [10, 12]),
    "two of one patient": ([0, 1], [1, 1]),
}
METHODS = [
    Method(),
    Method(interval="wald"),
    Method(interval="profile"),
    Method(interval="profile-bartlett"),
    Method(fit="bayes"),
    Method(model="beta-binomial"),
    Method(model="inverse-variance"),
    Method(model="inverse-variance", interval="hartung-knapp"),
    Method(model="inverse-variance", scale="arcsine", interval="hartung-knapp-adhoc"),
    Method(model="inverse-variance", scale="double-arcsine", tau2="dl", interval="wald"),
    Method(model="inverse-variance", scale="log", zero="none"),
    Method(model="pooled-counts"),
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.in_words)
@pytest.mark.parametrize("name", EXTREMES)
def test_extreme_tables_give_sensible_numbers_or_a_refusal_in_words(name, method):
    answer = pool_counts(*EXTREMES[name], method=method)
    if not (answer.typical.defined or answer.average.defined):
        assert answer.notes
        return
    for estimate in (answer.typical, answer.average):
        if estimate.low is not None:
            assert 0 <= estimate.low <= estimate.estimate <= estimate.high <= 1
            assert estimate.low < estimate.high
        elif estimate.defined:
            assert answer.notes
    if answer.prediction.defined:
        assert 0 <= answer.prediction.low < answer.prediction.high <= 1


def has_an_estimate(name: str, method: Method) -> bool:
    """Return whether mathematics gives a table an estimate under a method, by theory alone."""
    inner = name in {"identical proportions", "one non-zero series"}
    if method.model == "pooled-counts" or method.fit == "bayes":
        return True  # a proportion of a sum, and a proper posterior, always exist
    if method.model == "inverse-variance":
        # With one half added every effect is finite; without it all must be by themselves.
        return method.zero != "none" or name == "identical proportions"
    # The likelihood has its maximum inside where the pooled proportion is neither 0 nor 1 and the
    # series do not lie at both ends.
    return inner


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.in_words)
@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_table_that_has_an_estimate_is_not_refused(name, method):
    answer = pool_counts(*EXTREMES[name], method=method)
    if has_an_estimate(name, method):
        assert answer.typical.defined or answer.average.defined


def test_most_extreme_tables_have_an_estimate():
    expected = [has_an_estimate(name, method) for name in EXTREMES for method in METHODS]
    assert (len(expected), sum(expected)) == (72, 47)


def test_an_undecided_cell_is_summed_over_and_its_extremes_are_told():
    answer = pool_counts([(1, 11), 6, 12], [38, 13, 20], method=Method(fit="bayes"))
    lowest = pool_counts([1, 6, 12], [38, 13, 20], method=Method(fit="bayes"))
    highest = pool_counts([11, 6, 12], [38, 13, 20], method=Method(fit="bayes"))
    assert answer.events is None
    assert (answer.events_low, answer.events_high) == (19, 29)
    assert [reading.typical for reading in answer.readings] == [lowest.typical, highest.typical]
    assert lowest.typical.estimate < answer.typical.estimate < highest.typical.estimate


def test_inverse_variance_refuses_an_undecided_cell_by_name():
    with pytest.raises(ToolkitError, match=r"here \(1 to 11 of 38\)"):
        pool_counts(
            [(1, 11), 6], [38, 13], labels=["here", "there"], method=Method(model="pooled-counts")
        )


@pytest.mark.parametrize(
    ("events", "total"),
    [
        ([0.5, 2], [10, 10]),
        ([11, 2], [10, 10]),
        ([-1, 2], [10, 10]),
        ([0, 1], [0, 5]),
        (["3"], [5]),
    ],
)
def test_what_is_not_a_count_is_refused(events, total):
    with pytest.raises(ToolkitError, match="series 1"):
        pool_counts(events, total)


counts = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=3,
    max_size=8,
)
POOLED = [Method(interval="profile", prediction="none"), Method(fit="bayes"), Method()]


def same(first, second):
    """Compare two estimates within what two different orders of summing may differ by."""
    if first.estimate is None or second.estimate is None:
        return first == second
    return all(
        math.isclose(a, b, abs_tol=2e-6) for a, b in zip(triple(first), triple(second), strict=True)
    )


@settings(max_examples=25, deadline=None, derandomize=True)
@given(counts=counts, random=st.randoms(use_true_random=False), method=st.sampled_from(POOLED))
def test_the_order_of_series_changes_nothing(counts, random, method):
    shuffled = list(counts)
    random.shuffle(shuffled)
    first, second = (
        pool_counts([x for x, _ in each], [n for _, n in each], method=method)
        for each in (counts, shuffled)
    )
    assert same(first.typical, second.typical)
    assert same(first.average, second.average)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(counts=counts, method=st.sampled_from(POOLED))
def test_counting_the_others_mirrors_the_answer(counts, method):
    events, others, total = zip(*[(x, n - x, n) for x, n in counts], strict=True)
    there, back = (
        pool_counts(events, total, method=method),
        pool_counts(others, total, method=method),
    )
    for one, other in ((there.typical, back.typical), (there.average, back.average)):
        if not one.defined:
            assert not other.defined
            continue
        mirrored = (1 - other.estimate, 1 - other.high, 1 - other.low)
        assert triple(one) == pytest.approx(mirrored, abs=2e-6)


def test_equal_inputs_give_equal_answers_with_equal_fingerprints():
    first, second = pool_counts(EVENTS, TOTAL), pool_counts(EVENTS, TOTAL)
    assert first == second
    assert first.fingerprint == second.fingerprint
    assert first.fingerprint != pool_counts([7, 3, 18, 14, 10], TOTAL).fingerprint

"""The likelihood of a ladder against sums and integrals written out."""

from itertools import pairwise, product

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binom, multinomial

from toolkit.numerics.ladder.likelihood import ladder_likelihood
from toolkit.numerics.ladder.links import lay_out_links, reported, tightened

TOTAL = [38, 19, 8, 27, 37]
LOW = [[17, 10, 4], [3, 0, 0], [6, 6, 4], [18, 18, 0], [14, 14, 14]]
HIGH = [[17, 10, 7], [3, 3, 0], [8, 6, 6], [27, 18, 18], [37, 37, 14]]
Z = np.linspace(-8.5, 8.5, 171)
WEIGHT = np.exp(-0.5 * Z**2) / np.exp(-0.5 * Z**2).sum()


def points(count, steps, seed=1):
    random = np.random.default_rng(seed)
    mu, tau = random.normal(0, 1.2, (count, steps)), np.abs(random.normal(0, 0.9, (count, steps)))
    tau[0] = 0.0
    return np.stack([mu, tau], axis=2)


def smoothed(x, n, mu, tau):
    """Return the binomial-normal probability by an even rule over Z."""
    return WEIGHT @ binom.pmf(x, n, expit(mu + tau * Z))


def written_out(total, low, high, point):
    """Return the likelihood of one series as the sum over every admissible row of counts."""
    whole = 0.0
    for counts in product(*(range(a, b + 1) for a, b in zip(low, high, strict=True))):
        chain = (total, *counts)
        if all(a >= b for a, b in pairwise(chain)):
            whole += np.prod(
                [smoothed(x, n, *step) for n, x, step in zip(chain, chain[1:], point, strict=False)]
            )
    return whole


@pytest.mark.parametrize("exact", [False, True])
def test_the_likelihood_is_the_sum_over_what_is_not_reported(exact):
    places = points(4, 3)
    likelihood = ladder_likelihood(lay_out_links(LOW[:4], HIGH[:4], TOTAL[:4]), exact=exact)
    found = likelihood(places)
    for place, value in zip(places, found, strict=True):
        rows = zip(TOTAL[:4], LOW[:4], HIGH[:4], strict=True)
        expected = sum(np.log(written_out(*row, place)) for row in rows)
        # Single precision and a coarser lattice are for thousands of points, not for a maximum.
        assert value == pytest.approx(expected, abs=1e-9 if exact else 2e-5)


def test_a_series_that_gives_the_innermost_rung_alone_has_the_product_of_the_shares():
    # Of patients who reach each rung with its own probability, those who reach all are binomial.
    places = points(3, 3, seed=2)
    found = ladder_likelihood(lay_out_links([LOW[4]], [HIGH[4]], [37]), exact=True)(places)
    z, weight = Z[::4], WEIGHT[::4] / WEIGHT[::4].sum()
    for place, value in zip(places, found, strict=True):
        first, second, third = (expit(mu + tau * z) for mu, tau in place)
        share = first[:, None, None] * second[:, None] * third
        expected = np.einsum("abc,a,b,c", binom.pmf(14, 37, share), weight, weight, weight)
        assert value == pytest.approx(np.log(expected), abs=1e-9)


def test_without_spread_the_likelihood_is_multinomial():
    low, high = [[17, 10, 4]], [[17, 10, 4]]
    place = points(1, 3)
    p = expit(place[0, :, 0])
    parts = [1 - p[0], p[0] * (1 - p[1]), p[0] * p[1] * (1 - p[2]), p.prod()]
    expected = multinomial.logpmf([21, 7, 6, 4], 38, parts)
    found = ladder_likelihood(lay_out_links(low, high, [38]), exact=True)(place)
    assert found[0] == pytest.approx(expected, abs=1e-10)


def test_the_order_of_the_series_does_not_matter():
    places, order = points(5, 3), [3, 0, 4, 2, 1]
    one = ladder_likelihood(lay_out_links(LOW, HIGH, TOTAL))(places)
    other = ladder_likelihood(
        lay_out_links(*(np.array(part)[order] for part in (LOW, HIGH, TOTAL)))
    )(places)
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_long_range_of_counts_among_many_patients():
    # Longer than what is summed count by count.
    links = lay_out_links([[120]], [[300]], [400])
    place = np.array([[[-0.4, 0.7]], [[-0.4, 0.01]], [[2.5, 0.3]]])
    expected = [
        np.log(WEIGHT @ (binom.cdf(300, 400, p := expit(mu + tau * Z)) - binom.cdf(119, 400, p)))
        for mu, tau in place[:, 0]
    ]
    # An even rule with 171 nodes blurs the sharp ends of 400 patients at tau 0.7 by 1e-6.
    np.testing.assert_allclose(ladder_likelihood(links, exact=True)(place), expected, atol=2e-6)


def test_links_end_at_exact_counts_and_unknown_ends_fall_away():
    links = lay_out_links(LOW, HIGH, TOTAL)
    shown = [(link.series, link.step, link.low, link.high) for link in links.links]
    assert shown == [
        (0, 0, (38, 17), (38, 17)),
        (0, 1, (17, 10), (17, 10)),
        (0, 2, (10, 4), (10, 7)),
        (1, 0, (19, 3), (19, 3)),
        (1, 1, (3, 0, 0), (3, 3, 0)),
        (2, 0, (8, 6, 6), (8, 8, 6)),
        (2, 2, (6, 4), (6, 6)),
        (3, 0, (27, 18, 18), (27, 27, 18)),
        (4, 0, (37, 14, 14, 14), (37, 37, 37, 14)),
    ]
    assert links.blocks() == (range(3),)
    assert lay_out_links([[3, 2]], [[3, 2]], [9]).blocks() == (range(1), range(1, 2))


def test_rungs_tighten_each_other_and_only_news_is_reported():
    low, high = tightened([[0, 0, 2]], [[5, 9, 9]], [9])
    assert low.tolist() == [[2, 2, 2]]
    assert high.tolist() == [[5, 5, 5]]
    assert reported([[0, 0, 2]], [[5, 9, 9]], [9]).tolist() == [[True, False, True]]


def test_a_part_that_exceeds_its_whole_is_refused():
    with pytest.raises(ValueError, match="must lie between"):
        lay_out_links([[3, 4]], [[3, 4]], [9])

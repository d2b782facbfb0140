"""The numbers of ladder_sampler.csv: the joint model of ordered outcomes, sampled with NumPyro.

    pip install numpyro==0.22.0 && python ladder_sampler.py [SET:PRIOR ..] > ladder_sampler.csv

Nothing of the toolkit is used. Every series has its own standardized effect at every step, all of
them are sampled (NUTS), and what a series does not report is summed over one by one, given its
effects: no quadrature, no grid, no weights. One chain of 500 + 8,000 draws, target acceptance .9.
The last three columns are standard errors of median, low and high, from 16 batches of the chain.
"""

from __future__ import annotations

import csv
import sys
from itertools import pairwise, product

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.nn import log_sigmoid
from jax.scipy.special import gammaln
from numpyro.infer import MCMC, NUTS

numpyro.enable_x64()
numpyro.set_host_device_count(1)

# Name, total, rungs: outermost first; a pair is a range, None is not reported.
SETS = {
    "zeros": ([15, 8, 25], [[7, 4, None], [0, None, 3]]),
    "four-gaps": ([12, 20, 31, 9], [[9, None, 20, None], [None, 11, 12, 2]]),
    "five-two": ([38, 19, 8, 27, 37], [[17, 3, None, None, None], [10, None, 6, 18, (14, 37)]]),
    "five-three": (
        [38, 19, 8, 27, 37],
        [[17, 3, None, None, None], [10, None, 6, 18, None], [(4, 7), 0, (4, 6), None, 14]],
    ),
    "six-sparse": (
        [10, 14, 6, 22, 30, 18],
        [[6, 10, None, 15, 22, None], [2, None, 1, 8, None, 5], [0, 3, None, None, 6, 1]],
    ),
    "eight-rare": (
        [40, 25, 33, 18, 50, 22, 12, 29],
        [
            [20, None, (0, 3), 9, 31, None, 8, 14],
            [4, 2, None, 1, None, (0, 2), 3, None],
        ],
    ),
}
PRIORS = ("uniform", "dirichlet")
BATCHES = 16


def combinations(total, rungs):
    """Return every admissible row of counts of every series, and whose it is."""
    rows, owner = [], []
    for i, n in enumerate(total):
        ranges = []
        for rung in rungs:
            cell = rung[i]
            low, high = (0, n) if cell is None else cell if isinstance(cell, tuple) else (cell,) * 2
            ranges.append(range(low, high + 1))
        for counts in product(*ranges):
            chain = (n, *counts)
            if all(a >= b for a, b in pairwise(chain)):
                rows.append(chain)
                owner.append(i)
    return np.array(rows), np.array(owner)


def model(rows, owner, k, steps, shapes):
    shares = numpyro.sample("share", dist.Beta(jnp.array(shapes[0]), jnp.array(shapes[1])))
    mu = jnp.log(shares) - jnp.log1p(-shares)
    tau = numpyro.sample("tau", dist.HalfNormal(1.0).expand([steps]))
    z = numpyro.sample("z", dist.Normal(0, 1).expand([k, steps]))
    theta = jnp.clip(mu + tau * z, -500, 500)[owner]
    above, below = rows[:, :-1], rows[:, 1:]
    choose = gammaln(above + 1) - gammaln(below + 1) - gammaln(above - below + 1)
    terms = choose + below * log_sigmoid(theta) + (above - below) * log_sigmoid(-theta)
    each = terms.sum(axis=1)
    top = jax.ops.segment_max(each, owner, k)
    whole = jax.ops.segment_sum(jnp.exp(each - top[owner]), owner, k)
    numpyro.factor("data", jnp.sum(top + jnp.log(whole)))


def mean_share(mu, tau):
    """Return the mean across studies by a fine rule over the standardized effect."""
    z = np.linspace(-9, 9, 181)
    weight = np.exp(-0.5 * z**2)
    weight /= weight.sum()
    out = np.empty_like(mu)
    for start in range(0, len(mu), 2000):
        part = slice(start, start + 2000)
        theta = np.clip(mu[part, :, None] + tau[part, :, None] * z, -500, 500)
        out[part] = (1 / (1 + np.exp(-theta))) @ weight
    return out


def median_study(mu, tau, random):
    """Return the median of the product by simulated studies, the same for every fourth draw."""
    mu, tau = mu[::4], tau[::4]
    z = random.standard_normal((8001, mu.shape[1]))
    out = np.empty(len(mu))
    for start in range(0, len(mu), 100):
        part = slice(start, start + 100)
        theta = np.clip(mu[part, None] + tau[part, None] * z, -500, 500)
        out[part] = np.median(-np.log1p(np.exp(-theta)).sum(axis=2), axis=1)
    return np.exp(out)


def three(values):
    return np.quantile(values, [0.5, 0.025, 0.975])


def batch_errors(values):
    """Return the Monte Carlo errors of the three numbers, by the spread over parts of the chain."""
    parts = np.array([three(part) for part in np.array_split(values, BATCHES)])
    return parts.std(axis=0, ddof=1) / np.sqrt(BATCHES)


def sampled(name, prior):
    """Return the laws of every rung, each as draws: {(rung, quantity): values}."""
    random = np.random.default_rng([7, list(SETS).index(name), PRIORS.index(prior)])
    total, rungs = SETS[name]
    rows, owner = combinations(total, rungs)
    steps, k = len(rungs), len(total)
    j = np.arange(steps)
    unit = 1 / (steps + 1)
    shapes = (
        (np.ones(steps), np.ones(steps))
        if prior == "uniform"
        else ((steps - j) * unit, np.full(steps, unit))
    )
    mcmc = MCMC(
        NUTS(model, target_accept_prob=0.9),
        num_warmup=500,
        num_samples=8000,
        num_chains=1,
        chain_method="sequential",
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(20), rows, owner, k, steps, shapes)
    draws = {key: np.asarray(value) for key, value in mcmc.get_samples().items()}
    share, tau = draws["share"], draws["tau"]
    mu = np.log(share) - np.log1p(-share)
    averages = np.cumprod(mean_share(mu, tau), axis=1)
    z = random.standard_normal(mu.shape)
    new = np.cumprod(1 / (1 + np.exp(-np.clip(mu + tau * z, -500, 500))), axis=1)
    laws = {}
    for r in range(steps):
        laws[r + 1, "average"] = averages[:, r]
        laws[r + 1, "typical"] = median_study(mu[:, : r + 1], tau[:, : r + 1], random)
        laws[r + 1, "new"] = new[:, r]
        laws[r + 1, "tau"] = tau[:, r]
    return laws


def main():
    chosen = [each.split(":") for each in sys.argv[1:]] or list(product(SETS, PRIORS))
    out = csv.writer(sys.stdout, lineterminator="\n")
    ends = ["median", "low", "high"]
    out.writerow(["set", "prior", "rung", "quantity", *ends, *(f"{end}_error" for end in ends)])
    for name, prior in chosen:
        for (rung, quantity), values in sampled(name, prior).items():
            numbers = [f"{number:.5f}" for number in (*three(values), *batch_errors(values))]
            out.writerow([name, prior, rung, quantity, *numbers])
        sys.stdout.flush()


if __name__ == "__main__":
    main()

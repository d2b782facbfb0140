"""Tables as a simulation meets them: rare and common, spread or not, few and many series."""

import numpy as np
from scipy.special import expit, logit

DESIGNS = {
    "five series": ([8, 19, 27, 37, 38], 0.41, 0.84),
    "no spread": ([8, 19, 27, 37, 38], 0.41, 0.0),
    "four tiny and rare": ([5, 6, 5, 7], 0.05, 1.0),
    "ten and rare": ([5, 36, 25, 12, 8, 9, 33, 17, 38, 38], 0.05, 0.6),
    "ten and common": ([5, 36, 25, 12, 8, 9, 33, 17, 38, 38], 0.5, 0.3),
    "far apart, near full": ([5, 36, 25, 12], 0.8, 2.5),
}

# Nothing, everything, and both side by side: a posterior exists, a likelihood estimate may not.
EXTREMES = {
    "all zero": ([0, 0, 0, 0], [5, 5, 5, 5]),
    "all full": ([5, 8, 9, 30], [5, 8, 9, 30]),
    "one event": ([0, 0, 0, 1], [5, 7, 12, 38]),
    "zero and full": ([0, 12, 0, 38], [10, 12, 38, 38]),
    "zero, full and between": ([0, 12, 3, 38], [10, 12, 38, 38]),
}


def tables(design, count, seed):
    """Return events and totals, both (count, k)."""
    total, p, tau = DESIGNS[design]
    random = np.random.default_rng(seed)
    events = random.binomial(total, expit(random.normal(logit(p), tau, (count, len(total)))))
    return events, np.broadcast_to(np.array(total), events.shape)


def extreme(name):
    """Return events and totals of one table, both (1, k)."""
    return tuple(np.array([part]) for part in EXTREMES[name])

"""Tables of counts in the pattern of the 43,644 Cochrane ones: small, sparse, often zero or full.

**Source of the pattern**: Lin, Xu, Chu 2022, J Gen Intern Med 37:308, doi
10.1007/s11606-021-07098-5: 2 to 30 series, 1 to 1,000 patients, rates from 0 to 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

ALL_TABLES = 43_644
MOST_SERIES = 30

Counts = npt.NDArray[np.int64]


def random_tables(count: int = ALL_TABLES) -> tuple[Counts, Counts, npt.NDArray[np.bool_]]:
    """Return events and total (count, 30), and which series each table has; equal on every run."""
    random = np.random.default_rng(20220201)
    k = np.clip(np.round(2 + random.gamma(1.2, 5.0, ALL_TABLES)), 2, MOST_SERIES)
    mask = np.arange(MOST_SERIES) < k[:, None]
    size = random.uniform(np.log(3), np.log(300), ALL_TABLES)[:, None]
    spread = random.normal(size, 0.8, mask.shape)
    total = np.clip(np.round(np.exp(spread)), 1, 1000).astype(np.int64)
    kind = random.choice(4, ALL_TABLES, p=[0.35, 0.35, 0.2, 0.1])
    rate = np.choose(
        kind,
        [
            random.beta(0.3, 6, ALL_TABLES),
            random.uniform(0, 1, ALL_TABLES),
            random.beta(6, 0.3, ALL_TABLES),
            random.choice([0.0, 0.002, 0.998, 1.0], ALL_TABLES),
        ],
    )
    tau = np.abs(random.standard_t(2, ALL_TABLES)) * 0.7 * (random.random(ALL_TABLES) > 0.3)
    with np.errstate(divide="ignore"):
        middle = np.log(rate) - np.log1p(-rate)
    logits = middle[:, None] + tau[:, None] * random.standard_normal(mask.shape)
    events = random.binomial(total, 1 / (1 + np.exp(-np.clip(logits, -700, 700))))
    return events[:count], total[:count], mask[:count]

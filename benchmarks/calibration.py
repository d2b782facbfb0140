"""Replicates of a coverage card: every interval of ours against those that metafor has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import logit

from benchmarks.comparison import Contender, Growth, Job
from toolkit.calibration.intervals import TAU_SCALES, intervals, kernels
from toolkit.calibration.simulation import CHUNK, Design, draw_tables, logit_normal

TOTAL = (8, 19, 27, 37, 38)
_LARGE = (12, 20, 28, 36)
_R_TABLES = 5

# One fit gives z and t(k-1); sums of counts by R's own exact interval.
_LOOP = f"""for (i in 1:{_R_TABLES}) {{
  glmm <- rma.glmm(measure='PLO', xi=x[i,], ni=n)
  c(glmm$ci.lb, glmm$ci.ub, glmm$b + qt(c(.025, .975), 4) * glmm$se); predict(glmm)
  binom.test(sum(x[i,]), sum(n))$conf.int
  predict(rma(measure='PFT', xi=x[i,], ni=n, method='DL'), transf=transf.ipft.hm, targs=list(ni=n))
  plo <- escalc(measure='PLO', xi=x[i,], ni=n, add=1/2, to='only0')
  predict(rma(yi, vi, data=plo, test='knha'), transf=transf.ilogit)
  predict(rma(yi, vi, data=plo, test='adhoc'), transf=transf.ilogit)
  predict(rma(measure='PAS', xi=x[i,], ni=n, test='adhoc'), transf=transf.iarcsin)
}}"""


def jobs() -> Iterator[Job]:
    """Yield one comparison: a replicate of the card for five series with 129 patients."""
    events, _ = _tables(_R_TABLES, TOTAL)
    rows = ", ".join(map(str, events.reshape(-1)))
    sizes = ", ".join(map(str, TOTAL))
    yield Job(
        title="a replicate: all 26 intervals here, the 10 that metafor has there",
        contenders=(
            Contender(name="this project", fits=CHUNK, run=lambda: _card(CHUNK, TOTAL)),
            Contender(
                name="metafor",
                fits=_R_TABLES,
                script=_LOOP,
                prepare=f"x <- matrix(c({rows}), nrow={_R_TABLES}, byrow=TRUE); n <- c({sizes})",
            ),
        ),
    )


def growths() -> Iterator[Growth]:
    """Yield how the work grows with replicates and with series."""
    yield Growth(
        title="every interval, 5 series",
        unit="replicate",
        sizes=(500, 2_000, 8_000),
        run=lambda size: _card(size, TOTAL),
    )
    yield Growth(
        title="every interval, 1,000 replicates",
        unit="series",
        sizes=(4, 8, 16),
        run=lambda size: _card(1_000, _LARGE * (size // len(_LARGE))),
    )


def _tables(count: int, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    design = Design(series=len(sizes), sizes=sizes)
    truth = logit_normal(float(logit(0.41)), 0.84)
    return draw_tables(design, truth, np.random.SeedSequence(1), count)


def _card(count: int, sizes: tuple[int, ...]) -> None:
    """Draw tables and work out every interval, chunk by chunk as a simulation does."""
    prepared = kernels(tuple(sorted(set(sizes))), len(sizes), sum(sizes), TAU_SCALES)
    events, total = _tables(count, sizes)
    for start in range(0, count, CHUNK):
        part = slice(start, start + CHUNK)
        tuple(intervals(events[part], total[part], 0.95, prepared))

"""Every subset of the series of an answer, pooled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from toolkit.analysis.cache import remembered
from toolkit.analysis.effects import back_to_proportion, row_effects
from toolkit.errors import ToolkitError
from toolkit.numerics.binomial.binomial_normal import FitStatus, fit_ml
from toolkit.numerics.normal.subsets import all_subsets as subsets_of_effects
from toolkit.numerics.normal.subsets import masks_of
from toolkit.results.row import Row
from toolkit.results.steps import Subsets
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method

MOST_SERIES_FOR_SUBSETS = {"binomial-normal": 15, "inverse-variance": 20}
"""Series up to which every subset is fitted, by model."""


@remembered
def all_subsets(answer: Synthesis) -> Subsets:
    """Return the pool of every subset of two series or more, fitted in one batch.

    Parameters
    ----------
    answer : Synthesis
        Its method must be binomial-normal by maximum likelihood (two series are fitted here as
        well: a subset is a diagnostic, not an answer) or inverse variance.

    Raises
    ------
    ToolkitError
        For other methods, for more than `MOST_SERIES_FOR_SUBSETS` series, for fewer than two, and
        where no subset has an estimate.

    Notes
    -----
    **Source**: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214, doi 10.1002/jrsm.1053.
    """
    method = answer.method
    most = MOST_SERIES_FOR_SUBSETS.get(method.model, 0)
    if most == 0 or method.fit == "bayes":
        raise ToolkitError(
            "all subsets are fitted for binomial-normal by maximum likelihood and for "
            f"inverse-variance, not for {method.in_words}."
        )
    if not 2 <= answer.k <= most:
        raise ToolkitError(
            f"all subsets need 2 to {most} series under {method.model}; there are {answer.k}."
        )
    if method.model == "inverse-variance":
        return _subsets_of_effects(answer.rows, method)
    return _subsets_of_counts(answer.rows, method)


def _subsets_of_counts(rows: Sequence[Row], method: Method) -> Subsets:
    """Return every subset by maximum likelihood of the binomial-normal model."""
    low = np.array([row.events_low for row in rows])
    high = np.array([row.events_high for row in rows])
    total = np.array([row.total for row in rows])
    members = np.arange(1, 2 ** len(rows), dtype=np.uint32)
    mask = masks_of(members, len(rows))
    several = mask.sum(axis=1) >= 2
    members, mask = members[several], mask[several]
    fit = fit_ml(low, high, total, mask)
    fitted = fit.status == FitStatus.FITTED
    if not fitted.any():
        # The last subset holds every series.
        reason = FitStatus(int(fit.status[-1])).sentence
        raise ToolkitError(
            f"no subset of these studies has a finite estimate: {reason[:1].lower()}{reason[1:]}"
        )
    return Subsets(
        method=method,
        members=members[fitted],
        k=mask[fitted].sum(axis=1),
        estimate=expit(fit.mu[fitted]),
        tau2=fit.tau[fitted] ** 2,
        left_out=int((~fitted).sum()),
        labels=tuple(row.label for row in rows),
    )


def _subsets_of_effects(rows: Sequence[Row], method: Method) -> Subsets:
    """Return every subset under inverse variance."""
    transformed = row_effects(rows, method)
    if not transformed.usable.all():
        raise ToolkitError(
            f'a zero or full cell has no {method.scale} effect under zero="{method.zero}": '
            "choose another zero rule to fit all subsets."
        )
    found = subsets_of_effects(transformed.y, transformed.v, tau2=method.tau2, smallest=2)
    reciprocal = np.zeros(len(found.members))
    for index, row in enumerate(rows):
        reciprocal += ((found.members >> np.uint32(index)) & 1) / row.total
    return Subsets(
        method=method,
        members=found.members,
        k=found.k.astype(np.int64),
        estimate=back_to_proportion(found.mu, method, found.k / reciprocal),
        tau2=found.tau2,
        left_out=0,
        labels=tuple(row.label for row in rows),
    )

"""Whether small series report other results than large ones: refused where that cannot be seen."""

from __future__ import annotations

import numpy as np

from toolkit.analysis.effects import row_effects
from toolkit.errors import ToolkitError
from toolkit.numerics.normal.meta_regression import FEWEST_SERIES
from toolkit.numerics.normal.small_study import small_study_test
from toolkit.numerics.proportions import from_scale
from toolkit.results.influence import SizedSeries, SmallStudy
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.method import Method

_LOGIT = Method(model="inverse-variance", scale="logit")


def small_study(answer: Synthesis) -> SmallStudy:
    """Return the trend of the proportion with the size of the series, and its test.

    The logit of each series' proportion, with one half added where a cell is zero or full, is
    regressed on 1/n with weights from its variance and a t test with k - 2 degrees of freedom: the
    test of Peters for one arm. Tests on the standard error (Egger's) are not offered: that of a
    logit follows from the proportion itself, so they find a trend where there is none.

    Parameters
    ----------
    answer : Synthesis
        A pool of ten series or more, by any method.

    Returns
    -------
    SmallStudy
        Series in the order of the answer's rows, proportions in [0, 1].

    Raises
    ------
    ToolkitError
        For fewer than ten series, for cells that a source leaves open, and where all series are of
        one size.

    Notes
    -----
    **Source**: Hunter et al. 2014, J Clin Epidemiol 67:897, doi 10.1016/j.jclinepi.2014.03.003
    (size against the logit); Peters et al. 2006, JAMA 295:676, doi 10.1001/jama.295.6.676; Sterne
    et al. 2011, BMJ 343:d4002 (none below ten series).
    """
    if answer.k < FEWEST_SERIES:
        raise ToolkitError(
            f"whether small series report other results is not tested in {answer.k} series: below "
            f"{FEWEST_SERIES} a funnel plot shows chance, and its tests have hardly any power."
        )
    open_cells = [row.label for row in answer.rows if row.events_low != row.events_high]
    if open_cells:
        raise ToolkitError(
            "the trend with size needs one number in every cell, and the source leaves open: "
            f"{', '.join(open_cells)}."
        )
    total = np.array([row.total for row in answer.rows], dtype=float)
    if np.ptp(total) == 0:
        raise ToolkitError("all series are of one size: there is no trend with it.")
    effects = row_effects(answer.rows, _LOGIT)
    level = answer.method.level
    found = small_study_test(
        effects.y,
        effects.v,
        total,
        predictor="inverse-total",
        dispersion="multiplicative",
        level=level,
    )
    ends = (found.limit, found.limit_low, found.limit_high)
    logits = [float(end) for end in ends if end is not None]
    limit, low, high = (float(end) for end in from_scale(logits, scale="logit"))
    shown = from_scale(effects.y, scale="logit")
    return SmallStudy(
        rows=tuple(
            SizedSeries(label=row.label, total=row.total, estimate=float(estimate))
            for row, estimate in zip(answer.rows, shown, strict=True)
        ),
        slope=float(found.slope),
        intercept=logits[0],
        statistic=float(found.statistic),
        df=float(found.df),
        p=float(found.p_value),
        limit=Estimate(estimate=limit, low=low, high=high),
    )

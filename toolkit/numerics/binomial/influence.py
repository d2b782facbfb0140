"""What a single series does to a maximum-likelihood fit of the binomial-normal model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtr

from toolkit.numerics.binomial.binomial_normal import (
    BinomialNormalFit,
    FitStatus,
    fit_ml,
    log_likelihood,
)
from toolkit.numerics.binomial.cells import lay_out
from toolkit.numerics.tables import Booleans, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodInfluence:
    """Diagnostics of each series of one table, all (k,); NaN where there is no fit without it.

    Attributes
    ----------
    fitted
        Whether the model can be fitted without the series.
    mu, se, tau
        The fit without it.
    dfbetas
        Change of mu that the series makes, over the standard error of mu without it: above 0 where
        it raises the centre.
    displacement
        Twice the log-likelihood of all series lost when mu and tau are those without the series.
    confidence
        Level of the joint confidence region of mu and tau whose edge passes through the fit
        without the series, in [0, 1].
    """

    fitted: Booleans
    mu: Floats
    se: Floats
    tau: Floats
    dfbetas: Floats
    displacement: Floats
    confidence: Floats


def likelihood_influence(
    low: npt.ArrayLike, high: npt.ArrayLike, total: npt.ArrayLike
) -> tuple[BinomialNormalFit, LikelihoodInfluence]:
    """Return the fit of one table, and how far it moves when each series is left out.

    Parameters
    ----------
    low, high, total : (k,)
        Admissible counts low..high among total patients.

    Raises
    ------
    ValueError
        If the cells are not counts, or the whole table has no fit.

    Notes
    -----
    **Source**: Cook 1986, J R Stat Soc B 48:133, doi 10.1111/j.2517-6161.1986.tb01398.x (the
    displacement and its level by chi-square with 2 degrees of freedom); Belsley, Kuh & Welsch 1980,
    Regression Diagnostics (DFBETAS).
    """
    cells = np.stack([np.asarray(each, dtype=np.int64) for each in (low, high, total)])
    whole = fit_ml(cells[0], cells[1], cells[2])
    if int(whole.status) != FitStatus.FITTED:
        raise ValueError(FitStatus(int(whole.status)).sentence)
    k = cells.shape[-1]
    every = np.repeat(cells[:, None], k, axis=1)
    apart = fit_ml(every[0], every[1], every[2], ~np.eye(k, dtype=bool))
    fitted = apart.status == FitStatus.FITTED
    displacement = np.full(k, np.nan)
    if fitted.any():
        laid = lay_out(every[0, fitted], every[1, fitted], every[2, fitted], None)
        moved = log_likelihood(laid, apart.mu[fitted], apart.tau[fitted])[0]
        displacement[fitted] = np.maximum(2 * (whole.log_likelihood - moved), 0.0)
    return whole, LikelihoodInfluence(
        fitted=fitted,
        mu=apart.mu,
        se=apart.se_mu,
        tau=apart.tau,
        dfbetas=(float(whole.mu) - apart.mu) / apart.se_mu,
        displacement=displacement,
        confidence=np.asarray(chdtr(2.0, displacement), dtype=float),
    )

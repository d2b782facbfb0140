"""The calculator of the book: its page, and what it computes with.

The page sums these tables and needs no server. A table belongs to a count, not to a series, so
one serves every outcome and set in which the count stands.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from scipy.special import chdtri

from toolkit.analysis.synthesize import ONE_SERIES, TWO_SERIES_BY_PROTOCOL
from toolkit.book.content.answers import Answers, page_of
from toolkit.book.content.templates import page
from toolkit.numerics.binomial.binomial_normal import FitStatus
from toolkit.numerics.binomial.series_likelihood import FINE_NODES, stretched_nodes
from toolkit.numerics.posterior.lattice import Lattice
from toolkit.numerics.posterior.likelihood_table import Grid, tabulate
from toolkit.results.row import FLAGS, Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.protocol import Outcome
from toolkit.review.words import GRADES

Cell = tuple[int, int, int]
"""The counts a cell admits, low and high, and the patients among whom."""

PAGE = "try-it"
"""Name of the calculator's page in the folder of a review."""

_FARTHEST_MU = 12.0
_MU_SCALE = 6.0
_MU_SPACING = 0.25
_TAU_SCALE = 0.25
_TAU_STEP = 0.2
_TAU_REACH = 8.0


SCRIPTS = (
    "likelihood",
    "maximum",
    "profile",
    "marginal",
    "posterior",
    "what-if",
    "drawing",
    "words",
    "address",
    "panel",
)
"""The scripts of the calculator, in the order in which they build on each other."""


def anchor(outcome: Outcome) -> str:
    """Return the place on the calculator's page that opens it on an outcome."""
    return f"try-{outcome.key}"


def calculable(answers: Answers) -> tuple[Outcome, ...]:
    """Return the outcomes that the calculator can pool.

    An outcome whose method is not the binomial-normal model, and one that has a percentage
    without counts in every set, have no likelihood to sum.
    """
    return tuple(
        each
        for each in answers.outcomes
        if each.method.model == "binomial-normal" and _sets(answers, each)
    )


def calculator_address(answers: Answers, outcome: Outcome, prefix: str = "") -> str:
    """Return the address that opens the calculator on an outcome; empty where it cannot pool it.

    Parameters
    ----------
    answers, outcome
        A review and one of its outcomes.
    prefix : str
        From the page to the folder of the review's pages.
    """
    if outcome not in calculable(answers):
        return ""
    return f"{prefix}{PAGE}.html#{anchor(outcome)}"


def calculator_page(answers: Answers) -> str:
    """Return the page as MyST.

    Without JavaScript it says what is pooled and where the calculator's numbers come from; with
    it, the panel appears above.
    """
    known = (answers.answer(each.key) for each in answers.outcomes)
    return page(
        "try-it",
        calculable=calculable(answers),
        anchor=anchor,
        page_of=page_of,
        SCRIPTS=SCRIPTS,
        pooled=[answer for answer in known if answer is not None and answer.pooled],
    )


def calculator_script(answers: Answers) -> str:
    """Return the script that hands the data of a review to the calculator.

    It is a script and not JSON, because a page that is opened from a folder may not read files.
    """
    told = json.dumps(calculator_data(answers), separators=(",", ":"), sort_keys=True)
    return f"window.calculator = window.calculator || {{}};\nwindow.calculator.data = {told};\n"


def calculator_data(answers: Answers) -> dict[str, Any]:
    """Return what the calculator knows of a review, as plain mappings, lists, numbers and words."""
    review = answers.review
    outcomes = [_outcome(answers, each) for each in calculable(answers)]
    rows = [row for outcome in outcomes for rows in outcome["sets"].values() for row in rows]
    cells = sorted({(row["low"], row["high"], row["total"]) for row in rows})
    grid = calculator_grid(max((outcome["tauPrior"] for outcome in outcomes), default=1.0))
    return {
        "grid": _grid_in_words(grid),
        "tables": tables(cells, grid),
        "chiSquare": {
            f"{level:g}": float(chdtri(1, 1 - level))
            for level in sorted({outcome["level"] for outcome in outcomes})
        },
        "sentences": {
            "one": ONE_SERIES,
            "two": TWO_SERIES_BY_PROTOCOL,
            **{status.name.lower(): status.sentence for status in FitStatus},
        },
        "primary": review.primary_set,
        "sets": [
            {"key": each.key, "label": each.label, "description": each.description}
            for each in review.sets
        ],
        "outcomes": outcomes,
    }


def calculator_grid(tau_prior: float) -> Grid:
    """Return the grid of the tables: wide enough for any counts, read between its points.

    Parameters
    ----------
    tau_prior : float
        The largest scale of the half-normal prior of tau that is asked for.

    Notes
    -----
    A proportion whose logit is beyond 12 is within 1e-5 of its end, and tau beyond eight scales
    of its prior has a probability of 1e-15. Tables are smooth on the scale of these steps however
    many patients there are, because a binomial log-likelihood is: the steps of a posterior, which
    is not, are chosen in the page.
    """
    reach, step = math.asinh(_FARTHEST_MU / _MU_SCALE), _MU_SPACING / _MU_SCALE
    half = math.ceil(reach / step)
    count = math.ceil(math.asinh(_TAU_REACH * tau_prior / _TAU_SCALE) / _TAU_STEP) + 1
    return Grid(
        mu_lattice=Lattice(
            centre=0.0, scale=_MU_SCALE, start=-half * step, step=step, count=2 * half + 1
        ),
        tau_lattice=Lattice(centre=0.0, scale=_TAU_SCALE, start=0.0, step=_TAU_STEP, count=count),
        tau_scale=tau_prior,
    )


def tables(cells: Sequence[Cell], grid: Grid) -> dict[str, str]:
    """Return the log-likelihood of each cell over a grid, by ``low..high/total``.

    Four bytes a value, least byte first, one row of mu after another for each tau, in base 64.
    """
    if not cells:
        return {}
    low, high, total = np.array(cells).T
    found = tabulate(low, high, total, grid)
    return {
        f"{cell[0]}..{cell[1]}/{cell[2]}": base64.b64encode(table.T.astype("<f4").tobytes()).decode(
            "ascii"
        )
        for cell, table in zip(cells, found, strict=True)
    }


def _grid_in_words(grid: Grid) -> dict[str, Any]:
    """Return a grid, and the rule of quadrature for tables that the page computes itself."""
    points, weights = stretched_nodes(FINE_NODES)
    return {
        "mu": grid.mu.tolist(),
        "muScale": grid.mu_lattice.scale,
        "muStep": grid.mu_lattice.step,
        "tau": grid.tau.tolist(),
        "tauScale": grid.tau_lattice.scale,
        "tauStep": grid.tau_lattice.step,
        "nodes": {"points": points.tolist(), "weights": weights.tolist()},
    }


def _outcome(answers: Answers, outcome: Outcome) -> dict[str, Any]:
    """Return an outcome with its series in every set."""
    method = outcome.method
    main = answers.headline(outcome.key)
    grade = GRADES[outcome.grade]
    return {
        "key": outcome.key,
        "label": outcome.label + (f", {grade}" if grade else ""),
        "benefit": outcome.direction == "benefit",
        "level": method.level,
        "tauPrior": method.tau_prior,
        "nextPatients": answers.review.next_patients,
        "fit": method.fit,
        "lead": outcome.estimand,
        "main": None if main is None or not main.leading.defined else _published(main),
        "sets": _sets(answers, outcome),
    }


def _sets(answers: Answers, outcome: Outcome) -> dict[str, list[dict[str, Any]]]:
    """Return the series of each set in which every series has counts."""
    return {
        each.key: [_row(row) for row in answer.rows]
        for each in answers.review.sets
        if (answer := answers.headline(outcome.key, each.key)) is not None
        and all(row.counted for row in answer.rows)
    }


def _published(answer: Synthesis) -> dict[str, Any]:
    """Return the protocol's own answer, to which every choice is compared."""
    method = answer.method
    how = ""
    if answer.reading == "ladder":
        how = "read on a ladder of outcomes"
    elif method.fit == "ml" and method.interval == "profile-calibrated" and answer.k > 2:
        how = "with critical values counted for just these studies"
    return {**asdict(answer.leading), "lead": answer.lead, "k": answer.k, "how": how}


def _row(row: Row) -> dict[str, Any]:
    """Return a series in a set: its name, its counts, its own interval."""
    return {
        "series": row.series,
        "label": row.label,
        "low": row.events_low,
        "high": row.events_high,
        "total": row.total,
        "interval": [row.low, row.high],
        "notes": [FLAGS[flag] for flag in row.flags],
    }

"""An answer as a script of Stata: never executed, and it says so."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.analysis.effects import row_effects
from toolkit.errors import ToolkitError
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.method import Method
from toolkit.scripts.answer_table import heading
from toolkit.scripts.lines_of_r import ascii_only, comment, number

_NEVER = (
    "This script was never executed: it was written from Stata's manuals, without Stata at hand. "
    "Compare what it prints with the lines below before you rely on it."
)
NO_LADDER = "there is no script of Stata for ordered outcomes pooled together: `--r` has one."

_TAU2 = {
    "reml": "random(reml)",
    "dl": "random(dlaird)",
    "he": "random(hedges)",
    "hs": "random(hschmidt)",
    "sj": "random(sjonkman)",
    "ml": "random(mle)",
    "eb": "random(ebayes)",
    "none": "common(invvariance)",
}


def stata_script(answer: Synthesis) -> str:
    """Return the script of Stata 17 or later.

    Raises
    ------
    ToolkitError
        For a ladder, and for an estimator that Stata does not have.
    """
    if answer.ladder is not None:
        raise ToolkitError(NO_LADDER)
    method = answer.method
    parts = [comment(_NEVER, "* "), *heading(answer, "* ")]
    parts += _expected(answer)
    parts += ["", "version 17", "clear all"]
    if answer.k == 1:
        parts += [*_counts(answer.rows), comment("One study: nothing is pooled.", "* ")]
        parts.append(f"cii proportions patients[1] events[1], exact level({100 * method.level:g})")
    elif method.model == "inverse-variance":
        parts += _inverse_variance(answer)
    elif method.model == "pooled-counts":
        parts += [
            *_counts(answer.rows),
            "collapse (sum) events patients",
            f"cii proportions `=patients[1]' `=events[1]', exact level({100 * method.level:g})",
        ]
    else:
        parts += _likelihood(answer)
    return "\n".join(parts) + "\n"


def _expected(answer: Synthesis) -> list[str]:
    """Return what the toolkit gives, as comments to compare with."""
    lines = []
    for name, found in (
        ("median study", answer.typical),
        ("mean across studies", answer.average),
        ("new study", Estimate(low=answer.prediction.low, high=answer.prediction.high)),
    ):
        if found.low is not None and found.high is not None:
            middle = "" if found.estimate is None else f"{found.estimate:.6f} "
            lines.append(f"* Toolkit, {name}: {middle}({found.low:.6f} to {found.high:.6f})")
    spread = answer.heterogeneity
    if spread is not None and spread.tau is not None:
        lines.append(f"* Toolkit, tau: {spread.tau:.6f}")
    return lines


def _text(label: str) -> str:
    return ascii_only(label).replace('"', "'")


def _counts(rows: Sequence[Row]) -> list[str]:
    """Return counts as data; refuse those that the source leaves open."""
    open_cells = [row.label for row in rows if row.events_low != row.events_high]
    if open_cells:
        raise ToolkitError(
            "there is no script of Stata for numbers that the source leaves open: "
            f"{', '.join(open_cells)}. `--r` has one."
        )
    width = max(len(_text(row.label)) for row in rows)
    lines = [f'"{_text(row.label)}" {row.events_low} {row.total}' for row in rows]
    return [f"input str{width} study events patients", *lines, "end"]


def _likelihood(answer: Synthesis) -> list[str]:
    """Return the binomial-normal and the beta-binomial model."""
    method = answer.method
    level = f"level({100 * method.level:g})"
    parts = _counts(answer.rows)
    if method.model == "beta-binomial":
        return [
            *parts,
            comment("Beta-binomial: ssc install betabin. Its interval is a Wald interval.", "* "),
            f"betabin events, n(patients) {level}",
        ]
    parts += [
        "encode study, generate(id)",
        comment(
            "The binomial-normal model by maximum likelihood: _cons is mu, the logit of the median "
            "study; var(_cons[id]) is tau squared.",
            "* ",
        ),
        f"melogit events || id:, binomial(patients) intpoints(25) {level}",
    ]
    if method.interval == "wald":
        parts.append("nlcom invlogit(_b[_cons])")
    if method.interval == "t":
        parts.append(
            f"display invlogit(_b[_cons]), invlogit(_b[_cons] - invttail({answer.k - 1}, "
            f"{(1 - method.level) / 2:g}) * _se[_cons]), invlogit(_b[_cons] + "
            f"invttail({answer.k - 1}, {(1 - method.level) / 2:g}) * _se[_cons])"
        )
    else:
        parts.append("display invlogit(_b[_cons])")
    parts.append(comment(_differs(method), "* "))
    return [*parts, *_forest(answer)]


def _differs(method: Method) -> str:
    """Return which line of Stata differs from the toolkit's, and why."""
    if method.fit == "bayes":
        return (
            "What differs: the toolkit's numbers are medians and quantiles of the posterior "
            "(expit(mu) uniform, tau half-normal), these are maximum likelihood. `--r` writes a "
            "script of R that computes the posterior."
        )
    if method.interval in ("t", "wald"):
        return "What differs: the mean across studies and the prediction are not computed here."
    return (
        "What differs: Stata's interval is a Wald interval, the toolkit's a profile-likelihood "
        "one; the estimate and tau are the same. The mean across studies and the prediction are "
        "not computed here; `--r` writes a script of R that computes all of them."
    )


def _inverse_variance(answer: Synthesis) -> list[str]:
    """Return a two-stage pool of effects and standard errors."""
    method = answer.method
    if method.tau2 not in _TAU2:
        raise ToolkitError(f'Stata has no tau2="{method.tau2}": `--r` writes a script of R.')
    if all(row.effect is not None for row in answer.rows):
        pairs = [(row.effect, row.standard_error) for row in answer.rows]
    else:
        found = row_effects(answer.rows, method)
        pairs = [
            (float(y), float(v) ** 0.5) if used else (None, None)
            for y, v, used in zip(found.y, found.v, found.usable, strict=True)
        ]
    kept = [(row, y, se) for row, (y, se) in zip(answer.rows, pairs, strict=True) if y is not None]
    width = max(len(_text(row.label)) for row, _, _ in kept)
    parts = [
        comment(f"Effects and standard errors on the {method.scale} scale.", "* "),
        f"input str{width} study double y double se",
        *(f'"{_text(row.label)}" {number(y)} {number(se)}' for row, y, se in kept),
        "end",
        "meta set y se, studylabel(study)",
    ]
    interval = {
        "hartung-knapp": " se(khartung)",
        "hartung-knapp-adhoc": " se(khartung, truncated)",
        "t": " tdistribution",
        "wald": "",
    }[str(method.interval)]
    parts.append(f"meta summarize, {_TAU2[method.tau2]}{interval} level({100 * method.level:g})")
    parts.append(
        comment(
            f"Take theta and its limits back from the {method.scale} scale. What differs: Stata's "
            "prediction interval has k - 2 degrees of freedom, the toolkit's as its method says.",
            "* ",
        )
    )
    return [*parts, f"meta forestplot, {_TAU2[method.tau2]}{interval}"]


def _forest(answer: Synthesis) -> list[str]:
    return [
        comment("The forest plot: each study with exact limits.", "* "),
        "generate double low = cond(events == 0, 0, invibeta(events, patients - events + 1, "
        f"{(1 - answer.method.level) / 2:g}))",
        "generate double high = cond(events == patients, 1, invibetatail(events + 1, "
        f"patients - events, {(1 - answer.method.level) / 2:g}))",
        "generate double share = events / patients",
        "generate row = _N - _n + 1",
        "labmask row, values(study)  // ssc install labutil",
        "twoway (rspike low high row, horizontal) (scatter row share, msymbol(S)), ///",
        '    ylabel(1/`=_N\', valuelabel angle(0)) xscale(range(0 1)) legend(off) ytitle("")',
    ]

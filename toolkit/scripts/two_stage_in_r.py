"""A pool by inverse variance in R, with metafor."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.analysis.effects import variance_of
from toolkit.results.names import ESTIMANDS
from toolkit.results.row import Row
from toolkit.results.synthesis import Synthesis
from toolkit.review.method import Method
from toolkit.scripts.answer_table import AnswerLine, ending, prediction_line, tau_line
from toolkit.scripts.lines_of_r import Cell, comment, table

_SCALES = {
    "logit": ("PLO", "plogis"),
    "log": ("PLN", "function(y) exp(pmin(y, 0))"),
    "raw": ("PR", "function(y) pmin(pmax(y, 0), 1)"),
    "arcsine": ("PAS", "function(y) sin(pmin(pmax(y, 0), pi / 2))^2"),
    "double-arcsine": ("PFT", "function(y) transf.ipft.hm(y, targs = list(ni = patients))"),
    "complementary-log-log": ("", "function(y) exp(-exp(y))"),
}
_ZERO = {"only-zero": "only0", "if-any": "if0all", "all": "all", "none": "none"}
_TESTS = {"t": "t", "wald": "z", "hartung-knapp": "knha", "hartung-knapp-adhoc": "adhoc"}


def inverse_variance(answer: Synthesis) -> list[str]:
    """Return the whole of a two-stage pool after its head."""
    method = answer.method
    measure, back = _SCALES[method.scale]
    parts = ["library(metafor)", ""]
    effects = [row for row in answer.rows if row.effect is not None]
    if effects:
        back = "identity" if method.scale == "raw" else back
        parts += [
            comment(f"Effects and their standard errors on the {method.scale} scale."),
            table(
                "studies",
                {
                    "study": [row.label for row in answer.rows],
                    "y": [row.effect for row in answer.rows],
                    "se": [row.standard_error for row in answer.rows],
                },
            ),
            "y <- studies$y",
            "v <- studies$se^2",
        ]
    else:
        parts += [*_shares(answer.rows, method), *_to_scale(answer.rows, method, measure)]
    parts += [
        "usable <- is.finite(y) & is.finite(v) & v > 0",
        *(["patients <- studies$patients[usable]"] if method.scale == "double-arcsine" else []),
        f"back <- {back}",
        "",
    ]
    own = (
        "# The forest plot: each study with limits by its own standard error, then the pool.\n"
        "reach <- qnorm((1 + level) / 2) * sqrt(v)\n"
        "own <- t(apply(cbind(back(y), back(y - reach), back(y + reach)), 1, function(each)\n"
        "  c(each[1], range(each[2:3]))))\n"
        "own_names <- studies$study"
    )
    if method.scale == "double-arcsine":
        own = (
            "# The forest plot: each study with exact limits, then the pool.\n"
            "own <- t(mapply(function(x, n)\n"
            "  c(x / n, binom.test(x, n, conf.level = level)$conf.int),\n"
            "  studies$events, studies$patients))\n"
            "own_names <- studies$study"
        )
    if not answer.typical.defined:
        return [
            *parts,
            comment(f"No estimate: {' '.join(answer.notes)}"),
            *ending(answer, [], [own]),
        ]
    return [*parts, *_two_stage(answer), *ending(answer, _two_stage_lines(answer), [own])]


def _two_stage(answer: Synthesis) -> list[str]:
    method = answer.method
    estimator = "EE" if method.tau2 == "none" else method.tau2.upper()
    interval = _TESTS[str(method.interval)]
    parts = [
        comment(
            "Every estimator is iterated until nothing moves; by its default metafor stops after "
            "four or five digits."
        ),
        f'fit <- rma(y[usable], v[usable], method = "{estimator}", test = "{interval}",\n'
        "           level = 100 * level,\n"
        "           control = list(threshold = 1e-13, tol = 1e-13, maxiter = 100000,\n"
        "                          stepadj = 0.5))",
        "pooled <- back(c(fit$beta, fit$ci.lb, fit$ci.ub))",
        "pooled <- c(pooled[1], range(pooled[2:3]))",
    ]
    if method.tau2 != "none":
        parts.append(
            "tau <- sqrt(fit$tau2)\n"
            "spread <- confint(fit, level = 100 * level,\n"
            "                  control = list(tol = 1e-12, tau2.max = 1e6))\n"
            'tau_low <- sqrt(spread$random["tau^2", "ci.lb"])\n'
            'tau_high <- sqrt(spread$random["tau^2", "ci.ub"])'
        )
    if answer.prediction.defined:
        less = 1 if method.prediction == "t(k-1)" else 2
        parts.append(
            f"prediction <- back(c(0, -1, 1) * qt((1 + level) / 2, fit$k - {less}) *\n"
            "                     sqrt(fit$tau2 + fit$se^2) + c(fit$beta))\n"
            "prediction <- c(NA, range(prediction[2:3]))"
        )
    return parts


def _two_stage_lines(answer: Synthesis) -> list[AnswerLine]:
    lines = [AnswerLine.of(ESTIMANDS["typical"], "pooled", answer.typical)]
    return [*lines, *prediction_line(answer), *tau_line(answer, False)]


def _shares(rows: Sequence[Row], method: Method) -> list[str]:
    """Return the data of a two-stage pool: counts, and shares with their standard errors."""
    columns: dict[str, list[Cell]] = {
        "study": [row.label for row in rows],
        "events": [row.events_low for row in rows],
        "patients": [row.total for row in rows],
    }
    notes = []
    if not all(row.counted for row in rows):
        known = [None if row.counted else variance_of(row, method) for row in rows]
        columns["share"] = [None if each is None else each[0] for each in known]
        columns["se"] = [None if each is None else each[1] ** 0.5 for each in known]
        notes.append(comment("A share is what is printed where no count is."))
        notes += [
            comment(f"{row.label}: standard error {_precision(row)}.")
            for row in rows
            if not row.counted
        ]
    return [*notes, table("studies", columns)]


def _precision(row: Row) -> str:
    if row.estimate in (0.0, 1.0):
        return "after half a patient with the event and half a one without are added"
    if row.standard_error is None:
        return "approximated from the patients, because nothing is printed"
    if row.precision == "standard error":
        return "as printed"
    return f"from the printed interval, symmetric on the scale {row.precision}"


def _to_scale(rows: Sequence[Row], method: Method, measure: str) -> list[str]:
    """Return the effects and variances of counts and of shares."""
    parts = ["y <- rep(NA_real_, nrow(studies))", "v <- y"]
    if any(row.counted for row in rows):
        parts.append("counted <- !is.na(studies$events)")
        parts.append("x <- studies$events[counted]\nn <- studies$patients[counted]")
        parts.append(_counts_to_scale(method, measure))
    if not all(row.counted for row in rows):
        parts.append(_shares_to_scale(method))
    return parts


def _counts_to_scale(method: Method, measure: str) -> str:
    if method.scale == "complementary-log-log":
        half = {
            "only-zero": "0.5 * (x == 0 | x == n)",
            "if-any": "0.5 * any(x == 0 | x == n)",
            "all": "0.5",
            "none": "0",
        }[method.zero]
        return (
            f"half <- {half}\np <- (x + half) / (n + 2 * half)\ny[counted] <- log(-log(p))\n"
            "v[counted] <- p * (1 - p) / (n + 2 * half) / (p * log(p))^2"
        )
    added = "" if measure in ("PAS", "PFT") else f', add = 1/2, to = "{_ZERO[method.zero]}"'
    return (
        f'found <- escalc(measure = "{measure}", xi = x, ni = n{added})\n'
        "y[counted] <- found$yi\nv[counted] <- found$vi"
    )


def _shares_to_scale(method: Method) -> str:
    """Return the delta method for printed shares."""
    to, slope = {
        "logit": ("qlogis(p)", "1 / (p * (1 - p))"),
        "log": ("log(p)", "1 / p"),
        "raw": ("p", "1"),
        "arcsine": ("asin(sqrt(p))", "1 / (2 * sqrt(p * (1 - p)))"),
        "complementary-log-log": ("log(-log(p))", "1 / (p * log(p))"),
    }[method.scale]
    return (
        "printed <- !is.na(studies$share)\n"
        "p <- studies$share[printed]\n"
        f"y[printed] <- {to}\n"
        f"v[printed] <- (studies$se[printed] * {slope})^2"
    )

"""A pool of counts in base R: the binomial-normal and the beta-binomial model, all as one study."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.analysis.critical_files import find_critical_values
from toolkit.errors import ToolkitError
from toolkit.numerics.batches.calibrated import critical_at_ends
from toolkit.results.names import ESTIMANDS
from toolkit.results.row import Row
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.scripts.answer_table import AnswerLine, prediction_line, tau_line
from toolkit.scripts.lines_of_r import assigned, block, comment, number


def counted(answer: Synthesis) -> tuple[list[str], list[AnswerLine]]:
    """Return what computes the pool of counts, and the lines of its table."""
    if answer.k == 1:
        return [comment("One study: nothing is pooled.")], []
    model = answer.method.model
    if model == "pooled-counts":
        told = "All patients as if they were one study: Clopper-Pearson."
        pooled = (
            "pooled <- binom.test(sum(studies$events), sum(studies$patients), conf.level = level)\n"
            "pooled <- c(unname(pooled$estimate), pooled$conf.int)"
        )
        return [comment(told), pooled], [AnswerLine.of("all patients", "pooled", answer.typical)]
    if model == "beta-binomial":
        return _beta_binomial(answer)
    parts: list[str] = []
    lines: list[AnswerLine] = []
    bayes = answer.method.fit == "bayes"
    if not bayes:
        parts, lines = _maximum(answer)
    if bayes or (answer.prediction.defined and answer.method.prediction == "posterior"):
        parts += ["", assigned("tau_prior", number(answer.method.tau_prior)), block("posterior")]
    if bayes:
        parts += ["", block("posterior_shares")]
        lines = [
            AnswerLine.of(ESTIMANDS["typical"], "median_study", answer.typical),
            AnswerLine.of(ESTIMANDS["average"], "mean_study", answer.average),
        ]
    return parts, [*lines, *prediction_line(answer), *tau_line(answer, bayes)]


def _maximum(answer: Synthesis) -> tuple[list[str], list[AnswerLine]]:
    """Return the fit by maximum likelihood with its interval."""
    if not answer.typical.defined:
        return [comment(f"No estimate: {' '.join(answer.notes)}")], []
    if answer.typical.estimate in (0.0, 1.0):
        return [_limit(answer)], []
    method = answer.method
    parts = [block("likelihood"), ""]
    parts.append(block("maximum"))
    if method.interval in ("t", "wald"):
        parts += ["", block("wald"), _wald_ends(answer)]
    else:
        parts += ["", block("profile"), "", *_profile_ends(answer)]
    parts += ["", block("tau_profile")]
    parts.append(_metafor_beside(answer))
    lines = [
        AnswerLine.of(ESTIMANDS["typical"], "median_study", answer.typical),
        AnswerLine.of(ESTIMANDS["average"], "mean_study", answer.average),
    ]
    if method.prediction in ("t(k-1)", "t(k-2)") and answer.prediction.defined:
        if method.interval not in ("t", "wald"):
            parts += ["", block("wald")]
        less = 1 if method.prediction == "t(k-1)" else 2
        parts.append(
            f"prediction <- plogis(mu + c(0, -1, 1) * qt((1 + level) / 2, k - {less}) * "
            "sqrt(tau^2 + se_mu^2))"
        )
    return parts, lines


def _limit(answer: Synthesis) -> str:
    """Return the fit of a table of zero or of full cells alone: no maximum is finite."""
    none = "No patient" if answer.typical.estimate == 0.0 else "Every patient"
    ends = "; ".join(
        f"{ESTIMANDS[word]} {number(each.low)} to {number(each.high)}"
        for word, each in (("typical", answer.typical), ("average", answer.average))
    )
    return comment(
        f"{none} has the event: the likelihood has no maximum. The one-sided ends of the toolkit "
        f"({ends}) hang on how far tau is followed, and are not made again here."
    )


def _wald_ends(answer: Synthesis) -> str:
    quantile = "qnorm((1 + level) / 2)"
    if answer.method.interval == "t":
        quantile = "qt((1 + level) / 2, k - 1)"
    return (
        f"reach <- c(0, -1, 1) * {quantile}\n"
        "median_study <- plogis(mu + reach * se_mu)\n"
        "mean_study <- plogis(average_logit(c(mu, tau)) + reach * se_average)"
    )


def _profile_ends(answer: Synthesis) -> list[str]:
    """Return the ends of both profile-likelihood intervals, each with its allowance."""
    critical = None
    if answer.method.interval == "profile-calibrated":
        critical = find_critical_values([row.total for row in answer.rows], answer.method.level)
    names = [["allowed", "allowed"], ["allowed", "allowed"]]
    parts = []
    if critical is None:
        plain = answer.method.interval == "profile"
        parts.append(block("plain" if plain else "bartlett"))
    else:
        low, high, total = _counts(answer.rows)
        values = critical_at_ends(low, high, total, critical.values)
        parts.append(
            comment(
                "Calibrated: the loss is judged against the value that it exceeds in one table in "
                f"{1 / (1 - answer.method.level):.0f} of studies of these sizes. The values at "
                "the four ends are the toolkit's, counted over such tables for each mu and tau; "
                "this is the one thing that the script takes over and does not make again."
            )
        )
        parts.append(f"critical <- c({', '.join(number(float(v)) for v in values.ravel())})")
        names = [[f"function(at) critical[{2 * i + j + 1}]" for j in (0, 1)] for i in (0, 1)]
    centre = "qlogis(mean_of(mu, tau))"
    for row, (name, profile, start) in enumerate(
        (("median_study", "of_median", "mu"), ("mean_study", "of_mean", centre))
    ):
        here = answer.typical if row == 0 else answer.average
        ends = [
            _end(profile, start, sign, names[row][side], limit == bound)
            for side, (sign, limit, bound) in enumerate(((-1, here.low, 0.0), (1, here.high, 1.0)))
        ]
        parts.append(f"{name} <- plogis(c(\n  {start},\n  {ends[0]},\n  {ends[1]}\n))")
    return parts


def _end(profile: str, start: str, sign: int, allowance: str, unbounded: bool) -> str:
    if unbounded:
        return "Inf" if sign > 0 else "-Inf"
    return f"end({profile}, {start}, {sign}, {allowance})"


def _counts(rows: Sequence[Row]) -> tuple[list[int], list[int], list[int]]:
    if any(row.events_low is None or row.events_high is None for row in rows):
        raise ToolkitError("a row without counts stands in a pool of counts.")
    return (
        [int(row.events_low or 0) for row in rows],
        [int(row.events_high or 0) for row in rows],
        [row.total for row in rows],
    )


def _metafor_beside(answer: Synthesis) -> str:
    """Return the one line of metafor that gives the median study, where it can."""
    if any(row.events_low != row.events_high for row in answer.rows):
        return comment("rma.glmm of metafor has no cell that lies between two numbers.")
    return comment(
        "With metafor and lme4 the median study and its t interval are one line (to about "
        "four digits): rma.glmm(xi = events, ni = patients, measure = 'PLO', test = 't', "
        "data = studies)"
    )


def _beta_binomial(answer: Synthesis) -> tuple[list[str], list[AnswerLine]]:
    if not answer.average.defined:
        return [comment(f"No estimate: {' '.join(answer.notes)}")], []
    lines = [
        AnswerLine(
            what=ESTIMANDS["average"],
            estimate="estimate",
            low="low",
            high="high",
            here=answer.average,
        )
    ]
    spread = answer.heterogeneity
    if spread is not None and spread.rho is not None:
        here = Estimate(estimate=spread.rho)
        lines.append(AnswerLine(what="rho", estimate="rho", low="NA", high="NA", here=here))
    return [block("beta_binomial")], lines

"""What scripts of R begin and end with: head, table of the answer, forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.results.ladder import Ladder
from toolkit.results.names import studies
from toolkit.results.synthesis import Estimate, Synthesis
from toolkit.review.words import GRADES
from toolkit.scripts.lines_of_r import block, comment, quoted, vector

NEW_STUDY = "prediction (new study)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One line of the table that a script ends in: names of R for its three numbers."""

    what: str
    estimate: str
    low: str
    high: str
    here: Estimate

    @classmethod
    def of(cls, what: str, vector_name: str, here: Estimate) -> AnswerLine:
        """Return a line whose numbers are the three members of a vector."""
        return cls(
            what=what,
            estimate=f"{vector_name}[1]",
            low=f"{vector_name}[2]",
            high=f"{vector_name}[3]",
            here=here,
        )


def whole(parts: Sequence[str]) -> str:
    """Return the parts of a script as one text."""
    return "\n".join(parts) + "\n"


def heading(answer: Synthesis | Ladder, mark: str = "# ") -> list[str]:
    """Return what a script is, as comments."""
    title, patients = title_of(answer), f", {answer.total} patients" if answer.total else ""
    told = [
        comment(title, mark),
        comment(f"{studies(answer.k)}{patients}; {answer.method.in_words}", mark),
    ]
    if not isinstance(answer, Ladder) and answer.method.prediction_in_words:
        told.append(comment(f"New study: {answer.method.prediction_in_words}", mark))
    if answer.fingerprint:
        told.append(comment(f"Made by Series Toolkit from the answer {answer.fingerprint}.", mark))
    return [*told, *(comment(f"Note: {note}", mark) for note in answer.notes)]


def title_of(answer: Synthesis | Ladder) -> str:
    """Return what is pooled, in whom."""
    if isinstance(answer, Ladder):
        return "Ordered outcomes, one within the other"
    title = answer.outcome_label or "Pooled proportion"
    if answer.grade:
        title += f", {GRADES[answer.grade]}"
    return f"{title}: {answer.analysis_set_label}" if answer.analysis_set_label else title


def prediction_line(answer: Synthesis) -> list[AnswerLine]:
    """Return the line of a new study, where there is one."""
    if not answer.prediction.defined:
        return []
    here = Estimate(low=answer.prediction.low, high=answer.prediction.high)
    return [replace(AnswerLine.of(NEW_STUDY, "prediction", here), estimate="NA")]


def tau_line(answer: Synthesis, bayes: bool) -> list[AnswerLine]:
    """Return the line of tau, where it has an interval."""
    found = answer.heterogeneity
    if found is None or found.tau is None or found.tau2_low is None or found.tau2_high is None:
        return []
    here = Estimate(estimate=found.tau, low=found.tau2_low**0.5, high=found.tau2_high**0.5)
    if bayes:
        return [AnswerLine.of("tau", "tau_quantiles", here)]
    return [AnswerLine(what="tau", estimate="tau", low="tau_low", high="tau_high", here=here)]


def ending(
    answer: Synthesis | Ladder, lines: Sequence[AnswerLine], own: Sequence[str]
) -> list[str]:
    """Return the table of the answer beside the toolkit's numbers, and the forest plot."""
    here = [(line.here.estimate, line.here.low, line.here.high) for line in lines]
    columns = [[each[part] for each in here] for part in range(3)]
    rows = [
        f"  what = {vector([line.what for line in lines])}",
        *(
            f"  {name} = c({', '.join(getattr(line, name) for line in lines)})"
            for name in ("estimate", "low", "high")
        ),
        *(
            f"  toolkit_{name} = {vector(column)}"
            for name, column in zip(("estimate", "low", "high"), columns, strict=True)
        ),
    ]
    told = [
        "",
        comment("The answer, and beside it what the toolkit gives."),
        "answer <- data.frame(\n" + ",\n".join(rows) + "\n)",
        "print(answer, digits = 6)",
    ]
    if not lines:
        told = [
            "",
            "answer <- data.frame(what = character(), estimate = numeric(), low = numeric(),",
            "                     high = numeric())",
        ]
    raw = not isinstance(answer, Ladder) and any(row.effect is not None for row in answer.rows)
    raw = raw and answer.method.scale == "raw"
    return [
        *told,
        "",
        *own,
        f"title <- {quoted(title_of(answer))}",
        'axis_name <- "Effect"' if raw else 'axis_name <- "Proportion"',
        "axis_range <- range(own, answer$low, answer$high, na.rm = TRUE)"
        if raw
        else "axis_range <- c(0, 1)",
        block("drawing"),
    ]

"""A forest plot in words: its numbers as one paragraph for a reader who does not see it."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.figures.forest_lines import (
    comparator_in_words,
    default_title,
    estimands,
    observed,
    whole_name,
)
from toolkit.figures.forest_notes import differences_in_words
from toolkit.figures.numerals import estimate_in_words, limits, percent, prediction_in_words
from toolkit.review import Comparator
from toolkit.synthesis import Row, Synthesis


def alt_text(answer: Synthesis, comparators: Sequence[Comparator] = ()) -> str:
    """Return one paragraph that says every number of an answer's forest plot."""
    parts = [f"Forest plot. {default_title(answer)}"]
    if answer.analysis_set_label:
        parts.append(f"Analysis set: {answer.analysis_set_label}")
    if answer.subgroups:
        for subgroup in answer.subgroups:
            parts.append(f"{subgroup.label}: {_rows(subgroup.answer.rows)}")
            parts += _pool(subgroup.answer)[:1]
        parts.append(whole_name(answer))
    else:
        parts.append(_rows(answer.rows))
    parts += _pool(answer)
    parts += differences_in_words(answer)
    if comparators:
        listed = "; ".join(map(comparator_in_words, comparators))
        parts.append(f"Beside the pool, not in it: {listed}")
    if answer.leading.defined:
        parts.append(f"Method: {answer.method.in_words}")
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _rows(rows: Sequence[Row]) -> str:
    return "; ".join(map(_row, rows))


def _row(row: Row) -> str:
    body = limits(*row.readings) if row.estimate is None else percent(row.estimate)
    return f"{row.label} {observed(row)}, {body} % ({limits(row.low, row.high)})"


def _pool(answer: Synthesis) -> list[str]:
    """Return the pooled numbers as sentences, or the reasons why there are none."""
    if not answer.leading.defined:
        return list(answer.notes) or ["Not pooled"]
    said = [
        f"{label} {estimate_in_words(estimate)}"
        for label, estimate in estimands(answer)
        if estimate.defined
    ]
    if answer.prediction.defined:
        said.append(f"New centre, predicted {prediction_in_words(answer.prediction)}")
    return said

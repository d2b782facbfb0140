"""One outcome in every analysis set and by every model: two tables, folded."""

from __future__ import annotations

from toolkit.book.answers import HEADLINE, Answers, methods_beside
from toolkit.book.prose import method_label, one_series, size
from toolkit.book.text import ABSENT, literal, table
from toolkit.review import AnalysisSet, Outcome

_Cells = tuple[str, ...]


def analyses_section(answers: Answers, outcome: Outcome) -> str:
    """Return every set and every model for an outcome that the primary set pools, as MyST."""
    by_set = [_set_row(answers, outcome, each) for each in answers.review.sets]
    by_model = _model_rows(answers, outcome)
    centres: _Cells = ("Typical centre", "Average over centres")
    if not any(
        answer.average.defined for (key, *_), answer in answers.pools.items() if key == outcome.key
    ):
        centres = centres[:1]
        by_set = [(*cells[:3], *cells[4:]) for cells in by_set]
        by_model = [cells[:2] for cells in by_model]
    return (
        "<details><summary>The same outcome in every analysis set and by every model"
        "</summary>\n"
        + table(
            ("Analysis set", "Series, patients", *centres, "A new centre, %"),
            by_set,
            caption="By analysis set, each by the protocol&#8217;s method.",
            key=f"{answers.review.key}-{outcome.key}-sets",
        )
        + table(("Model", *centres), by_model, caption="By model, in the main analysis set.")
        + "</details>\n"
    )


def _set_row(answers: Answers, outcome: Outcome, each: AnalysisSet) -> _Cells:
    """Return the line of a set: its name, its size, both estimates and the prediction."""
    results = answers.results
    answer, path = answers.headline(outcome.key, each.key), answers.path(outcome.key, each.key)
    label = f'<span title="{literal(each.description)}">{literal(each.label)}</span>'
    if answer is None:
        return (label, "no series", ABSENT, ABSENT, ABSENT)
    if not answer.leading.defined:
        told = one_series(answers, path, answer) if answer.k == 1 else ABSENT
        return (label, f"{size(answers, path)}, not pooled", told, ABSENT, ABSENT)
    return (
        label,
        size(answers, path),
        results.estimate(f"{path}.typical"),
        results.estimate(f"{path}.average"),
        results.limits(f"{path}.prediction") if answer.prediction.defined else ABSENT,
    )


def _model_rows(answers: Answers, outcome: Outcome) -> list[_Cells]:
    """Return a line for each model: its name and both estimates, or why it refuses."""
    results, primary = answers.results, answers.review.primary_set
    main = answers.pools[outcome.key, primary, HEADLINE]
    others = {each: other for each, other in methods_beside(main).items() if other != main.method}
    rows: list[_Cells] = []
    for method in (HEADLINE, *others):
        path = answers.path(outcome.key, method=method)
        pooled = answers.pools.get((outcome.key, primary, method))
        if pooled is None:
            reason = results.value(f"refused.{outcome.key}.{primary}.{method}")
            rows.append((literal(others[method].in_words), literal(reason), ABSENT))
        else:
            rows.append(
                (
                    f'<span class="st-plain">{method_label(pooled, method)}</span>',
                    results.estimate(f"{path}.typical"),
                    results.estimate(f"{path}.average"),
                )
            )
    return rows

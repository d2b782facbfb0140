"""`toolkit pool`: an outcome of a review, or any spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolkit.errors import ToolkitError
from toolkit.review.method import CHOICES

if TYPE_CHECKING:
    from toolkit.results.synthesis import Synthesis
    from toolkit.sheets.table.table import Table

FORMATS = (".svg", ".pdf", ".png")
"""How a file of a forest plot may end."""


def known_words(name: str) -> str:
    """Return the words that a choice of the method knows, for the help of its option."""
    *words, last = CHOICES[name]
    return f"{', '.join(words)} or {last}."


def pool(
    review: Annotated[
        str | None, typer.Argument(metavar="REVIEW", help="A path, or a folder under extractions/.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A spreadsheet: CSV, TSV, XLSX or ODS."),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The worksheet of a --table.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Every shown outcome if not said.")] = None,
    analysis_set: Annotated[
        str | None, typer.Option("--set", help="The primary if not said.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="A facet, or a column of the table, to pool by.")
    ] = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option(help="A column of the table: meta-regression. May be said again."),
    ] = None,
    insist: Annotated[
        bool, typer.Option("--insist", help="Regress fewer than ten series.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(help="Rearrangements that a regression is judged by.")
    ] = 0,
    sort: Annotated[
        str | None,
        typer.Option(help="A column, estimate, total or label to order rows by; -year reverses."),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(help="Several groups of a study: one, sum, three-level or separate."),
    ] = None,
    forest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the forest plot: .svg, .pdf or .png."),
    ] = None,
    per: Annotated[
        int | None, typer.Option(help="Print rates per 100, 1000, 10000, ... patients.")
    ] = None,
    grade: Annotated[str | None, typer.Option(help="any, ge3, 4 or 5.")] = None,
    reading: Annotated[
        str | None,
        typer.Option(
            help="What counts where a study reports another outcome: ladder, bounds, as-defined "
            "or stand-in; the protocol's if not said."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    model: Annotated[str | None, typer.Option(help=known_words("model"))] = None,
    fit: Annotated[str | None, typer.Option(help=known_words("fit"))] = None,
    scale: Annotated[str | None, typer.Option(help=known_words("scale"))] = None,
    tau2: Annotated[str | None, typer.Option(help=known_words("tau2"))] = None,
    zero: Annotated[str | None, typer.Option(help=known_words("zero"))] = None,
    interval: Annotated[str | None, typer.Option(help=known_words("interval"))] = None,
    prediction: Annotated[str | None, typer.Option(help=known_words("prediction"))] = None,
    approximation: Annotated[str | None, typer.Option(help=known_words("approximation"))] = None,
    tau_prior: Annotated[
        float | None, typer.Option(help="Scale of the half-normal prior of tau.")
    ] = None,
    level: Annotated[float | None, typer.Option(help="Coverage aimed at, such as 0.95.")] = None,
) -> None:
    """Pool an outcome of a review, or the rows of a table."""
    if (review is None) == (table is None):
        raise ToolkitError("say either a REVIEW or --table FILE.csv, not both and not neither.")
    if as_json and as_csv:
        raise ToolkitError("say either --json or --csv, not both.")
    if forest is not None and forest.suffix.lower() not in FORMATS:
        raise ToolkitError(f"--forest {forest}: the name must end in {', '.join(FORMATS)}.")
    choices: dict[str, Any] = {
        name: value
        for name, value in {
            "model": model,
            "fit": fit,
            "scale": scale,
            "tau2": tau2,
            "zero": zero,
            "interval": interval,
            "prediction": prediction,
            "approximation": approximation,
            "tau_prior": tau_prior,
            "level": level,
        }.items()
        if value is not None
    }
    if table is not None:
        if any(each is not None for each in (analysis_set, grade, reading)):
            raise ToolkitError("--set, --grade and --reading belong to a REVIEW, not to --table.")
        found = _read(table, sheet, to_error=as_json or as_csv)
        if covariate:
            _regress(found, choices, outcome, covariate, insist, permutations, as_json=as_json)
            return
        answers = _pool_table(found, choices, outcome, by, sort, groups)
    else:
        if sheet or sort or covariate:
            raise ToolkitError("--sheet, --sort and --covariate belong to --table.")
        answers = _pool_review(
            str(review), choices, outcome, analysis_set, by, grade, groups, reading
        )
    _print(
        answers,
        per,
        as_json=as_json,
        as_csv=as_csv,
        several=len(answers) > 1 or (table is None and outcome is None),
    )
    if forest is not None:
        _draw(answers, forest, per)


def _read(path: Path, sheet: str | None, *, to_error: bool) -> Table:
    """Return the table, after saying what was taken and what was passed over."""
    from toolkit.sheets.table.read import read_table

    found = read_table(path, sheet=sheet)
    typer.echo(found.in_words(), err=to_error)
    if not to_error:
        typer.echo("")
    return found


def _pool_table(
    table: Table,
    choices: dict[str, Any],
    outcome: str | None,
    by: str | None,
    sort: str | None,
    groups: str | None,
) -> list[Synthesis]:
    """Return the pools of a table, one for each outcome."""
    from toolkit.analysis.table_pools import pool_table
    from toolkit.review.method import Method

    return list(
        pool_table(
            table,
            Method(**choices),
            outcome=outcome,
            by=by,
            sort=sort,
            groups=groups,  # type: ignore[arg-type]
        )
    )


def _regress(
    table: Table,
    choices: dict[str, Any],
    outcome: str | None,
    columns: list[str],
    insist: bool,
    permutations: int,
    *,
    as_json: bool,
) -> None:
    """Print the meta-regression of a table on some of its columns."""
    from toolkit.analysis.table_pools import regress_table
    from toolkit.review.method import Method

    chosen = table.of(outcome) if outcome else table
    if len(chosen.outcomes) > 1:
        raise ToolkitError(
            f"say --outcome, one of: {', '.join(each or 'events' for each in chosen.outcomes)}."
        )
    found = regress_table(
        chosen, columns, Method(**choices), insist=insist, permutations=permutations
    )
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
    else:
        typer.echo(found.in_words())


def _pool_review(
    name: str,
    choices: dict[str, Any],
    outcome: str | None,
    analysis_set: str | None,
    by: str | None,
    grade: str | None,
    groups: str | None,
    reading: str | None,
) -> list[Synthesis]:
    """Return the pools of one outcome, or of every outcome that the primary set can fill."""
    from toolkit.analysis.pool import pool as pool_outcome
    from toolkit.load import find, read
    from toolkit.review.method import Method

    review = read(find(name))
    method: Method | None = Method(**choices) if choices else None
    keys = [outcome] if outcome else [each.key for each in review.outcomes]
    answers = [
        pool_outcome(
            review,
            key,
            method,
            analysis_set=analysis_set,
            by=by,
            grade=grade,
            groups=groups or "one",  # type: ignore[arg-type]
            reading=reading,
        )
        for key in keys
    ]
    return answers if outcome else [answer for answer in answers if answer.k]


def _print(
    answers: list[Synthesis], per: int | None, *, as_json: bool, as_csv: bool, several: bool
) -> None:
    """Print answers as asked for."""
    from toolkit.results.lines import in_words
    from toolkit.results.tables import tidy_csv

    if as_json:
        told = [answer.to_dict() for answer in answers]
        typer.echo(json.dumps(told if several else told[0], indent=2, ensure_ascii=False))
    elif as_csv:
        typer.echo(tidy_csv(answers), nl=False)
    else:
        typer.echo("\n\n".join(in_words(answer, per=per) for answer in answers))


def _draw(answers: list[Synthesis], path: Path, per: int | None) -> None:
    """Draw the forest plots of answers, one file each."""
    from toolkit.figures.forest.plot import forest
    from toolkit.figures.page.files import save

    if not path.parent.is_dir():
        raise ToolkitError(f"--forest: there is no folder {path.parent}.")
    for at, answer in enumerate(answers):
        target = path if len(answers) == 1 else path.with_stem(f"{path.stem}-{at + 1}")
        try:
            save(forest(answer, per=per), target.with_suffix(path.suffix.lower()))
        except OSError as failure:
            raise ToolkitError(f"{target} cannot be written: {failure.strerror}.") from None
        typer.echo(f"{target.with_suffix(path.suffix.lower())} is drawn.", err=True)


def flat(
    review: Annotated[str, typer.Argument(metavar="REVIEW")],
    wide: Annotated[bool, typer.Option("--wide", help="Two columns for each outcome.")] = False,
    output: Annotated[Path | None, typer.Option("-o", help="The file; it must be new.")] = None,
) -> None:
    """Write all counts of a review as one CSV that `pool --table` reads."""
    from toolkit.load import find, read
    from toolkit.reviewing.flat import flat_csv

    found = read(find(review))
    text = flat_csv(found, wide=wide)
    percentages = sum(len(series.percentages) for series in found.series)
    if percentages:
        typer.echo(f"{percentages} percentages without counts are not in the file.", err=True)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise ToolkitError(f"{output} is there already: say another name.") from None
    except OSError as failure:
        raise ToolkitError(f"{output} cannot be written: {failure.strerror}.") from None

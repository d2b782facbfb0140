"""The commands: words in, words out. Every piece of work lives in the package below."""

from __future__ import annotations

import json
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toolkit.cli.calibrate import calibrate
from toolkit.cli.papers import audit_one_paper, draft
from toolkit.cli.reviewer import add, compare, preview, sheet
from toolkit.errors import ChoiceError, SheetError, ToolkitError

if TYPE_CHECKING:
    from toolkit.results.synthesis import Synthesis
    from toolkit.review.method import Method

app = typer.Typer(
    name="toolkit",
    help="Pool what small case series report: check sheets, pool proportions, build the book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

EXIT_PROBLEMS = 1
EXIT_USAGE = 2

SomeReviews = Annotated[
    list[str] | None, typer.Argument(metavar="[REVIEW ...]", help="All under extractions/ if none.")
]


def main() -> None:
    """Run a command; what the toolkit refuses is told in plain words, without a traceback."""
    try:
        app(standalone_mode=True)
    except SheetError as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(EXIT_PROBLEMS)
    except ToolkitError as refusal:
        typer.echo(f"toolkit: {refusal}", err=True)
        sys.exit(EXIT_USAGE)


@app.command()
def check(reviews: SomeReviews = None) -> None:
    """Tell every problem in the sheets, and series that may share patients."""
    from toolkit.analysis.overlap import unjudged_pairs
    from toolkit.load import find, find_all, read

    found = 0
    for path in [find(name) for name in reviews] if reviews else find_all():
        try:
            review = read(path)
        except SheetError as refusal:
            found += len(refusal.problems)
            for problem in refusal.problems:
                typer.echo(f"{path.name}/{problem}\n")
            continue
        typer.echo(f"{path.name}: no problems.")
        for pair in unjudged_pairs(review):
            typer.echo(f"    {pair} Judge the pair in {path.name}/overlap.csv.")
    if found:
        typer.echo(f"{found} problem{'' if found == 1 else 's'}.")
        raise typer.Exit(EXIT_PROBLEMS)


for reviewers_command in (sheet, draft, add, compare, preview):
    app.command()(reviewers_command)


@app.command()
def init(
    review: Annotated[
        str, typer.Argument(metavar="REVIEW", help="Name of the new folder under extractions/.")
    ],
    title: Annotated[str | None, typer.Option(help="Title of the book.")] = None,
    question: Annotated[str | None, typer.Option(help="The question, in one sentence.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Name of the first outcome.")] = None,
    measure: Annotated[str | None, typer.Option(help="counts or survival.")] = None,
    years: Annotated[
        float | None, typer.Option(help="Years at which a survival is pooled.")
    ] = None,
) -> None:
    """Start a new review; what is not said is asked for, where somebody can answer."""
    from toolkit.reviewing.new_review import MEASURES, Plan, make_review

    plan = Plan(key=review)
    words = "; ".join(f"{word}: {meaning}" for word, meaning in MEASURES.items())
    said: dict[str, Any] = {
        "title": title or _asked("Title", review.replace("-", " ").capitalize()),
        "question": question or _asked("Question", plan.question),
        "outcome": outcome or _asked("First outcome", plan.outcome),
        "measure": measure or _asked(f"Measured by ({words})", plan.measure),
    }
    if said["measure"] == "survival":
        said["time_years"] = years or _asked("At how many years", plan.time_years)
    folder = make_review(Plan(key=review, **said))
    typer.echo(f"{folder} is there, with one invented series. Next:")
    typer.echo(f"  look through {folder / 'review.toml'}")
    for command in ("sheet {} smith-2020", "check {}", "book {}"):
        typer.echo(f"  toolkit {command.format(review)}")


def _asked(what: str, otherwise: str | float) -> str | float:
    """Return what is answered to a question, or the default where nobody can answer."""
    if not sys.stdin.isatty():
        return otherwise
    answer: str | float = typer.prompt(what, default=otherwise, type=type(otherwise))
    return answer


@app.command()
def pool(
    review: Annotated[str | None, typer.Argument(metavar="[REVIEW]")] = None,
    table: Annotated[
        Path | None, typer.Option(help="A CSV with columns series, events, total.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(help="Every shown outcome if not said.")] = None,
    analysis_set: Annotated[
        str | None, typer.Option("--set", help="The primary if not said.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="A facet to pool by.")] = None,
    grade: Annotated[str | None, typer.Option(help="any, ge3, 4 or 5.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    model: Annotated[str | None, typer.Option()] = None,
    fit: Annotated[str | None, typer.Option()] = None,
    scale: Annotated[str | None, typer.Option()] = None,
    tau2: Annotated[str | None, typer.Option()] = None,
    zero: Annotated[str | None, typer.Option()] = None,
    interval: Annotated[str | None, typer.Option()] = None,
    prediction: Annotated[str | None, typer.Option()] = None,
    approximation: Annotated[str | None, typer.Option()] = None,
    tau_prior: Annotated[float | None, typer.Option()] = None,
    level: Annotated[float | None, typer.Option()] = None,
) -> None:
    """Pool an outcome of a review, or the rows of a table."""
    if (review is None) == (table is None):
        raise ToolkitError("say either a REVIEW or --table FILE.csv, not both and not neither.")
    if as_json and as_csv:
        raise ToolkitError("say either --json or --csv, not both.")
    said: dict[str, Any] = {
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
        answers = [_pool_table(table, said, (outcome, analysis_set, by, grade))]
    else:
        answers = _pool_review(str(review), said, outcome, analysis_set, by, grade)
    _print(answers, as_json=as_json, as_csv=as_csv, several=table is None and outcome is None)


def _pool_table(
    table: Path, said: dict[str, Any], of_a_review: tuple[str | None, ...]
) -> Synthesis:
    """Return the pool of a bare table."""
    from toolkit.analysis.pool import pool_counts
    from toolkit.review.method import Method
    from toolkit.sheets.bare_table import read_table

    if any(word is not None for word in of_a_review):
        raise ToolkitError("--outcome, --set, --by and --grade belong to a REVIEW, not to --table.")
    labels, events, total = read_table(table)
    return pool_counts(events, total, method=Method(**said), labels=labels)


def _pool_review(
    name: str,
    said: dict[str, Any],
    outcome: str | None,
    analysis_set: str | None,
    by: str | None,
    grade: str | None,
) -> list[Synthesis]:
    """Return the pools of one outcome, or of every outcome that the primary set can fill."""
    from toolkit.analysis.pool import pool as pool_outcome
    from toolkit.load import find, read
    from toolkit.review.method import Method

    review = read(find(name))
    method: Method | None = Method(**said) if said else None
    keys = [outcome] if outcome else [each.key for each in review.outcomes]
    answers = [
        pool_outcome(review, key, method, analysis_set=analysis_set, by=by, grade=grade)
        for key in keys
    ]
    return answers if outcome else [answer for answer in answers if answer.k]


def _print(answers: list[Synthesis], *, as_json: bool, as_csv: bool, several: bool) -> None:
    """Print answers as asked for."""
    from toolkit.results.tables import in_words, tidy_csv

    if as_json:
        told = [answer.to_dict() for answer in answers]
        typer.echo(json.dumps(told if several else told[0], indent=2, ensure_ascii=False))
    elif as_csv:
        typer.echo(tidy_csv(answers), nl=False)
    else:
        typer.echo("\n\n".join(in_words(answer) for answer in answers))


@app.command()
def audit(
    reviews: SomeReviews = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    erratum: Annotated[
        str | None, typer.Option(metavar="PAPER", help="A note to its authors, as Markdown.")
    ] = None,
    paper: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A paper or manuscript by itself; a REVIEW lends its words."
        ),
    ] = None,
) -> None:
    """Tell where papers differ from themselves and from each other."""
    if paper is not None:
        audit_one_paper(reviews or [], paper, as_json=as_json)
        return
    from toolkit.audit.report import erratum_note, report_json, report_text
    from toolkit.audit.run import audit as audit_review
    from toolkit.load import find, find_all

    paths = [find(name) for name in reviews] if reviews else find_all()
    if as_json and erratum is not None:
        raise ToolkitError("say either --json or --erratum, not both.")
    audits = [audit_review(path, effects=erratum is None) for path in paths]
    if erratum is not None:
        notes = [erratum_note(each, erratum) for each in audits if erratum in each.papers]
        if not notes:
            known = sorted({paper for each in audits for paper in each.papers})
            raise ChoiceError("paper", erratum, known)
        typer.echo("\n".join(notes), nl=False)
    elif as_json:
        typer.echo(report_json(audits))
    else:
        typer.echo("\n\n".join(report_text(each) for each in audits))


app.command()(calibrate)


@app.command()
def book(
    reviews: SomeReviews = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Build the book from the sheets."""
    from toolkit.book.build.build import BOOK, build, from_sheets
    from toolkit.load import find, find_all

    paths = [find(name) for name in reviews] if reviews else find_all()
    index = build(paths, write_pages=from_sheets, say=typer.echo)

    from toolkit.book.build.pages import publish_answers

    publish_answers(index.parent, BOOK / "answers")
    if show:
        webbrowser.open(index.as_uri())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every test of a checkout; further words go to pytest."""
    from toolkit.cli.testing import run_tests

    raise typer.Exit(run_tests(context.args))

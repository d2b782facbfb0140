"""The commands: words in, words out. Every piece of work lives in the package below."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from toolkit.cli.calibrate import calibrate
from toolkit.cli.called import next_step
from toolkit.cli.desk import desk
from toolkit.cli.papers import audit_one_paper, draft
from toolkit.cli.pool import flat, pool
from toolkit.cli.reviewer import add, compare, preview, schema, sheet
from toolkit.cli.takeaway import archive, manuscript, script
from toolkit.errors import ChoiceError, SheetError, ToolkitError, failure_in_words, in_words

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
    list[str] | None, typer.Argument(metavar="REVIEW", help="All under extractions/ if none.")
]


def main() -> None:
    """Run a command; what the toolkit refuses is printed in plain words, without a traceback."""
    try:
        app(standalone_mode=True)
    except SheetError as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(EXIT_PROBLEMS)
    except ToolkitError as refusal:
        typer.echo(f"toolkit: {refusal}", err=True)
        sys.exit(EXIT_USAGE)
    except BrokenPipeError:  # whoever read what is printed has seen enough
        sys.stderr.close()
        sys.exit(EXIT_USAGE)
    except OSError as failure:
        typer.echo(f"toolkit: {failure_in_words(failure)}", err=True)
        sys.exit(EXIT_USAGE)


@app.command()
def check(reviews: SomeReviews = None) -> None:
    """Print every problem in the sheets, and series that may share patients."""
    from toolkit.analysis.included import flow_remarks
    from toolkit.analysis.overlap import unjudged_pairs
    from toolkit.analysis.unused_numbers import unused_numbers
    from toolkit.checks.remarks import remarks
    from toolkit.load import find, find_all, read

    found = 0
    for path in [find(name) for name in reviews] if reviews else find_all():
        try:
            review = read(path)
        except SheetError as refusal:
            found += len(refusal.problems)
            typer.echo(in_words([each.below(path.name) for each in refusal.problems]))
            continue
        typer.echo(f"{path.name}: no problems.")
        for pair in unjudged_pairs(review):
            typer.echo(f"    {pair} Judge the pair in {path.name}/overlap.csv.")
        for remark in (*unused_numbers(review), *flow_remarks(review), *remarks(review)):
            typer.echo(f"    {remark}")
    if found:
        raise typer.Exit(EXIT_PROBLEMS)


for reviewers_command in (sheet, draft, desk, add, compare, preview, schema):
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
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A spreadsheet that becomes the review."),
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="With --table: a column that makes subgroups.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="With --table: its worksheet.")] = None,
    authors: Annotated[
        str | None, typer.Option(help="Whom the review is cited by, between semicolons.")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without the invented series.")] = False,
) -> None:
    """Start a new review; what is not said is asked for, where somebody can answer."""
    from toolkit.review.words import people
    from toolkit.reviewing.new_review import make_review
    from toolkit.reviewing.plan import MEASURES, Plan

    if table is not None:
        _init_table(table, review, title or "", question or "", by or [], sheet)
        return
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
    folder = make_review(Plan(key=review, **said, authors=people(authors or ""), empty=empty))
    typer.echo(f"{folder} is there, with {'no series' if empty else 'one invented series'}. Next:")
    typer.echo(f"  look through {folder / 'review.toml'}: it says what is to be decided")
    for step in (("sheet", review, "smith-2020"), ("check", review), ("book", review)):
        typer.echo(f"  {next_step(*step)}")


def _init_table(
    path: Path, key: str, title: str, question: str, by: list[str], sheet: str | None
) -> None:
    """Make a review of a spreadsheet and say what comes next."""
    from toolkit.reviewing.table_protocol import TO_CONFIRM
    from toolkit.reviewing.table_review import make_table_review
    from toolkit.sheets.table.read import read_table

    table = read_table(path, sheet=sheet)
    typer.echo(table.in_words())
    folder = make_table_review(table, key, title=title, question=question, by=by)
    typer.echo(f"\n{folder} is there and passes every check. Next:")
    typer.echo(f'  decide in {folder / "review.toml"} what says "{TO_CONFIRM}"')
    typer.echo(f"  toolkit book {key}")


def _asked(what: str, otherwise: str | float) -> str | float:
    """Return what is answered to a question, or the default where nobody can answer."""
    if not sys.stdin.isatty():
        return otherwise
    answer: str | float = typer.prompt(what, default=otherwise, type=type(otherwise))
    return answer


for command in (pool, flat, script, archive, manuscript):
    app.command()(command)


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
    """Print where papers differ from themselves and from each other."""
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
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Folder for the pages; book/_build/html if not said."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Build the book from the sheets."""
    from toolkit.book.build.build import build, from_sheets
    from toolkit.book.build.stage import ANSWERS, book_folder
    from toolkit.load import find, find_all

    paths = [find(name) for name in reviews] if reviews else find_all()
    index = build(paths, output, write_pages=from_sheets, say=typer.echo)

    from toolkit.book.build.pages import publish_answers

    publish_answers(index.parent, book_folder(paths) / ANSWERS)
    if show:
        webbrowser.open(index.as_uri())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every test of a checkout; further words go to pytest."""
    from toolkit.cli.testing import run_tests

    raise typer.Exit(run_tests(context.args))

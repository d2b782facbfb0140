"""The commands of a reviewer: a workbook out, a workbook in, two side by side, and what changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolkit.cli.called import next_step
from toolkit.errors import ToolkitError
from toolkit.reviewing.outputs import free_target
from toolkit.sheets.whole_file import write_whole

if TYPE_CHECKING:
    from toolkit.review.review import Review

ReviewName = Annotated[
    str, typer.Argument(metavar="REVIEW", help="A folder under extractions/, or a path to one.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace a file that stands where it is written.")
]
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook of one series.")]


def sheet(
    review: ReviewName,
    series: Annotated[
        str, typer.Argument(metavar="SERIES", help="First author and year, such as smith-2020.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.xlsx", help="Where to write it.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the workbook of a new series, or of a recorded one with what is recorded."""
    from toolkit.load import find
    from toolkit.reviewing.workbooks import make_workbook

    path = find(review)
    target = free_target(output or Path(f"{series}.xlsx"), overwrite=overwrite)
    make_workbook(path, series, target)
    known = (path / "series" / series).is_dir()
    typer.echo(f"{target} is there, {'with what is recorded' if known else 'to be filled in'}.")
    typer.echo(f"Its first sheet says how. Then: {next_step('preview', review, str(target))}")


def add(
    review: ReviewName,
    workbook: Workbook,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Record it although the series changed since it was made."
        ),
    ] = False,
) -> None:
    """Record a workbook: everything is in order and is written, or nothing is."""
    from toolkit.load import find, read
    from toolkit.reviewing.workbooks import add_workbook

    sent = add_workbook(find(review), workbook, overwrite=overwrite)
    for reading in sent.readings:
        typer.echo(f"{workbook.name}, {reading}")
    if not sent.changes:
        typer.echo(f"{sent.series}: nothing to change; the record says the same.")
        return
    typer.echo(f"{sent.series}: {'recorded' if sent.new else 'changed'}.")
    for change in sent.changes:
        typer.echo(f"    {change}")
    for remark in _left_to_do(sent.series, read(find(review))):
        typer.echo(f"    {remark}")
    typer.echo("Next:")
    typer.echo(f"  {next_step('check', review)}")
    typer.echo(f"  {next_step('pool', review)}")
    typer.echo(f"  {next_step('book', review)}")


def compare(
    first: Annotated[Path, typer.Argument(metavar="A.xlsx", help="One extraction.")],
    second: Annotated[Path, typer.Argument(metavar="B.xlsx", help="Another of the same series.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.xlsx", help="A workbook to decide in."),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Print where two extractions of a series differ, and how well they agree."""
    from toolkit.reviewing.workbooks import compare_workbooks, make_reconcile_workbook
    from toolkit.sheets.comparison import in_words

    inputs = (first, second)
    target = None if output is None else free_target(output, inputs=inputs, overwrite=overwrite)
    typer.echo(in_words(compare_workbooks(first, second)))
    if target is not None:
        make_reconcile_workbook(first, second, target)
        typer.echo(f'\nDecide on the sheet "to decide" of {target}, then add it to the review.')


def preview(
    review: ReviewName,
    workbook: Workbook,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.html", help="Where to write the page."),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Show every pooled estimate before and after a workbook; the review is left as it is."""
    from toolkit.load import find
    from toolkit.reviewing.preview.page import MARK, page
    from toolkit.reviewing.preview.preview import preview_workbook
    from toolkit.reviewing.preview.text import text

    path = find(review)
    target = output or _page_of(workbook)
    free_target(target, inputs=(workbook,), mark=MARK, overwrite=overwrite)
    shown = preview_workbook(path, workbook)
    if target.resolve().is_relative_to(path.resolve()):
        raise ToolkitError(f"{target} lies within the review, which a preview leaves as it is.")
    write_whole(target, page(shown))
    typer.echo(text(shown))
    typer.echo(f"\nThe same with forest plots: {target}")


def _left_to_do(series: str, held: Review) -> Iterator[str]:
    """Yield what of a series that was just recorded still needs a look."""
    from toolkit.analysis.unused_numbers import unused_numbers
    from toolkit.checks.remarks import remarks

    yield from (str(each) for each in unused_numbers(held) if f"/{series}/" in each.address.file)
    yield from (each for each in remarks(held) if series in each)


def _page_of(workbook: Path) -> Path:
    """Return where the page of a workbook goes unless somebody says otherwise."""
    from tempfile import mkdtemp

    return Path(mkdtemp(prefix="toolkit-preview-")) / f"{workbook.stem}.html"


def schema(
    review: ReviewName,
    rows: Annotated[
        bool, typer.Option("--rows", help="JSON Schema of one row of each sheet instead.")
    ] = False,
) -> None:
    """Print what every sheet of a review may hold, as JSON for other programs.

    A Frictionless Data Package, or with --rows the JSON Schemas of single rows.
    """
    import json

    from toolkit.load import find
    from toolkit.sheets.folder import read_tables
    from toolkit.sheets.schema.export import schemas

    typer.echo(json.dumps(schemas(read_tables(find(review)), rows=rows), indent=2))

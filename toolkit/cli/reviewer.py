"""The commands of a reviewer: a workbook out, a workbook in, two side by side, and what changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolkit.errors import ToolkitError

ReviewName = Annotated[
    str, typer.Argument(metavar="REVIEW", help="A folder under extractions/, or a path to one.")
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
) -> None:
    """Write the workbook of a new series, or of a recorded one with what is recorded."""
    from toolkit.load import find
    from toolkit.reviewing.workbooks import make_workbook

    path = find(review)
    target = free(output or Path(f"{series}.xlsx"))
    make_workbook(path, series, target)
    known = (path / "series" / series).is_dir()
    typer.echo(f"{target} is there, {'with what is recorded' if known else 'to be filled in'}.")
    typer.echo(f'Its first sheet says how. Then: toolkit preview {review} "{target}"')


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
    from toolkit.load import find
    from toolkit.reviewing.workbooks import add_workbook

    sent = add_workbook(find(review), workbook, overwrite=overwrite)
    if not sent.changes:
        typer.echo(f"{sent.series}: nothing to change; the record says the same.")
        return
    typer.echo(f"{sent.series}: {'recorded' if sent.new else 'changed'}.")
    for change in sent.changes:
        typer.echo(f"    {change}")


def compare(
    first: Annotated[Path, typer.Argument(metavar="A.xlsx", help="One extraction.")],
    second: Annotated[Path, typer.Argument(metavar="B.xlsx", help="Another of the same series.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.xlsx", help="A workbook to decide in."),
    ] = None,
) -> None:
    """Tell where two extractions of a series differ, and how well they agree."""
    from toolkit.reviewing.workbooks import compare_workbooks, make_reconcile_workbook
    from toolkit.sheets.comparison import in_words

    target = None if output is None else free(output)
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
) -> None:
    """Show every pooled estimate before and after a workbook; the review is left as it is."""
    from toolkit.load import find
    from toolkit.reviewing.preview.page import page
    from toolkit.reviewing.preview.preview import preview_workbook
    from toolkit.reviewing.preview.text import text

    path = find(review)
    shown = preview_workbook(path, workbook)
    target = output or _page_of(workbook)
    if target.resolve().is_relative_to(path.resolve()):
        raise ToolkitError(f"{target} lies within the review, which a preview leaves as it is.")
    try:
        target.write_text(page(shown), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ToolkitError(f"{target} cannot be written: {error.strerror}.") from error
    typer.echo(text(shown))
    typer.echo(f"\nThe same with forest plots: {target}")


def free(path: Path) -> Path:
    """Return a path at which nothing stands yet, so that no filled-in workbook is lost."""
    if path.exists():
        raise ToolkitError(f"{path} is already there. Move it, or name another file with -o.")
    return path


def _page_of(workbook: Path) -> Path:
    """Return where the page of a workbook goes unless somebody says otherwise."""
    from tempfile import mkdtemp

    return Path(mkdtemp(prefix="toolkit-preview-")) / f"{workbook.stem}.html"

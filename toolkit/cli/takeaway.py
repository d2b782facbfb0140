"""`toolkit script`, `archive` and `manuscript`: what leaves the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolkit.errors import ToolkitError, failure_in_words


def script(
    review: Annotated[str, typer.Argument(metavar="REVIEW")],
    outcome: Annotated[str, typer.Option(help="Key of an outcome.")],
    analysis_set: Annotated[
        str | None, typer.Option("--set", help="The primary if not said.")
    ] = None,
    in_r: Annotated[bool, typer.Option("--r", help="For R; what is written if not said.")] = False,
    in_stata: Annotated[bool, typer.Option("--stata", help="For Stata; never executed.")] = False,
    output: Annotated[Path | None, typer.Option("-o", help="The file; it must be new.")] = None,
) -> None:
    """Write a pool of a review as a script of R or Stata, with the data in it."""
    from toolkit.analysis.pool import pool
    from toolkit.load import find, read
    from toolkit.scripts.script import script as written

    if in_r and in_stata:
        raise ToolkitError("say either --r or --stata, not both.")
    answer = pool(read(find(review)), outcome, analysis_set=analysis_set)
    text = written(answer, "stata" if in_stata else "r")
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_new(output, text.encode())


def write_new(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet.

    Raises
    ------
    ToolkitError
        If it is there already, or cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ToolkitError(f"{path} is there already: say another name.") from None
    except OSError as failure:
        raise ToolkitError(failure_in_words(failure)) from None


def archive(
    review: Annotated[
        str, typer.Argument(metavar="REVIEW", help="A review; with --check a zip made of one.")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", help="The zip; REVIEW.zip if not said. It must be new.")
    ] = None,
    published: Annotated[
        str, typer.Option("--date", help="Date of the archive, YYYY-MM-DD; today if not said.")
    ] = "",
    license_address: Annotated[
        str, typer.Option("--license", help="Address of its license; none if not said.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Make an archive's results again and compare them.")
    ] = False,
) -> None:
    """Pack sheets, results and metadata of a review as one zip, or make its results again."""
    from toolkit.load import find
    from toolkit.takeaway.archive import archive as packed
    from toolkit.takeaway.archive import check_archive

    if check:
        differences = check_archive(_bytes_of(Path(review)))
        for line in differences:
            typer.echo(line)
        if differences:
            raise typer.Exit(1)
        typer.echo(f"{review}: results.json made again, every byte the same.")
        return
    folder = find(review)
    target = output or Path(f"{folder.resolve().name}.zip")
    write_new(target, packed(folder, published=published, license_address=license_address))
    typer.echo(f"{target} is written.")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise ToolkitError(failure_in_words(failure)) from None


def manuscript(
    review: Annotated[str, typer.Argument(metavar="REVIEW")],
    output: Annotated[
        Path | None,
        typer.Option("-o", help="The folder; REVIEW-manuscript if not said. It must be new."),
    ] = None,
) -> None:
    """Write text, tables and figures of a review for a journal: Word, LaTeX, PDF, EPS, TIFF."""
    from toolkit.analysis.cache import kept_in
    from toolkit.book.content.answers import compute
    from toolkit.load import find, read
    from toolkit.takeaway.journal_figures import write_figures
    from toolkit.takeaway.manuscript import manuscript as blocks_of
    from toolkit.takeaway.manuscript import pooled_answers
    from toolkit.takeaway.word import latex_tables, word_file

    folder = find(review)
    target = output or Path(f"{folder.resolve().name}-manuscript")
    with kept_in(None):
        answers = compute(read(folder))
    blocks = blocks_of(answers)
    document = word_file(blocks)
    try:
        (target / "figures").mkdir(parents=True)
    except FileExistsError:
        raise ToolkitError(f"{target} is there already: say another name.") from None
    except OSError as failure:
        raise ToolkitError(failure_in_words(failure)) from None
    write_new(target / "manuscript.docx", document)
    write_new(target / "tables.tex", latex_tables(blocks).encode())
    for each in pooled_answers(answers):
        write_figures(each.pool, target / "figures", each.outcome.key)
    typer.echo(f"{target} is written: manuscript.docx, tables.tex and figures.")

"""`toolkit script`: an answer as a program of R or Stata."""

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

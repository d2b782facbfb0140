"""The command that opens the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def desk(
    review: Annotated[
        str | None,
        typer.Argument(metavar="REVIEW", help="A review; all under extractions/ if none."),
    ] = None,
    series: Annotated[
        str | None, typer.Argument(metavar="SERIES", help="The series to open, new or recorded.")
    ] = None,
    paper: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The paper to lay beside the series.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on this computer; a free one if 0.")] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address and open no browser.")
    ] = False,
) -> None:
    """Open the desk: paper, sheet and forest plot side by side on a local page."""
    from toolkit.errors import ToolkitError

    try:
        from toolkit.desk.desk import Desk
        from toolkit.desk.serve import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "toolkit").startswith("toolkit"):
            raise
        raise ToolkitError(
            f'The desk needs {missing.name}: pip install "series-toolkit[desk]".'
        ) from None
    from toolkit.load import EXTRACTIONS, find, find_all

    if review is None:
        try:
            folders = find_all()
        except ToolkitError:
            folders = []
    else:
        folders = [find(review)]
    place = folders[0].parent if folders else Path(EXTRACTIONS)
    serve(
        Desk(reviews={path.resolve().name: path for path in folders}, place=place),
        review=folders[0].resolve().name if review else "",
        series=series or "",
        paper=paper,
        port=port,
        show=not no_browser,
        say=typer.echo,
    )

"""From a folder to a checked review: the one place where sheets and checks meet."""

from __future__ import annotations

from pathlib import Path

from toolkit.checks.registry import Findings, in_reading_order, run
from toolkit.errors import SheetError, ToolkitError
from toolkit.problems import Problem
from toolkit.review import Review
from toolkit.sheets.nouns import review
from toolkit.sheets.reader import PROTOCOL, read_tables
from toolkit.sheets.records import Sheets, read_sheets

EXTRACTIONS = "extractions"


def read(path: str | Path) -> Review:
    """Return the checked review in a folder.

    Parameters
    ----------
    path : str or Path
        Folder that holds review.toml.

    Returns
    -------
    Review
        Every cell checked; what the papers say against themselves is in `differences`.

    Raises
    ------
    SheetError
        With every problem of every sheet, if there is any.
    ToolkitError
        If there is no such folder.
    """
    sheets, found = _check(path)
    if sheets is None or found.problems:
        raise SheetError(found.problems)
    return review(sheets, found.differences)


def problems(path: str | Path) -> list[Problem]:
    """Return every problem that `read` would refuse a folder for; none when it is clean."""
    return list(_check(path)[1].problems)


def find(name: str) -> Path:
    """Return the folder of a review given as a path or as a name under ``extractions``.

    Raises
    ------
    ToolkitError
        If there is no such review; the message names those there are.
    """
    given = Path(name)
    if given.is_dir() and (given / PROTOCOL).exists():
        return given
    checkout = Path(__file__).resolve().parents[1]
    places = [Path(EXTRACTIONS), checkout / EXTRACTIONS]
    for place in places:
        if given.name == name and (place / name).is_dir():
            return place / name
    if given.is_dir():
        return given
    known = sorted({each.parent.name for place in places for each in place.glob(f"*/{PROTOCOL}")})
    listed = ", ".join(known) if known else "none here"
    raise ToolkitError(f"There is no review {name}. Reviews found: {listed}.")


def _check(path: str | Path) -> tuple[Sheets | None, Findings]:
    """Return the sheets of a folder and everything found in them."""
    sheets, met = read_sheets(read_tables(path))
    if sheets is None:
        return None, Findings(problems=in_reading_order(list(met)), differences=())
    return sheets, run(sheets)

"""From a folder to a checked review: the one place where sheets and checks meet."""

from __future__ import annotations

from pathlib import Path

from toolkit.checks.registry import Findings, in_reading_order, run
from toolkit.errors import Problem, SheetError, ToolkitError
from toolkit.review.review import Review
from toolkit.sheets.folder import PROTOCOL, RawReview, read_tables
from toolkit.sheets.records import Sheets, read_sheets
from toolkit.sheets.to_review import review

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
    return read_raw(read_tables(path))


def read_raw(raw: RawReview) -> Review:
    """Return the checked review of sheets that are already text; raises SheetError."""
    sheets, found = check_tables(raw)
    if sheets is None or found.problems:
        raise SheetError(found.problems)
    return review(sheets, found.differences)


def problems(path: str | Path) -> list[Problem]:
    """Return every problem that `read` would refuse a folder for; none when it is clean."""
    return list(check_tables(read_tables(path))[1].problems)


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
    for place in _places():
        if given.name == name and (place / name).is_dir():
            return place / name
    if given.is_dir():
        return given
    known = sorted({each.name for place in _places() for each in _reviews(place)})
    listed = ", ".join(known) if known else "none here"
    raise ToolkitError(f"There is no review {name}. Reviews found: {listed}.")


def find_all() -> list[Path]:
    """Return every review under ``extractions``, sorted by name.

    The folder of the current directory counts first, that of the checkout where there is none.

    Raises
    ------
    ToolkitError
        If there is no review at all.
    """
    for place in _places():
        if found := _reviews(place):
            return found
    raise ToolkitError(
        f"There is no review here: a review is a folder under {EXTRACTIONS} with {PROTOCOL}."
    )


def _places() -> tuple[Path, ...]:
    """Return where reviews may be: under the current directory, and in the checkout if any."""
    around = Path(__file__).resolve().parents[1]
    here = Path(EXTRACTIONS)
    return (here, around / EXTRACTIONS) if (around / "pyproject.toml").is_file() else (here,)


def _reviews(place: Path) -> list[Path]:
    """Return the review folders in a place, sorted by name."""
    return sorted(protocol.parent for protocol in place.glob(f"*/{PROTOCOL}"))


def check_tables(raw: RawReview) -> tuple[Sheets | None, Findings]:
    """Return sheets as rows, None where review.toml cannot be used, and all that was found."""
    sheets, met = read_sheets(raw)
    if sheets is None:
        return None, Findings(problems=in_reading_order(list(met)), differences=())
    return sheets, run(sheets)

"""Build the book: hand-written and generated pages in, one folder of HTML that stands alone out."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from toolkit.analysis.cache import kept_in
from toolkit.book.build.cells import run_cells
from toolkit.book.build.lock import only_one
from toolkit.book.build.mend import mend
from toolkit.book.build.offline import outside_loads
from toolkit.book.build.sphinx import BookError, set_pages
from toolkit.book.build.stage import book_folder, listed_pages, root_of, stage
from toolkit.book.build.verify import verify_pages
from toolkit.book.build.workers import side_by_side
from toolkit.figures.page.numerals import plural

# What Sphinx and the code of pages take for today, so that equal input gives equal bytes. The
# files of figures and tables hold no date.
EPOCH = "1767225600"

WritePages = Callable[[Sequence[Path], Path], None]


def build(
    reviews: Sequence[Path],
    output: Path | None = None,
    *,
    source: Path | None = None,
    write_pages: WritePages | None = None,
    strict: bool = True,
    say: Callable[[str], None] = print,
) -> Path:
    """Return the path of the book's first page, built from hand-written and generated pages.

    The HTML folder is replaced in one go when everything is done; a build that fails leaves the
    earlier one as it was. What was computed and drawn from the same counts by the same code is
    taken from an earlier build.

    Parameters
    ----------
    reviews : sequence of Path
        The review folders that the pages read.
    output : Path, optional
        The HTML folder; ``_build/html`` in the source folder if not given.
    source : Path, optional
        The book's own folder, with its hand-written pages if it has any; ``book`` beside the
        reviews' ``extractions`` if not given. Code in pages runs in the folder above it.
    write_pages : callable, optional
        Given the reviews and the staging folder, writes generated pages and files into the latter.
    strict : bool
        Fail on any warning. Loads from other machines always fail.
    say : callable
        Told in plain words what is being done.

    Raises
    ------
    BookError
        When the book cannot be built.
    PageError
        When the code of a page stops or warns.
    """
    _require()
    source = (source or book_folder(reviews)).resolve()
    work = source / "_build"
    output = (output or work / "html").resolve()
    if output != work / "html":
        _require_free(output)
    staging = work / "source"

    say(f"Building the book of {', '.join(path.name for path in reviews) or source.name}")
    stage(source, reviews, staging)
    with only_one(work), side_by_side(work / "kept"):
        if write_pages is not None:
            say("  writing pages from the sheets")
            write_pages(reviews, staging)
        if not (staging / "index.md").is_file():
            raise BookError(f"There is no book in {source}: no review is given and no index.md.")
        pages = {f"{name}.md": staging / f"{name}.md" for name in listed_pages(staging)}
        with kept_in(work / "kept"):
            ran = run_cells(pages, root_of(staging))
        say(f"  {plural(ran, 'page', 'pages')} with code executed")
        say("  setting the pages")
        fresh = set_pages(staging, work / "new", _environment(work), strict=strict)
    shutil.copytree(staging / "_extra", fresh, dirs_exist_ok=True)
    loads = outside_loads(fresh)
    if loads:
        raise BookError(
            "The book was not built: it would load these from other machines, and a reader may be "
            "offline. Put each file beside the pages and name it from there:\n"
            + "\n".join(f"  {load}" for load in loads)
        )
    held = plural(verify_pages(fresh), "number", "numbers")
    say(f"  {held} in the pages held against results.json")
    mend(fresh)
    _leave_out_unread(fresh)
    _swap(fresh, output)
    shutil.rmtree(work / "new")
    say(f"The book is at {output / 'index.html'}")
    return output / "index.html"


def from_sheets(reviews: Sequence[Path], staging: Path) -> None:
    """Write the pages of reviews from their sheets: what `build` is given for the project's book.

    The code that does it is imported when it is needed, while other parts of a build begin.
    """
    from toolkit.book.build.pages import write_pages

    write_pages(reviews, staging)


def _require() -> None:
    """Raise unless there is something to build a book with."""
    if importlib.util.find_spec("jupyter_book") is None:
        raise BookError(
            "Jupyter Book is not installed here: run `python3 -m toolkit book` from a checkout, "
            "which sets everything up, or install series-toolkit[book]."
        )
    version = metadata.version("jupyter-book")
    if not version.startswith("1."):
        raise BookError(f"Jupyter Book {version} is installed here; the book needs a version 1.")


def _require_free(output: Path) -> None:
    """Raise when a folder holds anything but an earlier book: it would be lost."""
    if output.is_dir() and any(output.iterdir()) and not (output / "searchindex.js").is_file():
        raise BookError(
            f"{output} holds other files than a book, and they would be lost: name a new or an "
            "empty folder."
        )
    if output.is_file():
        raise BookError(f"{output} is a file: name the folder that the book goes into.")


def _environment(work: Path) -> dict[str, str]:
    """Return the environment in which pages are set: everything that could vary is held still."""
    held = {
        **os.environ,
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", EPOCH),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }
    if held.pop("PYTHONDONTWRITEBYTECODE", ""):
        # To compile a thousand modules at every build would take longer than to set the pages.
        held["PYTHONPYCACHEPREFIX"] = str(work / "bytecode")
    return held


def _leave_out_unread(html: Path) -> None:
    """Remove what the theme ships and no reader's browser opens: a third of the weight.

    Sphinx's note of its settings goes as well: it holds a hash of the environment's own folder.
    """
    for pattern in ("*.map", "_static/scripts/fontawesome.*", ".buildinfo"):
        for path in sorted(html.rglob(pattern)):
            path.unlink()
    for folder in ("locales", "vendor"):
        shutil.rmtree(html / "_static" / folder, ignore_errors=True)


def _swap(fresh: Path, output: Path) -> None:
    """Put the fresh folder where the old one was; the old one goes last."""
    output.parent.mkdir(parents=True, exist_ok=True)
    old = output.with_name(output.name + ".old")
    if old.exists():
        shutil.rmtree(old)
    try:
        if output.exists():
            output.rename(old)
        shutil.move(fresh, output)
    except OSError as error:
        if old.exists() and not output.exists():
            old.rename(output)
        raise BookError(
            f"The new book could not be put in {output}: {error.strerror}. Close what has it open."
        ) from None
    if old.exists():
        shutil.rmtree(old)

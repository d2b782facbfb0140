"""The folder that a book is built from: the package's pages, the book's own, words of reviews."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from toolkit import __version__
from toolkit.errors import ToolkitError
from toolkit.load import EXTRACTIONS

SITE = Path(__file__).resolve().parents[1] / "site"
"""Style, scripts and the pages that every book has."""

BOOK = "book"
"""Name of the folder of a book's own pages, and of the words for one review in its folder."""

CONFIG = "_config.yml"
ANSWERS = "answers"
"""Folder in which a book keeps the pictures of its answers for whoever shows them."""

_NOT_STAGED = shutil.ignore_patterns("_build", ANSWERS, "README.md", ".*", CONFIG)


def book_folder(reviews: Sequence[Path]) -> Path:
    """Return the folder of a book: ``book`` beside the reviews' ``extractions``, else here."""
    for review in reviews:
        around = review.resolve().parent
        if around.name == EXTRACTIONS:
            return around.parent / BOOK
    return Path(BOOK).resolve()


def root_of(staging: Path) -> Path:
    """Return the folder around a book, in which the code of its pages runs."""
    return staging.resolve().parents[2]


def listed_pages(staging: Path) -> list[str]:
    """Return the names of the pages that the table of contents lists, the first page first."""
    text = (staging / "_toc.yml").read_text(encoding="utf-8")
    return re.findall(r'^(?:root:| *- file:) "?([^"\n]+)"?$', text, re.MULTILINE)


def stage(source: Path, reviews: Sequence[Path], staging: Path) -> None:
    """Fill a clean staging folder; what comes later takes the place of files of the same name.

    First come the pages of the package, then those of the book's own folder, at last what
    ``book`` in the folder of a review holds: words for its generated pages, its releases. Of the
    book's ``_config.yml`` each entry takes the place of the package's.

    Parameters
    ----------
    source : Path
        The book's own folder; need not be there.
    reviews : sequence of Path
        Folders of reviews.
    staging : Path
        Where to: ``source/_build/source``.
    """
    if staging.exists():
        shutil.rmtree(staging)
    shutil.copytree(SITE, staging)
    if source.is_dir():
        shutil.copytree(source, staging, ignore=_NOT_STAGED, dirs_exist_ok=True)
    for review in reviews:
        if (review / BOOK).is_dir():
            place = staging / review.resolve().name
            shutil.copytree(review / BOOK, place, ignore=_NOT_STAGED, dirs_exist_ok=True)
    _configure(source / CONFIG, staging / CONFIG)


def _configure(own: Path, staged: Path) -> None:
    """Put the entries of a book's own configuration into the staged one."""
    import yaml

    config = yaml.safe_load(staged.read_text(encoding="utf-8"))
    if own.is_file():
        try:
            found = yaml.safe_load(own.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ToolkitError(f"{own} cannot be read: {error}") from None
        if not isinstance(found, dict | None):
            raise ToolkitError(f"{own} holds no entries such as `title: Words`.")
        config |= found or {}
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    staged.write_text(text.replace("{version}", __version__), encoding="utf-8", newline="\n")

"""The order of a book: its reviews, the pages of each, and what is numbered along them."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.book.build.stage import listed_pages
from toolkit.book.content.answers import Answers, heading_of, page_of
from toolkit.book.content.calculator import PAGE, calculable
from toolkit.book.pages.patients import has_patients
from toolkit.errors import ToolkitError

_PLACE = re.compile(r'<b data-numbered="(?P<kind>figure|table)-(?P<name>[^"]*)"></b>')
_REFERENCE = re.compile(r'<a data-refers="(?P<anchor>[\w-]+)"></a>')

PLACE_OF_REVIEWS = re.compile(
    r"^# The pages of the reviews are put in here(?:, first (?P<first>[\w-]+(?:, [\w-]+)*))?\.$",
    re.MULTILINE,
)
"""Line of the hand-written table of contents that the reviews' pages replace, in which order."""


def in_order(reviews: Sequence[Path], staging: Path) -> list[Path]:
    """Return the reviews, those that the hand-written table of contents names standing first."""
    found = PLACE_OF_REVIEWS.search((staging / "_toc.yml").read_text(encoding="utf-8"))
    if found is None:
        raise ToolkitError(
            '_toc.yml of the book has no line "# The pages of the reviews are put in here."'
        )
    first = (found["first"] or "").split(", ")
    return sorted(
        reviews,
        key=lambda path: first.index(path.name) if path.name in first else len(first),
    )


def kinds(answers: Answers) -> tuple[str, ...]:
    """Return the kinds of outcome that the review shows, in the order of its protocol."""
    return tuple(dict.fromkeys(outcome.kind for outcome in answers.outcomes))


def contents(answers: Answers, *, alone: bool) -> list[tuple[str, str]]:
    """Return the pages of a review in reading order, each with its title, but for a front page."""
    key = answers.review.key
    pages = [] if alone else [(f"{key}/summary", "Summary")]
    pages.append((f"{key}/whats-new", "Updates"))
    pages.append((f"{key}/series", "Included studies"))
    pages += [(f"{key}/{page_of(kind)}", heading_of(kind)) for kind in kinds(answers)]
    pages.append((f"{key}/robustness", "Robustness"))
    if has_patients(answers.review):
        pages.append((f"{key}/patients", "Patients"))
    pages.append((f"{key}/audit", "Audit"))
    if calculable(answers):
        pages.append((f"{key}/{PAGE}", "Calculator"))
    pages.append((f"{key}/data", "Data and provenance"))
    pages.append((f"{key}/protocol", "Protocol"))
    pages.append((f"{key}/checklists", "PRISMA checklists"))
    return pages


def write_contents(staging: Path, answered: Sequence[Answers]) -> None:
    """Put the reviews' pages into the hand-written table of contents."""
    place = staging / "_toc.yml"
    text = place.read_text(encoding="utf-8")
    parts = []
    for answers in answered:
        pages = contents(answers, alone=len(answered) == 1)
        caption = answers.review.title if len(answered) > 1 else "The review"
        # A JSON string is a YAML string too.
        parts.append(f"- caption: {json.dumps(caption or answers.review.key)}\n  chapters:")
        parts += [f'  - file: "{page}"\n    title: "{title}"' for page, title in pages]
    write(place, PLACE_OF_REVIEWS.sub(lambda _: "\n".join(parts), text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """What can be referred to.

    Attributes
    ----------
    page : str
        Name of its page without an ending, from the book's folder on.
    words : str
        ``Figure 4``.
    """

    page: str
    words: str


def number(pages: Sequence[tuple[str, str]]) -> tuple[dict[str, str], dict[str, Numbered]]:
    """Return the pages of one review with their captions numbered, and what they caption.

    Parameters
    ----------
    pages : sequence of (name, text)
        The pages in reading order.

    Returns
    -------
    pages : dict of str to str
        Their texts.
    numbered : dict of str to Numbered
        Each named figure and table by its id; where two pages show it, as on the later one.
    """
    counts: Counter[str] = Counter()
    numbered: dict[str, Numbered] = {}
    told: dict[str, str] = {}
    for page, text in pages:

        def filled(found: re.Match[str], page: str = page) -> str:
            kind, name = found["kind"], found["name"]
            counts[kind] += 1
            words = f"{kind.capitalize()} {counts[kind]}"
            if name:
                numbered[f"{kind}-{name}"] = Numbered(page=page, words=words)
            return f'<b data-numbered="{kind}-{name}">{words}.</b>'

        told[page] = _PLACE.sub(filled, text)
    return told, numbered


def refer(page: str, text: str, numbered: Mapping[str, Numbered]) -> str:
    """Return a page with its references filled in; what has no number of its own refers to it.

    Raises
    ------
    ToolkitError
        When the page refers to what is nowhere.
    """

    def linked(anchor: str, *, after: str = "") -> str:
        target = numbered[anchor]
        home = os.path.relpath(target.page, Path(page).parent).replace(os.sep, "/")
        return f'<a data-refers="{anchor}" href="{home}.html#{anchor}">{target.words}{after}</a>'

    def filled(found: re.Match[str]) -> str:
        if found["anchor"] not in numbered:
            raise ToolkitError(f'{page} refers to "{found["anchor"]}", which no page shows.')
        return linked(found["anchor"])

    def elsewhere(found: re.Match[str]) -> str:
        anchor = f"{found['kind']}-{found['name']}"
        return linked(anchor, after=".") if anchor in numbered else ""

    return _PLACE.sub(elsewhere, _REFERENCE.sub(filled, text))


def number_pages(staging: Path, answered: Sequence[Answers]) -> None:
    """Give numbers to figures and tables along each review, and fill in what refers to them.

    The pages that belong to no review are numbered along the book.
    """
    alone = len(answered) == 1
    runs = [[page for page, _ in contents(answers, alone=alone)] for answers in answered]
    if alone:
        runs[0].insert(0, "index")
    of_reviews = {page for run in runs for page in run}
    runs.append([page for page in listed_pages(staging)[1:] if page not in of_reviews])
    missing = [page for run in runs for page in run if not (staging / f"{page}.md").is_file()]
    if missing:
        raise ToolkitError(
            f"_toc.yml of the book lists {', '.join(missing)}, and there is no such page: write "
            f"{missing[0]}.md, or take the line out."
        )
    numbered: dict[str, Numbered] = {}
    for run in runs:
        told, found = number(
            [(name, (staging / f"{name}.md").read_text(encoding="utf-8")) for name in run]
        )
        numbered |= found
        for name, text in told.items():
            write(staging / f"{name}.md", text)
    for page in read_pages(staging, [answers.review.key for answers in answered]):
        name = page.relative_to(staging).with_suffix("").as_posix()
        write(page, refer(name, page.read_text(encoding="utf-8"), numbered))


def read_pages(staging: Path, reviews: Sequence[str]) -> list[Path]:
    """Return the pages of the book; words for a review left out of it lie in other folders."""
    folders = [staging, *(staging / key for key in reviews)]
    return sorted(page for folder in folders for page in folder.glob("*.md"))


def write(path: Path, text: str) -> None:
    """Write a file with LF line ends on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as target:
        target.write(text)

"""The pages of every review, written from its sheets: a second review changes data only."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from toolkit.analysis.cache import kept_in
from toolkit.analysis.pool import pool
from toolkit.audit.report import erratum_note
from toolkit.audit.run import Audit, audit
from toolkit.book.build.stage import CONFIG, root_of
from toolkit.book.build.workers import later
from toolkit.book.content.answers import Answers, compute, page_of
from toolkit.book.content.calculator import (
    PAGE,
    calculable,
    calculator_page,
    calculator_script,
)
from toolkit.book.content.citations import bibtex, citation_bibtex, footer, references
from toolkit.book.content.contents import (
    in_order,
    kinds,
    number_pages,
    read_pages,
    write,
    write_contents,
)
from toolkit.book.content.plots import FIGURES, Plots
from toolkit.book.content.pools import compute_ahead, shown_outcomes
from toolkit.book.content.results import Results
from toolkit.book.content.spreadsheet import csv_text, xlsx
from toolkit.book.content.templates import page
from toolkit.book.pages.audit import audit_page
from toolkit.book.pages.calibration import calibration_page
from toolkit.book.pages.data import columns_page, data_page, numbers_csv
from toolkit.book.pages.leaflet import leaflet_of, write_leaflet
from toolkit.book.pages.outcome import outcome_page
from toolkit.book.pages.patients import has_patients, patients_page
from toolkit.book.pages.protocol import PROTOCOL_FILE, checklists_page, protocol_page
from toolkit.book.pages.robustness import robustness_page
from toolkit.book.pages.series import series_cells, series_page
from toolkit.book.pages.summary import LEAFLET, lead, summary_page
from toolkit.book.pages.whats_new import RELEASES, read_releases, release_json, whats_new_page
from toolkit.errors import ToolkitError
from toolkit.figures.forest.plot import forest
from toolkit.figures.page.files import save
from toolkit.results.tables import tidy_csv
from toolkit.review.review import Review
from toolkit.sheets.folder import PROTOCOL

ANSWER_FIGURE = "answer.svg"
"""Name of the picture of a review's answer, in the folder of its files."""
PLACE_OF_SERIES = "<!-- The series of the reviews are put in here. -->"
"""Line of the hand-written page of references that the reviews' series replace."""

SEVERAL = "What small case series say together"
"""Title of the first page of several reviews, and of their book if it has no other."""

_UNTITLED = re.compile(r"^title: ''$", re.MULTILINE)
_FOOTER = re.compile(r"^  extra_footer: .*$", re.MULTILINE)
_EMPTY_QUOTE = re.compile(r'<span data-result="([\w-]+):([\w.-]+)"></span>')


def write_pages(reviews: Sequence[Path], staging: Path) -> None:
    """Write the pages, files and table of contents of some reviews into a book's staging folder.

    Parameters
    ----------
    reviews : sequence of Path
        Folders of reviews; each is read and checked first, and nothing is written if one of them
        has a problem.
    staging : Path
        A copy of the hand-written pages. A file ``<review>/<page>.md`` in it holds words for the
        generated page of that name. An empty ``<span data-result="review:path"></span>`` in a
        hand-written page is filled from results.json.

    Raises
    ------
    SheetError
        With every problem of the sheets.
    ToolkitError
        When a hand-written page quotes a number that results.json does not have, or a
        hand-written file lacks the line that generated ones replace.
    """
    with kept_in(staging.parent / "kept"):
        audited = {path: audit(path) for path in in_order(reviews, staging)}
        every = {path: found.review for path, found in audited.items()}
        compute_ahead([*every.values()])
        answered = [compute(review) for review in every.values()]
        for path, answers in zip(every, answered, strict=True):
            _write_review(audited[path], path, answers, staging, alone=len(every) == 1)
            _write_audit(audited[path], staging)
        if len(every) != 1:
            write(staging / "index.md", _index(answered))
        write(staging / "columns.md", columns_page())
        _write_calibration(staging)
        _write_changelog(staging)
        _write_references(staging, [*every.values()])
        write_contents(staging, answered)
        _write_config(staging, answered)
        number_pages(staging, answered)
        _fill_quotes(staging, {answers.review.key: answers.results for answers in answered})


def write_answer_figure(review: Review, path: Path) -> Path:
    """Return the SVG file written: the forest plot of the first outcome the review shows."""
    outcome = shown_outcomes(review)[0]
    return save(forest(pool(review, outcome.key)), path.with_suffix(".svg"))[0]


def publish_answers(html: Path, folder: Path) -> None:
    """Copy the picture of each review's answer out of a built book, if the folder is there."""
    if not folder.is_dir():
        return
    for picture in sorted(html.glob(f"*/{ANSWER_FIGURE}")):
        shutil.copyfile(picture, folder / f"{picture.parent.name}.svg")


def _write_review(
    audited: Audit, path: Path, answers: Answers, staging: Path, *, alone: bool
) -> None:
    """Write the pages of one review, their figures and its files."""
    key = answers.review.key
    folder = staging / key
    written = {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.md")}
    below = _plots(staging, audited, FIGURES)
    summary = written.pop("summary", "")
    if alone:
        (folder / "summary.md").unlink(missing_ok=True)
        drawn = _plots(staging, audited, f"{key}/{FIGURES}")
        words = summary_page(answers, drawn, prefix=f"{key}/", written=summary)
        write(staging / "index.md", words)
    else:
        words = summary_page(answers, below, prefix="", written=summary)
        write(folder / "summary.md", words)
    write(folder / "series.md", series_page(answers, below, written=written.get("series", "")))
    write(folder / "data.md", data_page(answers, written=written.get("data", "")))
    write(folder / "protocol.md", protocol_page(answers, written=written.get("protocol", "")))
    write(folder / "checklists.md", checklists_page(answers, alone=alone))
    write(staging / "_extra" / key / PROTOCOL_FILE, (path / PROTOCOL).read_text(encoding="utf-8"))
    for kind in kinds(answers):
        words = outcome_page(
            answers,
            below,
            kind,
            folder=_as_code(path, root_of(staging)),
            written=written.get(page_of(kind), ""),
        )
        write(folder / f"{page_of(kind)}.md", words)
    words = robustness_page(answers, below, written=written.get("robustness", ""))
    write(folder / "robustness.md", words)
    if has_patients(answers.review):
        words = patients_page(answers, below, written=written.get("patients", ""))
        write(folder / "patients.md", words)
    releases = read_releases(folder / RELEASES)
    words = whats_new_page(answers, below, releases, written=written.get("whats-new", ""))
    write(folder / "whats-new.md", words)
    if calculable(answers):
        write(folder / f"{PAGE}.md", calculator_page(answers))
    _write_files(answers, staging / "_extra" / key)


def _write_files(answers: Answers, files: Path) -> None:
    """Write what a reader of one review can download, and what its pages load."""
    if calculable(answers):
        write(files / "calculator-data.js", calculator_script(answers))
    write(files / "release.json", release_json(answers))
    write(files / "results.json", answers.results.to_json())
    write(files / "estimates.csv", tidy_csv(answers.pools.values()))
    for name, text in numbers_csv(answers.review).items():
        write(files / name, text)
    heading, rows = series_cells(answers.review)
    write(files / "series.csv", csv_text(heading, rows))
    (files / "series.xlsx").write_bytes(xlsx("series", heading, rows))
    write(files / "series.bib", bibtex(answers.review))
    write(files / "citation.bib", citation_bibtex(answers))
    write_answer_figure(answers.review, files / ANSWER_FIGURE)
    later(write_leaflet, files / LEAFLET, leaflet_of(answers), once=files / LEAFLET)


def _write_audit(audited: Audit, staging: Path) -> None:
    """Write the audit page of one review, and a note to the authors of each paper that differs."""
    key = audited.review.key
    path = staging / key / "audit.md"
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    write(path, audit_page(audited, written=written))
    for paper in audited.papers:
        write(staging / "_extra" / key / "erratum" / f"{paper}.md", erratum_note(audited, paper))


def _plots(staging: Path, audited: Audit, address: str) -> Plots:
    """Return where the figures of a review go, as pages beside or above its folder link to them."""
    return Plots(audited, staging / "_extra" / audited.review.key / FIGURES, address)


def _as_code(path: Path, root: Path) -> str:
    """Return a review's folder as code of a page finds it: relative within the book's root."""
    whole = path.resolve()
    try:
        return whole.relative_to(root).as_posix()
    except ValueError:
        return whole.as_posix()


def _index(answered: Sequence[Answers]) -> str:
    """Return the first page of a book of several reviews: a card for each with its answer."""
    return page(
        "index",
        reviews=[
            (answers.review, lead(answers, None, f"{answers.review.key}/")) for answers in answered
        ],
    )


def _write_config(staging: Path, answered: Sequence[Answers]) -> None:
    """Put version, search and data of the reviews under every page, and a title on a book."""
    config = staging / CONFIG
    text = config.read_text(encoding="utf-8")
    # A JSON string is a YAML string too; a review's words are text there and no HTML.
    line = f"  extra_footer: {json.dumps(html.escape(footer(answered)))}"
    told, found = _FOOTER.subn(lambda _: line, text)
    if not found:
        raise ToolkitError(
            f'{CONFIG} of the book has no line "  extra_footer:", below which version, search '
            "and data of the reviews are told."
        )
    titles = [answers.review.title or answers.review.key for answers in answered]
    title = f"title: {json.dumps(titles[0] if len(titles) == 1 else SEVERAL)}"
    write(config, _UNTITLED.sub(lambda _: title, told))


def _write_references(staging: Path, reviews: Sequence[Review]) -> None:
    """Put the reviews' series into the hand-written page of references."""
    path = staging / "references.md"
    if path.is_file():
        listed = "\n".join(filter(None, map(references, reviews)))
        text = path.read_text(encoding="utf-8")
        if PLACE_OF_SERIES not in text:
            raise ToolkitError(f'references.md of the book has no line "{PLACE_OF_SERIES}"')
        write(path, text.replace(PLACE_OF_SERIES, listed))
    methods = staging / "references.bib"
    if methods.is_file():
        write(staging / "_extra" / methods.name, methods.read_text(encoding="utf-8"))


def _write_calibration(staging: Path) -> None:
    """Write the page on calibration and what it quotes from."""
    path, folder = staging / "calibration.md", staging / "_extra" / "calibration"
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    told, results = calibration_page(folder, written=written)
    write(path, told)
    write(folder / "results.json", results)


def _write_changelog(staging: Path) -> None:
    """Copy the changelog that stands beside the book in as a page; a table of contents lists it."""
    changelog = root_of(staging) / "CHANGELOG.md"
    if changelog.is_file():
        write(staging / "changelog.md", changelog.read_text(encoding="utf-8"))


def _fill_quotes(staging: Path, results: dict[str, Results]) -> None:
    """Fill the empty quotes of hand-written words with what results.json says."""

    def filled(found: re.Match[str]) -> str:
        if found[1] not in results:
            raise ToolkitError(f'it quotes "{found[1]}", which is no review of this book.')
        return results[found[1]].at(found[2]).__html__()

    for path in read_pages(staging, [*results]):
        text = path.read_text(encoding="utf-8")
        if _EMPTY_QUOTE.search(text):
            try:
                write(path, _EMPTY_QUOTE.sub(filled, text))
            except ToolkitError as refusal:
                place = path.relative_to(staging).as_posix()
                raise ToolkitError(f"{place} of the book: {refusal}") from None

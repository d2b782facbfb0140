"""The sheets of a review's folder: read as text, and written so that nothing is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from toolkit.errors import Address, Problem, ToolkitError
from toolkit.sheets.csv_files import LARGEST, RawTable, decode, read_csv
from toolkit.sheets.schema.cells import SLUG, not_a_slug
from toolkit.sheets.schema.schema import PAPER_SHEETS, REVIEW_SHEETS, SERIES_SHEETS

PROTOCOL = "review.toml"


_PROSE = "README.md"

_WORDS = "book"  # what is written by hand for the pages of the review
_CRITICAL = "critical-values"  # computed for the sizes of series, by a command; no sheet


_ASIDE = ".old-"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReview:
    """Every sheet of a review as text.

    Attributes
    ----------
    key : str
        Name of the review's folder.
    protocol : str or None
        Text of review.toml, None where it cannot be read.
    tables : mapping of (series, sheet) to RawTable
        Sheets that could be read; the series is empty for a sheet of the review as a whole, and
        ``papers/KEY`` for one of a paper that is no series.
    series, papers : tuple of str
        Keys of the folders of series and of other papers, in alphabetical order.
    contents : mapping of path to bytes
        Every sheet found, for the fingerprint.
    problems : tuple of Problem
        What is wrong with files and folders.
    """

    key: str
    protocol: str | None
    tables: Mapping[tuple[str, str], RawTable]
    series: tuple[str, ...]
    papers: tuple[str, ...]
    contents: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all sheets, as 64 hexadecimal digits."""
        digest = sha256()
        for name in sorted(self.contents):
            content = self.contents[name]
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def read_tables(path: str | Path) -> RawReview:
    """Return every sheet of a review's folder as text; raises ToolkitError if there is none."""
    folder = Path(path)
    if not folder.is_dir():
        raise ToolkitError(f"There is no folder {folder}: a review is a folder with {PROTOCOL}.")
    contents: dict[str, bytes] = {}
    known = {PROTOCOL, *REVIEW_SHEETS}
    problems = list(_gather(folder, "", known, contents, ("series", "papers", _WORDS, _CRITICAL)))
    series = _folders(folder, "series", problems)
    papers = _folders(folder, "papers", problems)
    for key in series:
        problems.extend(_gather(series[key], f"series/{key}/", set(SERIES_SHEETS), contents))
    for key in papers:
        problems.extend(_gather(papers[key], f"papers/{key}/", set(PAPER_SHEETS), contents))
    protocol, found = _read_protocol(contents)
    problems[:0] = found
    tables = {}
    for file, content in contents.items():
        if file != PROTOCOL:
            table, found = read_csv(file, content)
            problems.extend(found)
            if table is not None:
                tables[_place(file)] = table
    return RawReview(
        key=folder.resolve().name,
        protocol=protocol,
        tables=tables,
        series=tuple(series),
        papers=tuple(papers),
        contents=contents,
        problems=tuple(problems),
    )


def _place(file: str) -> tuple[str, str]:
    """Return the series and the sheet that a file belongs to."""
    *folders, name = file.removesuffix(".csv").split("/")
    owner = "/".join(folders)
    return (owner.removeprefix("series/"), name)


def _read_protocol(contents: Mapping[str, bytes]) -> tuple[str | None, list[Problem]]:
    """Return the text of review.toml, or why there is none."""
    if PROTOCOL not in contents:
        what = f"{PROTOCOL} is missing."
        remedy = "Copy the one of another review and fix the question before numbers are seen."
        return None, [Problem(address=Address(file=PROTOCOL), what=what, remedy=remedy)]
    text = decode(PROTOCOL, contents[PROTOCOL])
    if isinstance(text, Problem):
        return None, [text]
    return text, []


def _gather(
    folder: Path,
    prefix: str,
    known: set[str],
    contents: dict[str, bytes],
    inside: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """Read the known files of one folder and yield a problem for everything else in it."""
    for path in sorted(folder.iterdir()):
        name = path.name
        address = Address(file=f"{prefix}{name}")
        if path.is_symlink():
            yield Problem(
                address=address,
                what="It is a link to another place.",
                remedy="Put the file itself here.",
            )
        elif name in known and path.is_file():
            try:
                with path.open("rb") as file:
                    contents[f"{prefix}{name}"] = file.read(LARGEST + 1)
            except OSError as error:
                yield Problem(
                    address=address,
                    what=f"The file cannot be opened ({error.strerror}).",
                    remedy="Check who may read it.",
                )
        elif not _left_alone(path) and name not in inside:
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            noun = "folder" if path.is_dir() else "file"
            yield Problem(
                address=address,
                what=f"This {noun} does not belong here.",
                meaning=f'Did you mean "{near[0]}"?' if near else "",
                remedy=f"Files here are {', '.join(sorted(known))}. Rename or move it.",
            )


def _left_alone(path: Path) -> bool:
    """Return whether a file is none of the sheets' business: prose, workbooks, desktop litter."""
    litter = path.name.startswith((".", "~$")) or path.name in {"Thumbs.db", "desktop.ini"}
    return litter or (path.is_file() and (path.name == _PROSE or path.suffix == ".xlsx"))


def set_aside(place: Path) -> Path:
    """Return where the folder of a series waits while a new one takes its place.

    Writing is interrupted at most between two renamings; then the series is still read from here.
    """
    return place.with_name(f"{_ASIDE}{place.name}")


def _folders(folder: Path, inside: str, problems: list[Problem]) -> dict[str, Path]:
    """Return the folders of the series or papers by key, and note those with other names."""
    found: dict[str, Path] = {}
    place, one = folder / inside, inside if inside == "series" else "paper"
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        address = Address(file=f"{inside}/{path.name}")
        if path.is_dir() and path.name.startswith("."):
            key = path.name.removeprefix(_ASIDE)
            if SLUG.fullmatch(key) and path != place / key and not (place / key).exists():
                found[key] = path
        elif path.is_dir() and not path.is_symlink():
            if SLUG.fullmatch(path.name):
                found[path.name] = path
                continue
            what, meaning, remedy = not_a_slug("The folder's name", path.name)
            problems.append(Problem(address=address, what=what, meaning=meaning, remedy=remedy))
        elif path.is_symlink() or not _left_alone(path):
            problems.append(
                Problem(
                    address=address,
                    what=f"Only folders belong here, one for each {one}.",
                    remedy=f"Move it into the folder of its {one}.",
                )
            )
    return dict(sorted(found.items()))


def write_series(review: Path, series: str, files: Mapping[str, str], known: Iterable[str]) -> None:
    """Put the sheets of a series in place, all or nothing.

    Parameters
    ----------
    review : Path
        Folder of the review.
    series : str
        Plain key of the series.
    files : mapping of file name to text
        Its sheets.
    known : iterable of str
        Names of all files that sheets may have: those not in `files` are removed, every other
        file of the folder is kept as it is.

    Raises
    ------
    ToolkitError
        If the folder cannot be written; nothing has changed then.
    """
    place = review / "series" / series
    new, old = place.with_name(f".new-{series}"), set_aside(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _finish_what_was_interrupted(place, new, old)
        if place.exists():
            shutil.copytree(place, new)
        else:
            new.mkdir()
        for name in known:
            (new / name).unlink(missing_ok=True)
        for name, text in files.items():
            _write_through(new / name, text)
        if place.exists():
            place.rename(old)
        new.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if old.exists() and not place.exists():
            old.rename(place)
        shutil.rmtree(new, ignore_errors=True)
        raise ToolkitError(
            f"{place} cannot be written: {error.strerror or error}. Nothing was recorded."
        ) from error


def _finish_what_was_interrupted(place: Path, new: Path, old: Path) -> None:
    """Clear away what an interrupted writing left behind."""
    if old.exists() and not place.exists():
        old.rename(place)
    for left in (new, old):
        if left.exists():
            shutil.rmtree(left)


def _write_through(path: Path, text: str) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

"""A new outcome for a review's protocol: shown as a change of review.toml, then written into it."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from toolkit.desk.draft_files import one_writer
from toolkit.errors import SheetError, ToolkitError
from toolkit.review.words import GRADES
from toolkit.reviewing.new_review import toml_text
from toolkit.reviewing.recording import protocol_of
from toolkit.sheets.folder import PROTOCOL, read_tables
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.protocol.read import read_protocol
from toolkit.sheets.whole_file import write_whole

DIRECTIONS = {"benefit": "more is better", "harm": "more is worse"}
_TABLE = re.compile(r"\s*\[")
_OUTCOME = re.compile(r"\s*\[\s*outcomes\s*\.")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NAMES = ("key", "label", "definition", "kind", "direction", "grade")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutcome:
    """A protocol with one outcome more.

    Attributes
    ----------
    text : str
        review.toml as it would be.
    diff : tuple of str
        Its change, line by line, as ``diff -u`` prints it.
    mark : str
        Names this change of this file: what was shown and what is written are the same.
    """

    text: str
    diff: tuple[str, ...]
    mark: str


def new_outcome(folder: Path, words: Mapping[str, str]) -> NewOutcome:
    """Return the protocol of a review with one outcome more; nothing is written.

    Parameters
    ----------
    folder : Path
    words : mapping
        ``key``, ``label``, ``definition``, ``kind`` (a method of the protocol), ``direction``, and
        ``grade`` for a harm that is counted by grade.

    Raises
    ------
    SheetError
        With everything that is wrong with the protocol as it would be.
    ToolkitError
        For a word that is missing, is there already or is no word.
    """
    raw = read_tables(folder)
    before = raw.protocol or ""
    after = _with_lines(before, _outcome_lines(protocol_of(raw), words))
    found, problems = read_protocol(after)
    if found is None or problems:
        raise SheetError(problems)
    old, new = before.splitlines(), after.splitlines()
    diff = tuple(difflib.unified_diff(old, new, PROTOCOL, PROTOCOL, lineterm="", n=2))
    mark = hashlib.sha256(f"{before}\0{after}".encode()).hexdigest()
    return NewOutcome(text=after, diff=diff, mark=mark)


def _outcome_lines(protocol: Protocol, words: Mapping[str, str]) -> list[str]:
    """Return an outcome as lines of a protocol; raises ToolkitError for words that make none."""
    given = {name: words.get(name, "").strip() for name in _NAMES}
    key, known = given["key"], protocol.outcomes
    if not _KEY.fullmatch(key):
        raise ToolkitError(
            f'"{key}" is no word for an outcome: small letters, digits and underscores, beginning '
            "with a letter, such as febrile_neutropenia."
        )
    if key in known:
        raise ToolkitError(f'The review has an outcome "{key}" already: {known[key].label}.')
    if not given["label"] or not given["definition"]:
        raise ToolkitError("An outcome needs its name and, in one sentence, what counts as one.")
    choices = {"kind": [*protocol.methods], "direction": [*DIRECTIONS], "grade": [*GRADES]}
    for name, offered in choices.items():
        if given[name] not in offered:
            raise ToolkitError(
                f"The {name} is one of {', '.join(each for each in offered if each)}."
            )
    given["short"] = given["label"]
    told = ("label", "short", "definition", "kind", "direction", "grade")
    return [
        f"[outcomes.{key}]",
        *(f"{name} = {toml_text(given[name])}" for name in told if given[name]),
        "shown = true",
    ]


def write_outcome(folder: Path, words: Mapping[str, str], mark: str) -> None:
    """Write an outcome into the protocol as it was shown, or not at all.

    Raises
    ------
    ToolkitError
        If the protocol or the outcome is another one than was shown, or cannot be written.
    """
    try:
        with one_writer(folder):
            made = new_outcome(folder, words)
            if made.mark != mark:
                raise ToolkitError(
                    f"{PROTOCOL} or the outcome has changed since it was shown. Nothing was "
                    "written: look at the change again."
                )
            write_whole(folder / PROTOCOL, made.text)
    except Timeout:
        raise ToolkitError(
            "Another desk is recording into this review. Nothing was written: try again."
        ) from None


def _with_lines(text: str, new: list[str]) -> str:
    """Return a protocol with lines after its last outcome; every other line stays as it is."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    at, within = len(lines), False
    for number, line in enumerate(lines):
        if _TABLE.match(line):
            within, ended = bool(_OUTCOME.match(line)), within
            if ended and not within:
                at = number
    if within:
        at = len(lines)
    # A heading in comments belongs to what comes after it.
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return end.join([*lines[:at], "", *new, *lines[at:]])

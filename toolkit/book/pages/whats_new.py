"""What is new: the pool as series came in, and every answer before and after each release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Plots
from toolkit.book.content.prose import NOUNS, name, size
from toolkit.errors import ToolkitError
from toolkit.figures.page.numerals import percent
from toolkit.html import literal, table

RELEASES = "releases"
"""Folder of a review's hand-written pages that keeps ``<version>.json`` of every release."""

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a released version answered.

    Attributes
    ----------
    version : str
        Its number.
    answers : mapping of outcome to mapping
        ``label``, ``k``, ``total``, ``lead``, ``estimate``, ``low`` and ``high`` of each pooled
        outcome.
    """

    version: str
    answers: Mapping[str, Answer]


def release_json(answers: Answers) -> str:
    """Return what is kept of this version: the leading estimate of every pooled outcome."""
    told = {
        "review": answers.review.key,
        "version": __version__,
        "fingerprint": answers.review.fingerprint,
        "answers": _leading(answers),
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def read_releases(folder: Path) -> tuple[Release, ...]:
    """Return the releases kept in a folder, oldest first; none where there is no folder.

    Raises
    ------
    ToolkitError
        Naming the file that is no release, or that stands under another version's name.
    """
    found = []
    for path in sorted(folder.glob("*.json"), key=lambda path: _order(path.stem)):
        place = f"{path.name} of {folder.parent.name}/{folder.name}"
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            release = Release(version=told["version"], answers=told["answers"])
            _all_told(release)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ToolkitError(
                f"{place} is no release: copy release.json of the released book there, under the "
                "number of its version."
            ) from None
        if release.version != path.stem:
            raise ToolkitError(
                f"{place} holds version {release.version}: releases are compared in the order of "
                f"their names, so name it {release.version}.json."
            )
        found.append(release)
    return tuple(found)


def whats_new_page(
    answers: Answers, plots: Plots, releases: Sequence[Release], *, written: str = ""
) -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    blocks = ["# What is new\n", written, "## Between releases\n", _compared(answers, releases)]
    blocks.append("## As series came in\n")
    drawn = [
        f"<h3>{name(outcome)}</h3>\n\n"
        + plots.figure("cumulative", answer, found.since, name=f"{outcome.key}-cumulative")
        for outcome in answers.outcomes
        if (found := answers.robustness.get(outcome.key)) is not None
        and (answer := answers.headline(outcome.key)) is not None
    ]
    blocks.append(
        "Each line adds the series of the next year to those above it, all by the method of the "
        "whole pool: where that is maximum likelihood, two series have no estimate. The order is "
        "that of the reports, not of the treatment.\n"
    )
    blocks += drawn or ["No outcome is pooled from three series yet.\n"]
    return "\n".join(block for block in blocks if block)


def _compared(answers: Answers, releases: Sequence[Release]) -> str:
    """Return the answers before and after each release, the newest first, or that there is none."""
    now = Release(version=__version__, answers=_leading(answers))
    earlier = [*releases]
    if earlier and earlier[-1].version == __version__:
        last = earlier.pop()
        if _all_told(last) != _all_told(now):
            earlier.append(last)
            now = replace(now, version=f"{__version__} with changes since")
    if not earlier:
        return (
            f"Version {literal(__version__)} is the first: there is no earlier release to compare "
            "with. From the next one on, every answer that moved stands here with its value "
            "before and after.\n"
        )
    steps = list(pairwise([*earlier, now]))
    newest = _step(answers, *steps[-1], quoted=True)
    older = [_step(answers, *step) for step in reversed(steps[:-1])]
    if not older:
        return newest
    return f"{newest}\n<details><summary>Earlier releases</summary>\n{''.join(older)}</details>\n"


def _step(answers: Answers, before: Release, after: Release, *, quoted: bool = False) -> str:
    """Return a line for each outcome that one of two releases pools.

    What is `quoted` is the answer of this book, and every number of it names its place in
    results.json.
    """
    names = {outcome.key: name(outcome) for outcome in answers.outcomes}
    rows = []
    for key in dict.fromkeys((*names, *after.answers, *before.answers)):
        first, second = before.answers.get(key), after.answers.get(key)
        if first or second:
            label = names.get(key) or literal((second or first or {}).get("label", key))
            told = _quoted(answers, key, second) if quoted and second else _told(second)
            rows.append((label, _told(first), told, _change(first, second)))
    heading = ("Outcome", *(f"Version {literal(each.version)}" for each in (before, after)), "")
    return table(heading, rows, caption="The leading estimate before and after.", in_order=True)


def _change(before: Answer | None, after: Answer | None) -> str:
    """Return what became of an answer in a word or two."""
    if before is None:
        return "new"
    if after is None:
        return "gone"
    if before["lead"] != after["lead"]:
        return "another estimand"
    return "as it was" if _told(before) == _told(after) else "moved"


def _all_told(release: Release) -> dict[str, str]:
    """Return every answer of a release in words, with what it estimates, by its outcome."""
    return {key: f"{answer['lead']}: {_told(answer)}" for key, answer in release.answers.items()}


def _told(answer: Answer | None) -> str:
    """Return an answer of a release in words."""
    if not answer:
        return "not pooled"
    return (
        f"{percent(answer['estimate'])} % ({percent(answer['low'])}–{percent(answer['high'])}), "
        f"{NOUNS[answer['lead']]}; {answer['k']} series, {answer['total']} patients"
    )


def _quoted(answers: Answers, outcome: str, answer: Answer) -> str:
    """Return an answer of this book in the same words."""
    path = answers.path(outcome)
    told = answers.results.estimate(f"{path}.{answer['lead']}")
    return f"{told}, {NOUNS[answer['lead']]}; {size(answers, path)}"


def _leading(answers: Answers) -> dict[str, Answer]:
    """Return the leading estimate of every outcome that the main set pools."""
    found: dict[str, Answer] = {}
    for outcome in answers.outcomes:
        answer = answers.headline(outcome.key)
        if answer is not None and answer.leading.defined:
            led = answer.leading
            found[outcome.key] = {
                "label": outcome.label,
                "k": answer.k,
                "total": answer.total,
                "lead": answer.lead,
                "estimate": led.estimate,
                "low": led.low,
                "high": led.high,
            }
    return found


def _order(version: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts 0.10.0 after 0.9.0."""
    return tuple((int(part) if part.isdecimal() else 0, part) for part in version.split("."))

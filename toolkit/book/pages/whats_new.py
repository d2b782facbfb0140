"""What is new: the pool as series came in, and every answer before and after each release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from markupsafe import Markup

from toolkit import __version__
from toolkit.book.content.answers import Answer, Answers
from toolkit.book.content.plots import Plots
from toolkit.book.content.templates import page, sentences
from toolkit.errors import ToolkitError
from toolkit.figures.page.numerals import percent
from toolkit.review.protocol import Outcome

RELEASES = "releases"
"""Folder of a review's hand-written pages that keeps ``<version>.json`` of every release."""

Released = Mapping[str, Any]


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
    answers: Mapping[str, Released]


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
            _check(release)
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


def _check(release: Release) -> None:
    """Raise one of the errors of a wrong name or type where a release lacks what is compared."""
    for answer in release.answers.values():
        _ = answer["k"], answer["total"]
        if answer["lead"] not in ("typical", "average"):
            raise ValueError(answer["lead"])
        for name in ("estimate", "low", "high"):
            percent(answer[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMoved:
    """One outcome before and after a release.

    Attributes
    ----------
    label : Outcome or str
        The outcome; its name of then where the review has it no more.
    before, after : mapping or None
        What was answered; None where it was not pooled.
    now : Answer or None
        The answer of this book, where that is what comes after.
    change : str
        A word of `_change`.
    """

    label: Outcome | str
    before: Released | None
    after: Released | None
    now: Answer | None
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseChange:
    """What a release changed: the two versions, and a line for each outcome one of them pools."""

    before: str
    after: str
    lines: tuple[AnswerMoved, ...]


def whats_new_page(
    answers: Answers, plots: Plots, releases: Sequence[Release], *, written: str = ""
) -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    return page(
        "whats-new",
        written=Markup(written),
        changes=_changes(answers, releases),
        drawn=[
            (
                outcome,
                plots.figure("cumulative", answer, found.since, name=f"{outcome.key}-cumulative"),
            )
            for outcome in answers.outcomes
            if (found := answers.robustness.get(outcome.key)) is not None
            and (answer := answers.headline(outcome.key)) is not None
        ],
    )


def _changes(answers: Answers, releases: Sequence[Release]) -> list[ReleaseChange]:
    """Return the answers before and after each release, the newest first; none for the first."""
    now = Release(version=__version__, answers=_leading(answers))
    earlier = [*releases]
    if earlier and earlier[-1].version == __version__:
        last = earlier.pop()
        if _in_words(last) != _in_words(now):
            earlier.append(last)
            now = replace(now, version=f"{__version__} with changes since")
    steps = list(pairwise([*earlier, now]))
    return [
        _change_of(answers, before, after, last=after is now) for before, after in reversed(steps)
    ]


def _change_of(answers: Answers, before: Release, after: Release, *, last: bool) -> ReleaseChange:
    """Return a line for each outcome that one of two releases pools.

    Where the `last` is the answer of this book, every number of it names its place in
    results.json.
    """
    known = {outcome.key: outcome for outcome in answers.outcomes}
    lines = []
    for key in dict.fromkeys((*known, *after.answers, *before.answers)):
        first, second = before.answers.get(key), after.answers.get(key)
        if first or second:
            lines.append(
                AnswerMoved(
                    label=known.get(key) or (second or first or {}).get("label", key),
                    before=first,
                    after=second,
                    now=answers.answer(key) if last and second else None,
                    change=_moved(first, second),
                )
            )
    return ReleaseChange(before=before.version, after=after.version, lines=tuple(lines))


def _moved(before: Released | None, after: Released | None) -> str:
    """Return what became of an answer in a word or two."""
    if before is None:
        return "new"
    if after is None:
        return "gone"
    if before["lead"] != after["lead"]:
        return "another estimand"
    return "as it was" if _words(before) == _words(after) else "moved"


def _in_words(release: Release) -> dict[str, str]:
    """Return every answer of a release in words, with what it estimates, by its outcome."""
    return {key: f"{answer['lead']}: {_words(answer)}" for key, answer in release.answers.items()}


def _words(answer: Released) -> str:
    """Return an answer of a release as the page prints it."""
    return str(sentences(plain=True).released(answer))


def _leading(answers: Answers) -> dict[str, Released]:
    """Return the leading estimate of every outcome that the main set pools."""
    found: dict[str, Released] = {}
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

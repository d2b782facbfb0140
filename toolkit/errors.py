"""The errors the toolkit raises: one ancestor, so that no traceback reaches a reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from toolkit.problems import Problem


class ToolkitError(Exception):
    """Anything the toolkit refuses to do, told in one plain paragraph."""


class SheetError(ToolkitError):
    """Sheets that cannot be used as they stand; carries every problem found in them.

    Parameters
    ----------
    problems : iterable of Problem
        All problems, in the order in which they are to be told.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        told = "\n\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{told}\n\n{count} problem{'' if count == 1 else 's'}.")


class ChoiceError(ToolkitError):
    """A word that is not among the choices; names the nearest one and all of them.

    Parameters
    ----------
    name : str
        What was being chosen, as the caller wrote it (``tau2``, ``outcome``).
    value : object
        What was given.
    choices : sequence of str
        The words that would have been understood.
    """

    def __init__(self, name: str, value: object, choices: Sequence[str]) -> None:
        self.name = name
        self.value = value
        self.choices = tuple(choices)
        near = get_close_matches(str(value), self.choices, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        listed = ", ".join(self.choices) if self.choices else "none here"
        super().__init__(f'{name}="{value}" is not known.{hint} Choices: {listed}.')

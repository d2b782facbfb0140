"""An answer as a short script of R or Stata, with the data in it, that gives the same numbers.

What never changes stands in whole files of R beside this module (`r/`); here the data and the
method's words are put before it.
"""

from __future__ import annotations

from typing import Literal, get_args

from toolkit.errors import ChoiceError, ToolkitError
from toolkit.results.ladder import Ladder
from toolkit.results.synthesis import Synthesis
from toolkit.scripts.ladder_in_r import r_ladder
from toolkit.scripts.r_script import r_script
from toolkit.scripts.stata import NO_LADDER, stata_script

Language = Literal["r", "stata"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

ENDINGS: dict[Language, str] = {"r": "R", "stata": "do"}
"""How a file of each language ends."""


def script(answer: Synthesis | Ladder, language: Language = "r") -> str:
    """Return a script that makes an answer again from the data that stand in it.

    Parameters
    ----------
    answer : Synthesis or Ladder
        What a pool returned, of one study or more. Subgroups are not repeated: make a script of
        each subgroup's own answer.
    language : {"r", "stata"}
        R: base R alone for the likelihood models, with ``metafor`` for inverse variance. Stata's
        script says what it does not reproduce, and that it was never executed.

    Returns
    -------
    str
        The program, in ASCII, ending in a table `answer` and a forest plot. What it cannot give to
        the same digits it names in a comment.

    Raises
    ------
    ToolkitError
        Where nothing was pooled and there is not even one study, and for what no script can
        repeat: three levels.
    ChoiceError
        For a language that is not known.

    Examples
    --------
    >>> import toolkit as tk
    >>> answer = tk.pool_counts([6, 3, 18], [8, 19, 27])
    >>> print(script(answer).splitlines()[0])
    # Pooled proportion
    """
    if language not in LANGUAGES:
        raise ChoiceError("language", language, LANGUAGES)
    if why := _why_not(answer):
        raise ToolkitError(why)
    if isinstance(answer, Ladder):
        if language == "stata":
            raise ToolkitError(NO_LADDER)
        return r_ladder(answer, tuple(answer.rungs)[-1])
    if language == "stata":
        return stata_script(answer)
    if answer.ladder is not None and answer.outcome in answer.ladder.rungs:
        return r_ladder(answer.ladder, answer.outcome)
    return r_script(answer)


def has_script(answer: Synthesis) -> bool:
    """Return whether R can make an answer again."""
    return not _why_not(answer)


def _why_not(answer: Synthesis | Ladder) -> str:
    """Return why there is no script of R; empty where there is one."""
    if not answer.k:
        return "there is no script, because no series reports this outcome."
    if any(note.startswith("Three-level fit") for note in answer.notes):
        return "there is no script for a pool with a random effect of each series."
    ladder = answer if isinstance(answer, Ladder) else answer.ladder
    if ladder is None or (isinstance(answer, Synthesis) and answer.outcome not in ladder.rungs):
        return ""
    if not any(rung.average.defined for rung in ladder.rungs.values()):
        return f"there is no script of a ladder without answers. {' '.join(ladder.notes)}"
    if ladder.method.fit != "bayes":
        return 'there is no script for a ladder by maximum likelihood: Method(fit="bayes") has one.'
    return ""

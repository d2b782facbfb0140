"""Headings of a paper that is plain text: what is one, and what stands under it."""

from __future__ import annotations

import re

_MAIN = re.compile(
    r"^(?:[0-9]+\.?\s+)?(abstract|summary|introduction|background|(?:materials?|patients|"
    r"subjects)? ?(?:and|&)? ?"
    r"methods?|design and methods|study design|results?|findings|discussion|conclusions?|"
    r"references|bibliography|"
    r"acknowledge?ments?|disclosures?|contributions?|author contributions?|funding|data[- "
    r"](?:sharing|availability)"
    r"(?: statement)?|ethics.*|conflicts? of interests?|competing interests?|supplementary "
    r"(?:data|material|information)|"
    r"key points|learning objectives|limitations)[.:]?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:[0-9]+(?:\.[0-9]+)*|[IVX]+)(?:[.)]| ?[|:]|(?= ))\s*(?=[A-Z])")
_LONGEST_HEADING = 110
_ABSTRACT = 600


def is_heading(words: str) -> bool:
    """Tell whether a line that stands alone heads what follows.

    Examples
    --------
    >>> is_heading("Safety considerations"), is_heading("Six of eight responded.")
    (True, False)
    """
    if _MAIN.match(words):
        return True
    if len(words) > _LONGEST_HEADING or re.search(r"[.,;!?-]$", words) or words.count(" ") > 14:
        return False
    if not re.match(r"^(?:[0-9]+(?:\.[0-9]+)*\.? )?[A-Z]", words):
        return False
    return not re.search(
        r"https?:|@|\u00a9|^(?:Received|Accepted|Published|Correspondence|Early)\b", words
    )


def is_main(words: str) -> bool:
    """Tell whether a heading is one of those that every paper has."""
    return bool(_MAIN.match(words))


def unnumbered(heading: str) -> str:
    """Return a heading without the number before it and the point behind it.

    Examples
    --------
    >>> unnumbered("3.1. Response"), unnumbered("3 | RESULTS"), unnumbered("I think")
    ('Response', 'RESULTS', 'I think')
    """
    return _NUMBERED.sub("", heading).rstrip(".:")


class Outline:
    """The headings in force while a text is read."""

    def __init__(self) -> None:
        self.main = ""
        self.below: tuple[str, ...] = ()
        self.begun = False

    @property
    def section(self) -> tuple[str, ...]:
        """Headings in force, the main one first."""
        return (self.main, *self.below) if self.main else self.below

    def enter(self, heading: str, level: int | None = None) -> None:
        """Enter the section of a heading."""
        text = unnumbered(heading)
        if main := _MAIN.match(heading):
            self.main, self.below, self.begun = main[1].capitalize(), (), True
        elif level is not None and level > 2 and self.below:
            self.below = (*self.below[: level - 3], text)
        else:
            self.below = (text,)

    def section_of(self, words: str) -> tuple[str, ...]:
        """Return the section of a paragraph; a long one before any section is the abstract."""
        if not self.begun:
            whole = len(words) > _ABSTRACT and words[:1].isalpha()
            return ("Abstract",) if whole else ("Front",)
        return self.section

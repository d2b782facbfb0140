"""What the characters of one cell say: a count, a share, an estimate, a spread, or nothing.

Each rule has a name and one pattern; the first that fits the whole cell is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.papers.characters import plain, without_marks

NUMBER_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

WHOLE = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
PERCENT = r"(?<![0-9.,])[<>]?=? ?[0-9]{1,3}(?:[.,][0-9]+)?"
_SIGN = r"(?: ?%| ?percent| ?per cent)"
_END = r"(?: ?- ?| ?to ?| ?; ?|, ?)"
_DECIMAL = r"-?[0-9]+(?:[.,][0-9]+)?"
_SPREAD = rf"{_DECIMAL}{_SIGN}?{_END}{_DECIMAL}{_SIGN}?"
_CI = r"(?:[0-9]{2}(?:\.[0-9]+)? ?% ?)?(?:CI|CrI|confidence interval|UI)?[:,=]? ?"

_RULES: tuple[tuple[str, str], ...] = (
    (
        "n/N (%)",
        rf"(?P<n>{WHOLE}) ?(?:/|of|out of) ?(?P<N>{WHOLE})[,;:]? ?[(\[] "
        rf"?(?P<p>{PERCENT}){_SIGN}? ?[)\]]",
    ),
    (
        "n/N (%)",
        rf"(?P<n>{WHOLE}) ?(?:/|of|out of) ?(?P<N>{WHOLE})[,;:=]? ?(?P<p>{PERCENT}){_SIGN}",
    ),
    (
        "n/N (%)",
        rf"(?P<p>{PERCENT}){_SIGN}?[,;:]? ?[(\[] ?(?:n ?= ?)?(?P<n>{WHOLE}) ?(?:/|of|out of) "
        rf"?(?P<N>{WHOLE}) ?[)\]]",
    ),
    ("n/N", rf"(?P<n>{WHOLE}) ?/ ?(?P<N>{WHOLE})"),
    ("n of N", rf"(?P<n>{WHOLE}) (?:out )?of (?P<N>{WHOLE})"),
    (
        "n (%)",
        rf"(?:n ?= ?)?(?P<n>{WHOLE})(?: (?:patients?|pts|participants?|subjects?|children))? "
        rf"?[(\[] ?(?P<p>{PERCENT}){_SIGN} ?[)\]]",
    ),
    ("n (%)", rf"(?P<n>{WHOLE})[,;]? ?(?P<p>{PERCENT}){_SIGN}"),
    ("n (%)", rf"(?P<n>{WHOLE}) ?[(\[] ?(?P<p>{PERCENT}) ?[)\]]"),
    (
        "n (%) [interval]",
        rf"(?P<n>{WHOLE}) ?\( ?(?P<p>{PERCENT}){_SIGN}?[;,]? ?(?P<i>{_CI}{_SPREAD}) ?\)",
    ),
    (
        "n (%) [interval]",
        rf"(?P<n>{WHOLE}) ?\( ?(?P<p>{PERCENT}){_SIGN}? ?\) ?[\[({{]?{_CI}(?P<i>{_SPREAD}) "
        rf"?[\])}}]?",
    ),
    ("% (n)", rf"(?P<p>{PERCENT}){_SIGN}[,;]? ?[(\[] ?(?:n ?= ?)?(?P<n>{WHOLE}) ?[)\]]"),
    ("%", rf"(?P<p>{PERCENT}){_SIGN}"),
    (
        "estimate [interval]",
        rf"(?P<e>{_DECIMAL}){_SIGN}?[;,]? ?[(\[] ?{_CI}(?P<i>{_SPREAD}) ?[)\]]",
    ),
    ("estimate [interval]", rf"(?P<e>{_DECIMAL}){_SIGN}?(?:[;,] ?| ){_CI}(?P<i>{_SPREAD})"),
    (
        "median (range) [IQR]",
        rf"(?P<e>{_DECIMAL})(?: [a-z]+)? ?[(\[] ?(?:range|IQR)?[:,]? ?{_SPREAD} ?[)\]][,;]? "
        rf"?[(\[] ?{_SPREAD} ?[)\]]",
    ),
    ("mean (SD)", rf"(?P<e>{_DECIMAL}) ?(?:\u00b1|\+/-) ?(?P<d>{_DECIMAL})"),
    ("e (x)", rf"(?P<e>{_DECIMAL}) ?[(\[] ?(?P<d>{_DECIMAL}){_SIGN}? ?[)\]]"),
    ("range", _SPREAD),
    ("n", rf"(?P<n>{WHOLE})"),
    ("number", rf"[<>]?=? ?{_DECIMAL}"),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _RULES)
_MISSING = re.compile(
    r"(?:[-\u2026.*]+|n/?a|n/?r|n/?d|n\.a\.|n\.r\.|not (?:available|reported|applicable|"
    r"reached|done|assessed|evaluable)|"
    r"unknown|missing|ne|none|nil|-+ ?\(-+\))",
    re.IGNORECASE,
)
_LETTER_MARKS = re.compile(r"(?<=[0-9)%\]]) ?[a-z](?: ?, ?[a-z])*(?=$| ?[(/])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What one place says.

    Attributes
    ----------
    rule : str
        Name of the rule that read it.
    as_printed : str
        The characters it was read from.
    events, total : int or None
        The count and what it is out of, where they stand in the same place.
    percent : str
        Percentage as printed, with a decimal point; ``<1`` where only a limit is printed.
    value, interval : str
        Any other number, and the two ends printed with it.
    """

    rule: str
    as_printed: str
    events: int | None = None
    total: int | None = None
    percent: str = ""
    value: str = ""
    interval: str = ""

    @property
    def signed(self) -> bool:
        """Whether a percent sign stands in the same place."""
        return "%" in plain(self.as_printed)

    @property
    def is_count(self) -> bool:
        """Whether a number of patients is printed."""
        return self.events is not None


def read_cell(text: str) -> Quantity | None:
    r"""Return what a cell says, or None where it says no number.

    Examples
    --------
    >>> found = read_cell("12/35 (34\u00b73)")
    >>> found.rule, found.events, found.total, found.percent
    ('n/N (%)', 12, 35, '34.3')
    >>> read_cell("58.2 (18\u201373)").rule, read_cell("\u2014"), read_cell("Yes")
    ('estimate [interval]', None, None)
    """
    printed = without_marks(text)
    words = _LETTER_MARKS.sub("", plain(printed)).strip()
    if not words or _MISSING.fullmatch(words):
        return None
    for rule, pattern in _COMPILED:
        if found := pattern.fullmatch(words):
            return _quantity(rule, found, printed)
    return None


def is_missing(text: str) -> bool:
    """Tell whether a cell is empty or says that there is nothing to print."""
    return not text or bool(_MISSING.fullmatch(plain(text)))


def _quantity(rule: str, found: re.Match[str], printed: str) -> Quantity:
    """Return what one rule read."""
    parts = found.groupdict()
    return Quantity(
        rule=rule,
        as_printed=printed,
        events=_whole(parts.get("n")),
        total=_whole(parts.get("N")),
        percent=_point(parts.get("p")),
        value=_point(parts.get("e")),
        interval=parts.get("i") or "",
    )


def _whole(text: str | None) -> int | None:
    """Return a whole number of patients; None for one that no paper counts."""
    return int(text.replace(",", "")) if text and len(text) < 10 else None


def _point(text: str | None) -> str:
    """Return a printed number with a decimal point."""
    return re.sub(r"[ =]", "", text or "").replace(",", ".")


def number_in_words(word: str) -> int | None:
    """Return the number an English word says, up to ninety-nine.

    Examples
    --------
    >>> number_in_words("Thirty-eight"), number_in_words("none")
    (38, None)
    """
    word = word.lower()
    if word in NUMBER_WORDS:
        return NUMBER_WORDS.index(word)
    tens, _, unit = word.partition("-")
    if tens in _TENS and (not unit or unit in NUMBER_WORDS[1:10]):
        return 10 * (_TENS.index(tens) + 2) + (NUMBER_WORDS.index(unit) if unit else 0)
    return None

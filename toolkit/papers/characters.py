"""The characters papers are set in, made plain: spaces, dashes, points, powers and note marks."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_NOTHING = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_POINT = re.compile(r"(?<=[0-9])[\u00b7\u2027\u2219\u22c5\u30fb\u0387](?=[0-9])")
_SIGNS = {
    "\u2264": "<=",
    "\u2a7d": "<=",
    "\u2266": "<=",
    "\u2265": ">=",
    "\u2a7e": ">=",
    "\u2267": ">=",
    "\uff1d": "=",
    "\uff08": "(",
    "\uff09": ")",
    "\uff05": "%",
    "\u2044": "/",
    "\u2215": "/",
    "\uff0f": "/",
    "\u2019": "'",
    "\u2018": "'",
    "\u201c": '"',
    "\u201d": '"',
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_TEX = (
    (re.compile(r"\$?\\(?:geqslant|geq|ge)\b\$?"), ">="),
    (re.compile(r"\$?\\(?:leqslant|leq|le)\b\$?"), "<="),
    (re.compile(r"\$?\\(?:pm)\b\$?"), "\u00b1"),
    (re.compile(r"\\%"), "%"),
)
NOTE_MARK = r"[*\u2020\u2021\u00a7\u00b6#\u2016]"
"""Signs that lead to a note."""

_SUPERSCRIPT = re.compile(
    r"[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u207b\u2071\u207f\u02b0-\u02b8\u1d43-\u1d61]+"
)
_MARKS_AT_END = re.compile(rf"(?:\s*{NOTE_MARK})+$")


def tidy(text: str) -> str:
    """Return text as printed, with one ordinary space wherever some kind of space stands."""
    return _SPACES.sub(" ", _NOTHING.sub("", text)).strip()


def plain(text: str) -> str:
    r"""Return text in the few characters that rules know: ``>=``, ``-``, ``.``, ordinary spaces.

    Examples
    --------
    >>> plain("12\u202f(34\u00b73\u2009%), grade \u2265\u00a03\u20134")
    '12 (34.3 %), grade >= 3-4'
    """
    text = _POINT.sub(".", _DASHES.sub("-", tidy(text)))
    text = _SIGN.sub(lambda found: _SIGNS[found[0]], text)
    for sign, plainly in _TEX:
        text = sign.sub(plainly, text)
    return text


def without_marks(text: str) -> str:
    r"""Return a cell or label without the marks that lead to notes.

    A small figure after a power of ten or a square meter is no mark and is kept.

    Examples
    --------
    >>> without_marks("12 (34)\u2020"), without_marks("Neutropenia*"), without_marks("10\u2079/L")
    ('12 (34)', 'Neutropenia', '10\u2079/L')
    """

    def mark(found: re.Match[str]) -> str:
        before = text[: found.start()].rstrip()
        power = before.endswith("10") or re.search(r"(?:^|[\s/])[mc]m?$", before)
        return found[0] if power else ""

    text = _SUPERSCRIPT.sub(mark, text)
    text = re.sub(rf"(?<=[\w)%\]]) ?{NOTE_MARK}+(?=$|[\s,;()])", "", text)
    return _MARKS_AT_END.sub("", text).strip()


def fold(text: str) -> str:
    """Return words as they are compared: lower case, one spelling, no accents, no plural.

    Examples
    --------
    >>> fold("Febrile Neutropaenias") == fold("febrile neutropenia")
    True
    >>> fold("Tumour-lysis syndrome") == fold("tumor lysis syndrome")
    True
    """
    text = re.sub(r"\b([A-Z]{2,4})s\b", r"\1", plain(text))
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = text.replace("ae", "e").replace("oe", "e")
    text = re.sub(r"our\b", "or", text)
    words = re.findall(r"[a-z0-9]+|>=|<=|[<>]", text)
    return " ".join(map(_singular, words))


def _singular(word: str) -> str:
    """Return a word without the ending of a plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word

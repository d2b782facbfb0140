"""Words of a review: vocabularies of its sheets, and what the words of a cell name."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_DIGITS = 9
_MONTH = re.compile(r"\b((?:19|20)\d{2})(?:-(0[1-9]|1[0-2]))?")


def whole_number(text: str) -> int | None:
    """Return the number that plain digits say, None for any other text.

    Python takes more for a digit than a paper does: a footnote mark (``38²``) and the digits of
    other scripts are none here, and no number of patients has more than nine.

    Examples
    --------
    >>> whole_number("38"), whole_number("38²"), whole_number("٣٨"), whole_number("9" * 400)
    (38, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def people(cell: str) -> tuple[str, ...]:
    """Return the people that a cell names, each once: split at ``;``, capitals ignored.

    Examples
    --------
    >>> people("A. Smith; B. Jones; a. smith")
    ('A. Smith', 'B. Jones')
    """
    found: dict[str, str] = {}
    for each in cell.split(";"):
        name = " ".join(each.split())
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def months_of(accrual: str) -> tuple[int, int] | None:
    """Return the two months that a cell ``accrual`` names, counted from year 0, as they stand.

    Examples
    --------
    >>> months_of("2017-03 to 2017") == (12 * 2017 + 2, 12 * 2017 + 11), months_of("2017")
    (True, None)
    """
    found = list(_MONTH.finditer(accrual))
    if len(found) < 2:
        return None
    (start, from_month), (end, to_month) = found[0].groups(), found[-1].groups()
    return 12 * int(start) + int(from_month or 1) - 1, 12 * int(end) + int(to_month or 12) - 1


GRADES = {"": "", "any": "any grade", "ge3": "grade ≥ 3", "4": "grade 4", "5": "grade 5"}
"""Severity grades of a toxicity, from mildest to gravest, with the words shown for them."""


DENOMINATORS = {
    "all_treated": "all treated patients",
    "response_evaluable": "patients evaluable for response",
    "marrow_assessed": "patients with an assessed marrow",
    "ae_evaluable": "patients evaluable for adverse events",
    "subgroup": "patients of the subgroup",
    "responders": "responders only",
}
"""Whom a total counts, in order of preference: the first one available is pooled."""


STATUSES = {
    "": "reported",
    "below_threshold": "known only to lie at or below a reporting threshold",
    "not_reported": "looked for and not reported",
    "alternative": "another reading of a cell that the paper contradicts",
}
"""What a row of counts says of its cell."""


INTERVAL_SCALES = {
    "log-log": "complementary log-log, the usual one for a survival",
    "log": "log, as some programs do for a survival",
    "plain": "the percentage itself",
    "logit": "logit",
}
"""Scales on which the interval of a percentage may be computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a vocabulary: the key written in sheets and the label shown to readers."""

    key: str
    label: str

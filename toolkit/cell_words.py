"""What the words of a cell name: people, and the months of treatment."""

from __future__ import annotations

import re

_MONTH = re.compile(r"\b((?:19|20)\d{2})(?:-(0[1-9]|1[0-2]))?")


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

"""Whether a printed percentage is that of a count, in whole numbers throughout."""

from __future__ import annotations


def fits(events: int, total: int, percent: str) -> bool:
    """Tell whether a percentage is events/total rounded half up, half to even, or cut.

    Parameters
    ----------
    events, total : int
        The count, and the patients it is out of.
    percent : str
        As printed, with a decimal point; ``<`` or ``>`` before a limit.

    Examples
    --------
    >>> fits(10, 38, "26.3"), fits(1, 38, "29"), fits(1, 240, "<1")
    (True, False, True)
    """
    if total < 1 or events > total:
        return False
    bound, digits, decimals = _parts(percent)
    scale = 100 * int(10**decimals)
    if bound:
        share, limit = scale * events, digits * total
        return share < limit or events == 0 if bound == "<" else share > limit
    exact, rest = divmod(scale * events, total)
    if digits == exact:
        return True
    return digits == exact + 1 and 2 * rest >= total


def counts_of(percent: str, total: int) -> range:
    """Return the numbers of patients that a percentage may stand for; they follow each other.

    Examples
    --------
    >>> list(counts_of("26.3", 38)), list(counts_of("12", 90))
    ([10], [11])
    """
    bound, digits, decimals = _parts(percent)
    if bound or total < 1:
        return range(0)
    scale = 100 * 10**decimals
    least = max(0, (2 * digits - 1) * total // (2 * scale) - 1)
    most = min(total, (2 * digits + 1) * total // (2 * scale) + 1)
    near = [
        events
        for events in range(least, most + 1)
        if abs(2 * scale * events - 2 * digits * total) <= total
    ]
    return range(near[0], near[-1] + 1) if near else range(0)


def _parts(percent: str) -> tuple[str, int, int]:
    """Return a limit's sign, the digits of a percentage without its point, and its decimals."""
    bound = percent[:1] if percent[:1] in "<>" else ""
    whole, _, decimals = percent[len(bound) :].partition(".")
    return bound, int(whole + decimals), len(decimals)

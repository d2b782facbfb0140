"""All counts of a review as one spreadsheet, long or wide, for `toolkit.read_table` to read."""

from __future__ import annotations

from toolkit.review.counts import Count
from toolkit.review.review import Review
from toolkit.review.series import Series
from toolkit.sheets.csv_files import write_table

_LONG = (
    "series",
    "key",
    "year",
    "group",
    "outcome",
    "events",
    "total",
    "outcome key",
    "group key",
    "grade",
    "window",
    "denominator",
    "as printed",
    "where",
    "source",
)


def flat_csv(review: Review, *, wide: bool = False) -> str:
    """Return every count of a review as one CSV in UTF-8 with LF line ends.

    Parameters
    ----------
    review : Review
        A checked review.
    wide : bool
        One row for each group of a series, with two columns for each outcome; else one row for
        each count. Percentages without counts are in neither; readings that another one replaces
        are left out of both.

    Returns
    -------
    str
        Undecided numbers as ``low..high``; cells that report nothing as NR.
    """
    return _wide(review) if wide else _long(review)


def _counts(series: Series) -> list[Count]:
    return [count for count in series.counts if count.status in ("", "below_threshold")]


def _name(review: Review, count: Count) -> str:
    """Return an outcome with all that tells its counts apart, in words."""
    outcome = review.outcome(count.outcome)
    usual = outcome.denominators[0] if outcome.denominators else ""
    parts = [
        count.outcome,
        count.grade,
        count.window,
        count.denominator if count.denominator != usual else "",
        count.source if count.source != "primary" else "",
    ]
    return " ".join(part.replace("_", " ") for part in parts if part)


def _events(count: Count) -> str:
    if count.events_low == count.events_high:
        return str(count.events_low)
    return f"{count.events_low}..{count.events_high}"


def _year(series: Series) -> str:
    return str(series.year or "")


def _long(review: Review) -> str:
    rows = [
        (
            series.label,
            series.key,
            _year(series),
            series.group(count.group).label or count.group,
            _name(review, count),
            _events(count),
            str(count.total),
            count.outcome,
            count.group,
            count.grade,
            count.window,
            count.denominator,
            count.as_printed,
            count.where,
            count.source,
        )
        for series in review.series
        for count in _counts(series)
    ]
    return write_table(_LONG, rows)


def _wide(review: Review) -> str:
    names = dict.fromkeys(
        _name(review, count) for series in review.series for count in _counts(series)
    )
    heading = ["series", "year", "group"]
    heading += [f"{name} {what}" for name in names for what in ("events", "total")]
    rows = []
    for series in review.series:
        for group in series.groups:
            mine = {
                _name(review, count): count for count in _counts(series) if count.group == group.key
            }
            if not mine:
                continue
            cells = [series.label, _year(series), group.label or group.key]
            for name in names:
                count = mine.get(name)
                cells += ["NR", "NR"] if count is None else [_events(count), str(count.total)]
            rows.append(cells)
    return write_table(heading, rows)

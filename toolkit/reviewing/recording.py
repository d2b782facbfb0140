"""The sheets of one series on their way into the record: checked as a whole, written as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from toolkit.errors import Problem, SheetError, ToolkitError
from toolkit.load import check_tables
from toolkit.sheets.accepted import with_accepted
from toolkit.sheets.changes import changes
from toolkit.sheets.csv_files import RawTable, write_table
from toolkit.sheets.folder import RawReview, read_tables, write_series
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.protocol.read import read_protocol
from toolkit.sheets.reconcile import settle
from toolkit.sheets.records import review_schema, review_words
from toolkit.sheets.schema.cells import SLUG
from toolkit.sheets.schema.schema import Schema
from toolkit.sheets.workbook.read import RawSeries
from toolkit.sheets.workbook.template import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The sheets of a series that are in order, beside the review they are meant for.

    Attributes
    ----------
    series : str
        Key of the series.
    before, after : RawReview
        The review as recorded, and as it would be with the workbook in it.
    changes : tuple of str
        Every cell that would change, in words; all rows of a new series.
    new : bool
        Whether the series was not recorded before.
    stale : bool
        Whether the record has changed since the workbook was made from it.
    readings : tuple of str
        Cells that show another number than the one stored in them, and which was read.
    """

    series: str
    before: RawReview
    after: RawReview
    changes: tuple[str, ...]
    new: bool
    stale: bool
    readings: tuple[str, ...] = ()


def check_sent(
    before: RawReview, sent: RawSeries, problems: Sequence[Problem] = (), *, accept: bool = True
) -> Sent:
    """Return what the sheets of a series would record; nothing is written.

    Parameters
    ----------
    before : RawReview
        The review as it is recorded.
    sent : RawSeries
        The sheets of the series as text.
    problems : sequence of Problem
        What is known to be wrong with them already.
    accept : bool
        Whether accepted proposals become counts here; not where they have become so before.

    Raises
    ------
    SheetError
        With every problem that the sheets have, or would bring into the review.
    """
    schema = review_schema(protocol_of(before))
    found = list(problems)
    if not SLUG.fullmatch(sent.series):
        raise SheetError(found)
    if sent.to_decide is not None:
        words = review_words(before, protocol_of(before))
        tables, undecided = settle(schema, sent.tables, sent.to_decide, words)
        sent = replace(sent, tables=tables)
        found.extend(undecided)
    if accept:
        tables, incomplete = with_accepted(schema, sent.tables)
        sent = replace(sent, tables=tables)
        found.extend(incomplete)
    old = tables_of(before, sent.series)
    after = with_series(before, sent, schema)
    already = set(check_tables(before)[1].problems)
    met = [each for each in check_tables(after)[1].problems if each not in already]
    # A worksheet that is missing has been reported; its CSV is of no interest to the sender.
    own, given = f"series/{sent.series}/", {table.file for table in sent.tables.values()}
    met = [each for each in met if _is_of_interest(each.address.file, own, given)]
    if found or met:
        raise SheetError([*found, *met])
    return Sent(
        series=sent.series,
        before=before,
        after=after,
        changes=changes(schema, old, sent.tables),
        new=sent.series not in before.series,
        stale=sent.series in before.series and sent.made_from != fingerprint(old),
        readings=sent.readings,
    )


def _is_of_interest(file: str, own: str, given: set[str]) -> bool:
    """Return whether a problem is about a sheet that was sent, or about the review around it."""
    return file in given or not file.startswith(own)


def record(review: Path, sent: Sent) -> None:
    """Write the sheets of a series into a review, all or nothing.

    Raises
    ------
    ToolkitError
        If the folder cannot be written, or somebody has changed the series since it was read.
    """
    schema = review_schema(protocol_of(sent.before))
    read, now = (tables_of(raw, sent.series) for raw in (sent.before, read_tables(review)))
    if fingerprint(read) != fingerprint(now):
        raise ToolkitError(
            f"{sent.series} was changed by somebody else a moment ago. Nothing was recorded: "
            "look at what changed, then record it again."
        )
    tables = tables_of(sent.after, sent.series)
    files = {kind.file: _text(tables[kind.name]) for kind in schema.series if kind.name in tables}
    write_series(review, sent.series, files, [kind.file for kind in schema.series])


def protocol_of(raw: RawReview) -> Protocol:
    """Return the protocol of a review; raises SheetError where it cannot be used."""
    if raw.protocol is None:
        raise SheetError(raw.problems)
    protocol, problems = _read_once(raw.protocol)
    if protocol is None:
        raise SheetError(problems)
    return protocol


@lru_cache(maxsize=8)
def _read_once(text: str) -> tuple[Protocol | None, list[Problem]]:
    """Return a protocol, not read again as long as its text stays the same."""
    return read_protocol(text)


def tables_of(raw: RawReview, series: str) -> dict[str, RawTable]:
    """Return the sheets of one series by name."""
    return {name: table for (key, name), table in raw.tables.items() if key == series}


def with_series(raw: RawReview, sent: RawSeries, schema: Schema) -> RawReview:
    """Return the review as it would be with the sheets of a workbook in it."""
    replaced = {(sent.series, kind.name) for kind in schema.series}
    files = {f"series/{series}/{name}.csv" for series, name in replaced}
    tables = {(sent.series, name): table for name, table in sent.tables.items()}
    contents = {
        f"series/{sent.series}/{name}.csv": _text(table).encode()
        for name, table in sent.tables.items()
    }
    return replace(
        raw,
        tables={**{at: raw.tables[at] for at in raw.tables if at not in replaced}, **tables},
        series=tuple(sorted({*raw.series, sent.series})),
        contents={
            **{name: raw.contents[name] for name in raw.contents if name not in files},
            **contents,
        },
        problems=tuple(each for each in raw.problems if each.address.file not in files),
    )


def _text(table: RawTable) -> str:
    """Return a sheet the one way it is written."""
    return write_table(table.heading, [cells for _, cells in table.rows])

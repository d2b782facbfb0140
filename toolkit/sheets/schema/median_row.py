"""Rows of the sheet of medians: how long until half of the patients had an event."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from toolkit.sheets.schema.cells import CellKind, Choice, Text, Trouble, Where, Words
from toolkit.sheets.schema.numbers import Percent, Whole
from toolkit.sheets.schema.series_rows import NumberColumn, SheetRow, TextColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(CellKind):
    """A length of time with a decimal point, 0 or more, in the unit of its row."""

    @property
    def empty(self) -> None:
        """An empty cell states no time."""
        return None

    def convert(self, text: str, column: str, words: Words) -> float:
        """Return the time, in the unit of the row."""
        if not re.fullmatch(r"[0-9]{1,5}(?:\.[0-9]{1,9})?", text):
            raise Trouble(
                f'{column} is "{text}", but it must be a length of time.',
                remedy='Write the number alone, such as "6.1"; its unit stands in unit.',
            )
        return float(text)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the cell's text."""
        return {"type": "string", "pattern": r"^(?:[0-9]{1,5}(?:\.[0-9]{1,9})?)?$"}


class MedianRow(SheetRow):
    """A printed median of a time to an event, such as survival, with its interval or its range."""

    group: Annotated[str, Choice(vocabulary="group", required=True)] = TextColumn(
        title="Group", description="Key of a group in groups.", examples=["all"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome", required=True)] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["survival"]
    )
    status: Annotated[str, Choice(vocabulary="estimate_status")] = TextColumn(
        title="Status",
        description="Empty for a number the paper reports; else why the row is not plain.",
        examples=["alternative"],
    )
    median: Annotated[float | None, Duration()] = NumberColumn(
        title="Median",
        description="The median as printed; empty where it was not reached and only a limit is "
        "given.",
        examples=["6.1"],
    )
    low: Annotated[float | None, Duration()] = NumberColumn(
        title="Lower end", description="Lower end of what stands beside it.", examples=["3.7"]
    )
    high: Annotated[float | None, Duration()] = NumberColumn(
        title="Upper end",
        description="Upper end; empty where it was not reached.",
        examples=["10.1"],
    )
    spread: Annotated[str, Choice(vocabulary="spread")] = TextColumn(
        title="Spread", description="What low and high are.", examples=["interval"]
    )
    level_percent: Annotated[float | None, Percent()] = NumberColumn(
        title="Level", description="Coverage of an interval; empty: 95.", examples=["95"]
    )
    unit: Annotated[str, Choice(vocabulary="time_unit", required=True)] = TextColumn(
        title="Unit", description="Unit of the three times.", examples=["months"]
    )
    patients: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Patients", description="Patients at the start.", examples=["38"]
    )
    as_printed: Annotated[str, Text(longest=80)] = TextColumn(
        title="As printed",
        description="The cell as the paper prints it, a few characters.",
        examples=["6.1 months (95% CI: 3.7-10.1)"],
    )
    source: Annotated[str, Choice(vocabulary="source", required=True)] = TextColumn(
        title="Source",
        description="primary (the series' own report) or the key of the report that quotes it.",
        examples=["primary"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where", description="Place in the paper.", examples=["Results, Survival"]
    )
    note: Annotated[str, Text()] = TextColumn(
        title="Note",
        description="From when time is counted; both readings of a contradicted number.",
        examples=["Counted from the first dose."],
    )

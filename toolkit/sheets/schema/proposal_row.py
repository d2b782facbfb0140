"""Rows of what a draft proposes, before and after a person has accepted them."""

from __future__ import annotations

from typing import Annotated

from toolkit.sheets.schema.cells import Choice, Text, Where
from toolkit.sheets.schema.numbers import Whole
from toolkit.sheets.schema.series_rows import NumberColumn, SheetRow, TextColumn


class ProposalRow(SheetRow):
    """One quantity drafted from the paper; it counts once somebody has put a name to it."""

    as_printed: Annotated[str, Text(required=True, longest=80)] = TextColumn(
        title="As printed", description="The place as the paper prints it.", examples=["12 (34)"]
    )
    events: Annotated[int | None, Whole()] = NumberColumn(
        title="Events", description="Patients with the outcome.", examples=["12"]
    )
    total: Annotated[int | None, Whole(least=1)] = NumberColumn(
        title="Total", description="Patients it is out of.", examples=["35"]
    )
    percent: Annotated[str, Text(longest=20)] = TextColumn(
        title="Percent", description="Percentage as printed.", examples=["34"]
    )
    outcome: Annotated[str, Choice(vocabulary="outcome")] = TextColumn(
        title="Outcome", description="Key of an outcome of the review.", examples=["cr"]
    )
    grade: Annotated[str, Choice(vocabulary="grade")] = TextColumn(
        title="Grade", description="Severity of a toxicity; empty for a response.", examples=["ge3"]
    )
    group: Annotated[str, Choice(vocabulary="group")] = TextColumn(
        title="Group", description="Key of a group in groups.", examples=["all"]
    )
    denominator: Annotated[str, Choice(vocabulary="denominator")] = TextColumn(
        title="Denominator", description="Whom the total counts.", examples=["all_treated"]
    )
    basis: Annotated[str, Choice(vocabulary="basis")] = TextColumn(
        title="Basis",
        description="drafted for a count that is printed, derived for one worked out.",
        examples=["drafted"],
    )
    where: Annotated[str, Where(required=True)] = TextColumn(
        title="Where",
        description="Place in the paper.",
        examples=["Table 4, row Neutropenia, column Grade 3 or worse"],
    )
    rule: Annotated[str, Text(longest=60)] = TextColumn(
        title="Rule", description="The rule that read it.", examples=["n (%)"]
    )
    reason: Annotated[str, Text(longest=200)] = TextColumn(
        title="Reason",
        description="What a person should look at, or why nothing is proposed.",
        examples=["no outcome of the review is called so"],
    )
    paper: Annotated[str, Text(longest=64)] = TextColumn(
        title="Paper", description="SHA-256 of the file that was read.", examples=["9f86d081..."]
    )
    accepted_by: Annotated[str, Text(longest=100)] = TextColumn(
        title="Accepted by",
        description="Who compared it with the paper; empty: it is not recorded.",
        examples=["A. Smith"],
    )

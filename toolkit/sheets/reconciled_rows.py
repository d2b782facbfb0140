"""Rows of what two extractors read differently, and what they agreed on."""

from __future__ import annotations

from typing import Annotated

from toolkit.sheets.cells import Text, Word
from toolkit.sheets.row import Column, Row


class ReconciledRow(Row):
    """A cell, or a whole row, that two extractors read differently, and what they agreed on.

    Comparing two workbooks fills this in; leave it as it is.
    """

    sheet: Annotated[str, Text(required=True, longest=40)] = Column(
        title="Sheet", description="Sheet in which they differ.", examples=["counts"]
    )
    row: Annotated[str, Text(required=True)] = Column(
        title="Row",
        description="The row, by the cells that name it.",
        examples=["group all, outcome anemia, grade any, denominator all_treated"],
    )
    column: Annotated[str, Text(longest=60)] = Column(
        title="Column",
        description="Column in which they differ; empty: one of them has no such row at all.",
        examples=["events"],
    )
    first: Annotated[str, Text()] = Column(
        title="First reading", description="What the first extractor wrote.", examples=["12"]
    )
    second: Annotated[str, Text()] = Column(
        title="Second reading", description="What the second extractor wrote.", examples=["21"]
    )
    decision: Annotated[str, Word(vocabulary="reconciling", required=True)] = Column(
        title="Decision", description="Whose reading is recorded.", examples=["first"]
    )
    agreed: Annotated[str, Text()] = Column(
        title="Agreed", description="What is recorded if neither reading is.", examples=["13"]
    )
    decided_by: Annotated[str, Text(required=True)] = Column(
        title="Decided by", description="Who decided.", examples=["A. Smith; B. Jones"]
    )
    reason: Annotated[str, Text()] = Column(
        title="Reason", description="Why.", examples=["Table 4 says 12 (29 %), and 12/42 is 29 %."]
    )

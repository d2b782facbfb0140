"""What is drafted from a paper: proposals, statements, and what nobody matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from toolkit.papers.document import Document
from toolkit.papers.quantity import Quantity

Standing = Literal["proposal", "statement", "unmatched"]
"""``proposal``: a count that a person may accept. ``statement``: what the paper says that is no
plain count, or does not agree with itself. ``unmatched``: a person must say what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """One quantity of a paper with its place.

    Attributes
    ----------
    standing : {"proposal", "statement", "unmatched"}
        What it may become.
    quantity : Quantity
        What is printed.
    events, total : int or None
        The count as it would be recorded.
    outcome, grade : str
        Outcome of the review and its grade; a grade that no sheet records is kept as printed.
    group : str
        Whom it describes, as printed; empty for all patients.
    denominator : str
        Where the total was found: cell, row, section, head, caption or text.
    table, row, column : str
        Its place in a table.
    sentence : int or None
        Its place in a section.
    where : str
        Its place in words.
    label : str
        What it is about, as printed.
    part_of : str
        The block it is a category of, as printed.
    basis : str
        ``reported``, or ``derived`` where only a percentage is printed.
    time_years : float or None
        Time of an estimate that has one.
    reason : str
        Why it is not proposed, or what a person should look at.
    context : str
        The sentence it stands in.
    cell : tuple of int, or None
        Row and column of its table's grid, the head included, counted from 0.
    """

    standing: Standing
    quantity: Quantity
    events: int | None = None
    total: int | None = None
    outcome: str = ""
    grade: str = ""
    group: str = ""
    denominator: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    sentence: int | None = None
    where: str
    label: str = ""
    part_of: str = ""
    basis: str = "reported"
    time_years: float | None = None
    reason: str = ""
    context: str = ""
    cell: tuple[int, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as one flat record of plain words and numbers.

        A statement or an unmatched quantity has no outcome that could be taken for accepted.
        """
        counted = self.standing != "statement"
        rule = self.quantity.rule
        return {
            "rule": rule if self.standing == "proposal" else f"{self.standing}: {rule}",
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "sentence": self.sentence,
            "as_printed": self.quantity.as_printed,
            "events": self.events if counted else None,
            "total": self.total if counted else None,
            "percent": _number(self.quantity.percent),
            "outcome": self.outcome or None,
            "grade": self.grade or None,
            "group": self.group or "all",
            "where": self.where,
        }


def _number(percent: str) -> float | str | None:
    """Return a percentage as a number; one printed as a limit stays as it is."""
    if not percent:
        return None
    return percent if percent[0] in "<>" else float(percent)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a paper offers a review.

    Attributes
    ----------
    proposals : tuple of Drafted
        Counts of outcomes; none is recorded until a person has ticked it.
    statements : tuple of Drafted
        What the paper says that is no count of an outcome, or that disagrees with itself.
    unmatched : tuple of Drafted
        Quantities that a person must assign.
    document : Document
        The paper.
    """

    proposals: tuple[Drafted, ...]
    statements: tuple[Drafted, ...]
    unmatched: tuple[Drafted, ...]
    document: Document

    def to_list(self) -> list[dict[str, Any]]:
        """Return every quantity as a flat record: proposals, statements, unmatched."""
        return [each.to_dict() for each in (*self.proposals, *self.statements, *self.unmatched)]

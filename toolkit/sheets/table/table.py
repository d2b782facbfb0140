"""What a stranger's spreadsheet holds: rows, columns taken and why, and what was passed over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from toolkit.errors import Address, ChoiceError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column that was taken for something.

    Attributes
    ----------
    role : str
        What it was taken for: ``label``, ``events``, ``total``, ``fraction`` (x/n in one cell),
        ``percent``, ``low``, ``high``, ``effect``, ``error``, ``variance``, ``group``,
        ``outcome`` or ``year``.
    heading : str
        Its heading as written.
    outcome : str
        What it counts, where a table counts several things side by side.
    why : str
        Why it was taken so.
    """

    role: str
    heading: str
    outcome: str = ""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """Something in the file that enters no pool: a row, or a column.

    Attributes
    ----------
    address : Address
        Where it stands.
    what : str
        What is there, and why it is no number of a study.
    """

    address: Address
    what: str

    def __str__(self) -> str:
        """Return both as one line."""
        return f"{self.address}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """What one row says of one outcome of one study.

    Attributes
    ----------
    label : str
        Name of the study.
    outcome, group : str
        What is counted and among whom; empty where the table does not say.
    year : int or None
        Year of the report.
    events_low, events_high, total : int or None
        Events among patients; low and high differ where a cell says ``1..11``.
    proportion, low, high : float or None
        A percentage without events, and printed limits, in [0, 1].
    effect, standard_error : float or None
        A bare effect on its own scale.
    reported : bool
        Whether the row has a number to pool; False where its cell says that nothing is reported.
    cells : tuple of (heading, text)
        Every cell of the row as read.
    address : Address
        The line it stands on.
    """

    label: str
    outcome: str = ""
    group: str = ""
    year: int | None = None
    events_low: int | None = None
    events_high: int | None = None
    total: int | None = None
    proportion: float | None = None
    low: float | None = None
    high: float | None = None
    effect: float | None = None
    standard_error: float | None = None
    reported: bool = True
    cells: tuple[tuple[str, str], ...] = ()
    address: Address

    @property
    def counted(self) -> bool:
        """Whether the row holds events among a total."""
        return self.events_low is not None and self.total is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A spreadsheet as it was read.

    Attributes
    ----------
    file, sheet : str
        Name of the file and, in a workbook, of the worksheet.
    form : str
        How it was written: kind of file, mark between cells, encoding.
    headings : tuple of str
        Every heading, from left to right.
    columns : tuple of TableColumn
        The columns that were taken, and why.
    rows : tuple of TableRow
        One for each study, outcome and group, in the order of the file.
    passed_over : tuple of PassedOver
        Rows and columns that are not taken.
    remarks : tuple of str
        What a reader should know of how cells were read.
    repeated : tuple of Problem
        Studies that stand in several rows and that nothing tells apart: no pool takes them until
        somebody says what they are.
    """

    file: str
    sheet: str = ""
    form: str = ""
    headings: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    rows: tuple[TableRow, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    remarks: tuple[str, ...] = ()
    repeated: tuple[Problem, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is counted, in the order of the table; one empty word where it does not say."""
        return tuple(dict.fromkeys(row.outcome for row in self.rows))

    def of(self, outcome: str) -> Table:
        """Return the rows of one outcome; raises ChoiceError naming the nearest word."""
        known = {word.casefold(): word for word in self.outcomes}
        if outcome.casefold() not in known:
            raise ChoiceError("outcome", outcome, [word for word in self.outcomes if word])
        wanted = known[outcome.casefold()]
        return replace(self, rows=tuple(row for row in self.rows if row.outcome == wanted))

    def heading(self, word: str) -> str:
        """Return the heading that a word names, whatever its case.

        Raises
        ------
        ChoiceError
            For a word that names no column.
        """
        plain = " ".join(word.casefold().replace("_", " ").split())
        for name in self.headings:
            if name and plain == " ".join(name.casefold().replace("_", " ").split()):
                return name
        raise ChoiceError("column", word, [name for name in self.headings if name])

    def in_words(self) -> str:
        """Return what was taken, and what was passed over, line by line."""
        place = f"{self.file}, sheet {self.sheet}" if self.sheet else self.file
        lines = [f"{place}: {self.form}; {_rows(len(self.rows))}."]
        for column in self.columns:
            of = f" of {column.outcome}" if column.outcome else ""
            lines.append(f'  {column.role}{of}: column "{column.heading}" ({column.why})')
        lines += [f"  {remark}" for remark in self.remarks]
        lines += [f"  passed over: {each}" for each in self.passed_over]
        lines += [
            f"  several rows of one study: {each.address}, {each.context}" for each in self.repeated
        ]
        missing = [row for row in self.rows if not row.reported]
        if missing:
            names = dict.fromkeys(row.label for row in missing)
            lines.append(f"  not reported: {', '.join(names)}")
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return `in_words`."""
        return self.in_words()


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"

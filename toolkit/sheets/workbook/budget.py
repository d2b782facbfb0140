"""What a workbook may ask of the machine: counted while it is unpacked, before it is understood.

A file of some kilobytes can unfold to gigabytes, or name a range that a reader turns into a million
cells. Every part is therefore unpacked once in pieces and read by a parser that keeps nothing; what
is beyond the budget is refused in one sentence. Budgets are some ten times what the largest series
of our reviews needs.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from toolkit.errors import ToolkitError

MOST_PARTS = 2_000
MOST_BYTES = 40_000_000
MOST_CELLS = 600_000
MOST_ELEMENTS = 400_000
MOST_STYLES = 150_000
MOST_AREA = 20_000
MOST_RANGES = 2_000
MOST_DEPTH = 60
MOST_ATTRIBUTE = 40_000

_PIECE = 1 << 16
_SPREAD = {"mergeCell", "hyperlink", "comment"}
"""Elements whose range a reader turns into single cells."""
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii"}
_COPY = "Copy the rows that are filled in to a fresh workbook."


class Damaged(ToolkitError):
    """A part of a workbook that cannot be unpacked or is no XML."""


@dataclass(slots=True)
class _Budget:
    """What all parts together have used so far."""

    file: str
    bytes: int = 0
    cells: int = 0
    elements: int = 0
    area: int = 0
    ranges: int = 0
    by_part: Counter[str] = field(default_factory=Counter)

    def refuse(self, what: str) -> ToolkitError:
        """Return the refusal of a workbook that asks too much."""
        return ToolkitError(
            f"{self.file} {what}; the workbook of one series is never that large, so it is not "
            f"read. {_COPY}"
        )


def check_budget(file: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that asks too much of the machine or whose parts are damaged.

    Parameters
    ----------
    file : str
        Its name, as the reader knows it.
    archive : ZipFile
        The workbook, opened and not yet unpacked.

    Raises
    ------
    Damaged
        Where a part cannot be unpacked, does not match its checksum or is no XML.
    ToolkitError
        Where the workbook is locked or beyond the budget.
    """
    budget = _Budget(file=file)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise budget.refuse(f"has {len(parts):,} parts")
    twice = [name for name, count in Counter(part.filename for part in parts).items() if count > 1]
    if twice:
        raise Damaged(f"the part {twice[0]} stands twice in it")
    for part in parts:
        if part.flag_bits & 0x1:
            raise ToolkitError(
                f"{file} is locked with a password. Remove the password and save it again."
            )
        _check_part(budget, archive, part)


def _check_part(budget: _Budget, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack one part in pieces and let a parser count what is in it."""
    name = part.filename
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    reader = _Reader(budget, name) if is_xml else None
    try:
        with archive.open(part) as unpacked:
            while piece := unpacked.read(_PIECE):
                budget.bytes += len(piece)
                if budget.bytes > MOST_BYTES:
                    raise budget.refuse(f"would unfold to more than {MOST_BYTES:,} bytes")
                if reader is not None:
                    reader.parser.Parse(piece, False)
        if reader is not None and budget.by_part[name]:
            reader.parser.Parse(b"", True)
    # Among them what zipfile has no word for: a header of nonsense, an unknown method.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
        LookupError,
        OverflowError,
    ) as error:
        raise Damaged(f"its part {name} cannot be unpacked") from error
    except expat.ExpatError as error:
        raise Damaged(f"its part {name} is not written as XML should be") from error


class _Reader:
    """A parser of one part that keeps nothing but counts."""

    def __init__(self, budget: _Budget, name: str) -> None:
        self.budget = budget
        self.name = name
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        budget, plain = self.budget, tag.rpartition(":")[2]
        self.depth += 1
        budget.elements += 1
        budget.by_part[self.name] += 1
        if self.depth > MOST_DEPTH:
            raise Damaged(f"its part {self.name} is nested {MOST_DEPTH} deep")
        if any(len(value) > MOST_ATTRIBUTE for value in attributes.values()):
            raise Damaged(f"its part {self.name} holds an attribute without end")
        if plain == "c":
            budget.cells += 1
        if budget.cells > MOST_CELLS:
            raise budget.refuse(f"has more than {MOST_CELLS:,} cells, most of them empty or styled")
        if budget.elements - budget.cells > MOST_ELEMENTS:
            raise budget.refuse(f"holds more than {MOST_ELEMENTS:,} marks of formatting")
        if self.name.endswith("styles.xml") and budget.by_part[self.name] > MOST_STYLES:
            raise budget.refuse(f"holds more than {MOST_STYLES:,} marks of formatting")
        if plain in _SPREAD:
            self._range(plain, attributes.get("ref", ""))
        budget.ranges += len(attributes.get("sqref", "").split())
        if budget.ranges > MOST_RANGES:
            raise budget.refuse(f"holds more than {MOST_RANGES:,} ranges of cells")

    def _range(self, tag: str, written: str) -> None:
        """Count the cells of a range that a reader takes apart."""
        budget = self.budget
        budget.ranges += ":" in written
        budget.area += area(written)
        if budget.area > MOST_AREA:
            what = {"mergeCell": "merges", "hyperlink": "links"}.get(tag, "comments on")
            raise ToolkitError(
                f"{budget.file} {what} whole columns or rows ({written[:40]}): {MOST_AREA:,} cells "
                "or more. Separate the cells and save it again."
            )

    def _end(self, tag: str) -> None:
        self.depth -= 1

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise Damaged(
                f"its part {self.name} says that it is written in {encoding[:40]}, as no "
                "spreadsheet writes"
            )

    def _doctype(self, name: str, system: str | None, public: str | None, inner: int) -> None:
        raise ToolkitError(
            f"{self.budget.file} contains instructions to unfold other text (XML entities). "
            "No spreadsheet writes those, so it is not read."
        )


def area(written: str) -> int:
    """Return how many cells a range such as ``A1:B7`` names; whole columns and rows are large.

    Examples
    --------
    >>> area("A1:B7"), area("C3"), area("A:B") > 1_000_000
    (14, 1, True)
    """
    ends = [_end_of(end) for end in written.replace("$", "").upper().split(":")]
    if any(row == 0 or column == 0 for column, row in ends):
        return 2_000_000
    columns, rows = zip(*ends, strict=True)
    return int(max(columns) - min(columns) + 1) * int(max(rows) - min(rows) + 1)


def _end_of(cell: str) -> tuple[int, int]:
    """Return column and row of a cell as numbers; 0 for one that is not named."""
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    column = 0
    for letter in letters[:4]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(digits[:8] or 0)

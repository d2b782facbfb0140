"""Twelve studies in every shape that a spreadsheet may have, for the tests that read them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

STUDIES = (
    ("Ardito 2011", 3, 12),
    ("Bianchi 2012", 6, 19),
    ("Chen 2014", 18, 27),
    ("Dubois 2015", 14, 37),
    ("Evans 2016", 10, 38),
    ("Fuchs 2017", 0, 8),
    ("García 2018", 5, 14),
    ("Hansen 2019", 7, 21),
    ("Ito 2020", 9, 16),
    ("Jones 2021", 4, 30),
    ("Kim 2022", 11, 25),
    ("Müller 2023", 2, 9),
)
"""Names, events and patients; invented."""

EVENTS = tuple(events for _, events, _ in STUDIES)
TOTAL = tuple(total for _, _, total in STUDIES)
NAMES = tuple(name for name, _, _ in STUDIES)

Row = Sequence[object]
PLAIN: tuple[Row, ...] = (("series", "events", "total"), *STUDIES)


def text(rows: Iterable[Row], mark: str = ",") -> str:
    """Return rows as lines of cells with a mark between them."""
    target = io.StringIO()
    csv.writer(target, delimiter=mark, lineterminator="\n").writerows(rows)
    return target.getvalue()


def write_text(encoding: str, mark: str = ",", rows: Iterable[Row] = PLAIN, head: str = ""):
    """Return a function that writes rows as text."""

    def write(path: Path) -> Path:
        path.write_bytes((head + text(rows, mark)).encode(encoding))
        return path

    return write


def write_xlsx(path: Path, rows: Iterable[Row] = PLAIN) -> Path:
    """Write rows as the one worksheet of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def write_ods(path: Path, rows: Iterable[Row] = PLAIN) -> Path:
    """Write rows as an OpenDocument spreadsheet, as spreadsheet programs do."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            if cell is None or cell == "":
                cells.append("<table:table-cell/>")
            elif isinstance(cell, int | float):
                cells.append(
                    f'<table:table-cell office:value-type="float" office:value="{cell}">'
                    f"<text:p>{cell}</text:p></table:table-cell>"
                )
            else:
                words = escape(str(cell))
                cells.append(
                    '<table:table-cell office:value-type="string">'
                    f"<text:p>{words}</text:p></table:table-cell>"
                )
        # Programs end every line with one cell repeated to the edge of the sheet.
        cells.append('<table:table-cell table:number-columns-repeated="16380"/>')
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    lines.append(
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="Sheet1">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
    return path


def _with(heading: Row, cells: Callable[[str, int, int], Row]) -> tuple[Row, ...]:
    return (heading, *(cells(*study) for study in STUDIES))


_TITLED: tuple[Row, ...] = (
    ("Table 2. Responses by study", "", ""),
    ("", "", ""),
    *PLAIN[:5],
    ("", "", ""),
    *PLAIN[5:],
    ("Total", sum(EVENTS), sum(TOTAL)),
    ("* evaluable patients alone", "", ""),
)
_MISSING: tuple[Row, ...] = (*PLAIN, ("Ng 2024", "NA", 15), ("Olsen 2024", "NR", "-"))

SHAPES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "commas, UTF-8": ("csv", write_text("utf-8")),
    "semicolons, UTF-8 with a mark": ("csv", write_text("utf-8-sig", ";")),
    "tabs, UTF-16": ("tsv", write_text("utf-16", "\t")),
    "semicolons, Windows": ("csv", write_text("cp1252", ";")),
    "a line sep=": ("csv", write_text("utf-8", ";", head="sep=;\n")),
    "XLSX": ("xlsx", write_xlsx),
    "ODS": ("ods", write_ods),
    "xi and ni": (
        "csv",
        write_text("utf-8", rows=_with(("Study", "xi", "ni"), lambda *each: each)),
    ),
    "Cases and N": (
        "csv",
        write_text("utf-8", ";", _with(("AUTHOR", "Cases", "Sample Size (N)"), lambda *each: each)),
    ),
    "r/N in one cell": (
        "csv",
        write_text("utf-8", rows=_with(("Study", "r/N"), lambda name, x, n: (name, f"{x}/{n}"))),
    ),
    "n/N (%) in one cell with a decimal comma": (
        "csv",
        write_text(
            "utf-8",
            ";",
            _with(
                ("Studie", "CR, n/N (%)"),
                lambda name, x, n: (name, f"{x}/{n} ({100 * x / n:.1f}%)".replace(".", ",")),
            ),
        ),
    ),
    "title, blank lines, total, note": ("csv", write_text("utf-8", rows=_TITLED)),
    "title, blank lines, total, note in a workbook": (
        "xlsx",
        lambda path: write_xlsx(path, [[c if c != "" else None for c in r] for r in _TITLED]),
    ),
    "studies that do not report": ("csv", write_text("utf-8", rows=_MISSING)),
    "what pandas writes": (
        "csv",
        write_text(
            "utf-8",
            rows=(
                ("", "study", "events", "total"),
                *((i, name, float(x), float(n)) for i, (name, x, n) in enumerate(STUDIES)),
            ),
        ),
    ),
    "a decimal comma in a further column": (
        "csv",
        write_text(
            "utf-8",
            ";",
            _with(
                ("Study", "Events", "Total", "Median age"),
                lambda name, x, n: (name, x, n, f"{x + 3},5"),
            ),
        ),
    ),
}
"""Each shape by its name: the end of the file's name, and what writes it."""

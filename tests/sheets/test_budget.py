"""Files that ask too much, or are broken, are refused in a sentence before they are understood."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from toolkit.errors import Address, Problem, ToolkitError, in_words
from toolkit.reviewing.workbooks import make_workbook
from toolkit.sheets.schema.cells import Text, Trouble
from toolkit.sheets.workbook.file import open_workbook
from toolkit.sheets.workbook.numbers import shown_number, stored_number

BASE = Path(__file__).parent / "_base"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("sound")
    return make_workbook(BASE, "smith-2020", folder / "a.xlsx").read_bytes()


def with_part(content: bytes, name: str, old: str, new: str) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in archive.infolist():
            text = archive.read(part)
            if part.filename == name:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            packed.writestr(part.filename, text)
    return made.getvalue()


def refusal(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(content)
    with pytest.raises(ToolkitError) as refused:
        open_workbook(path)
    return str(refused.value)


END = "</worksheet>"
SHEET = "xl/worksheets/sheet3.xml"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (SHEET, END, '<mergeCells><mergeCell ref="A1:B1048576"/></mergeCells>' + END, "merges"),
        (SHEET, END, '<mergeCells><mergeCell ref="A:XFD"/></mergeCells>' + END, "merges"),
        (SHEET, END, '<hyperlinks><hyperlink ref="A1:Z9999"/></hyperlinks>' + END, "links"),
        (SHEET, END, "<x>" * 100 + "</x>" * 100 + END, "nested"),
        (SHEET, END, '<x a="' + "y" * 100_000 + '"/>' + END, "attribute"),
        ("xl/styles.xml", "</styleSheet>", "<xf/>" * 200_000 + "</styleSheet>", "formatting"),
        (SHEET, "</sheetData>", "<row>" + "<c/>" * 650_000 + "</row></sheetData>", "cells"),
        (SHEET, END, " " * 45_000_000 + END, "unfold to more than"),
        (SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', "XML entities"),
        ("xl/workbook.xml", "<work", '<?xml version="1.0" encoding="bogus-8"?><work', "bogus-8"),
    ],
    ids=["merge", "columns", "link", "nested", "attribute", "styles", "cells", "bytes", "entity",
         "encoding"],
)  # fmt: skip
def test_what_asks_too_much_is_refused(
    tmp_path: Path, sound: bytes, name: str, old: str, new: str, said: str
) -> None:
    assert said in refusal(tmp_path, with_part(sound, name, old, new))


def test_every_flipped_bit_of_a_part_is_damage(tmp_path: Path, sound: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        part = archive.getinfo(SHEET)
    for step in range(0, part.compress_size, max(1, part.compress_size // 7)):
        held = bytearray(sound)
        held[part.header_offset + 30 + len(SHEET) + step] ^= 4
        assert "is damaged" in refusal(tmp_path, bytes(held))


@pytest.mark.parametrize(
    ("flag", "method", "said"), [(1, 8, "locked with a password"), (0, 99, "is damaged")]
)
def test_what_cannot_be_unpacked_is_one_sentence(
    tmp_path: Path, sound: bytes, flag: int, method: int, said: str
) -> None:
    held = bytearray(sound)
    at = 0
    while (at := held.find(b"PK\x01\x02", at + 1)) != -1:
        held[at + 8] |= flag
        held[at + 10] = method
    assert said in refusal(tmp_path, bytes(held))


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        # What a spreadsheet shows in these formats.
        (26.0, "0.0", "26.0"), (1.0, "000", "001"), (1234.0, "#,##0", "1,234"), (7.6, "0", "8"),
        (0.263, "0%", "26%"), (2.5, "0", "3"), (-2.0, "0.0;(0.0)", "(2.0)"),
        (7.6, "General", "7.6"),
        (8.0, '0" pts"', "8 pts"), (0.0, "0;-0;\\z", None), (7.6, "# ?/?", None),
        (7.0, "0.00E+00", None),
        (0.1, "0.###", "0.1"), (1234567.0, "#,##0.00", "1,234,567.00"),
    ],
)  # fmt: skip
def test_a_formatted_number_is_known_as_it_is_shown(
    value: float, form: str, shown: str | None
) -> None:
    assert shown_number(value, form) == shown


def test_what_is_shown_and_stored_otherwise_is_said(tmp_path: Path) -> None:
    from toolkit.reviewing.workbooks import check_workbook

    path = make_workbook(BASE, "smith-2020", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    cell = book["counts"]["F2"]
    cell.value, cell.number_format = int(str(cell.value)), "000"
    book.save(path)
    (reading,) = check_workbook(BASE, path).readings
    value = int(str(openpyxl.load_workbook(path)["counts"]["F2"].value))
    assert reading == f"counts, cell F2: shows {value:03d}, read as {value}."
    assert stored_number(float(value), "000") == str(value)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "-1-1*cmd",
        "+A1",
        "＝1+1",
        "- cmd|'/c'!A1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_refused_in_the_record(text: str) -> None:
    with pytest.raises(Trouble, match="begins with"):
        Text().read(text, "note", {})


@pytest.mark.parametrize(
    "text", ["-2", "+3.5", "-3.5 (2.1)", "-2..4", "- not said", "-2 to 4", "5+3"]
)
def test_a_number_with_a_sign_is_no_formula(text: str) -> None:
    assert Text().read(text, "note", {}) == text


def test_twenty_thousand_copies_of_a_problem_are_one_message() -> None:
    problems = [
        Problem(
            address=Address(file="a.xlsx", line=line, sheet="counts", cells=f"A{line}"), what="x"
        )
        for line in range(3, 20_003)
    ]
    assert in_words(problems) == (
        "a.xlsx, sheet counts, cell A3\n    x\n    The same: cells A4 to A20002.\n\n"
        "20,000 problems."
    )


def test_a_number_typed_over_the_heading_of_an_empty_sheet_is_said(tmp_path: Path) -> None:
    from toolkit.errors import SheetError
    from toolkit.reviewing.workbooks import check_workbook

    path = make_workbook(BASE, "smith-2020", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    assert book["appraisal"]["A2"].value is None
    book["appraisal"]["A1"].value = 10
    book.save(path)
    with pytest.raises(SheetError, match='There is no column "10"'):
        check_workbook(BASE, path)

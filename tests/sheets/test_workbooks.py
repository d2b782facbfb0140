"""A workbook goes out, comes back as it was, and says at which cell anything is wrong."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

import toolkit
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import problems, read
from toolkit.reviewing.workbooks import add_workbook, check_workbook, make_workbook
from toolkit.sheets.protocol.read import read_protocol
from toolkit.sheets.records import review_schema
from toolkit.sheets.schema.cells import Choice
from toolkit.sheets.workbook.template import GUIDE, WORDS

CHECKOUT = Path(toolkit.__file__).parents[1]
BASE = Path(__file__).parent / "_base"
RECORDED = [
    *((BASE, path.name) for path in sorted((BASE / "series").iterdir())),
    *(
        (path.parents[1], path.name)
        for path in sorted(CHECKOUT.glob("extractions/*/series/*"))
        if path.is_dir()
    ),
]


Edit = Callable[[Workbook], object]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "_base"))


def edited(review: Path, series: str, edit: Edit) -> Path:
    path = make_workbook(review, series, review.parent / f"{series}.xlsx")
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def sheets_of(review: Path, series: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (review / "series" / series).glob("*.csv")}


@pytest.mark.parametrize(("source", "series"), RECORDED, ids=lambda each: str(each).split("/")[-1])
def test_out_and_in_again_is_byte_for_byte_the_same(source: Path, series: str, tmp_path: Path):
    workbook = make_workbook(source, series, tmp_path / "out.xlsx")
    sent = check_workbook(source, workbook)
    assert (sent.changes, sent.new, sent.stale) == ((), False, False)
    written = {
        name.rpartition("/")[2]: content
        for name, content in sent.after.contents.items()
        if name.startswith(f"series/{series}/")
    }
    assert written == sheets_of(source, series)


def test_the_template_offers_every_vocabulary_and_explains_every_column(review: Path):
    book = openpyxl.load_workbook(make_workbook(review, "new-2024", review.parent / "n.xlsx"))
    protocol, _ = read_protocol((review / "review.toml").read_text(encoding="utf-8"))
    assert protocol is not None
    # Proposals are read from a paper: nobody types them into an empty workbook.
    kinds = [kind for kind in review_schema(protocol).series if kind.name != "proposals"]
    assert book.sheetnames == [GUIDE, *(kind.name for kind in kinds), WORDS]
    for kind in kinds:
        sheet = book[kind.name]
        assert sheet.freeze_panes == ("B2" if kind.upright else "A2")
        rules = {
            str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation
        }
        for place, column in enumerate(kind.columns, start=1):
            heading = sheet.cell(place + 1, 1) if kind.upright else sheet.cell(1, place)
            assert heading.value == column
            assert kind.field(column).description in heading.comment.text
            cell = kind.cell(column)
            first = f"B{place + 1}" if kind.upright else f"{heading.column_letter}2"
            if isinstance(cell, Choice):
                assert rules[first].type == "list", (kind.name, column)
            letter = first.rstrip("0123456789")
            shown = sheet[first] if kind.upright else sheet.column_dimensions[letter]
            assert shown.number_format == "@"


def test_what_reports_say_of_a_new_series_is_filled_in(review: Path):
    book = openpyxl.load_workbook(make_workbook(review, "brown-2022", review.parent / "n.xlsx"))
    assert book["series"]["B3"].value == "Brown C. Journal 2022;3:3"


def test_a_new_series_is_added_and_checked(review: Path):
    def fill(book: Workbook) -> None:
        about = {"label": "Brown 2022", "report_read": "abstract", "extracted_by": "A. Smith"}
        for row in book["series"].iter_rows(min_row=2):
            if row[0].value in about:
                row[1].value = about[row[0].value]
        for column, text in enumerate(["all", "All", "20", "", "adult", "Abstract"], start=1):
            book["groups"].cell(2, column).value = text
        count = ["all", "cr", "", "", "", 5, 20, "all_treated", "5 (25)", "reported", "primary"]
        for column, value in enumerate([*count, "Abstract"], start=1):
            book["counts"].cell(2, column).value = value or None

    sent = add_workbook(review, edited(review, "brown-2022", fill))
    assert sent.new
    assert problems(review) == []
    count = read(review).one_series("brown-2022").counts[0]
    assert (count.events_low, count.total, count.as_printed) == (5, 20, "5 (25)")
    assert sorted(sheets_of(review, "brown-2022")) == ["counts.csv", "groups.csv", "series.csv"]


def test_a_changed_cell_is_named_and_everything_else_kept(review: Path):
    folder = review / "series" / "smith-2020"
    (folder / "README.md").write_text("kept", encoding="utf-8")
    before = sheets_of(review, "smith-2020")
    workbook = edited(review, "smith-2020", lambda book: book["counts"].__setitem__("M2", "seen"))
    sent = add_workbook(review, workbook)
    assert sent.changes == ('counts, all, cr, all_treated: note was empty, is "seen"',)
    after = sheets_of(review, "smith-2020")
    assert {name for name in after if after[name] != before[name]} == {"counts.csv"}
    assert (folder / "README.md").read_text(encoding="utf-8") == "kept"
    assert [path.name for path in (review / "series").iterdir() if path.name[0] == "."] == []


def test_a_series_that_changed_meanwhile_is_not_overwritten_silently(review: Path):
    workbook = edited(review, "smith-2020", lambda book: book["counts"].__setitem__("M2", "seen"))
    counts = review / "series" / "smith-2020" / "counts.csv"
    text = counts.read_text(encoding="utf-8").replace('row PR",', 'row PR",by another hand')
    counts.write_text(text, encoding="utf-8", newline="\n")
    with pytest.raises(ToolkitError, match='note was "by another hand", is empty'):
        add_workbook(review, workbook)
    assert counts.read_text(encoding="utf-8") == text
    assert add_workbook(review, workbook, overwrite=True).stale
    assert "by another hand" not in counts.read_text(encoding="utf-8")


def test_a_workbook_with_a_problem_changes_nothing(review: Path):
    before = sheets_of(review, "smith-2020")

    def spoil(book: Workbook) -> None:
        book["counts"]["F2"], book["counts"]["G2"] = "48", "42"
        book["series"]["B2"] = "Another label"

    with pytest.raises(SheetError) as refused:
        add_workbook(review, edited(review, "smith-2020", spoil))
    assert str(refused.value).startswith(
        "smith-2020.xlsx, sheet counts, cells F2 and G2   (group all, Complete response)\n"
        "    events is 48 but total is 42.\n"
    )
    assert sheets_of(review, "smith-2020") == before


def put(
    sheet: str, cell: str, value: object, number_format: str = "@"
) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        book[sheet][cell] = value
        book[sheet][cell].number_format = number_format

    return edit


def hide_row(book: Workbook) -> None:
    book["counts"].row_dimensions[3].hidden = True


def hide_column(book: Workbook) -> None:
    book["counts"].column_dimensions["I"].hidden = True


NOT_WHOLE = "but it must be a whole number of patients."

WRONG: dict[str, tuple[Edit, str, str, str]] = {
    "date": (
        put("counts", "F6", datetime(2024, 3, 2), "d-mmm"),
        *("counts", "F6", "The cell is a date, 2 March 2024."),
    ),
    "fraction": (put("counts", "F7", 0.58), "counts", "F7", f"events is 0.58, {NOT_WHOLE}"),
    "percentage": (
        put("counts", "F7", 0.583, "0.0%"),
        *("counts", "F7", f"events is 58.3%, {NOT_WHOLE}"),
    ),
    "comma": (put("counts", "F7", "58,3"), "counts", "F7", f"events is 58,3, {NOT_WHOLE}"),
    "space": (
        put("counts", "B3", "cri "),
        *("counts", "B3", 'outcome is "cri" with a space before or after it.'),
    ),
    "no-break space": (
        put("counts", "I3", "1\u00a0(8)"),
        *("counts", "I3", "as_printed contains an invisible character (no-break space)."),
    ),
    "line break": (
        put("counts", "L3", "Table 3,\nrow CRi"),
        *("counts", "L3", "where contains a line break."),
    ),
    "formula": (put("counts", "F6", "=1+1"), "counts", "F6", "The cell is a formula, =1+1."),
    "error": (
        put("counts", "F6", "#DIV/0!"),
        *("counts", "F6", "The cell shows the error #DIV/0!."),
    ),
    "merged": (
        lambda book: book["counts"].merge_cells("M2:M4"),
        *("counts", "M2:M4", "These cells are merged."),
    ),
    "hidden row": (hide_row, "counts", "3:3", "Row 3 is hidden."),
    "hidden column": (hide_column, "counts", "I:I", "Column I is hidden."),
    "hidden sheet": (
        lambda book: setattr(book["counts"], "sheet_state", "hidden"),
        *("counts", "", "The worksheet is hidden."),
    ),
    "empty row": (
        lambda book: book["counts"].insert_rows(4),
        *("counts", "A4", "The row is empty, but there are rows below it."),
    ),
    "beside": (
        put("counts", "O4", "look here"),
        *("counts", "O4", '"look here" stands under no heading.'),
    ),
    "extra column": (
        put("counts", "N1", "remark"),
        *("counts", "A1", 'There is no column "remark" in counts.csv.'),
    ),
    "extra sheet": (
        lambda book: book.create_sheet("Sheet1"),
        *("Sheet1", "", "This worksheet is not one of ours, so nothing would be read from it."),
    ),
    "renamed sheet": (
        lambda book: setattr(book["counts"], "title", "Counts (2)"),
        *("", "", 'There is no worksheet "counts".'),
    ),
    "optional sheet gone": (
        lambda book: book.remove(book["patients"]),
        *("", "", 'There is no worksheet "patients".'),
    ),
    "far away": (
        put("counts", "EE30000", "x"),
        *("counts", "", "The worksheet reaches to row 30,000 and column EE."),
    ),
    "yes or no": (
        put("counts", "B3", True),
        *("counts", "B3", 'outcome is "TRUE", which is not known here.'),
    ),
    "unknown group": (
        put("counts", "A3", "everybody"),
        *("counts", "A3", 'group is "everybody", which is not known here.'),
    ),
    "series key": (put(GUIDE, "B2", "../evil"), GUIDE, "B2", 'series is "../evil".'),
    "other review": (
        put(GUIDE, "B1", "another"),
        *(GUIDE, "B1", 'The workbook was made for the review "another", not for "_base".'),
    ),
    "series field": (put("series", "B2", None), "series", "B2", "label is empty."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_spreadsheets_do_is_told_with_its_cell(name: str, review: Path):
    edit, sheet, cells, what = WRONG[name]
    with pytest.raises(SheetError) as refused:
        check_workbook(review, edited(review, "smith-2020", edit))
    told = {(p.address.sheet, p.address.cells, p.what) for p in refused.value.problems}
    assert (sheet, cells, what) in told
    assert all(p.address.file == "smith-2020.xlsx" for p in refused.value.problems)


def test_numbers_typed_as_numbers_are_read_as_typed(review: Path):
    def retype(book: Workbook) -> None:
        book["counts"]["F2"], book["counts"]["G2"] = 4, 12.0

    assert check_workbook(review, edited(review, "smith-2020", retype)).changes == ()


def archive(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def entity_workbook(review: Path) -> bytes:
    path = make_workbook(review, "smith-2020", review.parent / "sound.xlsx")
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    head, body = parts["xl/workbook.xml"].split(b"<workbook", 1)
    parts["xl/workbook.xml"] = head + laughs + b"<workbook" + body
    return archive(parts)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"hello", "is not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Office file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password",
        ),
        (archive({"word/document.xml": b"<x/>"}), "is a Word document"),
        (archive({"mimetype": b"x"}), "is another kind of archive"),
        (archive({"xl/workbook.xml": b"<x/>"}), "is damaged"),
        (archive({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b""}), "carries programs"),
        (archive({"xl/workbook.xml": b"<x/>", "bomb": bytes(201_000_000)}), "would unfold to"),
    ],
    ids=["empty", "text", "xls", "password", "docx", "zip", "damaged", "macros", "bomb"],
)
def test_a_file_that_is_no_workbook_gets_one_sentence(review: Path, content: bytes, said: str):
    path = review.parent / "sent.xlsx"
    path.write_bytes(content)
    with pytest.raises(ToolkitError, match=said) as refused:
        check_workbook(review, path)
    assert not isinstance(refused.value, SheetError)
    assert "\n" not in str(refused.value)


def test_entities_are_not_unfolded(review: Path):
    path = review.parent / "sent.xlsx"
    path.write_bytes(entity_workbook(review))
    with pytest.raises(ToolkitError, match="XML entities"):
        check_workbook(review, path)


def test_a_workbook_of_somebody_else_is_told_apart(review: Path):
    path = review.parent / "sent.xlsx"
    Workbook().save(path)
    with pytest.raises(ToolkitError, match="not one of our workbooks"):
        check_workbook(review, path)
    with pytest.raises(ToolkitError, match="There is no file"):
        check_workbook(review, review.parent / "nowhere.xlsx")

"""A stranger's spreadsheet: the same twelve studies in every shape, and accidents refused."""

from __future__ import annotations

import openpyxl
import pytest

from tests.sheets.table_files import (
    EVENTS,
    NAMES,
    PLAIN,
    SHAPES,
    STUDIES,
    TOTAL,
    text,
    write_ods,
    write_xlsx,
)
from toolkit.errors import SheetError, ToolkitError
from toolkit.sheets.table.read import read_table


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_holds_the_same_twelve_studies(shape, tmp_path):
    ending, write = SHAPES[shape]
    table = read_table(write(tmp_path / f"studies.{ending}"))
    counted = [row for row in table.rows if row.counted]
    assert tuple(row.label for row in counted) == NAMES
    assert tuple(row.events_low for row in counted) == EVENTS
    assert tuple(row.events_high for row in counted) == EVENTS
    assert tuple(row.total for row in counted) == TOTAL


def test_the_kind_of_a_file_is_read_from_its_bytes_and_not_from_its_name(tmp_path):
    for write in (write_xlsx, write_ods):
        table = read_table(write(tmp_path / "studies.csv"))
        assert len(table.rows) == 12


def lines(tmp_path, *rows, name="table.csv"):
    path = tmp_path / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_title_blank_lines_a_total_and_a_note_are_passed_over_by_name(tmp_path):
    ending, write = SHAPES["title, blank lines, total, note"]
    said = "\n".join(map(str, read_table(write(tmp_path / f"t.{ending}")).passed_over))
    for words in ("Table 2. Responses", "blank lines", '"Total" 89, 256', "evaluable patients"):
        assert words in said


def test_a_total_that_is_not_the_sum_says_that_a_row_may_be_missing(tmp_path):
    path = lines(tmp_path, "series,events,total", "a,1,10", "b,2,10", "Total,5,40")
    (passed,) = read_table(path).passed_over
    assert "add up to 3 of 20" in passed.what


def test_studies_that_do_not_report_are_rows_without_numbers(tmp_path):
    ending, write = SHAPES["studies that do not report"]
    rows = [row for row in read_table(write(tmp_path / f"t.{ending}")).rows if not row.reported]
    assert [(row.label, row.total) for row in rows] == [("Ng 2024", 15), ("Olsen 2024", None)]


def test_what_was_taken_is_named_with_its_reason(tmp_path):
    path = lines(tmp_path, "Author;Responders, n;Evaluable;Dose", "a;1;10;x", "b;2;10;y")
    table = read_table(path)
    assert {(column.role, column.heading) for column in table.columns} == {
        ("label", "Author"),
        ("events", "Responders, n"),
        ("total", "Evaluable"),
    }
    assert all(column.why for column in table.columns)
    assert table.rows[0].cells[-1] == ("Dose", "x")


@pytest.mark.parametrize(
    ("rows", "where", "said"),
    [
        (("series,events,events,total", "a,1,2,10"), "line 1", 'Two columns are called "events"'),
        (("series,events,events.1,total", "a,1,2,10"), "line 1", "Two columns are called"),
        (("series,cases,responders,total", "a,1,2,10"), "line 1", "may both hold the events"),
        (("series,events,total", "a,1_2,30"), "line 2", "plain 0 to 9"),
        (("series,events,total", "a,٣,30"), "line 2", "plain 0 to 9"),
        (("series,events,total", "a,7²,30"), "line 2", "plain 0 to 9"),
        (("series;events;total", "a;12;1.234"), "line 2", "may be a thousand or a decimal"),
        (("series,events,total", 'a,12,"1,234"'), "line 2", "may be a thousand or a decimal"),
        (("series,events,total", "a,0.31,30"), "line 2", "It is a proportion"),
        (("series,events,total", "a,31%,30"), "line 2", "It is a percentage"),
        (("series,events,total", "a,12.5,30"), "line 2", "whole numbers"),
        (("series,events,total", "a,12..4,30"), "line 2", "4..12"),
        (("series,events,total", "a,0,0"), "line 2", "Nobody was observed"),
        (("series,events,total", "a,3,0"), "line 2", "nobody in whom"),
        (("series,events,total", "a,30,12"), "line 2", "may be swapped"),
        (("series,events,total", "a,<5,12"), "line 2", "0..4 for <5"),
        (("series,events,total", "a,-1,12"), "line 2", "below 0"),
        (("series,events,total", "a,12-Mar,12"), "line 2", "twelfth of March"),
        (("series,events,total", "a,#DIV/0!,12"), "line 2", "formula"),
        (("series,events,total", "a,3,"), "line 2", "unknown number of patients"),
        (("series,events,total", "a,3,12,4"), "line 2", "4 cells, but the heading has 3"),
        (("series,events,total", "a,3"), "line 2", "2 cells, but the heading has 3"),
        (("series,events,total", ",3,12"), "line 2", "numbers and no name"),
        (("series,events,total", "a,1,9", "b,1,9", "c,1,9", "d,3,27"), "line 5", "sum of all rows"),
        (("series,n/N (%)", "a,12/90 (23%)"), "line 2", "12 of 90 is 13.3%"),
        (("series,events,total,percent", "a,12,90,23%"), "line 2", "12 of 90 is 13.3%"),
        (("series,x/n,n", "a,12/90,91"), "line 2", "90 patients, and another column 91"),
        (("name,alpha,beta", "a,1,2"), "line 1", "Missing: events, total"),
        (("series,events,total", 'a,"1,12', "b,2,10"), "line 2", "quotation marks"),
        (("series,percent,total", "a,0.31,55", "b,0.4,60"), "line 1", "is above 1"),
        (("series,percent,total,low,high", "a,31,55,40,50"), "line 2", "between its limits"),
    ],
)
def test_an_accident_is_refused_with_its_place_and_its_cause(tmp_path, rows, where, said):
    with pytest.raises(SheetError) as refusal:
        read_table(lines(tmp_path, *rows))
    assert where in str(refusal.value)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("second", "said"), [("A ,3,12", "with the same numbers"), ("a,4,12", "with other numbers")]
)
def test_a_study_in_two_rows_is_refused_until_somebody_says_what_it_is(tmp_path, second, said):
    import toolkit as tk

    path = lines(tmp_path, "series,events,total", "a,3,12", second, "b,2,9", "c,4,9", "d,1,9")
    table = read_table(path)
    with pytest.raises(SheetError) as refusal:
        tk.pool_table(table)
    assert "line 3" in str(refusal.value)
    assert said in str(refusal.value)
    assert tk.pool_table(table, groups="separate")[0].k == 5
    assert tk.pool_table(table, groups="sum")[0].k == 4


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(ToolkitError, match="There is no file"):
        read_table(tmp_path / "nowhere.csv")
    with pytest.raises(ToolkitError, match="is a folder"):
        read_table(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><table>", "markup"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"PK\x03\x04rest", "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Office"),
        (b"series,events\0,total\na,1,2\n" * 9, "NUL"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path, content, said):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(ToolkitError, match=said):
        read_table(path)


def test_an_undecided_number_keeps_both_ends(tmp_path):
    (row,) = read_table(lines(tmp_path, "series,events,total", "a,1..11,38")).rows
    assert (row.events_low, row.events_high, row.total) == (1, 11, 38)


def test_several_outcomes_side_by_side_share_or_have_their_own_patients(tmp_path):
    path = lines(tmp_path, "study,cr_events,crc_events,n", "a,1,3,10", "b,2,NA,12")
    table = read_table(path)
    assert table.outcomes == ("cr", "crc")
    assert [(r.events_low, r.total) for r in table.of("CR").rows] == [(1, 10), (2, 12)]
    assert [r.reported for r in table.of("crc").rows] == [True, False]
    path = lines(tmp_path, "study,event.e,n.e,event.c,n.c", "a,1,10,2,20")
    assert [(r.events_low, r.total) for r in read_table(path).rows] == [(1, 10), (2, 20)]
    path = lines(tmp_path, "author,ai,n1i,ci,n2i", "a,1,10,2,20")
    assert [(r.outcome, r.total) for r in read_table(path).rows] == [("arm 1", 10), ("arm 2", 20)]


def test_groups_of_one_study_are_kept_apart(tmp_path):
    path = lines(tmp_path, "study,arm,events,n", "a,low,1,10", ",high,3,12", "b,low,2,9")
    table = read_table(path)
    assert [(r.label, r.group) for r in table.rows] == [("a", "low"), ("a", "high"), ("b", "low")]
    assert any("names no study" in remark for remark in table.remarks)


def test_studies_of_one_name_are_told_apart_by_their_years(tmp_path):
    path = lines(tmp_path, "author,year,xi,ni", "Li,2019,1,10", "Li,2021,3,12")
    assert [row.label for row in read_table(path).rows] == ["Li 2019", "Li 2021"]


def test_names_go_before_numbers_as_labels(tmp_path):
    path = lines(tmp_path, "study,authors,xi,ni", "1,Li,1,10", "2,Ma,3,12")
    assert [row.label for row in read_table(path).rows] == ["Li", "Ma"]


def test_percentages_without_events_keep_their_unit(tmp_path):
    path = lines(tmp_path, "series;percent;n;lower;upper", "a;34,5;55;20;50", "b;40%;60;;")
    first, second = read_table(path).rows
    assert (first.proportion, first.low, first.high) == pytest.approx((0.345, 0.2, 0.5))
    assert (second.proportion, second.low) == (0.4, None)
    path = lines(tmp_path, "series,proportion,n", "a,0.345,55", "b,0.4,60")
    table = read_table(path)
    assert table.rows[0].proportion == 0.345
    assert any("read as proportions" in remark for remark in table.remarks)


def test_effects_with_standard_errors_or_variances(tmp_path):
    path = lines(tmp_path, "study,yi,vi", "a,-1.2,0.04", "b,-0.64,0.09")
    assert [(r.effect, r.standard_error) for r in read_table(path).rows] == [
        (-1.2, pytest.approx(0.2)),
        (-0.64, pytest.approx(0.3)),
    ]


def test_a_date_in_a_workbook_is_no_fraction(tmp_path):
    import datetime

    path = write_xlsx(tmp_path / "t.xlsx", [("study", "x/n"), ("a", datetime.date(2024, 3, 12))])
    with pytest.raises(SheetError, match="twelfth of March"):
        read_table(path)


def test_a_formula_without_a_result_is_refused_by_its_cell(tmp_path):
    path = write_xlsx(tmp_path / "t.xlsx", [("study", "events", "total"), ("a", "=1+2", 12)])
    with pytest.raises(SheetError, match="cell B2"):
        read_table(path)


def test_a_percentage_format_of_a_workbook_is_read_as_shown(tmp_path):
    book = openpyxl.Workbook()
    for row in (("study", "percent", "n"), ("a", 0.345, 55), ("b", 0.07, 60)):
        book.active.append(row)
    for cell in book.active["B"][1:]:
        cell.number_format = "0.0%"
    book.save(tmp_path / "t.xlsx")
    rows = read_table(tmp_path / "t.xlsx").rows
    assert [row.proportion for row in rows] == pytest.approx([0.345, 0.07])


def test_several_worksheets_with_tables_have_to_be_chosen_from(tmp_path):
    book = openpyxl.Workbook()
    for name in ("first", "second"):
        sheet = book.create_sheet(name)
        for row in PLAIN:
            sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(ToolkitError, match='"first", "second"'):
        read_table(tmp_path / "t.xlsx")
    assert len(read_table(tmp_path / "t.xlsx", sheet="second").rows) == len(STUDIES)
    with pytest.raises(ToolkitError, match='Did you mean "second"'):
        read_table(tmp_path / "t.xlsx", sheet="secnd")


def test_the_windows_encoding_is_said(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(text(PLAIN).encode("cp1252"))
    (remark,) = read_table(path).remarks
    assert "García" in remark


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        (("study,n,N", "A,3,12", "B,4,14"), [(3, 12), (4, 14)]),
        (("Author;Fallzahl;Ereignisse", "A;12;3", "B;14;4"), [(3, 12), (4, 14)]),
        (("| study | events | total |", "|---|---|---|", "| A | 3 | 12 |"), [(3, 12)]),
        (("Study,No. with event,No. of patients", "A,3,12"), [(3, 12)]),
        (("study,CR_Events,cr_total", "A,3,12"), [(3, 12)]),
        (
            ("study,events,n", "A,3,12", "B,4,14", "Overall (I2 = 50%),7,26"),
            [(3, 12), (4, 14)],
        ),
        (("study,events,n", "A,3,12", "B,4,14", "Random effects model,7,26"), [(3, 12), (4, 14)]),
        (("Study,Response", "A,25% (3/12)", "B,4 of 14"), [(3, 12), (4, 14)]),
    ],
)
def test_other_spellings_of_the_same_table(tmp_path, rows, numbers):
    table = read_table(lines(tmp_path, *rows))
    assert [(row.events_low, row.total) for row in table.rows] == numbers


def test_columns_named_after_what_they_count_are_refused_with_the_right_advice(tmp_path):
    with pytest.raises(SheetError, match='call it "CR events"'):
        read_table(lines(tmp_path, "study,CR,PR,n", "A,3,1,12", "B,4,2,14"))


def test_a_row_of_numbers_above_the_heading_is_not_lost(tmp_path):
    with pytest.raises(SheetError, match="above the heading"):
        read_table(lines(tmp_path, "A,3,12", "study,events,total", "B,4,14"))


def test_a_revman_review_gives_both_arms_of_every_study(tmp_path):
    path = tmp_path / "review.rm5"
    path.write_text(
        '<?xml version="1.0"?><COCHRANE_REVIEW><STUDY ID="S1" NAME="Smith" YEAR="2010"/>'
        '<STUDY ID="S2" NAME="Lee 2011" YEAR="2011"/><DICH_OUTCOME><NAME>Death</NAME>'
        "<GROUP_LABEL_1>Drug</GROUP_LABEL_1><GROUP_LABEL_2>None</GROUP_LABEL_2>"
        '<DICH_DATA STUDY_ID="S1" EVENTS_1="3" TOTAL_1="20" EVENTS_2="5" TOTAL_2="21"/>'
        '<DICH_DATA STUDY_ID="S2" EVENTS_1="0" TOTAL_1="0" EVENTS_2="2" TOTAL_2="11"/>'
        "</DICH_OUTCOME><CONT_OUTCOME><NAME>Pain</NAME></CONT_OUTCOME></COCHRANE_REVIEW>",
        encoding="utf-8",
    )
    table = read_table(path)
    assert [(r.label, r.group, r.events_low, r.total, r.reported) for r in table.rows] == [
        ("Smith 2010", "Drug", 3, 20, True),
        ("Smith 2010", "None", 5, 21, True),
        ("Lee 2011", "Drug", None, None, False),
        ("Lee 2011", "None", 2, 11, True),
    ]
    assert "Pain" in str(table.passed_over[0])
    path.write_text('<!DOCTYPE x [<!ENTITY a "b">]><COCHRANE_REVIEW>&a;</COCHRANE_REVIEW>')
    with pytest.raises(ToolkitError, match="damaged"):
        read_table(path)


def test_a_row_for_every_reader_is_one_study(tmp_path):
    path = lines(
        tmp_path,
        "Covidence #,Study ID,Reviewer Name,Events,Total",
        "1,Smith 2020,Ann,3,20",
        "1,Smith 2020,Bob,4,20",
        "1,Smith 2020,Consensus,4,20",
        "2,Lee 2021,Ann,2,11",
        "2,Lee 2021,Bob,2,11",
    )
    table = read_table(path)
    assert [(row.label, row.events_low) for row in table.rows] == [
        ("Smith 2020", 4),
        ("Lee 2021", 2),
    ]
    path = lines(tmp_path, "Refid,Study,User,x,n", "1,A,Ann,3,20", "1,A,Bob,4,20")
    with pytest.raises(SheetError, match="read the same study differently"):
        read_table(path)

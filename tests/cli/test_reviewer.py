"""A reviewer's way, by the real commands, in a copy of the sheets: numbers here are invented."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import toolkit as tk

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEW = "ped-venaza"
SCRIPT = "<script>alert(1)</script> ```{raw} html"

FIELDS = {
    "label": "Masetti 2023",
    "year": "2023",
    "countries": "Italy",
    "accrual": "2017-01 to 2021-12",
    "patients_enrolled": "30",
    "toxicity_criteria": "CTCAE 5.0",
    "report_read": "full text",
    "read_in": "own report",
    "extracted_by": "A. Test",
}
GROUP = {
    "key": "all",
    "label": "All treated patients",
    "patients": "30",
    "age": "pediatric",
    "disease": "aml",
    "line": "relapsed-refractory",
    "regimen": "ven-aza",
    "where": "Table 1, column All",
}
COUNTS = [
    {"outcome": "cr", "events": "9", "as_printed": "9 (30%)", "where": "Table 2, row CR"},
    {"outcome": "crc", "events": "14", "as_printed": "14 (47%)", "where": "Table 2, row CRc"},
    {
        "outcome": "neutropenia",
        "grade": "ge3",
        "events": "20",
        "as_printed": "20 (67%)",
        "where": "Table 3, row Neutropenia",
        "note": SCRIPT,
    },
]
OF_ALL = {
    "group": "all",
    "total": "30",
    "denominator": "all_treated",
    "basis": "reported",
    "source": "primary",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "extractions" / REVIEW, tmp_path / "extractions" / REVIEW)
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "toolkit", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


def files(folder: Path) -> dict[str, bytes]:
    place = folder / "extractions"
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file()
    }


def put(path: Path, sheet: str, rows: list[dict[str, str]]) -> None:
    """Fill in a worksheet below its heading, as a person would."""
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book[sheet][1]]
    for line, row in enumerate(rows, start=2):
        for name, text in row.items():
            book[sheet].cell(line, heads.index(name) + 1).value = text
    book.save(path)


def fill_fields(path: Path, fields: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    for name, value in book["series"].iter_rows(min_row=2):
        if name.value in fields:
            value.value = fields[name.value]
    book.save(path)


def filled(folder: Path, series: str = "masetti-2023") -> Path:
    assert run(folder, "sheet", REVIEW, series).returncode == 0
    path = folder / f"{series}.xlsx"
    fill_fields(path, FIELDS)
    put(path, "groups", [GROUP])
    put(path, "counts", [{**OF_ALL, **row} for row in COUNTS])
    return path


def in_words(answer: tk.Synthesis) -> str:
    """Return the leading estimate as the commands print it."""
    found = answer.average
    middle, low, high = (f"{100 * part:.0f}" for part in (found.estimate, found.low, found.high))
    return f"{middle}% ({low} to {high})"


def test_a_new_series_from_the_empty_workbook_to_the_pool(folder: Path):
    path = filled(folder)
    before = files(folder)
    shown = run(folder, "preview", REVIEW, path.name, "-o", "preview.html")
    assert shown.returncode == 0, shown.stderr
    assert files(folder) == before
    then = tk.pool(tk.read(folder / "extractions" / REVIEW), "crc")
    assert then.prediction.defined
    low, high = (f"{100 * end:.0f}" for end in (then.prediction.low, then.prediction.high))
    assert f"14/30, 47%: inside the interval for a new study, {low} to {high}%" in shown.stdout
    added = run(folder, "add", REVIEW, path.name)
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("masetti-2023: recorded.")
    assert "counts, all, crc, all_treated: new row: events 14; total 30" in added.stdout
    assert run(folder, "check", REVIEW).returncode == 0
    answer = tk.pool(tk.read(folder / "extractions" / REVIEW), "crc")
    assert f"{in_words(then)}, 5 studies -> {in_words(answer)}, 6 studies" in shown.stdout
    assert {row.label: (row.events, row.total) for row in answer.rows}["Masetti 2023"] == (14, 30)
    again = run(folder, "add", REVIEW, path.name)
    assert again.stdout == "masetti-2023: nothing to change; the record says the same.\n"
    others = {name: content for name, content in files(folder).items() if "masetti" not in name}
    assert others == before


def test_the_page_of_a_preview_needs_nothing_else_and_runs_nothing(folder: Path):
    path = filled(folder)
    fill_fields(path, {"label": SCRIPT[:30]})
    shown = run(folder, "preview", REVIEW, path.name, "-o", "preview.html")
    assert shown.returncode == 0, shown.stderr
    page = (folder / "preview.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "{raw}" not in page
    assert "&#60;script&#62;" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert page.count("<svg") == 6  # CRc, CR and neutropenia, before and after
    assert "New differences" not in page


def test_a_preview_never_goes_into_the_review_itself(folder: Path):
    path = filled(folder)
    inside = f"extractions/{REVIEW}/preview.html"
    refused = run(folder, "preview", REVIEW, path.name, "-o", inside)
    assert refused.returncode == 2
    assert "which a preview leaves as it is" in refused.stderr
    assert not (folder / inside).exists()


def test_a_preview_tells_new_differences_and_series_to_be_judged(folder: Path):
    path = filled(folder)
    fill_fields(path, {"countries": "France; Italy"})
    note = "prints 41%, which is no share of 30 that makes 14"
    put(path, "counts", [{}, {"as_printed": "14 (41%)", "note": note}])
    shown = run(folder, "preview", REVIEW, path.name, "-o", "preview.html")
    assert shown.returncode == 0, shown.stderr
    assert "New differences within the paper:" in shown.stdout
    assert "41" in shown.stdout.split("New differences")[1].split("Series that may")[0]


def test_a_workbook_with_mistakes_is_refused_whole_with_excel_addresses(folder: Path):
    path = filled(folder)
    put(path, "counts", [{"events": "48"}, {"outcome": "crr"}])
    before = files(folder)
    for command in ("add", "preview"):
        refused = run(folder, command, REVIEW, path.name)
        assert refused.returncode == 1
        assert "masetti-2023.xlsx, sheet counts, cells F2 and G2" in refused.stderr
        assert 'Did you mean "cr"?' in refused.stderr
        assert "2 problems." in refused.stderr
        assert "Traceback" not in refused.stderr
        assert files(folder) == before


def test_a_filled_in_workbook_is_never_written_over(folder: Path):
    path = filled(folder)
    content = path.read_bytes()
    refused = run(folder, "sheet", REVIEW, "masetti-2023")
    assert refused.returncode == 2
    assert "already there" in refused.stderr
    assert path.read_bytes() == content


def test_a_series_changed_meanwhile_is_told_and_kept_until_that_is_meant(folder: Path):
    assert run(folder, "sheet", REVIEW, "winters-2020", "-o", "w.xlsx").returncode == 0
    assert run(folder, "sheet", REVIEW, "winters-2020", "-o", "other.xlsx").returncode == 0
    fill_fields(folder / "other.xlsx", {"design": "Single-center series, consecutive"})
    assert run(folder, "add", REVIEW, "other.xlsx").returncode == 0
    fill_fields(folder / "w.xlsx", {"followup": "Median 8 months"})
    before = files(folder)
    refused = run(folder, "add", REVIEW, "w.xlsx")
    assert refused.returncode == 2
    assert 'design: value was "Single-center series, consecutive"' in refused.stderr
    assert files(folder) == before
    done = run(folder, "add", REVIEW, "w.xlsx", "--overwrite")
    assert done.returncode == 0
    assert done.stdout.count("value was") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sheet", "no-such-review", "smith-2020"], REVIEW),
        (["sheet", REVIEW, "../smith"], "plain"),
        (["sheet", REVIEW, "smith-2020", "-o", "no/such/folder/x.xlsx"], "cannot be written"),
        (["add", REVIEW, "nowhere.xlsx"], "There is no file nowhere.xlsx"),
        (["preview", REVIEW, "nowhere.xlsx"], "There is no file nowhere.xlsx"),
        (["compare", "nowhere.xlsx", "elsewhere.xlsx"], "There is no file nowhere.xlsx"),
        (["add", REVIEW], "FILE.xlsx"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(folder: Path, words: list[str], told: str):
    done = run(folder, *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_check_tells_the_form_of_files_and_ends_with_1(folder: Path):
    place = folder / "extractions" / REVIEW / "series" / "leblanc-2024" / "counts.csv"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    (place.parent / "count.csv").write_text("x\n", encoding="utf-8")
    done = run(folder, "check", REVIEW)
    assert done.returncode == 1
    assert "series/leblanc-2024/counts.csv, line 1" in done.stdout
    assert 'Did you mean "counts.csv"?' in done.stdout
    assert "2 problems." in done.stdout


def test_check_tells_pairs_that_nobody_has_judged_and_is_content(folder: Path):
    path = filled(folder)
    fill_fields(path, {"countries": "United States (Colorado)"})
    assert run(folder, "add", REVIEW, path.name).returncode == 0
    done = run(folder, "check", REVIEW)
    assert done.returncode == 0
    assert "masetti-2023 and winters-2020 may share patients. Both Colorado." in done.stdout
    overlap = folder / "extractions" / REVIEW / "overlap.csv"
    with overlap.open("a", encoding="utf-8") as file:
        file.write("winters-2020,masetti-2023,separate,Told by both authors.,A. Test\n")
    assert "masetti-2023 and winters-2020" not in run(folder, "check", REVIEW).stdout

"""Numbers typed in another unit are named with what was probably meant; sound ones pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toolkit.analysis.unused_numbers import unused_numbers
from toolkit.load import problems, read

SHEETS = Path(__file__).resolve().parents[1] / "sheets"
HEADING = (
    "group,outcome,grade,time_years,status,percent,low_percent,high_percent,level_percent,"
    "interval_scale,standard_error_percent,patients,at_risk,as_printed,basis,source,where,note\n"
)
WHERE = '"Table 1, row Survival"'


def with_estimate(root: Path, *, pooled_at: str = "5", note: str = "", **cells: str) -> Path:
    """Return the sound review with one percentage in it."""
    review = Path(shutil.copytree(SHEETS / "_base", root / "review"))
    protocol = (SHEETS / "cases" / "estimate-one-limit" / "review.toml").read_text("utf-8")
    assert "time_years = 5" in protocol
    (review / "review.toml").write_text(
        protocol.replace("time_years = 5", f"time_years = {pooled_at}"), "utf-8"
    )
    row = {"time": pooled_at, "percent": "", "low": "", "high": "", "level": "", "error": ""}
    row |= {"patients": "55", "at_risk": "", "printed": "", **cells}
    line = ["all", "survival", "", row["time"], "", row["percent"], row["low"], row["high"]]
    line += [row["level"], "", row["error"], row["patients"], row["at_risk"], row["printed"]]
    line += ["reported", "primary", WHERE, note]
    target = review / "series" / "jones-2021" / "estimates.csv"
    target.write_text(HEADING + ",".join(line) + "\n", encoding="utf-8", newline="\n")
    return review


def told(root: Path, **cells: str) -> str:
    return "\n".join(map(str, problems(with_estimate(root, **cells))))


INTERVAL = {"percent": "43.2", "low": "30.7", "high": "55.1", "printed": "43.2 (30.7-55.1)"}


@pytest.mark.parametrize(
    ("level", "meant"),
    [
        (".95", None),  # no percentage by its form: refused by the cell itself
        ("0.95", "Write 95."),
        ("0.9", "Write 90."),
        ("1", "Write 100."),
        ("5", "95% is left"),
        ("49.9", "would miss the truth more often than not"),
        ("100", "Write 95, 90 or 99"),
    ],
)
def test_a_level_of_another_habit_is_refused_with_what_it_means(
    tmp_path: Path, level: str, meant: str | None
) -> None:
    said = told(tmp_path, **INTERVAL, level=level)
    assert "level_percent" in said
    assert meant is None or meant in said


@pytest.mark.parametrize("level", ["", "95", "90", "99", "99.9", "68", "50"])
def test_a_level_that_papers_print_passes(tmp_path: Path, level: str) -> None:
    assert told(tmp_path, **INTERVAL, level=level) == ""


@pytest.mark.parametrize(
    ("percent", "low", "high", "patients"),
    [
        ("0.31", "0.18", "0.43", "55"),
        ("0.31", "0.28", "0.34", "90"),
        ("0.96", "0.9", "0.99", "80"),
        ("0.05", "0.01", "0.12", "60"),
        ("0", "0", "0.06", "55"),
        ("43.2", "43.1", "43.3", "55"),
        ("31", "30", "32", "90"),
    ],
)
def test_an_interval_finer_than_its_patients_allow_is_refused(
    tmp_path: Path, percent: str, low: str, high: str, patients: str
) -> None:
    printed = f"{percent} ({low}-{high})"
    cells = {"percent": percent, "low": low, "high": high, "patients": patients}
    said = told(tmp_path, **cells, printed=printed)
    assert f"One of {patients} patients is {100 / int(patients):.2g} points" in said
    if 0 < float(percent) < 1:
        assert f"{100 * float(percent):.4g}, {100 * float(low):.4g}" in said


@pytest.mark.parametrize(("percent", "error"), [("0.31", "0.06"), ("0.62", "0.065"), ("31", "0.5")])
def test_a_standard_error_finer_than_its_patients_allow_is_refused(
    tmp_path: Path, percent: str, error: str
) -> None:
    said = told(tmp_path, percent=percent, error=error, printed=f"{percent} (SE {error})")
    assert f"standard_error_percent is {error}, from 55 patients." in said


@pytest.mark.parametrize("percent", ["0.31", "0.9", "1.2", "99.5"])
def test_a_percentage_between_none_and_one_patient_is_refused(tmp_path: Path, percent: str) -> None:
    # One of 55 patients is 100 / 55 = 1.8 points.
    said = told(tmp_path, percent=percent, printed=percent)
    assert "one patient is 1.8 points" in said


@pytest.mark.parametrize(
    ("percent", "low", "high", "patients"),
    [
        ("43.2", "30.7", "55.1", "62"),  # of 62 patients followed to the end: 30.9 to 55.6 (Wald)
        ("98.2", "88", "99.7", "55"),
        ("100", "93.5", "100", "55"),
        ("0", "0", "6.5", "55"),
        ("2", "0.2", "9", "55"),
        ("50", "49", "51", "9000"),
    ],
)
def test_an_interval_as_wide_as_papers_print_it_passes(
    tmp_path: Path, percent: str, low: str, high: str, patients: str
) -> None:
    review = with_estimate(
        tmp_path,
        percent=percent,
        low=low,
        high=high,
        patients=patients,
        printed=f"{percent} ({low}-{high})",
    )
    groups = review / "series" / "jones-2021" / "groups.csv"
    text = groups.read_text("utf-8").replace(",90,", ",9000,")
    groups.write_text(text, encoding="utf-8", newline="\n")
    kept = [each for each in problems(review) if "estimates.csv" in each.address.file]
    assert kept == []


def test_a_note_that_names_the_number_settles_it(tmp_path: Path) -> None:
    cells = {"percent": "0.9", "low": "0.8", "high": "1.0", "printed": "0.9 (0.8-1.0)"}
    note = "0.9 is printed with its interval."
    assert told(tmp_path, **cells, note=note) == ""


@pytest.mark.parametrize(
    ("time", "pooled_at", "years"),
    [("60", "5", "5"), ("24", "2", "2"), ("6", "0.5", "0.5"), ("36", "5", "3"), ("48", "5", "4")],
)
def test_months_typed_as_years_are_refused_with_the_years(
    tmp_path: Path, time: str, pooled_at: str, years: str
) -> None:
    said = told(tmp_path, percent="31", printed="31", time=time, pooled_at=pooled_at)
    assert f"time_years is {time}." in said
    assert f"Write the time in years: {years}." in said


def test_years_that_a_note_names_are_years(tmp_path: Path) -> None:
    cells = {"percent": "31", "printed": "31", "time": "60"}
    assert told(tmp_path, **cells, note="Followed for 60 years.") == ""


@pytest.mark.parametrize(
    "cells",
    [
        {"percent": "30", "error": "6.4", "printed": "30 (6.4)"},
        {"percent": "30", "printed": "17 (30)", "patients": "56"},
        {"percent": "30", "at_risk": "12", "printed": "30 (12)"},
        {"percent": "30", "printed": "30 (55)"},
        {"percent": "30", "error": "6", "printed": "30 (6)", "time": "5"},
    ],
)
def test_a_number_in_brackets_that_the_row_explains_is_no_time(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    assert told(tmp_path, **cells) == ""


def test_a_time_in_brackets_that_differs_is_still_asked_about(tmp_path: Path) -> None:
    assert "seems to say 4 years" in told(tmp_path, percent="30", printed="30 (4)")


def test_a_number_that_no_answer_takes_is_named_with_why(tmp_path: Path) -> None:
    review = with_estimate(tmp_path, percent="31", printed="31", time="4")
    assert problems(review) == []
    (note,) = unused_numbers(read(review))
    assert str(note) == (
        "series/jones-2021/estimates.csv, line 2: Survival 31% at 4 years of group all is in no "
        "answer. The outcome is at 5 years, and no set that would take this row lists 4."
    )

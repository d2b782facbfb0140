"""Each rule on a small series: one thing that differs, and its neighbour that does not.

The series is the sound one of the sheets' tests: twelve patients, five children and seven adults.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.audit.finding import Finding
from toolkit.audit.run import audit

BASE = Path(__file__).parents[1] / "sheets" / "_base"
COLUMNS = (
    "quantity", "of", "study", "grade", "at", "part_of", "kind", "value", "unit", "total", "rows",
    "as_printed", "where", "note",
)  # fmt: skip

Audited = Callable[..., list[Finding]]


def line(**cells: str) -> str:
    """Return a row of statements.csv; what is not said is a plain default."""
    defaults = {"quantity": "thing", "kind": "count", "where": '"Table 1, row A"', "note": "seen"}
    given = defaults | {"as_printed": cells.get("value", "1")} | cells
    return ",".join(given.get(column, "") for column in COLUMNS)


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    def run(*lines: str, paper: tuple[str, ...] = (), features: dict[str, str] | None = None):
        review = tmp_path / "review"
        shutil.copytree(BASE, review)
        series = review / "series" / "smith-2020"
        heading = ",".join(COLUMNS)
        (series / "statements.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
        if paper:
            folder = review / "papers" / "other-2022"
            folder.mkdir(parents=True)
            (folder / "statements.csv").write_text(
                "\n".join([heading, *paper, ""]), encoding="utf-8"
            )
        if features:
            told = [_with_feature(row, features) for row in BASE_PATIENTS]
            (series / "patients.csv").write_text("\n".join([*told, ""]), encoding="utf-8")
        return [
            each
            for each in audit(review, effects=False).findings
            if {"smith-2020", "other-2022"} & set(each.papers)
        ]

    return run


BASE_PATIENTS = (
    (BASE / "series" / "smith-2020" / "patients.csv").read_text(encoding="utf-8").splitlines()
)


def _with_feature(row: str, features: dict[str, str]) -> str:
    patient, response, mrd, age, none, rest = row.split(",", 5)
    return ",".join([patient, response, mrd, age, features.get(patient, none), rest])


def checks(found: list[Finding], level: str = "differs") -> list[str]:
    return [each.check for each in found if each.level == level]


def test_the_sound_series_says_nothing_against_itself(audited: Audited):
    assert audited(line(quantity="cr", value="4", total="12", as_printed="4 (33)")) == []


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        (("median", "6.6"), ("median", "5.8"), True),
        (("median", "6.6"), ("median", "7"), False),  # one rounded
        (("median", "6.6"), ("median", "6"), False),  # one cut
        (("median", "6.6"), ("mean", "8.0"), False),  # another kind
        (("range", "1..24"), ("range", "1..20"), True),
        (("p", "<0.001"), ("p", "0.0004"), False),
        (("p", "<0.001"), ("p", "0.004"), True),
        (("percentage", "33"), ("count", "4"), False),
        (("percentage", "33"), ("count", "5"), True),
        (("percentage", "33"), ("percentage", "33.3"), False),
        (("word", "cr"), ("word", "pr"), True),
    ],
)
def test_one_thing_in_two_places(audited: Audited, first, second, differs):
    total = "12" if {first[0], second[0]} & {"count", "percentage"} else ""
    found = audited(
        line(kind=first[0], value=first[1], total=total),
        line(kind=second[0], value=second[1], total=total, where='"Results, Follow-up"'),
    )
    assert checks(found) == (["C07"] if differs else [])


def test_one_count_of_two_totals_is_a_remark(audited: Audited):
    found = audited(
        line(value="4", total="12"), line(value="4", total="11", where='"Results, Response"')
    )
    assert (checks(found), checks(found, "remark")) == ([], ["C08"])


def test_other_units_and_other_times_are_not_compared(audited: Audited):
    found = audited(
        line(kind="median", value="6.6", unit="months"),
        line(kind="median", value="28", unit="weeks", where="Abstract"),
        line(quantity="os", kind="estimate", value="61", at="2 years"),
        line(quantity="os", kind="estimate", value="52", at="5 years"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("values", "total", "found"),
    [
        (("5", "7"), "12", []),
        (("5", "6"), "12", ["C03"]),
        (("5", "6"), "", []),  # one patient may be missing
        (("5", "9"), "", ["C03"]),  # but there are twelve
    ],
)
def test_categories_fill_their_total(audited: Audited, values, total, found):
    rows = [
        line(quantity=f"part-{at}", value=value, total=total, part_of="whole")
        for at, value in enumerate(values)
    ]
    assert checks(audited(*rows)) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (("42", "58"), []),  # 5 and 7 of 12
        (("45", "55"), []),  # 5 and 6 of the 11 who are known
        (("47", "58"), ["C18"]),  # more than all
        (("42.1", "57.9"), ["C18"]),  # 8 and 11 of 19, and there are twelve
    ],
)
def test_percentages_alone_fill_their_group(audited: Audited, values, found):
    rows = [
        line(quantity=f"part-{at}", kind="percentage", value=value, part_of="whole")
        for at, value in enumerate(values)
    ]
    assert checks(audited(*rows)) == found


def test_the_dead_and_the_living_are_all(audited: Audited):
    found = audited(
        line(quantity="alive", value="5", total="12", part_of="status"),
        line(quantity="dead", value="6", total="12", part_of="status"),
    )
    assert checks(found) == ["C19"]


def test_types_sum_to_what_they_are_types_of(audited: Audited):
    found = audited(
        line(quantity="infection", value="5", where='"Results, Safety"'),
        line(quantity="bacterial", value="3", part_of="infection"),
        line(quantity="fungal", value="1", part_of="infection"),
    )
    assert checks(found) == ["C04"]


@pytest.mark.parametrize(
    ("iqr", "found"), [("1..3", []), ("2.5..3", []), ("3.2..4", ["C10"]), ("1..30", ["C10"])]
)
def test_ranges_stand_in_order(audited: Audited, iqr, found):
    rows = [
        line(kind=kind, value=value, as_printed=f"2 (1-24) [{iqr}]".replace("..", "-"))
        for kind, value in (("median", "2"), ("range", "1..24"), ("iqr", iqr))
    ]
    assert checks(audited(*rows)) == found


@pytest.mark.parametrize(("reach", "found"), [("1..24", []), ("1..30", ["C10"]), ("1..24.3", [])])
def test_a_group_reaches_no_further_than_the_whole(audited: Audited, reach, found):
    told = audited(
        line(kind="range", value="1..24"),
        line(kind="range", value=reach, of="children", where='"Results, Follow-up"'),
    )
    assert checks(told) == found


def test_counts_and_totals_within_the_group(audited: Audited):
    found = audited(
        line(quantity="more", value="14", total="12"),
        line(quantity="wide", value="4", total="15"),
        line(quantity="fits", value="4", total="5", of="children"),
    )
    assert sorted(each.quantity for each in found if each.check == "C14") == ["more", "wide"]


@pytest.mark.parametrize(
    ("value", "rows", "found"),
    [
        ("5", "age=child", []),
        ("6", "age=child", ["C07"]),
        ("2", "age=child; response=cr", []),
        ("2", "among age=child; response=cr", []),
        ("1", "among age=child; response=cr", []),
        ("3", "among age=child; response=cr", ["C07"]),
    ],
)
def test_patient_rows_are_counted_again(audited: Audited, value, rows, found):
    assert checks(audited(line(value=value, rows=rows))) == found


def test_findings_are_counted_with_their_slips(audited: Audited):
    features = {
        "1": "FLT3 ITD",
        "2": "FLT3-ITD and NRAS",
        "3": "FTL3 ITD",
        "4": "FLT3 TKD",
        "5": "no NRAS mutation",
    }
    found = audited(
        line(quantity="flt3-itd", value="2"),
        line(quantity="nras", value="1"),
        features=features,
    )
    assert sorted((each.check, each.quantity) for each in found) == [
        ("C07", "flt3-itd"),
        ("C17", "flt3"),
    ]


def test_a_word_of_one_patient(audited: Audited):
    found = audited(
        line(quantity="response", of="patient-1", kind="word", value="cr", rows="patient=1"),
        line(quantity="response", of="patient-5", kind="word", value="cr", rows="patient=5"),
    )
    assert [(each.check, each.subject[1]) for each in found] == [("C07", "patient-5")]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (("ge3", "Abstract"), ("any", '"Results, Safety"'), ["C05"]),
        (("ge3", '"Table 4, row A"'), ("any", '"Table 4, row A"'), []),
        (("ge3", "Abstract"), ("", '"Results, Safety"'), []),
    ],
)
def test_one_figure_under_two_grades(audited: Audited, first, second, found):
    rows = [
        line(quantity="rash", value="8", total="12", grade=grade, where=where)
        for grade, where in (first, second)
    ]
    assert checks(audited(*rows)) == found


def test_an_interval_that_suits_one_of_several_estimates(audited: Audited):
    # 4 of 12 by Clopper-Pearson is 9.9 to 65.1; 4 of 11 is 10.9 to 69.2.
    at = '"Results, Response"'
    rows = (line(value="4", total="12"), line(value="4", total="11", where="Abstract"))
    interval = line(kind="interval", value="10.9..69.2", where=at)
    assert "C20" not in [each.check for each in audited(*rows, interval)]


def test_two_papers_on_one_study(audited: Audited):
    found = audited(
        line(quantity="cr", study="jones-2021", value="3", total="8"),
        paper=(line(quantity="cr", study="jones-2021", value="4", total="8"),),
    )
    between = [each for each in found if each.check == "C22" and each.level == "differs"]
    assert [each.subject[0] for each in between] == ["jones-2021"]

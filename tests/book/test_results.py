"""A number in a page is the number in results.json, or there is no book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.book.build.verify import PageDiffersError, verify_pages
from toolkit.book.content.results import Results, plain
from toolkit.book.content.templates import sentences
from toolkit.errors import ToolkitError

DOCUMENT = {
    "answers": {
        "crc": {
            "typical": {"estimate": 0.414, "low": 0.1753, "high": 0.7018},
            "average": {"estimate": None, "low": None, "high": None},
            "k": 5,
            "tau": 0.8369,
            "scale_se": 0.3126,
            "rows": [{"estimate": 0.004, "low": 0.0, "high": 0.9999}],
        }
    },
    "title": "A & B",
}


@pytest.fixture
def results() -> Results:
    return Results("trees", DOCUMENT)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("answers.crc.typical.estimate", "41%"),
        ("answers.crc.typical.low", "18"),
        ("answers.crc.k", "5"),
        ("answers.crc.tau", "0.84"),
        ("answers.crc.scale_se", "0.31"),
        ("answers.crc.rows.0.estimate", "<1%"),
        ("answers.crc.rows.0.low", "0"),
        ("answers.crc.rows.0.high", ">99"),
        ("title", "A & B"),
    ],
)
def test_how_a_number_is_printed(results: Results, path: str, shown: str) -> None:
    assert str(results.at(path)) == shown


@pytest.mark.parametrize(
    "path", ["answers.cr", "answers.crc.rows.1", "answers.crc.average.low", "answers.crc", ""]
)
def test_what_is_not_there_cannot_be_printed(results: Results, path: str) -> None:
    with pytest.raises(ToolkitError, match=r"results\.json of trees"):
        str(results.at(path))


def test_what_is_no_proportion_is_not_printed_as_one() -> None:
    told = Results("trees", {"rows": [{"time_years": 5.0}]})
    with pytest.raises(ToolkitError, match=r'"rows\.0\.time_years" of .* is 5, which is no propor'):
        str(told.at("rows.0.time_years"))


def test_an_estimate_that_is_not_defined_is_said_to_be_so(results: Results) -> None:
    assert sentences().estimate(results.at("answers.crc.average")) == "not estimated"


def test_json_holds_no_infinity_and_sorts_its_keys() -> None:
    made = Results("trees", plain({"b": (1.0, float("inf")), "a": {"z": 1, "y": 2}})).to_json()
    assert json.loads(made) == {"a": {"y": 2, "z": 1}, "b": [1.0, None]}
    assert made.index('"a"') < made.index('"b"')


def book(folder: Path, results: Results, page: str) -> Path:
    (folder / results.key).mkdir()
    (folder / results.key / "results.json").write_text(results.to_json(), encoding="utf-8")
    (folder / results.key / "responses.html").write_text(page, encoding="utf-8")
    return folder


def test_pages_that_say_what_the_results_say_pass(results: Results, tmp_path: Path) -> None:
    spans = " ".join(
        results.at(f"answers.crc.{name}").__html__()
        for name in ("typical.estimate", "k", "rows.0.high")
    )
    assert verify_pages(book(tmp_path, results, f"<p>{spans}</p>")) == 3


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("41&#37;", "42%", 'the page says "42%", results.json says "41%"'),
        ("typical.estimate", "typical.middle", 'nothing at "answers.crc.typical.middle"'),
        ("trees:", "wood:", "there is no results.json of wood"),
        ("41&#37;", "", 'the page says "", results.json says "41%"'),
    ],
)
def test_a_number_changed_by_hand_is_told_with_its_place(
    results: Results, tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    span = results.at("answers.crc.typical.estimate").__html__().replace(right, wrong)
    with pytest.raises(PageDiffersError) as refusal:
        verify_pages(book(tmp_path, results, f"<html>\n<p>\n{span}</p></html>"))
    assert "trees/responses.html, line 3: " in str(refusal.value)
    assert told in str(refusal.value)

"""A new review passes every check, pools and comes with a workbook that can be sent back."""

from __future__ import annotations

from pathlib import Path

import pytest

import toolkit as tk
from toolkit.analysis.unused_numbers import unused_numbers
from toolkit.book.build.pages import write_pages
from toolkit.book.build.stage import stage
from toolkit.checks.remarks import remarks
from toolkit.load import problems
from toolkit.reviewing.new_review import make_review
from toolkit.reviewing.plan import EXAMPLE, MEASURES, Plan
from toolkit.reviewing.workbooks import check_workbook


@pytest.mark.parametrize("measure", MEASURES)
def test_a_new_review_has_no_problem_and_answers(measure: str, tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one", measure=measure), tmp_path)
    assert problems(folder) == []
    review = tk.read(folder)
    answer = tk.pool(review, "first")
    assert (answer.k, answer.notes) == (1, ("One study: not pooled.",))
    assert answer.rows[0].counted == (measure == "counts")
    assert [series.key for series in review.series] == [EXAMPLE]


def test_words_that_toml_would_read_otherwise_are_kept(tmp_path: Path) -> None:
    words = 'A "question" with \\ and\na new line'
    folder = make_review(Plan(key="new-one", question=words, title="T"), tmp_path)
    assert tk.read(folder).question == 'A "question" with \\ and a new line'


def test_the_time_of_a_survival_is_the_protocol_s(tmp_path: Path) -> None:
    plan = Plan(key="new-one", measure="survival", time_years=2.5)
    review = tk.read(make_review(plan, tmp_path))
    assert review.outcome("first").time_years == 2.5
    assert tk.pool(review, "first").rows[0].time_years == 2.5


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(key="New One"), 'REVIEW is "New One"'),
        (Plan(key="new", measure="volume"), 'measure="volume" is not known'),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_a_review_is_refused_and_leaves_nothing(
    plan: Plan, said: str, tmp_path: Path
) -> None:
    with pytest.raises(tk.ToolkitError, match=said):
        make_review(plan, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_review_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one"), tmp_path)
    before = (folder / "review.toml").read_bytes()
    with pytest.raises(tk.ToolkitError, match="is there already"):
        make_review(Plan(key="new-one", title="Another"), tmp_path)
    assert (folder / "review.toml").read_bytes() == before


@pytest.mark.parametrize("measure", MEASURES)
def test_the_example_workbook_says_what_the_sheets_say(measure: str, tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one", measure=measure), tmp_path)
    sent = check_workbook(folder, folder / f"{EXAMPLE}.xlsx")
    assert (sent.series, sent.changes, sent.new, sent.stale) == (EXAMPLE, (), False, False)


@pytest.mark.parametrize("measure", MEASURES)
def test_its_pages_are_written_at_once(measure: str, tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one", measure=measure), tmp_path)
    staging = tmp_path / "_build" / "source"
    stage(tmp_path / "book", [folder], staging)
    write_pages([folder], staging)
    page = "survival" if measure == "survival" else "responses"
    text = (staging / "new-one" / f"{page}.md").read_text(encoding="utf-8")
    assert "Single study" in text
    # Whichever comes first, a new review has an outcome of each measure.
    for name in ("counts.csv", "percentages.csv"):
        assert (staging / "_extra" / "new-one" / name).is_file()


@pytest.mark.parametrize("measure", MEASURES)
def test_a_new_review_shows_a_response_a_harm_a_subgroup_and_a_survival(
    measure: str, tmp_path: Path
) -> None:
    review = tk.read(make_review(Plan(key="new-one", measure=measure), tmp_path))
    (series,) = review.series
    kinds = {outcome.key: outcome.kind for outcome in review.outcomes}
    assert {*kinds.values()} == {"response", "toxicity", "survival"}
    assert {count.grade for count in series.counts} == {"", "ge3"}
    assert [group.key for group in series.groups] == ["all", "first-line"]
    assert len(series.percentages) == 1
    assert unused_numbers(review) == ()
    for outcome in review.outcomes:
        assert tk.pool(review, outcome.key).k == 1


def test_an_empty_review_has_no_series_and_no_problem(tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one", empty=True, authors=("A. Smith",)), tmp_path)
    review = tk.read(folder)
    assert (review.series, review.reports, review.authors) == ((), (), ("A. Smith",))
    assert not list(folder.rglob("*.xlsx"))
    assert "invented" not in (folder / "review.toml").read_text("utf-8")


def test_what_the_example_leaves_behind_is_said(tmp_path: Path) -> None:
    folder = make_review(Plan(key="new-one"), tmp_path)
    (said,) = remarks(tk.read(folder))
    assert "names no authors" in said
    (folder / "reports.csv").write_text(
        "key,citation,series,status,reason,next_step\n", encoding="utf-8", newline="\n"
    )
    text = (folder / "review.toml").read_text("utf-8")
    text = text.replace("authors = []", 'authors = ["A. Smith"]')
    (folder / "review.toml").write_text(text, encoding="utf-8", newline="\n")
    (said,) = remarks(tk.read(folder))
    assert said.startswith(f"reports.csv has no line for series {EXAMPLE}")

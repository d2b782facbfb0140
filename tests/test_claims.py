"""What the words of the reviews here claim, held against their own data."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.analysis.study_differences import study_differences
from toolkit.book.content.answers import Answer
from toolkit.book.content.medians import printed_medians
from toolkit.book.content.results import Results, plain
from toolkit.book.content.templates import sentences
from toolkit.results.tables import tidy_csv
from toolkit.review.review import Review

CHECKOUT = Path(__file__).resolve().parents[1]
EXTRACTIONS = CHECKOUT / "extractions"


@pytest.fixture(scope="module")
def children() -> Review:
    return tk.read(EXTRACTIONS / "ped-venaza")


@pytest.fixture(scope="module")
def infants() -> Review:
    return tk.read(EXTRACTIONS / "infant-all")


def reason(review: Review, outcome: str, domain: str) -> str:
    """Return why a domain of an outcome was judged as it was."""
    return next(
        each.reason
        for each in review.judgements
        if (each.outcome, each.domain) == (outcome, domain)
    )


def test_readme_asks_what_the_review_asks(children: Review) -> None:
    asked = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("**")[1]
    asked = " ".join(asked.split())
    for words in ("acute myeloid leukemia", "venetoclax", "azacitidine or decitabine"):
        assert words in asked
        assert words.replace("venetoclax with", "venetoclax and") in children.question
    assert "acute leukemia" not in asked


def test_newly_diagnosed_patients_are_said_to_be_in_where_a_study_mixes_them_in(
    children: Review,
) -> None:
    pooled = {row.series for row in tk.pool(children, "crc").rows}
    mixed = {
        each.label.split()[0]
        for each in children.series
        if each.key in pooled and any(group.facet("line") == "mixed" for group in each.groups)
    }
    assert mixed == {"LeBlanc"}
    said = children.analysis_set(children.primary_set).description
    assert all(name in said for name in mixed)
    assert "newly diagnosed patients are left out" not in said
    assert all(name in reason(children, "crc", "indirectness") for name in mixed)


def test_other_diseases_in_the_main_set_are_named_in_its_words_and_in_grade(
    children: Review,
) -> None:
    pooled = {row.series for row in tk.pool(children, "crc").rows}
    wider = {
        each.label.split()[0]
        for each in children.series
        if each.key in pooled
        and any(
            group.facet("disease") in ("acute-leukemia", "aml-all-mds") for group in each.groups
        )
    }
    assert wider == {"Niswander"}
    for words in (
        children.analysis_set(children.primary_set).description,
        reason(children, "crc", "indirectness"),
    ):
        assert all(name in words for name in wider)


def test_no_protocol_claims_to_be_older_than_the_numbers_it_knew() -> None:
    pages = [
        *(CHECKOUT / "toolkit" / "book" / "site").glob("*.md"),
        *(CHECKOUT / "toolkit" / "book" / "templates").iterdir(),
        *EXTRACTIONS.glob("*/README.md"),
    ]
    for page in pages:
        words = " ".join(page.read_text(encoding="utf-8").split())
        assert not re.search(r"before any (number|estimate) (was|is) (pooled|seen|known)", words)


def test_the_main_answers_of_the_infants_say_whom_and_when(infants: Review) -> None:
    answer = tk.pool(infants, "efs")
    assert {row.group for row in answer.rows} == {"kmt2a-r"}
    assert "KMT2A-rearranged" in infants.title
    assert "KMT2A-rearranged" in infants.analysis_set(infants.primary_set).label
    # Its own abstract: event-free survival of 66.2 % at three years, not five.
    assert "jplsg-mll10" not in {row.series for row in answer.rows}
    own = next(
        each
        for each in infants.one_series("jplsg-mll10").percentages
        if each.group == "kmt2a-r" and each.outcome == "efs" and each.status == ""
    )
    assert (own.time_years, own.source) == (3, "primary")
    assert {"interfant-99", "interfant-06"} <= {row.series for row in answer.rows}
    beside = [each for each in infants.sets if each.role == "beside"]
    assert [each.key for each in beside] == ["germline"]


@pytest.mark.parametrize("outcome", ["efs", "os"])
def test_grade_of_the_infants_counts_what_is_pooled(infants: Review, outcome: str) -> None:
    answer = tk.pool(infants, outcome)
    number = {5: "five", 7: "seven"}[answer.k]
    patients = sum(row.total for row in answer.rows)
    assert f"the {number} trials" in reason(infants, outcome, "risk_of_bias")
    assert f"{patients:,} infants" in reason(infants, outcome, "imprecision")
    lowest = min(row.estimate or 0 for row in answer.rows)
    highest = max(row.estimate or 0 for row in answer.rows)
    said = reason(infants, outcome, "inconsistency")
    assert f"between {100 * lowest:.0f}% and {100 * highest:.0f}%" in said


@pytest.mark.parametrize("outcome", ["crc", "hsct_after"])
def test_a_prediction_of_counts_is_labelled_as_what_it_is(children: Review, outcome: str) -> None:
    answer = tk.pool(children, outcome)
    if not answer.prediction.defined:
        pytest.skip("one study alone is not predicted from")
    lines = csv.DictReader(io.StringIO(tidy_csv([answer])))
    labels = [each["method"] for each in lines if each["kind"] == "prediction"]
    assert labels
    assert all("posterior" in label and "t(k" not in label for label in labels)
    notes = " ".join(text.get_text() for text in tk.forest(answer).texts)
    assert "t(k" not in notes


@pytest.mark.parametrize("key", ["ped-venaza", "infant-all"])
def test_every_outcome_of_the_first_table_is_judged(key: str) -> None:
    review = tk.read(EXTRACTIONS / key)
    reported = {each.key for each in review.outcomes if each.shown and tk.pool(review, each.key).k}
    assert reported == {each.outcome for each in review.judgements}


def test_grade_prints_the_interval_of_a_single_study(children: Review) -> None:
    told = [each for each in children.judgements if each.reason.startswith("A single study: ")]
    assert len(told) > 10
    for each in told:
        (row,) = tk.pool(children, each.outcome).rows
        assert row.low is not None
        assert row.high is not None
        assert f" of {row.total}, " in each.reason
        assert f"interval {100 * row.low:.0f}% to {100 * row.high:.0f}%" in each.reason


def test_all_studies_of_the_main_answer_are_appraised_in_all_items(children: Review) -> None:
    for row in tk.pool(children, "crc").rows:
        series = children.one_series(row.series)
        assert [each.item for each in series.appraisal] == [str(item) for item in range(1, 11)]
        if series.report_read == "not read":
            # What nobody has read cannot be called met or not met.
            assert {each.judgement for each in series.appraisal} == {"unclear"}


def test_printed_medians_stand_in_their_sheet_as_the_audit_has_them(children: Review) -> None:
    arcourt = {
        (each.outcome, each.status): each for each in children.one_series("arcourt-2026").medians
    }
    stated = (EXTRACTIONS / "ped-venaza/series/arcourt-2026/statements.csv").read_text("utf-8")
    survival = arcourt["os", ""]
    assert (survival.median, survival.low, survival.high) == (6.1, 3.7, 10.1)
    assert "overall-survival,,,,,,median,6.1,months" in stated
    assert f"interval,{survival.low}..{survival.high},months" in stated
    progression = {arcourt["pfs", status].median for status in ("", "alternative")}
    for median in progression:
        assert f"progression-free-survival,responders,,,,,median,{median:g},months" in stated


def test_an_interval_that_leaves_everything_open_is_called_useless(infants: Review) -> None:
    answer = tk.pool(infants, "os", analysis_set="five-years-as-printed")
    at = Results("trees", {"pool": plain(answer.to_dict())}).top["pool"]
    asked = infants.outcome("os"), infants.analysis_set("five-years-as-printed")
    found = Answer(outcome=asked[0], analysis_set=asked[1], pool=answer, at=at)
    said = str(sentences(plain=True).answer_in_words(found))
    assert said.startswith("Cannot be estimated usefully from 3 studies")
    main = tk.pool(infants, "os")
    at = Results("trees", {"pool": plain(main.to_dict())}).top["pool"]
    found = Answer(outcome=asked[0], analysis_set=asked[1], pool=main, at=at)
    assert "usefully" not in str(sentences(plain=True).answer_in_words(found))


def test_an_answer_beside_the_question_is_no_choice_of_it(infants: Review) -> None:
    curve = tk.specification_curve(infants, "efs")
    beside = infants.analysis_set("germline").label
    assert beside not in {each.label for each in curve.variants}
    assert beside in curve.contexts


def test_what_studies_differ_in_is_read_from_their_groups(children: Review) -> None:
    found = {each.label: each for each in study_differences(children, tk.pool(children, "crc"))}
    line = dict(found["Line of treatment"].levels)
    assert line["Newly diagnosed and relapsed or refractory"] == ("LeBlanc 2024",)
    assert dict(found["Disease"].levels)["AML, ALL or mixed phenotype"] == ("Niswander 2022",)
    gemtuzumab = "Venetoclax + azacitidine ± gemtuzumab ozogamicin"
    assert dict(found["Regimen"].levels)[gemtuzumab] == ("Niswander 2022",)
    assert len(found["Prior HSCT"].silent) == 4
    counted = dict(found["What was counted"].levels)
    assert counted["MRD-negative CRc and ORR, which leave a range"] == ("Karol 2025",)
    assert counted["Remission"] == ("LeBlanc 2024", "Winters 2020")


def test_a_median_is_printed_with_what_stands_beside_it(children: Review) -> None:
    found = {(each.outcome.key, each.series.key): each for each in printed_medians(children)}
    first = found["os", "arcourt-2026"]
    assert first.words == "6.1 months (95% CI 3.7–10.1)"
    assert first.answers
    assert not found["os", "marinoff-ucsf"].answers
    assert found["pfs", "arcourt-2026"].others == ("22 months",)

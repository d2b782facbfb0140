"""Readers: spans, marks, powers, records of a register, pages, and places a person can find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.papers.invented import OUTCOMES
from toolkit.papers.document import Document
from toolkit.papers.drafting import draft_paper
from toolkit.papers.readers.recognize import read_paper
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)


def read(text: str, folder: Path) -> Document:
    file = folder / "paper"
    file.write_text(text, encoding="utf-8")
    return read_paper(file)


JATS = """<?xml version="1.0"?><article><front><article-meta><abstract><p>We saw it.</p></abstract>
</article-meta></front><body><sec><title>Results</title><sec><title>Safety</title>
<p>Six of eight had fever.<xref ref-type="bibr" rid="r1"><sup>1</sup></xref> Others did not.</p>
<table-wrap id="t"><label>Table 4.</label><caption><title>Harms</title></caption><table>
<thead><tr><th rowspan="2">Harm</th>
<th colspan="2">Arm A<break/>(<italic>n</italic>&#x2009;=&#x2009;35)</th></tr>
<tr><th>Any grade, n (%)</th><th>Grade &#x2265;&#xa0;3, n (%)</th></tr></thead>
<tbody><tr><td colspan="3"><bold>General</bold></td></tr>
<tr><td>&#x2003;Fever<sup>a</sup></td>
<td>12&#xa0;(34&#xb7;3)<xref ref-type="table-fn" rid="f"><sup>b</sup></xref></td><td>0</td></tr>
<tr><td>&#x2003;Cells, 10<sup>9</sup>/L</td><td>3.1</td><td>&#x2014;</td></tr></tbody></table>
<table-wrap-foot><fn id="f"><p>b Known before.</p></fn></table-wrap-foot></table-wrap>
</sec></sec></body></article>"""


def test_jats_spans_are_expanded_and_marks_are_no_digits(tmp_path: Path):
    (table,) = read(JATS, tmp_path).tables
    assert [[each.text for each in row] for row in table.header] == [
        ["Harm", "Arm A (n = 35)", "Arm A (n = 35)"],
        ["Harm", "Any grade, n (%)", "Grade ≥ 3, n (%)"],
    ]
    fever = table.body[1]
    assert [each.text for each in fever] == ["Fever", "12 (34·3)", "0"]
    assert fever[0].indent == 1
    assert fever[0].marks == ("a",)
    assert fever[1].marks == ("b",)
    assert table.body[2][0].text == "Cells, 10⁹/L"
    assert table.notes == ("b Known before.",)


def test_every_proposal_has_a_place_that_a_person_can_find(tmp_path: Path):
    (tmp_path / "paper").write_text(JATS, encoding="utf-8")
    made = draft_paper(tmp_path / "paper", WORDS)
    assert [(each.where, each.events, each.total, each.grade) for each in made.proposals] == [
        ("Table 4, General, row Fever, column Arm A (n = 35), Any grade, n (%)", 12, 35, "any"),
        ("Table 4, General, row Fever, column Arm A (n = 35), Grade ≥ 3, n (%)", 0, 35, "ge3"),
        ("Results, Safety, sentence 1", 6, 8, ""),
    ]
    keys = [
        "rule",
        "table",
        "row",
        "column",
        "sentence",
        "as_printed",
        "events",
        "total",
        "percent",
    ]
    keys += ["outcome", "grade", "group", "where"]
    assert all(list(each) == keys for each in made.to_list())


def record(**results: Any) -> str:
    return json.dumps({"protocolSection": {}, "resultsSection": results})


def test_a_register_counts_participants_and_never_events(tmp_path: Path):
    groups = [{"id": "EG000", "title": "Arm A", "otherNumAtRisk": 18}]
    event = {"groupId": "EG000", "numEvents": 30, "numAffected": 12}
    module = {
        "eventGroups": groups,
        "otherEvents": [{"term": "Pyrexia", "organSystem": "General disorders", "stats": [event]}],
    }
    (tmp_path / "paper").write_text(record(adverseEventsModule=module), encoding="utf-8")
    (found,) = draft_paper(tmp_path / "paper", WORDS).proposals
    assert (found.outcome, found.events, found.total, found.group) == ("fever", 12, 18, "Arm A")
    # A register tells serious events from others, which is no grade: a person must fill it in.
    assert found.grade == ""


@pytest.mark.parametrize(
    ("kind", "unit", "value", "expected"),
    [
        ("COUNT_OF_PARTICIPANTS", "Participants", "7", ("full_response", 7, 18)),
        ("NUMBER", "percentage of participants", "38.9", ("full_response", 7, 18)),
        ("MEDIAN", "months", "7", None),
    ],
)
def test_an_outcome_measure_is_a_count_a_share_or_neither(
    kind: str, unit: str, value: str, expected: object, tmp_path: Path
):
    measure = {
        "type": "PRIMARY",
        "title": "Participants With Full Response (FR)",
        "paramType": kind,
        "unitOfMeasure": unit,
        "groups": [{"id": "OG000", "title": "Arm A"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "OG000", "value": "18"}]}],
        "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": value}]}]}],
    }
    text = record(outcomeMeasuresModule={"outcomeMeasures": [measure]})
    (tmp_path / "paper").write_text(text, encoding="utf-8")
    found = draft_paper(tmp_path / "paper", WORDS).proposals
    assert [(each.outcome, each.events, each.total) for each in found] == (
        [expected] if expected else []
    )


def test_a_page_is_read_as_words_and_nothing_in_it_runs(tmp_path: Path):
    page = (
        "<!DOCTYPE html><html><head><script>document.write('<p>9 of 9 died.</p>')</script></head>"
        "<body>"
        "<nav>7 of 7 died.</nav><h1>Title</h1><h2>Results</h2>"
        "<p onclick='x()'>Three of ten patients died.</p>"
        "<img src='http://example.org/x.png' onerror='x()'></body></html>"
    )
    (tmp_path / "paper").write_text(page, encoding="utf-8")
    made = draft_paper(tmp_path / "paper", WORDS)
    assert [(each.events, each.total) for each in made.proposals] == [(3, 10)]
    assert len(made.document.paragraphs) == 1


def test_sections_that_speak_of_something_else_give_no_outcome(tmp_path: Path):
    rows = [
        "Table 1. Patients\tN = 20, n (%)",
        "Cause of death\t",
        "Fever\t3 (15)",
        "Prior treatment\t",
        "FR\t4 (20)",
    ]
    (tmp_path / "paper").write_text(
        "\n".join(["Outcomes\tPatients (N = 20), n (%)", *rows[1:]]), encoding="utf-8"
    )
    made = draft_paper(tmp_path / "paper", WORDS)
    assert made.proposals == ()
    assert [each.quantity.as_printed for each in made.unmatched] == ["3 (15)", "4 (20)"]
    assert all("another matter" in each.reason for each in made.unmatched)

"""How an audit is told: text, JSON, the page of the book, the note to the authors, the command."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import pytest
from published_audits import infant_audit, pediatric_audit
from typer.testing import CliRunner

from toolkit.analysis.pool import pool
from toolkit.audit.badges import BADGES
from toolkit.audit.report import erratum_note, report_json, report_text
from toolkit.audit.run import Audit
from toolkit.book.pages.audit import audit_page
from toolkit.cli.app import app


@pytest.fixture(scope="module")
def pediatric() -> Audit:
    return pediatric_audit()


@pytest.fixture(scope="module")
def infant() -> Audit:
    return infant_audit()


PAPER = "arcourt-2026"


def test_the_text_tells_every_finding_once_with_its_places(pediatric: Audit):
    told = report_text(pediatric)
    for number, finding in enumerate(pediatric.findings, start=1):
        assert told.count(f"\n{number}. [{finding.check}]") == 1
        assert finding.what in told
    assert "series/arcourt-2026/counts.csv" in told or "statements.csv, line" in told
    assert "crc: 10/38 could be 10/38 to 11/38; pooled" in told


def test_the_json_holds_the_same(pediatric: Audit, infant: Audit):
    told = json.loads(report_json([pediatric]))
    assert [each["what"] for each in told["findings"]] == [f.what for f in pediatric.findings]
    assert {each["badge"] for each in told["badges"]} <= set(BADGES)
    assert [each["review"] for each in json.loads(report_json([pediatric, infant]))] == [
        "ped-venaza",
        "infant",
    ]


def test_the_note_asks_and_does_not_judge(pediatric: Audit):
    note = erratum_note(pediatric, PAPER)
    differing = [each for each in pediatric.of_paper(PAPER) if each.level == "differs"]
    assert f"we met {len(differing)} places" in note
    assert note.count("\n1. ") == 1
    assert f"\n{len(differing)}. " in note
    assert "error" not in note.lower()


def test_a_note_on_a_paper_without_differences(pediatric: Audit):
    assert "No place was found" in erratum_note(pediatric, "winters-2020")


def test_sheets_cannot_act_in_the_note_or_on_the_page(infant: Audit):
    hostile = "<script>alert(1)</script> [x](http://x) {raw}`y`"
    finding = replace(infant.findings[0], what=hostile)
    poisoned = replace(infant, findings=(finding,))
    page = audit_page(poisoned)
    assert "<script>" not in page
    assert "`y`" not in page
    assert hostile in unescape(page)
    assert "\\<script\\>" in erratum_note(poisoned, finding.paper)


def test_the_page_tells_every_finding(pediatric: Audit):
    page = unescape(audit_page(pediatric, written="Words by hand."))
    assert all(finding.what in page for finding in pediatric.findings)
    assert "Words by hand." in page
    assert all(meaning in page for meaning in BADGES.values())


def test_every_plotted_number_has_a_badge(pediatric: Audit):
    review = pediatric.review
    keys = {outcome.short: outcome.key for outcome in review.outcomes}
    bounded = 0
    for outcome in review.outcomes:
        if outcome.shown:
            for row in pool(review, outcome.key).rows:
                # A number that others bound stands in no cell: those that bound it do.
                cells = {keys[bound.outcome] for bound in row.bounds} or {row.outcome}
                bounded += bool(row.bounds)
                for key in cells:
                    cell = next(
                        cell
                        for cell in pediatric.badges.by_cell
                        if cell[:4] == (row.series, row.group, key, outcome.grade)
                    )
                    assert pediatric.badges.by_cell[cell] in BADGES
                assert pediatric.badges.of_row(row, outcome.grade) in BADGES
    assert bounded > 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["audit", "ped-venaza"], 0, "[C02] CRi"),
        (["audit", "ped-venaza", "--json"], 0, '"fingerprint"'),
        (["audit", "ped-venaza", "--erratum", PAPER], 0, "# Places that differ"),
    ],
)
def test_the_command(words: list[str], code: int, said: str):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == code
    assert said in result.output


def test_the_command_names_the_papers_it_knows():
    result = CliRunner().invoke(app, ["audit", "ped-venaza", "--erratum", "arcort-2026"])
    assert result.exit_code != 0
    assert 'Did you mean "arcourt-2026"?' in str(result.exception)

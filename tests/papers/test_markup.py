"""Markup as publishers and archives write it, and the counts that stand in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.papers.layouts import OUTCOMES, Count
from toolkit.papers.drafting import draft_paper
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)


def article(body: str, abstract: str = "", after: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) '
        'Journal Archiving DTD v1.2 20190208//EN" "JATS.dtd"><article xmlns:xlink='
        '"http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" '
        'article-type="research-article"><front><article-meta><title-group><article-title>T'
        f"</article-title></title-group>{abstract}</article-meta></front><body>{body}</body><back>"
        "<ref-list><ref><mixed-citation>CR in 5 of 10 patients (50%).</mixed-citation></ref>"
        f"</ref-list></back>{after}</article>"
    )


PARAGRAPHS_IN_CELLS = article(
    """<sec sec-type="results"><title>3 | RESULTS</title><sec><title>3.2 | Safety</title><p>x</p>
    <table-wrap id="T3"><label>TABLE 3</label><caption><p>Adverse events
    (<italic>N</italic>&#x2009;=&#x2009;33)</p></caption><alternatives><graphic xlink:href="x"/>
    <table frame="hsides"><colgroup span="1"><col align="left" span="1"/></colgroup>
    <thead><tr><th rowspan="2"><p>Event</p></th><th colspan="2"><p>Patients, <italic>n</italic>
    (%)</p></th></tr><tr><th><p>Any grade</p></th><th><p>Grade&#xa0;&#x2265;3</p></th></tr></thead>
    <tbody><tr><th colspan="3"><p><bold>Hematologic</bold></p></th></tr>
    <tr><td><p>&#x2003;Anemia</p></td><td><p>20 (60.6)</p></td><td><p>10 (30.3)</p></td></tr>
    </tbody>
    <tbody><tr><td colspan="3"><bold>Gastrointestinal</bold></td></tr><tr>
    <td>&#xa0;&#xa0;Nausea</td>
    <td>15&#xa0;(45.5)</td><td>1&#xa0;(3.0)</td></tr></tbody></table></alternatives></table-wrap>
    </sec></sec>"""
)
AFTER_THE_TEXT = article(
    "<sec><title>Results</title><p>Nothing.</p></sec>",
    after="""<floats-group><table-wrap id="t1"><label>Table&#160;2.</label><caption><title>Response
    </title><p>Data are No. (%).</p></caption><table><thead><tr><td>Response</td>
    <td>Cohort 1<break/>
    (n&#8201;=&#8201;24)</td><td>Cohort 2<break/>(n&#8201;=&#8201;31)<xref ref-type="table-fn"
    rid="a"><sup><italic>a</italic></sup></xref></td></tr></thead><tbody><tr><td>Complete response
    <sup>b</sup></td><td>6 (25)</td><td>10 (32)<sup>c</sup></td></tr><tr><td>Stable disease</td>
    <td>0</td><td>4 (13)</td></tr></tbody></table></table-wrap></floats-group>""",
)
TWO_PANELS = article(
    """<sec><title>Results</title><p>x</p><table-wrap-group><label>Table 4</label><caption>
    <p>Toxicity (N=20)</p></caption><table-wrap><table><thead><tr><th>A. Any grade</th>
    <th>n (%)</th></tr></thead><tbody><tr><td>Nausea</td><td>10 (50)</td></tr></tbody></table>
    </table-wrap><table-wrap><table><thead><tr><th>B. Grade &#8805;3</th><th>n (%)</th></tr></thead>
    <tbody><tr><td>Nausea</td><td>1 (5)</td></tr></tbody></table></table-wrap></table-wrap-group>
    </sec>"""
)
MATH_IN_A_HEAD = article(
    """<sec><title>Results</title><p>x</p><table-wrap id="t"><label>Table 1</label><caption><title>
    Toxicity in 40 patients</title></caption><table><tbody><tr><td>Toxicity</td><td>Grade
    <inline-formula><mml:math><mml:mo>&#8805;</mml:mo><mml:mn>3</mml:mn></mml:math>
    </inline-formula>,
    n (%)</td></tr><tr><td>Nausea</td><td>4 (10%)</td></tr><tr><td>Rash</td><td>2 (5%)</td></tr>
    </tbody></table></table-wrap></sec>""",
    "<abstract><p>We treated 40 patients. All 40 patients were followed.</p></abstract>",
)
NUMBERED_SECTIONS = article(
    """<sec><title>3. Results</title><sec><title>3.1. Response</title><p>Of the 40 patients,
    <bold>12</bold> (30%) achieved CR [<xref ref-type="bibr" rid="b1">12</xref>] and 6 (15%) had PR
    (<xref ref-type="table" rid="t1">Table 2</xref>).</p></sec></sec><sec><title>4. Discussion
    </title><p>In 20 of 50 patients (40%) CR was seen.</p></sec><sec><label>5</label>
    <title>Conclusions</title><p>CR was seen in 21 of 50 patients.</p></sec>""",
    "<abstract><sec><title>Background</title><p>CR is seen in 50 of 100 patients.</p></sec><sec>"
    "<title>Results</title><p>CR was achieved in 12 of 40 patients (30%).</p></sec></abstract>",
)
FIGURE_OF_A_TABLE = """<!doctype html><html lang=en><head><title>T</title></head><body><header>Menu
</header><main><article><h1>T</h1><section><h2>Results</h2><p>x</p><figure class="table">
    <figcaption>
<strong>Table 2</strong> <span>Best response among 25 evaluable patients (n = 25)</span>
    </figcaption>
<div><table><tr><th scope="col">Response</th><th scope="col">No. (%)</th></tr><tr><th scope="row">CR
</th><td>10&nbsp;(40)</td></tr><tr><th scope="row">PR</th><td>5&thinsp;(20)</td></tr></table></div>
</figure></section></article></main></body></html>"""
OPEN_TAGS = """<html><body><table role="presentation"><tr><td><h2>Results</h2><p>x</p><table>
<caption>Table 1. Toxicity (n = 30)</caption><thead><tr>
    <th>Event<th>All grades, n (%)<th>Grade 3/4, n
(%)</tr></thead><tfoot><tr><td colspan=3>* fatal</td></tr></tfoot><tbody><tr>
    <td>Sepsis*<td>4 (13)<td>
4 (13)</tr><tr><td>Rash<td>6 (20)<td>0 (0)</tbody></table></td></tr></table></body></html>"""
MARKDOWN = """# T

## Results

Table 1. Toxicity (N = 30)

| Event | Any grade | Grade ≥3 |
|:--|--:|--:|
| *Nausea* | 12 (40%) | 0 |
| **Rash** | 6 (20%) | 1 (3%) |

Nothing else was seen.
"""
CASES: dict[str, tuple[str, list[Count]]] = {
    "paragraphs in cells, two bodies, alternatives": (
        PARAGRAPHS_IN_CELLS,
        [
            ("anemia", "any", "", 20, 33),
            ("anemia", "ge3", "", 10, 33),
            ("nausea", "any", "", 15, 33),
            ("nausea", "ge3", "", 1, 33),
        ],
    ),
    "a table after the text, breaks in its heads": (
        AFTER_THE_TEXT,
        [
            ("cr", "", "Cohort 1", 6, 24),
            ("cr", "", "Cohort 2", 10, 31),
            ("sd", "", "Cohort 1", 0, 24),
            ("sd", "", "Cohort 2", 4, 31),
        ],
    ),
    "two panels under one caption": (
        TWO_PANELS,
        [("nausea", "any", "", 10, 20), ("nausea", "ge3", "", 1, 20)],
    ),
    "a formula in a head, and no head marked": (
        MATH_IN_A_HEAD,
        [("nausea", "ge3", "", 4, 40), ("rash", "ge3", "", 2, 40)],
    ),
    "numbered sections; nothing from others' results": (
        NUMBERED_SECTIONS,
        [("cr", "", "", 12, 40), ("cr", "", "", 12, 40), ("pr", "", "", 6, 40)],
    ),
    "a table as a figure of a page": (
        FIGURE_OF_A_TABLE,
        [("cr", "", "", 10, 25), ("pr", "", "", 5, 25)],
    ),
    "tags that nobody closed, a table around the table": (
        OPEN_TAGS,
        [
            ("sepsis", "any", "", 4, 30),
            ("sepsis", "ge3", "", 4, 30),
            ("rash", "any", "", 6, 30),
            ("rash", "ge3", "", 0, 30),
        ],
    ),
    "Markdown": (
        MARKDOWN,
        [
            ("nausea", "any", "", 12, 30),
            ("nausea", "ge3", "", 0, 30),
            ("rash", "any", "", 6, 30),
            ("rash", "ge3", "", 1, 30),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_counts_are_read_through_the_markup(name: str, tmp_path: Path):
    text, counts = CASES[name]
    file = tmp_path / "paper"
    file.write_text(text, encoding="utf-8")
    found = draft_paper(file, WORDS).proposals
    assert Counter(
        (each.outcome, each.grade, each.group, each.events, each.total) for each in found
    ) == Counter(counts)

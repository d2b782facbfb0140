"""The pages of a review: what they say, what they leave unsaid, and that words stay words."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from sheets_folder import COUNTS, make_review

from toolkit.book.build.build import build
from toolkit.book.build.pages import write_answer_figure, write_pages
from toolkit.book.build.stage import stage
from toolkit.book.content.answers import compute
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import read

HOSTILE = '<script>alert(1)</script> ```{raw} html {{ x }} $y$ [a](b) "> <b>'


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages written for one review."""
    root = tmp_path_factory.mktemp("pages")
    copied = hand_written(root)
    write_pages([make_review(root)], copied)
    return copied


def hand_written(root: Path, drawn: Path | None = None) -> Path:
    """Return a copy of the hand-written pages, beside what was computed before if anything was."""
    if drawn is not None:
        shutil.copytree(drawn.parent / "kept", root / "_build" / "kept")
    staging = root / "_build" / "source"
    stage(root / "book", [], staging)
    return staging


def said(page: Path) -> str:
    """Return what a page says, without its mark-up."""
    text = re.sub(r"</t[dh]>|<br>", " ", page.read_text("utf-8"))
    return " ".join(html.unescape(re.sub(r"<[^>]*>|\*\*", "", text)).split())


def test_the_answer_stands_first_with_its_prediction_and_what_moves_it(staging: Path) -> None:
    words = said(staging / "index.md")
    # Printed by R for these counts: 0.4143 (0.1753 to 0.7018); by quadrature, the average 0.4255.
    assert "median study 41% (95% confidence interval 18–70%; 5 studies, 129 patients)" in words
    assert re.search(r"in a new study \d+ to \d+ of the next 20\.", words)
    # rma.glmm without each series: .339 without the third, .482 without the second; .3364 for the
    # three plain ones; pooled counts 51/129 = .3953; half-normal(2.0) .4258.
    assert "Leaving one study out matters most: the median study, 41%" in words
    assert "goes from 34% (without Cedar, 4 studies, 102 patients) to 48% (without Birch" in words
    assert "Which studies are counted moves it from 34% (Plain only) to 41%" in words
    assert (
        "The statistical method moves it from 40% (Pooled counts) to 43% (Bayes, half-normal(2.0))"
        in words
    )
    assert "Last database search: none yet" in words


def test_one_series_is_not_pooled_and_says_so(staging: Path) -> None:
    words = said(staging / "trees" / "toxicity.md")
    assert "Single study: not pooled" in words
    assert "Fir: 4 of 38, 11% (3–25)" in words
    assert "not reported" not in words.split("Fir")[0]


def test_every_plotted_number_leads_to_its_file_line_and_place(staging: Path) -> None:
    words = said(staging / "trees" / "data.md")
    for name, (events, total, _) in COUNTS.items():
        row = f"{name.title()} Everybody CRc {events}/{total} {events}/{total} Table 2, row CR"
        assert f"{row} own report series/{name}/counts.csv, line 2" in words


def test_files_to_download_are_whole_and_agree(staging: Path) -> None:
    folder = staging / "_extra" / "trees"
    results = json.loads((folder / "results.json").read_text("utf-8"))
    answer = results["answers"]["crc"]["main"]["headline"]
    assert answer["typical"]["estimate"] == pytest.approx(0.4143, abs=5e-5)
    assert results["last_search"] == ""
    lines = list(csv.DictReader(io.StringIO((folder / "counts.csv").read_text("utf-8"))))
    assert len(lines) == len(COUNTS) + 1
    assert {line["file"] for line in lines} == {f"series/{name}/counts.csv" for name in COUNTS}
    tidy = list(csv.DictReader(io.StringIO((folder / "estimates.csv").read_text("utf-8"))))
    typical = [line for line in tidy if line["kind"] == "typical" and "main" in line.values()]
    assert float(typical[0]["estimate"]) == answer["typical"]["estimate"]
    for ending in ("svg", "pdf", "png"):
        assert (folder / "figures" / f"crc.{ending}").stat().st_size > 1000


def test_pages_written_twice_are_the_same(staging: Path, tmp_path: Path) -> None:
    again = hand_written(tmp_path)
    write_pages([make_review(tmp_path)], again)
    first = {path.relative_to(staging): path for path in staging.rglob("*") if path.is_file()}
    assert first.keys() == {p.relative_to(again) for p in again.rglob("*") if p.is_file()}
    # The example in Python names the review's folder, which is elsewhere here.
    text = {name: path.read_bytes() for name, path in first.items() if name.name != "responses.md"}
    assert [name for name in text if (again / name).read_bytes() != text[name]] == []


def test_a_sheet_with_a_problem_makes_no_pages(tmp_path: Path) -> None:
    review = make_review(tmp_path)
    counts = review / "series" / "ash" / "counts.csv"
    counts.write_text(counts.read_text("utf-8").replace(",6,8,", ",9,8,"), encoding="utf-8")
    copied = hand_written(tmp_path)
    with pytest.raises(SheetError, match=r"series/ash/counts\.csv, line 2"):
        write_pages([review], copied)
    assert not (copied / "_extra" / "trees").exists()


def test_hand_written_words_come_in_and_their_numbers_are_filled(
    staging: Path, tmp_path: Path
) -> None:
    copied = hand_written(tmp_path, staging)
    (copied / "trees").mkdir()
    quote = '<span data-result="trees:answers.crc.main.headline.k"></span>'
    (copied / "trees" / "summary.md").write_text(f"By hand, {quote} series.\n", encoding="utf-8")
    write_pages([make_review(tmp_path)], copied)
    assert "By hand, 5 series." in said(copied / "index.md")


@pytest.mark.parametrize(
    ("quote", "told"),
    [("trees:answers.crc.main.headline.z", r"headline\.z"), ("wood:title", "no review of this")],
)
def test_a_quote_of_nothing_is_refused(
    staging: Path, tmp_path: Path, quote: str, told: str
) -> None:
    copied = hand_written(tmp_path, staging)
    methods = copied / "methods.md"
    methods.write_text(f'Text <span data-result="{quote}"></span>.\n', encoding="utf-8")
    with pytest.raises(ToolkitError, match=rf"methods\.md of the book: .*{told}"):
        write_pages([make_review(tmp_path)], copied)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("_toc.yml", "# The pages of the reviews are put in here"),
        ("_config.yml", "  extra_footer: "),
        ("references.md", "<!-- The series of the reviews are put in here. -->"),
    ],
)
def test_a_hand_written_file_without_its_place_is_named(
    staging: Path, tmp_path: Path, file: str, line: str
) -> None:
    copied = hand_written(tmp_path, staging)
    place = copied / file
    text = place.read_text("utf-8")
    assert line in text
    place.write_text(text.replace(line, line.replace("e", "o")), encoding="utf-8")
    with pytest.raises(ToolkitError, match=rf"{re.escape(file)} of the book has no line"):
        write_pages([make_review(tmp_path)], copied)


def test_readme_figure_is_one_svg_that_names_its_numbers(tmp_path: Path) -> None:
    path = write_answer_figure(read(make_review(tmp_path)), tmp_path / "forest.svg")
    assert path == tmp_path / "forest.svg"
    assert "129 patients" in path.read_text("utf-8")


def test_sets_with_the_same_counts_share_one_answer_under_their_own_name(tmp_path: Path) -> None:
    review = make_review(tmp_path)
    protocol = review / "review.toml"
    same = '\n[sets.again]\nlabel = "Again"\ndescription = "Same."\nextends = "main"\n'
    protocol.write_text(protocol.read_text("utf-8") + same, encoding="utf-8")
    answers = compute(read(review))
    main, again = answers.headline("crc"), answers.headline("crc", "again")
    assert main is not None
    assert again is not None
    assert again.typical == main.typical
    assert (main.analysis_set_label, again.analysis_set_label) == ("Main", "Again")


def test_a_second_review_changes_data_only_and_hostile_words_stay_words(tmp_path: Path) -> None:
    reviews = [make_review(tmp_path), make_review(tmp_path, "weeds", title="Weeds", words=HOSTILE)]
    source = tmp_path / "book"
    index = build(reviews, source=source, write_pages=write_pages, say=lambda line: None)
    site = index.parent
    first, second = (
        sorted(page.name for page in (site / key).glob("*.html")) for key in ("trees", "weeds")
    )
    assert first == second
    assert {"data.html", "responses.html", "series.html", "summary.html", "toxicity.html"} <= {
        *first
    }
    index = (site / "index.html").read_text("utf-8")
    assert index.count(", median study; ") == len(reviews)
    assert len(set(re.findall(r' id="([^"]+)"', index))) == len(re.findall(r' id="', index))
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "<script>alert" not in text, page.name
        assert "<b>" not in text, page.name
    shown = html.unescape((site / "weeds" / "series.html").read_text("utf-8"))
    assert shown.count(HOSTILE) > 10


def test_pages_speak_the_field_s_words(staging: Path) -> None:
    """The unit is the study, marks have no color to name, and a percent sign follows its number."""
    pages = sorted(staging.rglob("*.md"))
    assert {"index.md", "how-to-read.md", "methods.md"} <= {page.name for page in pages}
    for page in pages:
        text = re.sub(
            r"```.*?```|`[^`\n]*`|<svg.*?</svg>", " ", page.read_text("utf-8"), flags=re.S
        )
        # Drawings are words too: what they print and what they say to a screen reader.
        drawn = " ".join(re.findall(r"<(?:title|desc)[^>]*>[^<]*", page.read_text("utf-8")))
        words = html.unescape(re.sub(r"<[^>]*>", " ", f"{text} {drawn}")).replace("\xa0", " ")
        for word in (r"centre", r"in ink", r"[0-9] %"):
            found = re.search(rf".{{0,60}}{word}.{{0,20}}", words, flags=re.IGNORECASE)
            assert found is None, f"{page.name}: {found and found[0]}"


def test_the_first_screen_says_answer_range_harm_and_search_in_this_order(staging: Path) -> None:
    words = said(staging / "index.md").split("How far this review has come")[0]
    # 41% (18-70) by R; 3/19 and 6/8 are the smallest and the largest of the five; rash 4 of 38.
    places = [
        words.index(each)
        for each in (
            "About 4 in 10 patients",
            "The studies that report it range from 16% to 75%.",
            "A new study may lie anywhere within ",
            "Severe harm, grade ≥\xa03 (single study: Fir): rash 11% (3–25) of 38.".replace(
                "\xa0", " "
            ),
            "No database search yet.",
            "For families: of 10 patients like these, about 4",
        )
    ]
    assert places == sorted(places)


def test_one_table_has_every_outcome_and_marks_single_studies(staging: Path) -> None:
    words = said(staging / "index.md").split("Summary of findings")[1]
    assert words.index("Response") < words.index("Rash, grade")
    assert "1 (38) single study 11% (3–25)" in words
    assert "4 of 38 patients of Fir." in words

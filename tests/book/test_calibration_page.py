"""The page on calibration: what it quotes stands in its results.json and in the stored grid."""

import csv
import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from toolkit.book.build.stage import SITE
from toolkit.book.build.verify import verify_pages
from toolkit.book.pages.calibration import KEY, calibration_page
from toolkit.errors import ToolkitError

FOLDER = SITE / "_extra" / "calibration"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the page and the folder of a book with this page alone."""
    html = tmp_path_factory.mktemp("html")
    shutil.copytree(FOLDER, html / KEY)
    page, results = calibration_page(html / KEY)
    (html / KEY / "results.json").write_text(results, encoding="utf-8")
    (html / "calibration.html").write_text(page, encoding="utf-8")
    return page, html


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def rows_of(method, target):
    """Return the lines of the stored grid for one interval."""
    lines = (FOLDER / "even.csv").read_text(encoding="utf-8").splitlines()
    return [
        row for row in csv.DictReader(lines) if (row["method"], row["target"]) == (method, target)
    ]


def said(page):
    reader = _Text()
    reader.feed(page)
    return " ".join("".join(reader.words).split())


def test_every_number_quoted_is_in_results_json(written):
    page, html = written
    assert verify_pages(html) == len(re.findall("data-result=", page)) > 1_000


def test_the_commands_stand_as_they_are_typed(written):
    page, _ = written
    block = page.split("## Made with")[1].split("```")[1].split("\n")
    assert block[1:-1] == [
        "toolkit calibrate --grid --sizes even --csv even.csv",
        "toolkit calibrate --grid --sizes mostly-small --csv mostly-small.csv",
    ]


def test_results_json_holds_the_cells_of_the_file(written):
    _, html = written
    document = json.loads((html / KEY / "results.json").read_text(encoding="utf-8"))
    assert len(document["cells"]) == 96
    rows = rows_of("Binomial-normal ML, t(k-1)", "typical")
    kept = [cell["shares"][3]["covered"] for cell in document["cells"]]
    assert kept == [float(row["covered"]) for row in rows]


def test_the_words_fit_the_numbers(written):
    words = said(written[0])
    # From the file by hand: mean of 48 cells and the least of them.
    assert "hold the average in 81.6% of simulated reviews" in words
    assert "the same model with t(k-1), holds it in 96.4%, and in its worst cell in 93.7%" in words
    assert "Pooled counts, Clopper-Pearson, mean across studies: 81.6% here" in words
    assert "83.5% in the first simulation" in words
    assert "toolkit calibrate --grid --sizes even --csv even.csv" in words


def test_reviews_without_an_interval_are_told_for_the_cell_where_they_are_most(written):
    page, html = written
    document = json.loads((html / KEY / "results.json").read_text(encoding="utf-8"))
    name = ("Binomial-normal ML, t(k-1)", "typical")
    place = next(
        place
        for place, row in enumerate(document["intervals"])
        if (row["method"], row["target"]) == name
    )
    largest = max(rows_of(*name), key=lambda row: float(row["refused"]))
    # Four series with rare events under a beta law, not a cell without spread.
    assert (largest["series"], largest["proportion"], largest["law"]) == (
        "4",
        "0.05",
        "beta-binomial",
    )
    assert document["intervals"][place]["beta"]["refused"] == float(largest["refused"])
    assert f"intervals.{place}.beta.refused" in page


def test_with_rare_events_more_series_make_logits_with_a_half_worse():
    """What the page warns of, from the file, for every spread and both corrections."""
    for method in ("Logit, REML, Hartung-Knapp", "Logit, REML, ad hoc Hartung-Knapp"):
        rows = [row for row in rows_of(method, "typical") if row["proportion"] == "0.05"]
        for spread in {(row["law"], row["tau"], row["rho"]) for row in rows}:
            shares = [
                float(row["covered"])
                for row in sorted(rows, key=lambda row: int(row["series"]))
                if (row["law"], row["tau"], row["rho"]) == spread
            ]
            assert shares == sorted(shares, reverse=True)
            assert len(shares) == 4


def test_the_figure_says_its_range_and_is_offered_as_files(written):
    page, html = written
    shares = [
        float(row["covered"])
        for row in rows_of("Pooled counts, Clopper-Pearson", "average")
        if row["tau"] != "0"
    ]
    ends = f"{100 * min(shares):.0f} to {100 * max(shares):.0f}%"
    assert f"Pooled counts, Clopper-Pearson (mean across studies): {ends}" in page
    for ending in ("svg", "pdf"):
        assert (html / KEY / f"cells.{ending}").is_file()
        assert f'href="{KEY}/cells.{ending}"' in page
    for name in ("even", "mostly-small"):
        assert f'href="{KEY}/{name}.csv"' in page


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("even", "needs even.csv .* toolkit calibrate --grid --sizes even --csv even.csv makes it"),
        ("mostly-small", "toolkit calibrate --grid --sizes mostly-small --csv mostly-small.csv"),
        ("earlier", "needs earlier.csv .* take it from the checkout"),
    ],
)
def test_a_book_without_a_stored_file_says_how_to_get_it(tmp_path, name, told):
    shutil.copytree(FOLDER, tmp_path / KEY)
    (tmp_path / KEY / f"{name}.csv").unlink()
    with pytest.raises(ToolkitError, match=told):
        calibration_page(tmp_path / KEY)

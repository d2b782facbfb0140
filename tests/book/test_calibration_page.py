"""The page on calibration: what it quotes stands in its results.json and in the stored grid."""

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest

from toolkit.book.build.stage import SITE
from toolkit.book.build.verify import verify_pages
from toolkit.book.pages.calibration import GRIDS, KEY, PACKED, calibration_page
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


def rows_of(method, target, name="designs"):
    """Return the lines of a stored grid for one interval."""
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
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
        "toolkit calibrate --grid --sizes designs --csv designs.csv",
        "toolkit calibrate --grid --sizes even --csv even.csv",
        "toolkit calibrate --grid --sizes mostly-small --csv mostly-small.csv",
    ]


def differing(rows):
    """Return the rows of cells in which studies differ, with no more spread than is promised."""
    return [
        row
        for row in rows
        if row["tau"] != "0"
        and row["series"] != "2"
        and float(row["tau"] or 0) <= 1.5
        and row["refused"] != "1.00000"
    ]


def test_the_table_holds_the_cells_that_are_hardest_for_the_leading_interval(written):
    page, html = written
    document = json.loads((html / KEY / "results.json").read_text(encoding="utf-8"))
    rows = rows_of("Binomial-normal, profile likelihood, calibrated", "average")
    # Seven designs of three series or more, four proportions, six spreads and two correlations.
    assert len(rows) == 7 * 4 * 8
    least = sorted(float(row["covered"]) for row in rows)[: len(document["cells"])]
    assert [cell["shares"][0]["covered"] for cell in document["cells"]] == least
    assert f"<p>{8 * 4 * 8} cells:" in page


def test_the_words_fit_the_numbers(written):
    words = said(written[0])
    calibrated = differing(rows_of("Binomial-normal, profile likelihood, calibrated", "average"))
    worst = min(float(row["covered"]) for row in calibrated if row["law"] == "logit-normal")
    assert f"it covers the mean across studies in {100 * worst:.1f}% of simulated" in words
    student = differing(rows_of("Binomial-normal ML, t(k-1)", "typical"))
    worst = min(float(row["covered"]) for row in student if row["law"] == "logit-normal")
    assert f"t(k-1) in {100 * worst:.1f}%" in words
    assert "toolkit calibrate --grid --sizes even --csv even.csv" in words
    assert "83.5% in the first simulation" in words


def test_the_leading_interval_is_the_narrowest_of_those_that_cover():
    """What the page says of why it leads, from the file; two simulation errors are slack."""
    others = ("Binomial-normal, profile likelihood, Bartlett", "Bayes, half-normal(1.0)")
    covering = {}
    for method in ("Binomial-normal, profile likelihood, calibrated", *others):
        rows = differing(rows_of(method, "average"))
        if min(float(row["covered"]) + 2 * float(row["error"]) for row in rows) >= 0.94:
            covering[method] = sum(float(row["width"]) for row in rows) / len(rows)
    assert len(covering) == 2
    assert min(covering, key=covering.get) == "Binomial-normal, profile likelihood, calibrated"


def test_reviews_without_an_interval_are_shown_for_the_cell_where_they_are_most(written):
    page, html = written
    document = json.loads((html / KEY / "results.json").read_text(encoding="utf-8"))
    name = ("Binomial-normal ML, t(k-1)", "typical")
    place = next(
        place
        for place, row in enumerate(document["intervals"])
        if (row["method"], row["target"]) == name
    )
    promised = [row for row in rows_of(*name) if row["series"] != "2" and row["tau"] != "2"]
    largest = max(promised, key=lambda row: float(row["refused"]))
    group = "beta" if largest["law"] == "beta-binomial" else "spread"
    assert document["intervals"][place][group]["refused"] == float(largest["refused"])
    assert f"intervals.{place}.{group}.refused" in page


def test_with_rare_events_more_series_make_logits_with_a_half_worse():
    """What the page warns of, from the file, for every spread and both corrections."""
    for method in ("Logit, REML, Hartung-Knapp", "Logit, REML, ad hoc Hartung-Knapp"):
        rows = [row for row in rows_of(method, "typical", "even") if row["proportion"] == "0.05"]
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
        if row["tau"] not in ("0", "2")
    ]
    ends = f"{100 * min(shares):.0f} to {100 * max(shares):.0f}%"
    assert f"Pooled counts, Clopper-Pearson (mean across studies): {ends}" in page
    for ending in ("svg", "pdf"):
        assert (html / KEY / f"cells.{ending}").is_file()
        assert f'href="{KEY}/cells.{ending}"' in page
    assert f'href="{KEY}/{PACKED}"' in page
    with ZipFile(html / KEY / PACKED) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in GRIDS]
        for name in GRIDS:
            assert archive.read(f"{name}.csv") == (FOLDER / f"{name}.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("designs", "toolkit calibrate --grid --sizes designs --csv designs.csv makes it"),
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

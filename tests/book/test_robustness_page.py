"""The Robustness page: what it shows of a small review, of open cells, and of many series."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sheets_folder import make_review

import toolkit as tk
from tests.published_reviews import PUBLISHED, write_review
from toolkit.audit.run import audit
from toolkit.book.content.answers import Answers, compute
from toolkit.book.content.plots import Plots
from toolkit.book.content.templates import sentences
from toolkit.book.pages.robustness import robustness_page
from toolkit.figures.specification_curve import in_order
from toolkit.results.curve import Factor
from toolkit.sheets.csv_files import write_table

MORE_SETS = """
[sets.wide]
extends = "main"
label = "Wide"
description = "As main, with the wider outcome."
construct = "wider"

[sets.sound]
extends = "main"
label = "Sound"
description = "Only series whose criteria are clear and that are complete."
judged_yes = ["1", "5"]

[sets.open]
extends = "main"
label = "Left open"
description = "As main, other readings allowed."
alternatives = true

[sets.elsewhere]
extends = "main"
role = "context"
label = "Elsewhere"
description = "Another question."
where = { regimen = ["mixed"] }

[subgroups]"""
OTHER_READING = (
    'all,crc,,,alternative,10..12,38,all_treated,10/38,derived,primary,"Table 2, row CR",12 by the '
    "text."
)


def written(folder: Path, place: Path) -> tuple[Answers, str]:
    """Return the answers of a review and the page told of them."""
    audited = audit(folder)
    answers = compute(audited.review)
    return answers, robustness_page(answers, Plots(audited, place, "figures"), written="By hand.")


def moves_in_words(answers: Answers) -> str:
    return str(sentences().moves_in_words(answers.moves("crc")))


def said(page: str) -> str:
    """Return what a page says, without its mark-up and drawings."""
    bare = re.sub(r"<(svg|script|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())
    return re.sub(r"(?<=\() | (?=[,.:;)–])|(?<=–) ", "", words)


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, str, Path]:
    """Return the five series of the worked check, with sets of every kind and one open cell."""
    root = tmp_path_factory.mktemp("trees")
    folder = make_review(root)
    protocol = folder / "review.toml"
    protocol.write_text(protocol.read_text("utf-8").replace("\n[subgroups]", MORE_SETS), "utf-8")
    counts = folder / "series" / "fir" / "counts.csv"
    lines = counts.read_text("utf-8").splitlines()
    counts.write_text("\n".join([*lines[:2], OTHER_READING, *lines[2:]]) + "\n", "utf-8")
    answers, page = written(folder, root / "figures")
    return answers, page, root / "figures"


def test_the_page_says_what_the_curve_says(trees: tuple[Answers, str, Path]) -> None:
    answers, page, _ = trees
    words, curve = said(page), answers.curves["crc"]
    known = sorted(each.estimate.estimate or 0.0 for each in in_order(curve))
    assert words.startswith("# Robustness By hand. The choices below were fixed, not picked for")
    assert (
        f"Of {len(curve.specifications)} combinations of data and method, {len(known)} give an "
        f"estimate: from {100 * known[0]:.0f}% to {100 * known[-1]:.0f}%"
    ) in words
    # rma.glmm without each series, and the three plain ones; pooled counts; half-normal(2.0).
    assert "Leaving one study out 34% without Cedar 48% without Birch" in words
    assert re.search(r"Which studies are counted 34% Plain only 4[12]%", words)
    assert "The statistical method 40% Pooled counts 43% Bayes, half-normal(2.0)" in words
    assert "Leaving out Cedar changes the answer most: the median study is then 34%." in words


def test_every_choice_of_data_is_told_with_its_standing(
    trees: tuple[Answers, str, Path],
) -> None:
    words = said(trees[1])
    assert "Wide 5 129 the same numbers as Main, counted once" in words
    assert "Sound 0 0 no: Of the 5 series that report it none is appraised" in words
    assert "Left out, because they answer another question: Elsewhere." in words
    assert "without Elm 4 92 yes" in words


def test_open_cells_stand_with_both_extremes_beside_the_summed_likelihood(
    trees: tuple[Answers, str, Path],
) -> None:
    answers, page, _ = trees
    words = said(page).split("counted in another way")[1]
    assert "Fir, 10 to 12 of 38: the likelihood is summed over all readings" in words
    assert "Wide 5 studies, 129 patients the same numbers as Main" in words
    method = answers.review.outcome("crc").method
    total = [8, 19, 27, 37, 38]
    pools = [tk.pool_counts([6, 3, 18, 14, x], total, method=method) for x in (10, 12)]
    ends = [found.typical for found in pools]
    told = [
        f"{100 * (end.estimate or 0):.0f}% ({100 * (end.low or 0):.0f}–{100 * (end.high or 0):.0f})"
        for end in ends
    ]
    assert "Open cells at their lowest Open cells at their highest" in words
    summed = r"summed over all readings \d+% \(\d+–\d+\) "
    assert re.search(summed + re.escape(" ".join(told)), words)
    refused = [s for s in answers.curves["crc"].specifications if "leaves open" in s.note]
    assert {each.data for each in refused} == {"Left open"}


def test_the_combinations_can_be_chosen_and_downloaded(trees: tuple[Answers, str, Path]) -> None:
    answers, page, figures = trees
    curve = answers.curves["crc"]
    held = re.search(
        r'<script type="application/json" class="st-choices"[^>]*>(.*?)</script>', page
    )
    assert held
    told = json.loads(held[1])
    columns = [(told["data"][d], told["methods"][m], e) for d, m, e in told["columns"]]
    assert columns == [(s.data, s.method, s.estimate.estimate) for s in in_order(curve)]
    with (figures / "crc-specifications.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(curve.specifications)
    led = [line for line in lines if line["headline"] == "True"]
    assert [float(line["estimate"]) for line in led] == pytest.approx([0.4143], abs=5e-5)


def test_secondary_figures_are_folded_and_complete(trees: tuple[Answers, str, Path]) -> None:
    page = trees[1]
    for summary, figure in (
        ("Influence", "crc-influence"),
        ("Every subset", "crc-subsets"),
        ("As studies were added", "crc-cumulative"),
        ("The same by inverse variance", "crc-without-by-effects"),
    ):
        folded = re.search(rf"<details><summary>{summary}.*?</details>", page, re.DOTALL)
        assert folded, summary
        assert f'id="figure-trees-{figure}"' in folded[0]
    words = said(page)
    assert (
        "26 pools of two studies or more, from 23% to 69%" in words
    )  # 2^5 - 1 - 5; ends of the next test
    assert "with fewer, a funnel plot shows chance" in words.lower()
    assert "No outcome of the main set has that many studies (the most is 5)." in words
    assert 'name="crc-sizes"' not in page


def test_a_fit_that_has_no_estimate_says_so_and_leaves_the_other_its_numbers(
    tmp_path: Path,
) -> None:
    folder = write_review(next(each for each in PUBLISHED if each.key == "pritz1997"), tmp_path)
    protocol = folder / "review.toml"
    model = 'model = "binomial-normal"\n'
    protocol.write_text(
        protocol.read_text("utf-8").replace(model, f'{model}fit = "bayes"\n'), "utf-8"
    )
    for place, series in enumerate(sorted((folder / "series").iterdir())):
        if place >= 4:
            shutil.rmtree(series)
            continue
        counts = series / "counts.csv"
        head, line = csv.reader(counts.read_text("utf-8").splitlines())
        cells = dict(zip(head, line, strict=True))
        events = cells["total"] if place % 2 else "0"
        cells |= {"events": events, "as_printed": f"{events}/{cells['total']}"}
        counts.write_text(write_table(head, [list(cells.values())]), "utf-8", newline="\n")
    answers, page = written(folder, tmp_path / "figures")
    words = said(page)
    assert "No subset of these studies has a finite estimate: studies without any event" in words
    by_effects = tk.pool(answers.review, "event", tk.Method(model="inverse-variance"))
    known = tk.all_subsets(by_effects).estimate
    ends = f"from {100 * known.min():.0f}% to {100 * known.max():.0f}%"
    # 2^4 - 1 - 4 subsets, in the only fit that has them.
    assert re.search(
        f"By inverse variance on the logit scale[^.]*: 11 pools of two studies or more, {ends}",
        words,
    )
    assert "By binomial-normal model, maximum likelihood" not in words.split("Every subset")[1]


def test_ten_series_are_drawn_by_size_and_a_missing_card_says_why(tmp_path: Path) -> None:
    folder = write_review(next(each for each in PUBLISHED if each.key == "pritz1997"), tmp_path)
    protocol = folder / "review.toml"
    text = protocol.read_text("utf-8").replace("binomial-normal", "inverse-variance")
    protocol.write_text(text, "utf-8")
    answers, page = written(folder, tmp_path / "figures")
    assert "this answer holds none: inverse variance on the logit scale" in said(page)
    assert 'id="figure-pritz1997-event-sizes"' in page
    assert "No outcome of the main set has that many studies" not in said(page)
    found = tk.small_study(tk.pool(answers.review, "event"))
    assert f"t({found.df:g})" in page


def test_a_factor_that_has_nothing_to_compare_is_not_named_in_the_sentence(
    trees: tuple[Answers, str, Path],
) -> None:
    answers = trees[0]
    whole = answers.curves["crc"]
    by_key = {each.key: each for each in whole.factors}
    still = Factor(key="without", levels=3)
    kept = replace(whole, factors=(by_key["method"], Factor(key="set"), still))
    words = said(moves_in_words(replace(answers, curves={"crc": kept})))
    assert words.startswith("The statistical method matters most: the median study, 41%")
    assert "Leaving one study out changes nothing." in words
    assert "analysis set" not in words
    none = replace(whole, factors=(replace(by_key["method"], furthest=None), still))
    words = said(moves_in_words(replace(answers, curves={"crc": none})))
    assert words == "No single choice moves the median study, 41%."
    assert moves_in_words(replace(answers, curves={})) == ""

"""What is printed is the table a user wants; in a notebook it is the same, and words stay words."""

from __future__ import annotations

import html
import pickle
import re

import pytest

import toolkit as tk
from toolkit.calibration.card import coverage_card
from toolkit.results.listings import listings_of
from toolkit.results.steps import Cumulative, LeaveOneOut

LABELS = ["Ash", "Birch", "Cedar", "Elm", "Fir"]
EVENTS, TOTAL = [6, 3, 18, 14, 10], [8, 19, 27, 37, 38]


@pytest.fixture(scope="module")
def answer() -> tk.Synthesis:
    return tk.pool_counts(EVENTS, TOTAL, method=tk.Method(interval="t"), labels=LABELS)


def test_an_answer_prints_as_series_then_pooled_lines(answer: tk.Synthesis) -> None:
    # Each series by Clopper-Pearson (R: binom.test), the pool by rma.glmm: .4143 (.1753 to .7018).
    lines = str(answer).splitlines()
    assert lines[1].startswith("  5 studies, 129 patients; binomial-normal model")
    assert lines[2].split() == ["study", "events/patients", "%", "(95%", "interval)"]
    assert lines[3:9] == [
        "  Ash                                              6/8  75% (35 to 97)",
        "  Birch                                           3/19  16% (3 to 40)",
        "  Cedar                                          18/27  67% (46 to 83)",
        "  Elm                                            14/37  38% (22 to 55)",
        "  Fir                                            10/38  26% (13 to 43)",
        "  median study                                          41% (18 to 70)",
    ]
    assert [line.split("  ")[1] for line in lines[9:11]] == [
        "mean across studies",
        "95% prediction interval (new study)",
    ]
    assert lines[11].startswith("  tau 0.84")


def test_each_subgroup_says_which_it_is() -> None:
    found = tk.pool(tk.read("tests/sheets/_base"), "crc", by="age")
    titles = [listing.title for listing in listings_of(found)]
    assert len(titles) == 1 + len(found.subgroups) > 1
    for part, title in zip(found.subgroups, titles[1:], strict=True):
        assert title.startswith(f"{part.label}: ")


def test_steps_are_tuples_that_print(answer: tk.Synthesis) -> None:
    without, since = tk.leave_one_out(answer), tk.cumulative(answer, order="sheet")
    assert isinstance(without, LeaveOneOut)
    assert isinstance(since, Cumulative)
    assert pickle.loads(pickle.dumps(without)) == without == tuple(without)
    # rma.glmm without each series: .339 without Cedar, .482 without Birch.
    told = {line.split()[0]: line for line in str(without).splitlines()[2:]}
    assert re.search(r"\b4 +102 +34%", told["Cedar"])
    assert re.search(r"\b4 +110 +48%", told["Birch"])
    assert str(since).count("One study: not pooled.") == 1


def test_every_public_result_prints_as_tables_and_shows_the_same_cells(
    answer: tk.Synthesis,
) -> None:
    review = tk.read("tests/sheets/_base")
    results = [
        answer,
        tk.leave_one_out(answer),
        tk.cumulative(answer),
        tk.all_subsets(answer),
        tk.influence(answer),
        tk.specification_curve(review, "crc"),
        tk.small_study(tk.pool_counts([1, 2, 3] * 4, list(range(9, 21)))),
    ]
    for result in results:
        text, shown = str(result), html.unescape(result._repr_html_())
        assert "=(" not in text, type(result).__name__
        for listing in listings_of(result):
            assert listing.title.partition(": ")[0] in text
            assert all(len(row) == len(listing.heading) for row in listing.rows)
            for row in listing.rows:
                assert all(cell in text for cell in row)
                assert "".join(row) in re.sub(r"</?t[dr][^>]*>", "", shown).replace("\n", "")


def test_a_ladder_prints_each_rung_among_all_and_each_step_among_the_one_above() -> None:
    cells = {"response": [12, 15, None], "remission": [8, 9, 11]}
    ladder = tk.pool_ordered([20, 30, 25], cells)
    rungs, steps = listings_of(ladder)
    assert [row[0] for row in rungs.rows] == [*ladder.rungs]
    for (name, answer), row in zip(ladder.rungs.items(), rungs.rows, strict=True):
        assert row[3].startswith(f"{100 * answer.average.estimate:.0f}% ("), name
    assert [row[0] for row in steps.rows] == [*ladder.steps]


def test_all_subsets_say_how_many_of_each_size(answer: tk.Synthesis) -> None:
    # Of five series: 10 pairs, 10 triples, 5 fours and one of all.
    rows = listings_of(tk.all_subsets(answer))[0].rows
    assert [row[:2] for row in rows] == [("2", "10"), ("3", "10"), ("4", "5"), ("5", "1")]


def test_a_card_prints_as_its_words(answer: tk.Synthesis) -> None:
    card = coverage_card(answer, replicates=20)
    assert str(card) == card.in_words
    assert html.unescape(card._repr_html_()) == f"<pre>{card.in_words}</pre>"


def test_words_of_a_sheet_stay_words() -> None:
    hostile = "<script>alert(1)</script>"
    shown = tk.pool_counts(EVENTS, TOTAL, labels=[hostile, *LABELS[1:]])._repr_html_()
    assert hostile not in shown
    assert hostile in html.unescape(shown)


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(TypeError, match="int is no result"):
        listings_of(3)

"""Which choice is said to move an answer: parts of the question, never another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sheets_folder import make_review

from toolkit.book.moves import largest_moves
from toolkit.method import Method
from toolkit.reading import read
from toolkit.review import AnalysisSet, Group, Review
from toolkit.synthesis import Estimate, Row, Synthesis


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """Return a review in which one series has a group, two parts of it and a part of a part."""
    found = read(make_review(tmp_path))
    fir = found.one_series("fir")
    parents = {"left": "all", "right": "all", "leaf": "left"}
    parts = tuple(replace(fir.groups[0], key=key, parent=parents[key]) for key in parents)
    more: tuple[Group, ...] = (*fir.groups, *parts)
    others = tuple(each for each in found.series if each.key != "fir")
    sets = tuple(replace(found.sets[0], key=key) for key in ("main", "a", "b", "c", "d"))
    kept: tuple[AnalysisSet, ...] = sets
    return replace(found, series=(*others, replace(fir, groups=more)), sets=kept)


def answer(centre: float | None, *groups: str) -> Synthesis:
    """Return an answer with these groups of one series and a typical centre."""
    rows = tuple(
        Row(
            label=group,
            series="fir",
            group=group,
            events=1,
            events_low=1,
            events_high=1,
            total=2,
            estimate=0.5,
            low=0.0,
            high=1.0,
        )
        for group in groups
    )
    return Synthesis(
        method=Method(),
        rows=rows,
        k=len(rows),
        events=1,
        events_low=1,
        events_high=1,
        total=2,
        typical=Estimate(estimate=centre, low=0.0, high=1.0),
    )


def moves(review: Review, **pools: Synthesis) -> list[dict[str, object]]:
    """Return what moves the main answer, 0.5 in the left half, given other answers by name."""
    main = {("crc", "main", "headline"): answer(0.5, "left")}
    for name, each in pools.items():
        place = ("crc", "main", name) if name == "bayes" else ("crc", name, "headline")
        main[place] = each
    return largest_moves(review, main, "crc")


def test_a_part_of_the_patients_counts_and_other_patients_do_not(review: Review) -> None:
    found = moves(
        review,
        a=answer(0.4, "leaf"),
        b=answer(0.9, "right"),
        c=answer(0.1, "all"),
        d=answer(0.45, "left"),
    )
    assert found == [{"kind": "series", "choices": ["a"]}]


def test_the_kind_that_goes_further_stands_first(review: Review) -> None:
    found = moves(review, a=answer(0.45, "left"), bayes=answer(0.3, "left"))
    assert [each["kind"] for each in found] == ["model", "series"]
    found = moves(review, a=answer(0.2, "left"), bayes=answer(0.3, "left"))
    assert [each["kind"] for each in found] == ["series", "model"]


def test_choices_nearly_as_far_are_told_once_each(review: Review) -> None:
    found = moves(
        review,
        a=answer(0.3, "left"),
        b=answer(0.32, "left"),
        c=answer(0.3, "left"),
        d=answer(0.44, "left"),
    )
    assert found == [{"kind": "series", "choices": ["a", "b"]}]


def test_nothing_is_said_where_nothing_moves_or_nothing_is_pooled(review: Review) -> None:
    assert moves(review, a=answer(0.5, "left"), b=answer(None, "left")) == []
    assert largest_moves(review, {("crc", "main", "headline"): answer(None)}, "crc") == []
    assert largest_moves(review, {}, "crc") == []

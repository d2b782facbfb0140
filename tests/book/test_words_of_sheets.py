"""Every word that a sheet may hold has its place in the pages, and every number one of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sheets_folder import make_review

from toolkit.analysis.pool import pool
from toolkit.book.content.provenance import place_of
from toolkit.book.content.templates import sentences
from toolkit.book.pages import series as series_page
from toolkit.book.pages import summary
from toolkit.figures.appraisal import ITEMS
from toolkit.figures.flow import BOXES
from toolkit.load import read
from toolkit.review.review import Judgement
from toolkit.sheets.schema.vocabularies import VOCABULARIES


def test_no_word_of_a_sheet_is_left_without_its_place() -> None:
    # A report under a heading that is missing here would vanish from the page.
    assert {*series_page.ORDER} == VOCABULARIES["report_status"].keys()
    assert {*series_page.UNREAD} < {*series_page.ORDER}
    assert [str(number) for number, _ in enumerate(ITEMS, 1)] == [*VOCABULARIES["item"]]
    assert series_page.SIGNS.keys() == VOCABULARIES["overlap_judgement"].keys()
    assert series_page.LISTS.keys() <= {*BOXES}
    words = VOCABULARIES["grade_judgement"]
    assert summary.SIGNS.keys() == {
        word for word, meaning in words.items() if meaning.startswith("of the certainty")
    }
    assert summary.CERTAINTY in VOCABULARIES["grade_domain"]


def test_numbers_of_one_line_in_two_sheets_have_two_places(tmp_path: Path) -> None:
    review = read(make_review(tmp_path))
    main = review.analysis_set(review.primary_set)
    places = {}
    for row in pool(review, "crc", analysis_set=main.key).rows:
        address = row.address
        assert address is not None
        folder = address.file.removesuffix("counts.csv")
        assert folder != address.file
        for sheet in ("counts.csv", "estimates.csv"):
            there = replace(address, file=f"{folder}{sheet}")
            places[place_of("crc", replace(row, address=there))] = there
    assert len(places) == 2 * 5


def judged_by(judgements: list[Judgement]) -> str:
    return str(sentences().judged_by(summary.judges(judgements)))


def test_a_judgement_is_provisional_until_two_have_made_it() -> None:
    one = Judgement(
        outcome="crc", domain="certainty", judgement="low", reason="few", decided_by="first reader"
    )
    both = replace(one, decided_by="first reader; second reader")
    twice = replace(one, decided_by="First reader; first  reader;")
    provisional = "; provisional until a second person has judged independently."
    assert judged_by([one]) == f"Judged by first reader{provisional}"
    assert judged_by([twice]) == f"Judged by First reader{provisional}"
    assert judged_by([both]) == "Judged by first reader, second reader."
    assert judged_by([both, one]) == f"Judged by first reader, second reader{provisional}"

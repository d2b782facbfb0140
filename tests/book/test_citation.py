"""How a review is cited: read by other programs, and the same wherever it stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from pybtex.database import parse_string
from pybtex.richtext import Text

from toolkit import __version__
from toolkit.book.content.citations import citation_bibtex, cited_people, dataset_metadata, footer
from toolkit.load import find_all, read
from toolkit.review.review import Review

CHECKOUT = Path(__file__).resolve().parents[2]
PEOPLE = "Series Toolkit maintainers"
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Answered:
    """As much of a review's answers as a citation needs."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.outcomes = review.outcomes


def reviews() -> list[Review]:
    return [read(path) for path in find_all()]


def with_title(review: Review, title: str) -> Review:
    return replace(review, title=title)


def test_the_entry_of_a_review_is_read_by_pybtex() -> None:
    for review in reviews():
        written = citation_bibtex(Answered(review))  # type: ignore[arg-type]
        ((key, entry),) = parse_string(written, "bibtex").entries.items()
        assert key == f"{review.key}-{__version__}"
        assert entry.type == "misc"
        assert Text.from_latex(entry.fields["title"]) == Text(review.title)
        assert entry.fields["version"] == __version__
        assert review.fingerprint[:12] in entry.fields["note"]
        # An organization is one name, not a first and a last one.
        assert [person.last_names for person in entry.persons["author"]] == [[f"{{{PEOPLE}}}"]]


def test_signs_of_latex_in_a_title_stay_what_they_are() -> None:
    title = "50% of A & B: #1, x_1"
    review = with_title(reviews()[0], title)
    written = citation_bibtex(Answered(review))  # type: ignore[arg-type]
    (entry,) = parse_string(written, "bibtex").entries.values()
    assert str(Text.from_latex(entry.fields["title"])) == title


def test_the_book_holds_one_entry_for_each_review(whole_book: Path) -> None:
    for path in whole_book.glob("*/citation.bib"):
        (key,) = parse_string(path.read_text("utf-8"), "bibtex").entries
        assert key == f"{path.parent.name}-{__version__}"


def test_the_citation_file_says_the_version_and_licence_of_the_package() -> None:
    told: dict[str, Any] = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text("utf-8"))
    assert told["cff-version"] == "1.2.0"
    assert told["version"] == __version__
    assert {"message", "title", "authors"} <= told.keys()
    own = yaml.safe_load((CHECKOUT / "book" / "_config.yml").read_text("utf-8"))
    assert [author["name"] for author in told["authors"]] == [own["author"]] == [f"the {PEOPLE}"]
    assert f'license = "{told["license"]}"' in (CHECKOUT / "pyproject.toml").read_text("utf-8")


def test_metadata_of_a_page_is_a_dataset_whose_files_are_there(whole_book: Path) -> None:
    found = 0
    for page in whole_book.glob("*/summary.html"):
        (text,) = LD.findall(page.read_text("utf-8"))
        told = json.loads(text)
        review = read(CHECKOUT / "extractions" / page.parent.name)
        assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
        assert told["name"] == review.title
        assert told["identifier"] == review.fingerprint
        assert told["version"] == __version__
        # Google asks for a description of 50 to 5000 characters.
        assert 50 <= len(told["description"]) <= 5000
        for file in told["distribution"]:
            assert file["@type"] == "DataDownload"
            assert (page.parent / unquote(file["contentUrl"])).is_file()
        found += 1
    assert found == len(find_all())


def test_a_review_that_names_nobody_is_cited_without_an_author() -> None:
    answered = Answered(replace(reviews()[0], authors=()))
    (entry,) = parse_string(citation_bibtex(answered), "bibtex").entries.values()  # type: ignore[arg-type]
    assert not entry.persons
    assert "creator" not in json.loads(dataset_metadata(answered, ""))  # type: ignore[arg-type]


def test_no_title_ends_the_block_of_metadata() -> None:
    title = "</script><script>alert(1)</script>"
    review = with_title(reviews()[0], title)
    written = dataset_metadata(Answered(review), "")  # type: ignore[arg-type]
    assert json.loads(written)["name"] == title
    assert "<" not in written


def test_the_footer_names_version_search_and_data_of_every_review() -> None:
    told = footer([Answered(review) for review in reviews()])  # type: ignore[misc]
    assert told.startswith(f"Series Toolkit {__version__} · ")
    for review in reviews():
        searched = review.last_search
        when = f"last search {searched}" if searched else "no database search yet"
        assert f"{review.key}: {when}, data {review.fingerprint[:12]}" in told


def test_a_review_is_cited_with_its_own_authors_and_with_nobody_else() -> None:
    review = reviews()[0]
    own = replace(review, authors=("A. Smith", "B. de la Cruz"))
    entry = parse_string(citation_bibtex(Answered(own)), "bibtex").entries  # type: ignore[arg-type]
    (written,) = entry.values()
    assert [str(person) for person in written.persons["author"]] == [
        "{A. Smith}",
        "{B. de la Cruz}",
    ]
    assert '"name": "B. de la Cruz"' in dataset_metadata(Answered(own), "")  # type: ignore[arg-type]
    assert cited_people(own) == "A. Smith and B. de la Cruz"
    nobody = replace(review, authors=())
    written_by_nobody = citation_bibtex(Answered(nobody))  # type: ignore[arg-type]
    assert "author" not in written_by_nobody
    assert "maintainers" not in written_by_nobody
    assert "creator" not in dataset_metadata(Answered(nobody), "")  # type: ignore[arg-type]

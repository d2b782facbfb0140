"""The engine of the book: what is re-used, what is refused, what a failure leaves behind."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from book_folder import FRONT, make_book
from sheets_folder import make_review

from toolkit.book.build.build import build, from_sheets
from toolkit.book.build.cells import PageError
from toolkit.book.build.sphinx import BookError
from toolkit.book.build.stage import stage
from toolkit.book.build.verify import PageDiffersError
from toolkit.book.content.results import Results
from toolkit.errors import ToolkitError


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_two_clean_builds_are_the_same_bytes(built_book: Path, tmp_path: Path) -> None:
    index = build([tmp_path / "data"], source=make_book(tmp_path), say=lambda line: None)
    first, second = files(built_book), files(index.parent)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert b"count 41" in second["counts.html"]
    # Sphinx would leave a hash of the folder in which Python's packages are.
    assert ".buildinfo" not in first


def test_a_page_says_what_its_data_say_now(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    for count in ("1", "2"):
        (tmp_path / "data" / "count.txt").write_text(count, encoding="utf-8")
        said: list[str] = []
        index = build([tmp_path / "data"], source=book, say=said.append)
        assert "  1 page with code executed" in said
        assert f"count {count}" in (index.parent / "counts.html").read_text(encoding="utf-8")


def test_a_rebuild_after_one_changed_count_is_the_same_bytes_as_a_clean_one(tmp_path: Path) -> None:
    sheets = tmp_path / "sheets"
    reviews = [make_review(sheets), make_review(sheets, "weeds", title="Weeds")]
    source = tmp_path / "book"

    def site() -> dict[str, bytes]:
        index = build(reviews, source=source, write_pages=from_sheets, say=lambda line: None)
        return files(index.parent)

    before = site()
    counts = sheets / "trees" / "series" / "ash" / "counts.csv"
    told = counts.read_text("utf-8").replace(",6,8,", ",7,8,").replace("6/8", "7/8")
    counts.write_text(told, encoding="utf-8")
    after = site()
    shutil.rmtree(source / "_build")
    anew = site()
    assert after.keys() == anew.keys()
    assert [name for name in after if after[name] != anew[name]] == []
    changed = {name for name in after if before.get(name) != after[name]}
    figures = {f"trees/figures/crc.{ending}" for ending in ("svg", "pdf", "png", "xlsx")}
    assert changed >= figures | {"trees/results.json", "trees/responses.html"}
    assert not {name for name in changed if name.startswith("weeds/figures/")}


def test_generated_pages_and_files_come_in(tmp_path: Path) -> None:
    def write_pages(reviews: object, staging: Path) -> None:
        (staging / "methods.md").write_text("# Written by the build\n", encoding="utf-8")
        (staging / "_extra" / "downloads").mkdir()
        (staging / "_extra" / "downloads" / "a.csv").write_text("x\n", encoding="utf-8")

    book = make_book(tmp_path)
    (book / "index.md").write_text("# First page\n", encoding="utf-8")
    build([], source=book, say=lambda line: None)
    index = build([], source=book, write_pages=write_pages, say=lambda line: None)
    assert "Written by the build" in (index.parent / "methods.html").read_text(encoding="utf-8")
    assert (index.parent / "downloads" / "a.csv").read_text(encoding="utf-8") == "x\n"
    assert "{version}" not in index.read_text(encoding="utf-8")


def test_a_page_changed_while_the_book_is_built_comes_in_next_time(tmp_path: Path) -> None:
    book = make_book(tmp_path)

    def write_pages(reviews: object, staging: Path) -> None:
        (book / "index.md").write_text("# Changed meanwhile\n", encoding="utf-8")

    for word in ("", "Changed meanwhile"):
        index = build([], source=book, write_pages=write_pages, say=lambda line: None)
        assert word in index.read_text(encoding="utf-8")


def test_a_warning_is_told_by_page_and_line_and_the_old_book_stays(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    old = book / "_build" / "html"
    old.mkdir(parents=True)
    (old / "index.html").write_text("the old book", encoding="utf-8")
    (book / "methods.md").write_text("# Methods\n\n{doc}`nowhere`\n", encoding="utf-8")
    with pytest.raises(BookError) as refused:
        build([], source=book, say=lambda line: None)
    assert "methods.md:3: WARNING: unknown document: 'nowhere'" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert files(old) == {"index.html": b"the old book"}


def test_a_number_changed_by_hand_in_any_page_stops_the_build_and_is_placed(tmp_path: Path) -> None:
    results = Results("trees", {"answers": {"crc": {"k": 5, "typical": {"estimate": 0.4143}}}})
    right = results.at("answers.crc.k").__html__()

    def write_pages(reviews: object, staging: Path) -> None:
        (staging / "_extra" / "trees").mkdir()
        document = staging / "_extra" / "trees" / "results.json"
        document.write_text(results.to_json(), encoding="utf-8")
        told = results.at("answers.crc.typical.estimate").__html__().replace("41", "42")
        text = f"# Generated\n\nFrom {right} series, {told}.\n"
        (staging / "counts.md").write_text(text, encoding="utf-8")

    book = make_book(tmp_path)
    by_hand = f"# First page\n\nFrom {right.replace('5', '6')} series.\n"
    (book / "index.md").write_text(by_hand, encoding="utf-8")
    with pytest.raises(PageDiffersError) as refused:
        build([], source=book, write_pages=write_pages, say=lambda line: None)
    told = str(refused.value)
    assert re.search(r'counts\.html, line \d+: the page says "42%", .* says "41%"', told)
    assert re.search(r'index\.html, line \d+: the page says "6", .* says "5"', told)
    assert told.count("the page says") == 2
    assert not (book / "_build" / "html").exists()


def test_every_page_that_stops_or_warns_is_told_at_once(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    cell = "# Page\n\n```{code-cell}\n%s\n```\n"
    (book / "counts.md").write_text(FRONT + cell % "int('six')", encoding="utf-8")
    (book / "methods.md").write_text(
        FRONT + cell % "import warnings\nwarnings.warn('stale')", encoding="utf-8"
    )
    with pytest.raises(PageError) as refused:
        build([], source=book, say=lambda line: None)
    stopped, warned = str(refused.value).split("\n\n")
    assert stopped == (
        "counts.md, line 9: the code stopped with"
        " ValueError: invalid literal for int() with base 10: 'six'"
    )
    assert warned.startswith("methods.md, line 9: the code warned:")
    assert "stale" in warned


def test_a_load_from_another_machine_is_refused(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    (book / "index.md").write_text(
        "# First\n\n![](https://elsewhere.example/a.png)\n", encoding="utf-8"
    )
    with pytest.raises(
        BookError, match=r"index\.html, line \d+: https://elsewhere\.example/a\.png"
    ):
        build([], source=book, say=lambda line: None)
    assert not (book / "_build" / "html").exists()


def test_no_book_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="There is no book in"):
        build([], source=tmp_path)


def test_the_pages_go_where_one_says_and_no_other_file_is_lost(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    target = tmp_path / "my pages"
    for _ in range(2):
        assert build([], target, source=book, say=lambda line: None) == target / "index.html"
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(BookError, match="holds other files than a book"):
        build([], other, source=book, say=lambda line: None)
    with pytest.raises(BookError, match="is a file"):
        build([], other / "letter.txt", source=book, say=lambda line: None)
    assert files(other) == {"letter.txt": b"Dear"}


def test_a_page_of_the_book_itself_takes_the_place_of_the_package_s(tmp_path: Path) -> None:
    source, review = tmp_path / "book", make_review(tmp_path)
    source.mkdir()
    (review / "book").mkdir()
    (source / "how-to-read.md").write_text("# Read it aloud\n", encoding="utf-8")
    (source / "_config.yml").write_text("copyright: nobody\n", encoding="utf-8")
    (review / "book" / "series.md").write_text("Woods near here.\n", encoding="utf-8")
    staging = source / "_build" / "source"
    stage(source, [review], staging)
    assert (staging / "how-to-read.md").read_text(encoding="utf-8") == "# Read it aloud\n"
    assert "# Methods" in (staging / "methods.md").read_text(encoding="utf-8")
    assert (staging / "trees" / "series.md").read_text(encoding="utf-8") == "Woods near here.\n"
    config = yaml.safe_load((staging / "_config.yml").read_text(encoding="utf-8"))
    assert config["copyright"] == "nobody"
    assert config["only_build_toc_files"]
    (source / "_config.yml").write_text("title: [", encoding="utf-8")
    with pytest.raises(ToolkitError, match=r"_config\.yml cannot be read"):
        stage(source, [review], staging)

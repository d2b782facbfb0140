"""The installed package is whole: a new review from `init` to its book, far from any checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

import toolkit as tk

CHECKOUT = Path(__file__).resolve().parents[1]
REVIEW, SERIES = "my-review", "smith-2020"
FIELDS = {
    "label": "Smith 2020",
    "citation": "Smith A. Twenty patients. Journal 2020",
    "year": "2020",
    "patients_enrolled": "20",
    "toxicity_criteria": "not stated",
    "report_read": "full text",
    "read_in": "own report",
    "extracted_by": "A. Test",
}
GROUP = {
    "key": "all",
    "label": "All treated patients",
    "patients": "20",
    "line": "later",
    "where": "Table 1",
}
COUNT = {
    "group": "all",
    "outcome": "first",
    "events": "9",
    "total": "20",
    "denominator": "all_treated",
    "as_printed": "9 (45%)",
    "basis": "reported",
    "source": "primary",
    "where": "Table 2, row Response",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=CHECKOUT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of the wheel in an environment of its own.

    Its dependencies are those of this environment, by a path and not by another installation.
    """
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, symlinks=os.name != "nt")
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    purelib = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.strip()
    # A path file inside a folder named by a path file is not read: no editable checkout gets in.
    Path(purelib, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    uv = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-deps"]
    subprocess.run([*uv, "--python", str(python), str(wheel)], check=True, capture_output=True)
    return scripts / ("toolkit.exe" if os.name == "nt" else "toolkit")


def run(command: Path, folder: Path, *words: str) -> str:
    """Return what a command prints in a folder; it must succeed."""
    left_out = {"PYTHONPATH", "PYTHONHOME"}
    done = subprocess.run(
        [command, *words],
        cwd=folder,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={name: text for name, text in os.environ.items() if name not in left_out}
        | {"PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fill_in(path: Path) -> None:
    """Fill in the workbook as a reviewer would."""
    book = openpyxl.load_workbook(path)
    for name, value in book["series"].iter_rows(min_row=2):
        if name.value in FIELDS:
            value.value = FIELDS[str(name.value)]
    for sheet, row in (("groups", GROUP), ("counts", COUNT)):
        heads = [cell.value for cell in book[sheet][1]]
        for name, text in row.items():
            book[sheet].cell(2, heads.index(name) + 1).value = text
    book.save(path)


def test_every_file_of_the_package_is_in_the_wheel_and_no_other(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    there = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "toolkit").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache", ".DS_Store"} & {*path.parts}
    }
    assert held == there


def test_a_review_goes_from_init_to_a_book_anywhere(command: Path, tmp_path: Path) -> None:
    folder = tmp_path / "été à la maison"
    folder.mkdir()
    title = "How often does it answer?"
    run(command, folder, "init", REVIEW, "--title", title, "--outcome", "Answer")
    protocol = folder / "extractions" / REVIEW / "review.toml"
    text = protocol.read_text(encoding="utf-8")
    assert "authors = []" in text
    protocol.write_text(text.replace("authors = []", 'authors = ["Ana Pérez"]'), encoding="utf-8")
    run(command, folder, "sheet", REVIEW, SERIES)
    fill_in(folder / f"{SERIES}.xlsx")
    assert "first" in run(command, folder, "add", REVIEW, f"{SERIES}.xlsx")
    assert "no problems" in run(command, folder, "check")
    answers = json.loads(run(command, folder, "pool", REVIEW, "--json"))
    (answer,) = [each for each in answers if each["outcome"] == "first"]
    # The example that `init` writes has 12 of 40.
    assert sorted((row["events"], row["total"]) for row in answer["rows"]) == [(9, 20), (12, 40)]

    words = folder / "extractions" / REVIEW / "book"
    words.mkdir()
    (words / "summary.md").write_text("Words of our own.\n", encoding="utf-8")
    (folder / "book").mkdir()
    (folder / "book" / "_config.yml").write_text("author: Ana Pérez\n", encoding="utf-8")
    run(command, folder, "book")
    html = folder / "book" / "_build" / "html"
    pages = {path.relative_to(html).as_posix() for path in html.rglob("*.html")}
    general = (
        "how-to-read",
        "methods",
        "calibration",
        "columns",
        "add-a-series",
        "api",
        "references",
    )
    assert {"index.html", *(f"{name}.html" for name in general)} <= pages
    assert {f"{REVIEW}/{name}.html" for name in ("series", "responses", "data", "audit")} <= pages
    first = (html / "index.html").read_text(encoding="utf-8")
    assert f"<title>{title} &#8212; {title}</title>" in first
    assert "Words of our own." in first
    assert "Ana Pérez. <em>How often does it answer?</em>" in first
    api = (html / "api.html").read_text(encoding="utf-8")
    assert [
        name for name in tk.__all__ if f'id="tk-{name.lower().replace("_", "-")}"' not in api
    ] == []
    # Nobody else's people, changes or reviews.
    assert "changelog.html" not in pages
    told = "".join((html / page).read_text(encoding="utf-8") for page in pages)
    assert "Toolkit maintainers" not in told
    assert not (folder / "book" / "answers").exists()
    assert "<math " in (html / "methods.html").read_text(encoding="utf-8")


def test_without_its_tests_it_says_where_they_are(command: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [command, "test"], cwd=tmp_path, check=False, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "run this from a checkout" in done.stderr

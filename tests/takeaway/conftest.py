"""A review of four studies, and what it says, computed once."""

from __future__ import annotations

from pathlib import Path

import pytest

import toolkit as tk
from toolkit.book.content.answers import Answers, compute
from toolkit.reviewing.table_review import make_table_review

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reviews")
    lines = (REFERENCE / "strangers" / "pritz1997.csv").read_text(encoding="utf-8").splitlines()
    sheet = root / "four-studies.csv"
    sheet.write_text("\n".join(lines[:5]) + "\n", encoding="utf-8")
    return make_table_review(tk.read_table(sheet), "our-review", place=root / "extractions")


@pytest.fixture(scope="session")
def answers(folder: Path) -> Answers:
    return compute(tk.read(folder))

"""One small book, built once for all tests that look at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from book_folder import make_book

from toolkit.book.build import build


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the HTML folder of a built book."""
    root = tmp_path_factory.mktemp("built")
    index = build([root / "data"], source=make_book(root), say=lambda line: None)
    return index.parent

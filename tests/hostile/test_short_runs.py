"""A short run of each fuzzer: nothing escapes, nothing changes unsaid, and enough gets through."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
import mutated_texts
import mutated_workbooks
import payloads

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def test_mutated_workbooks_are_refused_in_words_or_recorded_as_they_say() -> None:
    tally, wrong = mutated_workbooks.run(80, 1)
    assert wrong == []
    # A reader that refuses everything would pass: most retyped cells must get through.
    assert tally["cell accepted"] >= 10
    assert tally["bytes refused"] >= 10


def test_mutated_texts_are_refused_in_words_or_read_as_written() -> None:
    tally, wrong = mutated_texts.run(150, 1)
    assert wrong == []
    assert tally["csv accepted"] + tally["toml accepted"] >= 8


def test_payloads_in_every_cell_run_in_no_page() -> None:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"no browser here (looked for {', '.join(BROWSERS)})")
    assert found, f"this test must not be left out in CI: install one of {', '.join(BROWSERS)}"
    looked, alive = payloads.run(40, 1, found)
    assert alive == []
    assert looked >= 12

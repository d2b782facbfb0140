"""Tables laid out as journals do: every count that stands in them is proposed, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.papers import layouts
from tests.papers.layouts import LAYOUTS, OUTCOMES, Layout
from toolkit.papers.drafting import draft_paper
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)


@pytest.mark.parametrize("form", ["html", "jats"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_table_gives_its_counts_and_no_others(layout: Layout, form: str, tmp_path: Path):
    file = tmp_path / "paper"
    file.write_text(getattr(layouts, form)(layout), encoding="utf-8")
    found = draft_paper(file, WORDS).proposals
    proposed = Counter(
        (each.outcome, each.grade, each.group, each.events, each.total) for each in found
    )
    assert proposed == Counter(layout.counts)

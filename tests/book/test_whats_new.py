"""What a release stores, and what the page says of answers that moved, came or went."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sheets_folder import make_review

from toolkit import __version__
from toolkit.analysis.cache import kept_in
from toolkit.audit.run import audit
from toolkit.book.content.answers import Answers, compute
from toolkit.book.content.plots import Plots
from toolkit.book.pages.whats_new import Release, read_releases, release_json, whats_new_page
from toolkit.errors import ToolkitError

Shown = list[list[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Plots]:
    """Return the answers to the five series of the worked check, and where figures go."""
    root = tmp_path_factory.mktemp("sheets")
    with kept_in(root / "kept"):
        found = audit(make_review(root))
        return compute(found.review), Plots(found, root / "figures", "figures")


def answer(estimate: float, low: float, high: float, **changes: Any) -> dict[str, Any]:
    """Return an answer as a release stores it."""
    stored = {"label": "Stored", "k": 4, "total": 91, "lead": "typical"}
    return stored | {"estimate": estimate, "low": low, "high": high} | changes


def tables(made: tuple[Answers, Plots], *releases: Release) -> tuple[list[Shown], str]:
    """Return the tables between releases as cells, and the words of that section."""
    with kept_in(made[1].folder.parent / "kept"):
        page = whats_new_page(*made, releases)
    section = page.split("## Between releases")[1].split("## As studies were added")[0]
    found = [
        [
            [
                html.unescape(re.sub(r"<[^>]*>", "", cell))
                for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
            ]
            for row in re.findall(r"<tr>.*?</tr>", body)
        ]
        for body in re.findall(r"<table>.*?</table>", section, re.DOTALL)
    ]
    return found, section


def stored(version: str, answers: Mapping[str, Mapping[str, Any]]) -> Release:
    return Release(version=version, answers=answers)


# metafor's rma.glmm on the five counts: 0.4143 (0.1753 to 0.7018).
NOW = "41% (18–70), median study; 5 studies, 129 patients"


def test_what_moved_came_and_went_is_told_in_its_line(made: tuple[Answers, Plots]) -> None:
    gone = answer(0.5, 0.25, 0.75, label="Gone outcome")
    moved = stored("0.0.9", {"crc": answer(0.336, 0.02, 0.93), "old": gone})
    ((heading, *rows),), _ = tables(made, moved)
    assert heading == ["Outcome", "Version 0.0.9", f"Version {__version__}", ""]
    before = "34% (2–93), median study; 4 studies, 91 patients"
    assert rows == [
        ["Response respond", before, NOW, "moved"],
        [
            "Gone outcome",
            "50% (25–75), median study; 4 studies, 91 patients",
            "not pooled",
            "gone",
        ],
    ]
    ((_, *rows),), _ = tables(made, stored("0.0.9", {}))
    assert rows == [["Response respond", "not pooled", NOW, "new"]]


def test_an_answer_that_stayed_and_one_that_means_another_thing(
    made: tuple[Answers, Plots],
) -> None:
    same = answer(0.4143, 0.1753, 0.7018, k=5, total=129)
    ((_, row),), _ = tables(made, stored("0.0.9", {"crc": same}))
    assert row[1:] == [NOW, NOW, "as it was"]
    ((_, row),), _ = tables(made, stored("0.0.9", {"crc": same | {"lead": "average"}}))
    assert row[3] == "another estimand"


def test_every_release_is_compared_with_the_one_before_it(made: tuple[Answers, Plots]) -> None:
    releases = [
        stored("0.0.8", {"crc": answer(0.2, 0.1, 0.3)}),
        stored("0.0.9", {"crc": answer(0.3, 0.2, 0.4)}),
    ]
    (newest, older), section = tables(made, *releases)
    assert [newest[0][1:3], older[0][1:3]] == [
        ["Version 0.0.9", f"Version {__version__}"],
        ["Version 0.0.8", "Version 0.0.9"],
    ]
    assert older[1][1].startswith("20% (10–30)")
    assert older[1][2].startswith("30% (20–40)")
    # Numbers of this book are held against results.json; those of a release cannot be.
    assert section.count("data-result") == 5


def test_a_first_release_says_so_before_and_after_it_is_stored(
    made: tuple[Answers, Plots], tmp_path: Path
) -> None:
    found, section = tables(made)
    assert found == []
    assert "is the first: there is no earlier release to compare" in section
    (tmp_path / f"{__version__}.json").write_text(release_json(made[0]), encoding="utf-8")
    found, section = tables(made, *read_releases(tmp_path))
    assert found == []
    assert "is the first" in section


def test_changes_since_a_release_of_the_same_number_are_told(made: tuple[Answers, Plots]) -> None:
    ((heading, row),), _ = tables(made, stored(__version__, {"crc": answer(0.2, 0.1, 0.3)}))
    assert heading[1:3] == [f"Version {__version__}", f"Version {__version__} with changes since"]
    assert row[3] == "moved"


def test_releases_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for version in ("0.10.0", "0.9.0", "0.9.1"):
        told = json.dumps({"version": version, "answers": {}})
        (tmp_path / f"{version}.json").write_text(told, encoding="utf-8")
    assert [each.version for each in read_releases(tmp_path)] == ["0.9.0", "0.9.1", "0.10.0"]
    assert read_releases(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{}", r"1\.0\.0\.json of trees/releases is no release: copy release\.json"),
        ('{"version": "1.0.0", "answers": {"crc": {"k": 5}}}', "is no release"),
        ('{"version": "1.0.0", "answers": ["crc"]}', "is no release"),
        ('{"version": "0.9.0", "answers": {}}', r"holds version 0\.9\.0: .* name it 0\.9\.0\.json"),
    ],
    ids=["empty", "half an answer", "no answers", "another version"],
)
def test_a_file_that_is_no_release_is_named(tmp_path: Path, content: str, told: str) -> None:
    folder = tmp_path / "trees" / "releases"
    folder.mkdir(parents=True)
    (folder / "1.0.0.json").write_text(content, encoding="utf-8")
    with pytest.raises(ToolkitError, match=told):
        read_releases(folder)

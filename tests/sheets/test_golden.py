"""Every folder under cases/ is one mistake, laid over the sound review in _base.

``expected.txt`` holds what the reviewer is told, word for word; ``differences.txt`` what is
recorded of the paper where nothing blocks; ``removed.txt`` names files of the base that are gone.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from toolkit.checks.registry import CHECKS
from toolkit.errors import SheetError
from toolkit.load import problems, read

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "cases").iterdir() if path.is_dir())
SAID = {"expected.txt", "differences.txt", "removed.txt"}


def laid_over_the_base(case: Path, folder: Path) -> Path:
    review = folder / "review"
    shutil.copytree(HERE / "_base", review)
    for path in case.rglob("*"):
        if path.is_file() and path.name not in SAID:
            place = review / path.relative_to(case)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    if (case / "removed.txt").exists():
        for name in (case / "removed.txt").read_text(encoding="utf-8").split():
            (review / name).unlink()
    return review


def test_the_base_is_sound():
    review = read(HERE / "_base")
    assert review.differences == ()
    assert [series.key for series in review.series] == ["jones-2021", "smith-2020"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_says_exactly_this(case: Path, tmp_path: Path):
    review = laid_over_the_base(case, tmp_path)
    if (case / "expected.txt").exists():
        with pytest.raises(SheetError) as refused:
            read(review)
        assert f"{refused.value}\n" == (case / "expected.txt").read_text(encoding="utf-8")
    else:
        told = "\n\n".join(str(difference) for difference in read(review).differences)
        assert f"{told}\n" == (case / "differences.txt").read_text(encoding="utf-8")


def test_every_check_has_a_case(tmp_path: Path):
    found = set()
    for case in CASES:
        review = laid_over_the_base(case, tmp_path / case.name)
        if (case / "expected.txt").exists():
            found.update(problem.check for problem in problems(review))
        else:
            found.update(difference.check for difference in read(review).differences)
    assert found == {check.id for check in CHECKS}


def test_every_contradiction_a_note_acknowledges_is_a_difference(tmp_path: Path):
    cases = [case for case in CASES if (case / "differences.txt").exists()]
    checks = {
        difference.check
        for case in cases
        for difference in read(laid_over_the_base(case, tmp_path / case.name)).differences
    }
    assert checks == {"C02", "C04", "C05", "C06", "C07", "C14"}

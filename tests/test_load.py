"""A folder becomes a checked review, or a refusal that names everything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import toolkit
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import find, find_all, problems, read

CHECKOUT = Path(toolkit.__file__).parents[1]
BASE = Path(__file__).parent / "sheets" / "_base"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "invented"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_what_a_review_holds():
    review = read(BASE)
    smith = review.one_series("smith-2020")
    assert (smith.label, smith.field("regimen"), smith.single_extracted) == (
        "Smith 2020",
        "drug A",
        True,
    )
    assert smith.group("children").facet("age") == "child"
    assert [count.total for count in smith.counts] == [12, 12, 12, 12, 12, 12, 5, 11, 11]
    undecided = review.one_series("jones-2021").counts[1]
    assert (undecided.events_low, undecided.events_high, undecided.decided) == (11, 13, False)
    assert str(undecided.address) == "series/jones-2021/counts.csv, line 3"
    assert smith.patients[0].cell("mrd") == "negative"
    comparator = review.comparators[0]
    assert (comparator.estimate, comparator.low, comparator.high) == pytest.approx(
        (0.664, 0.606, 0.719), abs=1e-15
    )
    assert review.outcome("crc").denominators[-1] == "subgroup"
    assert review.subgroups == ("age",)


def test_an_empty_facet_is_that_of_the_parent(copy: Path):
    groups = copy / "series" / "smith-2020" / "groups.csv"
    row = 'twins,Twins,2,children,,"Results, Twins",\n'
    groups.write_text(groups.read_text(encoding="utf-8") + row, encoding="utf-8", newline="\n")
    smith = read(copy).one_series("smith-2020")
    assert smith.group("twins").facet("age") == "child"
    assert list(smith.ancestors("twins")) == ["children", "all"]


def test_a_set_that_extends_another_puts_its_own_columns_first():
    sets = {each.key: each for each in read(BASE).sets}
    assert sets["first-hand"].where == (
        ("source", ("primary",)),
        ("age", ("mixed", "child", "adult")),
    )
    assert sets["first-hand"].construct == "nearest"


def test_reading_twice_gives_equal_reviews_and_a_changed_cell_another_fingerprint(copy: Path):
    before = read(copy)
    assert before == read(copy)
    edit(copy / "series" / "smith-2020" / "series.csv", "note,", "note,new")
    assert read(copy).fingerprint != before.fingerprint


def test_the_fingerprint_forgets_prose_but_no_sheet(copy: Path):
    before = read(copy).fingerprint
    (copy / "README.md").write_text("hello", encoding="utf-8")
    assert read(copy).fingerprint == before
    (copy / "flow.csv").unlink()
    assert read(copy).fingerprint != before


def test_problems_are_told_once_each_sheets_of_the_review_first(copy: Path):
    edit(copy / "series" / "smith-2020" / "counts.csv", "all,pr,", "all,prx,")
    edit(copy / "series" / "jones-2021" / "series.csv", "label,Jones 2021", "label,")
    edit(copy / "flow.csv", "included,2", "included,some")
    told = [str(problem.address) for problem in problems(copy)]
    assert told == [
        "flow.csv, line 2, number",
        "series/jones-2021/series.csv, line 2, label",
        "series/smith-2020/counts.csv, line 6, outcome",
    ]
    with pytest.raises(SheetError) as refused:
        read(copy)
    assert list(refused.value.problems) == problems(copy)


def test_a_review_is_found_by_path_or_by_name(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
):
    assert find(str(copy)) == copy
    shutil.copytree(copy, tmp_path / "extractions" / "mine")
    monkeypatch.chdir(tmp_path)
    assert find("mine").resolve() == (tmp_path / "extractions" / "mine").resolve()
    with pytest.raises(ToolkitError, match=r"There is no review yours\. Reviews found: .*mine"):
        find("yours")


def test_all_reviews_are_those_of_the_current_directory_or_else_of_the_checkout(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert [path.name for path in find_all()] == sorted(
        path.parent.name for path in CHECKOUT.glob("extractions/*/review.toml")
    )
    for name in ("second", "first"):
        shutil.copytree(copy, tmp_path / "extractions" / name)
    assert [path.name for path in find_all()] == ["first", "second"]


def test_no_name_leads_out_of_the_extractions(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "extractions").mkdir()
    (tmp_path / "secret").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ToolkitError, match="There is no review"):
        find("../nowhere")
    with pytest.raises(ToolkitError, match="There is no folder"):
        read(tmp_path / "nowhere")


@pytest.mark.parametrize("folder", ["", "series/smith-2020/"])
def test_a_link_to_another_place_is_refused(copy: Path, tmp_path: Path, folder: str):
    outside = tmp_path / "outside.csv"
    outside.write_text("key\n", encoding="utf-8")
    name = "flow.csv" if not folder else "appraisal.csv"
    (copy / folder / name).unlink(missing_ok=True)
    try:
        (copy / folder / name).symlink_to(outside)
    except OSError:
        pytest.skip("this system does not let a test make links")
    assert [problem.what for problem in problems(copy)] == ["It is a link to another place."]


def test_checking_needs_no_numerics():
    code = (
        "import sys; from toolkit.load import problems; problems(sys.argv[1]);"
        "print([n for n in ('numpy','scipy','pandas','matplotlib') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(BASE)],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    assert done.stdout.strip() == "[]"

"""One command from a spreadsheet of any shape to a forest plot, two to a review that passes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import toolkit as tk
from tests.sheets.table_files import NAMES, SHAPES, TOTAL
from toolkit.cli.app import app
from toolkit.reviewing.table_review import make_table_review

# rma.glmm(measure="PLO", xi, ni, test="t") of metafor 3.8-1 for the twelve studies.
ESTIMATE = 0.3296611185


def run(*words: str):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Return the forest plot of the plainest shape."""
    folder = tmp_path_factory.mktemp("plain")
    ending, write = SHAPES["commas, UTF-8"]
    run("pool", "--table", write(folder / f"t.{ending}"), "--forest", folder / "f.svg")
    return (folder / "f.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", SHAPES)
def test_one_command_gives_the_same_forest_plot(shape, drawn, tmp_path):
    ending, write = SHAPES[shape]
    path = write(tmp_path / f"t.{ending}")
    done = run("pool", "--table", path, "--forest", tmp_path / "f.svg")
    assert done.exit_code == 0, done.output
    found = (tmp_path / "f.svg").read_text(encoding="utf-8")
    if "not report" in shape:
        assert "Ng 2024 (15 patients): not reported" in found
    elif "CR, n/N" in path.read_bytes().decode("utf-8", "replace"):
        assert ">CR: " in found
        assert ">12 studies, " in found
    else:
        assert found == drawn


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_the_digits_of_r_and_makes_a_review(shape, tmp_path):
    ending, write = SHAPES[shape]
    path = write(tmp_path / f"t.{ending}")
    done = run("pool", "--table", path, "--json")
    answer = json.loads(done.stdout)
    assert answer["typical"]["estimate"] == pytest.approx(ESTIMATE, abs=1e-5)
    review = tk.read(make_table_review(tk.read_table(path), "mine", place=tmp_path))
    (outcome,) = review.outcomes
    pooled = tk.pool(review, outcome.key)
    assert pooled.typical.estimate == pytest.approx(answer["typical"]["estimate"], rel=1e-12)
    assert {row.label for row in pooled.rows} == set(NAMES)
    assert pooled.total == sum(TOTAL)


def test_a_column_makes_subgroups_an_order_and_a_covariate(tmp_path):
    path = tmp_path / "t.csv"
    rows = ["study,cases,n,region,year"]
    rows += [
        f"s{i},{i % 5 + 1},{20 + i},{'north' if i % 2 else 'south'},{2000 + i}" for i in range(12)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("pool", "--table", path, "--by", "Region", "--sort", "-year")
    assert done.exit_code == 0, done.output
    for words in ("region: north", "region: south", "south minus north", "QM"):
        assert words in done.output.replace("north minus south", "south minus north")
    pool = done.output.split("12 studies", 1)[1]
    assert pool.index("s11 ") < pool.index("s2 ")
    done = run("pool", "--table", path, "--covariate", "year")
    assert "Meta-regression" in done.output
    assert run("pool", "--table", path, "--by", "regon").exit_code != 0


def test_fewer_than_ten_studies_are_regressed_only_when_insisted_on(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("study,x,n,age\na,1,9,3\nb,2,9,4\nc,3,9,7\nd,3,11,8\n", encoding="utf-8")
    refused = run("pool", "--table", path, "--covariate", "age")
    assert isinstance(refused.exception, tk.ToolkitError)
    assert "--insist" in str(refused.exception)
    assert run("pool", "--table", path, "--covariate", "age", "--insist").exit_code == 0


def test_what_was_taken_and_passed_over_stands_before_the_answer(tmp_path):
    ending, write = SHAPES["title, blank lines, total, note"]
    done = run("pool", "--table", write(tmp_path / f"t.{ending}"))
    head, answer = done.output.split("Pooled proportion")
    assert "passed over" in head
    assert '"Total" 89, 256' in head
    assert "256 patients" in answer


def test_groups_of_one_study_become_one_study_in_a_review(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "study,arm,events,n\na,low,1,10\n,high,3,12\nb,low,2,9\nc,low,4,19\n", encoding="utf-8"
    )
    review = tk.read(make_table_review(tk.read_table(path), "mine", place=tmp_path))
    answer = tk.pool(review, "event", by="arm")
    assert {(row.label, row.events, row.total) for row in answer.rows} == {
        ("a", 4, 22),
        ("b", 2, 9),
        ("c", 4, 19),
    }
    assert [(each.level, each.answer.k) for each in answer.subgroups] == [("low", 3), ("high", 1)]

"""What a script says of itself, what it refuses, and the command that writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import toolkit as tk
from toolkit.cli.app import app

EVENTS, TOTAL = [6, 3, 18], [8, 19, 27]


@pytest.mark.parametrize(
    "method",
    [
        tk.Method(),
        tk.Method(fit="bayes"),
        tk.Method(interval="t"),
        tk.Method(model="beta-binomial"),
        tk.Method(model="pooled-counts"),
        tk.Method(model="inverse-variance", interval="hartung-knapp"),
    ],
)
def test_a_script_of_stata_says_that_it_was_never_executed(method: tk.Method) -> None:
    text = tk.script(tk.pool_counts(EVENTS, TOTAL, method=method), "stata")
    assert text.startswith("* This script was never executed")
    assert text.isascii()


def test_stata_has_the_counts_and_what_to_compare_with() -> None:
    answer = tk.pool_counts(EVENTS, TOTAL, labels=["A", 'B "x"', "Ü"])
    text = tk.script(answer, "stata")
    assert '"A" 6 8\n"B \'x\'" 3 19\n' in text
    assert f"* Toolkit, tau: {answer.heterogeneity.tau:.6f}" in text  # type: ignore[union-attr]
    assert "What differs" in text


def test_what_stata_cannot_pool_is_refused() -> None:
    with pytest.raises(tk.ToolkitError, match="leaves open"):
        tk.script(tk.pool_counts([(1, 3), 3, 9], TOTAL), "stata")
    paule = tk.Method(model="inverse-variance", tau2="pm")
    with pytest.raises(tk.ToolkitError, match='Stata has no tau2="pm"'):
        tk.script(tk.pool_counts(EVENTS, TOTAL, method=paule), "stata")
    ladder = tk.pool_ordered([20, 30], {"response": [12, 15], "remission": [8, 9]})
    with pytest.raises(tk.ToolkitError, match="ordered outcomes"):
        tk.script(ladder, "stata")


def test_unknown_languages_and_answers_without_studies_are_refused() -> None:
    answer = tk.pool_counts(EVENTS, TOTAL)
    with pytest.raises(tk.ChoiceError, match="stata"):
        tk.script(answer, "sata")  # type: ignore[arg-type]
    likelihood = tk.pool_ordered(
        [20, 30, 25], {"response": [12, 15, 9]}, method=tk.Method(fit="ml")
    )
    with pytest.raises(tk.ToolkitError, match="maximum likelihood"):
        tk.script(likelihood)


def test_labels_stay_what_they_are_in_r() -> None:
    text = tk.script(tk.pool_counts(EVENTS, TOTAL, labels=['a "b", c', "d\\e", "Müller"]))
    assert r'study = c("a \"b\", c", "d\\e", "M\u00fcller")' in text
    assert text.isascii()


def test_the_command_writes_a_new_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "efs.R"
    words = ["script", "infant-all", "--outcome", "efs", "-o", str(target)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "library(metafor)" in target.read_text(encoding="ascii")
    again = CliRunner().invoke(app, words)
    assert isinstance(again.exception, tk.ToolkitError)
    assert "is there already" in str(again.exception)

"""What runs on GitHub cannot run here: it is held to its form and to the commands there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from toolkit.cli.app import app

CHECKOUT = Path(__file__).resolve().parents[1]
GITHUB = CHECKOUT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = [*sorted(GITHUB.glob("ISSUE_TEMPLATE/[!c]*.yml")), GITHUB / "ISSUE_TEMPLATE" / "code.yml"]
COMMANDS = {
    each.name or each.callback.__name__ for each in app.registered_commands if each.callback
}


def read(path: Path) -> dict[str, Any]:
    # YAML 1.1 takes the key "on" for a truth value.
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_check_preview_and_publishing_are_there():
    told = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}
    assert "pull_request" in read(GITHUB / "workflows" / "series.yml")["on"]
    assert "python3 -m toolkit check" in told["series.yml"]
    assert ".ci/preview" in told["series.yml"]
    assert "actions/deploy-pages" in told["publish.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_bounded_and_asks_for_no_more_than_it_needs(path: Path):
    workflow = read(path)
    assert workflow["permissions"]["contents"] == "read"
    # This event runs what a stranger proposes with the rights of the repository.
    assert "pull_request_target" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert "runs-on" in job
    for step in steps(workflow):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
        # What somebody else wrote reaches a shell through the environment alone.
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_files_and_commands_there_are(path: Path):
    for step in steps(read(path)):
        for script in re.findall(r"(?<![\w/])\.ci/\w+", step.get("run", "")):
            assert (CHECKOUT / script).is_file()
        for command in re.findall(r"-m toolkit (\w+)", step.get("run", "")):
            assert command in COMMANDS


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_an_issue_form_is_one_that_github_takes(path: Path):
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    ids = [each["id"] for each in form["body"]]
    assert len(ids) == len(set(ids))
    for each in form["body"]:
        assert each["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert each["attributes"]["label"]
        assert ("options" in each["attributes"]) == (each["type"] in {"dropdown", "checkboxes"})


def test_both_doors_stand_open_for_issues_and_proposals():
    names = {read(path)["name"] for path in FORMS}
    proposal = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    for door in ("I have numbers", "I have code"):
        assert any(name.startswith(door) for name in names)
        assert f"## {door}" in proposal


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize("path", sorted((CHECKOUT / ".ci").iterdir()), ids=lambda path: path.name)
def test_a_script_can_be_read_by_bash(path: Path):
    done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

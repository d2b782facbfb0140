"""An outcome that a protocol lacks: shown as a change of review.toml first, then written."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_client import at, said
from starlette.testclient import TestClient

from toolkit.desk.draft_files import one_writer
from toolkit.desk.outcome_words import new_outcome, write_outcome
from toolkit.errors import SheetError, ToolkitError
from toolkit.load import read

CHECKOUT = Path(__file__).resolve().parents[2]
RASH = {
    "key": "rash",
    "label": 'A "rash"',
    "definition": "Any rash of grade 3 or worse.",
    "kind": "toxicity",
    "direction": "harm",
    "grade": "ge3",
}


def test_a_change_is_shown_and_written_only_when_it_is_asked_for(
    client: TestClient, folder: Path
) -> None:
    before = (folder / "review.toml").read_text(encoding="utf-8")
    shown = said(client.post(at("r/small/new-outcome"), json=RASH))
    added = [line for line in shown["diff"] if line.startswith("+") and line[1:2] != "+"]
    assert "+[outcomes.rash]" in added
    assert not [line for line in shown["diff"][2:] if line.startswith("-")]
    assert (folder / "review.toml").read_text(encoding="utf-8") == before
    told = said(client.post(at("r/small/new-outcome"), json={**RASH, "shown": shown["shown"]}))
    assert told == {"to": "r/small"}
    after = (folder / "review.toml").read_text(encoding="utf-8")
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())
    outcome = read(folder).outcome("rash")
    assert (outcome.label, outcome.grade, outcome.kind) == ('A "rash"', "ge3", "toxicity")
    page = client.get(at("r/small/series/smith-2020"))
    assert page.status_code == 200


def test_it_stands_after_the_last_outcome_of_a_long_protocol(tmp_path: Path) -> None:
    text = (CHECKOUT / "extractions/ped-venaza/review.toml").read_text(encoding="utf-8")
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "review.toml").write_text(text, encoding="utf-8")
    made = new_outcome(folder, RASH).text
    place = made.index("[outcomes.rash]")
    assert made.index("[outcomes.treatment_death]") < place
    assert place < made.index("--- analysis sets")
    assert made.replace(made[place - 1 : made.index("shown = true", place) + 13], "") == text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"key": "Rash!"}, "no word for an outcome"),
        ({"key": "first"}, "has an outcome"),
        ({"label": " "}, "needs its name"),
        ({"definition": ""}, "in one sentence"),
        ({"kind": "mood"}, "The kind is one of"),
        ({"direction": "up"}, "The direction is one of"),
        ({"grade": "7"}, "The grade is one of"),
    ],
)
def test_words_that_make_no_outcome_are_refused(
    folder: Path, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ToolkitError, match=sentence):
        new_outcome(folder, {**RASH, **wrong})


def test_a_protocol_that_has_changed_since_is_not_written_over(folder: Path) -> None:
    shown = new_outcome(folder, RASH)
    path = folder / "review.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# A note.\n", encoding="utf-8")
    held = path.read_bytes()
    with pytest.raises(ToolkitError, match="has changed since it was shown"):
        write_outcome(folder, RASH, shown.mark)
    assert path.read_bytes() == held


def test_a_protocol_that_is_broken_is_mended_first(folder: Path) -> None:
    path = folder / "review.toml"
    held = path.read_text(encoding="utf-8").replace("[methods.", "[method.")
    path.write_text(held, encoding="utf-8")
    with pytest.raises(SheetError, match="method"):
        new_outcome(folder, RASH)
    assert path.read_text(encoding="utf-8") == held


def test_another_desk_that_records_is_waited_for_and_then_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.desk.draft_files._SECONDS", 0.1)
    shown = new_outcome(folder, RASH)
    with one_writer(folder), pytest.raises(ToolkitError, match="Another desk"):
        write_outcome(folder, RASH, shown.mark)

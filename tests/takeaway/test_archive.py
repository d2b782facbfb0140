"""An archive is the same for equal sheets, says what is in it, and gives its results again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from toolkit.book.content.answers import Answers
from toolkit.errors import ToolkitError
from toolkit.takeaway.archive import archive, check_archive, unpack

WHEN = "2026-01-31"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def packed(folder: Path, answers: Answers) -> bytes:
    return archive(folder, published=WHEN, license_address=LICENSE, answers=answers)


def files(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def repacked(inside: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for name, content in inside.items():
            written.writestr(name, content)
    return out.getvalue()


def test_made_again_in_an_empty_folder_the_results_are_equal(packed: bytes) -> None:
    assert check_archive(packed) == ()


def test_a_changed_sheet_is_found(packed: bytes) -> None:
    inside = files(packed)
    results = json.loads(inside["results.json"])
    outcome = next(iter(results["answers"]))
    answer = results["answers"][outcome][results["primary_set"]]["headline"]
    answer["total"] += 1
    inside["results.json"] = (json.dumps(results, sort_keys=True) + "\n").encode()
    path = f"answers.{outcome}.{results['primary_set']}.headline.total"
    found = check_archive(repacked(inside))
    total = answer["total"]
    assert found == (f"{path}: {total} in the archive, {total - 1} now",)


def test_each_pooled_answer_comes_as_a_script(packed: bytes) -> None:
    inside = files(packed)
    scripts = {name for name in inside if name.startswith("scripts/")}
    assert scripts
    for name in scripts:
        found = re.search(r"patients = c\((.*)\)", inside[name].decode())
        assert found is not None
        assert sorted(found[1].split(", ")) == ["12", "17", "58", "8"]


def test_every_sheet_is_there_as_it_was(packed: bytes, folder: Path) -> None:
    inside = files(packed)
    sheets = [path for path in folder.rglob("*") if path.suffix in (".csv", ".toml")]
    assert len(sheets) > 5
    for path in sheets:
        name = f"extractions/our-review/{path.relative_to(folder).as_posix()}"
        assert inside[name] == path.read_bytes()


def test_the_crate_names_every_file_with_its_hash(packed: bytes) -> None:
    inside = files(packed)
    crate = json.loads(inside.pop("ro-crate-metadata.json"))
    entities = {each["@id"]: each for each in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    root = entities["./"]
    assert {part["@id"] for part in root["hasPart"]} == inside.keys()
    for name, content in inside.items():
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert entities[name]["contentSize"] == str(len(content))
    assert root["datePublished"] == WHEN
    assert root["license"] == {"@id": LICENSE}
    mentioned = [root["license"], root["mentions"], *root["author"], *root["citation"]]
    assert {each["@id"] for each in mentioned} <= entities.keys()


def test_the_data_package_describes_each_sheet_by_its_own_heading(packed: bytes) -> None:
    inside = files(packed)
    package = json.loads(inside["datapackage.json"])
    sheets = {name for name in inside if name.startswith("extractions/") and name.endswith(".csv")}
    assert {each["path"] for each in package["resources"]} == sheets
    for resource in package["resources"]:
        rows = list(csv.reader(io.StringIO(inside[resource["path"]].decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == rows[0]
        assert resource["bytes"] == len(inside[resource["path"]])


def test_the_codebook_says_what_each_column_means(packed: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(files(packed)["codebook.csv"].decode())))
    known = {(row["sheet"], row["column"]) for row in rows}
    assert ("counts.csv", "events") in known
    assert len(known) == len(rows)
    assert all(row["description"] for row in rows if row["sheet"] != "series.csv")


def test_without_a_license_none_is_claimed(folder: Path, answers: Answers) -> None:
    inside = files(archive(folder, published=WHEN, answers=answers))
    assert "license" not in json.loads(inside[".zenodo.json"])
    assert "No license is stated" in inside["ro-crate-metadata.json"].decode()
    assert "license" not in inside["CITATION.cff"].decode()


def test_equal_sheets_are_equal_bytes(packed: bytes, folder: Path, answers: Answers) -> None:
    again = archive(folder, published=WHEN, license_address=LICENSE, answers=answers)
    assert again == packed


@pytest.mark.parametrize("date", ["31.1.2026", "2026-02-30", "soon"])
def test_a_date_that_is_none_is_refused(date: str, folder: Path) -> None:
    with pytest.raises(ToolkitError, match="is no date"):
        archive(folder, published=date)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a/../../b"])
def test_nothing_is_written_outside_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="leads out of the archive"):
        unpack(repacked({name: b""}), tmp_path / "inside")
    assert [*tmp_path.rglob("outside.txt")] == []


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="no zip"):
        unpack(b"plain text", tmp_path)
    with pytest.raises(ToolkitError, match="no archive of a review"):
        unpack(repacked({"a.txt": b""}), tmp_path)
    # The list of contents is whole and what was packed is not.
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("a.txt", "".join(map(str, range(3000))))
    whole = out.getvalue()
    damaged = whole[:60] + bytes(byte ^ 0x5A for byte in whole[60:400]) + whole[400:]
    with pytest.raises(ToolkitError, match="no zip"):
        unpack(damaged, tmp_path)

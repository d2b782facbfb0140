"""The first run from a bare checkout: what it decides, what it says, what it leaves behind."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest

import toolkit.__main__ as bootstrap

CHECKOUT = Path(__file__).resolve().parents[1]
LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the set-up at an empty checkout of its own."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", venv / bootstrap.VENV_PYTHON.parts[-2] / "python")
    monkeypatch.setattr(bootstrap, "STAMP", venv / "series-toolkit.stamp")
    monkeypatch.setattr(bootstrap, "LOG", venv / "setup.log")
    return tmp_path


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said, after making sure that it is one line."""
    said = capsys.readouterr().err
    assert said.startswith("toolkit: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_what_it_runs_first(name: str) -> None:
    ast.parse((CHECKOUT / "toolkit" / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_set_up_needs_the_standard_library_alone() -> None:
    tree = ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"))
    tops = {
        (getattr(node, "module", None) or node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert tops - set(sys.stdlib_module_names) == {"toolkit"}


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main()
    assert stopped.value.code == bootstrap.EXIT_SET_UP
    assert refusal(capsys) == "toolkit: this is Python 3.10.13; Python 3.11 or newer is needed.\n"


def test_a_python_without_venv_is_told_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        bootstrap.make_environment()
    assert "apt install python3-venv" in refusal(capsys)
    assert not (checkout / ".venv").exists()


def test_a_full_disk_is_told_before_anything_is_made(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**10, 10**10, 2 * 10**8))
    with pytest.raises(SystemExit):
        bootstrap.set_up()
    assert "0.2 GB are free" in refusal(capsys)
    assert not (checkout / ".venv").exists()


def test_an_interrupted_set_up_is_not_taken_for_a_whole_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = checkout / ".venv" / "series-toolkit.stamp"

    def make() -> None:
        stamp.parent.mkdir(exist_ok=True)

    def stopped_half_way() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "make_environment", make)
    monkeypatch.setattr(bootstrap, "install", lambda: None)
    bootstrap.set_up()
    assert stamp.read_text(encoding="utf-8") == bootstrap.fingerprint()

    monkeypatch.setattr(bootstrap, "install", stopped_half_way)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.set_up()
    assert not stamp.exists()


def test_another_lock_means_setting_up_anew(checkout: Path) -> None:
    before = bootstrap.fingerprint()
    (checkout / "requirements.lock").write_text("", encoding="utf-8")
    assert bootstrap.fingerprint() != before


@pytest.mark.parametrize(
    ("installed", "met"),
    [("0.15.2", False), ("1.0.4.post1", True), ("1.2", True), ("2.0.0", False), (None, False)],
)
def test_what_the_running_python_has_is_held_to_the_bounds(
    installed: str | None, met: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        assert name == "jupyter-book"
        if installed is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert bootstrap.is_met("jupyter-book>=1.0.4.post1,<2") is met


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("[Errno 28] No space left on device", "the disk is full"),
        ("Failed to establish a new connection: [Errno 111]", "cannot be reached"),
        ("error: Request failed\n  dns error: failed to lookup", "cannot be reached"),
        (
            "Retrying after connection broken\nERROR: No matching distribution found for x",
            "cannot be reached",
        ),
        ("ERROR: No matching distribution found for numpy==2.4", "no package for this Python"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that requirements.lock"),
        ("something new\nlast line\n", "last line"),
    ],
)
def test_a_failed_installer_is_explained(printed: str, told: str) -> None:
    assert told in bootstrap.explain(printed)


def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    """The whole road with the site packages out of sight and an index that answers nobody."""
    (tmp_path / "toolkit").mkdir()
    for name in (
        "toolkit/__init__.py",
        "toolkit/__main__.py",
        "pyproject.toml",
        "requirements.lock",
    ):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    nowhere = "http://127.0.0.1:9/simple"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    environment |= {
        "PIP_INDEX_URL": nowhere,
        "UV_DEFAULT_INDEX": nowhere,
        "PIP_CONFIG_FILE": os.devnull,
    }
    environment |= {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
    ran = subprocess.run(
        [sys._base_executable, "-S", "-m", "toolkit", "check"],  # type: ignore[attr-defined]
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == bootstrap.EXIT_SET_UP
    assert ran.stderr.count("\n") == 1
    assert "the package index cannot be reached" in ran.stderr
    assert not (tmp_path / ".venv" / "series-toolkit.stamp").exists()


def test_the_lock_is_exact_hashed_and_without_an_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+ ?", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not re.search(r"://|file:|@ |torch", LOCK)


def test_the_lock_holds_everything_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = sum(project["optional-dependencies"].values(), project["dependencies"])
    names = {re.split(r"[<>=]", requirement)[0] for requirement in asked}
    locked = set(re.findall(r"^([a-z0-9.-]+)==", LOCK, re.MULTILINE))
    assert names <= locked

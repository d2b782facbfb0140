"""Where compiled code goes while a book is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.book.build.bytecode import kept_bytecode


def test_where_python_may_not_write_beside_code_it_writes_into_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept, code = tmp_path / "kept", tmp_path / "code"
    code.mkdir()
    (code / "tree.py").write_text("LEAVES = 3\n", encoding="utf-8")
    before = sys.pycache_prefix
    forbidding = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with kept_bytecode(kept, forbidding) as environment:
        subprocess.run([sys.executable, "-c", "import tree"], cwd=code, env=environment, check=True)
        assert not sys.dont_write_bytecode
    assert [path.name.partition(".")[0] for path in kept.rglob("tree*.pyc")] == ["tree"]
    assert not (code / "__pycache__").exists()
    assert (sys.dont_write_bytecode, sys.pycache_prefix) == (True, before)


def test_elsewhere_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = sys.pycache_prefix
    with kept_bytecode(tmp_path, {"A": "b"}) as environment:
        assert environment == {"A": "b"}
        assert sys.pycache_prefix == before

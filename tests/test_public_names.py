"""The names of the package: written once, each one what its home defines."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import toolkit as tk

FACE = Path(tk.__file__)


@pytest.mark.parametrize("name", tk.__all__)
def test_a_public_name_is_what_its_home_defines(name: str) -> None:
    held = getattr(tk, name)
    home = importlib.import_module(held.__module__)
    assert getattr(home, held.__name__) is held
    assert home.__name__.startswith("toolkit.")
    assert held.__doc__


def test_public_names_are_written_once() -> None:
    text = FACE.read_text(encoding="utf-8")
    imported = [
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toolkit.")
        for alias in node.names
    ]
    assert sorted(imported) == sorted(tk.__all__)
    words = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    assert not {*imported} & {word for word in words if isinstance(word, str)}


def test_a_name_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(AttributeError, match="no attribute 'pooling'"):
        _ = tk.pooling

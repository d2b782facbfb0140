"""The page of names and commands is whole: nothing public is left out, nothing is undocumented."""

from __future__ import annotations

import inspect
import re

import pytest
from typer.testing import CliRunner

import toolkit as tk
from toolkit.cli.app import app
from toolkit.cli.reference import commands, names
from toolkit.html import literal

NAMES = sorted(tk.__all__)
HEADING = re.compile(r"^### `(?P<name>[^`]+)`$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")


def sections(text: str) -> dict[str, str]:
    """Return what stands below each heading."""
    pieces = HEADING.split(text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def helped(*words: str) -> str:
    """Return what the help of a command prints, on lines that are not cut."""
    done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "300", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return done.output


def test_every_public_name_is_there_once() -> None:
    found = HEADING.findall(names().text)
    assert sorted(found) == sorted(f"tk.{name}" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_what_it_does_and_what_each_parameter_is(name: str) -> None:
    section = sections(names().text)[f"tk.{name}"]
    thing = getattr(tk, name)
    first = (inspect.getdoc(thing) or "").partition("\n")[0]
    assert first.endswith((".", ":"))
    assert literal(first.split("`")[0].split("*")[0]) in section
    if not (inspect.isclass(thing) and issubclass(thing, Exception)):
        said = section.partition("**Parameters**")[2] + section.partition("**Attributes**")[2]
        terms = re.findall(r"^`([^`]+)`", said, re.MULTILINE)
        documented = {word.strip(" *") for term in terms for word in term.split(",")}
        assert {*inspect.signature(thing).parameters} - documented == set()


def test_every_command_is_there_with_every_option_that_its_help_names() -> None:
    shown = sections(commands().text)
    listed = re.findall(r"^│ (\w+) ", helped().partition("Commands")[2], re.MULTILINE)
    assert sorted(shown) == sorted(f"toolkit {name}" for name in listed)
    assert len(listed) >= 10
    for name in listed:
        options = {*OPTION.findall(helped(name))} - {"--help"}
        assert options == {*OPTION.findall(shown[f"toolkit {name}"])} - {"--help"}, name


def test_no_option_or_argument_is_without_a_word() -> None:
    assert [line for line in commands().text.splitlines() if line == ": &nbsp;"] == []


def test_words_of_a_docstring_cannot_act_in_the_page() -> None:
    outside = re.sub(r"```.*?```|`[^`]*`", "", names().text + commands().text, flags=re.DOTALL)
    outside = re.sub(r"^\([\w-]+\)=$|\*\*", "", outside, flags=re.MULTILINE)
    assert re.findall(r"[<>{}$*_\[\]|]", outside) == []

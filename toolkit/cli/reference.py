"""Every public name and every command as text of a page: from docstrings and from ``--help``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import typer

import toolkit
from toolkit.html import literal

LONG_SIGNATURE = 88
"""Characters beyond which each parameter has a line of its own."""

_SECTION = re.compile(r"^(?P<title>[A-Z][\w ]+)\n-{3,}\n", re.MULTILINE)
_LISTED = {"Parameters", "Attributes", "Returns", "Yields", "Raises"}
_MARKED = re.compile(r"(`+|\*\*)(.+?)\1", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageText:
    """MyST that a page takes in where a cell returns it."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def names() -> PageText:
    """Return every public name of the package with its signature and its docstring."""
    found = [(name, getattr(toolkit, name)) for name in sorted(toolkit.__all__, key=str.lower)]
    return PageText("\n".join(line for name, thing in found for line in _name(name, thing)))


def commands() -> PageText:
    """Return every command with its usage, its words and its options."""
    from toolkit.cli.app import app

    known: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    return PageText("\n".join(part for name in known for part in _command(name, known[name])))


def _command(name: str, command: Any) -> Iterator[str]:
    """Yield the parts of one command."""
    context = typer.Context(command, info_name=f"toolkit {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"(toolkit-{name})=\n### `toolkit {name}`\n"
    yield f"```none\ntoolkit {name} {usage}\n```\n"
    yield f"{_paragraphs(inspect.cleandoc(command.help or ''))}\n"
    for parameter in command.params:
        words, meaning = parameter.get_help_record(context)
        yield _entry(" ".join(words.split()), [meaning])


def _name(name: str, thing: Any) -> Iterator[str]:
    """Yield the parts of one public name; of a class its public methods and properties too."""
    yield f"(tk-{name})=\n### `tk.{name}`\n"
    error = inspect.isclass(thing) and issubclass(thing, Exception)
    if not error:
        yield f"```python\ntk.{name}{_signature(thing)}\n```\n"
    yield from _docstring(inspect.getdoc(thing) or "")
    if inspect.isclass(thing) and not error:
        for part, member in vars(thing).items():
            if not part.startswith("_") and (
                isinstance(member, property) or inspect.isroutine(member)
            ):
                shown = "" if isinstance(member, property) else _signature(member)
                first = (inspect.getdoc(member) or "").partition("\n\n")[0]
                yield f"`.{part}{shown}`\n: {_prose(first)}\n"


@dataclass(frozen=True, slots=True)
class _AsWritten:
    """An annotation as it stands in the code."""

    words: object

    def __repr__(self) -> str:
        return str(self.words)


def _signature(thing: Callable[..., Any]) -> str:
    """Return a signature with one parameter a line where it is long."""
    found = inspect.signature(thing)
    bare = [
        each.replace(annotation=_AsWritten(each.annotation))
        if each.annotation is not each.empty
        else each
        for each in found.parameters.values()
    ]
    back = "" if found.return_annotation is found.empty else f" -> {found.return_annotation}"
    text = str(found.replace(parameters=bare, return_annotation=found.empty))
    if inspect.isclass(thing):
        back = ""
    if len(text) + len(back) <= LONG_SIGNATURE or not bare:
        return text + back
    lines = ",\n".join(f"    {part}" for part in _arguments(text[1:-1]))
    return f"(\n{lines},\n){back}"


def _arguments(text: str) -> Iterator[str]:
    """Yield the arguments of a signature: a comma within brackets parts none."""
    depth, part = 0, ""
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += character
    yield part.strip()


def _docstring(text: str) -> Iterator[str]:
    """Yield the parts of a numpydoc docstring."""
    pieces = _SECTION.split(f"{text}\n")
    yield f"{_paragraphs(pieces[0])}\n"
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        yield f"**{title}**\n"
        yield from _entries(body) if title in _LISTED else [f"{_paragraphs(body)}\n"]


def _entries(body: str) -> Iterator[str]:
    """Yield the entries of a section, what is indented below each as its meaning."""
    term, meaning = "", [""]
    for line in [*body.strip("\n").splitlines(), ""]:
        if line and not line.startswith(" "):
            if term:
                yield _entry(term, meaning)
            term, meaning = line, []
        else:
            meaning.append(line.strip())
    if term:
        yield _entry(term, meaning)


def _entry(term: str, meaning: list[str]) -> str:
    """Return one entry of a definition list: the name as code, its type beside it."""
    name, _, kind = term.partition(" : ")
    beside = f" {_prose(kind)}" if kind else ""
    words = " ".join(filter(None, meaning))
    return f"`{name}`{beside}\n: {_prose(words) or '&nbsp;'}\n"


def _paragraphs(text: str) -> str:
    """Return prose with its paragraphs; an example of an interpreter becomes a block of code."""
    parts = []
    for part in re.split(r"\n\s*\n", text.strip()):
        code = part.lstrip().startswith(">>>")
        parts.append(f"```python\n{part}\n```" if code else _prose(part))
    return "\n\n".join(parts)


def _prose(text: str) -> str:
    """Return words of a docstring as MyST: code and bold stay what they are, nothing else acts."""
    shown, last = "", 0
    for found in _MARKED.finditer(text):
        bold = found[1] == "**"
        inside = f"**{literal(found[2])}**" if bold else f"`{' '.join(found[2].split())}`"
        shown += _words(text[last : found.start()]) + inside
        last = found.end()
    return shown + _words(text[last:])


def _words(text: str) -> str:
    """Return words as they stand, the white space around them kept as one space."""
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:].isspace() and text.strip() else ""
    return f"{lead}{literal(text.strip())}{trail}"

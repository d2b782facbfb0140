"""The code in pages: run from top to bottom, and replaced by the code with what it printed."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

from matplotlib.figure import Figure

from toolkit.errors import ToolkitError
from toolkit.figures.page.svg import inline_svg

_CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?P<options>(?::[^\n]*\n)*)\n?(?P<code>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_TAGS = re.compile(r"^:tags: \[(?P<tags>[\w, -]*)\]\n$")
# What makes a page a notebook elsewhere; once its code has run it is a page like the others.
_NOTEBOOK = re.compile(r"\A---\nfile_format: mystnb\nkernelspec:\n(?: .*\n)+---\n")
_KNOWN = {"remove-input", "remove-output"}


class PageError(ToolkitError):
    """Pages whose code did not run to its end, or that printed a warning."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a cell said: printed words, and its last value as MyST, as HTML or as text."""

    printed: str
    myst: str
    html: str
    text: str


def run_cells(pages: Mapping[str, Path], folder: Path) -> int:
    """Return how many pages hold code, after running it and writing what it printed into them.

    Every page has names of its own. The value of a cell's last line is shown as a notebook shows
    it: a figure as a drawing, what has ``_repr_markdown_`` as words of the
    page, what has ``_repr_html_`` as HTML, anything else as text.

    Parameters
    ----------
    pages : mapping of str to Path
        MyST pages by the name a reader knows them by. In a cell's options, the tags
        ``remove-input`` and ``remove-output`` leave its code or its output out.
    folder : Path
        Where the code runs: its relative paths start there.

    Raises
    ------
    PageError
        When the code of a page stops or warns; names every such page at once.
    """
    texts = {
        name: path.read_text(encoding="utf-8") for name, path in pages.items() if path.is_file()
    }
    coded = {name: text for name, text in texts.items() if _CELL.search(text)}
    troubles = []
    for name, text in coded.items():
        try:
            told = _ran(name, text, folder)
        except PageError as trouble:
            troubles.append(str(trouble))
            continue
        with pages[name].open("w", encoding="utf-8", newline="\n") as target:
            target.write(told)
    if troubles:
        raise PageError("\n\n".join(sorted(troubles)))
    return len(coded)


def _ran(name: str, text: str, folder: Path) -> str:
    """Return a page with each cell as its code and its output."""
    names: dict[str, object] = {"__name__": "__main__"}

    def shown(cell: re.Match[str]) -> str:
        line = text.count("\n", 0, cell.start("code")) + 1
        tags = _tags(f"{name}, line {line - 1}", cell["options"])
        said = _run(name, line, cell["code"], names, folder)
        return _as_myst(cell["code"].rstrip("\n"), said, tags)

    return _NOTEBOOK.sub("", _CELL.sub(shown, text))


def _tags(place: str, options: str) -> list[str]:
    """Return the tags of a cell."""
    if not options:
        return []
    found = _TAGS.match(options)
    tags = [tag.strip() for tag in found["tags"].split(",")] if found else []
    if not found or not {*tags} <= _KNOWN:
        raise PageError(
            f"{place}: a cell may say `:tags: [{']` or `:tags: ['.join(sorted(_KNOWN))}]`, "
            f"and this one says `{options.strip()}`."
        )
    return tags


def _run(page: str, line: int, code: str, names: dict[str, object], folder: Path) -> _Said:
    """Return what one cell says; its code stands in the page from a line on."""
    out, err = StringIO(), StringIO()
    value = None
    try:
        # Lines are counted as in the page, so that whatever the code raises says where.
        tree = ast.parse("\n" * (line - 1) + code, filename=page)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        with _as_at_the_start(folder), redirect_stdout(out), redirect_stderr(err):
            exec(compile(tree, page, "exec"), names)  # pages are the project's own code
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), page, "eval"), names)
            myst = _called(value, "_repr_markdown_")
            html = "" if myst else _html(value, f"cell-{line}")
            text = "" if value is None or myst or html else repr(value)
    except (Exception, SystemExit) as stopped:
        where = _line(stopped, page) or line
        trouble = f"{type(stopped).__name__}: {stopped}".strip()
        raise PageError(f"{page}, line {where}: the code stopped with {trouble}") from stopped
    if err.getvalue():
        raise PageError(f"{page}, line {line}: the code warned: {err.getvalue().strip()}")
    return _Said(printed=out.getvalue(), myst=myst, html=html, text=text)


def _html(value: object, identity: str) -> str:
    """Return a value as HTML, empty where it has none."""
    if isinstance(value, Figure):
        return inline_svg(value, identity)
    return _called(value, "_repr_html_")


def _called(value: object, name: str) -> str:
    """Return what a method of a value returns, empty where it has no such method."""
    method = getattr(value, name, None)
    return str(method()) if callable(method) else ""


@contextmanager
def _as_at_the_start(folder: Path) -> Iterator[None]:
    """Run a block in a folder, with the warnings that a fresh Python shows."""
    with chdir(folder), warnings.catch_warnings():
        warnings.resetwarnings()
        for hidden in (
            DeprecationWarning,
            PendingDeprecationWarning,
            ImportWarning,
            ResourceWarning,
        ):
            warnings.simplefilter("ignore", hidden)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        # Whoever runs this may keep warnings aside; in a page they count.
        warnings.showwarning = _written
        yield


def _written(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Write a warning where a cell's errors go."""
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


def _line(stopped: BaseException, page: str) -> int | None:
    """Return the last line of a page that an error came through."""
    if isinstance(stopped, SyntaxError) and stopped.filename == page:
        return stopped.lineno
    lines = []
    trace = stopped.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == page:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1] if lines else None


def _as_myst(code: str, said: _Said, tags: list[str]) -> str:
    """Return a cell as the boxes in which the theme sets code and output."""
    inside = ""
    if "remove-input" not in tags:
        inside += _box("cell_input docutils container", _block("code-block", "ipython3", code))
    told = ""
    if said.printed:
        told += _block("code-block", "myst-ansi", f":class: output stream\n\n{said.printed}")
    if said.html:
        told += _block("raw", "html", f'<div class="output text_html">{said.html}</div>')
    if said.text:
        told += _block("code-block", "myst-ansi", f":class: output text_plain\n\n{said.text}")
    if told and "remove-output" not in tags:
        inside += _box("cell_output docutils container", told)
    classes = " ".join(["cell", *(f"tag_{tag}" for tag in tags), "docutils container"])
    shown = _box(classes, inside) if inside else ""
    # Headings among it are headings of the page: it stands in no box.
    return shown if "remove-output" in tags else f"{shown}\n{said.myst}"


def _box(classes: str, inside: str) -> str:
    """Return a box of HTML around MyST: the directive for one would change names of classes."""
    return f'\n<div class="{classes}">\n{inside}\n</div>\n'


def _block(directive: str, argument: str, body: str) -> str:
    """Return a directive whose fence is longer than any in its body."""
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n{fence}{{{directive}}} {argument}\n{body}\n{fence}\n"

"""The desk's pages and what they send: words in, words out; the work is done below."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from toolkit.desk import editing, pages
from toolkit.desk.desk import Desk
from toolkit.desk.draft_files import papers
from toolkit.desk.forms import places, tabs
from toolkit.desk.guard import Guard, TooLargeError
from toolkit.desk.open_sheet import ChangedElsewhereError, OpenSheet
from toolkit.desk.outcome_words import new_outcome, write_outcome
from toolkit.desk.second_reader import with_second_reading
from toolkit.desk.sheet_draft import SheetDraft
from toolkit.errors import SheetError, ToolkitError, failure_in_words

STATIC = Path(__file__).parent / "static"
_STATIC = {"desk.css": "text/css", "desk.js": "text/javascript", "favicon.svg": "image/svg+xml"}

Answer = Callable[[Request, bytes], Response]


def desk_app(desk: Desk, token: str, hosts: tuple[str, ...]) -> Guard:
    """Return the desk as an application; every path begins with the token."""
    made = Starlette(routes=[*_routes(desk)])
    return Guard(made, token, hosts)


def _routes(desk: Desk) -> list[BaseRoute]:
    """Return every place of the desk."""
    handlers = _Handlers(desk)
    scope = "/r/{review}/{what}/{key}"
    reads: dict[str, Answer] = {
        "/": handlers.home,
        "/static/{name}": handlers.static,
        "/r/{review}": handlers.review,
        scope: handlers.sheet_page,
        f"{scope}/pane": handlers.pane,
        f"{scope}/paper": handlers.paper,
        f"{scope}/original": handlers.original,
        f"{scope}/preview": handlers.preview,
        f"{scope}/history": handlers.history,
    }
    writes: dict[str, Answer] = {
        "/new-review": handlers.new_review,
        "/r/{review}/new-series": handlers.new_series,
        "/r/{review}/new-outcome": handlers.new_outcome,
        f"{scope}/edit": handlers.edit,
        f"{scope}/save": handlers.save,
        f"{scope}/merge": handlers.merge,
        f"{scope}/paper/file": handlers.lay_paper,
        f"{scope}/workbook/file": handlers.second_reading,
    }
    return [
        *(Route(path, _answered(answer), methods=["GET"]) for path, answer in reads.items()),
        *(Route(path, _answered(answer), methods=["POST"]) for path, answer in writes.items()),
    ]


def _answered(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that says in words whatever the toolkit refuses."""

    async def endpoint(request: Request) -> Response:
        told: dict[str, object]
        try:
            body = await request.body()
            return await run_in_threadpool(answer, request, body)
        except TooLargeError as refusal:
            told, status = {"message": str(refusal)}, 413
        except SheetError as refusal:
            told = {
                "message": "Nothing was recorded: these problems come first.",
                "listed": [str(each) for each in refusal.problems],
            }
            status = 422
        except ChangedElsewhereError as refusal:
            told = {"message": str(refusal), "changed": list(refusal.changed)}
            status = 409
        except ToolkitError as refusal:
            told, status = {"message": str(refusal)}, 422
        except OSError as failure:
            told, status = {"message": failure_in_words(failure)}, 507
        if request.method == "GET" and not request.headers.get("x-desk"):
            return HTMLResponse(pages.refusal(told), status)
        return JSONResponse(told, status)

    return endpoint


def _said(body: bytes) -> dict[str, Any]:
    """Return what a page sent; raises ToolkitError for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ToolkitError("The page sent something that cannot be read: load it again.") from None
    if not isinstance(found, dict):
        raise ToolkitError("The page sent something that cannot be read: load it again.")
    return found


def _number(said: Mapping[str, Any], name: str) -> int:
    """Return a whole number that a page sent."""
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ToolkitError(f"The page sent no {name}: load it again.")
    return value


def _cells(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells that a page sent."""
    cells = said.get("cells") if isinstance(said, dict) else None
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise ToolkitError("The page sent no cells: load it again.")
    return {str(name): text for name, text in cells.items()}


class _Handlers:
    """Every answer of the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def _opened(self, request: Request) -> OpenSheet:
        """Return what an address is about; raises ToolkitError for one that is not there."""
        review, what, key = (request.path_params[name] for name in ("review", "what", "key"))
        if what not in {"series", "sheet"}:
            raise ToolkitError("There is no such place in the desk.")
        return self.desk.opened(review, **{what: key})

    def home(self, request: Request, body: bytes) -> Response:
        """Return the reviews."""
        return HTMLResponse(pages.home(self.desk))

    def static(self, request: Request, body: bytes) -> Response:
        """Return one of the files that all pages share."""
        name = request.path_params["name"]
        if name not in _STATIC:
            return Response("There is no such file.\n", 404)
        return Response((STATIC / name).read_bytes(), media_type=_STATIC[name])

    def review(self, request: Request, body: bytes) -> Response:
        """Return one review: its series and the sheets it has as a whole."""
        return HTMLResponse(pages.review(self.desk, request.path_params["review"]))

    def sheet_page(self, request: Request, body: bytes) -> Response:
        """Return the desk itself."""
        opened = self._opened(request)
        changed = opened.refresh()
        paper = self.desk.paper(opened) if opened.scope.series else None
        return HTMLResponse(pages.sheet_page(opened, paper, changed))

    def pane(self, request: Request, body: bytes) -> Response:
        """Return one sheet with one row open."""
        opened = self._opened(request)
        row = request.query_params.get("row", "")
        sheet = request.query_params.get("sheet", "") or opened.kinds[0].name
        return HTMLResponse(pages.pane(opened, sheet, int(row) if row.isdigit() else None))

    def paper(self, request: Request, body: bytes) -> Response:
        """Return the paper as the page shows it."""
        opened = self._opened(request)
        return HTMLResponse(pages.paper(opened, self.desk.paper(opened)))

    def original(self, request: Request, body: bytes) -> Response:
        """Return the file of a paper where it is a PDF, which the browser shows by itself."""
        opened = self._opened(request)
        path = papers(opened.folder) / opened.draft.paper
        if not opened.draft.paper or not path.is_file():
            raise ToolkitError("There is no paper beside this series.")
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(1024):
                raise ToolkitError("Only a PDF is shown as it is: its words stand on the left.")
        return FileResponse(path, media_type="application/pdf")

    def preview(self, request: Request, body: bytes) -> Response:
        """Return what the draft does to the answers of its review."""
        chosen = request.query_params.get("answer", "")
        return HTMLResponse(pages.preview(self.desk, self._opened(request), chosen))

    def history(self, request: Request, body: bytes) -> Response:
        """Return what git knows of these sheets."""
        return HTMLResponse(pages.history(self._opened(request)))

    def new_review(self, request: Request, body: bytes) -> Response:
        """Write a new review."""
        words = {name: str(text) for name, text in _said(body).items()}
        return JSONResponse({"to": f"r/{self.desk.new_review(words)}"})

    def new_series(self, request: Request, body: bytes) -> Response:
        """Open a series that is not recorded yet."""
        opened = self.desk.opened(
            request.path_params["review"], series=str(_said(body).get("key", "")).strip()
        )
        return JSONResponse({"to": f"r/{opened.raw.key}/series/{opened.scope.series}"})

    def new_outcome(self, request: Request, body: bytes) -> Response:
        """Show what a new outcome does to the protocol, or write what was shown."""
        review = request.path_params["review"]
        folder = self.desk.folder(review)
        words = {name: str(text) for name, text in _said(body).items()}
        if mark := words.pop("shown", ""):
            write_outcome(folder, words, mark)
            return JSONResponse({"to": f"r/{review}"})
        made = new_outcome(folder, words)
        return JSONResponse({"diff": list(made.diff), "shown": made.mark})

    def edit(self, request: Request, body: bytes) -> Response:
        """Change the draft, and return what the checks say of it now."""
        opened, said = self._opened(request), _said(body)
        told, at = _edited(opened, self.desk, said)
        return self._state(opened, {"told": told, **at})

    def _state(self, opened: OpenSheet, more: Mapping[str, Any]) -> Response:
        """Return the state of a draft after something was done."""
        problems = opened.problems
        return JSONResponse(
            {
                "version": opened.version,
                "changed": opened.draft.changed,
                "undo": bool(opened.past),
                "problems": places(problems),
                "tabs": {tab.name: [tab.rows, tab.problems] for tab in tabs(opened, problems)},
                **more,
            }
        )

    def save(self, request: Request, body: bytes) -> Response:
        """Record the draft, all or nothing."""
        opened = self._opened(request)
        told = opened.save(_number(_said(body), "version"))
        return self._state(opened, {"recorded": list(told)})

    def merge(self, request: Request, body: bytes) -> Response:
        """Put what somebody else recorded under the draft."""
        opened = self._opened(request)
        told = opened.merge(_number(_said(body), "version"))
        return self._state(opened, {"merged": list(told)})

    def lay_paper(self, request: Request, body: bytes) -> Response:
        """Read a paper and lay it beside the series."""
        opened = self._opened(request)
        name = Path(request.query_params.get("name", "paper")).name
        paper = self.desk.lay_paper(opened, body, name)
        return self._state(opened, {"proposals": len(paper.draft.proposals)})

    def second_reading(self, request: Request, body: bytes) -> Response:
        """Set the workbook of a second extractor beside the draft."""
        opened = self._opened(request)
        count = with_second_reading(opened, body)
        return self._state(opened, {"differences": count})


def _edited(opened: OpenSheet, desk: Desk, said: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Apply what a page asks for; return a sentence and where the page goes next."""
    action, version = said.get("action"), _number(said, "version")
    if action == "undo":
        opened.undo(version)
        return "", {"reload": True}
    if action == "accept":
        counts, name = opened.kind("counts"), str(said.get("name", ""))
        rows = said.get("rows")
        every = range(len(opened.draft.sheet("proposals")))
        chosen = [row for row in rows if isinstance(row, int)] if isinstance(rows, list) else every
        number = 0

        def accepted(draft: SheetDraft) -> SheetDraft:
            nonlocal number
            new, number = editing.with_accepted_rows(draft, counts, chosen, name)
            return new

        opened.change(version, accepted)
        noun = "proposal is" if number == 1 else "proposals are"
        return f"{number} {noun} counts now, accepted by {name.strip()}.", {"reload": True}
    kind = opened.kind(str(said.get("sheet", "")))
    if action == "add":
        first = len(opened.draft.sheet(kind.name))
        every = said.get("rows", [said] if "cells" in said else None)
        new = [_cells(each) for each in every] if isinstance(every, list) else [None]
        opened.change(version, lambda draft: editing.with_rows(draft, kind, new))
        return "", {"sheet": kind.name, "row": first}
    row = _number(said, "row")
    if action == "remove":
        opened.change(version, lambda draft: editing.without_row(draft, kind, row))
        return "", {"sheet": kind.name}
    if action == "take":
        cells, told = _taken(opened, desk, kind.name, row, said)
    elif action == "cells":
        cells, told = _cells(said), ""
    else:
        raise ToolkitError("The desk does not know what to do: load the page again.")
    opened.change(version, lambda draft: editing.with_cells(draft, kind, row, cells))
    held = opened.draft.sheet(kind.name)[row]
    return told, {
        "sheet": kind.name,
        "row": row,
        "cells": {name: held.get(name, "") for name in (*cells, *kind.unique) if not kind.upright}
        or {name: held.get(name, "") for name in cells},
        "named": pages.named(kind, held, row),
    }


def _taken(
    opened: OpenSheet, desk: Desk, sheet: str, row: int, said: Mapping[str, Any]
) -> tuple[dict[str, str], str]:
    """Return the cells that a row takes from the paper, and what is said of it."""
    kind, paper = opened.kind(sheet), desk.paper(opened)
    number = paper.numbers.get(str(said.get("number", ""))) if paper else None
    if number is None:
        raise ToolkitError("That number is not in the paper any more: load the page again.")
    column = str(said.get("column", ""))
    held = opened.draft.sheet(sheet)
    here = held[row] if 0 <= row < len(held) else {}
    cells = editing.taken(kind, here, column if column in kind.columns else "", number)
    if not cells:
        raise ToolkitError(f"This row has no cell for {number.printed}.")
    if kind.name == "counts" and "events" not in cells and number.percent:
        return cells, f"{number.printed} is a percentage: the number of patients is still to come."
    return cells, f"{number.printed} taken from {number.where}."

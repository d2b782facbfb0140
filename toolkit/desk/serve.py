"""Start the desk: a free port on this computer alone, a random word, the browser."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from toolkit.desk.app import desk_app
from toolkit.desk.desk import Desk
from toolkit.desk.sheet_draft import scope_of
from toolkit.errors import ToolkitError
from toolkit.sheets.folder import read_tables

HOME = "127.0.0.1"


def serve(
    desk: Desk,
    *,
    review: str = "",
    series: str = "",
    paper: Path | None = None,
    port: int = 0,
    show: bool = True,
    say: Callable[[str], object] = print,
) -> None:
    """Answer the browser until somebody stops it.

    Parameters
    ----------
    desk : Desk
        The reviews that lie on it.
    review, series : str
        What to open first; all reviews if neither is named.
    paper : Path, optional
        The paper to lay beside the series.
    port : int
        Port on this computer; 0 takes one that is free.
    show : bool
        Whether to open the browser.
    say : callable
        What takes the lines that are printed.

    Raises
    ------
    ToolkitError
        If the port is taken, or the review, the series or the paper cannot be opened.
    """
    if paper is not None and not series:
        raise ToolkitError("Name the series that the paper belongs to: REVIEW SERIES --paper FILE.")
    if series:
        scope_of(read_tables(desk.folder(review)), series)
        opened = desk.opened(review, series=series)
        if paper is not None:
            try:
                content = paper.read_bytes()
            except OSError as error:
                raise ToolkitError(f"{paper} cannot be read: {error.strerror}.") from error
            desk.lay_paper(opened, content, paper.name)
    listening = _listening(port)
    number = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    hosts = (f"{HOME}:{number}", f"localhost:{number}")
    address = f"http://{HOME}:{number}/{token}/"
    if review:
        address += f"r/{review}" + (f"/series/{series}" if series else "")
    say(f"The desk is open at {address}")
    say("It answers this computer alone. Ctrl+C closes it; what was not recorded stays a draft.")
    if show:
        webbrowser.open(address)
    # What is asked for is not printed: the address holds the word that opens the desk.
    settings = uvicorn.Config(
        desk_app(desk, token, hosts),
        log_level="error",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listening])
    finally:
        listening.close()


def _listening(port: int) -> socket.socket:
    """Return a socket on this computer alone; raises ToolkitError where the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.bind((HOME, port))
        # From here on a browser that comes early waits, and is not turned away.
        made.listen(64)
    except (OSError, OverflowError) as error:
        made.close()
        raise ToolkitError(
            f"Port {port} cannot be used: {error}. Leave --port out, and a free one is taken."
        ) from None
    return made

"""What tests say to a desk, and where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from httpx2 import Response

TOKEN = "word"
HOST = "127.0.0.1:8000"


def at(path: str) -> str:
    """Return the address of a place of the desk."""
    return f"http://{HOST}/{TOKEN}/{path}"


def said(answer: Response) -> dict[str, Any]:
    """Return what was answered to something that the desk took."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def asked_as_written(app: Callable[..., Any], path: str) -> tuple[int, bytes]:
    """Return status and body of a path that no client has tidied on its way."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", HOST.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(each.get("body", b"") for each in sent[1:])
    return int(sent[0]["status"]), body

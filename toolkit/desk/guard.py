"""What stands between the desk and everybody else: who may ask, for what, and how much.

The desk answers this computer alone, and of its programs only those that know the random word in
the address. A page of another origin can neither read nor write, whatever it sends.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from toolkit.errors import ToolkitError
from toolkit.papers.limits import MOST_BYTES

MOST_WORDS = 4_000_000
"""Bytes of a request that carries no file."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # The marks of a figure carry their colours themselves; no other element here does.
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Same origin: the address, and so its random word, is named to nobody else.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class TooLargeError(ToolkitError):
    """More was sent than a request may carry; said by the request as it is read."""


class Guard:
    """The door of the desk.

    Parameters
    ----------
    app : ASGI application
        What answers requests that may pass; it sees their paths without the token.
    token : str
        The random word with which every path begins.
    hosts : iterable of str
        Names, with port, by which the desk may be addressed.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Iterable[str]) -> None:
        self.app = app
        self.token = token
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in a sentence."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no sockets here
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _with_headers(refusal, scope, receive, send)
            return
        most = MOST_BYTES if scope["path"].endswith("/file") else MOST_WORDS
        declared = headers.get("content-length", "0")
        if not declared.isdigit() or int(declared) > most:
            await _with_headers(_too_large(most), scope, receive, send)
            return
        left = most

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLargeError(_most_in_words(most))
            return message

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in HEADERS.items():
                    MutableHeaders(scope=message)[name] = value
            await send(message)

        inner = dict(scope)
        inner["path"] = scope["path"].removeprefix(f"/{self.token}")
        inner["root_path"] = ""
        await self.app(inner, counted, answered)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return why a request may not pass; None where it may."""
        if headers.get("host", "") not in self.hosts:
            return _refused("The desk answers to its own address on this computer alone.")
        first, _, rest = scope["path"].removeprefix("/").partition("/")
        if not secrets.compare_digest(first.encode(), self.token.encode()):
            return _refused("The address is not whole: open the one that the desk printed.")
        raw = scope.get("raw_path", b"").decode("latin-1").lower()
        if ".." in rest or "\\" in rest or "\0" in rest or "%2e%2e" in raw or "%2f" in raw:
            return _refused("There is no such place in the desk.", 404)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return _refused("The desk reads and writes by GET and POST alone.", 405)
        site = headers.get("sec-fetch-site")
        if scope["method"] == "POST":
            origin = headers.get("origin", "")
            if origin not in {f"http://{host}" for host in self.hosts} or site not in {
                None,
                "same-origin",
            }:
                return _refused("Only the pages of the desk itself may write.")
        elif site not in {None, "same-origin", "none"}:
            return _refused("Only the pages of the desk itself may read it.")
        return None


def _refused(sentence: str, status: int = 403) -> Response:
    """Return a refusal in one sentence."""
    return PlainTextResponse(sentence + "\n", status)


def _too_large(most: int) -> Response:
    """Return the refusal of a request that is too large."""
    told = json.dumps({"message": _most_in_words(most)})
    return Response(told, 413, media_type="application/json")


def _most_in_words(most: int) -> str:
    """Return what is said of more than a request may carry."""
    return f"That is more than the desk takes at once: {most / 1e6:.0f} MB."


async def _with_headers(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer with the headers that all answers of the desk have."""
    response.headers.update(HEADERS)
    await response(scope, receive, send)

"""Who may ask the desk, and for what: everything else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_client import HOST, TOKEN, asked_as_written, at, said
from starlette.testclient import TestClient

from toolkit.desk.app import desk_app
from toolkit.desk.desk import Desk
from toolkit.desk.guard import MOST_WORDS, POLICY
from toolkit.papers.limits import MOST_BYTES


def stranger(desk: Desk, **headers: str) -> TestClient:
    return TestClient(
        desk_app(desk, TOKEN, (HOST,)), base_url=f"http://{HOST}", headers=headers or None
    )


@pytest.mark.parametrize("path", ["/", "/r/small", "/wor/", "/wordy/", "/static/desk.js"])
def test_without_the_token_nothing_is_shown(desk: Desk, path: str) -> None:
    answer = stranger(desk).get(path)
    assert answer.status_code == 403
    assert "small" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_with_the_token_the_review_is_shown(client: TestClient) -> None:
    answer = client.get(at("r/small"))
    assert answer.status_code == 200
    assert "How often does it happen?" in answer.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8001", ""])
def test_another_origin_writes_nothing(desk: Desk, folder: Path, origin: str) -> None:
    client = stranger(desk, origin=origin)
    answer = client.post(at("r/small/new-series"), json={"key": "smith-2020"})
    assert answer.status_code == 403
    assert not (folder / ".desk").exists()


def test_a_page_of_another_site_reads_nothing(desk: Desk) -> None:
    client = stranger(desk, **{"sec-fetch-site": "cross-site"})
    assert client.get(at("r/small")).status_code == 403


def test_no_answer_may_be_read_by_another_origin(client: TestClient) -> None:
    answer = client.get(at("r/small"), headers={"origin": "http://evil.example"})
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "static/../../guard.py",
        "static/%2e%2e/%2e%2e/guard.py",
        "static/..%2fguard.py",
        "r/../../../etc",
        "r/small/series/..",
        "r/small/series/%2e%2e%2f%2e%2e",
        "r/..%5c..%5cwindows/series/x",
    ],
)
def test_no_path_leads_out_of_the_review(desk: Desk, path: str) -> None:
    status, body = asked_as_written(desk_app(desk, TOKEN, (HOST,)), f"/{TOKEN}/{path}")
    assert status in {403, 404, 422}
    assert b"def " not in body


@pytest.mark.parametrize("key", ["../other", "..", "a/b", ".desk", "C:\\x", "a\0b", ""])
def test_no_key_leads_out_of_the_review(client: TestClient, folder: Path, key: str) -> None:
    before = sorted(folder.parent.rglob("*"))
    answer = client.post(at("r/small/new-series"), json={"key": key})
    assert answer.status_code == 422
    assert sorted(folder.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1:9999", "localhost"]
)
def test_another_host_name_is_refused(desk: Desk, host: str) -> None:
    assert stranger(desk, host=host).get(at("r/small")).status_code == 403


def test_a_gigabyte_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = {"content-length": str(10**9)}
    answer = client.post(at("r/small/series/smith-2020/paper/file"), headers=headers, content=b"x")
    assert answer.status_code == 413
    assert "40 MB" in answer.json()["message"]


def test_a_gigabyte_in_pieces_is_refused_on_the_way(client: TestClient, folder: Path) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1_000_000
            yield b"\0" * 1_000_000

    answer = client.post(at("r/small/series/smith-2020/paper/file"), content=pieces())
    assert answer.status_code == 413
    # The stand-in for a browser gathers what it sends; the desk has kept none of it.
    assert not [*folder.rglob("papers/*")]


def test_words_may_be_few_megabytes_and_papers_more(client: TestClient) -> None:
    said_too_much = client.post(at("r/small/new-series"), content=b" " * (MOST_WORDS + 1))
    assert said_too_much.status_code == 413
    assert MOST_BYTES > MOST_WORDS


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for path in ("", "r/small", "static/desk.js", "r/nowhere", "static/nothing.js"):
        headers = client.get(at(path)).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe-inline" not in POLICY.replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-eval" not in POLICY


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, at("r/small")).status_code == 405


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"version": true}'])
def test_words_that_are_no_request_get_a_sentence(client: TestClient, sent: bytes) -> None:
    said(client.post(at("r/small/new-series"), json={"key": "smith-2020"}))
    answer = client.post(at("r/small/series/smith-2020/edit"), content=sent)
    assert answer.status_code == 422
    assert answer.json()["message"].endswith("load it again.")

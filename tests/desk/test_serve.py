"""The command: where the desk answers, what it prints, and how it refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from toolkit.desk.desk import Desk
from toolkit.desk.serve import serve
from toolkit.errors import ToolkitError

CHECKOUT = Path(__file__).resolve().parents[2]


def answer_of(address: str) -> int:
    """Return the status of what is answered at an address, asked without any proxy."""
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_the_command_answers_this_computer_alone_and_ends_when_it_is_told(folder: Path) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "desk", str(folder), "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert desk.stdout
    assert desk.stderr
    try:
        address = desk.stdout.readline().split()[-1]
        assert address.startswith("http://127.0.0.1:")
        port, token = address.removeprefix("http://127.0.0.1:").split("/")[:2]
        assert len(token) >= 32
        assert answer_of(address) == 200
        assert answer_of(f"http://127.0.0.1:{port}/") == 403
        # Every address of 127.0.0.0/8 is this computer; the desk answers at one of them.
        with pytest.raises(URLError, match="refused"):
            answer_of(f"http://127.0.0.2:{port}/{token}/")
        desk.send_signal(signal.SIGINT)
        _, told = desk.communicate(timeout=60)
        assert "Traceback" not in told
    finally:
        desk.kill()
        desk.communicate()


def test_a_port_that_is_taken_is_named(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ToolkitError, match=f"Port {port} cannot be used"):
            serve(desk, port=port, show=False)


def test_a_paper_needs_its_series(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ToolkitError, match="Name the series"):
        serve(desk, review="small", paper=tmp_path / "paper.pdf", show=False)
    with pytest.raises(ToolkitError, match="cannot be read"):
        serve(desk, review="small", series="smith", paper=tmp_path / "paper.pdf", show=False)
    with pytest.raises(ToolkitError, match="A key holds"):
        serve(desk, review="small", series="../smith", show=False)

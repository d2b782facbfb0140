"""A desk that is killed at any moment leaves the old state or the new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from desk_client import at, said
from starlette.testclient import TestClient
from test_sheets import Page

CHECKOUT = Path(__file__).resolve().parents[2]
TIMES = 100


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
def test_killed_at_any_moment_it_leaves_the_old_state_or_the_new_one(
    client: TestClient, folder: Path
) -> None:
    said(client.post(at("r/small/new-series"), json={"key": "smith-2020"}))
    page = Page(client)
    page.fill_in()
    said(page.send("save"))
    for file in (folder / ".desk").glob("*.json"):
        file.unlink()
    driver = Path(__file__).with_name("killed_desk.py")
    done = subprocess.run(
        [sys.executable, str(driver), str(folder), str(TIMES)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["seen"]) == TIMES
    assert told["seen"] == sorted(told["seen"])  # what was recorded is never taken back
    assert told["seen"][-1] > TIMES / 4
    assert told["drafted"] >= told["seen"][-1]

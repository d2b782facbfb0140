"""Reviews and desks for the tests of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_client import HOST, TOKEN
from starlette.testclient import TestClient

from toolkit.desk.app import desk_app
from toolkit.desk.desk import Desk
from toolkit.reviewing.new_review import make_review
from toolkit.reviewing.plan import Plan

ORIGIN = {"origin": f"http://{HOST}"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a new review without series."""
    return make_review(Plan(key="small", outcome="Response", empty=True), tmp_path)


@pytest.fixture
def desk(folder: Path) -> Desk:
    """Return a desk with that review on it."""
    return Desk(reviews={"small": folder}, place=folder.parent)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """Return a browser's stand-in that knows the address, on the desk's own page."""
    app = desk_app(desk, TOKEN, (HOST,))
    with TestClient(app, base_url=f"http://{HOST}/{TOKEN}", headers=ORIGIN) as made:
        yield made

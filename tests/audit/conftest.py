"""The two reviews that the audit is held to: published papers, entered as they are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

import toolkit
from toolkit.audit.run import Audit, audit

CHECKOUT = Path(toolkit.__file__).parents[1]


@pytest.fixture(scope="session")
def pediatric() -> Audit:
    return audit(CHECKOUT / "extractions" / "ped-venaza")


@pytest.fixture(scope="session")
def infant() -> Audit:
    return audit(Path(__file__).parent / "infant", effects=False)

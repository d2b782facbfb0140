"""The two reviews that the audit is held to: published papers, entered as they are printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import toolkit
from toolkit.audit.run import Audit, audit

CHECKOUT = Path(toolkit.__file__).parents[1]


@cache
def pediatric_audit() -> Audit:
    return audit(CHECKOUT / "extractions" / "ped-venaza")


@cache
def infant_audit() -> Audit:
    return audit(Path(__file__).parent / "infant", effects=False)

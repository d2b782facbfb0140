"""A short run of the mutated tables; the long one is a command."""

from __future__ import annotations

from tests.sheets.mutated_tables import run


def test_mutated_tables_are_read_rightly_or_refused_and_never_break():
    found = run(250, seed=3)
    assert set(found) <= {"read", "refused"}, found
    assert found["read"] >= 120
    assert found["refused"] >= 50

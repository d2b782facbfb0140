"""Compiled code is kept from build to build even where Python may not write it beside its source.

A build starts several Pythons, and each would compile the same thousand modules again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_FORBIDDING = "PYTHONDONTWRITEBYTECODE"


@contextmanager
def kept_bytecode(folder: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield an environment whose Pythons keep what they compile in a folder, as this one does.

    Nothing changes where Python keeps it beside the source.

    Parameters
    ----------
    folder : Path
        Where compiled code goes.
    environment : mapping of str to str
        The environment of processes to come.
    """
    if not sys.dont_write_bytecode:
        yield dict(environment)
        return
    before = sys.pycache_prefix
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder)
    allowed = {name: told for name, told in environment.items() if name != _FORBIDDING}
    try:
        yield {**allowed, "PYTHONPYCACHEPREFIX": str(folder)}
    finally:
        sys.dont_write_bytecode, sys.pycache_prefix = True, before

"""Two books are not built in one folder at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.book.build.lock import only_one
from toolkit.errors import ToolkitError

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom toolkit.book.build.lock import only_one\n"
    "with only_one(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def test_a_second_book_is_refused_with_a_sentence_until_the_first_is_done(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(ToolkitError, match=f"being built in .* by process {other.pid}"),
            only_one(tmp_path),
        ):
            pass
        other.kill()
    with only_one(tmp_path):
        pass

"""The one way a sheet is written: UTF-8, LF, commas, quotes only where a cell needs them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def write_table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return the text of a sheet.

    Examples
    --------
    >>> write_table(["key", "note"], [["a", "one, two"], ["b", ""]])
    'key,note\na,"one, two"\nb,\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue()

"""What a file may be at most, so that a hostile one costs little and gets one sentence."""

from __future__ import annotations

from toolkit.errors import ToolkitError

MOST_BYTES = 40_000_000
"""Bytes of a file; articles are far below one, scanned ones below ten million."""

MOST_DEPTH = 120
"""Elements within each other."""

MOST_ELEMENTS = 1_500_000
"""Elements of a file."""

MOST_CELLS = 300_000
"""Cells of one table, spans expanded."""

MOST_PAGES = 400
"""Pages of a PDF."""

PDF_SECONDS, PDF_MEMORY = 60, 1_500_000_000
"""Seconds of computing and bytes that reading a PDF may take; articles take a tenth."""


class PaperError(ToolkitError):
    """A file that cannot be read as a paper, in one sentence."""

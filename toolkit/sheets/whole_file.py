"""Write a file as a whole or not at all: what cannot be finished leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

from toolkit.errors import ToolkitError


def write_whole(path: Path, content: bytes | str) -> None:
    """Put a file in place in one go, so that nobody ever finds half of it.

    Parameters
    ----------
    path : Path
        Where it goes; a file that stands there is replaced once the new one is whole.
    content : bytes or str
        What it holds; text is written in UTF-8 with LF line ends.

    Raises
    ------
    ToolkitError
        If it cannot be written, as on a full disk; whatever stood there is as it was.
    """
    written = content.encode() if isinstance(content, str) else content
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ToolkitError(
            f"{path} cannot be written: {error.strerror or error}. Nothing has changed there."
        ) from error

"""From a file to a document: what it is, is seen from its content and not from its name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from toolkit.papers.continued import joined
from toolkit.papers.document import Document
from toolkit.papers.limits import MOST_BYTES, PaperError

_BINARY = {
    b"PK\x03\x04": "a zipped file, such as a Word document or a workbook",
    b"\x1f\x8b": "a compressed file",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "an RTF document",
}
_FORMS = (
    "JATS XML, a record of ClinicalTrials.gov (JSON), HTML, a PDF with text, text, "
    "or a table with tabs"
)


def read_paper(path: str | Path) -> Document:
    """Return a paper as paragraphs and tables.

    Parameters
    ----------
    path : str or Path
        JATS XML, results of ClinicalTrials.gov (JSON, API version 2), HTML, a PDF with text, text
        or Markdown, or a table pasted as lines with tabs. Which it is, is seen from its content.

    Returns
    -------
    Document
        With the SHA-256 of the file.

    Raises
    ------
    PaperError
        In one sentence, if the file is none of these, is broken, encrypted or too large.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise PaperError(f"{path} is a folder; name the file of one paper.")
        if size > MOST_BYTES:
            raise PaperError(
                f"{path.name} has {size / 1e6:.0f} MB; a paper has at most {MOST_BYTES / 1e6:.0f}."
            )
        data = path.read_bytes()
    except OSError as error:
        raise PaperError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        document = _read(data, path)
    except PaperError as error:
        raise PaperError(f"{path.name}: {error}") from error
    if not document.paragraphs and not document.tables:
        raise PaperError(f"{path.name}: no words and no tables were found in it.")
    return replace(joined(document), sha256=hashlib.sha256(data).hexdigest())


def _read(data: bytes, path: Path) -> Document:
    """Return the document that some bytes hold."""
    if not data.strip():
        raise PaperError("The file is empty.")
    if b"%PDF-" in data[:1024]:
        from toolkit.papers.readers.portable import read_pdf

        return read_pdf(path)
    for start, kind in _BINARY.items():
        if data.startswith(start):
            raise PaperError(f"This is {kind}, and no paper that can be read: use {_FORMS}.")
    text = _decoded(data)
    begin = text.lstrip("\ufeff \t\r\n")[:4000]
    if begin.startswith(("{", "[")) and re.match(r"[\[{]\s*[\"{\[\]}]", begin):
        from toolkit.papers.readers.registry import read_registry

        return read_registry(text.lstrip("\ufeff").encode())
    if _is_html(begin):
        from toolkit.papers.readers.web_page import read_web_page

        return read_web_page(data)
    if begin.startswith("<"):
        from toolkit.papers.readers.jats import read_jats

        return read_jats(data)
    from toolkit.papers.readers.running_text import is_pasted_table, read_pasted_table, read_text

    if is_pasted_table(text):
        return read_pasted_table(text)
    return read_text(text)


def _is_html(begin: str) -> bool:
    """Tell whether text begins as a web page does."""
    plain = re.sub(r"<\?xml[^>]*\?>|<!--.*?-->", "", begin, flags=re.DOTALL).lstrip().lower()
    if plain.startswith("<!doctype html") or re.match(
        r"<(?:html|body|head|div|table|main|section|h[1-6]|p)\b", plain
    ):
        return True
    return (
        plain.startswith("<article")
        and "<front" not in plain
        and "dtd-version" not in plain
        and "<sec" not in plain
        and ("<h1" in plain or "<h2" in plain or "class=" in plain)
    )


def _decoded(data: bytes) -> str:
    """Return bytes as text; raises PaperError for what is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:100_000]:
        raise PaperError(f"This is no paper that can be read, but a file of bytes: use {_FORMS}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")

"""A hostile, broken or foreign file gets one sentence, in little time and memory."""

from __future__ import annotations

import io
import time
import zlib
from pathlib import Path

import pytest

from toolkit.papers.limits import MOST_BYTES, PaperError
from toolkit.papers.readers.recognize import read_paper

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 50}">' for n in range(9))
HEAD = '<?xml version="1.0"?>'


def article(body: str) -> str:
    return f"{HEAD}<article><front/><body><sec><title>Results</title>{body}</sec></body></article>"


def table(cells: str) -> str:
    return f"<table-wrap><label>Table 1</label><table><tbody>{cells}</tbody></table></table-wrap>"


CASES = {
    "entities": (f"{HEAD}<!DOCTYPE article [{BOMB}]><article><p>&e8;</p></article>", "entities"),
    "an outside entity": (
        f'{HEAD}<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/x">]><article>&x;</article>',
        "entities",
    ),
    "deep XML": (article("<sec>" * 5000 + "</sec>" * 5000), "nests more than"),
    "deep HTML": ("<html><body>" + "<div>" * 50_000 + "x", "nests more than"),
    "broken XML": (f"{HEAD}<article><p>cut off", "broken"),
    "wide spans": (
        article(table('<tr><td colspan="1000" rowspan="99999">1</td></tr>' * 900)),
        "more than 300000 cells",
    ),
    "wide spans in HTML": (
        "<html><table>" + '<tr><td colspan="1000" rowspan="99999">1<td>2</tr>' * 900 + "</table>",
        "more than 300000 cells",
    ),
    "many pasted cells": ("\n".join(["1\t2"] * 200_000), "more than 300000 cells"),
    "broken JSON": ('{"protocolSection": {', "JSON is broken"),
    "deep JSON": ('{"a":' * 100_000, "nests too deeply"),
    "JSON of another kind": ('{"name": "x"}', "no resultsSection"),
    "a record with a list for results": ('{"resultsSection": []}', "no resultsSection"),
    "results of another build": (
        '{"resultsSection": {"adverseEventsModule": {"eventGroups": [{"id": 1}], '
        '"seriousEvents": 7},'
        '"outcomeMeasuresModule": {"outcomeMeasures": [{"groups": 3, "classes": "x"}]}}}',
        "no words and no tables",
    ),
    "two records": ('[{"resultsSection": {}}, {"resultsSection": {}}]', "2 records"),
    "old register XML": (f"{HEAD}<clinical_study><id>1</id></clinical_study>", "API v2"),
    "XML of another kind": (f"{HEAD}<svg><g/></svg>", "no article"),
    "nothing": ("   \n", "empty"),
}


@pytest.mark.parametrize("name", CASES)
def test_one_sentence_says_why(name: str, tmp_path: Path):
    text, said = CASES[name]
    file = tmp_path / "paper"
    file.write_text(text, encoding="utf-8")
    start = time.monotonic()
    with pytest.raises(PaperError) as refused:
        read_paper(file)
    assert time.monotonic() - start < 30
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + b"\x00" * 50, "zipped"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "picture"),
        (bytes(range(256)) * 10, "bytes"),
        (b"%PDF-1.7\nthis is none", "broken"),
    ],
)
def test_a_file_that_is_no_paper_is_named(data: bytes, said: str, tmp_path: Path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(data)
    with pytest.raises(PaperError, match=said):
        read_paper(file)


def test_a_file_of_300_megabytes_is_not_read(tmp_path: Path):
    file = tmp_path / "paper.xml"
    with file.open("wb") as out:
        out.truncate(300_000_000)
    assert MOST_BYTES < 300_000_000
    with pytest.raises(PaperError, match="300 MB"):
        read_paper(file)


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path):
    with pytest.raises(PaperError, match="folder"):
        read_paper(tmp_path)
    with pytest.raises(PaperError, match="cannot be read"):
        read_paper(tmp_path / "none")


def test_an_encrypted_pdf_is_named(tmp_path: Path):
    pytest.importorskip("pdfplumber")
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    out = io.BytesIO()
    drawn = canvas.Canvas(out, encrypt="secret")
    drawn.drawString(50, 700, "Six of eight responded.")
    drawn.save()
    file = tmp_path / "paper"
    file.write_bytes(out.getvalue())
    with pytest.raises(PaperError, match="encrypted"):
        read_paper(file)


def test_a_pdf_without_text_is_named(tmp_path: Path):
    pytest.importorskip("pdfplumber")
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    out = io.BytesIO()
    drawn = canvas.Canvas(out)
    drawn.rect(50, 50, 100, 100)
    drawn.save()
    file = tmp_path / "paper"
    file.write_bytes(out.getvalue())
    with pytest.raises(PaperError, match="no text"):
        read_paper(file)


def test_a_pdf_that_unfolds_to_gigabytes_costs_little(tmp_path: Path):
    pytest.importorskip("pdfplumber")
    stream = _deep_stream()
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n",
        b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(stream),
        stream,
        b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ]
    file = tmp_path / "paper"
    file.write_bytes(b"%PDF-1.4\n" + b"".join(parts))
    assert file.stat().st_size < 1_000_000
    with pytest.raises(PaperError) as refused:
        read_paper(file)
    assert "\n" not in str(refused.value)


def _deep_stream() -> bytes:
    """Return a small stream that unfolds twice to two gigabytes."""
    inner = zlib.compressobj(1)
    chunk = b"\0" * 10_000_000
    once = b"".join(inner.compress(chunk) for _ in range(200)) + inner.flush()
    return zlib.compress(once, 9)

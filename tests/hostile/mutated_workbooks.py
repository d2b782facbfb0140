"""Workbooks changed at random: each is refused in words, or recorded exactly as it says.

A command: ``python tests/hostile/mutated_workbooks.py [HOW MANY] [SEED]``.
"""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl

from toolkit.errors import ToolkitError
from toolkit.reviewing.workbooks import Sent, check_workbook, make_workbook

BASE = Path(__file__).resolve().parents[1] / "sheets" / "_base"
SERIES = "smith-2020"
SHEETS = ("series", "groups", "counts", "patients", "appraisal", "statements")

TYPED: tuple[object, ...] = (
    "38²", "7²", "½", "٣٨", "1_2", "9" * 400, "9" * 5000, 1e22, 1e308, -0.0, 1e-320, True,
    "", " ", "=1+1", "@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "＝1+1", "12.0", "0012", "1,234",
    "10", 10, 12.0, 7.6, "8 (21)", "26.3%",
    "2-Mar", "1..11", "5..5", "n/a", "NA", "null", "\u200b12",
    "12\u00a0", "a\nb", "x" * 40_000, "<script>alert(1)</script>",
    "smith-2020", "all", "cr", "none",
)  # fmt: skip
FORMATS = ("General", "@", "0", "0.0", "0.00", "000", "#,##0", "0%", "0.0%", "# ?/?", "0.00E+00")


def on_bytes(content: bytes, dice: random.Random) -> bytes:
    """Change the file as a bad disk or transfer does."""
    held = bytearray(content)
    at = dice.randrange(len(held))
    kind = dice.randrange(5)
    if kind == 0:
        held[at] ^= 1 << dice.randrange(8)
    elif kind == 1:
        del held[at:]
    elif kind == 2:
        del held[at : at + dice.randrange(1, 200)]
    elif kind == 3:
        held[at:at] = dice.randbytes(dice.randrange(1, 50))
    else:
        for _ in range(20):
            held[dice.randrange(len(held))] = dice.randrange(256)
    return bytes(held)


def on_xml(content: bytes, dice: random.Random) -> bytes:
    """Change the text of one part, and pack it again so that its checksum is right."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    name = dice.choice(sorted(parts))
    text = parts[name].decode("utf-8", errors="replace")
    tokens = list(re.finditer(r'"[^"<>]*"|>[^<>]+<|</?[\w:]+', text))
    kind = dice.randrange(6)
    if kind == 0 and len(parts) > 1:
        del parts[name]
    elif kind == 1 or not tokens:
        at = dice.randrange(len(text) + 1)
        parts[name] = (
            text[:at] + dice.choice(["<", "&", "\0", "]]>", "é", "<a>"]) + text[at:]
        ).encode()
    elif kind == 2:
        declared = dice.choice(["latin-1", "bogus-8", "utf-16", "utf-7", "cp037", "shift_jis"])
        parts[name] = f'<?xml version="1.0" encoding="{declared}"?>'.encode() + parts[name]
    else:
        token = dice.choice(tokens)
        old = token.group()
        new = dice.choice(
            ["", "-1", "1e400", "9" * 400, "A1:XFD1048576", "²", "NaN", "x" * 300, "0", "1048577"]
        )
        body = old[0] + new + (old[-1] if old[0] in '">' else "")
        if kind == 5:
            body = old + old
        parts[name] = (text[: token.start()] + body + text[token.end() :]).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
    return made.getvalue()


def in_a_cell(content: bytes, dice: random.Random) -> tuple[bytes, tuple[str, str, object, str]]:
    """Type something into one cell; return also sheet, cell, what was typed, and the format."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[dice.choice(SHEETS)]
    row = dice.randrange(1, sheet.max_row + 3)
    column = 2 if sheet.title == "series" else dice.randrange(1, sheet.max_column + 2)
    cell = sheet.cell(row, column)
    typed = dice.choice(TYPED)
    if dice.random() < 0.5:  # the same again, as a number where it is one: what people really do
        written = str(cell.value or "")
        typed = int(written) if written.isascii() and written.isdigit() else written
    try:
        cell.value = typed
    except ValueError:  # no spreadsheet holds such a character
        cell.value = typed = "12"
    cell.number_format = dice.choice(FORMATS)
    kind = dice.randrange(12)
    if kind == 0:
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=row + 1, end_column=column + 1
        )
    elif kind == 1:
        sheet.row_dimensions[row].hidden = True
    elif kind == 2:
        sheet.title = f"{sheet.title}x"
    elif kind == 3:
        sheet.insert_rows(dice.randrange(1, sheet.max_row + 1))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue(), (sheet.title, cell.coordinate, typed, cell.number_format)


def recorded(sent: Sent) -> dict[tuple[str, int, str], str]:
    """Return every cell that would be recorded, read again from the bytes by another reader."""
    found = {}
    for name, content in sent.after.contents.items():
        if name.startswith(f"series/{SERIES}/"):
            rows = list(csv.reader(io.StringIO(content.decode())))
            for line, row in enumerate(rows[1:]):
                for column, text in zip(rows[0], row, strict=True):
                    found[name.rpartition("/")[2], line, column] = text
    return found


def unspoken(sent: Sent, sound: Sent, kind: str, typed: tuple[str, str, object, str] | None) -> str:
    """Return a value that changed without a word, or nothing."""
    before, after = recorded(sound), recorded(sent)
    differing = {at for at in {*before, *after} if before.get(at) != after.get(at)}
    if differing and not sent.changes:
        return f"{sorted(differing)[:3]} changed and no change is named"
    if kind == "bytes" and differing:
        return f"{sorted(differing)[:3]} changed by a damaged file that was accepted"
    if typed is not None and isinstance(typed[2], int | float) and not isinstance(typed[2], bool):
        sheet, cell, value, form = typed
        told = any(f"{sheet}, cell {cell}:" in each for each in sent.readings)
        shown = {
            "0": "{:.0f}",
            "0.0": "{:.1f}",
            "0.00": "{:.2f}",
            "#,##0": "{:,.0f}",
            "000": "{:03.0f}",
        }
        if form in shown and abs(value) < 1e15:
            wanted = shown[form].format(value)
            texts = {text for (file, _, _), text in after.items() if file == f"{sheet}.csv"}
            if wanted not in texts and not told:
                return f"{sheet} {cell} shows {wanted}, which is neither recorded nor said"
    return ""


def run(
    count: int, seed: int = 0, say: Callable[[str], object] = sys.stderr.write
) -> tuple[Counter[str], list[str]]:
    """Return how many workbooks were accepted and refused, by kind, and all that is wrong."""
    dice = random.Random(seed)
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = make_workbook(BASE, SERIES, Path(folder) / "sound.xlsx")
        content, sound = path.read_bytes(), check_workbook(BASE, path)
        mutant = Path(folder) / "mutant.xlsx"
        for number in range(count):
            kind = ("bytes", "xml", "cell", "cell")[number % 4]
            typed = None
            if kind == "bytes":
                changed = on_bytes(content, dice)
            elif kind == "xml":
                changed = on_xml(content, dice)
            else:
                changed, typed = in_a_cell(content, dice)
            mutant.write_bytes(changed)
            try:
                sent = check_workbook(BASE, mutant)
            except ToolkitError as refusal:
                tally[f"{kind} refused"] += 1
                if len(str(refusal)) > 100_000 or not str(refusal).strip():
                    wrong.append(f"{number}: a message of {len(str(refusal))} characters")
            except Exception:  # noqa: BLE001 - that is what is looked for
                wrong.append(f"{number} ({kind}, {typed}): {traceback.format_exc()[-900:]}")
            else:
                tally[f"{kind} accepted"] += 1
                if fault := unspoken(sent, sound, kind, typed):
                    wrong.append(f"{number} ({kind}, {str(typed)[:200]}): {fault}")
            if count > 500 and number % 500 == 499:
                say(f"{number + 1} of {count}: {dict(tally)}, wrong {len(wrong)}\n")
    return tally, wrong


if __name__ == "__main__":
    how_many, *rest = [int(word) for word in sys.argv[1:]] or [5000]
    found, faults = run(how_many, *rest)
    sys.stdout.write("\n".join([str(dict(found)), *faults, f"{len(faults)} wrong of {how_many}\n"]))
    sys.exit(bool(faults))

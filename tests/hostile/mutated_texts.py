"""CSV and TOML files of a review changed at random: refused in words, or read exactly as written.

A command: ``python tests/hostile/mutated_texts.py [HOW MANY] [SEED]``.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import tempfile
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from toolkit.analysis.unused_numbers import unused_numbers
from toolkit.audit.report import report_text
from toolkit.audit.run import audit
from toolkit.errors import ToolkitError
from toolkit.load import read
from toolkit.review.review import Review

BASE = Path(__file__).resolve().parents[1] / "sheets" / "_base"
STRANGE = (
    "²", "38²", "٣", "1_2", "9" * 400, "9" * 5000, "1e22", "1e400", "-1", "nan", "inf", "\0",
    "\r\n",
    "\u202e", "\u200b", "é", '"', "'", ",", ";", "\t", "\n", "=", "+1+cmd|'/c'!A0", "#", "[", "]",
    "{",
    "[" * 3000, '"' * 3, "true", "0x10", "2020-01-01", "<script>", "x" * 200_000, "1..11", "..", "",
)  # fmt: skip


def changed(content: bytes, dice: random.Random) -> bytes:
    """Change a text as typing, pasting, merging and other programs do."""
    text = content.decode("utf-8")
    lines = text.split("\n")
    at, line = dice.randrange(len(text) + 1), dice.randrange(len(lines))
    kind = dice.randrange(10)
    if kind == 0:
        text = text[:at] + dice.choice(STRANGE) + text[at:]
    elif kind == 1:
        text = text[:at] + text[at + dice.randrange(1, 30) :]
    elif kind == 2:
        text = "\n".join([*lines[:line], *lines[line + 1 :]])
    elif kind == 3:
        text = "\n".join([*lines[: line + 1], *lines[line:]])
    elif kind in {4, 5, 6}:
        cells = lines[line].split(",")
        cell = dice.randrange(len(cells))
        other = dice.choice(lines).split(",")
        cells[cell] = dice.choice(
            [dice.choice(other), dice.choice(STRANGE), str(dice.randrange(120))]
        )
        text = "\n".join([*lines[:line], ",".join(cells), *lines[line + 1 :]])
    elif kind == 7:
        return text.encode(
            dice.choice(["utf-16", "utf-8-sig", "cp1252", "utf-32"]), errors="replace"
        )
    elif kind == 8:
        held = bytearray(content)
        held[at % len(held)] = dice.randrange(256)
        return bytes(held)
    else:
        head, equals, _ = lines[line].partition("=")
        lines[line] = f"{head}{equals} {dice.choice(STRANGE)}" if equals else lines[line]
        text = "\n".join(lines)
    return text.encode("utf-8", errors="surrogatepass")


def misread(held: Review, folder: Path) -> str:
    """Return what a review says otherwise than its files, read by other readers; or nothing."""
    protocol = tomllib.loads((folder / "review.toml").read_text(encoding="utf-8"))
    for outcome in held.outcomes:
        part = protocol["outcomes"][outcome.key]
        if (outcome.label, outcome.grade) != (part["label"], part.get("grade", "")):
            return f"outcome {outcome.key} is not as review.toml says"
    for series in held.series:
        text = (folder / "series" / series.key / "counts.csv").read_text(encoding="utf-8")
        rows = [row for row in csv.DictReader(io.StringIO(text)) if row["status"] != "not_reported"]
        held_rows = [
            (str(each.total), each.outcome, each.as_printed, each.events_low, each.events_high)
            for each in series.counts
            if each.status != "not_reported"
        ]
        written = []
        for row in rows:
            low, _, high = row["events"].partition("..")
            written.append(
                (row["total"], row["outcome"], row["as_printed"], int(low), int(high or low))
            )
        if held_rows != written:
            return f"counts of {series.key} are not as counts.csv says"
    return ""


def run(
    count: int, seed: int = 0, say: Callable[[str], object] = sys.stderr.write
) -> tuple[Counter[str], list[str]]:
    """Return how many texts were accepted and refused, by kind, and all that is wrong."""
    dice = random.Random(seed)
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(BASE, Path(place) / "review"))
        sheets = sorted(folder.rglob("*.csv"))
        for number in range(count):
            kind = "toml" if number % 3 == 0 else "csv"
            path = folder / "review.toml" if kind == "toml" else dice.choice(sheets)
            sound = path.read_bytes()
            path.write_bytes(changed(sound, dice))
            same = path.read_bytes() == sound
            try:
                held = read(folder)
                unused_numbers(held)
                report_text(audit(folder, effects=False))
            except ToolkitError as refusal:
                tally[f"{kind} refused"] += 1
                if len(str(refusal)) > 100_000 or not str(refusal).strip():
                    wrong.append(f"{number}: a message of {len(str(refusal))} characters")
            except Exception:  # noqa: BLE001 - that is what is looked for
                wrong.append(f"{number} ({path.name}): {traceback.format_exc()[-900:]}")
            else:
                tally[f"{kind} {'unchanged' if same else 'accepted'}"] += 1
                if fault := misread(held, folder):
                    wrong.append(f"{number} ({path.name}): {fault}")
            path.write_bytes(sound)
            if count > 500 and number % 500 == 499:
                say(f"{number + 1} of {count}: {dict(tally)}, wrong {len(wrong)}\n")
    return tally, wrong


if __name__ == "__main__":
    how_many, *rest = [int(word) for word in sys.argv[1:]] or [3000]
    found, faults = run(how_many, *rest)
    sys.stdout.write("\n".join([str(dict(found)), *faults, f"{len(faults)} wrong of {how_many}\n"]))
    sys.exit(bool(faults))

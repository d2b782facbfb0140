"""Change a good spreadsheet at random and read it: nothing may break, and no number may change.

Run as ``python -m tests.sheets.mutated_tables 5000 --seed 1``; prints how many files were read, how
many were refused, and every file on which something else happened.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.sheets.table_files import EVENTS, NAMES, SHAPES, TOTAL
from toolkit.errors import ToolkitError
from toolkit.sheets.table.read import read_table
from toolkit.sheets.table.table import Table

Bytes = Callable[[random.Random, bytes], bytes]

_MEANINGLESS = (b" ", b"\t", b"\r", b"\xc2\xa0", b"\xe2\x80\x8b", b'""', b"  ")
_WORDS = (
    b"NA", b"NR", b"-", b"", b"1_2", b"1.234", b"12.0", b"0.31", b"31%", b"<5", b"Total", b"3/12",
    b"1e3", b"=1+2", b"+1", b"\xd9\xa3", b"7\xc2\xb2", b"1..4", b"#REF!", b"TRUE", b"12-Mar",
)  # fmt: skip


def _flip(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :]


def _cut(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content))]


def _drop(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + content[at + dice.randrange(1, 9) :]


def _put(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(len(content))
    return content[:at] + dice.choice(_MEANINGLESS) + content[at:]


def _lines(change: Callable[[random.Random, list[bytes]], None]) -> Bytes:
    def mutate(dice: random.Random, content: bytes) -> bytes:
        lines = content.split(b"\n")
        change(dice, lines)
        return b"\n".join(lines)

    return mutate


def _twice(dice: random.Random, lines: list[bytes]) -> None:
    lines.insert(dice.randrange(len(lines)), dice.choice(lines))


def _away(dice: random.Random, lines: list[bytes]) -> None:
    del lines[dice.randrange(len(lines))]


def _blank(dice: random.Random, lines: list[bytes]) -> None:
    lines.insert(dice.randrange(len(lines)), dice.choice((b"", b",,", b";;", b"\t\t", b"note")))


def _shuffled(dice: random.Random, lines: list[bytes]) -> None:
    body = lines[1:]
    dice.shuffle(body)
    lines[1:] = body


def _cell(dice: random.Random, lines: list[bytes]) -> None:
    at = dice.randrange(len(lines))
    for mark in (b",", b";", b"\t"):
        cells = lines[at].split(mark)
        if len(cells) > 1:
            cells[dice.randrange(len(cells))] = dice.choice(_WORDS)
            lines[at] = mark.join(cells)
            return


def _windows(dice: random.Random, content: bytes) -> bytes:
    del dice
    return content.replace(b"\n", b"\r\n")


def _mark(dice: random.Random, content: bytes) -> bytes:
    del dice
    return b"\xef\xbb\xbf" + content


MUTATIONS: dict[str, Bytes] = {
    "a bit": _flip,
    "the end": _cut,
    "some bytes away": _drop,
    "something invisible": _put,
    "a line twice": _lines(_twice),
    "a line away": _lines(_away),
    "a blank line": _lines(_blank),
    "another order": _lines(_shuffled),
    "another cell": _lines(_cell),
    "ends of lines": _windows,
    "a byte order mark": _mark,
}
_HARMLESS = ("a blank line", "another order", "ends of lines", "a byte order mark")
"""What changes no number of any study."""


def mutated(dice: random.Random, folder: Path) -> tuple[Path, str, str]:
    """Write a changed spreadsheet; return its path, its shape and what was changed."""
    shape = dice.choice(sorted(SHAPES))
    ending, write = SHAPES[shape]
    path = write(folder / f"table.{ending}")
    change = dice.choice(sorted(MUTATIONS))
    path.write_bytes(MUTATIONS[change](dice, path.read_bytes()))
    return path, shape, change


def changed_without_a_word(table: Table, change: str) -> str:
    """Return what is wrong with a table that was read: a number that no cell of its row says.

    Every number is looked for in the cells of its own row, which are the file's text; where only
    lines were moved or added, all studies must have their own numbers.
    """
    for row in table.rows:
        said = " ".join(text for _, text in row.cells)
        for number in (row.events_low, row.events_high, row.total):
            if number is not None and str(number) not in said.replace(",", "").replace(".", ""):
                return f"{row.label}: {number} stands in no cell of {said!r}"
    if change in _HARMLESS:
        counted = {row.label: (row.events_low, row.total) for row in table.rows if row.counted}
        right = dict(zip(NAMES, zip(EVENTS, TOTAL, strict=True), strict=True))
        if counted != right:
            return f"other studies than in the file: {set(counted.items()) ^ set(right.items())}"
    return ""


def run(times: int, seed: int) -> Counter[str]:
    """Return how many files were read, refused, and anything else by its first line."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number in range(times):
            dice = random.Random(f"{seed}/{number}")
            path, shape, change = mutated(dice, Path(name))
            try:
                table = read_table(path)
            except ToolkitError:
                found["refused"] += 1
                continue
            except Exception:  # noqa: BLE001 - that is what is looked for
                last = traceback.format_exc().strip().splitlines()[-1]
                found[f"BROKE on {shape}, {change}, number {number}: {last}"] += 1
                continue
            wrong = changed_without_a_word(table, change)
            found[f"CHANGED {shape}, {change}, number {number}: {wrong}" if wrong else "read"] += 1
    return found


def main() -> None:
    """Run from the command line."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("times", type=int, nargs="?", default=5000)
    words.add_argument("--seed", type=int, default=1)
    said = words.parse_args()
    for what, number in run(said.times, said.seed).most_common():
        print(f"{number:6d}  {what}")  # noqa: T201


if __name__ == "__main__":
    main()

"""What the audit finds in a paper from its text alone, held against a list drawn up by reading it.

    python benchmarks/paper_audit.py PAPER [--record tests/reference/paper_audit.csv]

PAPER is the report of arcourt-2026, which is not part of this repository. The list of seventeen
places is that of tests/audit/test_arcourt.py, and so are the quantities that agree.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from toolkit.audit.finding import Finding
from toolkit.audit.manuscript import audit_paper
from toolkit.papers.drafts import words_of

REVIEW = Path(__file__).resolve().parents[1] / "extractions" / "ped-venaza"
LISTED: list[tuple[int, str, str, tuple[str, ...]]] = [
    (1, "CRi against its percentage", "C02", ('"2 (8)"', "2/38 is 5.3 %")),
    (2, "PR against its percentage", "C02", ('"7 (16)"', "7/38 is 18.4 %")),
    (2, "five percentages with one solution", "C02", ("8 + 3 + 6 + 16 + 5",)),
    (3, "bacteremia of grade 3 or more", "C02", ('"1/38 (29)"',)),
    (4, "cytopenias of the abstract", "C05", ("94%", "36/38", "any grade")),
    (5, "survival without progression", "C07", ("22 months", "20 months")),
    (6, "not assessed", "C07", ("5/38", "7/38")),
    (7, "age at diagnosis", "C07", ("9.2 years", "8.7 years")),
    (8, "follow-up", "C07", ("5.8 months", "6.6 months")),
    (9, "digestive events", "C07", ("18/36", "19/38")),
    (10, "fungal infections", "C07", ("3/38", "4/38")),
    (11, "FLT3-ITD by rows", "C07", ("patients 3, 5, 16, 20, 22",)),
    (11, "FLT3 spelled FT3", "C17", ('"FT3"',)),
    (11, "FLT3 spelled FTL3", "C17", ('"FTL3"',)),
    (12, "NRAS by rows", "C07", ("patients 7, 21, 26, 27",)),
    (13, "KRAS by rows", "C07", ("patients 26, 27, 32",)),
    (14, "response of patient 37", "C07", ("no response", "patient 37")),
    (15, "refractory responders transplanted", "C07", ("patient 35",)),
    (16, "first-line patients in the cohort", "C07", ("38/38", "36/38")),
    (17, "22 transplanted before, among 34", "C02", ("22/34 is 64.7 %",)),
]
AGREEING = (
    *("male", "female", "de-novo", "secondary", "first-relapse", "second-relapse"),
    *("third-relapse", "primary-refractory", "mrd_negative", "mrd_positive", "mrd_not_available"),
    *("discontinued_refractory", "discontinued_for_toxicity", "bacteremia_gram_negative"),
    *("bacteremia_gram_positive", "bacteremia_several_germs", "idh1", "idh2", "ezh2", "tp53"),
    *("cr", "crc", "overall-survival", "death"),
)


def main() -> None:
    """Audit the paper and print, or record, what of the list was found and what else."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("paper", type=Path)
    asked.add_argument("--record", type=Path)
    said = asked.parse_args()
    found = list(audit_paper(said.paper, words_of(REVIEW)).findings)
    rows = []
    taken: set[int] = set()
    for number, what, check, words in LISTED:
        hits = {at for at, each in enumerate(found) if _is(each, check, words)}
        taken |= hits
        rows.append((str(number), what, check, "yes" if hits else "no"))
    agreeing = [each for each in found if each.quantity in AGREEING]
    rows.append(("", "findings that are not on the list", "", str(len(found) - len(taken))))
    rows.append(("", "findings on quantities that agree", "", str(len(agreeing))))
    target = said.record.open("w", encoding="utf-8", newline="") if said.record else sys.stdout
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(("number", "what", "check", "found"))
    writer.writerows(rows)


def _is(finding: Finding, check: str, words: tuple[str, ...]) -> bool:
    """Tell whether a finding is one of the list, by its rule and the figures it names."""
    return finding.check == check and all(word in finding.what for word in words)


if __name__ == "__main__":
    main()

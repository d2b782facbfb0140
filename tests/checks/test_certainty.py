"""What grade.csv may say: every domain, its own words, and no more certainty than they leave."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from toolkit.load import problems, read

sys.path.append(str(Path(__file__).resolve().parents[1] / "book"))
from sheets_folder import make_review

DOMAINS = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")


def judged(root: Path, certainty: str, domains: dict[str, str]) -> Path:
    review = make_review(root)
    lines = [f"crc,{domain},{word},Why.,A. Smith" for domain, word in domains.items()]
    heading = "outcome,domain,judgement,reason,decided_by"
    lines = [heading, *lines, f"crc,certainty,{certainty},Why.,A. Smith"]
    (review / "grade.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return review


@pytest.mark.parametrize(
    ("certainty", "imprecision", "told"),
    [
        ("moderate", "serious", ""),
        ("low", "serious", ""),
        ("high", "serious", "its domains leave moderate"),
        ("moderate", "very_serious", "its domains leave low"),
        ("serious", "serious", "certainty is judged serious"),
        ("low", "low", "imprecision is judged low"),
    ],
)
def test_certainty_lies_within_what_the_domains_leave(
    tmp_path: Path, certainty: str, imprecision: str, told: str
) -> None:
    domains = dict.fromkeys(DOMAINS, "not_serious") | {"imprecision": imprecision}
    found = problems(judged(tmp_path, certainty, domains))
    assert [told in each.what for each in found] == ([True] if told else [])


def test_a_domain_that_is_left_out_is_named(tmp_path: Path) -> None:
    domains = dict.fromkeys(DOMAINS[1:], "not_serious")
    (found,) = problems(judged(tmp_path, "high", domains))
    assert found.what == "Not judged: risk_of_bias."


def test_judgements_are_read_with_their_reasons(tmp_path: Path) -> None:
    found = read(judged(tmp_path, "very_low", dict.fromkeys(DOMAINS, "serious")))
    assert len(found.judgements) == 6
    assert {(each.outcome, each.reason) for each in found.judgements} == {("crc", "Why.")}

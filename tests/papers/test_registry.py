"""A record of a register with everything such records print, and what a reader takes from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.papers.layouts import OUTCOMES
from toolkit.papers.drafting import draft_paper
from toolkit.papers.proposal import Draft
from toolkit.papers.vocabulary import vocabulary

WORDS = vocabulary(OUTCOMES)
GROUPS = [{"id": "OG000", "title": "Arm A"}, {"id": "OG001", "title": "Arm B"}]
SIZES = {"OG000": "30", "OG001": "28"}


def denoms(values: dict[str, str]) -> list[dict[str, Any]]:
    counts = [{"groupId": group, "value": value} for group, value in values.items()]
    return [{"units": "Participants", "counts": counts}]


def values(first: str, second: str = "", **more: str) -> dict[str, Any]:
    given = [{"groupId": "OG000", "value": first, **more}]
    return {"measurements": given + ([{"groupId": "OG001", "value": second}] if second else [])}


def measure(title: str, kind: str, unit: str, *classes: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "SECONDARY",
        "title": title,
        "paramType": kind,
        "unitOfMeasure": unit,
        "groups": GROUPS,
        "denoms": denoms(SIZES),
        "classes": list(classes),
    }


def stats(first: int, second: int | None, events: int = 99) -> list[dict[str, Any]]:
    one = {"groupId": "EG000", "numEvents": events, "numAffected": first, "numAtRisk": 30}
    two = {"groupId": "EG001", "numEvents": events, "numAffected": second, "numAtRisk": 28}
    return [one] if second is None else [one, two]


RECORD = {
    "protocolSection": {"identificationModule": {"briefTitle": "Invented"}},
    "resultsSection": {
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                measure(
                    "Overall Response",
                    "NUMBER",
                    "percentage of participants",
                    {"categories": [values("46.7", "25.0", lowerLimit="28.3", upperLimit="65.7")]},
                ),
                measure(
                    "Best Response",
                    "COUNT_OF_PARTICIPANTS",
                    "Participants",
                    {"title": "Complete Response (CR)", "categories": [values("9", "4")]},
                    {"title": "Partial Response (PR)", "categories": [values("5", "3")]},
                ),
                measure(
                    "Number of Participants With Adverse Events by Grade",
                    "COUNT_OF_PARTICIPANTS",
                    "Participants",
                    {
                        "title": "Nausea",
                        "categories": [
                            {"title": "Any Grade", **values("15", "11")},
                            {"title": "Grade 3-4", **values("2", "0")},
                        ],
                    },
                    {
                        "title": "Anemia",
                        "denoms": denoms({"OG000": "29", "OG001": "28"}),
                        "categories": [{"title": "Grade 4", **values("3", "NA")}],
                    },
                ),
                measure(
                    "Number of Participants With Grade 3 or Higher Febrile Neutropenia",
                    "NUMBER",
                    "participants",
                    {"categories": [values("11")]},
                ),
                measure(
                    "Complete Response", "NUMBER", "proportion", {"categories": [values("0.3")]}
                ),
                measure(
                    "Number of Sepsis Events", "NUMBER", "events", {"categories": [values("7")]}
                ),
                measure(
                    "Overall Survival",
                    "MEDIAN",
                    "months",
                    {"categories": [values("14", lowerLimit="9", upperLimit="20")]},
                ),
                measure(
                    "Days of Fatigue", "MEAN", "days", {"categories": [values("12", spread="40")]}
                ),
            ]
        },
        "adverseEventsModule": {
            "timeFrame": "From the first dose to 30 days after the last",
            "eventGroups": [
                {"id": "EG000", "title": "Arm A", "deathsNumAffected": 10, "deathsNumAtRisk": 30},
                {"id": "EG001", "title": "Arm B", "deathsNumAffected": 8, "deathsNumAtRisk": 28},
            ],
            "seriousEvents": [
                {"term": "Sepsis", "organSystem": "Infections", "stats": stats(2, 0)},
            ],
            "otherEvents": [
                {"term": "Vomiting", "organSystem": "Gastrointestinal", "stats": stats(18, 12)},
                {"term": "Rash Grade 3-4", "organSystem": "Skin", "stats": stats(1, None)},
            ],
        },
    },
}


@pytest.fixture
def found(tmp_path: Path) -> Draft:
    (tmp_path / "paper").write_text(json.dumps(RECORD), encoding="utf-8")
    return draft_paper(tmp_path / "paper", WORDS)


def test_participants_are_counted_and_nothing_else(found: Draft):
    proposed = [
        (each.outcome, each.grade, each.group, each.events, each.total) for each in found.proposals
    ]
    assert sorted(proposed) == sorted(
        [
            ("orr", "", "Arm A", 14, 30),
            ("orr", "", "Arm B", 7, 28),
            ("cr", "", "Arm A", 9, 30),
            ("cr", "", "Arm B", 4, 28),
            ("pr", "", "Arm A", 5, 30),
            ("pr", "", "Arm B", 3, 28),
            ("nausea", "any", "Arm A", 15, 30),
            ("nausea", "any", "Arm B", 11, 28),
            ("nausea", "ge3", "Arm A", 2, 30),
            ("nausea", "ge3", "Arm B", 0, 28),
            ("anemia", "4", "Arm A", 3, 29),
            ("fn", "ge3", "Arm A", 11, 30),
            ("death", "", "Arm A", 10, 30),
            ("death", "", "Arm B", 8, 28),
            ("sepsis", "", "Arm A", 2, 30),
            ("sepsis", "", "Arm B", 0, 28),
            ("vomiting", "", "Arm A", 18, 30),
            ("vomiting", "", "Arm B", 12, 28),
            ("rash", "ge3", "Arm A", 1, 30),
        ]
    )


def test_what_is_no_number_of_participants_is_listed_and_never_lost(found: Draft):
    listed = {
        each.quantity.as_printed: each.standing for each in (*found.statements, *found.unmatched)
    }
    assert set(listed) >= {"0.3", "7", "14 (9 to 20)", "12 (40)"}


def test_serious_events_are_said_to_be_a_part_of_all(found: Draft):
    serious = [each for each in found.proposals if each.where.startswith("Serious")]
    assert serious
    assert all("serious events alone" in each.reason for each in serious)

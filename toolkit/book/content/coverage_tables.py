"""A coverage card as results.json holds it, and as tables of a page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from toolkit.book.content.results import Results
from toolkit.calibration.card import AIMS, WORST_TAU, CoverageCard
from toolkit.calibration.simulation import Law
from toolkit.html import listed, literal, stacked, table

LAW_WORDS: dict[Law, str] = {"logit-normal": "normal logits", "beta-binomial": "beta law"}
"""Laws of the centres' proportions, as the head of a column."""


def card_document(card: CoverageCard) -> dict[str, Any]:
    """Return a card as results.json holds it."""
    told = asdict(card)
    told["scenarios"] = [each["truth"] | {"shares": each["shares"]} for each in told["scenarios"]]
    return told


def coverage_tables(results: Results, path: str) -> str:
    """Return a card of results.json as what was simulated, and a table for each aim."""
    card, span = results.value(path), results.span
    scenarios = [f"{path}.scenarios.{place}" for place in range(len(card["scenarios"]))]
    sizes = listed([span(f"{path}.total.{place}") for place in range(len(card["total"]))])
    spreads = "with the estimated spread between centres tau"
    if len({each["tau"] for each in card["scenarios"]}) > 1:
        spreads += f", and with the upper end of its interval (at most {WORST_TAU:g})"
    told = (
        f"<p>{span(f'{path}.replicates')} tables of series with {sizes} patients were simulated "
        f"for each column, typical centre {span(f'{path}.typical')}: {spreads}. Beside normal "
        "logits of the centres stands a beta law with the same average and the same variance "
        "between centres; its typical centre is its median. An interval should hold what it aims "
        f"at in {span(f'{path}.level')} of the tables. ± is the standard error of the simulation "
        "in percentage points. For a new centre it is the mean probability, over the tables, that "
        "a centre drawn next lies inside. <code>tk.coverage_card</code> simulates more.</p>\n\n"
    )
    widest = f"Mean width, tau {span(f'{scenarios[0]}.tau')}"
    heads = [
        f"{LAW_WORDS[each['law']].capitalize()}, tau {span(f'{place}.tau')}"
        for each, place in zip(card["scenarios"], scenarios, strict=True)
    ]
    tables = []
    for target, aim in AIMS.items():
        rows = [
            (
                literal(share["method"]),
                *(_share(results, f"{place}.shares.{row}") for place in scenarios),
                f"{span(f'{scenarios[0]}.shares.{row}.width')}",
            )
            for row, share in enumerate(card["scenarios"][0]["shares"])
            if share["target"] == target
        ]
        caption = f"How often each interval holds the {aim}, for series of these sizes."
        tables.append(table(("Interval", *heads, widest), rows, caption=caption))
    return told + "\n".join(tables)


def with_error(results: Results, path: str) -> str:
    """Return a simulated share with its error below it, so that many stand side by side."""
    share, error = results.span(f"{path}.covered"), results.span(f"{path}.error")
    return stacked(share, f"± {error}")


def _share(results: Results, path: str) -> str:
    """Return a share with its error, and how many tables have no interval where some have none."""
    if results.value(f"{path}.refused") == 1:
        return "no interval"
    told = with_error(results, path)
    if results.value(f"{path}.refused"):
        told = stacked(told, f"none in {results.span(f'{path}.refused')}")
    return told

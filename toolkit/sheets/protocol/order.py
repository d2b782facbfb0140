"""The order of outcomes in review.toml: what contains what, what is taken as what, the ladders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from toolkit.review.order import Chain, Containment, Equivalence, Order
from toolkit.sheets.protocol.protocol import Protocol
from toolkit.sheets.schema.cells import unknown_word

FEWEST_RUNGS, MOST_RUNGS = 2, 4


def outcome_order(protocol: Protocol) -> Order:
    """Return the order of outcomes that a protocol declares."""
    return Order(
        contains=tuple(
            Containment(whole=whole, part=part)
            for whole, parts in protocol.contains.items()
            for part in parts
        ),
        same_as=tuple(
            Equivalence(outcome=outcome, taken_as=other)
            for outcome, other in protocol.same_as.items()
        ),
        chains=tuple(
            Chain(key=key, rungs=tuple(part.rungs)) for key, part in protocol.ladders.items()
        ),
    )


def order_mistakes(protocol: Protocol) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield every mistake of the order: where, and what is wrong in words."""
    known = tuple(protocol.outcomes)
    unknown = list(_unknown_words(protocol, known))
    yield from unknown
    if unknown:
        return
    order = outcome_order(protocol)
    for whole in protocol.contains:
        if whole in order.inside(whole):
            yield (
                ("contains", whole),
                (
                    f"{whole} contains, through other outcomes, itself.",
                    "Whoever has a part has the whole, so a circle would make them all the same.",
                    "Name under an outcome only those that are narrower; declare two outcomes "
                    "that are the same under [same_as].",
                ),
            )
    for outcome, other in protocol.same_as.items():
        if outcome == other or other in protocol.same_as:
            yield (
                ("same_as", outcome),
                (
                    f"{outcome} is taken as {other}, which is itself taken as another outcome.",
                    "",
                    "Name the outcome that both are taken as.",
                ),
            )
    for key in protocol.ladders:
        yield from ((("ladders", key, "rungs"), what) for what in _rung_mistakes(protocol, key))


def _unknown_words(
    protocol: Protocol, known: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield words of the order that are no outcomes."""
    for whole, parts in protocol.contains.items():
        for word in (whole, *parts):
            if word not in known:
                yield ("contains", whole), unknown_word("contains", word, known)
    for outcome, other in protocol.same_as.items():
        for word in (outcome, other):
            if word not in known:
                yield ("same_as", outcome), unknown_word("same_as", word, known)
    for key, part in protocol.ladders.items():
        for word in part.rungs:
            if word not in known:
                yield ("ladders", key, "rungs"), unknown_word("rungs", word, known)


def _rung_mistakes(protocol: Protocol, key: str) -> Iterator[tuple[str, ...]]:
    """Yield what one ladder gets wrong."""
    order, rungs = outcome_order(protocol), protocol.ladders[key].rungs
    if not FEWEST_RUNGS <= len(rungs) <= MOST_RUNGS:
        what = f"The ladder {key} has {len(rungs)} rungs, but it must have {FEWEST_RUNGS} to "
        yield f"{what}{MOST_RUNGS}.", "", "Name the outcomes from the outermost to the innermost."
    for outer, inner in pairwise(rungs):
        if inner not in order.inside(outer):
            yield (
                f"{inner} stands below {outer}, but [contains] does not say that it is a part "
                "of it.",
                "Each rung of a ladder is a part of the rung before it.",
                f'Add it: {outer} = ["{inner}", ...] under [contains], or change the rungs.',
            )
    for other, part in protocol.ladders.items():
        shared = sorted(set(rungs) & set(part.rungs))
        if other < key and shared:
            yield (
                f"{', '.join(shared)} stands on two ladders, {other} and {key}.",
                "",
                "An outcome is read on one ladder only.",
            )

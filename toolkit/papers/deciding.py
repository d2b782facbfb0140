"""What a number found may become: arithmetic decides between a proposal and a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from toolkit.papers.arithmetic import counts_of, fits
from toolkit.papers.characters import fold, plain
from toolkit.papers.columns import is_everybody
from toolkit.papers.document import PaperTable
from toolkit.papers.estimates import estimated, says_only_when
from toolkit.papers.found_number import FoundNumber, without_bare_grade
from toolkit.papers.phrases import unit_of
from toolkit.papers.proposal import Drafted, Standing
from toolkit.papers.quantity import Quantity
from toolkit.papers.table_rules import quantities
from toolkit.papers.vocabulary import Match, Vocabulary, says_only_how_many

_IN_TIME = re.compile(
    r"survival|incidence|probability|hazard|median|mean|kaplan|ratio|relapse|progression|at "
    r"[0-9]+ (?:month|year)"
)
RECORDED = {"any", "ge3", "4", "5"}
"""Grades that a sheet can hold."""

_SERIOUS = re.compile(r"\bserious\b", re.IGNORECASE)
_COUNTED = {"n/N (%)", "n/N", "n of N", "n (%)", "n, %", "% (n)", "n", "n (%) [interval]"}


def with_totals_of_text(found: Sequence[FoundNumber], cohort: frozenset[int]) -> list[FoundNumber]:
    """Return quantities of a table, those of a column without a total with the text's number.

    The number is taken where it is the only one that the text gives for everybody, and two thirds
    of the column's percentages are its shares; those that are not then differ from it.
    """
    if len(cohort) != 1:
        return list(found)
    number = next(iter(cohort))
    columns: dict[str, list[bool]] = {}
    for each in found:
        read = each.quantity
        if each.total is None and read.percent and read.events is not None and each.unit != "other":
            columns.setdefault(each.head.words, []).append(fits(read.events, number, read.percent))
    taken = {
        column
        for column, agree in columns.items()
        if len(agree) > 1 and 3 * sum(agree) >= 2 * len(agree)
    }
    return [
        replace(each, total=number, denominator="text")
        if each.total is None and each.head.words in taken and each.quantity.is_count
        else each
        for each in found
    ]


def of_table(table: PaperTable, cohort: frozenset[int]) -> list[FoundNumber]:
    """Return the quantities of a table with what its neighbors and the text say of them."""
    return with_units_of_neighbors(with_totals_of_text(list(quantities(table)), cohort))


def with_units_of_neighbors(found: Sequence[FoundNumber]) -> list[FoundNumber]:
    """Return quantities, a bare 0 beside counts with their percentages as one of them.

    A head that gives no unit is read by what stands in the same row or column: ``9 (27%)`` of 33.
    """
    counts = [
        each
        for each in found
        if each.quantity.rule == "n (%)"
        and each.total is not None
        and fits(each.quantity.events or 0, each.total, each.quantity.percent)
    ]
    places = {(kind, at) for each in counts if each.cell for kind, at in enumerate(each.cell)}
    return [
        replace(each, unit="n (%)")
        if each.unit == ""
        and each.quantity.rule == "n"
        and each.quantity.events == 0
        and each.cell is not None
        and places & set(enumerate(each.cell))
        else each
        for each in found
    ]


def decided(found: FoundNumber, words: Vocabulary) -> Drafted:
    """Return a quantity of a table with what it may become.

    Parameters
    ----------
    found : Found
        The quantity and what its place says.
    words : Vocabulary
        Names of the review's outcomes.
    """
    found = replace(found, quantity=_as_share(found))
    match, group = _meant(found, words)
    if not match.outcome and found.denominator != "section":
        group = found.head.group
    if match.outcome:
        match = _by_note(found, match, words)
    drafted = Drafted(
        standing="unmatched",
        quantity=found.quantity,
        events=found.quantity.events,
        total=found.total,
        outcome=match.outcome,
        grade="" if found.grade == "?" else found.grade,
        group=group,
        denominator=found.denominator,
        table=found.table.label,
        row=found.label,
        column=found.head.words,
        where=found.where,
        label=found.label,
        part_of=found.sections[-1] if found.sections else "",
        reason=match.reason,
        cell=found.cell,
    )
    if found.reason:
        return replace(drafted, outcome="", reason=found.reason)
    if match.outcome and words.terms[match.outcome].timed:
        return estimated(found, drafted)
    refusal = _refusal(found, drafted)
    if refusal:
        return replace(drafted, standing=refusal[0], reason=refusal[1])
    if not match.outcome:
        return drafted
    if match.graded and (found.grade == "?" or (found.grade and found.grade not in RECORDED)):
        why = "several grades are named" if found.grade == "?" else f"grade {found.grade}"
        return replace(drafted, standing="unmatched", reason=f"{why}: no sheet records it so")
    if not match.graded and drafted.grade:
        return replace(
            drafted,
            standing="unmatched",
            outcome="",
            reason="a grade is named, and the outcome has none",
        )
    serious = any(_SERIOUS.search(each) for each in (*found.sections, found.table.caption))
    remark = found.table.remark or ("serious events alone" if serious and match.graded else "")
    return replace(drafted, standing="proposal", reason=remark)


def _meant(found: FoundNumber, words: Vocabulary) -> tuple[Match, str]:
    """Return the outcome of row or column, and the group that the other one names."""
    label, sections = without_bare_grade(found.label), found.sections
    if sections and says_only_how_many(label):
        label, sections = sections[-1], sections[:-1]
    elif not sections and says_only_how_many(label):
        label = found.table.caption
    by_row = words.match(label, sections, found.table.caption)
    if found.part and (by_row.outcome or not found.head.group):
        return Match(reason="one cell prints several, and its row says which is which"), found.part
    if not found.head.group:
        return by_row, found.group
    by_column = words.match(found.head.group, sections, found.table.caption)
    if found.part:
        return by_column, found.part
    if by_column.outcome and not by_row.outcome:
        parts = dict.fromkeys((*sections, found.label))
        if words.terms[by_column.outcome].timed:
            parts = {each: None for each in parts if not says_only_when(each)}
        named = [each for each in parts if not is_everybody(each)]
        return by_column, ", ".join(named)
    if by_column.outcome and by_row.outcome:
        if by_column.outcome == by_row.outcome:
            return by_row, ""
        return Match(reason="row and column name different outcomes"), found.group
    return by_row, found.group


def _as_share(found: FoundNumber) -> Quantity:
    """Return ``50% (26 to 74)`` as a percentage with its interval; no estimate in time."""
    read = found.quantity
    around = fold(" ".join((found.label, found.head.words, *found.sections, found.table.caption)))
    if read.rule != "estimate [interval]" or not read.signed or _IN_TIME.search(around):
        return read
    printed = plain(read.as_printed).split("(")[0].split("[")[0]
    if "%" not in printed or not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]+)?", read.value):
        return read
    return replace(read, rule="%", percent=read.value, value="")


def _by_note(found: FoundNumber, match: Match, words: Vocabulary) -> Match:
    """Return the outcome that a note at the number names instead, where one does."""
    notes = " ".join(found.table.notes)
    for mark in found.marks:
        said = re.search(rf"(?:^|[\s.;]){re.escape(mark)}\s*([^.;*\u2020\u2021\u00a7]+)", notes)
        named = {key for _, _, key in words.named_in(fold(said[1]))} if said else set()
        if len(named) == 1 and match.outcome not in named:
            key = named.pop()
            return Match(outcome=key, graded=words.terms[key].graded)
        if len(named) > 1:
            return Match(reason=f"its note {mark} names several outcomes")
    return match


def _refusal(found: FoundNumber, drafted: Drafted) -> tuple[Standing, str] | None:
    """Return the standing and the reason of a quantity that is no plain count, or None."""
    read, unit = found.quantity, found.unit
    percent, total = read.percent, drafted.total
    if read.rule not in _COUNTED and read.rule != "%":
        return "statement", "no number of patients"
    agrees = bool(
        percent and total and read.events is not None and fits(read.events, total, percent)
    )
    plainly = read.rule in {"n/N (%)", "n/N", "n of N"} or (
        agrees and (read.signed or read.rule == "n (%) [interval]")
    )
    if unit == "other" and read.rule == "%" and read.interval:
        return _share_alone(drafted)
    if unit == "other" and not plainly:
        return "statement", "its row or column speaks of something else than numbers of patients"
    if unit == "%" and not read.signed and read.rule in {"n", "n (%)", "n (%) [interval]"}:
        return "statement", "a percentage by its head, not a number of patients"
    if read.rule == "%":
        return _share_alone(drafted)
    if total is None:
        return "unmatched", "no number of patients is given for its column"
    assert read.events is not None
    if read.events > total:
        return "statement", f"{read.events} is more than {total}"
    if percent and not fits(read.events, total, percent):
        return "statement", f"{read.events} of {total} is not {percent} %"
    if (
        read.rule == "n"
        and unit not in {"n", "n (%)", "n/N"}
        and unit_of(drafted.label) not in {"n", "n (%)"}
    ):
        return "unmatched", "no head says that this is a number of patients"
    return None


def _share_alone(drafted: Drafted) -> tuple[Standing, str] | None:
    """Return why a percentage alone stands for no count; None where it stands for one."""
    if drafted.total is None:
        return "statement", "a percentage, and of how many is not said"
    numbers = counts_of(drafted.quantity.percent, drafted.total)
    if len(numbers) != 1:
        return "statement", "a percentage that no single number of patients gives"
    return None


def as_derived(drafted: Drafted) -> Drafted:
    """Return a percentage alone with the one number of patients that it stands for."""
    if drafted.quantity.rule != "%" or drafted.standing == "statement" or drafted.total is None:
        return drafted
    numbers = counts_of(drafted.quantity.percent, drafted.total)
    return replace(drafted, events=numbers[0], basis="derived") if len(numbers) == 1 else drafted

"""The studies of a RevMan 5 file (.rm5): events among patients, arm by arm, outcome by outcome."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from toolkit.errors import Address, Problem, SheetError, ToolkitError
from toolkit.sheets.table.table import PassedOver, Table, TableColumn, TableRow

_MARK = b"COCHRANE_REVIEW"
_ARMS = (("EVENTS_1", "TOTAL_1", "GROUP_LABEL_1"), ("EVENTS_2", "TOTAL_2", "GROUP_LABEL_2"))
_COLUMNS = (
    ("label", "STUDY_ID"),
    ("events", "EVENTS"),
    ("total", "TOTAL"),
    ("group", "GROUP"),
)


def is_revman(content: bytes) -> bool:
    """Return whether the bytes of a file are those of a RevMan 5 review."""
    return content.lstrip()[:1] == b"<" and _MARK in content[:4000]


def revman_table(file: str, content: bytes) -> Table:
    """Return the dichotomous outcomes of a RevMan 5 review, both arms of each study as groups.

    Raises
    ------
    ToolkitError
        If the file is damaged, or holds entities that no RevMan writes.
    SheetError
        For numbers that are no counts, and a review without dichotomous outcomes.
    """
    try:
        tree = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as failure:
        raise ToolkitError(f"{file} is damaged: open it in RevMan and save it again.") from failure
    names = {each.get("ID", ""): _name(each) for each in tree.iter("STUDY") if each.get("ID")}
    rows: list[TableRow] = []
    problems: list[Problem] = []
    for outcome in tree.iter("DICH_OUTCOME"):
        for found in _rows(file, outcome, names):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                rows.append(found)
    if problems:
        raise SheetError(problems)
    others = [
        PassedOver(address=Address(file=file), what=f"{_text(each)}: {kind}, no events.")
        for tag, kind in (
            ("CONT_OUTCOME", "means"),
            ("IV_OUTCOME", "effects with standard errors"),
            ("IPD_OUTCOME", "observed minus expected"),
            ("OTHER_OUTCOME", "other data"),
        )
        for each in tree.iter(tag)
    ]
    if not rows:
        raise SheetError(
            [
                Problem(
                    address=Address(file=file),
                    what="The review holds no events among patients.",
                    meaning=f"Its other outcomes: {len(others)}.",
                    remedy="Only dichotomous outcomes can be pooled as proportions.",
                )
            ]
        )
    return Table(
        file=file,
        form="RevMan 5 review",
        headings=("OUTCOME", "SUBGROUP", "GROUP"),
        columns=tuple(
            TableColumn(role=role, heading=heading, why="RevMan's own field")
            for role, heading in _COLUMNS
        ),
        rows=tuple(rows),
        passed_over=tuple(others),
        remarks=("Both arms of a study are groups of one study.",),
    )


def _name(study: Element) -> str:
    name, year = study.get("NAME", ""), study.get("YEAR", "")
    return name if not year or year in name else f"{name} {year}"


def _text(element: Element) -> str:
    found = element.find("NAME")
    return " ".join("".join(found.itertext()).split()) if found is not None else "an outcome"


def _rows(file: str, outcome: Element, names: dict[str, str]) -> Iterator[TableRow | Problem]:
    """Yield both arms of every study of an outcome, or what is wrong with them."""
    title = _text(outcome)
    subgroup_of = {
        id(data): _text(subgroup)
        for subgroup in outcome.iter("DICH_SUBGROUP")
        for data in subgroup.iter("DICH_DATA")
    }
    seen: set[tuple[str, str]] = set()
    for data in outcome.iter("DICH_DATA"):
        study = names.get(data.get("STUDY_ID", ""), data.get("STUDY_ID", "a study"))
        subgroup = subgroup_of.get(id(data), "")
        for number, (events, total, label) in enumerate(_ARMS, 1):
            arm = _label(outcome, label) or f"arm {number}"
            group = f"{arm}, {subgroup}" if subgroup else arm
            address = Address(file=file, column=f"{title}, {study}, {arm}")
            texts = data.get(events, ""), data.get(total, "")
            if not all(each.isascii() and each.isdigit() and len(each) < 9 for each in texts):
                yield _no_count(address, texts)
                continue
            x, n = int(texts[0]), int(texts[1])
            if (study, group) in seen or not 0 <= x <= n:
                yield _no_count(address, texts)
                continue
            seen.add((study, group))
            cells = (("OUTCOME", title), ("SUBGROUP", subgroup), ("GROUP", arm))
            yield TableRow(
                label=study,
                outcome=title,
                group=group,
                events_low=x if n else None,
                events_high=x if n else None,
                total=n or None,
                reported=n > 0,
                cells=cells,
                address=address,
            )


def _label(outcome: Element, name: str) -> str:
    found = outcome.find(name)
    if found is not None:
        return " ".join("".join(found.itertext()).split())
    return " ".join(outcome.get(name, "").split())


def _no_count(address: Address, texts: tuple[str, str]) -> Problem:
    return Problem(
        address=address,
        what=f'events is "{texts[0]}" and total is "{texts[1]}".',
        meaning="Events lie between 0 and the total, and a study stands once in an outcome.",
        remedy="Correct the study in RevMan and save the file again.",
    )

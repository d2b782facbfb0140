"""From the text of review.toml to a Protocol, with every mistake and its line where known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from toolkit.errors import Address, ChoiceError, Problem, ToolkitError
from toolkit.review.method import Method
from toolkit.sheets.folder import PROTOCOL
from toolkit.sheets.protocol.order import order_mistakes
from toolkit.sheets.protocol.protocol import MethodPart, OutcomePart, Part, Protocol, SetPart
from toolkit.sheets.schema.cells import SLUG, Words, not_a_slug, unknown_word
from toolkit.sheets.schema.series_rows import CountRow, GroupRow, PatientRow, SeriesRow

COUNT_COLUMNS = ("source", "denominator", "basis", "window", "time_years")
"""Columns of counts or estimates, beside facets and ``series``, by which a set may choose."""

_KINDS = {
    "string": "a text in quotation marks",
    "bool": "true or false",
    "list": "a list in square brackets",
    "dict": "a table",
    "model": "a table",
    "float": "a number",
    "int": "a whole number",
}
Path = tuple[str, ...]


def read_protocol(text: str) -> tuple[Protocol | None, list[Problem]]:
    """Return the protocol, or None, and every problem of review.toml by itself."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line ([0-9]+)", str(error))
        reason = re.sub(r" ?\(at .*\)", "", str(error))
        line = int(place[1]) if place else text.count("\n")
        return None, [
            Problem(
                address=Address(file=PROTOCOL, line=line),
                what=f"The file cannot be read: {reason[:1].lower()}{reason[1:]}.",
                remedy="Mend this line; texts stand in quotation marks, lists in square brackets.",
            )
        ]
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        what = "lists stand within lists without end" if deep else "a number has too many digits"
        return None, [
            Problem(
                address=Address(file=PROTOCOL),
                what=f"The file cannot be read: {what}.",
                remedy="Put the right file in its place.",
            )
        ]
    lines = key_lines(text)
    try:
        protocol = Protocol.model_validate(raw)
    except ValidationError as error:
        return None, [_shape_problem(raw, detail, lines) for detail in error.errors()]
    problems = [_at(lines, path, *told) for path, told in _mistakes(protocol)]
    return (None if problems else protocol), problems


def set_problems(protocol: Protocol, text: str, words: Words) -> list[Problem]:
    """Return what the analysis sets say of sources and series that the sheets do not know."""
    lines = key_lines(text)
    return [
        _at(lines, ("sets", key, "where", column), *unknown_word(f"{key}: {column}", word, choices))
        for key, each in protocol.sets.items()
        for column in ("source", "series")
        if (choices := words.get(column)) is not None
        for word in each.where.get(column, [])
        if word not in choices
    ]


def key_lines(text: str) -> dict[Path, int]:
    """Return the line of every key and table written on a line of its own."""
    lines: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$", line):
            table = _keys(header[1])
            lines.setdefault(table, number)
        elif entry := re.match(r"\s*([\w\"'.\- ]+?)\s*=", line):
            lines.setdefault((*table, *_keys(entry[1])), number)
    return lines


def _keys(dotted: str) -> Path:
    """Return the parts of a dotted key."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _at(
    lines: Mapping[Path, int], path: Path, what: str, meaning: str = "", remedy: str = ""
) -> Problem:
    """Return a problem at the line of a key, or of the nearest table around it."""
    around = (path[:length] for length in range(len(path), 0, -1))
    line = next((lines[part] for part in around if part in lines), 0)
    address = Address(file=PROTOCOL, line=line, column=".".join(path))
    return Problem(address=address, what=what, meaning=meaning, remedy=remedy)


def _shape_problem(
    raw: Mapping[str, Any], detail: ErrorDetails, lines: Mapping[Path, int]
) -> Problem:
    """Return one mistake in the shape of the file in plain words."""
    path = tuple(str(part) for part in detail["loc"])
    kind, name = detail["type"], next(part for part in reversed(path) if not part.isdigit())
    if kind == "missing":
        return _at(lines, path, f"{name} is missing.", remedy=f"Write a line {name} = ... here.")
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        return _at(
            lines,
            path,
            f"{name} is not a key that is known here.",
            f'Did you mean "{near[0]}"?' if near else "",
            f"Keys known: {', '.join(known)}.",
        )
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        return _at(lines, path, *unknown_word(name, str(detail["input"]), tuple(choices)))
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        limits = {"ge": "at least", "le": "at most", "gt": "above", "lt": "below"}
        limit = next(f"{limits[key]} {value:g}" for key, value in detail["ctx"].items())
        return _at(lines, path, f"{name} is {detail['input']}, but it must be {limit}.")
    if kind == "finite_number":
        return _at(lines, path, f"{name} is {detail['input']}, but it must be a number.")
    if kind == "string_too_short":
        where = path[-2] if name != path[-1] else name
        return _at(lines, path, f"An entry of {where} is empty.", remedy="Fill it in or remove it.")
    if kind == "too_long":
        what = f"There are more than {detail['ctx']['max_length']} {name}."
        return _at(lines, path, what, remedy="Split the review: no reader follows so many.")
    if kind == "too_short":
        return _at(lines, path, f"{name} is empty.", remedy=f"Declare at least one of {name}.")
    wanted = next((word for key, word in _KINDS.items() if kind.startswith(key)), detail["msg"])
    return _at(lines, path, f"{name} must be {wanted}.")


def _known_keys(path: Path) -> list[str]:
    """Return the keys of the table at a path."""
    part: type[Part] = Protocol
    for name in path:
        field = part.model_fields.get(name)
        if field is not None:
            inner = (field.annotation, *getattr(field.annotation, "__args__", ()))
            part = next(
                (each for each in inner if isinstance(each, type) and issubclass(each, Part)), part
            )
    return [field.alias or name for name, field in part.model_fields.items()]


def _mistakes(protocol: Protocol) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield every mistake of a well-formed protocol: where, and what is said."""
    yield from _key_mistakes(protocol)
    yield from order_mistakes(protocol)
    registered = protocol.declarations.registration
    if registered and not re.search(r"\d", registered):
        what = f'registration is "{registered}", in which there is no number.'
        remedy = "Write the register and its number; leave it empty if there is none."
        yield ("declarations", "registration"), (what, "", remedy)
    for key in protocol.leading_harms:
        if key not in protocol.outcomes:
            yield ("leading_harms",), unknown_word("leading_harms", key, tuple(protocol.outcomes))
        elif protocol.outcomes[key].direction != "harm":
            what = f'leading_harms names "{key}", whose direction is benefit.'
            yield ("leading_harms",), (what, "", "Name outcomes of which more is worse.")
    for key, method in protocol.methods.items():
        yield from ((("methods", key), told) for told in _method_mistakes(method))
    for key, outcome in protocol.outcomes.items():
        for name, told in _outcome_mistakes(protocol, key, outcome):
            yield ("outcomes", key, name), told
    for key, each in protocol.sets.items():
        for column, told in _set_mistakes(protocol, each):
            yield ("sets", key, "where", column), told
        for told in _extension_mistakes(protocol, key):
            yield ("sets", key, "extends"), told
        for item in each.judged_yes or []:
            if item not in (items := protocol.words()["item"]):
                yield ("sets", key, "judged_yes"), unknown_word("judged_yes", item, items)
        if key == protocol.primary_set and each.role in ("context", "beside"):
            what = f"{key} is the primary set, which answers the question: it is no context."
            yield ("sets", key, "role"), (what, "", 'Write "variant", or leave role out.')
    if protocol.primary_set not in protocol.sets:
        told = unknown_word("primary_set", protocol.primary_set, tuple(protocol.sets))
        yield ("primary_set",), told
    for word in protocol.subgroups.by:
        if word not in protocol.facets:
            yield ("subgroups", "by"), unknown_word("by", word, tuple(protocol.facets))


def _key_mistakes(protocol: Protocol) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield keys that are not plain, and names that a column already has."""
    declared: list[tuple[Path, Iterable[str]]] = [
        (("series_fields",), protocol.series_fields),
        (("facets",), protocol.facets),
        (("windows",), protocol.windows),
        (("methods",), protocol.methods),
        (("outcomes",), protocol.outcomes),
        (("sets",), protocol.sets),
        (("ladders",), protocol.ladders),
        *((("facets", key, "words"), facet.words) for key, facet in protocol.facets.items()),
    ]
    for path, keys in declared:
        for key in keys:
            if not SLUG.fullmatch(key):
                yield (*path, key), not_a_slug("The key", key)
    taken = {*GroupRow.model_fields, *PatientRow.model_fields, *CountRow.model_fields, "series"}
    for name, keys, columns in (
        ("facets", protocol.facets, taken),
        ("series_fields", protocol.series_fields, set(SeriesRow.model_fields)),
    ):
        for key in keys:
            if key in columns:
                what = f"{key} is already the name of a column."
                yield (name, key), (what, "", "Choose another key.")


def _method_mistakes(part: MethodPart) -> Iterator[tuple[str, ...]]:
    """Yield what a headline method gets wrong."""
    try:
        headline_method(part)
    except ChoiceError as error:
        yield unknown_word(error.name, str(error.value), error.choices)
    except ToolkitError as error:
        yield (str(error),)


def headline_method(part: MethodPart) -> Method:
    """Return the method that a part of the protocol names; raises ToolkitError."""
    given = part.model_dump(exclude_none=True, exclude={"estimand", "reading", "rung_prior"})
    return Method(**given)


def _outcome_mistakes(
    protocol: Protocol, key: str, outcome: OutcomePart
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what one outcome gets wrong, with the name of its entry."""
    words = protocol.words()
    others = tuple(other for other in protocol.outcomes if other != key)
    single = [("kind", outcome.kind, tuple(protocol.methods))]
    single += [("grade", outcome.grade, words["grade"])]
    single += [("components", part, others) for part in outcome.components]
    single += [("nearest", other, others) for other in outcome.nearest]
    single += [("wider", other, others) for other in outcome.wider]
    single += [("denominators", word, words["denominator"]) for word in outcome.denominators or []]
    columns = ("mrd", *protocol.facets)
    for column, word in outcome.patient_condition.items():
        if column in columns:
            choices = words["mrd" if column == "mrd" else f"facet {column}"]
            single.append(("patient_condition", word, choices))
        else:
            single.append(("patient_condition", column, columns))
    for name, word, choices in single:
        if word not in choices:
            what, meaning, remedy = unknown_word(name, word, choices)
            if name == "kind" and SLUG.fullmatch(word):
                remedy += (
                    f" A kind of its own needs its method: write [methods.{word}] with "
                    'model = "binomial-normal" below it.'
                )
            yield name, (what, meaning, remedy)
    if key in _reached(protocol, key):
        yield (
            "components",
            (
                f"{key} is, through its components, a part of itself.",
                "",
                "Name as components only outcomes that are narrower.",
            ),
        )


def _reached(protocol: Protocol, key: str) -> set[str]:
    """Return every outcome that is, directly or not, a component of one."""
    reached: set[str] = set()
    waiting = list(protocol.outcomes[key].components)
    while waiting:
        part = waiting.pop()
        if part not in reached and part in protocol.outcomes:
            reached.add(part)
            waiting.extend(protocol.outcomes[part].components)
    return reached


def _extension_mistakes(protocol: Protocol, key: str) -> Iterator[tuple[str, ...]]:
    """Yield what is wrong with the set that one set extends."""
    base = protocol.sets[key].extends
    others = tuple(other for other in protocol.sets if other != key)
    if base and base not in others:
        yield unknown_word("extends", base, others)
        return
    passed: set[str] = set()
    while base in protocol.sets and base not in passed:
        passed.add(base)
        base = protocol.sets[base].extends
    if key in passed:
        what = f"{key} extends, through other sets, itself."
        yield what, "", "Let it extend a set that stands by itself."


def _set_mistakes(protocol: Protocol, each: SetPart) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what one analysis set gets wrong, with the column concerned."""
    words = protocol.words()
    columns = (*protocol.facets, *COUNT_COLUMNS, "series")
    for column, kept in each.where.items():
        if column not in columns:
            yield column, unknown_word("column", column, columns)
            continue
        if not kept:
            yield column, (f"{column} keeps no word at all.", "", "Name the words that are kept.")
        if column == "time_years":
            yield from ((column, told) for told in _time_mistakes(kept))
            continue
        vocabulary = f"facet {column}" if column in protocol.facets else column
        choices = words.get(vocabulary)
        if choices is None or column == "source":
            continue
        for word in kept:
            if word not in choices and not (column == "window" and word == ""):
                yield column, unknown_word(column, word, choices)


def _time_mistakes(kept: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield words of an analysis set that are no times in years."""
    for word in kept:
        if not re.fullmatch(r"[1-9][0-9]*(?:\.[0-9]*[1-9])?|0\.[0-9]*[1-9]", word):
            what = f'time_years is "{word}", which is no time in years.'
            yield what, "", 'Write each time as a text, such as "5" or "2.5".'

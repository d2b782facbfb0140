"""A review as the parts of a manuscript: text and tables whose every number is a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit.book.content.answers import Answer, Answers
from toolkit.book.content.results import Quoted
from toolkit.book.pages.series import declared_fields
from toolkit.book.pages.summary import CERTAINTY
from toolkit.results.names import EVENTS, SIZE, STUDY, capital
from toolkit.review.method import INTERVAL_NAMES
from toolkit.review.protocol import Outcome
from toolkit.review.words import GRADES
from toolkit.sheets.schema.vocabularies import VOCABULARIES
from toolkit.takeaway.pieces import Piece, marked, pieces, plain

TEMPLATES = Path(__file__).parent / "templates"

_ESTIMANDS = {"typical": "the median study", "average": "the mean across studies"}
_NOTHING = "\N{EN DASH}"
_CHARACTERISTICS = {
    "design": "Design",
    "countries": "Countries",
    "accrual": "Accrual",
    "patients_enrolled": "Patients",
}

Cell = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptText:
    """A paragraph, or a heading of some depth where `heading` is above 0."""

    heading: int
    parts: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuscriptTable:
    """A table: a heading and rows of cells."""

    name: str
    heading: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = ManuscriptText | ManuscriptTable


def manuscript(answers: Answers, templates: Path = TEMPLATES) -> tuple[Block, ...]:
    """Return the blocks of the manuscript of a review.

    Parameters
    ----------
    answers : Answers
        What the review says.
    templates : Path
        Folder of ``manuscript.jinja``.

    Raises
    ------
    ToolkitError
        For a number that the template holds by hand.
    """
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=False,
        finalize=marked,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentence"] = capital
    text = environment.get_template("manuscript.jinja").render(_records(answers))
    grids = {each.name: each for each in _grids(answers)}
    blocks: list[Block] = []
    for part in text.split("\n\n"):
        words = part.strip()
        if words.startswith("@"):
            blocks.append(grids[words.removeprefix("@")])
        elif words:
            depth = len(words) - len(words.lstrip("#"))
            found = pieces(words[depth:])
            if found:
                blocks.append(ManuscriptText(heading=depth, parts=found))
    return tuple(blocks)


def pooled_answers(answers: Answers) -> list[Answer]:
    """Return what the primary set pools, in the protocol's order."""
    known = (answers.answer(each.key) for each in answers.outcomes)
    return [each for each in known if each is not None and each.pooled]


def _records(answers: Answers) -> dict[str, Any]:
    """Return what the template speaks of."""
    review, pooled = answers.review, pooled_answers(answers)
    known = [answers.answer(each.key) for each in answers.outcomes]
    methods: list[tuple[Answer, list[str]]] = []
    for each in pooled:
        same = [
            names
            for first, names in methods
            if first.pool.method == each.pool.method and first.pool.reading == each.pool.reading
        ]
        if same:
            same[0].append(outcome_name(each.outcome))
        else:
            methods.append((each, [outcome_name(each.outcome)]))
    return {
        "review": review,
        "results": answers.results.top,
        "fingerprint": review.fingerprint[:12],
        "main": review.analysis_set(review.primary_set),
        "methods": methods,
        "pooled": pooled,
        "single": [each for each in known if each is not None and each.pool.k == 1],
        "toxicity": _of_kind(answers, "toxicity"),
        "appraised": any(series.appraisal for series in review.series),
        "certainty": _certainty(answers),
        "estimands": _ESTIMANDS,
        "interval_words": INTERVAL_NAMES,
        "name": outcome_name,
        "kind_of": lambda each: "credible" if _credible(each) else "confidence",
        "plain": plain,
    }


def _credible(answer: Answer) -> bool:
    return answer.pool.method.interval == "credible"


def outcome_name(outcome: Outcome) -> str:
    """Return an outcome with its grade."""
    return f"{outcome.label}, {GRADES[outcome.grade]}" if outcome.grade else outcome.label


def _of_kind(answers: Answers, kind: str) -> list[Answer]:
    known = (answers.answer(each.key) for each in answers.outcomes if each.kind == kind)
    return [each for each in known if each is not None]


def _certainty(answers: Answers) -> dict[str, str]:
    judged = {
        each.outcome: each.judgement.replace("_", " ")
        for each in answers.review.judgements
        if each.domain == CERTAINTY
    }
    return {each.key: judged.get(each.key, "") for each in answers.outcomes}


def _cell(*parts: Quoted | str) -> Cell:
    """Return a cell of quotes, of the review's words and of marks between them."""
    made = []
    for each in parts:
        if isinstance(each, Quoted):
            made.append(Piece(text=str(each), path=each.path))
        else:
            made.append(Piece(text=each, said=any(letter.isalnum() for letter in each)))
    return tuple(made)


def _heading(*words: str) -> tuple[Cell, ...]:
    return tuple(_cell(each) for each in words)


def _grids(answers: Answers) -> list[ManuscriptTable]:
    """Return every table that a template may put in."""
    return [
        _characteristics(answers),
        _findings(answers),
        _toxicity(answers),
        _flow(answers),
        _appraisal(answers),
    ]


def _characteristics(answers: Answers) -> ManuscriptTable:
    """Return Table 1; a column that no study fills in is left out."""
    review = answers.review
    fields = {**_CHARACTERISTICS, **declared_fields(review)}
    used = {key: name for key, name in fields.items() if any(s.field(key) for s in review.series)}
    return ManuscriptTable(
        name="characteristics",
        heading=_heading(capital(STUDY), *used.values()),
        rows=tuple(
            tuple(_cell(words or _NOTHING) for words in (s.label, *(s.field(key) for key in used)))
            for s in review.series
        ),
    )


def _findings(answers: Answers) -> ManuscriptTable:
    """Return the summary of findings, single studies among them and marked so."""
    certainty = _certainty(answers)
    rows = []
    for outcome in answers.outcomes:
        answer = answers.answer(outcome.key)
        if answer is None:
            continue
        ahead = answer.at["prediction"]
        predicted = answer.pooled and answer.pool.prediction.defined
        rows.append(
            (
                _cell(outcome_name(outcome)),
                _cell(answer.at["k"], " (", answer.at["total"], ")"),
                _estimate(answer),
                _cell(ahead["low"], "\N{EN DASH}", ahead["high"]) if predicted else _cell(_NOTHING),
                _cell(certainty[outcome.key] or "not judged"),
            )
        )
    heads = ("Outcome", capital(SIZE), "Estimate (interval)", "Prediction, %", "Certainty (GRADE)")
    return ManuscriptTable(name="findings", heading=_heading(*heads), rows=tuple(rows))


def _estimate(answer: Answer) -> Cell:
    """Return the leading estimate, or the only study's own; what is not pooled is said."""
    if answer.pooled:
        return _with_limits(answer.leading)
    if answer.pool.k == 1:
        row = answer.at["rows"][0]
        if row["estimate"].value is None:
            return _cell("single study: ", row["low"], "\N{EN DASH}", row["high"], "%")
        return (*_cell("single study: "), *_with_limits(row))
    return _cell("not pooled")


def _with_limits(at: Quoted) -> Cell:
    if at["low"].value is None:
        return _cell(at["estimate"])
    return _cell(at["estimate"], " (", at["low"], "\N{EN DASH}", at["high"], ")")


def _toxicity(answers: Answers) -> ManuscriptTable:
    """Return the harms, each study in a line of its own."""
    rows = []
    for answer in _of_kind(answers, "toxicity"):
        for place, row in enumerate(answer.pool.rows):
            at = answer.at["rows"][place]
            if row.events is not None:
                counts = _cell(at["events"], "/", at["total"])
            elif row.counted:
                counts = _cell(at["events_low"], "\N{EN DASH}", at["events_high"], "/", at["total"])
            else:
                counts = _cell(at["total"])
            share = _cell(_NOTHING) if row.estimate is None else _with_limits(at)
            rows.append((_cell(outcome_name(answer.outcome)), _cell(row.label), counts, share))
    heads = ("Event", capital(STUDY), capital(EVENTS), "Estimate (interval)")
    return ManuscriptTable(name="toxicity", heading=_heading(*heads), rows=tuple(rows))


def _flow(answers: Answers) -> ManuscriptTable:
    rows = tuple(
        (
            _cell(box.label),
            _cell("still to be done" if box.number is None else str(box.number)),
            _cell(box.note or _NOTHING),
        )
        for box in answers.review.flow
    )
    return ManuscriptTable(name="flow", heading=_heading("Box", "Number", "Note"), rows=rows)


def _appraisal(answers: Answers) -> ManuscriptTable:
    """Return the items of the JBI checklist for case series, a column for each study."""
    series: Sequence[Any] = [each for each in answers.review.series if each.appraisal]
    judged = {(s.key, item.item): item.judgement for s in series for item in s.appraisal}
    rows = tuple(
        (
            _cell(f"{item}. {meaning}"),
            *(_cell(judged.get((s.key, item), _NOTHING).replace("_", " ")) for s in series),
        )
        for item, meaning in VOCABULARIES["item"].items()
    )
    heads = ("Item", *(s.label for s in series))
    return ManuscriptTable(name="appraisal", heading=_heading(*heads), rows=rows)

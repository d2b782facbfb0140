"""What one paper says against itself, drafted from the paper alone: no sheets are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.audit.finding import Finding
from toolkit.audit.rules.registry import findings_of_series
from toolkit.errors import Address
from toolkit.papers.characters import fold
from toolkit.papers.columns import laid
from toolkit.papers.document import Document
from toolkit.papers.drafting import cohort_sizes
from toolkit.papers.own_words import with_own_words
from toolkit.papers.readers.recognize import read_paper
from toolkit.papers.stated import Stated, slug, stated
from toolkit.papers.table_rules import is_list_of_patients
from toolkit.papers.vocabulary import Vocabulary
from toolkit.sheets.records import Line, SeriesSheets
from toolkit.sheets.schema.series_rows import GroupRow, PatientRow
from toolkit.sheets.schema.statement_rows import StatementRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """The audit of one paper.

    Attributes
    ----------
    file : str
        Name of its file.
    document : Document
        The paper as it was read.
    statements : tuple of Stated
        What was drafted from it.
    findings : tuple of Finding
        First what differs, then remarks.
    """

    file: str
    document: Document
    statements: tuple[Stated, ...]
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain lists, numbers and words."""
        return {
            "file": self.file,
            "sha256": self.document.sha256,
            "form": self.document.form,
            "statements": [each.cells() for each in self.statements],
            "findings": [each.to_dict() for each in self.findings],
        }


def audit_paper(path: str | Path, words: Vocabulary | None = None) -> Manuscript:
    """Return what a paper says against itself, before or after it is published.

    Parameters
    ----------
    path : str or Path
        The paper, in any form that a draft is made from.
    words : Vocabulary or None
        Names of a review's outcomes, so that a text and a table that call one thing differently are
        held together; without them the paper's own labels serve.

    Raises
    ------
    PaperError
        In one sentence, if the file cannot be read as a paper.
    """
    document = read_paper(path)
    known = with_own_words(document, words)
    statements = stated(document, known)
    sheets = _sheets(Path(path), document, statements, known)
    labels = {key: key.replace("_", " ") for key in known.terms}
    found = findings_of_series(sheets, labels)
    ordered = sorted(found, key=lambda each: (each.level != "differs", each.check))
    return Manuscript(
        file=Path(path).name, document=document, statements=statements, findings=tuple(ordered)
    )


def in_words(audit: Manuscript) -> str:
    """Return the audit of a paper as it is read in a terminal."""
    differs = sum(each.level == "differs" for each in audit.findings)
    remarks = len(audit.findings) - differs
    counts = (
        f"{len(audit.statements)} statements were drafted from {len(audit.document.tables)} "
        f"tables and "
        f"{len(audit.document.sentences)} sentences."
    )
    lines = [f"{audit.file} ({audit.document.form}): {counts}"]
    lines.append(
        f"{differs} of them differ, {remarks} remarks."
        if audit.findings
        else "Nothing in them differs."
    )
    for finding in audit.findings:
        lines += ["", f"{finding.check} {finding.level}: {finding.what}"]
        lines += [f"    {place.where}: {place.as_printed}".rstrip(": ") for place in finding.places]
    lines += [
        "",
        "Rules read the paper, no person has: look at each place before anything is concluded.",
    ]
    return "\n".join(lines)


def _sheets(
    path: Path, document: Document, statements: Sequence[Stated], words: Vocabulary
) -> SeriesSheets:
    """Return what was drafted as the sheets of one series."""
    key = slug(path.stem) or "paper"
    cohort = cohort_sizes(document)
    size = next(iter(cohort)) if len(cohort) == 1 else None
    group = GroupRow.model_construct(
        key="all", label="All", patients=size, parent="", where="text", note=""
    )
    rows = [StatementRow.model_construct(None, **_cells(each)) for each in statements]
    patients, columns = _patients(path.name, document, words)
    return SeriesSheets(
        key=key,
        about=None,
        groups=(_line(path.name, 1, group, {}),),
        counts=(),
        estimates=(),
        patients=tuple(patients),
        patient_columns=columns,
        appraisal=(),
        statements=tuple(_line(path.name, at, row, {}) for at, row in enumerate(rows, start=1)),
        decisions=(),
        reporting=(),
        reconciled=(),
    )


def _cells(each: Stated) -> dict[str, Any]:
    """Return a drafted statement as the values of its row."""
    return {**each.cells(), "total": each.total}


def _line(file: str, number: int, row: Any, cells: Mapping[str, str]) -> Line[Any]:
    """Return a drafted row as one of a sheet; its address is the paper itself."""
    places = {name: Address(file=file, line=number, column=name) for name in type(row).model_fields}
    return Line(row=row, places=places, cells=cells, unread={})


def _patients(
    file: str, document: Document, words: Vocabulary
) -> tuple[list[Line[PatientRow]], tuple[str, ...]]:
    """Return the rows of the first table that lists patients one by one."""
    for table in document.tables:
        shape = laid(table)
        if not is_list_of_patients(shape):
            continue
        heads = [fold(" ".join(head.path)) for head in shape.heads]
        response = next(
            (at for at, head in enumerate(heads) if head in {"response", "best response"}), None
        )
        found = []
        for number, row in enumerate(shape.body, start=1):
            texts = [each.text for each in row]
            kinds = words.match(texts[response]) if response is not None else None
            others = [text for at, text in enumerate(texts) if at and at != response]
            cells = {
                "patient": texts[0],
                "response": kinds.outcome if kinds else "",
                "features": "; ".join(
                    text for text in others if any(sign.isupper() for sign in text)
                ),
            }
            made = PatientRow.model_construct(
                None,
                **dict[str, Any](cells),
                mrd="",
                where=f"{table.label}, patient {texts[0]}",
                note="",
            )
            found.append(_line(file, number, made, cells))
        return found, tuple(PatientRow.model_fields)
    return [], ()

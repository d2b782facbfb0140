"""What the head of a table says of each column, and each label of its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.papers.characters import fold, plain, tidy
from toolkit.papers.document import EMPTY, PaperTable, Row
from toolkit.papers.phrases import (
    Unit,
    are_grades,
    grade_of,
    patients_of,
    unit_of,
    without_grade,
    without_patients,
    without_unit,
)
from toolkit.papers.quantity import is_missing, read_cell

_WHOLE_GROUP = re.compile(
    r"(?:(?:all|total|overall|whole|entire|any|treated|evaluable|enrolled|safety|population|cohort|set|study|full|"
    r"of|with|the|in|n|no|number|patient|participant|subject|children|case|value|result|finding|data|available|"
    r"outcome|event|adverse|toxicity|variable|characteristic|parameter|percent|percentage|response|frequency|"
    r"incidence|count|worst|maximum|max|highest|severity|ctce|ctcae|ctc|grade|term|treatment|"
    r"emergent|related|measure|all cause|any cause|regardless|causality|attribution) ?)*"
)
_SUBGROUP = re.compile(
    r"\b(?:age|aged|year|yr|male|female|boy|girl|sex|men|women|arm|cohort|group|phase|stratum|dose|risk|"
    r"patient|subject|children|adolescent|adult|wild|relapsed|refractory|naive|de novo|"
    r"if|among|line|part|study|responder)"
)
_CHILDREN = re.compile(r"\b(?:children|pediatric patients|paediatric patients)\b", re.IGNORECASE)
_OF_ANY_CAUSE = re.compile(
    r"\b(?:all|any)[- ]caus\w+|\bregardless of\b|\bemergent\b", re.IGNORECASE
)
_RELATED = re.compile(r"\b(?:treatment|drug|therapy|study[- ]drug)[- ]?related\b", re.IGNORECASE)
_PER_ROW = re.compile(
    r"^(?:n|no|patient|patient n|patient no|number of patient|no of patient|n of patient|total|"
    r"total n|n total|"
    r"total patient|evaluable|n evaluable|evaluable patient|number|participant|subject|"
    r"number of (?!event|episode|cycle|death|dose|relapse|response|occurrence|infection|course|"
    r"transplant)[a-z]+|"
    r"sample size|patient evaluable)$"
)
_ROW_OF_TOTALS = re.compile(
    r"^(?:n|no|total|total n|number of (?:[a-z]+ )?(?:patient|participant|subject|children|child|"
    r"case|individual|adult|person)"
    r"(?: (?:evaluable|treated|analyzed|analysed|enrolled|assessed|evaluated|randomized|randomised|"
    r"included|available|at risk|for response|for toxicity)){0,2}|"
    r"no of (?:patient|participant|subject)|patient|participant|subject|all patient|total patient|"
    r"evaluable patient|patient evaluable(?: for [a-z ]+)?|sample size|total number(?: of "
    r"patient)?)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """One column of numbers.

    Attributes
    ----------
    path : tuple of str
        Its heads, outermost first, as printed.
    unit : str
        What its numbers are: n (%), n, %, other, or empty where the head does not say.
    grade : str
        Grade its head names.
    total : int or None
        Patients its head gives.
    group : str
        Whom it describes: the words of its head that are left; empty for everybody.
    """

    path: tuple[str, ...]
    unit: Unit = ""
    grade: str = ""
    total: int | None = None
    group: str = ""

    @property
    def words(self) -> str:
        """Its heads as a place."""
        return ", ".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A table with its head told from its body.

    Attributes
    ----------
    heads : tuple of Head
        One for each column; those of labels included.
    labels : int
        How many columns on the left hold labels.
    body : tuple of rows
        Rows below the head.
    """

    heads: tuple[ColumnHead, ...]
    labels: int
    body: tuple[Row, ...]


def laid(table: PaperTable) -> Laid:
    """Return a table with what its head says of each column."""
    header, body = _head_and_body(table)
    labels = _label_columns(body, header)
    width = table.width
    paths = [_path(header, column) for column in range(width)]
    graded = any(re.search(r"grade|ctc", text, re.IGNORECASE) for path in paths for text in path)
    graded = graded or bool(re.search(r"grade|ctc", table.caption, re.IGNORECASE))
    heads = tuple(_head(path, graded=graded) for path in paths)
    return Laid(heads=_ages_apart(heads), labels=labels, body=tuple(_filled(body, labels)))


def _filled(body: Sequence[Row], labels: int) -> Iterator[Row]:
    """Yield rows, an empty first label beside a second one filled with the label above it.

    Only where the first such row has its label: a page may print it in the middle of its rows or
    below them, and the label above would then be that of others.
    """
    first = next((row for row in body if labels > 1 and row[1].text), None)
    above = EMPTY
    for row in body:
        if first is not None and first[0].text and not row[0].text and row[1].text and above.text:
            row = (replace(above, repeated=True), *row[1:])
        if labels > 1:
            above = row[0] if row[1].text else EMPTY
        yield row


def _ages_apart(heads: tuple[ColumnHead, ...]) -> tuple[ColumnHead, ...]:
    """Return heads in which children are a group of their own where adults stand beside them."""
    if not any(re.search(r"\badults?\b", head.group, re.IGNORECASE) for head in heads):
        return heads
    return tuple(
        replace(head, group=child[0], unit="" if head.unit == "n" else head.unit)
        if not head.group and (child := _CHILDREN.search(" ".join(head.path)))
        else head
        for head in heads
    )


def _head_and_body(table: PaperTable) -> tuple[list[Row], list[Row]]:
    """Return the rows that head columns and the others.

    A file that marks no head has at least its first row there; rows without a label of their own
    and without numbers of patients go with the head as well.
    """
    header, body = list(table.header), list(table.body)
    if not header and body:
        header.append(body.pop(0))
        while len(body) > 1 and _heads_columns(body[0]) and not _is_section(body[0]):
            header.append(body.pop(0))
    while len(body) > 1 and (_continues_head(body[0]) or _names_grades(body[0], header)):
        header.append(body.pop(0))
    return header, body


def _heads_columns(row: Row) -> bool:
    """Tell whether a row without marks of its own is a second row of heads."""
    values = [each.text for each in row[1:] if each.text]
    if not values or row[0].text:
        return False
    return all(read_cell(text) is None and not is_missing(text) for text in values)


def _continues_head(row: Row) -> bool:
    """Tell whether the first row of the body still heads columns: units, grades, N = 38."""
    values = [each.text for each in row[1:] if each.text]
    own = fold(row[0].text) if not row[0].repeated else ""
    if not values or own not in {"", "n", "characteristic", "variable"}:
        return False
    said = [patients_of(text) or unit_of(text) or grade_of(text) for text in values]
    return all(said) and not any(read_cell(text) for text in values)


def _names_grades(row: Row, header: Sequence[Row]) -> bool:
    """Tell whether the first row of the body names grades in figures below a head of grades."""
    above = " ".join(each.text for each in header[-1]) if header else ""
    unlabeled = not row[0].text or row[0].repeated
    return unlabeled and are_grades([each.text for each in row[1:] if each.text], above)


def _is_section(row: Row) -> bool:
    """Tell whether a row is a label alone."""
    own = [each for each in row[1:] if each.text and not each.repeated]
    return bool(row and row[0].text) and not own


def _label_columns(body: Sequence[Row], header: Sequence[Row]) -> int:
    """Return how many columns on the left hold labels rather than numbers."""
    width = len(body[0]) if body else 0
    labels = 1
    for column in range(1, width):
        texts = [row[column].text for row in body if row[column].text and not row[column].repeated]
        texts = [text for text in texts if not is_missing(text)]
        head = fold(header[-1][column].text) if header else ""
        graded = head in {"grade", "ctcae grade", "ctc grade", "toxicity grade"}
        wordy = sum(read_cell(text) is None and not _is_number_like(text) for text in texts)
        if texts and (graded or wordy > 0.8 * len(texts)) and column < width - 1:
            labels = column + 1
        else:
            break
    return labels


def _is_number_like(text: str) -> bool:
    """Tell whether a cell holds mostly figures."""
    digits = sum(sign.isdigit() for sign in text)
    return digits * 2 >= len(text.replace(" ", ""))


def _path(header: Sequence[Row], column: int) -> tuple[str, ...]:
    """Return the heads of a column, each once."""
    texts = (tidy(row[column].text) for row in header)
    return tuple(dict.fromkeys(text for text in texts if text))


def _head(path: tuple[str, ...], *, graded: bool) -> ColumnHead:
    """Return what the heads of one column say."""
    unit: Unit = next((said for text in reversed(path) if (said := unit_of(text))), "")
    grades = [named for text in path if (named := grade_of(text, bare=graded))]
    grade = grades[-1] if len(set(grades)) == 1 else "?" if grades else ""
    total = next(
        (found for text in reversed(path) if (found := patients_of(text)) is not None), None
    )
    left = [subject for text in path if (subject := subject_of(text, graded=graded))]
    return ColumnHead(path=path, unit=unit, grade=grade, total=total, group=", ".join(left))


def subject_of(text: str, *, graded: bool = False) -> str:
    """Return what a head names once grade, unit and number of patients are taken off.

    Examples
    --------
    >>> subject_of("Arm A (N = 38), n (%)"), subject_of("Any grade, n (%)")
    ('Arm A', '')
    """
    if grade_of(text, bare=graded) and graded and not grade_of(text):
        return ""
    words = without_grade(without_unit(without_patients(text)))
    words = re.sub(r"[\s,;:\u2013\u2014-]+$|^[\s,;:\u2013\u2014-]+", "", without_unit(words))
    words = re.sub(r"\(\s*%?\s*\)|[(\[]\s*$", "", words).strip()
    return "" if is_everybody(words) else words


def is_everybody(words: str) -> bool:
    """Tell whether words name all patients rather than some."""
    spelled = re.sub(r"\b(?:TE|TR)?AEs?\b", "adverse event", words)
    return bool(_WHOLE_GROUP.fullmatch(fold(spelled)))


def is_subgroup(section: str) -> bool:
    """Tell whether a section of a table speaks of some of the patients."""
    return bool(_SUBGROUP.search(fold(section)))


def is_row_of_totals(label: str) -> bool:
    """Tell whether a row gives the number of patients of each column."""
    return bool(_ROW_OF_TOTALS.match(fold(without_unit(label)) or fold(label)))


def narrowed_to(head: ColumnHead, heads: Sequence[ColumnHead]) -> str:
    """Return which events alone a column counts where another counts more; empty for all.

    ``Serious`` events are some of all, and so are those related to treatment where a column beside
    them holds events of any cause.
    """
    words = head.words
    if re.search(r"\bserious\b", words, re.IGNORECASE):
        return "serious events"
    whole = any(_OF_ANY_CAUSE.search(each.words) for each in heads)
    return "events related to treatment" if whole and _RELATED.search(words) else ""


def gives_row_totals(head: ColumnHead) -> bool:
    """Tell whether a column gives the number of patients of each row."""
    if not head.path:
        return False
    words = head.path[-1]
    return any(_PER_ROW.match(fold(each)) for each in (words, without_unit(words)) if each)


def with_total(head: ColumnHead, total: int) -> ColumnHead:
    """Return a column with the number of patients that a row gives it."""
    return replace(head, total=total)


def says_percent(text: str) -> bool:
    """Tell whether a head is of percentages alone."""
    return (fold(plain(text)) in {"", "percent", "percentage", "per cent"} and "%" in text) or fold(
        text
    ) in {"percent", "percentage"}

"""What heads, labels and captions say beside their subject: grades, numbers of patients, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from toolkit.papers.characters import plain, tidy

Unit = Literal["n (%)", "% (n)", "n/N", "n", "%", "other", ""]

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_G = r"(?:CTC(?:AE)?[ -]?|toxicity )?(?:grades?|gr\.?|G)"
_D = r"(?:[1-5]|I{1,3}|IV|V)"
_GRADE_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "any",
            r"\b(?:any|all)[ -]*(?:CTC(?:AE)?[ -]?)?(?:grades?|gr\.)(?![\w-])|\b(?:grades?|"
            r"gr\.?) (?:any|all)\b|\bof any grade\b",
        ),
        ("ge", rf"\b{_G} ?(?:>=|\u2265) ?(?P<a>{_D})(?![\w.])"),
        ("ge", rf"(?<![\w.])(?:>=|\u2265) ?{_G} ?(?P<a>{_D})(?![\w.])"),
        ("gt", rf"\b{_G} ?> ?(?P<a>{_D})(?![\w.])"),
        ("gt", rf"(?<![\w.])> ?{_G} ?(?P<a>{_D})(?![\w.])"),
        (
            "ge",
            rf"\b{_G} ?(?P<a>{_D}) ?(?:or|and|/|,)? ?(?:higher|above|greater|more|worse|over|up)\b",
        ),
        ("ge", rf"\b{_G} ?(?P<a>{_D}) ?\+"),
        ("ge", rf"\b(?:at least|minimum) {_G} ?(?P<a>{_D})(?![\w.])"),
        ("le", rf"\b{_G} ?(?:<=|\u2264) ?(?P<a>{_D})(?![\w.])"),
        ("to", rf"\b{_G} ?(?P<a>{_D}) ?(?:-|/|to|and|or|&|,) ?(?:{_G} ?)?(?P<b>{_D})(?![\w.])"),
        ("is", rf"\b{_G} ?(?P<a>{_D})(?![\w.])"),
    )
)
_BARE_GRADES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("any", r"(?i:any|all)"),
        ("ge", r"(?:>=|\u2265) ?(?P<a>[1-5]|III|IV|V)"),
        ("to", rf"(?P<a>{_D}) ?[-/] ?(?P<b>{_D})"),
        ("is", rf"(?P<a>{_D})"),
    )
)
_N = re.compile(
    r"[\[(,;:]?\s*(?:\b(?:total|safety|evaluable|overall)?\s*[nN](?:o\.?)?\s*[=:]\s*|\b[nN] "
    r"(?==))(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"(?:\s*(?:patients?|pts\.?|participants?|subjects?|children))?\s*[)\]]?"
)
_N_VALUE = re.compile(r"[nN](?:o\.?)?\s*[=:]\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)")
_N_PATIENTS = re.compile(
    r"[(\[]\s*([0-9]{1,5})\s*(?:patients|pts\.?|participants|subjects|children|cases)\s*[)\]]",
    re.IGNORECASE,
)

_PEOPLE = r"(?:patients?|pts?\.?|participants?|subjects?|children|cases|individuals|persons|people)"
_NO = rf"(?:n|no\.?|nos\.?|number|num\.?|\u2116|#|frequency|count|{_PEOPLE})"
_OTHER = re.compile(
    r"(?:\b|(?<=\W))(?:median|means?|average|range|iqr|interquartile|(?<=[(\u00b1,/ ])sd|sem|"
    r"standard deviation|"
    r"quartiles?|95 ?%|"
    r"(?:95|90|99) ?% ?ci|(?<!-)cis?|confidence intervals?|hazard|odds|risk ratio|rr|hr|"
    r"shr|ahr|p[- ]?values?|p|months?|"
    r"days|years|weeks|hours|mg|mg/m2|dose(?! (?:level )?[0-9A-Z])|ug|score|rate per|time to|"
    r"duration|age,|weight|"
    r"number of (?:events|episodes|cycles)|no\.? of (?:events|episodes|cycles)|events? \(n\)|"
    r"episodes|survival|"
    r"cumulative incidence|probability|estimates?|auc|cmax|fold|ratio|x ?10|log|difference)\b",
    re.IGNORECASE,
)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]
    for unit, pattern in (
        ("n/N", r"\bn ?/ ?n\b(?! ?\()"),
        ("n (%)", rf"\b{_NO}\b[^()%]{{0,60}}[(\[,/;] ?(?:%|percent(?:age)?|per cent) ?[)\]]?"),
        (
            "n (%)",
            r"\bn ?/ ?n ?[(,] ?%|\bn \u00b1|n ?%|\bevents?/(?:patients|total|n)\b[^()]{0,20}\(%\)",
        ),
        ("% (n)", r"(?:%|\bpercent(?:age)?) ?[(\[] ?(?:n|no\.?|number|n/n)[^()]{0,30}[)\]]"),
        ("n (%)", r"[(\[] ?%(?: of (?:patients|total|n))? ?[)\]]"),
        ("%", r"%|\bpercent(?:age)?\b|\bproportion\b"),
        (
            "n",
            rf"^\W*{_NO}\W*$|\b(?:no\.?|number|n) of (?:[a-z]+ )?{_PEOPLE}\b|, ?(?:n|no\.?)$|"
            rf"\((?:n|no\.?|number)\)$|\b{_PEOPLE}, ?(?:n|no\.?)\b|\b{_PEOPLE}$",
        ),
    )
)


def grade_of(text: str, *, bare: bool = False) -> str:
    r"""Return the grade that words name: any, ge3, 4 or 5, or another in figures (``1-2``).

    Parameters
    ----------
    text : str
        Words of a head, a label or a caption.
    bare : bool
        Whether figures alone are meant as grades, as below a head that says so.

    Returns
    -------
    str
        Empty where no grade is named; ``?`` where several are.

    Examples
    --------
    >>> [grade_of(each) for each in ("Grade 3 or higher", "G3-4", "All grades", "Gr. 1/2")]
    ['ge3', 'ge3', 'any', '1-2']
    >>> grade_of("3/4"), grade_of("3/4", bare=True)
    ('', 'ge3')
    """
    words = plain(text)
    if bare:
        for kind, pattern in _BARE_GRADES:
            if found := pattern.fullmatch(words.strip(" ()")):
                return _graded(kind, found)
    grades = []
    for kind, pattern in _GRADE_PATTERNS:
        while found := pattern.search(words):
            grades.append(_graded(kind, found))
            words = words[: found.start()] + " | " + words[found.end() :]
    different = list(dict.fromkeys(grades))
    if len(different) > 1:
        return "?"
    return different[0] if different else ""


def are_grades(texts: Sequence[str], above: str) -> bool:
    """Tell whether cells are grades in figures below a head that speaks of grades.

    Examples
    --------
    >>> are_grades(("1", "2", "3-4"), "CTCAE grade, n (%)"), are_grades(("1", "2"), "Patients")
    (True, False)
    """
    named = [grade_of(text, bare=True) for text in texts]
    return len(texts) > 1 and all(named) and bool(re.search(r"grade|ctc", above, re.IGNORECASE))


def grade_spans(text: str) -> list[tuple[int, int]]:
    """Return where a plain text names grades, so that their figures are not taken for counts."""
    spans = []
    for _, pattern in _GRADE_PATTERNS:
        while found := pattern.search(text):
            spans.append(found.span())
            text = text[: found.start()] + "~" * len(found[0]) + text[found.end() :]
    return sorted(spans)


def _graded(kind: str, found: re.Match[str]) -> str:
    """Return the grade that one pattern found."""
    if kind == "any":
        return "any"
    low = _figure(found["a"])
    if kind == "gt":
        low, kind = str(int(low) + 1), "ge"
    if kind == "ge":
        return {"1": "any", "3": "ge3", "5": "5"}.get(low, f">={low}")
    if kind == "le":
        return f"<={low}"
    if kind == "is":
        return low
    high = _figure(found["b"])
    if low == "3" and high in {"4", "5"}:
        return "ge3"
    if low in {"0", "1"} and high in {"4", "5"}:
        return "any"
    return f"{low}-{high}"


def _figure(text: str) -> str:
    """Return a grade in Arabic figures."""
    return _ROMAN.get(text.lower(), text)


def without_grade(text: str) -> str:
    """Return words without the grade they name."""
    words = plain(text)
    for _, pattern in _GRADE_PATTERNS:
        words = pattern.sub(" ", words)
    return tidy(re.sub(r"^[\s,;:()-]+|[\s,;:(-]+$|\(\s*\)", " ", words))


def patients_of(text: str) -> int | None:
    """Return the number of patients that words give (``(n = 38)``); None where they give none.

    Examples
    --------
    >>> patients_of("Arm A (N=38)"), patients_of("Arm A"), patients_of("n (%)")
    (38, None, None)
    """
    words = plain(text)
    found = list(dict.fromkeys(_N_VALUE.findall(words) or _N_PATIENTS.findall(words)))
    return int(found[0].replace(",", "")) if len(found) == 1 else None


def without_patients(text: str) -> str:
    """Return words without the number of patients they give."""
    return tidy(re.sub(r"\(\s*\)|[\s,;:]+$", "", _N_PATIENTS.sub(" ", _N.sub(" ", plain(text)))))


def unit_of(text: str) -> Unit:
    """Return what the numbers under a head or beside a label are.

    Examples
    --------
    >>> [unit_of(each) for each in ("n (%)", "Median (range)", "No. of patients", "Any grade")]
    ['n (%)', 'other', 'n', '']
    """
    words = without_patients(text)
    if not words:
        return ""
    counted: Unit = ""
    # "at least 10% of patients" says who is listed, and is no unit.
    unnumbered = re.sub(r"(?<![(\[])[0-9.]+ ?%(?! ?CI)", " ", words)
    for unit, pattern in _UNITS:
        if pattern.search(unnumbered):
            counted = unit
            break
    if counted in {"n (%)", "% (n)", "n/N"} and not re.search(
        r"\b(?:median|mean|range|iqr|sd|survival|episodes)\b", words, re.IGNORECASE
    ):
        return counted
    if _OTHER.search(words):
        return "other"
    return counted


def without_unit(text: str) -> str:
    """Return a label without the unit at its end.

    Examples
    --------
    >>> without_unit("Response to treatment, n (%)"), without_unit("Deaths, No. (%)")
    ('Response to treatment', 'Deaths')
    """
    words = re.sub(
        r"[\s,;]*[(\[]?\s*(?:9[059]\s*%\s*)?\b(?:CI|confidence interval)s?\s*[)\]]?\s*$",
        "",
        tidy(text),
        flags=re.IGNORECASE,
    )
    tail = (
        rf"[\s,;:\u2013\u2014-]*(?:[(\[]\s*)?(?:(?:{_NO})(?: of {_PEOPLE})?(?:\s+with\s+[a-z "
        rf"]+?)?)?\s*[,;]?\s*"
        r"[(\[/]?\s*(?:%|percent(?:age)?)\s*[)\]]?\s*$"
    )
    words = re.sub(tail, "", words, flags=re.IGNORECASE)
    words = re.sub(
        r"(?:,\s*|\s+[\u2013\u2014-]\s+|\s*[(\[])(?:n|no\.?|number|n/N)\s*[,]?\s*[)\]]?\s*$",
        "",
        words,
        flags=re.IGNORECASE,
    )
    words = re.sub(r"[\s,;]*\(?\s*(?:n/N|%)\s*\)?\s*$", "", words)
    return re.sub(r"[\s,;:\u2013\u2014-]+$", "", words)

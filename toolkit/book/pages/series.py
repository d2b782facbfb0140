"""The series of a review: how they were done, what they call a response, how they were found."""

from __future__ import annotations

from toolkit.analysis.overlap import unjudged_pairs
from toolkit.book.content.answers import Answers
from toolkit.book.content.plots import Plots
from toolkit.book.pages.series_figures import appraisal_figure, flow_figure, overlap_matrix
from toolkit.figures.appraisal import ITEMS
from toolkit.figures.page.numerals import counts, percent
from toolkit.html import link, literal, stacked, table, without_silent_columns
from toolkit.review.review import Report, Review
from toolkit.review.series import Series
from toolkit.sheets.schema.schema import VOCABULARIES

CORE_FIELDS = {
    "year": "Year",
    "countries": "Countries",
    "design": "Design",
    "accrual": "Accrual",
    "patients_enrolled": "Patients",
}
"""Fields that every series has and that tell the series apart."""

DEFINITIONS = ("definition", "criteria")
"""Fields whose key ends in one of these are told in the table of definitions."""

UNREAD = ("not_retrieved", "quoted")
"""Reports whose own text has not been read: they are what to extract next."""

ORDER = (*UNREAD, "included", "excluded", "background")
"""Reports in the order in which they are told: what is to be done comes first."""


def series_page(answers: Answers, plots: Plots, *, written: str = "") -> str:
    """Return the page as MyST; `written` are words by hand, put in below the heading."""
    review = answers.review
    blocks = [
        "# Series\n",
        written,
        f"Series recorded for this question: {answers.results.span('series.recorded')}. "
        "A dash means that what was read does not say.\n",
        f"({review.key}-series)=\n## Who was treated, and how\n",
        _characteristics(review),
        f"<p>Download this table: {link('series.csv', 'CSV')} {link('series.xlsx', 'XLSX')}</p>\n",
        "## Which series answers which question\n",
        _answered(answers),
        "## Definitions, side by side\n",
        _definitions(review),
        "## Critical appraisal\n",
        appraisal_figure(review, plots),
        _appraisal(review),
        "## How the series were found\n",
        flow_figure(review, plots),
        _flow(review),
        f"({review.key}-next)=\n## Reports, and what to extract next\n",
        _reports(review),
        "## Series that may share patients\n",
        overlap_matrix(review),
        _overlap(review),
    ]
    return "\n".join(block for block in blocks if block)


def series_cells(review: Review) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the heading and the rows of the table of series as text, definitions included."""
    fields = {
        "citation": "Citation",
        "doi": "DOI",
        **CORE_FIELDS,
        "report_read": "Own report",
        "extracted_by": "Extracted by",
        "checked_by": "Checked by",
        **declared_fields(review),
        "toxicity_criteria": "Toxicity criteria",
        "followup": "Follow-up",
    }
    rows = [(each.label, *(each.field(key) for key in fields)) for each in review.series]
    return ("Series", *fields.values()), rows


def declared_fields(review: Review) -> dict[str, str]:
    """Return the fields of a series that the protocol declares, with their labels."""
    return {word.key: word.label for word in review.series_fields}


def _characteristics(review: Review) -> str:
    """Return how each series was gathered and read, and then whom it treated."""
    gathered, treated = [], []
    declared = {
        key: label for key, label in declared_fields(review).items() if not _is_definition(key)
    }
    for series in review.series:
        read = VOCABULARIES["report_read"].get(series.report_read, "")
        gathered.append(
            (
                _reference(series),
                *(_or_dash(series.field(key)) for key in CORE_FIELDS),
                f'<span title="{literal(read)}">{_or_dash(series.report_read)}</span>',
                "one person only" if series.single_extracted else "two people",
            )
        )
        treated.append(
            (
                literal(series.label),
                *(_or_dash(series.field(key)) for key in declared),
                _or_dash(series.followup),
            )
        )
    heading = ("Series", *map(literal, declared.values()), "Follow-up")
    return (
        table(("Series", *CORE_FIELDS.values(), "Own report", "Extracted by"), gathered)
        + "\n"
        + table(*without_silent_columns(heading, treated))
    )


def _reference(series: Series) -> str:
    """Return the name of a series with its citation, linked to its report where it has a DOI."""
    label = f'<span title="{literal(series.citation)}">{literal(series.label)}</span>'
    doi = series.doi
    return link(f"https://doi.org/{literal(doi)}", label) if doi else label


def _answered(answers: Answers) -> str:
    """Return which number of each series enters each pool of the primary set."""
    pooled = {
        each.key: {row.series: row for row in answer.rows}
        for each in answers.outcomes
        if (answer := answers.headline(each.key)) is not None
    }
    shown = [each for each in answers.outcomes if each.key in pooled]
    rows = []
    for series in answers.review.series:
        cells = []
        for outcome in shown:
            row = pooled[outcome.key].get(series.key)
            if row is None:
                cells.append('<span class="st-absent">–</span>')
                continue
            count = f"{counts(row.events_low, row.events_high)}/{row.total}"
            if not row.counted and row.estimate is not None:
                count = f"{percent(row.estimate)} % of {row.total}"
            cells.append(count + ("*" if row.outcome not in ("", outcome.key) else ""))
        rows.append((literal(series.label), *cells))
    primary = answers.review.analysis_set(answers.review.primary_set)
    told = (
        f"Patients with the outcome / patients observed, as they enter the set "
        f"<em>{literal(primary.label)}</em>. {literal(primary.description)} "
        "A dash is not zero: the series is outside the set or does not report the outcome. "
        "A star: the nearest construct that the series reports stands in.\n"
    )
    return f"{told}\n" + table(("Series", *(literal(each.short) for each in shown)), rows)


def _is_definition(key: str) -> bool:
    return key.endswith(DEFINITIONS)


def _definitions(review: Review) -> str:
    """Return what each series calls a response and by which criteria it grades harm."""
    labels = {key: text for key, text in declared_fields(review).items() if _is_definition(key)}
    labels["toxicity_criteria"] = "Toxicity criteria"
    told = {key for key in labels for series in review.series if series.field(key)}
    labels = {key: text for key, text in labels.items() if key in told}
    if not labels:
        return "What was read defines neither response nor harm.\n"
    rows = (
        (literal(series.label), *(_or_dash(series.field(key)) for key in labels))
        for series in review.series
    )
    return table(("Series", *map(literal, labels.values())), rows)


def _appraisal(review: Review) -> str:
    """Return the ground of each judgement, folded, and what is not judged yet."""
    appraised = [series for series in review.series if series.appraisal]
    if not appraised:
        return "No series has been appraised yet.\n"
    grounds = [
        (
            f"{literal(series.label)}, {item.item}",
            literal(ITEMS[int(item.item) - 1]),
            literal(item.judgement.replace("_", " ")),
            literal(item.ground),
            _or_dash(item.where),
        )
        for series in appraised
        for item in series.appraisal
    ]
    return (
        "<details><summary>The ground of each judgement</summary>\n"
        f"{table(('Series, item', 'Item', 'Judgement', 'Ground', 'Where'), grounds)}</details>\n\n"
        + _not_appraised(review)
    )


def _not_appraised(review: Review) -> str:
    missing = [literal(series.label) for series in review.series if not series.appraisal]
    return f"Not appraised yet: {', '.join(missing)}.\n" if missing else ""


def _flow(review: Review) -> str:
    """Return the boxes of the PRISMA flow that have a number, and those still to be filled."""
    note = review.search_note
    told = f"<p>{literal(note)}</p>\n\n" if note else ""
    if not review.flow:
        return told + "The flow of records has not been written down yet.\n"
    filled = [
        (literal(box.label), str(box.number), _or_dash(box.note))
        for box in review.flow
        if box.number is not None
    ]
    missing = [literal(box.label.lower()) for box in review.flow if box.number is None]
    if filled:
        told += (
            "<details><summary>Each box with its note</summary>\n"
            + table(("PRISMA 2020 box", "Number", "Note"), filled)
            + "</details>\n"
        )
    if missing:
        told += f"\n<p>Still to be done: {'; '.join(missing)}.</p>\n"
    return told


def _reports(review: Review) -> str:
    """Return the reports by what became of them, those still to be read first."""
    blocks = []
    for status in ORDER:
        reports = [each for each in review.reports if each.status == status]
        if not reports:
            continue
        meaning = VOCABULARIES["report_status"].get(status, "")
        title = status.replace("_", " ").capitalize()
        entries = "<ul>\n" + "\n".join(map(_report, reports)) + "\n</ul>\n"
        if status not in UNREAD:
            count = f"{len(reports)} {'report' if len(reports) == 1 else 'reports'}"
            entries = f"<details><summary>{count}</summary>\n{entries}</details>\n"
        place = f'<span id="{review.key}-reports-{status}"></span>'
        blocks.append(f"### {title}\n\n{place}\n\n{meaning.capitalize()}.\n\n{entries}")
    return "\n".join(blocks) if blocks else "No report has been recorded yet.\n"


def _report(report: Report) -> str:
    """Return a report with why it stands where it does and what is to be done with it."""
    told = " ".join(literal(each) for each in (report.reason, report.next_step) if each)
    return f"<li>{stacked(literal(report.citation), told)}</li>"


def _overlap(review: Review) -> str:
    """Return the judged pairs of series, and those that ought to be judged."""
    waiting = "".join(
        f"<li>{literal(pair.first.label)} and {literal(pair.second.label)}: "
        f"{literal(' '.join(pair.evidence))}</li>\n"
        for pair in unjudged_pairs(review)
    )
    if waiting:
        waiting = f"\nNot judged yet, likeliest first:\n\n<ul>\n{waiting}</ul>\n"
    if not review.overlaps:
        return "No pair of series has been judged yet.\n" + waiting
    names = {series.key: series.label for series in review.series}
    rows = (
        (
            f"{literal(names.get(pair.first, pair.first))} and "
            f"{literal(names.get(pair.second, pair.second))}",
            f"{literal(pair.judgement)}: "
            f"{literal(VOCABULARIES['overlap_judgement'].get(pair.judgement, ''))}",
            literal(pair.evidence),
            _or_dash(pair.decided_by),
        )
        for pair in review.overlaps
    )
    return table(("Pair", "Judgement", "Evidence", "Decided by"), rows) + waiting


def _or_dash(text: str) -> str:
    """Return text of a sheet as HTML, a dash where the sheet says nothing."""
    return literal(text) if text else '<span class="st-absent">–</span>'

"""An invented paper written in each of the forms in which papers arrive."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from tests.papers.invented import InventedPaper, InventedTable, Printed

HARD = "\u2003"
MOST_LETTERS_ON_A_LINE = 24


def jats(paper: InventedPaper) -> bytes:
    """Return the paper as an article of PubMed Central."""
    number = 0
    parts = []
    for heading, blocks in paper.sections:
        inner = []
        for block in blocks:
            if isinstance(block, InventedTable):
                number += 1
                inner.append(_jats_table(block, number))
            else:
                inner.append(f"<p>{escape(block)}</p>")
        parts.append(f"<sec><title>{heading}</title>{''.join(inner)}</sec>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange '
        'DTD v1.2 20190208//EN" '
        '"JATS-archivearticle1.dtd">\n'
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" '
        'article-type="research-article"><front><article-meta>'
        f"<title-group><article-title>{escape(paper.title)}</article-title></title-group>"
        f"<abstract><p>{escape(paper.abstract)}</p></abstract></article-meta></front>"
        f"<body>{''.join(parts)}</body></article>"
    ).encode()


def _jats_table(table: InventedTable, number: int) -> str:
    notes = "".join(f"<fn><p>{escape(note)}</p></fn>" for note in table.notes)
    return (
        f'<table-wrap id="T{number}"><label>{table.label}</label><caption><title'
        f">{escape(table.caption)}</title></caption>"
        f"<table><thead>{_rows(table.head, 'th', xml=True)}</thead><tbody"
        f">{_rows(table.body, 'td', xml=True)}</tbody></table>"
        f"<table-wrap-foot>{notes}</table-wrap-foot></table-wrap>"
    )


def _rows(rows: list[list[Printed]], tag: str, *, xml: bool) -> str:
    written = []
    for row in rows:
        cells = []
        for each in row:
            spans = (f' colspan="{each.columns}"' if each.columns > 1 else "") + (
                f' rowspan="{each.rows}"' if each.rows > 1 else ""
            )
            mark = (
                f'<sup><xref ref-type="table-fn" rid="n">{each.mark}</xref></sup>'
                if xml
                else f"<sup>{each.mark}</sup>"
            )
            cells.append(
                f"<{tag}{spans}>{HARD * each.indent}{escape(each.text)}"
                f"{mark if each.mark else ''}</{tag}>"
            )
        written.append(f"<tr>{''.join(cells)}</tr>")
    return "".join(written)


def html(paper: InventedPaper) -> bytes:
    """Return the paper as a page of a journal."""
    parts = [f"<h1>{escape(paper.title)}</h1><h2>Abstract</h2><p>{escape(paper.abstract)}</p>"]
    for heading, blocks in paper.sections:
        parts.append(f"<h2>{heading}</h2>")
        for block in blocks:
            if isinstance(block, InventedTable):
                notes = "".join(f"<p>{escape(note)}</p>" for note in block.notes)
                parts.append(
                    f'<div class="table-wrap"><p '
                    f'class="caption"><b>{block.label}.</b> {escape(block.caption)}</p><table>'
                    f"<thead>{_rows(block.head, 'th', xml=False)}</thead><tbody"
                    f">{_rows(block.body, 'td', xml=False)}</tbody>"
                    f'</table><div class="notes">{notes}</div></div>'
                )
            else:
                parts.append(f"<p>{escape(block)}</p>")
    head = (
        "<meta charset='utf-8'><style>th{border-bottom:1px solid}</style>"
        "<script>document.title='no'</script>"
    )
    body = "".join(parts)
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def text(paper: InventedPaper) -> bytes:
    """Return the paper as text, rows of tables with tabs."""
    parts = [paper.title, "Abstract", paper.abstract]
    for heading, blocks in paper.sections:
        parts.append(heading)
        for block in blocks:
            if isinstance(block, InventedTable):
                parts += [f"{block.label}. {block.caption}", "\n".join(tabbed(block)), *block.notes]
            else:
                parts.append(block)
    return "\n\n".join(parts).encode()


def tabbed(table: InventedTable) -> list[str]:
    """Return the rows of a table as pasted: empty places follow a cell that spans."""
    taken: set[tuple[int, int]] = set()
    grid: list[list[str]] = []
    for at, row in enumerate([*table.head, *table.body]):
        cells: dict[int, str] = {}
        column = 0
        for each in row:
            while (at, column) in taken:
                column += 1
            cells[column] = f"{HARD * each.indent}{each.text}{each.mark}"
            for down in range(each.rows):
                for across in range(each.columns):
                    taken.add((at + down, column + across))
            column += each.columns
        width = max((c for r, c in taken if r == at), default=0) + 1
        grid.append([cells.get(c, "") for c in range(width)])
    return ["\t".join(row) for row in grid]


def tsv(paper: InventedPaper) -> list[bytes]:
    """Return each table pasted by itself."""
    return [
        "\n".join([f"{block.label}. {block.caption}", *tabbed(block)]).encode()
        for _, blocks in paper.sections
        for block in blocks
        if isinstance(block, InventedTable)
    ]


def pdf(paper: InventedPaper, *, boxes: bool) -> bytes:
    """Return the paper as a PDF, its tables in boxes or between three rules."""
    import matplotlib
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    folder = f"{matplotlib.get_data_path()}/fonts/ttf"
    pdfmetrics.registerFont(TTFont("Body", f"{folder}/DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont("Body-Bold", f"{folder}/DejaVuSans-Bold.ttf"))
    styles = getSampleStyleSheet()
    for style in ("Normal", "Heading1", "Heading2"):
        styles[style].fontName = "Body" if style == "Normal" else "Body-Bold"
    styles["Normal"].fontSize = 8
    flow: list[Any] = [
        Paragraph(escape(paper.title), styles["Heading1"]),
        Paragraph("Abstract", styles["Heading2"]),
    ]
    flow.append(Paragraph(escape(paper.abstract), styles["Normal"]))
    for heading, blocks in paper.sections:
        flow.append(Paragraph(heading, styles["Heading2"]))
        for block in blocks:
            if isinstance(block, InventedTable):
                flow += [
                    Spacer(1, 8),
                    Paragraph(f"<b>{block.label}.</b> {escape(block.caption)}", styles["Normal"]),
                    Spacer(1, 3),
                ]
                # A table between rules stands on one page; one in boxes may go on over the next.
                drawn = _pdf_table(block, boxes=boxes)
                flow[-2:] = [drawn_of(flow[-2:], drawn)] if not boxes else [*flow[-2:], drawn]
                flow += [Paragraph(escape(" ".join(block.notes)), styles["Normal"]), Spacer(1, 10)]
            else:
                flow.append(Paragraph(escape(block), styles["Normal"]))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(flow)
    return out.getvalue()


def drawn_of(above: list[Any], drawn: Any) -> Any:
    """Return a table with its caption, kept on one page."""
    from reportlab.platypus import KeepTogether

    return KeepTogether([*above, drawn])


def _pdf_table(table: InventedTable, *, boxes: bool) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Table

    rows = [*table.head, *table.body]
    taken: dict[tuple[int, int], str] = {}
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "Body", 7),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
    ]
    heads = len(table.head)
    for at, row in enumerate(rows):
        column = 0
        for each in row:
            while (column, at) in taken:
                column += 1
            for down in range(each.rows):
                for across in range(each.columns):
                    taken[column + across, at + down] = ""
            taken[column, at] = each.text + each.mark
            last = (column + each.columns - 1, at + each.rows - 1)
            if each.columns > 1 or each.rows > 1:
                style.append(("SPAN", (column, at), last))
            if each.indent:
                style.append(("LEFTPADDING", (column, at), (column, at), 6 + 6 * each.indent))
            if column and at < heads:
                style.append(("ALIGN", (column, at), last, "CENTER"))
                if each.columns > 1 and not boxes:
                    style.append(
                        (
                            "LINEBELOW",
                            (column, at),
                            last,
                            0.4,
                            colors.black,
                            "butt",
                            None,
                            None,
                            1,
                            1,
                        )
                    )
            column += each.columns
    width = max(column for column, _ in taken) + 1
    data = [[taken.get((column, at), "") for column in range(width)] for at in range(len(rows))]
    if boxes:
        style.append(("GRID", (0, 0), (-1, -1), 0.4, colors.black))
    else:
        style += [
            ("LINEABOVE", (0, 0), (-1, 0), 0.8, colors.black),
            ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 0.5, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 0.8, colors.black),
        ]
    return Table(data, style=style, repeatRows=0)

"""A manuscript as a Word file, and its tables in LaTeX."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from toolkit.book.content.citations import escaped
from toolkit.errors import ToolkitError
from toolkit.takeaway.manuscript import Block, Cell, Grid, Paragraph
from toolkit.takeaway.pieces import text_of

_WIDE = 6
_FONT = "Times New Roman"


def word_file(blocks: Sequence[Block]) -> bytes:
    """Return a manuscript as .docx, in the styles that a journal's editors know.

    Raises
    ------
    ToolkitError
        Where python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Pt
    except ModuleNotFoundError:
        raise ToolkitError(
            'a Word file needs python-docx: pip install "series-toolkit[manuscript]".'
        ) from None
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    for depth in (1, 2, 3):
        style = document.styles[f"Heading {depth}"]
        style.font.name, style.font.size = _FONT, Pt(17 - 2 * depth)
        style.font.color.rgb = None
    turned = False
    for at, block in enumerate(blocks):
        ahead = blocks[at + 1] if at + 1 < len(blocks) else None
        shown = ahead if isinstance(block, Paragraph) and block.heading == 3 else block
        wide = isinstance(shown, Grid) and len(shown.heading) > _WIDE
        if wide != turned:
            section = document.add_section()
            section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
            section.page_width, section.page_height = section.page_height, section.page_width
            turned = wide
        if isinstance(block, Grid):
            _add_table(document, block)
        elif block.heading:
            document.add_heading(text_of(block.parts), level=min(block.heading, 3))
        else:
            _add_runs(document.add_paragraph(), block.parts)
    properties = document.core_properties
    properties.author, properties.comments = "", ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, grid: Grid) -> None:
    """Add a table with a heading row that repeats on every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(grid.heading))
    table.style = "Light List"
    for cell, words in zip(table.rows[0].cells, grid.heading, strict=True):
        cell.text = text_of(words)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in grid.rows:
        for cell, parts in zip(table.add_row().cells, row, strict=True):
            _add_runs(cell.paragraphs[0], parts)
    size = Pt(8 if len(grid.heading) > _WIDE else 9)
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = size
    document.add_paragraph()


def _add_runs(paragraph: Any, parts: Cell) -> None:
    for part in parts:
        paragraph.add_run(part.text)


def latex_tables(blocks: Sequence[Block]) -> str:
    """Return the tables of a manuscript in LaTeX: booktabs and longtable, to be put in."""
    parts = ["% Tables; needs \\usepackage{booktabs,longtable}."]
    for block in blocks:
        if not isinstance(block, Grid):
            continue
        width = 0.9 / len(block.heading)
        columns = "{" + f"p{{{width:.2f}\\linewidth}}" * len(block.heading) + "}"
        lines = [_row(block.heading), "\\midrule\n\\endhead", *map(_row, block.rows)]
        body = "\n".join(lines)
        parts.append(
            f"% {block.name}\n\\begin{{longtable}}{columns}\n\\toprule\n{body}\n\\bottomrule\n"
            "\\end{longtable}"
        )
    return "\n\n".join(parts) + "\n"


def _row(cells: Sequence[Cell]) -> str:
    words = (escaped(text_of(cell)).replace("\N{EN DASH}", "--") for cell in cells)
    return " & ".join(words) + r" \\"

"""A manuscript as a Word file, and its tables in LaTeX."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from toolkit.book.content.citations import escaped
from toolkit.errors import ToolkitError
from toolkit.takeaway.manuscript import Block, Cell, ManuscriptTable, ManuscriptText
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
    except ModuleNotFoundError:
        raise ToolkitError(
            'a Word file needs python-docx: pip install "series-toolkit[manuscript]".'
        ) from None
    document = Document()
    _set_styles(document)
    turned = False
    for at, block in enumerate(blocks):
        ahead = blocks[at + 1] if at + 1 < len(blocks) else None
        shown = ahead if isinstance(block, ManuscriptText) and block.heading == 3 else block
        wide = isinstance(shown, ManuscriptTable) and len(shown.heading) > _WIDE
        if wide != turned:
            section = document.add_section()
            section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
            section.page_width, section.page_height = section.page_height, section.page_width
            turned = wide
        if isinstance(block, ManuscriptTable):
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


def _set_styles(document: Any) -> None:
    """Give text and headings one plain typeface, whatever theme is read with the file."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, points in (("Normal", 11), ("Heading 1", 15), ("Heading 2", 13), ("Heading 3", 11)):
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(points)
        style.font.color.rgb = RGBColor(0, 0, 0)
        letters = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            letters.attrib.pop(qn(f"w:{kind}"), None)
        letters.set(qn("w:hAnsi"), _FONT)


def _add_table(document: Any, grid: ManuscriptTable) -> None:
    """Add a table with three rules, a heading on every page, and rows that stay whole."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(grid.heading))
    rules = 'w:val="single" w:sz="8" w:color="000000"'
    spaces = nsdecls("w")
    table._tbl.tblPr.append(
        parse_xml(f"<w:tblBorders {spaces}><w:top {rules}/><w:bottom {rules}/></w:tblBorders>")
    )
    for cell, words in zip(table.rows[0].cells, grid.heading, strict=True):
        cell.paragraphs[0].add_run(text_of(words)).bold = True
        cell._tc.get_or_add_tcPr().append(
            parse_xml(f"<w:tcBorders {spaces}><w:bottom {rules}/></w:tcBorders>")
        )
    for row in grid.rows:
        for cell, parts in zip(table.add_row().cells, row, strict=True):
            _add_runs(cell.paragraphs[0], parts)
    size = Pt(7.5 if len(grid.heading) > _WIDE else 9)
    for line in table.rows:
        line._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {spaces}/>"))
        for cell in line.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
            for run in cell.paragraphs[0].runs:
                run.font.size = size
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {spaces}/>"))
    document.add_paragraph()


def _add_runs(paragraph: Any, parts: Cell) -> None:
    for part in parts:
        paragraph.add_run(part.text)


def latex_tables(blocks: Sequence[Block]) -> str:
    """Return the tables of a manuscript in LaTeX: booktabs and longtable, to be put in."""
    parts = ["% Tables; needs \\usepackage{booktabs,longtable}."]
    for block in blocks:
        if not isinstance(block, ManuscriptTable):
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

"""A small real book: the package's configuration and style with three pages of its own."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

FRONT = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"

PAGES = {
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n- file: counts\n- file: methods\n",
    "references.bib": "@book{someone, author={Some One}, title={A title}, year={1934},"
    " publisher={Somewhere}}\n",
    "index.md": "# First page\n\nSee {doc}`counts` and {cite}`someone`.\n\n"
    "| Series | x/n | % (95% CI) | Regimen | Definition | Note |\n"
    "| --- | ---: | ---: | --- | --- | --- |\n"
    "| a | 6/8 | 75 (35 to 97) | a long text | another long text | a third long text |\n",
    "counts.md": FRONT + "# Counts\n\n```{code-cell}\n:tags: [remove-input]\n"
    "from pathlib import Path\n\nprint('count', Path('data/count.txt').read_text())\n```\n",
    "methods.md": "# Methods\n\n$$\n\\operatorname{logit} p_i = \\mu + \\tau z_i\n$$ (model)\n\n"
    "Equation {eq}`model`.\n\n```{bibliography}\n```\n",
}


def make_book(root: Path) -> Path:
    """Return the source folder of a book in ``root``, beside a folder of data that it reads."""
    book = root / "book"
    book.mkdir(parents=True)
    for name, text in PAGES.items():
        (book / name).write_text(text, encoding="utf-8")
    (root / "data").mkdir()
    (root / "data" / "count.txt").write_text("41", encoding="utf-8")
    return book

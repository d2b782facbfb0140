"""Words that try to run as a program, in every cell of a review, looked at in a real browser.

A command: ``python tests/hostile/payloads.py [HOW MANY] [SEED] [FROM WHICH]``.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.append(str(Path(__file__).resolve().parents[1] / "book"))
from in_browser import names
from sheets_folder import make_review

from toolkit.book.build.build import build, from_sheets
from toolkit.load import read
from toolkit.reviewing.preview.page import page as preview_page
from toolkit.reviewing.preview.preview import preview_workbook
from toolkit.reviewing.workbooks import make_workbook

ENDS = ("", '">', "'>", "</title>", "</script>", "</textarea>", "]]>", "`", "$", "&lt;/a&gt;", "}}")
BODIES = (
    "<script>ran(#)</script>",
    "<img src=x onerror=ran(#)>",
    "<IMG/SRC=x/ONERROR=ran(#)>",
    "<svg onload=ran(#)>",
    "<svg><script>ran(#)</script></svg>",
    "<svg><a xlink:href=javascript:ran(#)><text>x</text></a></svg>",
    "<iframe srcdoc='<script>parent.ran(#)</script>'></iframe>",
    "<iframe src=javascript:parent.ran(#)></iframe>",
    "<details open ontoggle=ran(#)>x</details>",
    "<input autofocus onfocus=ran(#)>",
    "<video><source onerror=ran(#)></video>",
    "<body onload=ran(#)>",
    "<a href=javascript:ran(#)>x</a>",
    "[x](javascript:ran(#))",
    "![x](y&quot; onerror=&quot;ran(#))",
    "&lt;img src=x onerror=ran(#)&gt;",
    "&#60;img src=x onerror=ran(#)&#62;",
    "&amp;lt;script&amp;gt;ran(#)&amp;lt;/script&amp;gt;",
    "%3Cscript%3Eran(#)%3C/script%3E",
    "\\u003cscript\\u003eran(#)\\u003c/script\\u003e",
    "＜script＞ran(#)＜/script＞",
    "$\\href{javascript:ran(#)}{x}$",
    "$$\\unicode{x3cscript}ran(#)$$",
    "{raw}`<script>ran(#)</script>`",
    "```{raw} html <script>ran(#)</script> ```",
    "{{ constructor.constructor('ran(#)')() }}",
    "{% raw %}<script>ran(#)</script>{% endraw %}",
    "<style>*{background:url(javascript:ran(#))}</style>",
    "x onmouseover=ran(#) y",
)  # fmt: skip

# What stands in a page as a place to run from, whether it has run already or waits for a click.
LIVE = """() => [
  ...[...document.querySelectorAll('script')].filter(e => /\\bran\\(\\d/.test(e.textContent)
    && !e.type.includes('json') && !/searchindex|Search\\.setIndex/.test(e.textContent))
    .map(e => 'script: ' + e.textContent.slice(0, 80)),
  ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a =>
    (/^on/i.test(a.name) && /ran\\(\\d/.test(a.value)) ||
    (/^(href|src|xlink:href|action|formaction|data|srcdoc)$/i.test(a.name)
      && /^\\s*javascript:|<script/i.test(a.value)))
    .map(a => e.tagName + ' ' + a.name + '=' + a.value)),
]"""


def payloads(count: int, seed: int = 0) -> list[str]:
    """Return words that try to run, every way of writing once before any comes again."""
    every = [f"{end}{body}" for end, body in product(ENDS, BODIES)]
    random.Random(seed).shuffle(every)
    chosen = [every[number % len(every)] for number in range(count)]
    return [each.replace("#", str(number)) for number, each in enumerate(chosen)]


def live(page: Page, address: str) -> list[str]:
    """Return what ran, or could run, in a page or a picture that is opened by itself."""
    page.goto(address, wait_until="load")
    page.wait_for_timeout(150)
    ran = page.evaluate("() => (window.haveRun || []).map(String)")
    return [f"{address}: {each}" for each in (*ran, *page.evaluate(LIVE))]


def look(browser: Browser, html: Path, say: str = "onerror") -> Iterator[str]:
    """Yield everything alive in the pages, pictures and searches of a built book."""
    context = browser.new_context()
    context.add_init_script("window.haveRun = []; window.ran = n => { window.haveRun.push(n) }")
    page = context.new_page()
    for name in names(html):
        yield from live(page, (html / name).as_uri())
    for picture in sorted(html.rglob("*.svg")):
        yield from live(page, picture.as_uri())
    yield from live(page, f"{(html / 'search.html').as_uri()}?q={say}")
    context.close()


def formulas(html: Path) -> Iterator[str]:
    """Yield cells of the downloads that a spreadsheet would run."""
    for path in sorted((*html.rglob("*.csv"), *html.rglob("*.tsv"))):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                yield from (
                    f"{path.name}: {cell[:60]}"
                    for cell in row
                    if cell[:1] in {"=", "@", "\t", "\r"}
                    or (cell[:1] in {"+", "-"} and "ran(" in cell)
                )
    for path in sorted(html.rglob("*.pdf")):
        content = path.read_bytes()
        yield from (
            f"{path.name}: {word!r}" for word in (b"/JavaScript", b"/JS ") if word in content
        )


def book_of(root: Path, words: list[str], *, reviews: int = 1) -> Path:
    """Return the HTML folder of a book whose sheets say such words wherever they may."""
    source = root / "book"
    source.mkdir()
    said = " ".join(["w", *words])
    folders = [
        make_review(root / "extractions", f"trees-{number}", title=f"Trees {number}", words=said)
        for number in range(reviews)
    ]
    return build(folders, source=source, write_pages=from_sheets, say=lambda line: None).parent


def preview_of(root: Path, words: list[str]) -> Path:
    """Return the page of a preview whose sheets say such words."""
    folder = make_review(root / "previewed", words=" ".join(["w", *words]))
    read(folder)
    workbook = make_workbook(folder, "ash", root / "ash.xlsx")
    target = root / "preview.html"
    target.write_text(preview_page(preview_workbook(folder, workbook)), encoding="utf-8")
    return target


def run(
    count: int, seed: int, executable: str, *, first: int = 0, at_once: int = 60
) -> tuple[int, list[str]]:
    """Return how many pages were looked at, and everything that was alive in them.

    With `first` the payloads from that number on, so that a long run can be made in parts.
    """
    every = payloads(first + count, seed)[first:]
    found: list[str] = []
    looked = 0
    batches = [every[start : start + at_once] for start in range(0, count, at_once)]
    with tempfile.TemporaryDirectory() as place:
        made = []
        for number, words in enumerate(batches, start=first // at_once):
            root = Path(place) / str(number)
            root.mkdir()
            # Every other book is of two reviews: their front page is another one.
            made.append((book_of(root, words, reviews=1 + number % 2), preview_of(root, words)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            for html, preview in made:
                looked += len(names(html)) + 1
                found += [*look(browser, html), *formulas(html)]
                context = browser.new_context()
                context.add_init_script("window.haveRun = []; window.ran = n => haveRun.push(n)")
                found += live(context.new_page(), preview.as_uri())
                context.close()
            browser.close()
    return looked, found


if __name__ == "__main__":
    how_many, *rest = [int(word) for word in sys.argv[1:]] or [300]
    browser_path = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    pages, alive = run(
        how_many, rest[0] if rest else 0, str(browser_path), first=rest[1] if rest[1:] else 0
    )
    sys.stdout.write(
        "\n".join([*alive, f"{len(alive)} alive in {pages} pages, {how_many} payloads\n"])
    )
    sys.exit(bool(alive))

"""What counts as a load from another machine, and what is only an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.book.build.offline import outside_loads


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script src="https://cdn.example/x.js"></script>'),
        ("a.html", '<link rel="preconnect stylesheet" href="//fonts.example/css">'),
        ("a.html", '<img srcset="a.png 1x, https://img.example/b.png 2x">'),
        ("a.html", '<p style="background: url(https://img.example/c.png)">'),
        ("a.html", "<style>@import 'https://css.example/d.css';</style>"),
        ("a.html", '<svg><image xlink:href="https://img.example/e.svg"/></svg>'),
        ("a.html", '<meta http-equiv="refresh" content="0; url=https://go.example/">'),
        ("a.html", "<script>\nfetch('https://api.example/f')</script>"),
        ("a.html", '<script type="module">import x from "https://esm.example/g"</script>'),
        ("a.css", "@font-face { src: url('https://fonts.example/h.woff2') }"),
        ("a.js", 's.src = "https://cdn.example/i"'),
        ("a.js", 'const home = "https://unpkg.example/lib/index.js"'),
        ("a.svg", '<svg><use href="https://img.example/j.svg#k"/></svg>'),
    ],
)
def test_a_load_is_found(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("\n" + text, encoding="utf-8")
    (load,) = outside_loads(tmp_path)
    assert load.file == Path(name)
    assert load.line == (3 if "\n" in text else 2)
    assert "example" in load.address


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<a href="https://doi.example/10.1">a reader may follow it</a>'),
        ("a.html", '<link rel="canonical" href="https://book.example/">'),
        ("a.html", '<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
        (
            "a.html",
            "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\">",
        ),
        ("a.html", '<img src="figures/a.svg"><script src="_static/a.js"></script>'),
        ("a.html", '<script type="application/ld+json">{"url": "https://book.example/"}</script>'),
        (
            "a.js",
            'document.createElementNS("http://www.w3.org/2000/svg", "g") // https://a.example',
        ),
        ("a.txt", "https://cdn.example/x.js"),
    ],
)
def test_an_address_alone_is_none(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert outside_loads(tmp_path) == []

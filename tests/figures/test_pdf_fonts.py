"""A PDF takes its letters from the small copy of the house's font, and others from whole fonts."""

import re
import zlib

from matplotlib.text import Text

import toolkit as tk
from toolkit.figures.page.files import save


def embedded(path):
    """Return the names of the fonts in a PDF."""
    data = path.read_bytes()
    parts = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return {
        name.decode() for part in parts for name in re.findall(rb"/BaseFont /\w+\+([\w-]+)", part)
    }


def figure_of(name):
    return tk.forest(tk.pool_counts([3, 5, 2], [10, 12, 9], labels=[name, "Kim 2020", "Roe 2021"]))


def test_latin_text_takes_the_small_copy_alone(tmp_path):
    save(figure_of("Łoś 2019 ≥ 3"), tmp_path / "a.pdf")
    assert embedded(tmp_path / "a.pdf") == {"DejaVuSansSmall", "DejaVuSans-BoldSmall"}


def test_a_letter_outside_it_comes_from_the_whole_font(tmp_path):
    save(figure_of("Жук 2019"), tmp_path / "a.pdf")
    assert "DejaVuSans" in embedded(tmp_path / "a.pdf")


def test_a_figure_has_its_own_fonts_again_afterwards(tmp_path):
    figure = figure_of("Łoś 2019")
    before = [text.get_fontfamily() for text in figure.findobj(Text)]
    save(figure, tmp_path / "a.pdf")
    assert [text.get_fontfamily() for text in figure.findobj(Text)] == before

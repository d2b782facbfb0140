"""Templates bring words, records bring numbers: what a template prints can neither act nor lie."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, nodes
from markdown_it import MarkdownIt
from markupsafe import Markup
from sheets_folder import make_review
from test_text import HOSTILE

from toolkit.book.content import templates
from toolkit.book.content.answers import Answers, compute
from toolkit.book.content.results import Results
from toolkit.book.content.templates import TEMPLATES, page, sentences, shown
from toolkit.load import read

FILES = sorted(TEMPLATES.glob("*.jinja"))
SENTENCES = ("answer_in_words", "one_series", "cautions", "next_patients")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return compute(read(make_review(tmp_path_factory.mktemp("sheets"), words="now")))


def parsed(path: Path) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.do"])
    return environment.parse(path.read_text(encoding="utf-8"))


def imported() -> Iterator[str]:
    for path in FILES:
        for node in parsed(path).find_all(nodes.FromImport):
            assert isinstance(node.template, nodes.Const)
            yield node.template.value


def test_every_template_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (TEMPLATES.parent).rglob("*.py")
        if path.parent != TEMPLATES
    )
    asked = {f"{name}.md.jinja" for name in re.findall(r'\bpage\(\s*"([\w-]+)"', source)}
    macros = {f"{name}.jinja" for name in re.findall(r'sentences\("([\w-]+)"', source)}
    assert {path.name for path in FILES} == asked | macros | {*imported()}
    assert len(asked) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_template_passes_by_the_one_escape(path: Path) -> None:
    """Joined with ``~`` text would be escaped by a rule that knows nothing of MyST."""
    tree = parsed(path)
    assert not [*tree.find_all(nodes.Concat)]
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    assert not filters & {"safe", "e", "escape", "forceescape", "xmlattr", "tojson", "urlize"}
    assert not [*tree.find_all((nodes.ScopedEvalContextModifier, nodes.MarkSafe))]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_template_prints_stays_text(text: str) -> None:
    made = templates._pages()
    template = made.from_string(
        "Start {{ text }} {{ [text, text]|join('; ') }} {{ listed([text, text]) }} "
        "{{ text|em }} {{ text|strong }} {{ text|key }} end"
    )
    rendered = MarkdownIt("commonmark").render(template.render(text=text))
    visible = " ".join(text.replace("\N{RIGHT-TO-LEFT OVERRIDE}", " ").split())
    assert re.sub(r"</?(?:p|em|strong)>\n?", "", rendered).count("<") == 0
    assert html.unescape(re.sub(r"</?(?:p|em|strong)>", "", rendered)) == (
        f"Start {visible} {visible}; {visible} {visible} and {visible} "
        f"{visible} {visible} {visible} end\n"
    )


def test_what_is_html_already_is_not_escaped_again() -> None:
    assert shown(Markup("<b>a</b>")) == "<b>a</b>"
    number = Results("trees", {"pool": {"k": 5}}).top["pool"]["k"]
    assert shown(number) == '<span data-result="trees:pool.k">5</span>'


def test_a_record_that_is_missing_stops_the_page() -> None:
    with pytest.raises(UndefinedError, match="entries"):
        page("references")


def test_a_number_in_a_sentence_names_the_place_where_it_stands(answers: Answers) -> None:
    answer = answers.answer("crc")
    assert answer is not None
    said = sentences().answer_in_words(answer)
    quoted = re.findall(r'data-result="trees:([\w.-]+)">([^<]*)</span>', said)
    assert len(quoted) >= 8
    for path, words in quoted:
        assert path.startswith("answers.crc.main.headline.")
        assert html.unescape(words) == str(answers.results.at(path))


@pytest.mark.parametrize("name", SENTENCES)
def test_plain_sentences_are_the_pages_sentences_without_a_mark(
    answers: Answers, name: str
) -> None:
    for outcome in answers.outcomes:
        answer = answers.answer(outcome.key)
        if answer is None:
            continue
        plain = getattr(sentences(plain=True), name)(answer)
        marked = getattr(sentences(), name)(answer)
        assert not re.search(r"[<>]|&#|data-result", plain.replace("<1", ""))
        assert plain.split() == html.unescape(re.sub(r"<[^>]*>", "", marked)).split()

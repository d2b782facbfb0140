"""The exported schemas accept every recorded cell and refuse what they should."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import toolkit
from toolkit.cli.app import app
from toolkit.errors import SheetError
from toolkit.sheets.folder import read_tables
from toolkit.sheets.protocol.read import read_protocol
from toolkit.sheets.records import review_schema, review_words
from toolkit.sheets.schema.export import data_package, json_schema, schemas, table_schema

CHECKOUT = Path(toolkit.__file__).parents[1]
REVIEWS = [
    Path(__file__).parent / "_base",
    *sorted(path.parent for path in CHECKOUT.glob("extractions/*/review.toml")),
]


def read(path: Path):
    raw = read_tables(path)
    protocol, _ = read_protocol(raw.protocol or "")
    assert protocol is not None
    return raw, review_schema(protocol), review_words(raw, protocol)


def accepts(text: str, rule: dict[str, object]) -> bool:
    if not text:
        return not rule.get("required")
    return (
        re.search(str(rule.get("pattern", "")), text) is not None
        and text in rule.get("enum", [text])
        and len(text) <= rule.get("maxLength", len(text))
    )


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.name)
def test_every_recorded_cell_is_accepted(path: Path):
    raw, schema, words = read(path)
    package = data_package(schema, words, raw.key, raw.series)
    resources = {resource["path"]: resource["schema"] for resource in package["resources"]}
    compared = 0
    for (series, name), table in raw.tables.items():
        file = f"series/{series}/{name}.csv" if series else f"{name}.csv"
        if file not in resources:
            continue
        rules = {field["name"]: field.get("constraints", {}) for field in resources[file]["fields"]}
        for _, cells in table.rows:
            for column, text in zip(table.heading, cells, strict=True):
                assert accepts(text, rules[column]), (file, column, text)
                compared += 1
    assert compared > 100


def test_what_the_reader_refuses_the_schema_refuses_too():
    _, schema, words = read(REVIEWS[0])
    fields = {
        field["name"]: field["constraints"]
        for field in table_schema(schema.kind("counts"), words)["fields"]
    }
    wrong = {
        "events": ["0.12", "26 %", "-1", "1.."],
        "total": ["12.0", "08", "1..2"],
        "outcome": ["anaemia", ""],
        "grade": [">=3"],
        "where": [""],
        "as_printed": ["x" * 81],
    }
    accepted = {
        name: [text for text in texts if accepts(text, fields[name])]
        for name, texts in wrong.items()
    }
    assert accepted == {name: [] for name in wrong}
    assert accepts("11..13", fields["events"])
    assert accepts("", fields["grade"])


def test_every_column_is_described_with_an_example_and_its_words():
    _, schema, words = read(REVIEWS[0])
    for kind in (*schema.series, *schema.review):
        exported = json_schema(kind, words)
        assert list(exported["properties"]) == list(kind.columns)
        for column in kind.columns:
            field = kind.field(column)
            assert field.title, (kind.name, column)
            assert (field.description or "").endswith("."), (kind.name, column)
            if not (field.description or "").startswith(("Word of this facet", "Field declared")):
                assert field.examples, (kind.name, column)
        assert set(exported["required"]) == set(kind.columns) - set(kind.optional)
    counts = json_schema(schema.kind("counts"), words)["properties"]
    assert counts["outcome"]["enum"][0] == "cr"
    assert counts["grade"]["enum"] == ["", "any", "ge3", "4", "5"]


def test_the_command_prints_the_schema_of_every_sheet():
    folder = REVIEWS[0]
    raw, schema, words = read(folder)
    printed = CliRunner().invoke(app, ["schema", str(folder)])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == data_package(schema, words, raw.key, raw.series)
    rows = json.loads(CliRunner().invoke(app, ["schema", str(folder), "--rows"]).stdout)
    assert {*rows} == {kind.name for kind in (*schema.series, *schema.review)}
    assert rows["counts"]["properties"]["grade"]["enum"] == ["", "any", "ge3", "4", "5"]


def test_a_protocol_out_of_order_has_no_schema(tmp_path: Path):
    folder = Path(shutil.copytree(REVIEWS[0], tmp_path / "invented"))
    protocol = folder / "review.toml"
    protocol.write_text("kind = 1\n" + protocol.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(SheetError, match="kind is not a key that is known here"):
        schemas(read_tables(folder))

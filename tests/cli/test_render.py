"""Rendering: every format says what the table holds, and no value of it becomes more than text."""

import csv
import io
import json
import math
import re
import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.cli.tables import FORMATS, render
from graphwatch.errors import UsageError

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x.example")',
    "__proto__",
    "\u202egnp.exe",
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b2J",
    "[bold red]markup[/] :smile:",
    "a|b\nc\td\re",
    '"quoted", and more',
    "+62812",
    "-1",
    "@handle",
    "\t=1",
    "'=1",
    "",
    "日本語の名前",
]


def _rendered(table, format, **options):
    stream = io.StringIO()
    render(table, format, stream, **options)
    return stream.getvalue()


def _without_apostrophe(cell):
    return cell[1:] if re.match("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]", cell) else cell


def _csv_rows(text, separator=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


MIXED = pa.table(
    {
        "handle": ["=1", None],
        "n": [-1, 2],
        "share": [0.5, math.nan],
        "yes": [True, None],
        "kinds": [["LIKED", "SHARED"], []],
        "node": [{"id": "x:1", "at": None}, None],
    }
)


def test_csv_of_all_types():
    assert _rendered(MIXED, "csv") == (
        'handle,n,share,yes,kinds,node\n\'=1,-1,0.5,true,"LIKED, SHARED","{""id"": ""x:1"", ""at"": null}"\n,2,nan,,,\n'
    )


def test_tsv_of_all_types():
    rows = _csv_rows(_rendered(MIXED, "tsv"), "\t")
    assert rows[1] == ["'=1", "-1", "0.5", "true", "LIKED, SHARED", '{"id": "x:1", "at": null}']


def test_json_keeps_types():
    expected = [
        {
            "handle": "=1",
            "n": -1,
            "share": 0.5,
            "yes": True,
            "kinds": ["LIKED", "SHARED"],
            "node": {"id": "x:1", "at": None},
        },
        {"handle": None, "n": 2, "share": None, "yes": None, "kinds": [], "node": None},
    ]
    assert json.loads(_rendered(MIXED, "json")) == expected
    assert [json.loads(line) for line in _rendered(MIXED, "jsonl").splitlines()] == expected


def test_arrow_is_the_same_table():
    stream = io.BytesIO()
    render(MIXED, "arrow", stream)
    stream.seek(0)
    back = pa.ipc.open_stream(stream).read_all()
    assert back.schema == MIXED.schema
    assert back.drop_columns("share").equals(MIXED.drop_columns("share"))


def test_markdown_shows_text_as_text():
    text = _rendered(pa.table({"a|b": ["<b>x</b>|*y*\n[z](http://x)", None], "n": [1, 2]}), "markdown")
    assert text == ("| a\\|b | n |\n|---|---:|\n| \\<b\\>x\\</b\\>\\|\\*y\\* \\[z\\](http://x) | 1 |\n|  | 2 |\n")


def test_table_aligns_and_rounds():
    text = _rendered(pa.table({"handle": ["a", "日本"], "n": [5, 1000], "r": [0.123456, 1.0]}), "table", width=40)
    assert text == (
        "handle     n       r\n"  #
        "──────  ────  ──────\n"
        "a          5  0.1235\n"
        "日本    1000     1.0\n"
    )


@pytest.mark.parametrize("width", [1, 5, 20, 80])
def test_table_is_never_wider_than_the_terminal(width):
    from rich.cells import cell_len

    table = pa.table({f"column_{k}": [name * 9 for name in HOSTILE] for k in range(5)})
    lines = _rendered(table, "table", width=width).splitlines()
    assert len(lines) == len(HOSTILE) + 2
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("format", ["table", "json", "jsonl", "markdown"])
def test_no_value_speaks_to_the_terminal(format):
    text = _rendered(pa.table({name or "empty": [name] for name in HOSTILE}), format, width=2_000)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "[bold red]markup" in text or format == "markdown"


def test_csv_on_a_terminal_is_harmless_too():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    render(pa.table({"name": HOSTILE}), "csv", stream)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", stream.getvalue())


def test_no_cell_of_a_spreadsheet_begins_a_formula():
    for separator, format in ((",", "csv"), ("\t", "tsv")):
        table = pa.table({"=name": HOSTILE, "list": [[name] for name in HOSTILE]})
        rows = _csv_rows(_rendered(table, format), separator)
        assert rows[0] == ["'=name", "list"]
        for row, name in zip(rows[1:], HOSTILE, strict=True):
            assert all(cell[:1] not in {"=", "+", "-", "@", "\t", "\r"} for cell in row)
            assert [_without_apostrophe(cell) for cell in row] == [name, name]


CELLS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("='+-@\t\r\n\",|"), max_size=8)


@given(st.lists(st.tuples(CELLS, st.integers(-(2**63), 2**63 - 1)), max_size=6))
def test_csv_comes_back(rows):
    table = pa.table(
        {"text": pa.array([r[0] for r in rows], pa.string()), "n": pa.array([r[1] for r in rows], pa.int64())}
    )
    for separator, format in ((",", "csv"), ("\t", "tsv")):
        back = _csv_rows(_rendered(table, format), separator)
        assert [(_without_apostrophe(text), int(n)) for text, n in back[1:]] == rows


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "text": st.none() | CELLS,
                "n": st.none() | st.integers(-(2**63), 2**63 - 1),
                "r": st.none() | st.floats(allow_nan=False, allow_infinity=False),
                "b": st.none() | st.booleans(),
                "l": st.none() | st.lists(CELLS, max_size=3),
            }
        ),
        max_size=6,
    )
)
def test_json_comes_back(rows):
    types = {"text": pa.string(), "n": pa.int64(), "r": pa.float64(), "b": pa.bool_(), "l": pa.list_(pa.string())}
    table = pa.Table.from_pylist(rows, schema=pa.schema(types))
    assert json.loads(_rendered(table, "json")) == rows
    lines = _rendered(table, "jsonl").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == rows


def test_one_empty_column_is_still_rows():
    assert _csv_rows(_rendered(pa.table({"a": [None, "x", None]}), "csv")) == [["a"], [""], ["x"], [""]]


def test_columns_of_one_name_do_not_hide_each_other():
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], ["a", "a", "a_2"])
    assert json.loads(_rendered(table, "json")) == [{"a": 1, "a_2": 2, "a_2_2": 3}]


@pytest.mark.parametrize("format", [f for f in FORMATS if f != "arrow"])
def test_empty_answers_have_their_columns(format):
    text = _rendered(pa.table({"handle": pa.array([], pa.string())}), format, width=40)
    expected = {"json": "[\n]\n", "jsonl": ""}
    assert text == expected.get(format, text)
    assert "handle" in text or format in expected


def test_many_batches():
    table = pa.table({"n": range(25_000)})
    assert _rendered(table, "csv").count("\n") == 25_001
    assert len(json.loads(_rendered(table, "json"))) == 25_000


def test_unknown_format():
    with pytest.raises(UsageError, match="no format 'xml'"):
        render(MIXED, "xml", io.StringIO())


def test_bytes_are_utf8_with_unix_line_ends_whatever_the_stream_was():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\r\n")
    render(pa.table({"name": ["Ünï – 日本"]}), "csv", stream)
    stream.flush()
    assert raw.getvalue() == "name\nÜnï – 日本\n".encode()


def test_rich_is_imported_for_tables_only():
    code = (
        "import sys, io, pyarrow as pa\n"
        "from graphwatch.cli.tables import render\n"
        "render(pa.table({'a': [1]}), 'csv', io.StringIO())\n"
        "assert 'rich' not in sys.modules\n"
        "render(pa.table({'a': [1]}), 'table', io.StringIO())\n"
        "assert 'rich' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

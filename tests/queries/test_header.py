"""The header format of named queries: what it gives, and what it refuses with file and line."""

from pathlib import Path

import pytest

from graphwatch.errors import QueryError, QueryRefused
from graphwatch.queries.library import Column, Parameter, ParameterType, parse_query, read_query

GOOD = """\
// title: Accounts by handle
// purpose: Accounts with a handle, // and all.
// category: overview
// parameter: handle: text -- public handle, as in https://x.example//a
// parameter: limit: integer = 10 -- most rows
// parameter: odd: text = "a -- b = \\"c\\"" -- a default with the separator in it
// parameter: kinds: texts = ["LIKED"] -- kinds
// parameter: share: real = 1 -- a share
// parameter: all: boolean = false -- all
// column: account: id
// column: note: a note: with a colon
// innocent: Handles change hands;
//   they are imitated, too.
// example: graphwatch query by-handle -p handle=x

// A comment of the query: no header.
MATCH (a:Account) // c
WHERE a.handle = $handle AND a.url <> 'https://x.example//$no' AND ($all OR a.name = $odd OR 1 > $share)
  AND NOT a.id IN $kinds
RETURN a.id AS account, '// title: x' AS note LIMIT $limit
"""
HERE = Path("by-handle.cypher")


def _parse(text):
    return parse_query("by-handle", text, HERE)


def test_gives_all_that_is_declared():
    query = _parse(GOOD)

    assert (query.name, query.title, query.category) == ("by-handle", "Accounts by handle", "overview")
    assert query.purpose == "Accounts with a handle, // and all."
    assert query.innocent == "Handles change hands; they are imitated, too."
    assert query.example == "graphwatch query by-handle -p handle=x"
    assert query.parameters == (
        Parameter("handle", ParameterType.TEXT, None, "public handle, as in https://x.example//a"),
        Parameter("limit", ParameterType.INTEGER, 10, "most rows"),
        Parameter("odd", ParameterType.TEXT, 'a -- b = "c"', "a default with the separator in it"),
        Parameter("kinds", ParameterType.TEXTS, ["LIKED"], "kinds"),
        Parameter("share", ParameterType.REAL, 1, "a share"),
        Parameter("all", ParameterType.BOOLEAN, False, "all"),
    )
    assert [p.required for p in query.parameters] == [True, False, False, False, False, False]
    assert query.columns == (Column("account", "id"), Column("note", "a note: with a colon"))
    assert query.cypher.startswith("// A comment of the query")
    assert "'https://x.example//$no'" in query.cypher


def test_what_an_answer_without_rows_means_may_be_declared_once():
    assert _parse(GOOD).empty is None
    declared = "// empty: Nobody has that handle:\n//   look for another.\n"
    assert _parse(declared + GOOD).empty == "Nobody has that handle: look for another."
    with pytest.raises(QueryError, match="'empty' stands twice"):
        _parse(declared + declared + GOOD)


def test_line_ends_and_byte_order_mark_do_not_matter(tmp_path):
    file = tmp_path / "by-handle.cypher"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_query(file).cypher == _parse(GOOD).cypher


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("// category: overview", "// kategori: overview", 3, "unknown key 'kategori'"),
        ("// category: overview", "// category:", 3, "'category' is empty"),
        ("// category: overview", "// title: Again", 3, "'title' stands twice"),
        ("// category: overview\n", "", 1, "lacks 'category'"),
        ("// category: overview", "// overview", 3, "neither"),
        ("handle: text --", "handle: string --", 4, "known type"),
        ("handle: text --", "Handle: text --", 4, "known type"),
        ("-- public handle, as in https://x.example//a", "--", 4, "description"),
        ("integer = 10 --", "integer = ten --", 5, "JSON"),
        ("integer = 10 --", "integer = true --", 5, "not of type integer"),
        ("integer = 10 --", "integer = 1.5 --", 5, "not of type integer"),
        ("integer = 10 --", "integer = null --", 5, "not of type integer"),
        ("integer = 10 --", "integer = 10", 5, "no ` -- `"),
        ('texts = ["LIKED"]', "texts = [1]", 7, "not of type texts"),
        ("// column: account: id", "// column: account", 10, "column without"),
        ("// column: account: id", "// column: note: id", 14, "'note' is declared twice"),
        ("// parameter: limit: integer = 10 -- most rows\n", "", 13, "$limit is used and not declared"),
        (" LIMIT $limit", "", 14, "'limit' is declared and not used"),
    ],
)
def test_refuses_with_file_and_line(old, new, line, said):
    assert old in GOOD
    with pytest.raises(QueryError) as refused:
        _parse(GOOD.replace(old, new))
    assert said in refused.value.what
    assert refused.value.where == f"by-handle.cypher, line {line}"
    assert refused.value.remedy


def test_refuses_a_query_without_columns():
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith("// column"))
    with pytest.raises(QueryError, match="no column"):
        _parse(text)


def test_refuses_a_body_that_writes_at_its_place_in_the_file():
    with pytest.raises(QueryRefused) as refused:
        _parse(GOOD.replace("RETURN a.id", "SET a.name = ''\nRETURN a.id"))
    assert refused.value.where == "by-handle.cypher, line 20, column 1"


@pytest.mark.parametrize("name", ["With Space.cypher", "Ünï.cypher", "-x.cypher", "a.b.cypher"])
def test_refuses_names_that_cannot_be_typed(tmp_path, name):
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(QueryError, match="not a name"):
        read_query(tmp_path / name)


def test_refuses_files_that_are_not_text(tmp_path):
    (tmp_path / "a.cypher").write_bytes(b"\xff\xfe")
    for file, reason in (("a.cypher", "line 1 is not UTF-8"), ("missing.cypher", "no such")):
        with pytest.raises(QueryError, match=reason):
            read_query(tmp_path / file)

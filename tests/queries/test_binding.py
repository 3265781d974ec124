"""Parameters: declared ones are checked and converted, those of ad hoc queries are all there."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.errors import QueryParameter
from graphwatch.queries import parse
from graphwatch.queries.binding import bind, bind_adhoc, typed
from graphwatch.queries.library import Parameter, ParameterType

T = ParameterType
ALL = [
    Parameter("account", T.TEXT, None, "id"),
    Parameter("limit", T.INTEGER, 100, "rows"),
    Parameter("share", T.REAL, 0.5, "share"),
    Parameter("all", T.BOOLEAN, False, "all"),
    Parameter("kinds", T.TEXTS, ["LIKED"], "kinds"),
]


def test_fills_defaults_in_without_lending_them():
    bound = bind(ALL, {"account": "x:1"})
    assert bound == {"account": "x:1", "limit": 100, "share": 0.5, "all": False, "kinds": ["LIKED"]}
    bound["kinds"].append("SHARED")
    assert bind(ALL, {"account": "x:1"})["kinds"] == ["LIKED"]


@pytest.mark.parametrize(
    ("type", "value", "bound"),
    [
        (T.TEXT, "007", "007"),
        (T.TEXT, "", ""),
        (T.TEXT, "' OR 1=1 //", "' OR 1=1 //"),
        (T.INTEGER, " 5 ", 5),
        (T.INTEGER, "-3", -3),
        (T.INTEGER, np.int64(5), 5),
        (T.REAL, "1", 1.0),
        (T.REAL, "1e-3", 0.001),
        (T.REAL, 2, 2.0),
        (T.REAL, np.float32(0.5), 0.5),
        (T.BOOLEAN, "True", True),
        (T.BOOLEAN, "false", False),
        (T.TEXTS, "LIKED,SHARED", ["LIKED", "SHARED"]),
        (T.TEXTS, '["a,b", "c"]', ["a,b", "c"]),
        (T.TEXTS, ("a", "b"), ["a", "b"]),
    ],
)
def test_converts(type, value, bound):
    result = bind([Parameter("p", type, None, "p")], {"p": value})["p"]
    assert result == bound
    assert result.__class__ is bound.__class__


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (T.TEXT, 5),
        (T.TEXT, None),
        (T.INTEGER, "five"),
        (T.INTEGER, "1.0"),
        (T.INTEGER, "1_000"),
        (T.INTEGER, "٣"),
        (T.INTEGER, 2**63),
        (T.INTEGER, "9" * 5_000),
        (T.INTEGER, True),
        (T.INTEGER, 1.0),
        (T.REAL, "nan"),
        (T.REAL, "1e999"),
        (T.REAL, "1,5"),
        (T.REAL, math.inf),
        (T.BOOLEAN, "yes"),
        (T.BOOLEAN, 1),
        (T.TEXTS, "[1]"),
        (T.TEXTS, "[" * 100_000),
        (T.TEXTS, '["a"'),
        (T.TEXTS, ["a", None]),
    ],
)
def test_refuses_other_types(type, value):
    with pytest.raises(QueryParameter, match="'p' must be") as refused:
        bind([Parameter("p", type, None, "p")], {"p": value})
    assert refused.value.remedy


def test_names_unknown_and_missing_parameters():
    with pytest.raises(QueryParameter, match="no parameter 'limt'") as refused:
        bind(ALL, {"account": "x:1", "limt": 5})
    assert refused.value.remedy == "Did you mean 'limit'?"
    with pytest.raises(QueryParameter, match=r"'account' \(id\) is missing"):
        bind(ALL, {})
    with pytest.raises(QueryParameter, match="no parameters"):
        bind([], {"x": 1})


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_as_text_come_back(number):
    assert bind([ALL[1]], {"limit": str(number)}) == {"limit": number}


@pytest.mark.parametrize(
    ("text", "given", "value"),
    [
        ("MATCH (c:Cluster) WHERE c.size >= $p RETURN c.id", "7", 7),
        ("MATCH (c:Cluster {size: $p}) RETURN c.id", "7", 7),
        ("MATCH (c:Cluster) WHERE c.density > $p RETURN c.id", "0.5", 0.5),
        ("MATCH (a)-->(p) WITH p, count(*) AS n WHERE n >= $p RETURN n", "7", 7),
        ("MATCH (a) WHERE COUNT { (a)-->() } > $p RETURN a.id", "7", 7),
        ("MATCH (a) WHERE size(a.id) > $p RETURN a.id", "7", 7),
        ("MATCH (a) RETURN a.at_ms / $p AS day", "86400000", 86_400_000),
        ("RETURN 2 * $p AS twice", "1.5", 1.5),
        ("RETURN 1 + $p AS more", "2", 2),
        ("RETURN 'a' + $p AS text", "2", "2"),
        ("RETURN range(0, $p) AS numbers", "3", 3),
        ("MATCH (a) RETURN a.id SKIP $p", "3", 3),
        ("MATCH (a) WHERE a.id IN $p RETURN a.id", "x:1,x:2", ["x:1", "x:2"]),
        ("MATCH (c) WHERE c.size IN $p RETURN c.id", "[3, 7]", [3, 7]),
        ("UNWIND $p AS id RETURN id", "x:1", ["x:1"]),
        ("MATCH (a) WHERE a.id = $p RETURN a.id", "007", "007"),
        ("MATCH (a) WHERE a.id STARTS WITH $p RETURN a.id", "7", "7"),
        ("RETURN $p AS p", "7", "7"),
        ("MATCH (g:Page) WHERE g.registered = $p RETURN g.id", "true", True),
    ],
)
def test_text_from_a_command_line_has_the_type_of_its_place(text, given, value):
    bound = typed(parse(text), {"p": given})["p"]
    assert (type(bound), bound) == (type(value), value)


@pytest.mark.parametrize(
    ("place", "given"), [("c.size >= $p", "many"), ("c.density > $p", "1,5"), ("c.size / $p > 1", "")]
)
def test_text_that_is_not_of_the_type_of_its_place_is_refused(place, given):
    with pytest.raises(QueryParameter, match="'p' must be a"):
        typed(parse(f"MATCH (c:Cluster) WHERE {place} RETURN c.id"), {"p": given})


def test_adhoc_takes_exactly_what_the_text_uses():
    text = "MATCH (a {id: $id}) WHERE a.name <> '$no' RETURN a LIMIT $`limit` // $never"
    assert bind_adhoc(parse(text), {"id": "007", "limit:integer": "5"}) == {"id": "007", "limit": 5}
    assert bind_adhoc(parse(text), {"id": 7, "limit": 5}) == {"id": 7, "limit": 5}
    with pytest.raises(QueryParameter, match=r"uses \$limit"):
        bind_adhoc(parse(text), {"id": "x"})
    with pytest.raises(QueryParameter, match=r"does not use \$no"):
        bind_adhoc(parse(text), {"id": "x", "limit": 1, "no": 1})
    with pytest.raises(QueryParameter, match="given twice"):
        bind_adhoc(parse(text), {"limit:integer": "5", "limit": 1, "id": "x"})
    with pytest.raises(QueryParameter, match="unknown type 'int'"):
        bind_adhoc(parse(text), {"limit:int": "5", "id": "x"})
    with pytest.raises(QueryParameter, match="must be a whole number"):
        bind_adhoc(parse(text), {"limit:integer": "many", "id": "x"})


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, [1, {"a": 2**64}], "\ud800", {"\udcff": 1}])
def test_values_that_no_engine_can_hold_are_refused_before_they_are_sent(value):
    with pytest.raises(QueryParameter, match="'a' has"):
        bind_adhoc(parse("RETURN $a AS x"), {"a": value})
    with pytest.raises(QueryParameter):
        bind([Parameter("a", ParameterType.TEXT, None, "a")], {"a": value})


def test_lists_in_lists_have_an_end():
    deep: list[object] = []
    deep.append(deep)
    with pytest.raises(QueryParameter, match="deep in each other"):
        bind_adhoc(parse("RETURN $a AS x"), {"a": deep})
    assert bind_adhoc(parse("RETURN $a AS x"), {"a": [[2**63 - 1, None, "é", 1.5]]}) == {
        "a": [[2**63 - 1, None, "é", 1.5]]
    }

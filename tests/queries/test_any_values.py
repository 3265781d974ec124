"""Whatever values meet, an expression has a value or says why it has none."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from graphwatch.errors import QueryError, QueryRefused
from graphwatch.queries import parse
from graphwatch.queries.computing.clauses import compute
from graphwatch.queries.computing.expressions import Compiler
from graphwatch.queries.computing.functions import AGGREGATES, FUNCTIONS
from graphwatch.queries.computing.values import Entity, Walk

NODE = Entity("node", (0, 0), "Account", {"id": "x:1"})
VALUES: list[Any] = [
    *(None, True, 0, -1, 2**63 - 1, -(2**63), 0.5, 1e308, math.nan, math.inf, "", "a", "12", "(", "😀"),
    *([], [None], [[1]], {}, {"epochMillis": 10**18}, {"year": "x"}, {"timezone": 5, "epochMillis": 1}),
    *(date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta"))),
    *(NODE, Entity("relation", (1, 0), "LIKED", {}), Walk((NODE,), ())),
]
SHAPES = (
    *("$a[$b]", "$a[$b..]", "$a[..$b]", "$a.year", "[x IN $a WHERE $b]", "any(x IN $a WHERE $b)"),
    *("reduce(s = $b, x IN $a | s + x)", "CASE $a WHEN $b THEN 1 END", "CASE WHEN $a THEN $b END"),
    *("NOT $a", "$a AND $b", "$a XOR $b", "-$a", "$a:Account", "$a IN $b", "$a =~ $b", "$a || $b"),
    *(f"$a {sign} $b" for sign in ("=", "<>", "<", ">=", "+", "-", "*", "/", "%", "^", "CONTAINS", "STARTS WITH")),
    *(f"{name}($a)" for name, (fewest, most, _) in FUNCTIONS.items() if fewest <= 1 <= most),
    *(f"{name}($a, $b)" for name, (fewest, most, _) in FUNCTIONS.items() if fewest <= 2 <= most),
    *(f"{name}($a, $b, $b)" for name, (fewest, most, _) in FUNCTIONS.items() if fewest <= 3 <= most <= 3),
)


def said(work: Callable[[], object]) -> None:
    try:
        work()
    except (QueryError, QueryRefused) as error:
        if not error.remedy:
            raise


@pytest.mark.parametrize("shape", SHAPES)
def test_every_expression_of_any_two_values(shape: str) -> None:
    query = parse(f"RETURN {shape} AS value")
    clauses = query.tree.parts[0].clauses
    for a, b in product(VALUES, VALUES if "$b" in shape else [None]):
        said(partial(compute, clauses, [{}], [], Compiler(query.text, {"a": a, "b": b})))


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_aggregate_of_any_two_values(name: str) -> None:
    for pair in product(VALUES, VALUES):
        said(partial(AGGREGATES[name], [value for value in pair if value is not None]))

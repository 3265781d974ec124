"""The rows of the engine made into Cypher's values, and the answer computed from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from graphwatch.errors import QueryError
from graphwatch.queries.computing.aggregates import distinct
from graphwatch.queries.computing.clauses import Answer, compute
from graphwatch.queries.computing.expressions import Compiler, Row
from graphwatch.queries.computing.values import Entity, Value, Walk
from graphwatch.store.embedded.asking.plans import Fetched, Part, Plan

Rows = Callable[[str, Mapping[str, Any]], Iterable[Mapping[str, Any]]]


def answer(plan: Plan, compiler: Compiler, parameters: Mapping[str, Any], ask: Rows) -> Answer:
    """The answer to a query.

    Args:
        compiler: knows the query's text and parameters, and how much time there is.
        parameters: those for the engine.
        ask: gives the rows of a text for the engine, as the engine gives them.

    Raises:
        QueryError: a value cannot be computed, or the parts of a UNION have other columns.
    """
    answers = [_part(part, compiler, parameters, ask) for part in plan.parts]
    names = answers[0].names
    if any(set(a.names) != set(names) for a in answers):
        raise QueryError("the parts of UNION have different columns", remedy="Give them the same names with AS.")
    rows = [tuple(row[a.names.index(name)] for name in names) for a in answers for row in a.rows]
    if plan.all and not all(plan.all):
        rows = [tuple(row) for row in distinct([list(row) for row in rows])]
    return Answer(names, rows)


def _part(part: Part, compiler: Compiler, parameters: Mapping[str, Any], ask: Rows) -> Answer:
    if not part.sent and part.possible:
        rows: Iterable[Row] = [{f.name: None for f in part.fetched}]
    elif not part.possible:
        rows = []
    else:
        given = {name: parameters[name] for name in part.parameters}
        found = ask(part.sent, given)
        if not part.clauses:
            return Answer(part.names, [tuple(row[f"c{i}"] for i in range(len(part.names))) for row in found])
        rows = _rows(part.fetched, found)
    names = [f.name for f in part.fetched if not f.name.startswith("#")]
    return compute(part.clauses, rows, names, compiler)


def _rows(fetched: tuple[Fetched, ...], found: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    for row in found:
        yield {f.name: _value(f, row) for f in fetched}


def _value(fetched: Fetched, row: Mapping[str, Any]) -> Value:
    if fetched.kind == "null":
        return None
    if fetched.kind in ("node", "relation"):
        columns = dict(fetched.columns)
        key = row[columns.pop("#id")]
        if key is None:
            return None
        label = row[columns.pop("#label")]
        set_ones = {name: row[column] for name, column in columns.items() if row[column] is not None}
        return Entity(fetched.kind, (key["table"], key["offset"]), label, set_ones)
    return value_of(row[fetched.columns[0][1]], relations=fetched.kind == "relations")


def value_of(value: Any, *, relations: bool = False) -> Value:
    """What the engine returned, as Cypher's value; nodes, relations and paths come as maps with keys of its own."""
    if isinstance(value, list):
        return [value_of(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "_NODES" in value:
        walked = tuple(value_of(r) for r in value["_RELS"])
        return list(walked) if relations else Walk(tuple(value_of(n) for n in value["_NODES"]), walked)
    if "_ID" in value:
        if value["_ID"] is None:
            return None
        kind = "relation" if "_SRC" in value else "node"
        key = (value["_ID"]["table"], value["_ID"]["offset"])
        kept = {k: v for k, v in value.items() if v is not None and not k.startswith("_")}
        return Entity(kind, key, value["_LABEL"], kept)
    return {k: value_of(v) for k, v in value.items()}

"""The answer to an analyst's query from an embedded store: the engine's rows, and what is computed from them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import QueryError, QueryTimeout
from graphwatch.queries.computing.clauses import Answer, compute
from graphwatch.queries.computing.expressions import Compiler, Row
from graphwatch.queries.computing.functions import distinct
from graphwatch.queries.computing.values import Entity, Value, Walk, as_given
from graphwatch.store.embedded.asking.plans import Fetched, Part, Plan
from graphwatch.store.embedded.graph import Graph
from graphwatch.store.embedded.slim import whole
from graphwatch.store.values import column_of

_Rows = Callable[[str, Mapping[str, Any]], Iterable[Mapping[str, Any]]]
_ROWS: Final = 1000


def answered(
    plan: Plan, text: str, parameters: Mapping[str, Any], graph: Graph, timeout: float | None = None
) -> pa.Table:
    """The rows of a query by its plan, within `timeout` seconds.

    Raises:
        QueryError: the engine refused the text, or a value cannot be computed.
        QueryTimeout: it took longer.
    """
    (first, *others) = plan.parts
    if not others and first.sent and first.possible and not first.clauses:
        given = {name: parameters[name] for name in first.parameters}
        return graph.read(first.sent, given, timeout).rename_columns(list(first.names))
    clock = _Clock(timeout)

    def ask(sent: str, given: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        return _rows(graph.found(sent, given, clock.left()))

    found = _answer(plan, Compiler(text, parameters, clock.tick), parameters, ask)
    columns = [column_of([as_given(row[i]) for row in found.rows]) for i in range(len(found.names))]
    return pa.table(columns, names=list(found.names))


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=_ROWS):
        yield from batch.to_pylist()


def _answer(plan: Plan, compiler: Compiler, parameters: Mapping[str, Any], ask: _Rows) -> Answer:
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


def _part(part: Part, compiler: Compiler, parameters: Mapping[str, Any], ask: _Rows) -> Answer:
    if not part.sent and part.possible:
        rows: Iterable[Row] = [{f.name: None for f in part.fetched}]
    elif not part.possible:
        rows = []
    else:
        given = {name: parameters[name] for name in part.parameters}
        found = ask(part.sent, given)
        if not part.clauses:
            return Answer(part.names, [tuple(row[f"c{i}"] for i in range(len(part.names))) for row in found])
        rows = _fetched(part.fetched, found)
    names = [f.name for f in part.fetched if not f.name.startswith("#")]
    return compute(part.clauses, rows, names, compiler)


def _fetched(fetched: tuple[Fetched, ...], found: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
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
    if any(row[column] is None for _, column in fetched.columns):
        return None
    return _meant(row[fetched.columns[0][1]], relations=fetched.kind == "relations")


def _meant(value: Any, *, relations: bool = False) -> Value:
    """What the engine returned, as Cypher's value; nodes, relations and paths come as maps with keys of its own."""
    if isinstance(value, list):
        return [_meant(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "_NODES" in value:
        walked = tuple(_meant(r) for r in value["_RELS"])
        if None in walked:  # of an OPTIONAL MATCH that found nothing
            return None
        return list(walked) if relations else Walk(tuple(_meant(n) for n in value["_NODES"]), walked)
    if "_ID" in value:
        if value["_ID"] is None:
            return None
        kind = "relation" if "_SRC" in value else "node"
        key = (value["_ID"]["table"], value["_ID"]["offset"])
        kept = {k: v for k, v in whole(value).items() if v is not None and not k.startswith("_")}
        return Entity(kind, key, value["_LABEL"], kept)
    return {k: _meant(v) for k, v in value.items()}


class _Clock:
    """The time that a query has."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds, self._ticks = seconds, 0
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def left(self) -> float | None:
        """Seconds that are left; None where there is no end."""
        return None if self._deadline is None else max(self._deadline - time.monotonic(), 0.001)

    def tick(self) -> None:
        """Look at the time, now and then.

        Raises:
            QueryTimeout: there is none left.
        """
        self._ticks += 1
        if self._deadline is not None and self._ticks % _ROWS == 0 and time.monotonic() > self._deadline:
            raise QueryTimeout(
                f"the query was stopped after {self._seconds:g} s",
                remedy="Narrow it (a LIMIT, a time range, a shorter pattern) or allow more with --timeout.",
            )

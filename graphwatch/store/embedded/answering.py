"""The answer to an analyst's query from an embedded store: the engine's rows, and what is computed from them."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import QueryTimeout
from graphwatch.queries.computing.values import as_given
from graphwatch.queries.embedded.answering import answer
from graphwatch.queries.embedded.plans import Plan
from graphwatch.store.embedded.graph import Graph
from graphwatch.store.values import column_of

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
    deadline = None if timeout is None else time.monotonic() + timeout

    def ask(sent: str, given: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        left = None if deadline is None else max(deadline - time.monotonic(), 0.001)
        return _within(graph.found(sent, given, left), deadline, timeout)

    found = answer(plan, text, parameters, ask)
    columns = [column_of([as_given(row[i]) for row in found.rows]) for i in range(len(found.names))]
    return pa.table(columns, names=list(found.names))


def _within(table: pa.Table, deadline: float | None, timeout: float | None) -> Iterator[Mapping[str, Any]]:
    """The rows of a table, as long as there is time."""
    for batch in table.to_batches(max_chunksize=_ROWS):
        if deadline is not None and time.monotonic() > deadline:
            raise QueryTimeout(
                f"the query was stopped after {timeout:g} s",
                remedy="Narrow it (a LIMIT, a time range, a shorter pattern) or allow more with --timeout.",
            )
        yield from batch.to_pylist()

"""The answer to an analyst's query from an embedded store: the engine's rows, and what is computed from them."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import QueryTimeout
from graphwatch.queries.computing.expressions import Compiler
from graphwatch.queries.computing.values import as_given
from graphwatch.store.embedded.asking.answering import answer
from graphwatch.store.embedded.asking.plans import Plan
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
    clock = _Clock(timeout)

    def ask(sent: str, given: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        return _rows(graph.found(sent, given, clock.left()))

    found = answer(plan, Compiler(text, parameters, clock.tick), parameters, ask)
    columns = [column_of([as_given(row[i]) for row in found.rows]) for i in range(len(found.names))]
    return pa.table(columns, names=list(found.names))


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=_ROWS):
        yield from batch.to_pylist()


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

"""A batch on its way into an embedded store."""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from graphwatch.store.base import Written
from graphwatch.store.graph import Graph
from graphwatch.store.journal import Staged
from graphwatch.store.merge import CHANGES, merge
from graphwatch.tables import GraphTable, conform

_CHUNK_ROWS: Final = 500_000


class EmbeddedWriting:
    """A batch under way: rows are compared with the graph and staged for the journal."""

    def __init__(self, graph: Graph, staged: Staged) -> None:
        self._graph, self._staged = graph, staged

    def add(self, table: GraphTable) -> Written:
        element, schema = table.element, table.schema
        name, start, end = element.name, table.start, table.end
        first = self._graph.is_empty(element)
        inserts = self._staged.part(name, start, end, "insert", schema)
        replaces = self._staged.part(name, start, end, "replace", schema)
        log = self._staged.part(name, start, end, "log", CHANGES)
        unchanged = 0
        for rows in _chunks(table):
            if first:
                inserts.write(rows)
                continue
            known = self._graph.known(element, start, end, rows.select(["id"]))
            outcome = merge(element, rows, known)
            inserts.write(outcome.new)
            replaces.write(outcome.changed)
            log.write(outcome.log)
            unchanged += outcome.unchanged
        for writer in (inserts, replaces, log):
            writer.close()
        return Written(name, inserts.rows, replaces.rows, unchanged)


def _chunks(table: GraphTable) -> Iterator[pa.Table]:
    """The table's batches gathered into pieces worth a look-up in the graph."""
    held: list[pa.Table] = []
    rows = 0
    for batch in table.batches:
        if batch.num_rows == 0:
            continue
        held.append(conform(batch, table.schema))
        rows += batch.num_rows
        if rows >= _CHUNK_ROWS:
            yield pa.concat_tables(held)
            held, rows = [], 0
    if held:
        yield pa.concat_tables(held)

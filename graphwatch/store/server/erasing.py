"""Erasing from a server: in many transactions, relations before nodes, so that it can be begun again."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pyarrow as pa

from graphwatch.model import Element
from graphwatch.model.declaring import Node
from graphwatch.model.tables import GraphTable, conform, every_table, schema_of
from graphwatch.store.erasing import Erasure
from graphwatch.store.server.connection import Server
from graphwatch.store.server.writing import LEASE, Run, records, replacing

_PIECE: Final = 5_000
Rows = Callable[[Element, str | None, str | None], Iterator[pa.RecordBatch]]


def erase(server: Server, holder: str, erasure: Erasure, rows: Rows) -> dict[str, int]:
    """Delete what the erasure names and write again what stays changed.

    Args:
        server: where it is.
        holder: who holds the store.
        erasure: what is to go.
        rows: reads a table of the graph.

    Returns:
        How many nodes and relations of each kind went.
    """
    gone: dict[str, int] = {}
    for _, element, start, end in reversed(list(every_table())):
        # All is read before anything is written: what is being read must not vanish meanwhile.
        ids, changed = _found(erasure, element, start, end, rows)
        for begin in range(0, len(ids), _PIECE):
            server.change(partial(_delete, element, ids[begin : begin + _PIECE], holder))
        table = GraphTable(element, [], start, end)
        for begin in range(0, changed.num_rows, _PIECE):
            server.change(partial(_replace, table, changed.slice(begin, _PIECE), holder))
        if ids:
            gone[element.name] = gone.get(element.name, 0) + len(ids)
    return dict(sorted(gone.items()))


def _found(
    erasure: Erasure, element: Element, start: str | None, end: str | None, rows: Rows
) -> tuple[list[str], pa.Table]:
    """The ids that go, and the rows that stay with other values."""
    schema = schema_of(element)
    ids: list[str] = []
    changed = [schema.empty_table()]
    for batch in rows(element, start, end):
        before = conform(batch, schema)
        after, gone = erasure.apply(element.name, start, end, before)
        ids += gone
        kept = set(gone)
        stayed = [row for row in before.to_pylist() if row["id"] not in kept] if gone else before.to_pylist()
        differing = [now for was, now in zip(stayed, after.to_pylist(), strict=True) if was != now]
        changed.append(pa.Table.from_pylist(differing, schema=schema))
    return ids, pa.concat_tables(changed)


def _delete(element: Element, ids: list[str], holder: str, run: Run) -> None:
    run(LEASE, holder=holder)
    name = element.name
    if isinstance(element, Node):
        run(f"UNWIND $ids AS i MATCH (e:`{name}` {{id: i}}) DETACH DELETE e", ids=ids)
    else:
        seek = f"MATCH (a)-[e:`{name}` {{id: i}}]->(b) USING INDEX SEEK e:`{name}`(id)"
        run(f"UNWIND $ids AS i {seek} DELETE e", ids=ids)


def _replace(table: GraphTable, rows: pa.Table, holder: str, run: Run) -> list[dict[str, Any]]:
    run(LEASE, holder=holder)
    return run(replacing(table), rows=records(table, rows))

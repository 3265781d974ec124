"""What stands on a server is erased, or brought over from an older model: in many transactions.

So either can be begun again. Relations go before nodes; what names acts is written before the acts themselves, so that
it has the new ids already.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pyarrow as pa

from graphwatch.model import INTERACTIONS, Element, node
from graphwatch.model.declaring import Node, Relation
from graphwatch.model.tables import GraphTable, conform, every_table, schema_of
from graphwatch.store.bringing_over import BroughtOver, brought_over, in_order_of_loading, renamed
from graphwatch.store.erasing import Erasure
from graphwatch.store.server.connection import Server
from graphwatch.store.server.project_node import Hold, Run
from graphwatch.store.server.writing import creating, records, replacing

_PIECE: Final = 5_000
Rows = Callable[[Element, str | None, str | None], Iterator[pa.RecordBatch]]


def erase(server: Server, hold: Hold, erasure: Erasure, rows: Rows) -> dict[str, int]:
    """Delete what the erasure names and write again what stays changed.

    Args:
        server: where it is.
        hold: by which the store is held.
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
            server.change(partial(_delete, element, ids[begin : begin + _PIECE], hold))
        table = GraphTable(element, [], start, end)
        for begin in range(0, changed.num_rows, _PIECE):
            server.change(partial(_replace, table, changed.slice(begin, _PIECE), hold))
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


def _delete(element: Element, ids: list[str], hold: Hold, run: Run) -> None:
    hold.renew(run)
    name = element.name
    if isinstance(element, Node):
        run(f"UNWIND $ids AS i MATCH (e:`{name}` {{id: i}}) DETACH DELETE e", ids=ids)
    else:
        seek = f"MATCH (a)-[e:`{name}` {{id: i}}]->(b) USING INDEX SEEK e:`{name}`(id)"
        run(f"UNWIND $ids AS i {seek} DELETE e", ids=ids)


def _replace(table: GraphTable, rows: pa.Table, hold: Hold, run: Run) -> list[dict[str, Any]]:
    hold.renew(run)
    return run(replacing(table), rows=records(table, rows))


_ACTS: Final = 2_000


def bring_over(server: Server, hold: Hold, rows: Rows) -> dict[str, tuple[int, int]]:
    """Make the acts what they are now.

    Args:
        server: where they are.
        hold: by which the store is held.
        rows: reads a table of the graph.

    Returns:
        By kind of act how many there were, and how many there are.
    """
    loaded = in_order_of_loading(_whole(rows, GraphTable(node("Source"), [])))
    made = [(table, brought_over(element, table.end, _whole(rows, table), loaded)) for element, table in _acts()]
    new_id = {old: new for _, acts in made for old, new in acts.new_id.items()}
    _rename_bursts(server, hold, rows, new_id)
    counts: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for table, acts in made:
        _write(server, hold, table, acts)
        before, after = counts[table.element.name]
        counts[table.element.name] = (before + acts.before, after + acts.rows.num_rows)
    return dict(counts)


def _acts() -> Iterator[tuple[Relation, GraphTable]]:
    for _, element, start, end in every_table():
        if element.name in INTERACTIONS and isinstance(element, Relation):
            yield element, GraphTable(element, [], start, end)


def _whole(rows: Rows, table: GraphTable) -> pa.Table:
    schema = schema_of(table.element)
    read = rows(table.element, table.start, table.end)
    return pa.concat_tables([schema.empty_table(), *(conform(batch, schema) for batch in read)])


def _rename_bursts(server: Server, hold: Hold, rows: Rows, new_id: dict[str, str]) -> None:
    table = GraphTable(node("Burst"), [])
    bursts = _whole(rows, table)
    ids = [renamed(of, new_id) for of in bursts["interactions"].to_pylist()]
    at = bursts.schema.get_field_index("interactions")
    bursts = bursts.set_column(at, "interactions", pa.array(ids, pa.list_(pa.string())))
    for begin in range(0, bursts.num_rows, _ACTS):
        server.change(partial(_replace, table, bursts.slice(begin, _ACTS), hold))


def _write(server: Server, hold: Hold, table: GraphTable, acts: BroughtOver) -> None:
    """Put each act into the place of those that it was made of, both in one transaction."""
    old_ids: defaultdict[str, list[str]] = defaultdict(list)
    for old, new in acts.new_id.items():
        old_ids[new].append(old)
    for begin in range(0, acts.rows.num_rows, _ACTS):
        piece = acts.rows.slice(begin, _ACTS)
        ids = [i for new in piece["id"].to_pylist() for i in old_ids[new]]
        server.change(partial(_put, table, piece, ids, hold))


def _put(table: GraphTable, rows: pa.Table, old: list[str], hold: Hold, run: Run) -> None:
    hold.renew(run)
    name = table.element.name
    seek = f"MATCH (a)-[e:`{name}` {{id: i}}]->(b) USING INDEX SEEK e:`{name}`(id)"
    run(f"UNWIND $ids AS i {seek} DELETE e", ids=old)
    run(creating(table), rows=records(table, rows))

"""Bringing a store of an older model over on a server: in many transactions, so that it can be begun again.

What names acts is written before the acts themselves: begun again, it has the new ids already.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa

from graphwatch.model import INTERACTIONS, node
from graphwatch.model.declaring import Relation
from graphwatch.model.tables import GraphTable, conform, every_table, schema_of
from graphwatch.store.bringing_over import BroughtOver, brought_over, in_order_of_loading, renamed
from graphwatch.store.server.connection import Server
from graphwatch.store.server.erasing import Rows
from graphwatch.store.server.writing import LEASE, Run, creating, records, replacing

_PIECE: Final = 2_000


def bring_over(server: Server, holder: str, rows: Rows) -> dict[str, tuple[int, int]]:
    """Make the acts what they are now.

    Args:
        server: where they are.
        holder: who holds the store.
        rows: reads a table of the graph.

    Returns:
        By kind of act how many there were, and how many there are.
    """
    loaded = in_order_of_loading(_whole(rows, GraphTable(node("Source"), [])))
    made = [(table, brought_over(element, table.end, _whole(rows, table), loaded)) for element, table in _acts()]
    new_id = {old: new for _, acts in made for old, new in acts.new_id.items()}
    _rename_bursts(server, holder, rows, new_id)
    counts: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for table, acts in made:
        _write(server, holder, table, acts)
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


def _rename_bursts(server: Server, holder: str, rows: Rows, new_id: dict[str, str]) -> None:
    table = GraphTable(node("Burst"), [])
    bursts = _whole(rows, table)
    ids = [renamed(of, new_id) for of in bursts["interactions"].to_pylist()]
    at = bursts.schema.get_field_index("interactions")
    bursts = bursts.set_column(at, "interactions", pa.array(ids, pa.list_(pa.string())))
    for begin in range(0, bursts.num_rows, _PIECE):
        server.change(partial(_replace, table, bursts.slice(begin, _PIECE), holder))


def _replace(table: GraphTable, rows: pa.Table, holder: str, run: Run) -> None:
    run(LEASE, holder=holder)
    run(replacing(table), rows=records(table, rows))


def _write(server: Server, holder: str, table: GraphTable, acts: BroughtOver) -> None:
    """Put each act into the place of those that it was made of, both in one transaction."""
    old_ids: defaultdict[str, list[str]] = defaultdict(list)
    for old, new in acts.new_id.items():
        old_ids[new].append(old)
    for begin in range(0, acts.rows.num_rows, _PIECE):
        piece = acts.rows.slice(begin, _PIECE)
        ids = [i for new in piece["id"].to_pylist() for i in old_ids[new]]
        server.change(partial(_put, table, piece, ids, holder))


def _put(table: GraphTable, rows: pa.Table, old: list[str], holder: str, run: Run) -> None:
    run(LEASE, holder=holder)
    name = table.element.name
    seek = f"MATCH (a)-[e:`{name}` {{id: i}}]->(b) USING INDEX SEEK e:`{name}`(id)"
    run(f"UNWIND $ids AS i {seek} DELETE e", ids=old)
    run(creating(table), rows=records(table, rows))

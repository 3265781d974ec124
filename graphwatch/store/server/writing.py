"""A batch on its way into a store on a server."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import StoreError
from graphwatch.model.acts import Retimed
from graphwatch.model.declaring import Node
from graphwatch.model.tables import GraphTable, conform
from graphwatch.store.base import Written
from graphwatch.store.merge import Merged, merge
from graphwatch.store.server.connection import Server
from graphwatch.store.server.project_node import Hold, Run
from graphwatch.store.values import batch_of

# Measured: relations go in fastest 5,000 at a time, nodes a little faster in larger batches.
_RELATION_ROWS: Final = 5_000
_NODE_ROWS: Final = 20_000


class ServerWriting:
    """A batch under way: each piece of rows is compared with the server and written in one transaction."""

    def __init__(self, server: Server, hold: Hold) -> None:
        self._server, self._hold = server, hold
        self._is_begun = False
        self._runs: list[str] = []

    def add(self, table: GraphTable) -> Written:
        element = table.element
        new = changed = unchanged = 0
        retimed: Retimed = Counter()
        for rows in _pieces(table):
            if element.name == "Run":
                rows = self._held_back(rows)
            done = self._server.change(partial(self._write, table, rows))
            self._is_begun = True
            new, changed = new + done.new.num_rows, changed + done.changed.num_rows
            unchanged, retimed = unchanged + done.unchanged, retimed + done.retimed
        return Written(element.name, new, changed, unchanged, retimed)

    def finish(self) -> None:
        """Publish the runs that were written, which no query reads before; the batch is there as a whole."""
        if self._is_begun:
            self._server.change(self._hold.end)
        if self._runs:
            query = "MATCH (r:Run) WHERE r.id IN $runs SET r.status = 'complete'"
            self._server.execute(query, runs=self._runs)

    def _held_back(self, rows: pa.Table) -> pa.Table:
        """Runs that are to be complete, as being written; what only adds to a run leaves it what it is."""
        status = rows["status"].to_pylist()
        self._runs += [run for run, s in zip(rows["id"].to_pylist(), status, strict=True) if s == "complete"]
        index = rows.schema.get_field_index("status")
        held = ["writing" if s == "complete" else s for s in status]
        return rows.set_column(index, "status", pa.array(held, pa.string()))

    def _write(self, table: GraphTable, rows: pa.Table, run: Run) -> Merged:
        self._hold.renew(run)
        if not self._is_begun:
            self._hold.begin(run)
        if self._hold.kind == "load" and table.element.name == "Source":
            # It comes last, and a load whose Source is known is not done again: killed after it, all would be there.
            self._hold.end(run)
        [known] = run(_known(table), ids=rows["id"].to_pylist())
        outcome = merge(table.element, rows, _table(table, known["rows"]))
        if outcome.new.num_rows:
            made = run(creating(table), rows=records(table, outcome.new))[0]["n"]
            if made != outcome.new.num_rows:
                raise StoreError(
                    f"{outcome.new.num_rows - made} {table.element.name} relations have no node at one of their ends",
                    where=self._server.address.uri,
                    remedy="Nothing of this piece was written. Please report this with the file that was loaded.",
                )
        if outcome.changed.num_rows:
            run(replacing(table), rows=records(table, outcome.changed))
        return outcome


def compared(server: Server, table: GraphTable) -> Written:
    """What writing the table would do to the server."""
    new = changed = unchanged = 0
    retimed: Retimed = Counter()
    for rows in _pieces(table):
        known = server.gathered(_known(table), {"ids": rows["id"].to_pylist()})
        outcome = merge(table.element, rows, _table(table, known))
        new, changed = new + outcome.new.num_rows, changed + outcome.changed.num_rows
        unchanged, retimed = unchanged + outcome.unchanged, retimed + outcome.retimed
    return Written(table.element.name, new, changed, unchanged, retimed)


def _pieces(table: GraphTable) -> Iterator[pa.Table]:
    size = _NODE_ROWS if isinstance(table.element, Node) else _RELATION_ROWS
    for batch in table.batches:
        rows = conform(batch, table.schema)
        for begin in range(0, rows.num_rows, size):
            yield rows.slice(begin, size)


def _found(table: GraphTable) -> str:
    """Match by id. The hint matters: planned while a table is small, the query would scan it for ever after."""
    name = table.element.name
    pattern = f"(e:`{name}` {{id: i}})" if table.start is None else f"(a)-[e:`{name}` {{id: i}}]->(b)"
    return f"MATCH {pattern} USING INDEX SEEK e:`{name}`(id)"


def _known(table: GraphTable) -> str:
    """The rows of these ids as one list, as `Server.gathered` has them."""
    columns = ", ".join(f"e.`{p.name}`" for p in table.element.properties)
    ends = "" if table.start is None else "a.id, b.id, "
    return f"UNWIND $ids AS i {_found(table)} RETURN collect([{ends}{columns}]) AS rows"


def _table(table: GraphTable, known: list[list[Any]]) -> pa.Table:
    return pa.Table.from_batches([batch_of(known, table.schema)])


def creating(table: GraphTable) -> str:
    """The statement that makes `$rows` anew, and says how many it made."""
    name = table.element.name
    if table.start is None:
        return f"UNWIND $rows AS row CREATE (e:`{name}`) SET e = row.properties RETURN count(*) AS n"
    return (
        f"UNWIND $rows AS row MATCH (a:`{table.start}` {{id: row.start}}) MATCH (b:`{table.end}` {{id: row.end}}) "
        f"CREATE (a)-[e:`{name}`]->(b) SET e = row.properties RETURN count(*) AS n"
    )


def replacing(table: GraphTable) -> str:
    """The statement that overwrites known rows with `$rows`."""
    return f"UNWIND $rows AS row WITH row, row.properties.id AS i {_found(table)} SET e = row.properties"


def records(table: GraphTable, rows: pa.Table) -> list[dict[str, Any]]:
    """The rows as the statements take them."""
    properties = rows.select([p.name for p in table.element.properties]).to_pylist()
    if table.start is None:
        return [{"properties": p} for p in properties]
    ends = zip(rows["from"].to_pylist(), rows["to"].to_pylist(), properties, strict=True)
    return [{"start": start, "end": end, "properties": p} for start, end, p in ends]

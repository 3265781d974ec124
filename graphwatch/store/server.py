"""A store on a Neo4j server, whose own durability is the record."""

import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import StoreError, StoreLocked, StoreMissing, StoreNewer
from graphwatch.model import MODEL_VERSION, Element, Node, Relation, digest, elements
from graphwatch.settings import LOCK_WAIT_SECONDS
from graphwatch.store.address import Address
from graphwatch.store.base import StoreInfo, Writing, Written
from graphwatch.store.columns import assemble
from graphwatch.store.merge import conform, merge
from graphwatch.store.neo4j import Server
from graphwatch.tables import GraphTable, InteractionColumns, schema_of

# Measured: relations go in fastest 5,000 at a time, nodes a little faster in larger batches.
_RELATION_ROWS: Final = 5_000
_NODE_ROWS: Final = 20_000
_READ_ROWS: Final = 20_000
# A writer that has not been heard of for this long has gone.
_LEASE_MS: Final = 60_000
_PROJECT: Final = "GraphwatchProject"

Run = Callable[..., list[dict[str, Any]]]


class ServerStore:
    """A store in one database of a Neo4j server. One database holds one project.

    A batch is written in many transactions, so it is idempotent instead of atomic: one that was stopped in the middle
    and is begun again ends as if it had never been stopped.
    """

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self._server = Server(address)
        self._place = address.uri + (f"/{address.database}" if address.database else "")
        try:
            self._check(create)
        except BaseException:
            self._server.close()
            raise

    # --- the seam -------------------------------------------------------------------------------

    @contextmanager
    def write(self, kind: str) -> Iterator[Writing]:
        holder = f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}"
        if not self.exists:
            self._create()
        self._acquire(holder, kind)
        try:
            self._bring_up_to_date()
            self._remove_unfinished_runs()
            writing = ServerWriting(self._server, holder)
            yield writing
            writing.finish()
        finally:
            self._release(holder)

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> pa.Table:
        return self._server.read(cypher, parameters, timeout=timeout, limit=limit)

    @contextmanager
    def session(self) -> Iterator[None]:
        yield  # a server has no state that one reader could hold for several queries

    def interactions(self, kinds: tuple[str, ...]) -> InteractionColumns:
        place = "toInteger(split(elementId({}), ':')[2])".format
        ends = {
            label: self._server.read(f"MATCH (n:`{label}`) RETURN {place('n')} AS place, n.id AS id")
            for label in ("Account", "Post")
        }
        rows = {
            kind: self._server.read(
                f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) "
                f"RETURN {place('a')} AS account, {place('o')} AS object, r.at_ms AS at_ms"
            )
            for kind in kinds
        }
        return assemble(ends["Account"], ends["Post"], rows)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        for element in elements():
            ends: tuple[tuple[str | None, str | None], ...]
            ends = element.ends if isinstance(element, Relation) else ((None, None),)
            for start, end in ends:
                name = element.name if start is None else f"{element.name} {start}-{end}"
                yield name, GraphTable(element, self._rows(element, start, end), start, end)

    def info(self) -> StoreInfo:
        counts = {e.name: self._count(e) for e in elements()}
        return StoreInfo(self._place, self._server.version, MODEL_VERSION, None, None, counts)

    def close(self) -> None:
        self._server.close()

    @property
    def exists(self) -> bool:
        return bool(self._server.read(f"MATCH (p:{_PROJECT}) RETURN p.id AS id").num_rows)

    # --- how it is kept -------------------------------------------------------------------------

    def _check(self, create: bool) -> None:
        found = self._server.read(f"MATCH (p:{_PROJECT}) RETURN p.model_version AS version").to_pylist()
        if found and found[0]["version"] > MODEL_VERSION:
            raise StoreNewer(
                f"the store has model version {found[0]['version']}, this graphwatch knows up to {MODEL_VERSION}",
                where=self._place,
                remedy="Update graphwatch, then open the store again.",
            )
        if not found and not create:
            raise StoreMissing(
                "there is no graphwatch store on this server",
                where=self._place,
                remedy="`graphwatch load FILE --store ADDRESS` makes one in an empty database.",
            )

    def _create(self) -> None:
        if self._server.read("MATCH (n) RETURN 1 AS one LIMIT 1").num_rows:
            raise StoreError(
                "the database holds other data and no graphwatch store",
                where=self._place,
                remedy="Use an empty database: one database holds one project, and Community has one database a server.",
            )
        self._server.define(
            f"CREATE CONSTRAINT graphwatch_project IF NOT EXISTS FOR (p:{_PROJECT}) REQUIRE p.id IS UNIQUE"
        )
        self._server.change(
            lambda run: run(
                f"MERGE (p:{_PROJECT} {{id: 'project'}}) "
                "ON CREATE SET p.project = $project, p.model_version = $version, p.model = ''",
                project=secrets.token_hex(8),
                version=MODEL_VERSION,
            )
        )

    def _bring_up_to_date(self) -> None:
        """Make the constraints of the model where the declaration has changed since they were made."""
        made = self._server.read(f"MATCH (p:{_PROJECT}) RETURN p.model AS model")["model"][0].as_py()
        if made == digest():
            return
        for element in elements():
            pattern = f"(e:`{element.name}`)" if isinstance(element, Node) else f"()-[e:`{element.name}`]-()"
            name = f"graphwatch_{element.name.lower()}"
            self._server.define(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR {pattern} REQUIRE e.id IS UNIQUE")
        self._server.change(
            lambda run: run(
                f"MATCH (p:{_PROJECT}) SET p.model = $model, p.model_version = $version",
                model=digest(),
                version=MODEL_VERSION,
            )
        )

    def _acquire(self, holder: str, kind: str) -> None:
        command = f"process {os.getpid()} on {platform.node()} ({kind})"
        take = (
            f"MATCH (p:{_PROJECT}) SET p.touched = timestamp() "  # takes the write lock before looking
            "WITH p WHERE p.holder IS NULL OR p.holder_until_ms < timestamp() "
            f"SET p.holder = $holder, p.holder_name = $name, p.holder_until_ms = timestamp() + {_LEASE_MS} "
            "RETURN p.holder AS holder"
        )
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while not self._server.change(lambda run: run(take, holder=holder, name=command)):
            if time.monotonic() >= deadline:
                held = self._server.read(f"MATCH (p:{_PROJECT}) RETURN p.holder_name AS name")["name"][0].as_py()
                raise StoreLocked(
                    f"the store is being written by {held or 'another process'}",
                    where=self._place,
                    remedy=f"Wait until it has finished; a writer that was killed is forgotten after {_LEASE_MS // 1000} s.",
                )
            time.sleep(0.2)

    def _release(self, holder: str) -> None:
        self._server.change(
            lambda run: run(
                f"MATCH (p:{_PROJECT}) WHERE p.holder = $holder REMOVE p.holder, p.holder_name, p.holder_until_ms",
                holder=holder,
            )
        )

    def _remove_unfinished_runs(self) -> None:
        """Runs whose writer was stopped: their relations, their clusters, themselves."""
        unfinished = self._server.read("MATCH (r:Run) WHERE r.status = 'writing' RETURN r.id AS id")["id"].to_pylist()
        for run_id in unfinished:
            for element in reversed(list(elements())):
                if all(p.name != "run" for p in element.properties):
                    continue
                pattern = f"(e:`{element.name}`)" if isinstance(element, Node) else f"()-[e:`{element.name}`]->()"
                verb = "DETACH DELETE" if isinstance(element, Node) else "DELETE"
                erase = f"MATCH {pattern} WHERE e.run = $run WITH e LIMIT {_NODE_ROWS} {verb} e RETURN count(*) AS n"
                while self._server.change(lambda run, q=erase, i=run_id: run(q, run=i))[0]["n"]:
                    pass
            self._server.change(lambda run, i=run_id: run("MATCH (r:Run {id: $run}) DETACH DELETE r", run=i))

    def _rows(self, element: Element, start: str | None, end: str | None) -> Iterator[pa.RecordBatch]:
        columns = ", ".join(f"e.`{p.name}` AS `{p.name}`" for p in element.properties)
        if isinstance(element, Node):
            query = f"MATCH (e:`{element.name}`) RETURN {columns}"
        else:
            query = f"MATCH (a:`{start}`)-[e:`{element.name}`]->(b:`{end}`) RETURN a.id AS `from`, b.id AS `to`, {columns}"
        for rows in self._server.stream(query, _READ_ROWS):
            yield pa.RecordBatch.from_pylist(rows, schema=schema_of(element))

    def _count(self, element: Element) -> int:
        pattern = f"(e:`{element.name}`)" if isinstance(element, Node) else f"()-[e:`{element.name}`]->()"
        return int(self._server.read(f"MATCH {pattern} RETURN count(e) AS n")["n"][0].as_py())


class ServerWriting:
    """A batch under way: each piece of rows is compared with the server and written in one transaction."""

    def __init__(self, server: Server, holder: str) -> None:
        self._server, self._holder = server, holder
        self._runs: list[str] = []

    def add(self, table: GraphTable) -> Written:
        element = table.element
        counts = [0, 0, 0]
        for rows in _pieces(table):
            if element.name == "Run":
                rows = self._held_back(rows)
            done = self._server.change(lambda run, r=rows: self._write(run, table, r))
            counts = [a + b for a, b in zip(counts, done, strict=True)]
        return Written(element.name, *counts)

    def finish(self) -> None:
        """Publish the runs that were written; until now nobody reads them."""
        if self._runs:
            query = "MATCH (r:Run) WHERE r.id IN $runs SET r.status = 'complete'"
            self._server.change(lambda run: run(query, runs=self._runs))

    def _held_back(self, rows: pa.Table) -> pa.Table:
        self._runs += rows["id"].to_pylist()
        index = rows.schema.get_field_index("status")
        return rows.set_column(index, "status", pa.array(["writing"] * rows.num_rows))

    def _write(self, run: Run, table: GraphTable, rows: pa.Table) -> tuple[int, int, int]:
        lease = f"MATCH (p:{_PROJECT}) WHERE p.holder = $holder SET p.holder_until_ms = timestamp() + {_LEASE_MS}"
        run(lease, holder=self._holder)
        known = run(_known(table), ids=rows["id"].to_pylist())
        existing = pa.Table.from_pylist(known, schema=table.schema)
        outcome = merge(table.element, rows, existing)
        if outcome.new.num_rows:
            made = run(_create(table), rows=_records(table, outcome.new))[0]["n"]
            if made != outcome.new.num_rows:
                raise StoreError(
                    f"{outcome.new.num_rows - made} {table.element.name} relations have no node at one of their ends",
                    where=self._server.address.uri,
                    remedy="Nothing of this piece was written. Please report this with the file that was loaded.",
                )
        if outcome.changed.num_rows:
            run(_replace(table), rows=_records(table, outcome.changed))
        return outcome.new.num_rows, outcome.changed.num_rows, outcome.unchanged


def _pieces(table: GraphTable) -> Iterator[pa.Table]:
    size = _NODE_ROWS if isinstance(table.element, Node) else _RELATION_ROWS
    for batch in table.batches:
        rows = conform(batch, table.schema)
        for begin in range(0, rows.num_rows, size):
            yield rows.slice(begin, size)


def _pattern(table: GraphTable) -> str:
    name = table.element.name
    return f"(e:`{name}` {{id: i}})" if table.start is None else f"(a)-[e:`{name}` {{id: i}}]->(b)"


def _known(table: GraphTable) -> str:
    columns = ", ".join(f"e.`{p.name}` AS `{p.name}`" for p in table.element.properties)
    ends = "" if table.start is None else "a.id AS `from`, b.id AS `to`, "
    return f"UNWIND $ids AS i MATCH {_pattern(table)} RETURN {ends}{columns}"


def _create(table: GraphTable) -> str:
    name = table.element.name
    if table.start is None:
        return f"UNWIND $rows AS row CREATE (e:`{name}`) SET e = row.properties RETURN count(*) AS n"
    return (
        f"UNWIND $rows AS row MATCH (a:`{table.start}` {{id: row.start}}) MATCH (b:`{table.end}` {{id: row.end}}) "
        f"CREATE (a)-[e:`{name}`]->(b) SET e = row.properties RETURN count(*) AS n"
    )


def _replace(table: GraphTable) -> str:
    return f"UNWIND $rows AS row WITH row, row.properties.id AS i MATCH {_pattern(table)} SET e = row.properties"


def _records(table: GraphTable, rows: pa.Table) -> list[dict[str, Any]]:
    properties = rows.select([p.name for p in table.element.properties]).to_pylist()
    if table.start is None:
        return [{"properties": p} for p in properties]
    ends = zip(rows["from"].to_pylist(), rows["to"].to_pylist(), properties, strict=True)
    return [{"start": start, "end": end, "properties": p} for start, end, p in ends]

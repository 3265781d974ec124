"""The graph file of an embedded store: opening it, applying journal entries, reading it.

Only this module imports ladybug. The file can be thrown away and made again from the journal.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import QueryError, QueryTimeout, StoreDamaged
from graphwatch.model import Element, digest, elements
from graphwatch.model.declaring import Node
from graphwatch.model.scope import Scope
from graphwatch.model.tables import GraphTable, InteractionColumns, conform, every_table, schema_of
from graphwatch.store import scoping
from graphwatch.store.columns import columns_of
from graphwatch.store.embedded import dialect
from graphwatch.store.embedded.entries import Entry
from graphwatch.store.values import normalised, whole_numbers

# Up to here an entry is applied in one transaction; above, the engine is 1.5 times as fast without one. Neither is
# trusted to outlive a kill: rows that COPY brought are not in the engine's log.
TRANSACTION_ROWS: Final = 50_000
_STATE: Final = "GraphState"


def engine_version() -> str:
    """Name and version of the embedded engine."""
    import ladybug

    return f"ladybug {ladybug.__version__}"


def _memory() -> int:
    """Bytes the engine may use: half of the machine, at most 8 GiB."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        machine = 4 << 30
    return int(min(machine // 2, 8 << 30))


class Graph:
    """An open graph file."""

    def __init__(self, file: Path, *, read_only: bool) -> None:
        import ladybug

        try:
            self._database = ladybug.Database(file, read_only=read_only, buffer_pool_size=_memory())
            self._connection = ladybug.Connection(self._database)
        except (RuntimeError, OSError) as error:
            raise StoreDamaged(
                f"the graph file cannot be opened: {error}",
                where=str(file),
                remedy="Run `graphwatch store rebuild`: it is made again from the journal.",
            ) from error

    def close(self) -> None:
        self._connection.close()
        self._database.close()

    def prepare(self) -> None:
        """Make the tables of the model, and add what was declared since they were made."""
        self._execute(f"CREATE NODE TABLE IF NOT EXISTS {_STATE}(id STRING PRIMARY KEY, value STRING)")
        tables = set(self._execute("CALL show_tables() RETURN name")["name"].to_pylist())
        self._execute("BEGIN TRANSACTION")
        for element in elements():
            if element.name not in tables:
                self._execute(dialect.create_table(element))
                continue
            there = set(self._execute(f"CALL table_info('{element.name}') RETURN name")["name"].to_pylist())
            for property in element.properties:
                if property.name not in there:
                    self._execute(dialect.add_column(element, property))
        self._set_state("model", digest())
        self._set_state("engine", engine_version())
        self._execute("COMMIT")

    def note_head(self, head: str) -> None:
        """Note the number and digest of the last entry that the graph holds."""
        self._set_state("head", head)

    def state(self) -> dict[str, str]:
        """What the graph says of itself: `head` (last applied entry), `model`, `engine`; empty if unreadable."""
        try:
            rows = self._execute(f"MATCH (s:{_STATE}) RETURN s.id AS id, s.value AS value")
        except QueryError:
            return {}
        return dict(zip(rows["id"].to_pylist(), rows["value"].to_pylist(), strict=True))

    def _set_state(self, name: str, value: str) -> None:
        self._execute(f"MERGE (s:{_STATE} {{id: $name}}) SET s.value = $value", {"name": name, "value": value})

    def apply(self, entry: Entry) -> None:
        """Bring the entry's rows into the graph and note it as the head.

        Raises:
            QueryError: the engine refused a row; the graph must then be rolled back or made again.
        """
        if entry.rows > TRANSACTION_ROWS:
            self._apply_parts(entry)
            return
        self._execute("BEGIN TRANSACTION")
        try:
            self._apply_parts(entry)
        except QueryError:
            raise  # the engine has rolled back already
        except BaseException:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def _apply_parts(self, entry: Entry) -> None:
        by_name: dict[str, Element] = {e.name: e for e in elements()}
        for part in entry.parts:
            element = by_name.get(part.element)
            if part.operation == "log" or element is None:
                continue
            if part.operation == "insert":
                self.copy(element, part.start, part.end, entry.file(part), entry.columns(part))
                continue
            schema, copy = schema_of(element), dialect.copy_rows(element, part.start, part.end)
            for table in entry.tables(part):
                rows = conform(table, schema)
                if isinstance(element, Node):
                    self._execute(dialect.update_nodes(element), {"t": rows})
                else:
                    assert part.start is not None
                    assert part.end is not None
                    delete = dialect.delete_relations(element, part.start, part.end)
                    self._execute(delete, {"t": rows.select(["id"])})
                    self._execute(copy, {"t": rows})
        self.note_head(entry.head)

    def copy(self, element: Element, start: str | None, end: str | None, file: Path, names: list[str]) -> None:
        """Append the rows of a Parquet file whose columns are `names`; none of them is in the graph.

        Raises:
            QueryError: the engine refused a row.
        """
        self._execute(dialect.copy_file(element, start, end, file, names))

    def known(self, element: Element, start: str | None, end: str | None, ids: pa.Table) -> pa.Table:
        """The stored rows of those ids, in the element's schema."""
        query = dialect.known_rows(element, start, end)
        return conform(self._execute(query, {"t": ids}), schema_of(element))

    def is_empty(self, element: Element) -> bool:
        pattern = f"(n:`{element.name}`)" if isinstance(element, Node) else f"()-[n:`{element.name}`]->()"
        return bool(self._execute(f"MATCH {pattern} RETURN n.id AS id LIMIT 1").num_rows == 0)

    def count(self, element: Element) -> int:
        """How many there are of a node or relation."""
        pattern = f"(n:`{element.name}`)" if isinstance(element, Node) else f"()-[n:`{element.name}`]->()"
        return int(self._execute(f"MATCH {pattern} RETURN count(*) AS n")["n"][0].as_py())

    def interactions(self, scope: Scope, window_ms: int) -> InteractionColumns:
        """Read by the engine's internal offsets, which are integers: far quicker than ids."""

        def ask(begin: scoping.Clause, end: str) -> pa.Table:
            return self._execute(f"{begin.cypher} {end}", begin.parameters)

        def timed(kind: str) -> pa.Table:
            columns = f"{_place('a')} AS account, {_place('o')} AS object, r.at_ms AS at_ms"
            return ask(scoping.timed(scope, kind, window_ms), f"RETURN {columns}")

        return columns_of(scope, window_ms, ask, _place, timed)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        """Every table with its name, in an order in which they can be written."""
        for name, element, start, end in every_table():
            rows = conform(self._execute(dialect.all_rows(element, start, end)), schema_of(element))
            yield name, GraphTable(element, rows.to_batches(), start, end)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> pa.Table:
        """Rows of a query, its errors translated."""
        return normalised(self.found(cypher, parameters, timeout))

    def found(self, cypher: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> pa.Table:
        """Rows as `read` gives them, with nodes, relations and paths as the engine has them."""
        self._connection.set_query_timeout(int(timeout * 1000) if timeout else 0)
        try:
            return whole_numbers(self._execute(cypher, parameters))
        except QueryTimeout as error:
            raise QueryTimeout(
                f"the query was stopped after {timeout:g} s",
                remedy="Narrow it (a LIMIT, a time range, a shorter pattern) or allow more with --timeout.",
            ) from error

    def _execute(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        try:
            result: Any = self._connection.execute(cypher, dict(parameters or {}))
            return result.get_as_arrow() if result.get_column_names() else pa.table({})
        except RuntimeError as error:
            message = str(error).strip()
            if message.startswith("Interrupted"):
                raise QueryTimeout("the query was stopped") from error
            raise QueryError(f"the engine refused the query: {message}") from error


@contextmanager
def opened(file: Path, *, read_only: bool) -> Iterator[Graph]:
    """An open graph that is closed when the block ends."""
    graph = Graph(file, read_only=read_only)
    try:
        yield graph
    finally:
        graph.close()


def _place(variable: str) -> str:
    """The engine's integer for a node."""
    return f"offset(id({variable}))"

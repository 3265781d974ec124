"""The graph file of an embedded store: the model in the engine's own words, writing rows, reading.

Only this module imports ladybug. The file can be thrown away and made again from the journal. Names in a statement come
from the model only; values travel as parameters.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graphwatch.errors import QueryError, QueryTimeout, StoreDamaged
from graphwatch.model import Element, elements
from graphwatch.model.declaring import Node, Relation, Type
from graphwatch.model.tables import GraphTable, conform, every_table, schema_of
from graphwatch.store.embedded import slim
from graphwatch.store.values import normalised, whole_numbers

_PATTERN: Final = re.compile(r"[*?[]")
_TYPES: Final = {
    Type.TEXT: "STRING",
    Type.INTEGER: "INT64",
    Type.REAL: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.TEXTS: "STRING[]",
}


def columns_to_make(element: Element) -> dict[str, str]:
    """The columns of a table by name, as CREATE and ALTER write them."""
    types = {p.name: _TYPES[p.type] for p in element.properties} | slim.columns_of(element)
    return {name: f"`{name}` {type}" for name, type in types.items()}


def create_table(element: Element) -> str:
    """The statement that makes the table of a node or relation.

    >>> from graphwatch.model import relation
    >>> create_table(relation("SUPPORTS"))
    'CREATE REL TABLE `SUPPORTS`(FROM `Page` TO `Paslon`, `id` STRING)'
    """
    columns = ", ".join(columns_to_make(element).values())
    if isinstance(element, Node):
        return f"CREATE NODE TABLE `{element.label}`({columns}, PRIMARY KEY(`id`))"
    ends = ", ".join(f"FROM `{a}` TO `{b}`" for a, b in element.ends)
    return f"CREATE REL TABLE `{element.type}`({ends}, {columns})"


def copy_file(element: Element, start: str | None, end: str | None, file: Path, names: list[str]) -> str:
    """Append the rows of a Parquet file whose columns are `names`; properties that it lacks become null.

    One COPY of the whole file: the engine rewrites what it has with each further one (a million relations take
    13 s in one piece and 55 s in four).
    """
    known = columns_to_make(element)
    columns = [n for n in names if n in known]
    ends = f" (from='{start}', to='{end}')" if isinstance(element, Relation) else ""
    path = _path(file)
    wanted = [*(("from", "to") if isinstance(element, Relation) else ()), *columns]
    if wanted != names:  # properties that the model no longer has are left behind
        path = f"(LOAD FROM {path} RETURN {', '.join(f'`{n}`' for n in wanted)})"
    return f"COPY `{element.name}`({', '.join(f'`{n}`' for n in columns)}) FROM {path}{ends}"


def create_nodes(element: Node, file: Path, names: list[str]) -> str:
    """Append the nodes of a Parquet file whose columns are `names`, one by one.

    >>> from graphwatch.model import node
    >>> print(create_nodes(node("Agency"), Path("/a.parquet"), ["id", "name", "no longer"]))
    LOAD FROM '/a.parquet' CREATE (:`Agency` {`id`: `id`, `name`: `name`})
    """
    known = columns_to_make(element)
    properties = ", ".join(f"`{n}`: `{n}`" for n in names if n in known)
    return f"LOAD FROM {_path(file)} CREATE (:`{element.label}` {{{properties}}})"


def copy_rows(element: Element, start: str | None, end: str | None) -> str:
    """Append the rows of the Arrow table bound as `$t`, which has all columns of the table."""
    columns = ", ".join(f"`{name}`" for name in columns_to_make(element))
    ends = f" (from='{start}', to='{end}')" if isinstance(element, Relation) else ""
    return f"COPY `{element.name}`({columns}) FROM $t{ends}"


def update_nodes(element: Node) -> str:
    """Overwrite the properties of known nodes with the rows bound as `$t`."""
    names = [p.name for p in element.properties]
    taken = ", ".join(f"`{n}` AS new_{n}" for n in names)
    set_all = ", ".join(f"n.`{n}` = new_{n}" for n in names if n != "id")
    return f"LOAD FROM $t WITH {taken} MATCH (n:`{element.label}`) WHERE n.id = new_id SET {set_all}"


def delete_relations(element: Relation, start: str, end: str, column: str = "id") -> str:
    """Delete the relations whose ids are bound as `$t`; merging them one by one costs milliseconds each."""
    pattern = f"(a:`{start}`)-[r:`{element.type}`]->(b:`{end}`)"
    old = "UUID(old)" if column != "id" else "old"
    return f"LOAD FROM $t WITH {old} AS old_id MATCH {pattern} WHERE r.`{column}` = old_id DELETE r"


def all_rows(element: Element, start: str | None = None, end: str | None = None, *, is_slim: bool = True) -> str:
    """Every row, with the columns of its Arrow schema, of a graph that keeps acts as numbers or as they are told."""
    if isinstance(element, Node):
        returned = ", ".join(f"n.`{p.name}` AS `{p.name}`" for p in element.properties)
        return f"MATCH (n:`{element.label}`) RETURN {returned}"
    types = [element.type] if is_slim else []
    properties = ", ".join(f"{slim.asked('r', p.name, types)} AS `{p.name}`" for p in element.properties)
    pattern = f"(a:`{start}`)-[r:`{element.type}`]->(b:`{end}`)"
    return f"MATCH {pattern} RETURN a.id AS `from`, b.id AS `to`, {properties}"


def _pattern(element: Element, start: str | None = None, end: str | None = None) -> str:
    """What is matched of one table; without labels at its ends the engine plans for every pair of them.

    >>> from graphwatch.model import relation
    >>> _pattern(relation("SUPPORTS"), "Page", "Paslon")
    '(:`Page`)-[:`SUPPORTS`]->(:`Paslon`)'
    """
    return f"(:`{element.name}`)" if start is None else f"(:`{start}`)-[:`{element.name}`]->(:`{end}`)"


def _path(file: Path) -> str:
    r"""A file's name as a text that means this file and no other: the engine takes * ? and [ for patterns.

    >>> print(_path(Path("/kasus [1]/it's *.parquet")))
    '/kasus [[]1]/it\'s [*].parquet'
    """
    literal = _PATTERN.sub(r"[\g<0>]", str(file.resolve()))
    return "'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'"


def side_files(graph: Path) -> list[Path]:
    """The files that the engine has left beside its main one: it takes all of them away when it ends well.

    While it commits and checkpoints these are `.wal`, `.wal.checkpoint`, `.shadow` and two locks, and `.tmp` for what
    does not fit into memory; a later engine may have others, so that whatever begins with the graph's name counts.
    """
    return sorted(file for file in graph.parent.iterdir() if file.name.startswith(f"{graph.name}."))


# Up to here rows are written in one transaction; above, the engine is 1.5 times as fast without one. Neither is
# trusted to outlive a kill: rows that COPY brought are not in the engine's log.
TRANSACTION_ROWS: Final = 50_000
_STATE: Final = "GraphState"
# Nodes of which there are hundreds at most, or which nobody asks for by their ids.
_SMALL: Final = frozenset(("Paslon", "Source", "Agency", "Run", "Phase", "Provision", "Decision", "Watch"))
_PIECE_VALUES: Final = 10_000_000
# Measured: a COPY of nodes takes 8 ms for one as for 500, CREATE 1.4 ms for one and 3 ms for 500.
_CREATED_NODES: Final = 500


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

        if file.exists() and not file.is_file():  # the engine would wait for what a pipe has to say
            remedy = "Remove it: the graph is made again from the journal."
            raise StoreDamaged("this is not a graph file", where=str(file), remedy=remedy)
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
        self._make_small(f"CREATE NODE TABLE IF NOT EXISTS {_STATE}(id STRING PRIMARY KEY, value STRING)")
        tables = set(self._execute("CALL show_tables() RETURN name")["name"].to_pylist())
        self._execute("BEGIN TRANSACTION")
        for element in elements():
            if element.name not in tables:
                make = self._make_small if element.name in _SMALL else self._execute
                make(create_table(element))
                continue
            there = set(self._execute(f"CALL table_info('{element.name}') RETURN name")["name"].to_pylist())
            for name, column in columns_to_make(element).items():
                if name not in there:
                    self._execute(f"ALTER TABLE `{element.name}` ADD {column}")
        self._set_state("model", slim.layout())
        self._set_state("engine", engine_version())
        self._execute("COMMIT")

    def _make_small(self, statement: str) -> None:
        """Make a table without an index of its ids, which costs every opening of the file and saves little."""
        self._execute("CALL enable_default_hash_index=false")
        self._execute(statement)
        self._execute("CALL enable_default_hash_index=true")

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

    @contextmanager
    def at_once(self, rows: int) -> Iterator[None]:
        """One transaction for what the block writes, where it is of so few rows that this is the quicker way."""
        if rows > TRANSACTION_ROWS:
            yield
            return
        self._execute("BEGIN TRANSACTION")
        try:
            yield
        except QueryError:
            raise  # the engine has rolled back already
        except BaseException:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def copy(
        self, element: Element, start: str | None, end: str | None, file: Path, names: list[str], rows: int
    ) -> None:
        """Append the rows of a Parquet file, so many, whose columns are `names`; none of them is in the graph.

        Raises:
            QueryError: the engine refused a row.
        """
        # The engine has no COPY into a table that has rows and no index.
        if isinstance(element, Node) and (rows <= _CREATED_NODES or element.name in _SMALL):
            self._execute(create_nodes(element, file, names))
        else:
            self._execute(copy_file(element, start, end, file, names))

    def replace(self, element: Element, start: str | None, end: str | None, rows: pa.Table) -> None:
        """Have these rows instead of those with the same ids, which are in the graph.

        Raises:
            QueryError: the engine refused a row.
        """
        rows = conform(rows, schema_of(element))
        if isinstance(element, Node):
            self._execute(update_nodes(element), {"t": rows})
            return
        assert start is not None
        assert end is not None
        kept = slim.rows(element, rows)
        for column in ("id", *(name for name in slim.columns_of(element) if name == slim.KEY)):
            old = kept.select([column]).rename_columns(["old"]).drop_null()
            if old.num_rows:
                self._execute(delete_relations(element, start, end, column), {"t": old})
        self._execute(copy_rows(element, start, end), {"t": kept})

    def count(self, element: Element) -> int:
        """How many there are of a node or relation."""
        patterns = [_pattern(element)] if isinstance(element, Node) else [_pattern(element, *e) for e in element.ends]
        return sum(self._execute(f"MATCH {pattern} RETURN count(*) AS n")["n"][0].as_py() for pattern in patterns)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        """Every table with its name, in an order in which they can be written."""
        is_slim = slim.is_slim(self.state().get("model", ""))  # one that is saved may be of before
        for name, element, start, end in every_table():
            # Most tables of most graphs are empty, which is known five times as quickly as all of nothing is read.
            if self._execute(f"MATCH {_pattern(element, start, end)} RETURN 1 AS one LIMIT 1").num_rows:
                rows = conform(self._execute(all_rows(element, start, end, is_slim=is_slim)), schema_of(element))
            else:
                rows = schema_of(element).empty_table()
            yield name, GraphTable(element, rows.to_batches(), start, end)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> pa.Table:
        """Rows of a query, its errors translated."""
        return normalised(self.found(cypher, parameters, timeout), slim.whole)

    def found(self, cypher: str, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> pa.Table:
        """Rows as `read` gives them, with nodes, relations and paths as the engine has them.

        A planned text is in the engine's own words already; `slim.in_engine` makes them of others.
        """
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
            return _arrow(result)
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


def _arrow(result: Any) -> pa.Table:
    """What the engine answered.

    It makes room for a whole piece before it fills it, and by itself takes pieces of ten million values: for a few rows
    that takes ten times as long as the query.
    """
    columns = result.get_column_names()
    if not columns:
        return pa.table({})
    piece = min(result.get_num_tuples(), _PIECE_VALUES // len(columns))
    return result.get_as_arrow(max(piece, 1))

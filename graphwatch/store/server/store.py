"""A store on a Neo4j server, whose own durability is the record."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa

from graphwatch.errors import StoreMissing, StoreNewer
from graphwatch.model import MODEL_VERSION, Element, elements, relation
from graphwatch.model.declaring import Node
from graphwatch.model.scope import Scope
from graphwatch.model.tables import GraphTable, InteractionColumns, every_table, schema_of
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.store import scoping
from graphwatch.store.address import Address
from graphwatch.store.base import StoreInfo, Unfinished, Writing, Written
from graphwatch.store.bringing_over import Rebuilt, older
from graphwatch.store.erasing import Erasure
from graphwatch.store.scoping import columns_of
from graphwatch.store.server.connection import Server
from graphwatch.store.server.hiding import without_own_node
from graphwatch.store.server.project_node import Hold, ProjectNode
from graphwatch.store.server.ranges import WHOLE, Range, at_once, ranges
from graphwatch.store.server.rewriting import bring_over, erase
from graphwatch.store.server.writing import ServerWriting, compared
from graphwatch.store.values import batch_of, column_of

# Rows of a range: of nodes and relations with all that they have, and of times, of which an account's are one row.
_READ_ROWS: Final = 20_000
_READ_TIMES: Final = 50_000
_DELETE_ROWS: Final = 20_000


class ServerStore:
    """A store in one database of a Neo4j server. One database holds one project.

    A batch is written in many transactions, so it is idempotent instead of atomic: one that was stopped in the middle
    and is begun again ends as if it had never been stopped.
    """

    engine: Literal["embedded", "neo4j"] = "neo4j"

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self._server = Server(address)
        self._older: int | None = None
        """The model of the store, where that is an older one."""
        self._place = address.uri + (f"/{address.database}" if address.database else "")
        self._node = ProjectNode(self._server, self._place)
        try:
            self._check(create)
        except BaseException:
            self._server.close()
            raise

    # --- the seam -------------------------------------------------------------------------------

    @contextmanager
    def write(self, kind: str, of: str | None = None) -> Iterator[Writing]:
        with self._held(kind, of) as hold:
            writing = ServerWriting(self._current, hold)
            yield writing
            writing.finish()

    def await_turn(self) -> None:
        self._node.await_turn()

    def rows(
        self,
        name: str,
        columns: Sequence[str],
        *,
        ends: tuple[str, str] | None = None,
        ids: Collection[str] | None = None,
    ) -> pa.Table:
        start, end = (f":`{label}`" for label in ends) if ends else ("", "")
        pattern = f"(a{start})-[e:`{name}`]->(b{end})" if ends else f"(e:`{name}`)"
        own = {"from": "a.id", "to": "b.id"}
        told = ", ".join(f"{own.get(column, f'e.`{column}`')} AS `{column}`" for column in columns)
        where = "" if ids is None else "WHERE e.id IN $ids "
        return self._current.read(f"MATCH {pattern} {where}RETURN {told}", {} if ids is None else {"ids": sorted(ids)})

    def catch_up(self) -> None:
        """Nothing is behind."""

    def compared(self, table: GraphTable) -> Written:
        # Before the first batch there are no indexes, which the search asks for.
        if not self.exists:
            return Written(table.element.name, sum(batch.num_rows for batch in table.batches), 0, 0)
        return compared(self._current, table)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        return self._current.read(cypher, parameters)

    def answer(
        self,
        query: CheckedQuery,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        as_written: bool = False,
    ) -> pa.Table:
        text = query.cypher if as_written else without_own_node(query)
        return self._current.read(text, parameters, timeout=timeout, limit=limit)

    def confined(self, work: Callable[[], pa.Table], *, timeout: float | None = None) -> pa.Table:  # noqa: ARG002
        return work()  # the server is a process of its own, and keeps to the time of each query

    @contextmanager
    def session(self, *, of_record: bool = False) -> Iterator[None]:  # noqa: ARG002 - nothing is behind
        yield  # a server has no state that one reader could hold for several queries

    def salvage(self) -> AbstractContextManager[None]:
        return self.session()  # its own durability is the record

    def interactions(self, scope: Scope, window_ms: int) -> InteractionColumns:
        def ask(begin: scoping.Clause, returned: Mapping[str, str]) -> pa.Table:
            rows = [row for part in self._answers(begin, returned, _READ_ROWS) for row in part]
            columns = zip(*rows, strict=True) if rows else [()] * len(returned)
            return pa.table([column_of(list(column)) for column in columns], names=list(returned))

        def timed(kind: str) -> pa.Table:
            return self._timed(scoping.timed(scope, kind, window_ms), self._count(relation(kind)))

        return columns_of(scope, window_ms, ask, _place, timed)

    def _timed(self, begin: scoping.Clause, number: int) -> pa.Table:
        """Timed interactions, gathered by account: four times as fast as one record each.

        With its id beside it an account comes in the order of the index, so that a server holds one at a time.
        """
        by_account = f"WITH a, a.id AS id, collect({_place('o')}) AS object, collect(r.at_ms) AS at_ms"
        returned = {"account": _place("a"), "object": "object", "at_ms": "at_ms"}
        names = list(returned)
        tables = [pa.table([pa.array([], pa.int64())] * 3, names=names)]
        for rows in self._answers(begin._replace(cypher=f"{begin.cypher} {by_account}"), returned, _READ_TIMES, number):
            account, object, at_ms = zip(*rows, strict=True) if rows else ((), (), ())
            of_each = np.repeat(np.array(account, np.int64), [len(times) for times in at_ms])
            lists = (np.fromiter(chain.from_iterable(of), np.int64, len(of_each)) for of in (object, at_ms))
            tables.append(pa.table([of_each, *lists], names=names))
        return pa.concat_tables(tables)

    def _answers(
        self, begin: scoping.Clause, returned: Mapping[str, str], most: int, number: int | None = None
    ) -> Iterator[list[list[Any]]]:
        """The rows of a clause, those of a range of ids after those of another where it may be asked so."""
        told = ", ".join(f"{of} AS {name}" for name, of in returned.items())
        end = f"WITH {told} RETURN collect([{', '.join(returned)}])"
        node = f"({begin.by}:`{scoping.LABELS[begin.by]}`)" if begin.by else ""

        def read(part: Range) -> list[list[Any]]:
            first = f"MATCH {node} WHERE {part.holds(begin.by)} " if begin.by else ""
            return self._current.gathered(f"{first}{begin.cypher} {end}", begin.parameters | part.parameters)

        parts = ranges(self._current, f"(e:`{scoping.LABELS[begin.by]}`)", most, number) if begin.by else [WHOLE]
        return at_once(read, parts)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        for name, element, start, end in every_table():
            yield name, GraphTable(element, self._rows(element, start, end), start, end)

    def erase(self, erasure: Erasure, instead: Iterable[GraphTable] = ()) -> dict[str, int]:
        with self._held("erase") as hold:
            writing = ServerWriting(self._current, hold)
            for table in instead:
                writing.add(table)
            return erase(self._current, hold, erasure, self._rows)

    def info(self) -> StoreInfo:
        counts = {e.name: self._count(e) for e in elements()}
        return StoreInfo(self._place, self._current.version, MODEL_VERSION, None, None, counts, self.unfinished())

    def unfinished(self) -> tuple[Unfinished, ...]:
        return self._node.unfinished()

    def revision(self, but: Collection[str] = ()) -> str | None:  # noqa: ARG002 - a server does not tell kinds apart
        return self._node.revision()

    def keyed(self, mine: str | None = None) -> str | None:
        return self._node.keyed(mine)

    def close(self) -> None:
        self._server.close()

    @property
    def exists(self) -> bool:
        return self._node.version is not None

    @property
    def is_older(self) -> bool:
        """Whether the store is of an older model, and has to be brought over before it is read."""
        return self._older is not None

    def bring_over(self) -> Rebuilt:
        """Make the acts of an older model what they are now; stopped in the middle it can be begun again.

        Raises:
            StoreLocked: another process holds the store.
        """
        version, self._older = self._older, None
        try:
            with self._held("rebuild", bringing_over=True) as hold:
                acts = bring_over(self._server, hold, self._rows)
                self._node.ensure_constraints()
        except BaseException:
            self._older = version
            raise
        return Rebuilt(0, acts)

    # --- how it is kept -------------------------------------------------------------------------

    @property
    def _current(self) -> Server:
        """The server, whose store is of this model.

        Raises:
            StoreOlder: it has to be brought over.
        """
        self._refuse_older()
        return self._server

    def _refuse_older(self) -> None:
        if self._older is not None:
            raise older(self._place, self._older)

    @contextmanager
    def _held(self, kind: str, of: str | None = None, *, bringing_over: bool = False) -> Iterator[Hold]:
        """Hold the store for writing, created and brought up to date."""
        if not self.exists:
            self._node.create()
        with self._node.held(kind, of) as hold:
            if not bringing_over:
                self._refuse_older()
                self._node.ensure_constraints()
            self._remove_unfinished_runs()
            yield hold

    def _check(self, create: bool) -> None:
        version = self._node.version
        if version is not None and version > MODEL_VERSION:
            raise StoreNewer(
                f"the store has model version {version}, this graphwatch knows up to {MODEL_VERSION}",
                where=self._place,
                remedy="Update graphwatch, then open the store again.",
            )
        if version is not None and version < MODEL_VERSION:
            self._older = version
        if version is None and not create:
            raise StoreMissing(
                "there is no graphwatch store on this server",
                where=self._place,
                remedy="`graphwatch load FILE --store ADDRESS` makes one in an empty database.",
            )

    def _remove_unfinished_runs(self) -> None:
        """Runs whose writer was stopped: their relations, their clusters, themselves."""
        unfinished = self._current.read("MATCH (r:Run) WHERE r.status = 'writing' RETURN r.id AS id")["id"].to_pylist()
        for run_id in unfinished:
            for element in reversed(list(elements())):
                if all(p.name != "run" for p in element.properties):
                    continue
                verb = "DETACH DELETE" if isinstance(element, Node) else "DELETE"
                some = f"MATCH {_pattern(element)} WHERE e.run = $run WITH e LIMIT {_DELETE_ROWS}"
                erase = f"{some} {verb} e RETURN count(*) AS n"
                while self._current.execute(erase, run=run_id)[0]["n"]:
                    pass
            self._current.execute("MATCH (r:Run {id: $run}) DETACH DELETE r", run=run_id)

    def _rows(self, element: Element, start: str | None, end: str | None) -> Iterator[pa.RecordBatch]:
        schema, columns = schema_of(element), [f"e.`{p.name}`" for p in element.properties]
        pattern = _pattern(element)
        if start is not None:
            pattern, columns = f"(a:`{start}`)-[e:`{element.name}`]->(b:`{end}`)", ["a.id", "b.id", *columns]

        def read(part: Range) -> pa.RecordBatch:
            query = f"MATCH {pattern} WHERE {part.holds('e')} RETURN collect([{', '.join(columns)}])"
            return batch_of(self._current.gathered(query, part.parameters), schema)

        return at_once(read, ranges(self._current, _pattern(element), _READ_ROWS))

    def _count(self, element: Element) -> int:
        return int(self._current.read(f"MATCH {_pattern(element)} RETURN count(e) AS n")["n"][0].as_py())


def _pattern(element: Element) -> str:
    """Binds `e` to each node of the label, or relation of the type."""
    return f"(e:`{element.name}`)" if isinstance(element, Node) else f"()-[e:`{element.name}`]->()"


def _place(variable: str) -> str:
    """The engine's integer for a node, from its element id."""
    return f"toInteger(split(elementId({variable}), ':')[2])"

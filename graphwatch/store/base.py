"""The seam between graphwatch and a graph engine: everything above it is engine-blind."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import pyarrow as pa

from graphwatch.common.clock import wib
from graphwatch.common.i18n import text
from graphwatch.model.acts import Retimed
from graphwatch.model.scope import Scope
from graphwatch.model.tables import GraphTable, InteractionColumns
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.store.erasing import Erasure


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What `graphwatch store info` shows; journal head and size are the embedded engine's."""

    place: str
    engine: str
    model_version: int
    head: int | None
    bytes: int | None
    counts: dict[str, int]
    unfinished: tuple["Unfinished", ...] = ()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A batch that a server holds in part: it is being written, or whoever wrote it was stopped.

    Attributes:
        kind: of batch: load, copy.
        of: what it brings: the name of the file, and of the source that it becomes.
        by: the process that began it last.
        since_ms: when it was begun (UTC epoch milliseconds).
        under_way: whether that process was heard of within the last minute.
    """

    kind: str
    of: str
    by: str
    since_ms: int
    under_way: bool

    def told(self, language: str) -> str:
        """What whoever is about to read the store has to know.

        >>> Unfinished("load", "likes.csv", "process 7 on desk", 0, under_way=False).told("en")[:40]
        'Only a part of likes.csv is in the store'
        """
        key = "store.under_way" if self.under_way else "store.half_there"
        return text(key, language, of=self.of, by=self.by, since=wib(self.since_ms))


@dataclass(frozen=True, slots=True)
class Written:
    """What one table of a batch did to the store; `retimed` counts the acts of which it held another time."""

    element: str
    new: int
    changed: int
    unchanged: int
    retimed: Retimed = field(default_factory=Counter)


# Entered while a graph takes in what was accepted, with the number of rows; it gives what is told of rows that are in.
Telling = Callable[[int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def silent(rows: int) -> Iterator[Callable[[int], None]]:  # noqa: ARG001
    """Nobody is told that a graph catches up."""
    yield lambda _: None


class Writing(Protocol):
    """A batch under way. It is accepted as a whole when its context ends, or not at all."""

    def add(self, table: GraphTable) -> Written:
        """Upsert the rows: new keys are inserted, known ones enriched (a later non-null value wins)."""


class ReadableStore(Protocol):
    """The part of the seam that changes nothing; `engine` chooses the queries that are written for it."""

    engine: Literal["embedded", "neo4j"]

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of a question that graphwatch itself asks; `repository` holds these.

        Integers come as int64, reals as float64; whole nodes, relations, paths and maps as JSON texts.

        Raises:
            QueryError: the engine refused the text.
        """

    def answer(
        self,
        query: CheckedQuery,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        as_written: bool = False,
    ) -> pa.Table:
        """The rows that a user's query returns, at most `limit` and one more, which says that there are more.

        An embedded engine is sent what it is known to answer as a Neo4j server does, or `as_written` the text itself.
        Values come as from `read`. An embedded engine is asked in a process of its own, as by `confined`.

        Raises:
            QueryError: the engine refused the text, or died of it.
            QueryTimeout: it ran longer than `timeout` seconds.
            QueryMemory: it took more memory than a query may.
        """

    def confined(self, work: Callable[[], pa.Table], *, timeout: float | None = None) -> pa.Table:
        """What `work` returns, which reads and answers; an embedded engine is asked in one process of its own for all.

        Raises:
            QueryTimeout, QueryMemory, QueryError: as `answer` does.
        """

    def session(self, *, of_record: bool = False) -> AbstractContextManager[None]:
        """Keep the engine open for several reads, which then see one state: all that was accepted before.

        Args:
            of_record: a graph that is behind need not catch up for it: an embedded store reads its record instead,
                until it is asked what only the graph answers, and then has the graph catch up.
        """

    def salvage(self) -> AbstractContextManager[None]:
        """As `session`, but what the engine holds is read even where its record has lost or damaged entries.

        Raises:
            StoreDamaged: that, too, is not whole.
        """

    def rows(
        self,
        name: str,
        columns: Sequence[str],
        *,
        ends: tuple[str, str] | None = None,
        ids: Collection[str] | None = None,
    ) -> pa.Table:
        """Columns of the nodes or relations of that name, in no order.

        An embedded store answers from its record, so that a graph which is behind need not catch up for it.

        Args:
            name: label or type.
            columns: properties; of relations also `from` and `to`.
            ends: labels of a relation's ends.
            ids: only those with these ids.
        """

    def compared(self, table: GraphTable) -> Written:
        """What `Writing.add` would do to the store; nothing is done."""

    def interactions(self, scope: Scope, window_ms: int) -> InteractionColumns:
        """The interactions in scope whose times are those of acts, and known as precisely as the window or finer."""

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        """Every table of the graph with its name, in an order in which they can be written."""

    def info(self) -> StoreInfo:
        """Size, versions and counts."""

    def unfinished(self) -> tuple[Unfinished, ...]:
        """The batches that are there in part; none on an embedded engine, where a batch is whole or not there."""

    def revision(self, but: Collection[str] = ()) -> str | None:
        """A name of what the store holds: another one as soon as something was accepted or erased, by whomever.

        It waits for nobody, so that what was learnt of a store can be told again while somebody writes.

        Args:
            but: kinds of batch after which it may be the same.

        Returns:
            None where it cannot be told, as while a server's store is being written.
        """

    def keyed(self, mine: str | None = None) -> str | None:
        """The fingerprint of the key that pseudonyms of this store are made with, wherever they are made.

        A server keeps the first that it is told, for several folders of projects belong to it. An embedded store has
        one folder, which keeps its own; it returns what it is given.

        Args:
            mine: the fingerprint of the key here; None only asks.
        """

    @property
    def exists(self) -> bool:
        """Whether the store has been made; one opened to be created is made by its first batch."""

    def close(self) -> None:
        """Let go of the store; closing twice is harmless."""


class Store(ReadableStore, Protocol):
    """All that an engine must be able to do. Whoever is given one may write."""

    def await_turn(self) -> None:
        """Wait until nobody writes, before work is begun that ends in a batch.

        Raises:
            StoreLocked: somebody still does.
        """

    def write(self, kind: str, of: str | None = None) -> AbstractContextManager[Writing]:
        """Begin a batch of that kind (`load`, `run`, …), as the only writer until its context ends.

        What is read inside, before the first table is added, is what the batch will be added to.

        Args:
            kind: the word for it.
            of: what it brings, where a part of it is told to readers as long as the rest is missing.

        Raises:
            StoreLocked: another process holds the store.
        """

    def catch_up(self) -> None:
        """Have the graph take in now what was accepted, rather than before it is read; a server's graph has it."""

    def erase(self, erasure: Erasure, instead: Iterable[GraphTable] = ()) -> dict[str, int]:
        """Erase for good, from the record too; how many nodes and relations of each kind went.

        Stopped in the middle it can be begun again, and ends as if it had never been stopped.

        Args:
            erasure: what goes.
            instead: rows to upsert in its place. An embedded store takes both or neither, wherever it is stopped; a
                server has the rows first.

        Raises:
            StoreLocked: another process holds the store.
        """

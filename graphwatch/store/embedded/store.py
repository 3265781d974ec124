"""The embedded store: a folder with a journal, which is the record, and a graph file made from it."""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from graphwatch.common.locks import Holding, Waiting, locked
from graphwatch.errors import StoreDamaged, StoreError
from graphwatch.model import MODEL_VERSION, elements
from graphwatch.model.scope import Scope
from graphwatch.model.tables import GraphTable, InteractionColumns
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.settings import SCRATCH
from graphwatch.store.base import StoreInfo, Telling, Unfinished, Writing, Written, silent
from graphwatch.store.bringing_over import Rebuilt
from graphwatch.store.embedded.answering import answered as answered_as_planned
from graphwatch.store.embedded.asking.planning import plan
from graphwatch.store.embedded.confining import confined, end_after
from graphwatch.store.embedded.folder import check_format, gone, is_store, make, missing, replaced, under_way
from graphwatch.store.embedded.graph import Graph, engine_version
from graphwatch.store.embedded.record import Record, RecordWriting, compared
from graphwatch.store.embedded.record_expressions import NotOfRecord
from graphwatch.store.embedded.record_reading import Reading
from graphwatch.store.embedded.replaying import differing
from graphwatch.store.embedded.rewriting import is_older, rewrite, upgrade
from graphwatch.store.embedded.slim import in_engine
from graphwatch.store.embedded.upkeep import Upkeep
from graphwatch.store.erasing import Erasure


class _Behind(StoreError):
    """A process that may be ended at any moment does not have the graph catch up."""


@dataclass(slots=True)
class _OfRecord:
    """A session of the record: what it reads, and what lets go of the lock."""

    reading: Reading
    stack: ExitStack


class EmbeddedStore:
    """A store in a folder.

    The folder is locked, and the graph file open, only while something is read or written, so that a notebook
    left open never keeps a nightly load waiting. A batch is accepted when the journal has it; the graph takes in what
    it lacks before it is read.
    """

    engine: Literal["embedded", "neo4j"] = "embedded"

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._upkeep = Upkeep(folder)
        self._open: Graph | None = None
        self._record: Record | None = None
        """What was accepted before the batch under way, while this is the one that writes."""
        self.telling: Telling = silent
        """Of how much the graph takes in before it is read."""
        self.waiting: Waiting = lambda _: None
        """Of whom it is waited for."""
        self._holding: Holding | None = None
        self._reader: _OfRecord | None = None
        """What is read from while the graph is behind, in a session of the record."""
        self._confined = False
        """Whether this process is one of its own for a query."""
        self._project: str | None = None
        """The name that no other project has, once the store is there."""
        if self.exists:
            self._project = check_format(self.folder)
        elif not create:
            raise missing(self.folder)

    @property
    def exists(self) -> bool:
        """Whether the store has been made; one opened to be created is made by its first batch."""
        return is_store(self.folder)

    # --- the seam -------------------------------------------------------------------------------

    @contextmanager
    def write(self, kind: str, of: str | None = None) -> Iterator[Writing]:  # noqa: ARG002
        if self._project is None and not self.exists:
            make(self.folder)
        self._check_place()
        with self._locked(exclusive=True):
            self._upkeep.settle()
            record = self._upkeep.record()
            staged = self._upkeep.journal.begin(kind)
            writing = RecordWriting(record, staged)
            try:
                with self._writing(record):
                    yield writing
                writing.check()
            except BaseException:
                staged.discard()
                raise
            if staged.parts:
                self._upkeep.accept(staged)
                self._upkeep.tidy()
            else:
                staged.discard()

    def await_turn(self) -> None:
        if self.exists and self._open is None:
            with self._locked(exclusive=False):
                pass

    @contextmanager
    def session(self, *, of_record: bool = False) -> Iterator[None]:
        if self._open is not None or self._record is not None or self._reader is not None:
            yield
        elif of_record:
            with self._of_record():
                yield
        else:
            with self._reading():
                yield

    @contextmanager
    def salvage(self) -> Iterator[None]:
        self._check_place()
        with ExitStack() as stack:
            try:
                graph = self._current(stack)
            except StoreDamaged:
                stack.enter_context(self._locked(exclusive=False))
                found = self._upkeep.open_as_it_is()
                if found is None:
                    raise
                graph = found
            self._hold(graph, stack)
            yield

    def rows(
        self,
        name: str,
        columns: Sequence[str],
        *,
        ends: tuple[str, str] | None = None,
        ids: Collection[str] | None = None,
    ) -> pa.Table:
        [element] = [element for element in elements() if element.name == name]
        wanted = None if ids is None else pa.table({"id": pa.array(sorted(ids), pa.string())})
        with self._recorded() as record:
            start, end = ends or (None, None)
            return record.rows(element, start, end, columns, wanted)

    def compared(self, table: GraphTable) -> Written:
        if self._project is None and not self.exists:
            return Written(table.element.name, sum(batch.num_rows for batch in table.batches), 0, 0)
        with self._recorded() as record:
            return compared(record, table)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        if self._reader is not None:
            with suppress(NotOfRecord):
                return self._reader.reading.answered(cypher, parameters)
        with self._reading() as graph:
            return graph.read(in_engine(cypher), parameters)

    def answer(
        self,
        query: CheckedQuery,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        as_written: bool = False,
    ) -> pa.Table:
        given = dict(parameters or {})
        planned = None if as_written else plan(query, given, limit)

        def work() -> pa.Table:
            with self._reading() as graph:
                if timeout is not None:
                    end_after(timeout)
                if planned is None:
                    rows = graph.read(in_engine(query.cypher), given, timeout)
                else:
                    rows = answered_as_planned(planned, query.text, given, graph, timeout)
            return rows if limit is None else rows.slice(0, limit + 1)

        return self.confined(work, timeout=timeout)

    def confined(self, work: Callable[[], pa.Table], *, timeout: float | None = None) -> pa.Table:
        if self._confined:
            return work()

        def apart() -> pa.Table:
            self._confined, self._open, self._record, self._reader = True, None, None, None
            return work()

        if self._reader is not None:
            with self._reading():
                pass
        while True:
            if self._record is None:
                self.await_turn()  # here, where it costs the query nothing of its time
            try:
                return confined(apart, seconds=timeout, left_alone=self._open)
            except _Behind:
                self.catch_up()

    def catch_up(self) -> None:
        self._check_place()
        with self._locked(exclusive=True):
            self._upkeep.catch_up(self._told)

    def interactions(self, scope: Scope, window_ms: int) -> InteractionColumns:
        if self._reader is not None:
            return self._reader.reading.interactions(scope, window_ms)
        with self._recorded() as record, closing(Reading(record, self.folder)) as reading:
            return reading.interactions(scope, window_ms)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        with self._reading() as graph:
            yield from graph.dump()

    def erase(self, erasure: Erasure, instead: Iterable[GraphTable] = ()) -> dict[str, int]:
        self._check_place()
        with self._locked(exclusive=True):
            self._upkeep.settle()
            self._upkeep.refuse_lost()
            erased = rewrite(self._upkeep.journal.folder, erasure, instead)
            self._upkeep.settle()
            for scratch in self.folder.glob(f"{SCRATCH}*"):
                shutil.rmtree(scratch, ignore_errors=True)
            self._upkeep.make_again(self._told)
        return erased

    def info(self) -> StoreInfo:
        with self._reading() as graph:
            counts = {e.name: graph.count(e) for e in elements()}
            head = self._upkeep.journal.count
        size = sum(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())
        return StoreInfo(str(self.folder), engine_version(), MODEL_VERSION, head, size, counts)

    def unfinished(self) -> tuple[Unfinished, ...]:
        return ()

    def revision(self, but: Collection[str] = ()) -> str | None:
        if self._project is None and not self.exists:
            return None
        self._check_place()
        head = self._upkeep.head_of_others(but)
        return None if head is None else f"{self._project} {head}"

    def keyed(self, mine: str | None = None) -> str | None:
        return mine

    def close(self) -> None:
        """Nothing is held between calls."""

    # --- housekeeping ---------------------------------------------------------------------------

    def rebuild(self) -> Rebuilt:
        """Make the graph file again from the journal, checked first, and brought over where it is of an older model.

        Raises:
            StoreDamaged: a file of the journal is not what was written, or an entry is lost; the graph stays as it is.
            StoreError: the disk refuses.
        """
        self._check_place()
        with self._locked(exclusive=True):
            self._upkeep.settle()
            acts = {}
            if is_older(self._upkeep.journal):
                acts = upgrade(self._upkeep.journal.folder)
                self._upkeep.settle()
            return Rebuilt(self._upkeep.make_again(self._told), acts)

    def verify(self) -> dict[str, tuple[str, str]]:
        """Check the journal's files, then replay it beside the store and compare table by table.

        Returns:
            The tables that differ, with (digest in the graph, digest from the journal); empty when all is well.

        Raises:
            StoreDamaged: a file of the journal is not what was written, or an entry that the graph holds is lost.
            StoreError: the disk refuses.
        """
        import tempfile

        with self._reading() as graph, tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.folder) as scratch:
            return differing(graph, self._upkeep.journal.entries(), Path(scratch))

    # --- how it is kept -------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Graph]:
        """The graph, brought up to date, under a shared lock; nested uses share one connection."""
        if self._open is None and self._record is not None:
            self._open = self._upkeep.open_caught_up(self._told)  # its lock is held
        if self._open is None and self._reader is not None:
            reader, self._reader = self._reader, None
            reader.stack.close()  # its lock is not one under which a graph catches up
            self._hold(self._current(reader.stack), reader.stack)
        if self._open is not None:
            yield self._open
            return
        self._check_place()
        with ExitStack() as stack:
            graph = self._current(stack)
            self._hold(graph, stack)
            yield graph

    @contextmanager
    def _of_record(self) -> Iterator[None]:
        """The graph as in any session where it is current, else the record, until the graph alone has an answer."""
        self._check_place()
        with ExitStack() as stack:
            while True:
                with ExitStack() as attempt:
                    attempt.enter_context(self._locked(exclusive=False))
                    if self._upkeep.is_settled:
                        graph = self._upkeep.open_current()
                        if graph is None:
                            reading = attempt.enter_context(closing(Reading(self._upkeep.record(), self.folder)))
                            self._reader = _OfRecord(reading, stack)
                            attempt.callback(setattr, self, "_reader", None)
                        else:
                            self._hold(graph, attempt)
                        stack.enter_context(attempt.pop_all())
                        break
                with self._locked(exclusive=True):
                    self._upkeep.settle()
            yield

    @contextmanager
    def _writing(self, record: Record) -> Iterator[None]:
        """Have what is read meanwhile read under the lock that is held; the graph is opened if somebody asks it."""
        self._record = record
        try:
            yield
        finally:
            graph, self._open, self._record = self._open, None, None
            if graph is not None:
                graph.close()

    @contextmanager
    def _recorded(self) -> Iterator[Record]:
        """The record, under a shared lock; the graph may be behind it."""
        if self._reader is not None:
            yield self._reader.reading.record
            return
        if self._record is not None or self._open is not None:
            yield self._record or self._upkeep.record()
            return
        self._check_place()
        while True:
            with self._locked(exclusive=False):
                if self._upkeep.is_settled:
                    yield self._upkeep.record()
                    return
            with self._locked(exclusive=True):
                self._upkeep.settle()

    @contextmanager
    def _locked(self, *, exclusive: bool) -> Iterator[Holding]:
        """Hold the store's lock; whoever takes in a large load is waited for while that gets on."""
        watching = partial(under_way, self.folder)
        with locked(self.folder, exclusive=exclusive, under_way=watching, waiting=self.waiting) as holding:
            self._holding = holding
            yield holding

    @contextmanager
    def _told(self, rows: int) -> Iterator[Callable[[int], None]]:
        """Tell whoever asked, and those who wait for the lock that is held, how much the graph has taken in."""
        holding, done = self._holding, 0
        assert holding is not None

        def both(more: int) -> None:
            nonlocal done
            done += more
            holding.tell(done, rows)
            taken(more)

        holding.tell(0, rows)
        try:
            with self.telling(rows) as taken:
                yield both
        finally:
            holding.tell()

    def _hold(self, graph: Graph, stack: ExitStack) -> None:
        """Let nested reads use the graph, until the stack closes it."""
        stack.callback(graph.close)
        self._open = graph
        stack.callback(setattr, self, "_open", None)

    def _current(self, stack: ExitStack) -> Graph:
        """The graph, open and as far as the journal is, with a reader's lock that the stack lets go of."""
        while True:
            with ExitStack() as attempt:
                attempt.enter_context(self._locked(exclusive=False))
                graph = self._upkeep.open_current()
                if graph is not None:
                    stack.enter_context(attempt.pop_all())
                    return graph
            if self._confined:
                raise _Behind("the graph is behind the journal", where=str(self.folder))
            self.catch_up()

    def _check_place(self) -> None:
        """Whether the store is still where it was opened: it is never made anew in the place of one that was moved.

        Raises:
            StoreMissing: it was moved or deleted.
            StoreError: another one is in its place.
        """
        if not self.exists:
            raise missing(self.folder) if self._project is None else gone(self.folder)
        project = check_format(self.folder)
        if self._project not in (None, project):
            raise replaced(self.folder)
        self._project = project

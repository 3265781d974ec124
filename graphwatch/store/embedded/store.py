"""The embedded store: a folder with a journal, which is the record, and a graph file made from it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa

from graphwatch.common.locks import locked
from graphwatch.errors import QueryError, StoreDamaged, StoreError
from graphwatch.model import MODEL_VERSION, digest, elements
from graphwatch.model.scope import Scope
from graphwatch.model.tables import GraphTable, InteractionColumns, conform
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.store.base import StoreInfo, Writing, Written
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.dialect import engine_files
from graphwatch.store.embedded.entries import Entry
from graphwatch.store.embedded.folder import check_format, is_store, make, missing
from graphwatch.store.embedded.graph import TRANSACTION_ROWS, Graph, engine_version, opened
from graphwatch.store.embedded.journal import Journal, Staged
from graphwatch.store.embedded.rewriting import is_settled, rewrite, settle
from graphwatch.store.erasing import Erasure
from graphwatch.store.merge import CHANGES, merge

# Working folders of `verify`, which one that was killed leaves behind.
_SCRATCH: Final = "verify-"


class EmbeddedStore:
    """A store in a folder.

    The folder is locked, and the graph file open, only while something is read or written, so that a notebook
    left open never keeps a nightly load waiting.
    """

    engine: Literal["embedded", "neo4j"] = "embedded"

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        self._journal = Journal(folder / "journal")
        self._graph_file = folder / "graph" / "graph.lbug"
        self._marker = folder / "graph" / "applying"
        self._open: Graph | None = None
        if self.exists:
            check_format(self.folder)
        elif not create:
            raise missing(self.folder)

    @property
    def exists(self) -> bool:
        """Whether the store has been made; one opened to be created is made by its first batch."""
        return is_store(self.folder)

    # --- the seam -------------------------------------------------------------------------------

    @contextmanager
    def write(self, kind: str) -> Iterator[Writing]:
        if not self.exists:
            make(self.folder)
        with locked(self.folder, exclusive=True):
            self._bring_up_to_date()
            staged = self._journal.begin(kind)
            try:
                with opened(self._graph_file, read_only=True) as graph:
                    self._open = graph
                    try:
                        yield EmbeddedWriting(graph, staged)
                    finally:
                        self._open = None
            except BaseException:
                staged.discard()
                raise
            if staged.parts:
                self._accept(staged)
            else:
                staged.discard()

    @contextmanager
    def session(self) -> Iterator[None]:
        with self._reading():
            yield

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        with self._reading() as graph:
            return graph.read(cypher, parameters)

    def answer(
        self,
        query: CheckedQuery,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> pa.Table:
        with self._reading() as graph:
            rows = graph.read(query.cypher, parameters, timeout)
        return rows if limit is None else rows.slice(0, limit + 1)

    def interactions(self, scope: Scope) -> InteractionColumns:
        with self._reading() as graph:
            return graph.interactions(scope)

    def dump(self) -> Iterator[tuple[str, GraphTable]]:
        with self._reading() as graph:
            yield from graph.dump()

    def erase(self, erasure: Erasure) -> dict[str, int]:
        with locked(self.folder, exclusive=True):
            self._bring_up_to_date()
            gone = rewrite(self._journal.folder, erasure)
            settle(self._journal.folder)
            for scratch in self.folder.glob(f"{_SCRATCH}*"):
                shutil.rmtree(scratch, ignore_errors=True)
            self._rebuild()
        return gone

    def info(self) -> StoreInfo:
        with self._reading() as graph:
            counts = {e.name: graph.count(e) for e in elements()}
            head = graph.state().get("head", "0").partition(":")[0]
        size = sum(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())
        return StoreInfo(str(self.folder), engine_version(), MODEL_VERSION, int(head), size, counts)

    def close(self) -> None:
        """Nothing is held between calls."""

    # --- housekeeping ---------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Throw the graph file away and make it again from the journal; the number of entries applied."""
        with locked(self.folder, exclusive=True):
            return self._rebuild()

    def verify(self) -> dict[str, tuple[str, str]]:
        """Check the journal's files, then replay it beside the store and compare table by table.

        Returns:
            The tables that differ, with (digest in the graph, digest from the journal); empty when all is well.

        Raises:
            StoreDamaged: a file of the journal is not what was written.
        """
        import tempfile

        with self._reading() as graph, tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=self.folder) as scratch:
            entries = self._journal.entries()
            for entry in entries:
                entry.check()
            replay = Path(scratch) / "graph.lbug"
            _replay(replay, entries)
            with opened(replay, read_only=True) as again:
                pairs = zip(graph.dump(), again.dump(), strict=True)
                digests = {name: (table_digest(a), table_digest(b)) for (name, a), (_, b) in pairs}
        return {name: both for name, both in digests.items() if both[0] != both[1]}

    # --- how it is kept -------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Graph]:
        """The graph, brought up to date, under a shared lock; nested uses share one connection."""
        if self._open is not None:
            yield self._open
            return
        if not self.exists:
            raise missing(self.folder)
        with ExitStack() as stack:
            stack.enter_context(locked(self.folder, exclusive=False))
            if not self._is_current():
                stack.close()
                with locked(self.folder, exclusive=True):
                    self._bring_up_to_date()
                stack.enter_context(locked(self.folder, exclusive=False))
            self._open = stack.enter_context(opened(self._graph_file, read_only=True))
            stack.callback(setattr, self, "_open", None)
            yield self._open

    def _is_current(self) -> bool:
        """Whether the graph file may be read as it is: whole, of this model and engine, at the journal's head."""
        if not is_settled(self._journal.folder):
            return False
        wal = engine_files(self._graph_file)[1]
        if not self._graph_file.exists() or self._marker.exists() or wal.exists():
            return False
        try:
            with opened(self._graph_file, read_only=True) as graph:
                state = graph.state()
        except StoreDamaged:
            return False
        return state == {"head": self._head(), "model": digest(), "engine": engine_version()}

    def _head(self) -> str:
        entries = self._journal.entries()
        return f"{entries[-1].number}:{entries[-1].digest}" if entries else "0:"

    def _bring_up_to_date(self) -> None:
        """Apply what the journal has beyond the graph, or make the graph again where it cannot be trusted."""
        settle(self._journal.folder)
        if self._is_current():
            return
        entries = self._journal.entries()
        applied = self._applied(entries)
        if applied is None:
            self._rebuild()
            return
        with opened(self._graph_file, read_only=False) as graph:
            graph.prepare()
        for entry in entries[applied:]:
            self._apply(entry)

    def _applied(self, entries: list[Entry]) -> int | None:
        """How many entries the graph holds; None where only making it again will do."""
        if not self._graph_file.exists() or self._marker.exists():
            return None
        try:
            with opened(self._graph_file, read_only=False) as graph:
                state = graph.state()
        except StoreDamaged:
            return None
        if state.get("engine") != engine_version():
            return None
        number, _, digest_ = state.get("head", "0:").partition(":")
        applied = int(number)
        if applied > len(entries) or (applied and entries[applied - 1].digest != digest_):
            return None
        return applied

    def _rebuild(self) -> int:
        entries = self._journal.entries()
        self._marker.touch()
        for file in engine_files(self._graph_file):
            file.unlink(missing_ok=True)
        _replay(self._graph_file, entries)
        self._marker.unlink()
        return len(entries)

    def _accept(self, staged: Staged) -> None:
        """Publish the entry, then apply it; what the engine refuses is rolled back before it is reported."""
        entry = self._journal.publish(staged)
        try:
            self._apply(entry)
        except QueryError as error:
            self._journal.retract(entry)
            if self._marker.exists():
                self._rebuild()
            raise StoreError(
                f"the batch does not fit the graph and was rolled back: {error.what}",
                where=str(self.folder),
                remedy="Nothing was changed. Please report this with the file that was loaded.",
            ) from error

    def _apply(self, entry: Entry) -> None:
        large = entry.rows > TRANSACTION_ROWS
        if large:
            self._marker.touch()
        with opened(self._graph_file, read_only=False) as graph:
            graph.apply(entry)
        if large:
            self._marker.unlink()


def _replay(file: Path, entries: list[Entry]) -> None:
    with opened(file, read_only=False) as graph:
        graph.prepare()
        graph.start_empty()
        for entry in entries:
            entry.check()
            graph.apply(entry)


_CHUNK_ROWS: Final = 500_000


class EmbeddedWriting:
    """A batch under way: rows are compared with the graph and staged for the journal."""

    def __init__(self, graph: Graph, staged: Staged) -> None:
        self._graph, self._staged = graph, staged

    def add(self, table: GraphTable) -> Written:
        element, schema = table.element, table.schema
        name, start, end = element.name, table.start, table.end
        first = self._graph.is_empty(element)
        inserts = self._staged.part(name, start, end, "insert", schema)
        replaces = self._staged.part(name, start, end, "replace", schema)
        log = self._staged.part(name, start, end, "log", CHANGES)
        unchanged = 0
        for rows in _chunks(table):
            if first:
                inserts.write(rows)
                continue
            known = self._graph.known(element, start, end, rows.select(["id"]))
            outcome = merge(element, rows, known)
            inserts.write(outcome.new)
            replaces.write(outcome.changed)
            log.write(outcome.log)
            unchanged += outcome.unchanged
        for writer in (inserts, replaces, log):
            writer.close()
        return Written(name, inserts.rows, replaces.rows, unchanged)


def _chunks(table: GraphTable) -> Iterator[pa.Table]:
    """The table's batches gathered into pieces worth a look-up in the graph."""
    held: list[pa.Table] = []
    rows = 0
    for batch in table.batches:
        if batch.num_rows == 0:
            continue
        held.append(conform(batch, table.schema))
        rows += batch.num_rows
        if rows >= _CHUNK_ROWS:
            yield pa.concat_tables(held)
            held, rows = [], 0
    if held:
        yield pa.concat_tables(held)

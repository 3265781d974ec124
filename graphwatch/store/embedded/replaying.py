"""What the entries of a journal say together, table by table, and a graph that takes it in.

Every table is made in one piece, the last row of each id counting: the engine rewrites what it has with each COPY. The
pieces are gathered in files, so that no more is in memory than a part of one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.errors import QueryError, StoreDamaged, StoreError
from graphwatch.model import Element
from graphwatch.model.tables import every_table, in_pieces, schema_of
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded import slim
from graphwatch.store.embedded.entries import EMPTY, Entry, Part
from graphwatch.store.embedded.graph import Graph, opened, side_files

Written = list[tuple[Entry, Part]]
# Called with the number of rows that the graph has taken in since the last call.
Taken = Callable[[int], None]
# Rows that are worth one look at which of them were replaced later.
_CHUNK_ROWS: Final = 250_000


def check(entries: Sequence[Entry]) -> None:
    """Compare every file of every entry with its checksum.

    Raises:
        StoreDamaged: one is missing or differs; it is named with what is lost.
    """
    for entry in entries:
        entry.check()


def replay(entries: Sequence[Entry], file: Path, taken: Taken) -> None:
    """Make a graph file that holds these entries, and whose folder takes what is gathered for it meanwhile.

    Args:
        entries: all of a journal, checked.
        file: is made; nothing of that name is there.
        taken: told of the rows that are in it.

    Raises:
        StoreDamaged: the engine refuses what the journal holds.
        StoreError: the disk refuses.
        OSError: the same.
    """
    try:
        with opened(file, read_only=False) as graph:
            graph.prepare()
            take_in(graph, entries, file.parent, taken)
            graph.note_head(entries[-1].head if entries else EMPTY)
    except QueryError as error:
        if is_of_disk(error.what):
            raise no_room(error.what, file) from error
        raise StoreDamaged(
            f"the engine refuses what the journal holds: {error.what}",
            where=str(entries[-1].folder.parent),
            remedy="Bring the folder `journal` back from a backup, then run `graphwatch store rebuild`.",
        ) from error
    left = side_files(file)
    if left:
        raise no_room(f"the engine left {', '.join(f.name for f in left)}", file)


def differing(graph: Graph, entries: Sequence[Entry], scratch: Path) -> dict[str, tuple[str, str]]:
    """The tables in which a graph is not what the entries say, with the digests of what it holds and of what they say.

    Args:
        entries: all of a journal; they are checked.
        scratch: an empty folder, in which they are replayed.

    Raises:
        StoreDamaged: a file of an entry is not what was written, or the engine refuses it.
        StoreError: the disk refuses.
    """
    check(entries)
    beside = scratch / "graph.lbug"
    try:
        replay(entries, beside, lambda _: None)
    except OSError as error:
        raise no_room(error.strerror or str(error), beside) from error
    with opened(beside, read_only=True) as again:
        pairs = zip(graph.dump(), again.dump(), strict=True)
        digests = {name: (table_digest(a), table_digest(b)) for (name, a), (_, b) in pairs}
    return {name: both for name, both in digests.items() if both[0] != both[1]}


def take_in(graph: Graph, entries: Sequence[Entry], scratch: Path, taken: Taken) -> None:
    """Bring what these entries say together into a graph that holds those before them.

    Args:
        graph: open for writing.
        entries: neighbours in a journal.
        scratch: a folder for what is gathered meanwhile.
        taken: told of the rows of each table that is in.

    Raises:
        QueryError: the engine refuses a row, or the disk refuses the engine.
    """
    for table, parts in by_table(entries).items():
        element, start, end = table
        left = left_by(element, parts, scratch)
        try:
            if left.new is not None:
                told = pq.read_metadata(left.new)
                file, names = slim.file(element, left.new, list(told.schema.to_arrow_schema().names), scratch)
                graph.copy(element, start, end, file, names, told.num_rows)
                if file != left.new:
                    file.unlink()
            if left.changed is not None:
                for rows in _tables(left.changed):
                    graph.replace(element, start, end, rows)
        finally:
            left.clear(scratch)
        taken(sum(part.rows for _, part in parts))


def rows_of(entries: Sequence[Entry]) -> int:
    """How many rows the entries have for a graph."""
    return sum(entry.rows for entry in entries)


def no_room(why: str, where: Path) -> StoreError:
    """The error that says that the disk refuses what is made from the journal."""
    return StoreError(
        f"the graph cannot be made from the journal: {why}",
        where=str(where),
        remedy="Nothing that was accepted is lost. Make room on the disk, then run `graphwatch store rebuild`.",
    )


def is_of_disk(message: str) -> bool:
    """Whether it is the disk that the engine complains of, not the rows."""
    return "IO exception" in message


def by_table(entries: Sequence[Entry]) -> dict[tuple[Element, str | None, str | None], Written]:
    """The parts that have rows of each table, in an order in which tables can be written; logs are left out."""
    written: defaultdict[tuple[str, str | None, str | None], Written] = defaultdict(list)
    for entry in entries:
        for part in entry.parts:
            if part.operation != "log":
                written[part.element, part.start, part.end].append((entry, part))
    tables = ((element, start, end) for _, element, start, end in every_table())
    return {table: parts for table in tables if (parts := written[table[0].name, *table[1:]])}


class Left(NamedTuple):
    """Files with the rows of one table as the last of several entries left them; None where there are no such rows.

    Attributes:
        new: rows whose ids the entries brought.
        changed: rows of which some entry before them knew.
    """

    new: Path | None
    changed: Path | None

    def clear(self, scratch: Path) -> None:
        """Remove what was gathered there; the journal's own files stay."""
        for file in self:
            if file is not None and file.parent == scratch:
                file.unlink()


def left_by(element: Element, parts: Written, scratch: Path) -> Left:
    """The rows of a table as the last of its entries left them, apart by whether they were there before.

    Args:
        element: whose table it is.
        parts: of the entries, in their order.
        scratch: a folder for files that have to be made.
    """
    schema = schema_of(element)
    inserting = [(entry, part) for entry, part in parts if part.operation == "insert"]
    replacing = [(entry, part) for entry, part in parts if part.operation == "replace"]
    if len(inserting) <= 1 and not replacing:
        return Left(_file(inserting), None)
    if not inserting and len(replacing) == 1:
        return Left(None, _file(replacing))
    ids, is_last = _newest(replacing)
    new, changed = _Gathered(scratch / "new.parquet", schema), _Gathered(scratch / "changed.parquet", schema)
    begun = 0  # of the replacing rows, those that have been passed
    brought = [ids.slice(0, 0)]
    for rows in _pieces(inserting, schema):
        again = pc.is_in(rows["id"], value_set=ids)
        brought.append(rows["id"].filter(again).combine_chunks())
        new.write(rows.filter(pc.invert(again)))
    of_these = pa.concat_arrays(brought)
    for rows in _pieces(replacing, schema):
        last = rows.filter(pa.array(is_last[begun : begun + rows.num_rows]))
        begun += rows.num_rows
        is_new = pc.is_in(last["id"], value_set=of_these)
        new.write(last.filter(is_new))
        changed.write(last.filter(pc.invert(is_new)))
    return Left(new.closed(), changed.closed())


class _Gathered:
    """A Parquet file that is made where there are rows for it."""

    def __init__(self, file: Path, schema: pa.Schema) -> None:
        self._file, self._schema = file, schema
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        if rows.num_rows:
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd", compression_level=1)
            self._writer.write_table(rows)

    def closed(self) -> Path | None:
        if self._writer is None:
            return None
        self._writer.close()
        return self._file


def _file(parts: Written) -> Path | None:
    return parts[0][0].file(parts[0][1]) if parts else None


def _newest(replacing: Written) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """The ids that were replaced, and for each of all the replacing rows whether it is the last of its id."""
    chunks: list[pa.Array] = []
    for entry, part in replacing:
        with pq.ParquetFile(entry.file(part)) as file:
            chunks += file.read(columns=["id"])["id"].cast(pa.string()).chunks
    ids = pa.chunked_array(chunks, pa.string())
    last = pa.table({"id": ids, "place": pa.array(np.arange(len(ids)))}).group_by("id").aggregate([("place", "max")])
    is_last = np.zeros(len(ids), np.bool_)
    is_last[last["place_max"].to_numpy()] = True
    return last["id"].combine_chunks(), is_last


def _pieces(parts: Written, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of the parts in their order, many at a time."""
    return in_pieces((table for entry, part in parts for table in entry.tables(part)), schema, _CHUNK_ROWS)


def _tables(file: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(file) as opened_file:
        for index in range(opened_file.num_row_groups):
            yield opened_file.read_row_group(index)

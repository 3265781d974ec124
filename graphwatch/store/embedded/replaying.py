"""A graph file is made from the whole of a journal: each table in one piece, however many entries brought it.

One entry after the other would cost the engine as much for the last as for all before it (`dialect.copy_file`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.errors import QueryError, StoreDamaged, StoreError
from graphwatch.model import Element
from graphwatch.model.tables import every_table, in_pieces, schema_of
from graphwatch.store.embedded.graph import opened, side_files
from graphwatch.store.embedded.journal import EMPTY, Entry, Part

Written = list[tuple[Entry, Part]]
# Rows that are worth one look at which of them were replaced later.
_CHUNK_ROWS: Final = 250_000


def check(entries: Sequence[Entry]) -> None:
    """Compare every file of every entry with its checksum.

    Raises:
        StoreDamaged: one is missing or differs; it is named with what is lost.
    """
    for entry in entries:
        entry.check()


def replay(entries: Sequence[Entry], file: Path) -> None:
    """Make a graph file that holds these entries, and whose folder takes what is gathered for it meanwhile.

    Args:
        entries: all of a journal, checked.
        file: is made; nothing of that name is there.

    Raises:
        StoreDamaged: the engine refuses what the journal holds.
        StoreError: the disk refuses.
        OSError: the same.
    """
    try:
        _replay(entries, file)
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


def _replay(entries: Sequence[Entry], file: Path) -> None:
    written: defaultdict[tuple[str, str | None, str | None], Written] = defaultdict(list)
    for entry in entries:
        for part in entry.parts:
            if part.operation != "log":
                written[part.element, part.start, part.end].append((entry, part))
    gathered = file.with_name("gathered.parquet")
    with opened(file, read_only=False) as graph:
        graph.prepare()
        for _, element, start, end in every_table():
            parts = written[element.name, start, end]
            if parts:
                graph.copy(element, start, end, *in_one_piece(element, parts, gathered))
        graph.note_head(entries[-1].head if entries else EMPTY)


def in_one_piece(element: Element, parts: Written, gathered: Path) -> tuple[Path, list[str]]:
    """A file with the rows of a table as the last of its entries left them, and its columns."""
    if len(parts) == 1:
        entry, part = parts[0]
        return entry.file(part), entry.columns(part)
    schema = schema_of(element)
    inserting = [(entry, part) for entry, part in parts if part.operation == "insert"]
    replacing = [(entry, part) for entry, part in parts if part.operation == "replace"]
    ids, is_last = _newest(replacing)
    begun = 0  # of the replacing rows, those that have been passed
    with pq.ParquetWriter(gathered, schema, compression="zstd", compression_level=1) as writer:
        for rows in _pieces(inserting, schema):
            writer.write_table(rows.filter(pc.invert(pc.is_in(rows["id"], value_set=ids))))
        for rows in _pieces(replacing, schema):
            writer.write_table(rows.filter(pa.array(is_last[begun : begun + rows.num_rows])))
            begun += rows.num_rows
    return gathered, list(schema.names)


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

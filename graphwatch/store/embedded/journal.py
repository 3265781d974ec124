"""The journal of an embedded store: every accepted batch as Parquet, written before it is applied.

An entry is written under a hidden name, fsynced, and renamed: it is there as a whole or not at all. The graph file can
be made again from the journal at any time, so the graph is never the record.
"""

import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.errors import StoreError
from graphwatch.store.embedded.entries import (
    EMPTY,
    Entry,
    Operation,
    Part,
    damaged,
    folder_name,
    fsync,
    manifest,
    read_entry,
    sha256_of,
    write_manifest,
)
from graphwatch.store.embedded.id_index import Indexing

_ROW_GROUP: Final = 250_000
_DISTINCT: Final = frozenset(("id", "content_id", "at", "at_ms", "observed_at_ms", "sources.list.element"))
_FEW_ROWS: Final = 5_000
_NUMBERED: Final = re.compile(r"([0-9]+)-")
_OUT_OF_PLACE: Final = "does not follow on the entry before it"


@dataclass
class Staged:
    """An entry under way, in a hidden folder."""

    folder: Path
    kind: str
    parts: list[Part] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def part(
        self, element: str, start: str | None, end: str | None, operation: Operation, schema: pa.Schema
    ) -> "PartWriter":
        """Begin a part; it is added to the entry when its writer closes with rows."""
        name = "-".join([f"{len(self.parts):02}", element, *(e for e in (start, end) if e), operation])
        return PartWriter(self, self.folder / f"{name}.parquet", element, start, end, operation, schema)

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def parquet_writer(path: Path, schema: pa.Schema, rows: int) -> pq.ParquetWriter:
    """What writes rows of the record into a file.

    What is another value in nearly every row has no dictionary, which would only be given up when it is large; a file
    of few rows has none at all, and the least and greatest of no column but `id`: they weigh more than its rows.

    Args:
        rows: of the first table; where these are few, the file is small.
    """
    values = [f"{f.name}.list.element" if pa.types.is_list(f.type) else f.name for f in schema]
    repeated = [name for name in values if name not in _DISTINCT]
    few = rows < _FEW_ROWS
    told: dict[str, Any] = {"use_dictionary": False if few else repeated, "write_statistics": ["id"] if few else True}
    return pq.ParquetWriter(path, schema, compression="zstd", compression_level=1, **told)


class PartWriter:
    """Writes the rows of one part as they come."""

    def __init__(
        self,
        staged: Staged,
        path: Path,
        element: str,
        start: str | None,
        end: str | None,
        operation: Operation,
        schema: pa.Schema,
    ) -> None:
        self._staged, self._path = staged, path
        self._what = (element, start, end, operation)
        self._schema = schema
        self._writer: pq.ParquetWriter | None = None
        self._indexing = Indexing(path) if start and operation != "log" else None
        self.rows = 0

    def write(self, table: pa.Table) -> None:
        if table.num_rows == 0:
            return
        with recording(self._path):
            if self._writer is None:
                self._writer = parquet_writer(self._path, self._schema, table.num_rows)
            self._writer.write_table(table, row_group_size=_ROW_GROUP)
            if self._indexing:
                self._indexing.add(table["id"])
        self.rows += table.num_rows
        if self._what == ("Source", None, None, "insert"):
            self._staged.sources += table["id"].to_pylist()

    def close(self) -> None:
        if self._writer is None:
            return
        with recording(self._path):
            self._writer.close()
            fsync(self._path)
            digest = sha256_of(self._path)
            if self._indexing:
                self._indexing.close(digest)
        element, start, end, operation = self._what
        part = Part(self._path.name, element, start, end, operation, self.rows, digest)
        self._staged.parts.append(part)


class Journal:
    """The entries of one store, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self, *, any_version: bool = False) -> list[Entry]:
        """All published entries, their chain checked; of an older model only where any will do.

        Raises:
            StoreDamaged: an entry is missing, unreadable or out of its place, or a source is there twice.
            StoreNewer, StoreOlder: an entry was written by another version.
        """
        entries: list[Entry] = []
        previous = ""
        brought: dict[str, Entry] = {}
        for folder in self._folders():
            entry = read_entry(folder, any_version=any_version)
            if entry.previous != previous:
                raise damaged(folder, _OUT_OF_PLACE)
            for source in entry.sources:
                if source in brought:
                    raise damaged(folder, f"holds source {source}, which {brought[source].folder.name} holds too")
                brought[source] = entry
            entries.append(entry)
            previous = entry.digest
        return entries

    def last(self, *, any_version: bool = False) -> Entry | None:
        """The newest entry, without a look into those before it; None where nothing has been accepted.

        Raises:
            StoreDamaged: it cannot be read, or an entry before it is missing.
            StoreNewer, StoreOlder: it was written by another version.
        """
        folders = self._folders()
        return read_entry(folders[-1], any_version=any_version) if folders else None

    def head(self, but: Collection[str] = ()) -> str:
        """The head of the newest entry that is of none of these kinds.

        Raises:
            StoreDamaged: it cannot be read, or an entry before it is missing.
            StoreNewer, StoreOlder: it was written by another version.
        """
        folders = (folder for folder in reversed(self._folders()) if folder.name.partition("-")[2] not in but)
        return next((read_entry(folder).head for folder in folders), EMPTY)

    @property
    def count(self) -> int:
        """How many entries there are, without a look into them."""
        return len(self._folders())

    def _folders(self) -> list[Path]:
        """The folders of the entries; their numbers leave nothing out."""
        names = ((_NUMBERED.match(folder.name), folder) for folder in self.folder.glob("[0-9]*-*"))
        numbered = sorted((int(name[1]), folder) for name, folder in names if name)
        for expected, (number, folder) in enumerate(numbered, 1):
            if number != expected:
                raise damaged(folder, _OUT_OF_PLACE)
        return [folder for _, folder in numbered]

    def begin(self, kind: str) -> Staged:
        """Begin an entry; leftovers of interrupted ones are removed.

        Raises:
            StoreError: the disk refuses.
        """
        for leftover in self.folder.glob(".staged-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder = self.folder / f".staged-{kind}"
        with recording(folder):
            folder.mkdir()
        return Staged(folder, kind)

    def publish(self, staged: Staged) -> Entry:
        """Make the entry part of the record: after this returns it survives a kill or a power cut.

        Raises:
            StoreError: the record holds a source of it already, or the disk refuses; nothing is changed.
        """
        entries = self.entries()
        known = {source: entry for entry in entries for source in entry.sources}
        for source in staged.sources:
            if source in known:
                raise StoreError(
                    f"the journal holds source {source} already, in {known[source].folder.name}; nothing was changed",
                    where=str(self.folder),
                    remedy="The file was loaded before, or by somebody else meanwhile; there is nothing left to do.",
                )
        number, previous = len(entries) + 1, entries[-1].digest if entries else ""
        final = self.folder / folder_name(number, staged.kind)
        with recording(final):
            write_manifest(staged.folder, manifest(number, staged.kind, previous, staged.parts, staged.sources))
            staged.folder.rename(final)
            try:
                fsync(self.folder)
            except OSError:
                final.rename(staged.folder)
                raise
        return read_entry(final)


@contextmanager
def recording(path: Path) -> Iterator[None]:
    """What the disk refuses while the record is written becomes an error that says so.

    Raises:
        StoreError: there is no room, or nothing may be written.
    """
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise StoreError(
            f"the journal cannot be written: {str(error).splitlines()[0]}",
            where=str(path),
            remedy="Nothing was changed. Make room on the disk, then do the same again.",
        ) from error

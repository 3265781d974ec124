"""The journal of an embedded store: every accepted batch as Parquet, written before it is applied.

The graph file can be made again from it at any time, so the graph is never the record. An entry is written under
a hidden name, fsynced, and renamed: it is there as a whole or not at all.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.store.embedded.entries import (
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

_ROW_GROUP: Final = 250_000


@dataclass
class Staged:
    """An entry under way, in a hidden folder."""

    folder: Path
    kind: str
    parts: list[Part] = field(default_factory=list)

    def part(
        self, element: str, start: str | None, end: str | None, operation: Operation, schema: pa.Schema
    ) -> "PartWriter":
        """Begin a part; it is added to the entry when its writer closes with rows."""
        name = "-".join([f"{len(self.parts):02}", element, *(e for e in (start, end) if e), operation])
        return PartWriter(self, self.folder / f"{name}.parquet", element, start, end, operation, schema)

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


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
        self.rows = 0

    def write(self, table: pa.Table) -> None:
        if table.num_rows == 0:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, self._schema, compression="zstd", compression_level=1)
        self._writer.write_table(table, row_group_size=_ROW_GROUP)
        self.rows += table.num_rows

    def close(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        fsync(self._path)
        element, start, end, operation = self._what
        digest = sha256_of(self._path)
        part = Part(self._path.name, element, start, end, operation, self.rows, digest)
        self._staged.parts.append(part)


class Journal:
    """The entries of one store, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[Entry]:
        """All published entries, their chain checked.

        Raises:
            StoreDamaged: an entry is missing, unreadable or out of its place.
            StoreNewer: an entry was written by a newer version.
        """
        entries: list[Entry] = []
        previous = ""
        for folder in sorted(self.folder.glob("[0-9]*-*")):
            entry = read_entry(folder)
            if entry.number != len(entries) + 1 or entry.previous != previous:
                raise damaged(folder, "does not follow on the entry before it")
            entries.append(entry)
            previous = entry.digest
        return entries

    def begin(self, kind: str) -> Staged:
        """Begin an entry; leftovers of interrupted ones are removed."""
        for leftover in self.folder.glob(".staged-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder = self.folder / f".staged-{kind}"
        folder.mkdir(parents=True)
        return Staged(folder, kind)

    def publish(self, staged: Staged) -> Entry:
        """Make the entry part of the record: after this returns it survives a kill or a power cut."""
        entries = self.entries()
        number, previous = len(entries) + 1, entries[-1].digest if entries else ""
        write_manifest(staged.folder, manifest(number, staged.kind, previous, staged.parts))
        final = self.folder / folder_name(number, staged.kind)
        staged.folder.rename(final)
        fsync(self.folder)
        return read_entry(final)

    def retract(self, entry: Entry) -> None:
        """Take back the newest entry, which the engine refused before it was reported as accepted."""
        aside = self.folder / ".staged-refused"
        entry.folder.rename(aside)
        fsync(self.folder)
        shutil.rmtree(aside, ignore_errors=True)

"""The journal of an embedded store: every accepted batch as Parquet, written before it is applied.

The graph file can be made again from it at any time, so the graph is never the record. An entry is a
folder `NNNNNN-kind` with one Parquet file a table part and a manifest that holds their checksums and the
digest of the entry before. It is written under a hidden name, fsynced, and renamed: it is there as a whole
or not at all.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.errors import StoreDamaged, StoreNewer
from graphwatch.model import MODEL_VERSION

Operation = Literal["insert", "replace", "log"]
MANIFEST = "manifest.json"
_ROW_GROUP = 250_000


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of an entry: rows of one element to insert, to replace, or a log to keep."""

    file: str
    element: str
    start: str | None
    end: str | None
    operation: Operation
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published entry."""

    folder: Path
    number: int
    kind: str
    digest: str
    previous: str
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(p.rows for p in self.parts if p.operation != "log")

    def file(self, part: Part) -> Path:
        """Where the part's rows are."""
        return self.folder / part.file

    def columns(self, part: Part) -> list[str]:
        """The names of the part's columns."""
        return list(pq.read_schema(self.file(part)).names)

    def tables(self, part: Part) -> Iterator[pa.Table]:
        """The part's rows, at most a few hundred thousand at a time."""
        with pq.ParquetFile(self.file(part)) as file:
            for index in range(file.num_row_groups):
                yield file.read_row_group(index)

    def check(self) -> None:
        """Compare every file with its checksum.

        Raises:
            StoreDamaged: a file is missing or differs.
        """
        for part in self.parts:
            path = self.file(part)
            try:
                same = sha256_of(path) == part.sha256
            except OSError as error:
                raise damaged(path, f"cannot be read: {error.strerror}") from error
            if not same:
                raise damaged(path, "is not the file that was written")


def damaged(path: Path, what: str) -> StoreDamaged:
    """The error that names a file of the journal."""
    return StoreDamaged(
        f"journal file {path.name} {what}",
        where=str(path),
        remedy="Bring the folder `journal` back from a backup, then run `graphwatch store rebuild`.",
    )


def sha256_of(path: Path) -> str:
    """Digest of a file's content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _digest(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def fsync(path: Path) -> None:
    """Wait until the disk has that file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():  # some systems cannot fsync a folder
            raise
    finally:
        os.close(handle)


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
        body: dict[str, Any] = {
            "number": len(entries) + 1,
            "kind": staged.kind,
            "previous": entries[-1].digest if entries else "",
            "model_version": MODEL_VERSION,
            "written_at_ms": time.time_ns() // 1_000_000,
            "parts": [asdict(p) for p in staged.parts],
        }
        write_manifest(staged.folder, body)
        final = self.folder / f"{body['number']:06}-{staged.kind}"
        staged.folder.rename(final)
        fsync(self.folder)
        return read_entry(final)

    def retract(self, entry: Entry) -> None:
        """Take back the newest entry, which the engine refused before it was reported as accepted."""
        aside = self.folder / ".staged-refused"
        entry.folder.rename(aside)
        fsync(self.folder)
        shutil.rmtree(aside, ignore_errors=True)


def write_manifest(folder: Path, body: dict[str, Any]) -> str:
    """Write what an entry says of itself, wait until the disk has it, and return its digest."""
    manifest = folder / MANIFEST
    digest = _digest(body)
    manifest.write_text(json.dumps({**body, "digest": digest}, indent=1), encoding="utf-8")
    fsync(manifest)
    fsync(folder)
    return digest


def read_entry(folder: Path) -> Entry:
    """The entry in that folder, its manifest checked.

    Raises:
        StoreDamaged: it is not what was written.
        StoreNewer: it was written by a newer version.
    """
    path = folder / MANIFEST
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        digest = body.pop("digest")
    except (OSError, ValueError, KeyError) as error:
        raise damaged(path, "cannot be read") from error
    if _digest(body) != digest:
        raise damaged(path, "is not the manifest that was written")
    if body["model_version"] > MODEL_VERSION:
        raise StoreNewer(
            f"the store has model version {body['model_version']}, this graphwatch knows up to {MODEL_VERSION}",
            where=str(folder),
            remedy="Update graphwatch, then open the store again.",
        )
    parts = tuple(Part(**p) for p in body["parts"])
    return Entry(folder, body["number"], body["kind"], digest, body["previous"], parts)

"""The journal of an embedded store: every accepted batch as Parquet, written before it is applied.

An entry is a folder `NNNNNN-kind` with one Parquet file a table part, and a manifest with the checksums of the files
and the digest of the entry before. It is written under a hidden name, fsynced, and renamed: it is there as a whole or
not at all. The graph file can be made again from the journal at any time, so the graph is never the record.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.common.clock import now_ms
from graphwatch.common.files import open_kept, read_kept
from graphwatch.common.typed_files import once_each
from graphwatch.errors import StoreDamaged, StoreError, StoreNewer
from graphwatch.model import MODEL_VERSION
from graphwatch.store.bringing_over import older
from graphwatch.store.embedded.id_index import Indexing

Operation = Literal["insert", "replace", "log"]
MANIFEST: Final = "manifest.json"
EMPTY: Final = "0:"
"""The head of a journal without entries."""


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
    sources: tuple[str, ...]
    """Ids of the sources that this entry brought into the store."""
    model_version: int
    stands_for: tuple[str, ...] = ()
    """Heads of entries that were the last of those that this one was made of."""

    @property
    def head(self) -> str:
        """What a graph notes that holds this entry as its last: number and digest."""
        return f"{self.number}:{self.digest}"

    @property
    def heads(self) -> tuple[str, ...]:
        """What a graph may have noted that holds this entry as its last."""
        return self.head, *self.stands_for

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
            self._check(part, sha256_of)

    def check_once(self, part: Part) -> None:
        """Compare one file with its checksum, once in a process for as long as the file is the same.

        Raises:
            StoreDamaged: it is missing or differs.
        """
        self._check(part, _sha256_once)

    def _check(self, part: Part, digest_of: Callable[[Path], str]) -> None:
        path, loss = self.file(part), f"; what it held is {part.rows:,} rows of {part.element}"
        try:
            same = digest_of(path) == part.sha256
        except OSError as error:
            raise damaged(path, f"cannot be read: {error.strerror}{loss}") from error
        if not same:
            raise damaged(path, f"is not the file that was written{loss}")


def folder_name(number: int, kind: str) -> str:
    """What the folder of an entry is called.

    >>> folder_name(7, "load")
    '000007-load'
    """
    return f"{number:06}-{kind}"


def manifest(
    number: int,
    kind: str,
    previous: str,
    parts: Iterable[Part],
    sources: Iterable[str] = (),
    stands_for: Iterable[str] = (),
) -> dict[str, Any]:
    """What an entry says of itself.

    Args:
        number, kind, parts: as the entry has them.
        previous: digest of the entry before it.
        sources: those that are new with it.
        stands_for: heads of entries that it takes the place of.
    """
    return {
        "number": number,
        "kind": kind,
        "previous": previous,
        "model_version": MODEL_VERSION,
        "written_at_ms": now_ms(),
        "sources": list(sources),
        "stands_for": list(stands_for),
        "parts": [asdict(part) for part in parts],
    }


def write_manifest(folder: Path, body: dict[str, Any]) -> str:
    """Write what an entry says of itself, wait until the disk has it, and return its digest."""
    path, digest = folder / MANIFEST, _digest(body)
    path.write_text(json.dumps({**body, "digest": digest}, indent=1), encoding="utf-8")
    fsync(path)
    fsync(folder)
    return digest


def read_entry(folder: Path, *, any_version: bool = False) -> Entry:
    """The entry in that folder, its manifest checked.

    Args:
        folder: of the entry.
        any_version: an older model will do.

    Raises:
        StoreDamaged: it is not what was written.
        StoreNewer: it was written by a newer version.
        StoreOlder: it was written by an older version, and has to be brought over.
    """
    path = folder / MANIFEST
    try:
        now = _identity(path)
    except OSError as error:
        raise damaged(path, "cannot be read") from error
    body, digest = _manifest(folder, now)
    if body["model_version"] > MODEL_VERSION:
        raise StoreNewer(
            f"the store has model version {body['model_version']}, this graphwatch knows up to {MODEL_VERSION}",
            where=str(folder),
            remedy="Update graphwatch, then open the store again.",
        )
    if body["model_version"] < MODEL_VERSION and not any_version:
        raise older(str(folder.parent.parent), body["model_version"])
    parts = tuple(Part(**p) for p in body["parts"])
    sources, stands_for = (tuple(body.get(name, ())) for name in ("sources", "stands_for"))  # of later journals
    said = (body["number"], body["kind"], digest, body["previous"])
    return Entry(folder, *said, parts, sources, body["model_version"], stands_for)


def _identity(path: Path) -> tuple[int, ...]:
    """What tells a file from the one that was there before."""
    now = path.stat()
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


@lru_cache(maxsize=4_096)
def _manifest(folder: Path, _of_file: tuple[int, ...]) -> tuple[dict[str, Any], str]:
    """What an entry says of itself, and the digest of that, read once for as long as the file is the same."""
    path = folder / MANIFEST
    try:
        body = json.loads(read_kept(path).decode("utf-8"), object_pairs_hook=once_each)
        digest = body.pop("digest")
        known = _digest(body) == digest
    except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise damaged(path, "cannot be read") from error
    if not known:
        raise damaged(path, "is not the manifest that was written")
    return body, digest


def damaged(path: Path, what: str) -> StoreDamaged:
    """The error that names a file of the journal."""
    return StoreDamaged(
        f"journal file {path.name} {what}",
        where=str(path),
        remedy="Bring the folder `journal` back from a backup, then run `graphwatch store rebuild`.",
    )


def sha256_of(path: Path) -> str:
    """Digest of a file's content."""
    with open_kept(path) as file:
        return file_digest(file, "sha256").hexdigest()


def _sha256_once(path: Path) -> str:
    return _sha256_of_file(path, _identity(path))


@lru_cache(maxsize=4_096)
def _sha256_of_file(path: Path, _of_file: tuple[int, ...]) -> str:
    return sha256_of(path)


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


def _digest(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


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

"""An entry of the journal: a folder `NNNNNN-kind` with one Parquet file a table part, and a manifest.

The manifest has the checksums of the files and the digest of the entry before.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.common.clock import now_ms
from graphwatch.common.files import open_kept, read_kept
from graphwatch.common.typed_files import once_each
from graphwatch.errors import StoreDamaged, StoreNewer
from graphwatch.model import MODEL_VERSION
from graphwatch.store.bringing_over import older

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

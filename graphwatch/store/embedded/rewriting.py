"""A journal is rewritten without what is to be erased: whole beside the old one, then put in its place.

journal.new    being written; a crash leaves the journal as it is, and this is thrown away
journal.whole  every file of it is on the disk: from here on it is the journal
journal.old    the journal of before, on its way out
"""

import json
import os
import shutil
from collections import defaultdict
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.store.embedded.entries import (
    MANIFEST,
    Entry,
    Part,
    folder_name,
    fsync,
    manifest,
    sha256_of,
    write_manifest,
)
from graphwatch.store.embedded.journal import Journal
from graphwatch.store.erasing import Erasure

NEW: Final = "journal.new"
WHOLE: Final = "journal.whole"
_OLD: Final = "journal.old"
# The last entry of a rewritten journal: it has no rows and says when it was.
_KIND: Final = "erasure"
Gone = defaultdict[str, set[str]]


def rewrite(folder: Path, erasure: Erasure) -> dict[str, int]:
    """Write the journal again without what the erasure names; `settle` puts it into its place.

    Args:
        folder: of the journal, which nobody else may write meanwhile.
        erasure: what is to go.

    Returns:
        How many nodes and relations of each kind went.

    Raises:
        StoreDamaged: a file of the journal is not what was written; nothing is changed.
    """
    new = folder.with_name(NEW)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    gone: Gone = defaultdict(set)
    entries, previous = Journal(folder).entries(), ""
    for entry in entries:
        entry.check()
        previous = _rewritten(entry, new / entry.folder.name, previous, erasure, gone)
    number = len(entries) + 1
    last = new / folder_name(number, _KIND)
    last.mkdir()
    write_manifest(last, manifest(number, _KIND, previous, ()))
    fsync(new)
    new.rename(folder.with_name(WHOLE))
    fsync(folder.parent)
    return {name: len(ids) for name, ids in sorted(gone.items()) if ids}


def is_settled(folder: Path) -> bool:
    """Whether the journal is the one that counts; else it must be settled before it is read."""
    return folder.exists() and not any(folder.with_name(name).exists() for name in (NEW, WHOLE, _OLD))


def replacement(folder: Path) -> Path | None:
    """The rewritten journal that `settle` will put into its place, where there is one."""
    whole = folder.with_name(WHOLE)
    return whole if whole.exists() else None


def settle(folder: Path) -> None:
    """Put a rewritten journal into its place, or clear away one that was not finished; harmless where there is none."""
    new, whole, old = (folder.with_name(name) for name in (NEW, WHOLE, _OLD))
    shutil.rmtree(new, ignore_errors=True)
    if whole.exists():
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
        whole.rename(folder)
        fsync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _rewritten(entry: Entry, target: Path, previous: str, erasure: Erasure, gone: Gone) -> str:
    """Write one entry again; the digest of its manifest."""
    target.mkdir()
    # Rows come before the log of their changes, so that what has gone is known when the log is read.
    parts = [_part(entry, part, target, erasure, gone) for part in entry.parts]
    body: dict[str, Any] = json.loads((entry.folder / MANIFEST).read_text(encoding="utf-8"))
    del body["digest"]
    body["sources"] = [source for source in entry.sources if source not in gone["Source"]]
    return write_manifest(target, {**body, "previous": previous, "parts": [asdict(p) for p in parts if p is not None]})


def _part(entry: Entry, part: Part, target: Path, erasure: Erasure, gone: Gone) -> Part | None:
    """Write one part again; None where no row of it stays."""
    path = target / part.file
    changed, rows = False, 0
    writer: pq.ParquetWriter | None = None
    for table in entry.tables(part):
        after = _applied(part, table, erasure, gone)
        changed |= not after.equals(table)
        rows += after.num_rows
        if after.num_rows:
            writer = writer or pq.ParquetWriter(path, after.schema, compression="zstd", compression_level=1)
            writer.write_table(after)
    if writer is not None:
        writer.close()
    if not changed:
        path.unlink(missing_ok=True)
        _linked(entry.file(part), path)
        return part
    if not rows:
        return None
    fsync(path)
    return replace(part, rows=rows, sha256=sha256_of(path))


def _applied(part: Part, table: pa.Table, erasure: Erasure, gone: Gone) -> pa.Table:
    if part.operation == "log":
        return erasure.apply_to_log(gone, table)
    applied = erasure.apply(part.element, part.start, part.end, table)
    gone[part.element].update(applied.gone)
    return applied.rows


def _linked(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the disk cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        fsync(target)

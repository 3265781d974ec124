"""A journal is rewritten: without what is to be erased, or as a newer model has it.

It is written whole beside the old one, then put in its place.

journal.new    being written; a crash leaves the journal as it is, and this is thrown away
journal.whole  every file of it is on the disk: from here on it is the journal
journal.old    the journal of before, on its way out
"""

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.files import read_kept
from graphwatch.model import INTERACTIONS, MODEL_VERSION
from graphwatch.model.declaring import Relation
from graphwatch.model.tables import GraphTable, conform, every_table, schema_of
from graphwatch.store.bringing_over import brought_over, in_order_of_loading, renamed
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
from graphwatch.store.embedded.id_index import index_of
from graphwatch.store.embedded.journal import Journal, Staged
from graphwatch.store.embedded.record import Record, RecordWriting
from graphwatch.store.embedded.replaying import left_by
from graphwatch.store.erasing import Erasure
from graphwatch.store.merge import CHANGES

NEW: Final = "journal.new"
WHOLE: Final = "journal.whole"
_OLD: Final = "journal.old"
# The last entry of a rewritten journal: it says when it was, and has what was written with it.
_ERASURE: Final = "erasure"
Gone = defaultdict[str, set[str]]


def rewrite(folder: Path, erasure: Erasure, instead: Iterable[GraphTable] = ()) -> dict[str, int]:
    """Write the journal again without what the erasure names; `settle` puts it into its place.

    Args:
        folder: of the journal, which nobody else may write meanwhile.
        erasure: what is to go.
        instead: rows that are written with it, and compared with what stays.

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
    record = Record(Journal(new).entries())
    last = new / folder_name(number, _ERASURE)
    last.mkdir()
    staged = Staged(last, _ERASURE)
    writing = RecordWriting(record, staged)
    for table in instead:
        writing.add(table)
    write_manifest(last, manifest(number, _ERASURE, previous, staged.parts, staged.sources))
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
    body: dict[str, Any] = json.loads(read_kept(entry.folder / MANIFEST).decode("utf-8"))
    del body["digest"]
    body["sources"] = [source for source in entry.sources if source not in gone["Source"]]
    body["stands_for"] = []  # a graph that holds those entries holds what goes
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
        linked(entry.file(part), path)
        if index_of(entry.file(part)).exists():
            linked(index_of(entry.file(part)), index_of(path))
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


def linked(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the disk cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        fsync(target)


_UPGRADE: Final = "upgrade"
Counts = dict[str, tuple[int, int]]


def is_older(journal: Journal) -> bool:
    """Whether the journal is of an older model, and has to be brought over before it is read."""
    last = journal.last(any_version=True)
    return last is not None and last.model_version < MODEL_VERSION


def upgrade(folder: Path) -> Counts:
    """Write a journal again as this model has it.

    Args:
        folder: of the journal, which nobody else may write meanwhile.

    Returns:
        By kind of act how many there were, and how many there are.

    Raises:
        StoreDamaged: a file of the journal is not what was written; nothing is changed.
        StoreError: the disk refuses; nothing is changed.
    """
    entries = Journal(folder).entries(any_version=True)
    for entry in entries:
        entry.check()
    new = folder.with_name(NEW)
    shutil.rmtree(new, ignore_errors=True)
    target = new / folder_name(1, _UPGRADE)
    target.mkdir(parents=True)
    staged = Staged(target, _UPGRADE)
    counts = _write_tables(entries, staged)
    sources = [source for entry in entries for source in entry.sources]
    write_manifest(target, manifest(1, _UPGRADE, "", staged.parts, sources))
    fsync(new)
    new.rename(folder.with_name(WHOLE))
    fsync(folder.parent)
    return counts


def _write_tables(entries: list[Entry], staged: Staged) -> Counts:
    """Every table, as the last of the entries left it; acts before what names them."""
    loaded = in_order_of_loading(_table(entries, staged, "Source", None, None).select(["id", "loaded_at_ms"]))
    new_id: dict[str, str] = {}
    counts: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    names = sorted(every_table(), key=lambda table: table[1].name not in INTERACTIONS)
    for _, element, start, end in names:
        rows = _table(entries, staged, element.name, start, end)
        if element.name in INTERACTIONS:
            assert isinstance(element, Relation)
            made = brought_over(element, end, rows, loaded)
            rows = made.rows
            new_id.update(made.new_id)
            before, after = counts[element.name]
            counts[element.name] = (before + made.before, after + rows.num_rows)
        elif element.name == "Burst":
            ids = [renamed(of, new_id) for of in rows["interactions"].to_pylist()]
            at = rows.schema.get_field_index("interactions")
            rows = rows.set_column(at, "interactions", pa.array(ids, pa.list_(pa.string())))
        writer = staged.part(element.name, start, end, "insert", rows.schema)
        writer.write(rows)
        writer.close()
    _write_log(entries, staged, new_id)
    return dict(counts)


def _table(entries: list[Entry], staged: Staged, name: str, start: str | None, end: str | None) -> pa.Table:
    """The rows of a table as the last of the entries left them."""
    [element] = [e for _, e, *ends in every_table() if (e.name, *ends) == (name, start, end)]
    schema = schema_of(element)
    written = [
        (entry, part)
        for entry in entries
        for part in entry.parts
        if part.operation != "log" and (part.element, part.start, part.end) == (name, start, end)
    ]
    if not written:
        return schema.empty_table()
    left = left_by(element, written, staged.folder)
    rows = schema.empty_table() if left.new is None else conform(pq.read_table(left.new), schema)
    left.clear(staged.folder)
    return rows


def _write_log(entries: list[Entry], staged: Staged, new_id: dict[str, str]) -> None:
    """The values that were replaced, under the ids that acts have now."""
    for entry in entries:
        for part in entry.parts:
            if part.operation != "log":
                continue
            writer = staged.part(part.element, part.start, part.end, "log", CHANGES)
            for table in entry.tables(part):
                ids = pc.coalesce(_renamed(table["id"], new_id), table["id"])
                writer.write(table.set_column(table.schema.get_field_index("id"), "id", ids).cast(CHANGES))
            writer.close()


def _renamed(ids: pa.ChunkedArray, new_id: dict[str, str]) -> pa.Array:
    return pa.array([new_id.get(i) for i in ids.to_pylist()], pa.string())

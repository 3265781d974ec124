"""Many small entries at the end of a journal become one, so that a store of many small loads stays as quick as another.

The entry says what they said together: of each row the last that was accepted, every replaced value, every source. The
journal is written whole beside the old one; `rewriting.settle` puts it into its place.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from graphwatch.model.tables import conform, every_table, schema_of
from graphwatch.store.embedded.journal import (
    Entry,
    Journal,
    Operation,
    Part,
    Staged,
    folder_name,
    fsync,
    manifest,
    write_manifest,
)
from graphwatch.store.embedded.rewriting import NEW, WHOLE, linked
from graphwatch.store.merge import CHANGES

# So many entries of fewer rows are made one. An entry of more rows is never written again for them.
MANY: Final = 100
_FEW_ROWS: Final = 5_000
_KIND: Final = "together"
_Written = list[tuple[Entry, Part]]


def compact(folder: Path, many: int = MANY) -> bool:
    """Write a journal again with the small entries at its end as one, where they are many; whether it was written.

    Args:
        folder: of the journal, which nobody else may write meanwhile.
        many: how many are.

    Raises:
        StoreDamaged: a file of theirs is not what was written; nothing is changed.
        StoreError, OSError: the disk refuses; nothing is changed.
    """
    journal = Journal(folder)
    if journal.count < many:
        return False
    entries = journal.entries()
    small = _small(entries)
    if len(small) < many:
        return False
    kept = entries[: len(entries) - len(small)]
    for entry in small:
        entry.check()
    new = folder.with_name(NEW)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for entry in kept:
        (new / entry.folder.name).mkdir()
        for file in sorted(entry.folder.iterdir()):
            linked(file, new / entry.folder.name / file.name)
    _write(small, new, len(kept) + 1, kept[-1].digest if kept else "")
    for of in (*new.iterdir(), new):
        fsync(of)
    new.rename(folder.with_name(WHOLE))
    fsync(folder.parent)
    return True


def _small(entries: list[Entry]) -> list[Entry]:
    """The entries at the end that have few rows."""
    begin = len(entries)
    while begin and entries[begin - 1].rows < _FEW_ROWS:
        begin -= 1
    return entries[begin:]


def _write(entries: list[Entry], new: Path, number: int, previous: str) -> None:
    target = new / folder_name(number, _KIND)
    target.mkdir()
    staged = Staged(target, _KIND)
    written: defaultdict[tuple[str, str | None, str | None], _Written] = defaultdict(list)
    logged: defaultdict[tuple[str, str | None, str | None], _Written] = defaultdict(list)
    for entry in entries:
        for part in entry.parts:
            of = logged if part.operation == "log" else written
            of[part.element, part.start, part.end].append((entry, part))
    for _, element, start, end in every_table():
        table = element.name, start, end
        schema = schema_of(element)
        for operation, rows in _as_left(written[table], schema):
            writer = staged.part(*table, operation, schema)
            writer.write(rows)
            writer.close()
        log = staged.part(*table, "log", CHANGES)
        for entry, part in logged[table]:
            for changes in entry.tables(part):
                log.write(changes.cast(CHANGES))
        log.close()
    sources = [source for entry in entries for source in entry.sources]
    write_manifest(target, manifest(number, _KIND, previous, staged.parts, sources))


def _as_left(parts: _Written, schema: pa.Schema) -> Iterator[tuple[Operation, pa.Table]]:
    """The rows of a table as the last of the entries left them, apart by whether they were there before."""
    if not parts:
        return
    pieces = [(conform(rows, schema), part.operation) for entry, part in parts for rows in entry.tables(part)]
    rows = pa.concat_tables([piece for piece, _ in pieces])
    brought = np.repeat([operation == "insert" for _, operation in pieces], [piece.num_rows for piece, _ in pieces])
    code = rows["id"].combine_chunks().dictionary_encode().indices.to_numpy()
    last, is_new = np.zeros(len(code), np.int64), np.zeros(len(code), np.bool_)
    last[code] = np.arange(len(code))  # of several the last one stays
    is_new[code[brought]] = True
    kept = np.sort(np.unique(last[code]))
    for operation, wanted in (("insert", is_new[code[kept]]), ("replace", ~is_new[code[kept]])):
        yield operation, rows.take(pa.array(kept[wanted]))  # type: ignore[misc]

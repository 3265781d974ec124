"""Many small entries at the end of a journal become one, so that a store of many small loads stays as quick as another.

The entry says what they said together: of each row the last that was accepted, every replaced value, every source, and
which entry was the last of them, so that a graph which noted that one still knows how far it is. The journal is written
whole beside the old one; `rewriting.settle` puts it into its place.
"""

import shutil
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphwatch.model.tables import conform, schema_of
from graphwatch.store.embedded.entries import Entry, Operation, Part, folder_name, fsync, manifest, write_manifest
from graphwatch.store.embedded.journal import Journal, Staged
from graphwatch.store.embedded.replaying import by_table, left_by
from graphwatch.store.embedded.rewriting import NEW, WHOLE, linked
from graphwatch.store.merge import CHANGES

# So many neighbours of about one size are made one: every file of the journal costs each load a look. What grows that
# way is written again a few times at most, since an entry of more rows than the last of the sizes never is.
MANY: Final = 16
_SIZES: Final = (5_000, 80_000)
_KIND: Final = "together"


def small_ones(journal: Journal, many: int = MANY) -> int:
    """How many entries at a journal's end are to be made one: those of a size that are many, with smaller ones after.

    None where there are not many of any size.
    """
    if journal.count < many:
        return 0
    rows = [entry.rows for entry in reversed(journal.entries())]
    for least, below in reversed(list(pairwise((0, *_SIZES)))):
        small = next((at for at, n in enumerate(rows) if n >= below), len(rows))
        if sum(n >= least for n in rows[:small]) >= many:
            return small
    return 0


def compact(folder: Path, small: int, held: str | None) -> None:
    """Write a journal again with the small entries at its end as one, or as two where a graph holds some of them.

    Args:
        folder: of the journal, which nobody else may write meanwhile.
        small: how many they are.
        held: head of the last entry that the graph holds; None where nothing of it is trusted.

    Raises:
        StoreDamaged: a file of theirs is not what was written; nothing is changed.
        StoreError, OSError: the disk refuses; nothing is changed.
    """
    entries = Journal(folder).entries()
    kept, groups = entries[:-small], _apart(entries[-small:], held)
    if len(groups[0]) == 1:
        kept += groups.pop(0)  # nothing to make one of
    for entry in entries[len(kept) :]:
        entry.check()
    new = folder.with_name(NEW)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for entry in kept:
        (new / entry.folder.name).mkdir()
        for file in sorted(entry.folder.iterdir()):
            linked(file, new / entry.folder.name / file.name)
    previous = kept[-1].digest if kept else ""
    for number, group in enumerate(groups, len(kept) + 1):
        previous = _write(group, new, number, previous)
    for of in (*new.iterdir(), new):
        fsync(of)
    new.rename(folder.with_name(WHOLE))
    fsync(folder.parent)


def _apart(entries: list[Entry], held: str | None) -> list[list[Entry]]:
    """Those that the graph holds, and those that it does not."""
    cut = next((at for at, entry in enumerate(entries, 1) if held in entry.heads), 0)
    return [group for group in (entries[:cut], entries[cut:]) if group]


def _write(entries: list[Entry], new: Path, number: int, previous: str) -> str:
    """Write the entry that says what these say together; its digest."""
    target = new / folder_name(number, _KIND)
    target.mkdir()
    staged = Staged(target, _KIND)
    logged: defaultdict[tuple[str, str | None, str | None], list[tuple[Entry, Part]]] = defaultdict(list)
    for entry in entries:
        for part in entry.parts:
            if part.operation == "log":
                logged[part.element, part.start, part.end].append((entry, part))
    for (element, start, end), parts in by_table(entries).items():
        left = left_by(element, parts, new)
        _write_rows(staged, (element.name, start, end), "insert", schema_of(element), left.new)
        _write_rows(staged, (element.name, start, end), "replace", schema_of(element), left.changed)
        left.clear(new)
    for table, parts in logged.items():
        log = staged.part(*table, "log", CHANGES)
        for entry, part in parts:
            for changes in entry.tables(part):
                log.write(changes.cast(CHANGES))
        log.close()
    sources = [source for entry in entries for source in entry.sources]
    said = manifest(number, _KIND, previous, staged.parts, sources, entries[-1].heads)
    return write_manifest(target, said)


def _write_rows(
    staged: Staged,
    table: tuple[str, str | None, str | None],
    operation: Operation,
    schema: pa.Schema,
    file: Path | None,
) -> None:
    if file is None:
        return
    writer = staged.part(*table, operation, schema)
    with pq.ParquetFile(file) as rows:
        for group in range(rows.num_row_groups):
            writer.write(conform(rows.read_row_group(group), schema))
    writer.close()

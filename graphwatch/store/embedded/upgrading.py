"""A journal of an older model is written again as one entry of this one; `rewriting.settle` puts it into its place."""

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.model import INTERACTIONS, MODEL_VERSION
from graphwatch.model.declaring import Relation
from graphwatch.model.tables import conform, every_table, schema_of
from graphwatch.store.bringing_over import brought_over, in_order_of_loading, renamed
from graphwatch.store.embedded.entries import Entry, folder_name, fsync, manifest, write_manifest
from graphwatch.store.embedded.journal import Journal, Staged
from graphwatch.store.embedded.replaying import in_one_piece
from graphwatch.store.embedded.rewriting import NEW, WHOLE
from graphwatch.store.merge import CHANGES

_KIND: Final = "upgrade"
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
    target = new / folder_name(1, _KIND)
    target.mkdir(parents=True)
    staged = Staged(target, _KIND)
    counts = _write_tables(entries, staged)
    sources = [source for entry in entries for source in entry.sources]
    write_manifest(target, manifest(1, _KIND, "", staged.parts, sources))
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
    gathered = staged.folder / "gathered.parquet"
    file, _ = in_one_piece(element, written, gathered)
    rows = conform(pq.read_table(file), schema)
    gathered.unlink(missing_ok=True)
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

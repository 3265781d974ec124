"""The journal as one record: rows and columns of it are read, and what is written is compared with them.

An engine has no index of relations by id, so that for a hundred rows it looks at all that it has. Here only the groups
of rows are looked at that may hold one of the ids that are wanted: as their smallest and largest id tell, or as the
index beside a large part does. Nothing here waits for the graph, which may be behind.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.databases import in_memory
from graphwatch.errors import StoreError
from graphwatch.model import Element, node
from graphwatch.model.acts import Retimed
from graphwatch.model.tables import GraphTable, conform, in_pieces, schema_of
from graphwatch.store.base import Written
from graphwatch.store.embedded import id_index
from graphwatch.store.embedded.entries import Entry, Part
from graphwatch.store.embedded.journal import Staged
from graphwatch.store.merge import CHANGES, merge

# Rows that are compared at once.
_CHUNK_ROWS: Final = 500_000
# Of a file with several groups of rows, DuckDB reads one row in so many faster than whole groups are read.
_FEW: Final = 200
_MEMORY: Final = "1GB"
_FEW_ROWS: Final = (
    "SELECT * EXCLUDE (file_row_number) FROM read_parquet($file, file_row_number = true, hive_partitioning = false) "
    "WHERE file_row_number IN (SELECT row FROM wanted)"
)
_PLACES: Final = pa.schema([("id", pa.string()), ("file", pa.int64()), ("row", pa.int64())])
_Parts = Sequence[tuple[Entry, Part]]


class Record:
    """The rows that the entries of a journal brought, the last row of an id counting."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Look at what the entries hold, all of a journal in their order; no row is read yet."""
        self._parts: defaultdict[tuple[str, str | None, str | None], list[tuple[Entry, Part]]] = defaultdict(list)
        for entry in entries:
            for part in entry.parts:
                if part.operation != "log":
                    self._parts[part.element, part.start, part.end].append((entry, part))

    def is_empty(self, element: Element, start: str | None, end: str | None) -> bool:
        """Whether nothing was ever accepted for that table."""
        return not self._parts[element.name, start, end]

    def known(self, element: Element, start: str | None, end: str | None, ids: pa.Table) -> pa.Table:
        """The rows of those ids as they are now, in the element's schema.

        Args:
            element, start, end: the table.
            ids: a column `id`.

        Raises:
            StoreDamaged: a file of the journal is missing or is not what was written.
            StoreError: the disk refuses.
        """
        parts, schema = self._parts[element.name, start, end], schema_of(element)
        files = [entry.file(part) for entry, part in parts]
        try:
            found = _newest(_places(parts, _texts(ids["id"])))
            rows = [conform(some, schema) for which, places in found.items() for some in _rows(files[which], places)]
        except (OSError, pa.ArrowException) as error:
            raise unsearchable(parts, error) from error
        return pa.concat_tables([schema.empty_table(), *rows])

    def rows(
        self, element: Element, start: str | None, end: str | None, columns: Sequence[str], ids: pa.Table | None = None
    ) -> pa.Table:
        """These columns of a table as it is now, in no order.

        Args:
            element, start, end: the table.
            columns: names of properties, and `from` and `to`.
            ids: a column `id`, where only the rows of these are wanted.

        Raises:
            StoreDamaged, StoreError: as for `known`.
        """
        if ids is not None:
            return self.known(element, start, end, ids).select(columns)
        parts = self._parts[element.name, start, end]
        schema = schema_of(element)
        wanted = pa.schema([schema.field(name) for name in dict.fromkeys(("id", *columns))])
        read = [wanted.empty_table()]
        for entry, part in parts:
            try:
                with pq.ParquetFile(entry.file(part)) as file:
                    there = [name for name in wanted.names if name in file.schema_arrow.names]
                    read.append(conform(file.read(columns=there), wanted))
            except (OSError, pa.ArrowException):
                entry.check()
                raise
        rows = pa.concat_tables(read)
        if any(part.operation == "replace" for _, part in parts):
            rows = rows.take(_last_of_each(rows["id"]))
        return rows.select(columns)

    def parts_of(self, name: str, start: str | None, end: str | None) -> Sequence[tuple[Entry, Part]]:
        """The parts that hold rows of that table, in the order in which they were accepted."""
        return self._parts[name, start, end]

    def stale(self, element: Element, start: str | None, end: str | None) -> dict[int, npt.NDArray[np.int64]]:
        """Where rows stand that a later one replaced: places in the file, ascending, by the place of the part.

        Raises:
            StoreDamaged, StoreError: as for `known`.
        """
        parts = self._parts[element.name, start, end]
        if not any(part.operation == "replace" for _, part in parts):
            return {}
        try:
            replacing = [entry.file(part) for entry, part in parts if part.operation == "replace"]
            ids = pa.chunked_array([c for f in replacing for c in _column(f, "id").chunks], pa.string())
            places = _places(parts, pc.unique(ids))
        except (OSError, pa.ArrowException) as error:
            raise unsearchable(parts, error) from error
        newest = _newest(places)
        file, row = places["file"].to_numpy(), places["row"].to_numpy()
        found = {}
        for which in np.unique(file).tolist():
            there = np.setdiff1d(row[file == which], newest.get(which, np.empty(0, np.int64)))
            if len(there):
                found[which] = there
        return found

    def lacking(self, element: Element, ids: pa.Array) -> pa.Array:
        """Those of the ids that no node of that label has.

        Raises:
            StoreDamaged, StoreError: as for `known`.
        """
        parts = self._parts[element.name, None, None]
        try:
            known = _places(parts, ids)["id"].combine_chunks()
        except (OSError, pa.ArrowException) as error:
            raise unsearchable(parts, error) from error
        return ids.filter(pc.invert(pc.is_in(ids, value_set=known)))


def compared(record: Record, table: GraphTable) -> Written:
    """What writing the table would do to the record."""
    new = changed = unchanged = 0
    retimed: Retimed = Counter()
    for rows in in_pieces(table.batches, table.schema, _CHUNK_ROWS):
        known = record.known(table.element, table.start, table.end, rows.select(["id"]))
        outcome = merge(table.element, rows, known)
        new, changed = new + outcome.new.num_rows, changed + outcome.changed.num_rows
        unchanged, retimed = unchanged + outcome.unchanged, retimed + outcome.retimed
    return Written(table.element.name, new, changed, unchanged, retimed)


class RecordWriting:
    """A batch under way: rows are compared with the record and staged for it."""

    def __init__(self, record: Record, staged: Staged) -> None:
        self._record, self._staged = record, staged
        self._there: defaultdict[str, list[pa.Array]] = defaultdict(list)
        """Ids of nodes that will be there with this batch, by label."""
        self._brought: defaultdict[str, list[pa.Array]] = defaultdict(list)
        """Those of them that were not there before."""

    def add(self, table: GraphTable) -> Written:
        element, schema = table.element, table.schema
        name, start, end = element.name, table.start, table.end
        first = self._record.is_empty(element, start, end)
        inserts = self._staged.part(name, start, end, "insert", schema)
        replaces = self._staged.part(name, start, end, "replace", schema)
        log = self._staged.part(name, start, end, "log", CHANGES)
        unchanged = 0
        retimed: Retimed = Counter()
        for rows in in_pieces(table.batches, table.schema, _CHUNK_ROWS):
            if start is None:
                self._there[name] += rows["id"].chunks
            if first:
                self._note_brought(name, start, rows)
                inserts.write(rows)
                continue
            known = self._record.known(element, start, end, rows.select(["id"]))
            outcome = merge(element, rows, known)
            self._note_brought(name, start, outcome.new)
            inserts.write(outcome.new)
            replaces.write(outcome.changed)
            log.write(outcome.log)
            unchanged += outcome.unchanged
            retimed += outcome.retimed
        for writer in (inserts, replaces, log):
            writer.close()
        return Written(name, inserts.rows, replaces.rows, unchanged, retimed)

    def check(self) -> None:
        """Whether the graph will take what is staged: it is asked later, when the batch has long been accepted.

        Raises:
            StoreError: a node is there twice or without an id, or a relation leads from or to none.
        """
        for label, chunks in self._brought.items():
            ids = pa.chunked_array(chunks, pa.string())
            if ids.null_count or pc.count_distinct(ids).as_py() < len(ids):
                raise self._misfit(f"a new {label} is there twice, or has no id")
        for part in self._staged.parts:
            if part.operation != "insert" or part.start is None or part.end is None:
                continue
            for column, label in (("from", part.start), ("to", part.end)):
                file = self._staged.folder / part.file
                with pq.ParquetFile(file, read_dictionary=[column]) as rows:
                    coded = rows.read(columns=[column])[column].unify_dictionaries()
                named = pc.unique(coded).cast(pa.string())
                there = pa.chunked_array(self._there[label], pa.string()).combine_chunks()
                others = named.filter(pc.invert(pc.is_in(named, value_set=there)))
                if len(others) and len(lacking := self._record.lacking(node(label), others)):
                    raise self._misfit(f"{part.element} leads {column} {label} {lacking[0]}, which is not there")

    def _note_brought(self, name: str, start: str | None, rows: pa.Table) -> None:
        if start is None:
            self._brought[name] += rows["id"].chunks

    def _misfit(self, what: str) -> StoreError:
        return StoreError(
            f"the batch does not fit the graph and was rolled back: {what}",
            where=str(self._staged.folder.parent.parent),
            remedy="Nothing was changed. Please report this with the file that was loaded.",
        )


def unsearchable(parts: _Parts, error: Exception) -> StoreError:
    """The error that says that these cannot be searched; a damaged one is named instead."""
    for entry, _ in parts:
        entry.check()
    return StoreError(
        f"the journal cannot be searched: {str(error).splitlines()[0]}",
        where=str(parts[0][0].folder.parent),
        remedy="Nothing was changed. Make room on the disk, then do the same again.",
    )


def _column(file: Path, name: str) -> pa.ChunkedArray:
    with pq.ParquetFile(file) as opened:
        return opened.read(columns=[name])[name].cast(pa.string())


def _places(parts: _Parts, ids: pa.Array) -> pa.Table:
    """Where the ids stand: `id`, `file` (a place among the parts, from 0) and `row` (a place in the file, from 0)."""
    found = [_PLACES.empty_table()]
    wanted = ids.drop_null()
    for which, (entry, part) in enumerate(parts if len(wanted) else ()):
        near = _indexed(entry, part, wanted) if part.start is not None and part.rows >= id_index.LARGE else None
        for there, rows in _matches(entry.file(part), wanted, near):
            found.append(pa.table([there, pa.array(np.full(len(rows), which)), pa.array(rows)], schema=_PLACES))
    return pa.concat_tables(found)


def _indexed(entry: Entry, part: Part, wanted: pa.Array) -> npt.NDArray[np.int64] | None:
    """The rows of a part that may have one of these ids, by its index, which is made where it is missing."""
    file = entry.file(part)
    near = id_index.looked_up(file, part.sha256, wanted)
    if near is None:
        id_index.make(file, part.sha256)
        near = id_index.looked_up(file, part.sha256, wanted)
    return near


def _matches(
    file: Path, wanted: pa.Array, near: npt.NDArray[np.int64] | None
) -> Iterator[tuple[pa.Array, npt.NDArray[np.int64]]]:
    """Ids of the file that are wanted and their rows, some at a time; `near` are the only rows to look at."""
    if near is not None and not len(near):
        return
    with pq.ParquetFile(file, pre_buffer=False) as opened:
        begin = 0
        is_small = opened.metadata.num_rows < id_index.LARGE
        for group in range(opened.num_row_groups):
            about = opened.metadata.row_group(group)
            end = begin + about.num_rows
            if near is None:
                may_have = is_small or _may_have(about, wanted)
            else:
                may_have = bool(np.searchsorted(near, begin) < np.searchsorted(near, end))
            if may_have:
                ids = _texts(opened.read_row_group(group, columns=["id"], use_threads=not is_small)["id"])
                rows = np.flatnonzero(pc.is_in(ids, value_set=wanted))
                yield ids.take(pa.array(rows)), begin + rows
            begin = end


def _may_have(about: pq.RowGroupMetaData, wanted: pa.Array) -> bool:
    """Whether the smallest and the largest id of a group let one of these be in it."""
    columns = (about.column(at) for at in range(about.num_columns))
    statistics = next(column.statistics for column in columns if column.path_in_schema == "id")
    if statistics is None or not statistics.has_min_max:
        return True
    inside = pc.and_(pc.greater_equal(wanted, statistics.min), pc.less_equal(wanted, statistics.max))
    return bool(pc.any(inside).as_py())


def _newest(places: pa.Table) -> dict[int, npt.NDArray[np.int64]]:
    """For each file, by its place, the rows that are the last of their ids."""
    order = pc.sort_indices(places, [("id", "ascending"), ("file", "ascending")])
    places = places.take(order)
    ids = places["id"]
    is_last = np.ones(len(ids), np.bool_)
    is_last[:-1] = np.asarray(pc.not_equal(ids.slice(1), ids.slice(0, max(len(ids) - 1, 0))))
    file, row = (places[name].to_numpy()[is_last] for name in ("file", "row"))
    return {int(which): np.sort(row[file == which]) for which in np.unique(file)}


def _last_of_each(ids: pa.ChunkedArray) -> pa.Array:
    """The places of the rows that are the last of their ids."""
    places = pa.table({"id": ids, "place": pa.array(np.arange(len(ids)))})
    return places.group_by("id").aggregate([("place", "max")])["place_max"].combine_chunks()


def _rows(file: Path, rows: npt.NDArray[np.int64]) -> Iterator[pa.Table]:
    """These rows of a file, some at a time."""
    with pq.ParquetFile(file) as opened:
        if opened.num_row_groups > 1 and len(rows) * _FEW < opened.metadata.num_rows:
            yield _few_rows(file, rows)
            return
        begin = 0
        for group in range(opened.num_row_groups):
            end = begin + opened.metadata.row_group(group).num_rows
            inside = rows[np.searchsorted(rows, begin) : np.searchsorted(rows, end)]
            if len(inside):
                yield opened.read_row_group(group).take(pa.array(inside - begin))
            begin = end


def _few_rows(file: Path, rows: npt.NDArray[np.int64]) -> pa.Table:
    """These rows of a file, without unpacking what stands between them."""
    import duckdb

    with in_memory(_MEMORY) as connection:
        connection.register("wanted", pa.table({"row": rows}))
        try:
            given = {"file": meant(str(file.resolve()))}
            return connection.sql(_FEW_ROWS, params=given).to_arrow_table()
        except duckdb.Error as error:
            raise OSError(str(error)) from error


def _texts(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()


def meant(name: str) -> str:
    """A file's name in which DuckDB sees no wildcard.

    >>> meant("/kasus [1]/a*")
    '/kasus [[]1]/a[*]'
    """
    return "".join(f"[{c}]" if c in "[*?" else c for c in name)

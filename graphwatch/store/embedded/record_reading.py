"""The record read in columns: graphwatch's own questions by DuckDB, acts as codes by Arrow; the graph may be behind.

Of rows that were replaced only the last counts: where the others stand is looked up once, and they are passed over.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphwatch.common.databases import in_memory
from graphwatch.model import Element, elements
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns, LeftOut, schema_of
from graphwatch.settings import SCRATCH
from graphwatch.store import scoping
from graphwatch.store.embedded.record import Record, meant, unsearchable
from graphwatch.store.embedded.record_expressions import literal, quoted
from graphwatch.store.embedded.record_questions import Table, in_sql
from graphwatch.store.values import whole_numbers

_MEMORY: Final = "1GB"
_PARAMETER: Final = re.compile(r"\$([a-z_]\w*)")
_TYPES: Final = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}
# Rows whose names are looked up at once.
_ROWS: Final = 1_000_000
_TIMES: Final = ("at_ms", "basis", "precision_ms")
Longs = npt.NDArray[np.int64]


class Reading:
    """One look at a record, with one connection for all that is asked of it."""

    def __init__(self, record: Record, scratch: Path) -> None:
        """Nothing is read yet.

        Args:
            record: what was accepted.
            scratch: the folder of the store, which takes what does not fit into memory.
        """
        self.record, self._scratch = record, scratch
        self._connection: Any = None
        self._views: dict[Table, str] = {}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def answered(self, cypher: str, given: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of a question that graphwatch itself asks, with the types that a graph gives.

        Raises:
            NotOfRecord: it has a form that only the graph answers.
            StoreDamaged: a file of the journal is missing or is not what was written.
            StoreError: the disk refuses.
        """
        import duckdb

        sql = in_sql(cypher, given or {}, self._named)
        used = {name: _plain(given[name]) for name in _PARAMETER.findall(sql)} if given else {}
        try:
            return whole_numbers(self._open().sql(sql, params=used).to_arrow_table())
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            parts = [part for table in self._views for part in self.record.parts_of(*table)]
            raise unsearchable(parts, error) from error

    def _named(self, table: Table) -> str:
        """The name of a view with all rows of a table."""
        if table not in self._views:
            view = f"v{len(self._views)}"
            self._open().execute(f"CREATE TEMP VIEW {view} AS {_rows(self.record, table)}")
            self._views[table] = view
        return self._views[table]

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = in_memory(_MEMORY, self._scratch / f"{SCRATCH}question")
        return self._connection

    def interactions(self, scope: Scope, window_ms: int) -> InteractionColumns:
        """The interactions in scope whose times are those of acts, and known as precisely as the window or finer.

        Of the acts no text but their ends is read, and each end is looked up once in so many rows.

        Raises:
            StoreDamaged, StoreError: as for `answered`.
        """

        def ask(begin: scoping.Clause, end: str) -> pa.Table:
            return self.answered(f"{begin.cypher} {end}", begin.parameters)

        record = self.record
        accounts = _placed(record.rows(_element("Account"), None, None, ["id"]))
        text = scoping.listed(scope.object)
        listed = "".join(f", {what} AS {name}" for name, what in text.items())
        posts = _placed(ask(scoping.posts(scope), f"RETURN o.id AS id, o.at_ms AS at_ms{listed}"))
        texts = posts.select(["place", "text"]) if text else None
        if scope.object == "page":
            behind = ask(scoping.publishing_pages(scope), "RETURN o.id AS id, p.id AS text")
            at = pc.index_in(behind["id"], value_set=posts["id"].combine_chunks())
            texts = pa.table({"place": at, "text": behind["text"]})
        seen = {kind: _acts(record, kind, accounts["id"], posts["id"], scope, window_ms) for kind in scope.kinds}
        timed = {kind: acts.timed for kind, acts in seen.items()}
        left_out = tuple(acts.left_out for acts in seen.values())
        columns = scoping.assemble(scope.object, accounts, posts, timed, left_out, texts)
        return replace(columns, graded=any(acts.is_graded for acts in seen.values()))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def _rows(record: Record, table: Table) -> str:
    """The SQL of all rows of a table, with all columns that are declared."""
    [element] = [element for element in elements() if element.name == table[0]]
    told = [f"CAST(NULL AS {_type(field.type)}) AS {quoted(field.name)}" for field in schema_of(element)]
    selects = [f"SELECT {', '.join(told)} WHERE false"]
    whole: list[str] = []
    stale = record.stale(element, *table[1:])
    for which, (entry, part) in enumerate(record.parts_of(*table)):
        entry.check_once(part)
        file = literal(meant(str(entry.file(part).resolve())))
        if which not in stale:
            whole.append(file)
            continue
        rows = ", ".join(map(str, stale[which].tolist()))
        selects.append(
            f"SELECT * EXCLUDE (file_row_number) FROM read_parquet({file}, file_row_number = true, "  # noqa: S608 - of the record
            f"hive_partitioning = false) WHERE file_row_number NOT IN (SELECT unnest([{rows}]))"
        )
    if whole:
        selects.append(
            f"SELECT * FROM read_parquet([{', '.join(whole)}], union_by_name = true, hive_partitioning = false)"  # noqa: S608
        )
    names = ", ".join(quoted(field.name) for field in schema_of(element))
    return f"SELECT {names} FROM ({' UNION ALL BY NAME '.join(selects)})"  # noqa: S608 - of the model


def _type(type: pa.DataType) -> str:
    return "VARCHAR[]" if pa.types.is_list(type) else _TYPES[str(type)]


# --- acts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Acts:
    """Acts of one kind in scope: those that fit, as `scoping.assemble` wants them, and what of the others is told."""

    timed: pa.Table
    left_out: LeftOut
    is_graded: bool


def _acts(
    record: Record, kind: str, accounts: pa.ChunkedArray, posts: pa.ChunkedArray, scope: Scope, window_ms: int
) -> _Acts:
    found: list[tuple[Longs, ...]] = []
    left_out, graded = LeftOut(), False
    account_ids, post_ids = accounts.combine_chunks(), posts.combine_chunks()
    for rows in _pieces(record, kind):
        post = _coded(rows["to"], post_ids)
        at_ms, is_timed = _numbers(rows["at_ms"])
        inside, in_range = post >= 0, is_timed.copy()
        if scope.begin_ms is not None:
            in_range &= at_ms >= scope.begin_ms
        if scope.end_ms is not None:
            in_range &= at_ms < scope.end_ms
        observed = np.asarray(pc.fill_null(pc.equal(rows["basis"], "observed"), fill_value=False), np.bool_)
        precision, is_graded = _numbers(rows["precision_ms"])
        coarse = is_graded & (precision > window_ms)
        acted = inside & in_range & ~observed
        left_out += LeftOut(
            untimed=int(np.count_nonzero(inside & ~is_timed)),
            observed=int(np.count_nonzero(inside & in_range & observed)),
            coarse=int(np.count_nonzero(acted & coarse)),
        )
        graded = graded or bool((acted & is_graded).any())
        fit = acted & ~coarse
        account = _coded(rows["from"], account_ids)
        found.append((account[fit], post[fit], at_ms[fit]))
    empty = np.empty(0, np.int64)
    columns = [np.concatenate([empty, *column]) for column in zip(*found, strict=True)] if found else [empty] * 3
    return _Acts(pa.table(columns, names=["account", "object", "at_ms"]), left_out, graded)


def _pieces(record: Record, kind: str) -> Iterator[pa.Table]:
    """The acts of a kind with posts, their ends and times, many at a time; ends and basis are dictionaries."""
    element, coded = _element(kind), ["from", "to", "basis"]
    stale = record.stale(element, "Account", "Post")
    parts = record.parts_of(kind, "Account", "Post")
    for which, (entry, part) in enumerate(parts):
        entry.check_once(part)
        try:
            with pq.ParquetFile(entry.file(part), read_dictionary=coded) as file:
                wanted = [name for name in ("from", "to", *_TIMES) if name in file.schema_arrow.names]
                begin, held = 0, list[int]()
                for group in range(file.num_row_groups):
                    held.append(group)
                    rows = sum(file.metadata.row_group(g).num_rows for g in held)
                    if rows < _ROWS and group + 1 < file.num_row_groups:
                        continue
                    piece = file.read_row_groups(held, columns=wanted)
                    if which in stale:
                        kept = np.ones(rows, np.bool_)
                        gone = stale[which] - begin
                        kept[gone[(gone >= 0) & (gone < rows)]] = False
                        piece = piece.filter(pa.array(kept))
                    begin, held = begin + rows, []
                    for name in (n for n in _TIMES if n not in wanted):
                        piece = piece.append_column(name, pa.nulls(piece.num_rows, schema_of(element).field(name).type))
                    yield piece
        except (OSError, pa.ArrowException) as error:
            raise unsearchable(parts, error) from error


def _numbers(column: pa.ChunkedArray) -> tuple[Longs, npt.NDArray[np.bool_]]:
    """Whole numbers, 0 where there is none, and where there are some."""
    return pc.fill_null(column, 0).to_numpy().astype(np.int64), np.asarray(column.is_valid(), np.bool_)


def _coded(column: pa.ChunkedArray, ids: pa.StringArray) -> Longs:
    """The places of ids among those; -1 where there is none. Each text is looked up once for each dictionary."""
    names = pa.chunked_array([chunk.dictionary for chunk in column.chunks], pa.string())
    places = pc.fill_null(pc.index_in(names, value_set=ids), -1).to_numpy().astype(np.int64)
    codes, begin = [np.empty(0, np.int64)], 0
    for chunk in column.chunks:
        size = len(chunk.dictionary)
        codes.append(places[begin : begin + size][chunk.indices.to_numpy()])
        begin += size
    return np.concatenate(codes)


def _placed(rows: pa.Table) -> pa.Table:
    """Rows in the order of their ids, each with its place."""
    rows = rows.take(pc.sort_indices(rows["id"]))
    return rows.append_column("place", pa.array(np.arange(rows.num_rows)))


@cache
def _element(name: str) -> Element:
    [element] = [element for element in elements() if element.name == name]
    return element

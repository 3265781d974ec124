"""Accepted rows become tables of the graph, in SQL over a flat Parquet file.

Only names declared in the model and in `LOADS` get into the SQL text; what files say stays in columns.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.errors import InputError
from graphwatch.ingest.sql import Shape, shapes_of
from graphwatch.model.tables import GraphTable, node_table, relation_table, schema_of
from graphwatch.settings import BATCH_ROWS


def folded(batches: Iterable[Any], schema: Any, source: str) -> Iterator[Any]:
    """Fold rows of equal id into one with the last value of each column that is not null.

    Args:
        batches: record batches with the columns of `schema` and `row`; rows of one id are neighbours, in
            the order of the file.
        schema: of the result; its column `sources`, if any, becomes "source:row" of every row.
        source: name of the import.

    >>> rows = pa.table({"id": ["a", "a", "b"], "name": ["x", None, "y"], "row": [2, 3, 4]})
    >>> schema = pa.schema({"id": pa.string(), "name": pa.string(), "sources": pa.list_(pa.string())})
    >>> [batch.to_pylist() for batch in folded(rows.to_batches(), schema, "s")]  # doctest: +NORMALIZE_WHITESPACE
    [[{'id': 'a', 'name': 'x', 'sources': ['s:2', 's:3']}], [{'id': 'b', 'name': 'y', 'sources': ['s:4']}]]
    """
    held = None
    for batch in batches:
        if not batch.num_rows:
            continue
        rows = batch if held is None else pa.concat_batches([held, batch])
        starts = _starts(rows.column("id"))
        # The last id may go on in the next batch.
        held = rows.slice(int(starts[-1]))
        if len(starts) > 1:
            yield _fold(rows.slice(0, int(starts[-1])), starts[:-1], schema, source)
    if held is not None:
        yield _fold(held, np.zeros(1, np.int64), schema, source)


def _starts(ids: Any) -> Any:
    """Where each id begins."""
    changes = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _fold(rows: Any, starts: Any, schema: Any, source: str) -> Any:
    columns = []
    for field in schema:
        if field.name == "sources":
            names = pc.binary_join_element_wise(source, rows.column("row").cast(pa.string()), ":")
            offsets = pa.array([*starts.tolist(), len(names)], pa.int32())
            columns.append(pa.ListArray.from_arrays(offsets, names))
        else:
            columns.append(_last(rows.column(field.name).cast(field.type), starts))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _last(column: Any, starts: Any) -> Any:
    if len(starts) == len(column):
        return column
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    at = np.maximum.reduceat(np.where(valid, np.arange(len(column)), -1), starts)
    return column.take(pa.array(at, mask=at < 0))


_MEMORY: Final = "400MB"


class Shaper:
    """Derives the tables of one load, one after the other."""

    def __init__(self, flat: Path, kind: str, properties: frozenset[str], source: str) -> None:
        """Open an engine over accepted rows.

        Args:
            flat: Parquet file of the rows; the engine spills beside it.
            kind: kind of load.
            properties: those that the rows have.
            source: name of the import.
        """
        self._con = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(flat.parent / "spill"),
                "threads": 2,
            }
        )
        self._con.from_parquet(_literal(flat)).create_view("flat")
        self._source = source
        self._shapes = shapes_of(kind, properties)

    def tables(self) -> Iterator[GraphTable]:
        """The tables that have rows, each to be read before the next is asked for."""
        for shape in self._shapes:
            batches = self._rows(shape)
            first = next(batches, None)
            if first is not None:
                yield _table(shape, _chained(first, batches))

    def close(self) -> None:
        """End the engine; tables not read by then are lost."""
        self._con.close()

    def _rows(self, shape: Shape) -> Iterator[Any]:
        try:
            reader = self._con.sql(shape.sql).to_arrow_reader(BATCH_ROWS)
            yield from folded(reader, schema_of(shape.element), self._source)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0]
            remedy = "Make room on the disk, or split the file."
            raise InputError(f"the rows cannot be sorted: {reason}", remedy=remedy) from None


def _table(shape: Shape, batches: Iterator[Any]) -> GraphTable:
    if shape.ends is None:
        return node_table(shape.element.name, batches)
    return relation_table(shape.element.name, *shape.ends, batches)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _literal(path: Path) -> str:
    """A path in which DuckDB sees no wildcard."""
    return "".join(f"[{c}]" if c in "[*?" else c for c in str(path))

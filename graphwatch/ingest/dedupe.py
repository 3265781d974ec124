"""Rows that speak of one thing become one row of it."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def deduped(batches: Iterable[Any], schema: Any, source: str) -> Iterator[Any]:
    """Rows of equal id become one with the last value of each column that is not null.

    Args:
        batches: record batches with the columns of `schema` and `row`; rows of one id are neighbours, in
            the order of the file.
        schema: of the result; its column `sources`, if any, becomes "source:row" of every row.
        source: name of the import.

    >>> rows = pa.table({"id": ["a", "a", "b"], "name": ["x", None, "y"], "row": [2, 3, 4]})
    >>> schema = pa.schema({"id": pa.string(), "name": pa.string(), "sources": pa.list_(pa.string())})
    >>> [batch.to_pylist() for batch in deduped(rows.to_batches(), schema, "s")]  # doctest: +NORMALIZE_WHITESPACE
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
            yield _merged(rows.slice(0, int(starts[-1])), starts[:-1], schema, source)
    if held is not None:
        yield _merged(held, np.zeros(1, np.int64), schema, source)


def _starts(ids: Any) -> Any:
    """Where each id begins."""
    changes = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _merged(rows: Any, starts: Any, schema: Any, source: str) -> Any:
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

"""Rows that speak of one thing become one row of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import acts
from graphwatch.store.merge import kept_times, last_known, starts_of


def deduped(batches: Iterable[Any], schema: Any, source: str, retimed: acts.Retimed | None = None) -> Iterator[Any]:
    """Rows of equal id become one with the last value of each column that is not null, and the best time of an act.

    Args:
        batches: record batches with the columns of `schema` and `row`; rows of one id are neighbours, in
            the order of the file.
        schema: of the result; its column `sources`, if any, becomes "source:row" of every row.
        source: name of the import.
        retimed: counts the acts to which rows give times that contradict each other.

    >>> rows = pa.table({"id": ["a", "a", "b"], "name": ["x", None, "y"], "row": [2, 3, 4]})
    >>> schema = pa.schema({"id": pa.string(), "name": pa.string(), "sources": pa.list_(pa.string())})
    >>> [batch.to_pylist() for batch in deduped(rows.to_batches(), schema, "s")]  # doctest: +NORMALIZE_WHITESPACE
    [[{'id': 'a', 'name': 'x', 'sources': ['s:2', 's:3']}], [{'id': 'b', 'name': 'y', 'sources': ['s:4']}]]
    """
    held = None
    retimed = Counter() if retimed is None else retimed
    for batch in batches:
        if not batch.num_rows:
            continue
        rows = batch if held is None else pa.concat_batches([held, batch])
        starts = starts_of(rows.column("id"))
        # The last id may go on in the next batch.
        held = rows.slice(int(starts[-1]))
        if len(starts) > 1:
            yield _merged(rows.slice(0, int(starts[-1])), starts[:-1], schema, source, retimed)
    if held is not None:
        yield _merged(held, np.zeros(1, np.int64), schema, source, retimed)


def _merged(rows: Any, starts: Any, schema: Any, source: str, retimed: acts.Retimed) -> Any:
    columns = []
    timed = None
    if "basis" in schema.names and len(starts) < rows.num_rows:
        timed = pa.array(kept_times(rows, starts, retimed))
    for field in schema:
        if field.name == "sources":
            names = pc.binary_join_element_wise(source, rows.column("row").cast(pa.string()), ":")
            offsets = pa.array([*starts.tolist(), len(names)], pa.int32())
            columns.append(pa.ListArray.from_arrays(offsets, names))
        elif timed is not None and field.name in acts.TIME:
            columns.append(rows.column(field.name).cast(field.type).take(timed))
        else:
            columns.append(last_known(rows.column(field.name).cast(field.type), starts))
    return pa.RecordBatch.from_arrays(columns, schema=schema)

"""Accepted rows become tables of the graph, in SQL over a flat Parquet file.

Only names declared in the model and in `LOADS` get into the SQL text; what files say stays in columns.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from graphwatch.errors import InputError
from graphwatch.ingest.folding import folded
from graphwatch.ingest.statements import Shape, shapes_of
from graphwatch.settings import BATCH_ROWS
from graphwatch.tables import GraphTable, node_table, relation_table, schema_of

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

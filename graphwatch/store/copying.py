"""Copy a store into another and show that both hold the same."""

import os
from functools import cache
from typing import TYPE_CHECKING, Final

from graphwatch.common.databases import in_memory
from graphwatch.errors import StoreDamaged, StoreError
from graphwatch.model.tables import GraphTable, in_pieces
from graphwatch.store.base import ReadableStore, Store, Written

if TYPE_CHECKING:
    import duckdb

# Of which the texts are in memory at once.
_ROWS_AT_ONCE: Final = 100_000


def table_digest(table: GraphTable) -> str:
    """Row count and a digest of all rows that does not depend on their order.

    Ids are unique within a table, so that equal rows cannot cancel each other out. Each row becomes a JSON
    text; the 128-bit hashes of the texts are combined by exclusive or.

    >>> import pyarrow as pa
    >>> from graphwatch.model.tables import node_table
    >>> a = pa.record_batch({"id": ["1", "2"], "platform": ["x", None]})
    >>> table_digest(node_table("Account", [a])) == table_digest(node_table("Account", [a.take([1, 0])]))
    True
    """
    count, digest = 0, 0
    for rows in in_pieces(table.batches, table.schema, _ROWS_AT_ONCE):
        with _hashing(os.getpid()).cursor() as connection:
            connection.register("rows_of_table", rows)
            query = "SELECT bit_xor(md5_number(to_json(rows_of_table)::VARCHAR)) FROM rows_of_table"
            [(of_rows,)] = connection.execute(query).fetchall()
        count, digest = count + rows.num_rows, digest ^ of_rows
    return f"{count}:{digest:032x}" if count else "0:"


@cache
def _hashing(_process: int) -> "duckdb.DuckDBPyConnection":
    """An empty database for this process (a copy of a process cannot use its parent's): making one takes 20 ms."""
    return in_memory()


def copy_store(source: ReadableStore, target: Store) -> list[Written]:
    """Write every table of `source` into `target`, which must be empty or hold a part of the same.

    Returns:
        What was written of each table.

    Raises:
        StoreError: the target holds something that the source does not.
        StoreDamaged: the outcome differs from the source.
    """
    with source.salvage():
        if target.exists:
            _refuse_surplus(source, target)
        with target.write("copy", of="a copy of another store") as writing:
            written = [writing.add(table) for _, table in source.dump()]
        differing = [
            name
            for (name, ours), (_, theirs) in zip(source.dump(), target.dump(), strict=True)
            if table_digest(ours) != table_digest(theirs)
        ]
    if differing:
        raise StoreDamaged(
            f"the copy differs from its source in {', '.join(differing)}",
            where=target.info().place,
            remedy="Nobody may write either store while it is copied; copy into an empty store.",
        )
    return written


def _refuse_surplus(source: ReadableStore, target: Store) -> None:
    here, there = source.info().counts, target.info().counts
    surplus = [name for name, count in there.items() if count > here.get(name, 0)]
    if surplus:
        raise StoreError(
            f"the target holds more {', '.join(surplus)} than the source",
            where=target.info().place,
            remedy="Copy into an empty store.",
        )

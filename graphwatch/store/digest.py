"""Order-free content digests: two stores hold the same when their tables' digests are equal."""

import pyarrow as pa

from graphwatch.tables import GraphTable, conform


def table_digest(table: GraphTable) -> str:
    """Row count and a digest of all rows that does not depend on their order.

    Ids are unique within a table, so that equal rows cannot cancel each other out. Each row becomes a JSON
    text; the 128-bit hashes of the texts are combined by exclusive or.

    >>> from graphwatch.tables import node_table
    >>> a = pa.record_batch({"id": ["1", "2"], "platform": ["x", None]})
    >>> table_digest(node_table("Account", [a])) == table_digest(node_table("Account", [a.take([1, 0])]))
    True
    """
    import duckdb

    rows = pa.concat_tables([table.schema.empty_table(), *(conform(b, table.schema) for b in table.batches)])
    if rows.num_rows == 0:
        return "0:"
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.register("rows_of_table", rows)
        answer = connection.execute(
            "SELECT count(*), bit_xor(md5_number(to_json(rows_of_table)::VARCHAR)) FROM rows_of_table"
        ).fetchone()
    assert answer is not None
    count, digest = answer
    return f"{count}:{digest:032x}"

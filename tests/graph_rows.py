"""Rows of graph tables, in few words."""

import pyarrow as pa

from graphwatch.tables import GraphTable, node_table, relation_table

HOSTILE = "<script>alert(1)</script>'\"; DROP TABLE Account --"


def accounts(*rows: dict[str, object]) -> GraphTable:
    return node_table("Account", [pa.RecordBatch.from_pylist(list(rows))])


def posts(*ids: str) -> GraphTable:
    return node_table("Post", [pa.RecordBatch.from_pylist([{"id": i} for i in ids])])


def likes(*rows: dict[str, object]) -> GraphTable:
    schema = relation_table("LIKED", "Account", "Post", []).schema
    return relation_table("LIKED", "Account", "Post", [pa.RecordBatch.from_pylist(list(rows), schema=schema)])


def like(account: str, post: str, id: str, at_ms: int | None = 0, source: str = "s:1") -> dict[str, object]:
    return {"from": account, "to": post, "id": id, "kind": "LIKED", "at_ms": at_ms, "sources": [source]}

"""Networks as rows: what a run found, and any nodes and relations by their ids, with all that the model declares.

Nodes come as tables of the properties of their label, relations as tables of `from`, `to` and the properties of their
type, each in the model's own types (`graphwatch.model.tables.schema_of`).
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS, Element, node, relation
from graphwatch.model.tables import conform, schema_of
from graphwatch.repository.clusters import of_layer
from graphwatch.store.base import ReadableStore

# What was found of all kinds of interaction together; a run of an earlier version knows no other.
_ALL_KINDS: Final = f"{of_layer('{}')} = 'all'"
_PAIRED: Final = "MATCH (a:Account)-[c:CO_INTERACTED]-(:Account) WHERE c.run = $run WITH DISTINCT a"
_ACTED: Final = "|".join(POST_INTERACTIONS)
# A run's pairs are those that it called coordinated, where it tested.
_EDGES: Final = {
    "coordination": (
        "MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND coalesce(c.coordinated, true) "
        f"AND {of_layer('c')} = 'all' RETURN a.id AS a, b.id AS b, c.n AS n"
    ),
    "posts": f"MATCH (a:Account)-[r:{_ACTED}]->(b:Post) RETURN a.id AS a, b.id AS b, count(r) AS n",
    "pages": (
        f"MATCH (a:Account)-[r:{_ACTED}]->(p:Post)<-[:PUBLISHED]-(b:Page) RETURN a.id AS a, b.id AS b, count(r) AS n"
    ),
}
PROJECTIONS: Final = tuple(_EDGES)
_AGENCIES: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) RETURN DISTINCT a.id AS account, g.id AS of"
)
_PASLON: Final = (
    f"MATCH (a:Account)-[r:{_ACTED}]->(:Post)<-[:PUBLISHED]-(:Page)-[:SUPPORTS]->(p:Paslon) "
    "RETURN a.id AS account, p.id AS of, count(r) AS n"
)
_EDGE_COLUMNS: Final = pa.schema([("a", pa.string()), ("b", pa.string()), ("n", pa.int64())])


def nodes_of(store: ReadableStore, label: str) -> pa.Table:
    """All nodes of a label."""
    return _nodes(store, label, "true", {})


def nodes_by_id(store: ReadableStore, label: str, ids: Collection[Any]) -> pa.Table:
    """The nodes of a label that have one of these ids."""
    return _nodes(store, label, "n.id IN $ids", {"ids": _texts(ids)})


def relations_by_id(store: ReadableStore, type: str, start: str, end: str, ids: Collection[Any]) -> pa.Table:
    """The relations of a type between two labels that have one of these ids."""
    return _relations(store, type, start, end, "r.id IN $ids", {"ids": _texts(ids)})


def relations_from(store: ReadableStore, type: str, start: str, end: str, ids: Collection[Any]) -> pa.Table:
    """The relations of a type that leave a node with one of these ids."""
    return _relations(store, type, start, end, "a.id IN $ids", {"ids": _texts(ids)})


def relations_to(store: ReadableStore, type: str, start: str, end: str, ids: Collection[Any]) -> pa.Table:
    """The relations of a type that reach a node with one of these ids."""
    return _relations(store, type, start, end, "b.id IN $ids", {"ids": _texts(ids)})


def accounts_of_pairs(store: ReadableStore, run: str) -> pa.Table:
    """The accounts of the pairs that a run found, each once."""
    declared = node("Account")
    return _asked(store, declared, f"{_PAIRED} RETURN {_columns('a', declared)}", {"run": run})


def interactions_of_pairs(store: ReadableStore, run: str, type: str) -> pa.Table:
    """The interactions of that type with posts by the accounts of the pairs that a run found."""
    declared = relation(type)
    query = f"{_PAIRED} MATCH (a)-[r:`{type}`]->(b:Post) RETURN {_ends_and_columns(declared)}"
    return _asked(store, declared, query, {"run": run})


def pairs_of_run(store: ReadableStore, run: str) -> pa.Table:
    """The pairs of a run, of all kinds of interaction together."""
    where = f"r.run = $run AND {_ALL_KINDS.format('r')}"
    return _relations(store, "CO_INTERACTED", "Account", "Account", where, {"run": run})


def clusters_of_run(store: ReadableStore, run: str) -> pa.Table:
    """The clusters of a run, of all kinds of interaction together."""
    return _nodes(store, "Cluster", f"n.run = $run AND {_ALL_KINDS.format('n')}", {"run": run})


def bursts_of_clusters(store: ReadableStore, clusters: Collection[str]) -> pa.Table:
    """The bursts of the clusters of these ids."""
    return _nodes(store, "Burst", "n.cluster IN $ids", {"ids": _texts(clusters)})


def families_in_clusters(store: ReadableStore, clusters: Collection[str]) -> list[dict[str, Any]]:
    """What the pairs inside each of these clusters add up to in each layer of their run.

    Rows have `cluster`, `family` (the layer), `pairs`, `n`, `expected` and `coordinated`; layers without a pair of
    members have none.
    """
    rows: list[dict[str, Any]] = store.read(
        "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) "
        "WHERE k.id IN $ids WITH k, c WHERE c.run = k.run "
        f"RETURN k.id AS cluster, {of_layer('c')} AS family, count(c) AS pairs, sum(c.n) AS n, "
        "sum(c.expected) AS expected, sum(CASE WHEN c.coordinated THEN 1 ELSE 0 END) AS coordinated "
        "ORDER BY cluster, family",
        {"ids": sorted(clusters)},
    ).to_pylist()
    return rows


def memberships_of_run(store: ReadableStore, run: str) -> pa.Table:
    """Which accounts are members of these clusters."""
    where = f"r.run = $run AND {_ALL_KINDS.format('b')}"
    return _relations(store, "MEMBER_OF", "Account", "Cluster", where, {"run": run})


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without their unknown properties."""
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]


def _nodes(store: ReadableStore, label: str, where: str, given: dict[str, Any]) -> pa.Table:
    declared = node(label)
    return _asked(store, declared, f"MATCH (n:`{label}`) WHERE {where} RETURN {_columns('n', declared)}", given)


def _relations(store: ReadableStore, type: str, start: str, end: str, where: str, given: dict[str, Any]) -> pa.Table:
    declared = relation(type)
    pattern = f"(a:`{start}`)-[r:`{type}`]->(b:`{end}`)"
    return _asked(store, declared, f"MATCH {pattern} WHERE {where} RETURN {_ends_and_columns(declared)}", given)


def _asked(store: ReadableStore, element: Element, cypher: str, given: dict[str, Any]) -> pa.Table:
    return conform(store.read(cypher, given), schema_of(element))


def _texts(ids: Collection[Any]) -> list[str]:
    """The ids as a list of plain texts; columns of a table come as Arrow has them."""
    found: list[str] = ids.to_pylist() if isinstance(ids, pa.Array | pa.ChunkedArray) else list(ids)
    return found


def _columns(variable: str, element: Element) -> str:
    return ", ".join(f"{variable}.`{p.name}` AS `{p.name}`" for p in element.properties)


def _ends_and_columns(element: Element) -> str:
    return f"a.id AS `from`, b.id AS `to`, {_columns('r', element)}"


def edges_of(store: ReadableStore, projection: str, run: str | None) -> pa.Table:
    """The edges of one of `PROJECTIONS`: ids `a` (an account) and `b`, and their number of acts `n`.

    Args:
        run: whose pairs the edges of `coordination` are; the other projections need none.
    """
    given = {"run": run} if projection == "coordination" else {}
    return store.read(_EDGES[projection], given).cast(_EDGE_COLUMNS)


def agencies_of_accounts(store: ReadableStore) -> dict[str, set[str]]:
    """The agencies at which the owner of each account works, by the roster."""
    found: dict[str, set[str]] = {}
    for row in store.read(_AGENCIES).to_pylist():
        found.setdefault(row["account"], set()).add(row["of"])
    return found


def acts_by_paslon(store: ReadableStore) -> dict[str, dict[str, int]]:
    """How often each account acted on posts of the pages of each paslon."""
    counts: dict[str, dict[str, int]] = {}
    for row in store.read(_PASLON).to_pylist():
        counts.setdefault(row["account"], {})[row["of"]] = int(row["n"])
    return counts


def handles_of(store: ReadableStore, accounts: Sequence[str]) -> dict[str, str]:
    """The handles of the accounts that have one, by id."""
    found = store.read(
        "MATCH (a:Account) WHERE a.id IN $ids AND a.handle IS NOT NULL RETURN a.id AS id, a.handle AS handle",
        {"ids": list(accounts)},
    )
    return dict(zip(found["id"].to_pylist(), found["handle"].to_pylist(), strict=True))

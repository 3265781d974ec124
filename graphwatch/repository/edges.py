"""The networks that metrics are of, and what the graph says of their accounts."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.repository.leads import of_layer
from graphwatch.store.base import ReadableStore

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

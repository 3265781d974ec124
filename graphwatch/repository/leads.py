"""Leads as a run keeps them: clusters, their members, pairs, agencies and targets."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa

from graphwatch.errors import NothingFound
from graphwatch.model import node
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace


def of_layer(variable: str) -> str:
    """Cypher for the layer of what the variable is bound to; what has none is of all kinds together.

    >>> of_layer("k")
    "coalesce(k.layer, 'all')"
    """
    return f"coalesce({variable}.layer, 'all')"


class Member(NamedTuple):
    """An account of a cluster; `entered` is core or grown."""

    account: str
    handle: str | None
    entered: str | None


class Pair(NamedTuple):
    """A pair of accounts that reached a run's count, as its relation CO_INTERACTED says."""

    id: str
    account_a: str
    handle_a: str | None
    account_b: str
    handle_b: str | None
    layer: str
    n: int
    shared: int
    median_gap_s: float
    opportunities: int | None
    expected: float | None
    q: float | None
    coordinated: bool | None
    interest_expected: float | None
    shared_interest: bool | None


class AgencyShare(NamedTuple):
    """An agency at which members of a cluster work, beside what a cluster drawn at random would have there."""

    id: str
    name: str | None
    n: int
    expected: float
    q: float


class TargetShare(NamedTuple):
    """A page or paslon on whose posts members of a cluster act, beside what others of like activity do."""

    kind: str
    id: str
    name: str | None
    interactions: int
    share: float
    expected: float
    q: float


class KnownObject(NamedTuple):
    """What is known of a post or page: address, text (of a page its name), name and id of the page."""

    id: str
    url: str | None
    text: str | None
    name: str | None
    page: str | None


_PAIR: Final = (
    "c.id AS id, a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b, "
    f"{of_layer('c')} AS layer, c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, "
    "c.opportunities AS opportunities, c.expected AS expected, c.q AS q, c.coordinated AS coordinated, "
    "c.interest_expected AS interest_expected, c.shared_interest AS shared_interest"
)
_OBJECTS: Final = {
    # Of several pages that published a post, the one with the smallest id comes last and is kept.
    "post": "MATCH (o:Post) WHERE o.id IN $ids OPTIONAL MATCH (p:Page)-[:PUBLISHED]->(o) "
    "RETURN o.id AS id, o.url AS url, o.text AS text, p.name AS name, p.id AS page ORDER BY id, page DESC",
    "page": "MATCH (p:Page) WHERE p.id IN $ids "
    "RETURN p.id AS id, p.url AS url, p.name AS text, p.name AS name, p.id AS page ORDER BY id",
}


def node_row(workspace: Workspace, label: str, id: str) -> dict[str, Any]:
    """All properties that the model declares of a node.

    Raises:
        NothingFound: there is none of that id.
    """
    returned = ", ".join(f"x.{p.name} AS {p.name}" for p in node(label).properties)
    cypher = f"MATCH (x:{label}) WHERE x.id = $id RETURN {returned}"
    rows: list[dict[str, Any]] = workspace.store.read(cypher, {"id": id}).to_pylist()
    if not rows:
        raise NothingFound(f"there is no {label.lower()} {id}", where=workspace.place)
    return rows[0]


def cluster_ids(store: ReadableStore, run: str, layer: str, number: int | None = None) -> list[str]:
    """The ids of the clusters of a layer of a run in the order of their numbers, or of the one with that number."""
    rows = store.read(
        f"MATCH (k:Cluster) WHERE k.run = $run AND {of_layer('k')} = $layer RETURN k.id AS id, k.number AS number "
        "ORDER BY number",
        {"run": run, "layer": layer},
    ).to_pylist()
    return [row["id"] for row in rows if number is None or row["number"] == number]


def members_of_cluster(store: ReadableStore, cluster: str) -> list[Member]:
    """The members of a cluster, by id."""
    rows = store.read(
        "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE k.id = $id "
        "RETURN a.id AS account, a.handle AS handle, m.entered AS entered ORDER BY account",
        {"id": cluster},
    )
    return [Member(**row) for row in rows.to_pylist()]


def pairs_of_cluster(store: ReadableStore, cluster: str, layer: str, window_ms: int) -> list[Pair]:
    """The pairs of members of a cluster that reached its run's count, by id."""
    rows = store.read(
        "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) "
        "WHERE k.id = $id WITH k, a, b, c "
        f"WHERE c.run = k.run AND c.window_ms = $window AND {of_layer('c')} = $layer RETURN {_PAIR} ORDER BY id",
        {"id": cluster, "window": window_ms, "layer": layer},
    )
    return [Pair(**row) for row in rows.to_pylist()]


def pair_of_id(store: ReadableStore, run: str, window_ms: int, id: str) -> list[Pair]:
    """The pair of a run with that id, if there is one."""
    return _pairs(store, run, window_ms, "c.id = $id", {"id": id})


def pairs_of_accounts(
    store: ReadableStore, run: str, window_ms: int, layer: str, ones: Sequence[str], others: Sequence[str]
) -> list[Pair]:
    """The pairs of a layer of a run of one account among the first ids and one among the second, in whichever order."""
    which = f"{of_layer('c')} = $layer AND (a.id IN $a AND b.id IN $b OR a.id IN $b AND b.id IN $a)"
    return _pairs(store, run, window_ms, which, {"a": list(ones), "b": list(others), "layer": layer})


def _pairs(store: ReadableStore, run: str, window_ms: int, which: str, given: dict[str, Any]) -> list[Pair]:
    rows = store.read(
        f"MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND c.window_ms = $window AND {which} "
        f"RETURN {_PAIR} ORDER BY account_a, account_b",
        {"run": run, "window": window_ms, **given},
    )
    return [Pair(**row) for row in rows.to_pylist()]


def agencies_of_cluster(store: ReadableStore, cluster: str) -> list[AgencyShare]:
    """The agencies at which members work, the one that stands out most first."""
    rows = store.read(
        "MATCH (k:Cluster)-[d:DRAWN_FROM]->(g:Agency) WHERE k.id = $id "
        "RETURN g.id AS id, g.name AS name, d.n AS n, d.expected AS expected, d.q AS q ORDER BY d.log10_p, n DESC, id",
        {"id": cluster},
    )
    return [AgencyShare(**row) for row in rows.to_pylist()]


def targets_of_cluster(store: ReadableStore, cluster: str) -> list[TargetShare]:
    """The pages, then the paslon, on whose posts members act, the one that stands out most first."""
    rows = store.read(
        "MATCH (k:Cluster)-[t:TARGETS]->(x:Paslon|Page) WHERE k.id = $id "
        "RETURN t.kind AS kind, x.id AS id, x.name AS name, t.interactions AS interactions, t.share AS share, "
        "t.expected AS expected, t.q AS q ORDER BY kind, t.log10_p, interactions DESC, id",
        {"id": cluster},
    )
    return [TargetShare(**row) for row in rows.to_pylist()]


def agency_names(store: ReadableStore, ids: Sequence[str]) -> dict[str, str | None]:
    """The names of these agencies."""
    rows = store.read("MATCH (g:Agency) WHERE g.id IN $ids RETURN g.id AS id, g.name AS name", {"ids": list(ids)})
    return {row["id"]: row["name"] for row in rows.to_pylist()}


def known_objects(store: ReadableStore, kind: str, ids: Sequence[str]) -> dict[str, KnownObject]:
    """What is known of posts or pages, by id; of links and hashtags nothing is.

    Args:
        kind: post, page, link or hashtag.
    """
    query = _OBJECTS.get(kind)
    rows = store.read(query, {"ids": list(ids)}).to_pylist() if query and ids else []
    return {row["id"]: KnownObject(**row) for row in rows}


def members_by_cluster(store: ReadableStore, run: str, layer: str | None = None) -> pa.Table:
    """Columns `account`, `number` and `layer` of the clusters of a run: who is in which.

    Args:
        layer: only this one; every one where left out.
    """
    where = "m.run = $run" if layer is None else f"m.run = $run AND {of_layer('k')} = $layer"
    return store.read(
        f"MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE {where} "
        "RETURN a.id AS account, k.number AS number, k.layer AS layer",
        {"run": run} if layer is None else {"run": run, "layer": layer},
    )

"""Clusters as a run keeps them: their members, and the agencies, pages and paslon that they are tied to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from graphwatch.errors import NothingFound
from graphwatch.model import POST_INTERACTIONS, node
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

_TARGETS: Final = (
    "MATCH (k:Cluster)-[t:TARGETS]->(x:{label}) WHERE k.id IN $ids "
    "RETURN k.id AS cluster, '{label}' AS label, x.id AS id, x.name AS name, {number} AS number, "
    "{platform} AS platform, t.interactions AS n, t.q AS q"
)
_ACTING: Final = (
    f"MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[:{'|'.join(POST_INTERACTIONS)}]->(:Post)<-[:PUBLISHED]-(p:Page) "
    "WHERE k.id IN $ids RETURN DISTINCT k.id AS cluster, a.id AS account, p.id AS page"
)
_OF_ACCOUNT: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run) WHERE a.id = $id AND r.status = 'complete' "
    "RETURN k.id AS id, r.id AS run, k.size AS size, m.entered AS entered, r.created_at_ms AS created_at_ms "
    "ORDER BY created_at_ms DESC, id"
)
_OBJECTS: Final = {
    # Of several pages that published a post, the one with the smallest id comes last and is kept.
    "post": "MATCH (o:Post) WHERE o.id IN $ids OPTIONAL MATCH (p:Page)-[:PUBLISHED]->(o) "
    "RETURN o.id AS id, o.url AS url, o.text AS text, p.name AS name, p.id AS page ORDER BY id, page DESC",
    "page": "MATCH (p:Page) WHERE p.id IN $ids "
    "RETURN p.id AS id, p.url AS url, p.name AS text, p.name AS name, p.id AS page ORDER BY id",
}
_MEMBERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE m.run = $run "
    "RETURN k.id AS cluster, a.id AS account ORDER BY cluster, account"
)
_CONTINUING: Final = (
    "MATCH (later:Cluster)-[c:CONTINUES]->(earlier:Cluster), (r:Run) WHERE earlier.id = $id "
    "AND r.id = later.run AND r.status = 'complete' "
    "RETURN later.id AS id ORDER BY r.created_at_ms DESC, id LIMIT 1"
)


def of_layer(variable: str) -> str:
    """Cypher for the layer of what the variable is bound to; what has none is of all kinds together.

    >>> of_layer("k")
    "coalesce(k.layer, 'all')"
    """
    return f"coalesce({variable}.layer, 'all')"


_OF_RUN: Final = (
    f"MATCH (k:Cluster) WHERE k.run = $run AND {of_layer('k')} = 'all' "
    "RETURN k.id AS id, k.number AS number, k.size AS size, k.bursts AS bursts, k.first_ms AS first_ms, "
    "k.last_ms AS last_ms, k.erased_at_ms AS erased_at_ms ORDER BY number"
)


class Member(NamedTuple):
    """An account of a cluster; `entered` is core or grown."""

    account: str
    handle: str | None
    entered: str | None


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
    """What is known of posts or pages, by id; of links, hashtags and images nothing is.

    Args:
        kind: post, page, link or hashtag.
    """
    query = _OBJECTS.get(kind)
    rows = store.read(query, {"ids": list(ids)}).to_pylist() if query and ids else []
    return {row["id"]: KnownObject(**row) for row in rows}


def memberships(store: ReadableStore, run: str, layer: str | None = None) -> pa.Table:
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


class ClusterOfRun(NamedTuple):
    """A cluster in numbers; times are those of its first and last co-interaction, UTC epoch milliseconds."""

    id: str
    number: int
    size: int
    bursts: int | None
    first_ms: int | None
    last_ms: int | None
    erased_at_ms: int | None


class ClusterOfAccount(NamedTuple):
    """A cluster of a complete run of which an account is a member, and how it came into it: core or grown."""

    id: str
    run: str
    size: int
    entered: str | None
    created_at_ms: int


class Target(NamedTuple):
    """A paslon or a page on whose posts the members of a cluster act: `n` interactions, at the error rate `q`."""

    cluster: str
    label: Literal["Paslon", "Page"]
    id: str
    name: str | None
    number: int | None
    platform: str | None
    n: int
    q: float | None


class ActingMember(NamedTuple):
    """A member of a cluster who acted on a post of a page."""

    cluster: str
    account: str
    page: str


def clusters_of_run(store: ReadableStore, run: str) -> list[ClusterOfRun]:
    """The clusters of all kinds of interaction together, in the order of their numbers."""
    return [ClusterOfRun(**row) for row in store.read(_OF_RUN, {"run": run}).to_pylist()]


def clusters_of_account(store: ReadableStore, account: str) -> list[ClusterOfAccount]:
    """The clusters of complete runs of which the account is a member, those of the newest run first."""
    return [ClusterOfAccount(**row) for row in store.read(_OF_ACCOUNT, {"id": account}).to_pylist()]


def targets_of(store: ReadableStore, clusters: Sequence[str]) -> list[Target]:
    """Paslon and pages on whose posts members of these clusters act, paslon first."""
    columns: Mapping[str, Mapping[str, str]] = {
        "Paslon": {"number": "x.number", "platform": "null"},
        "Page": {"number": "null", "platform": "x.platform"},
    }
    return [
        Target(**row)
        for label, own in columns.items()
        for row in store.read(_TARGETS.format(label=label, **own), {"ids": list(clusters)}).to_pylist()
    ]


def members_acting(store: ReadableStore, clusters: Sequence[str]) -> list[ActingMember]:
    """Which members of these clusters acted on posts of which pages, each once."""
    return [ActingMember(**row) for row in store.read(_ACTING, {"ids": list(clusters)}).to_pylist()]


_CLUSTERS: Final = (
    f"MATCH (k:Cluster) WHERE k.run = $run RETURN k.id AS id, k.number AS number, {of_layer('k')} AS layer "
    "ORDER BY layer, number"
)


class ClusterMembers(NamedTuple):
    """A cluster and the ids of its members, sorted."""

    id: str
    accounts: tuple[str, ...]


def members_by_cluster(store: ReadableStore, run: str) -> list[ClusterMembers]:
    """The clusters of a run with their members, by layer and number."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for row in store.read(_MEMBERS, {"run": run}).to_pylist():
        members[row["cluster"]].append(row["account"])
    return [ClusterMembers(id, tuple(members[id])) for id in store.read(_CLUSTERS, {"run": run})["id"].to_pylist()]


def next_cluster(store: ReadableStore, cluster: str) -> str | None:
    """The cluster of the latest complete run that continues this one directly; None where none does."""
    found = store.read(_CONTINUING, {"id": cluster})["id"].to_pylist()
    return found[0] if found else None

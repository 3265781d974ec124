"""The bursts that runs found, as the graph keeps them, and the interactions that they are made of."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from graphwatch.store.base import ReadableStore

_BURST: Final = (
    "b.id AS id, b.cluster AS cluster, b.layer AS layer, b.number AS number, b.object AS object, "
    "b.object_kind AS object_kind, b.members AS members, b.most AS most, b.first_ms AS first_ms, "
    "b.last_ms AS last_ms, b.size AS size, b.interactions AS interactions ORDER BY cluster, number"
)


class Burst(NamedTuple):
    """Two or more members of a cluster acting on one object, each within the run's window of the next.

    Attributes:
        id, cluster, layer, number: its id; that of its cluster; the layer of the run; 1 is the cluster's earliest.
        object, object_kind: id of the post or page, or the link or hashtag; post, page, link or hashtag.
        members, most: members who took part, and most of them within any one window.
        first_ms, last_ms: first and last interaction, UTC epoch milliseconds.
        size: interactions when the run found it.
        interactions: their ids, in order of time; those that were erased since are gone.
    """

    id: str
    cluster: str
    layer: str
    number: int
    object: str
    object_kind: str
    members: int
    most: int
    first_ms: int
    last_ms: int
    size: int
    interactions: tuple[str, ...]


class BurstAct(NamedTuple):
    """An interaction of a burst: its id, who acted how and when (UTC epoch milliseconds), on which post.

    `published_ms` is when the post was published; None where unknown.
    """

    id: str
    account: str
    kind: str
    at_ms: int
    post: str
    published_ms: int | None


def bursts_of_cluster(store: ReadableStore, cluster: str) -> list[Burst]:
    """The bursts of one cluster, in order of time.

    Args:
        cluster: its id.
    """
    rows = store.read(
        f"MATCH (b:Burst)-[:BURST_OF]->(k:Cluster) WHERE k.id = $cluster RETURN {_BURST}", {"cluster": cluster}
    )
    return _bursts(rows.to_pylist())


def acts_of_bursts(store: ReadableStore, clusters: Sequence[str]) -> dict[str, BurstAct]:
    """The interactions of the bursts of these clusters, by id.

    Args:
        clusters: their ids.
    """
    found: dict[str, BurstAct] = {}
    for cluster in clusters:
        wanted = {id for burst in bursts_of_cluster(store, cluster) for id in burst.interactions}
        rows = store.read(
            "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[r:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post) "
            "WHERE k.id = $cluster RETURN r.id AS id, a.id AS account, r.kind AS kind, r.at_ms AS at_ms, "
            "o.id AS post, o.at_ms AS published_ms",
            {"cluster": cluster},
        ).to_pylist()
        found |= {row["id"]: BurstAct(**row) for row in rows if row["id"] in wanted}
    return found


def bursts_without(store: ReadableStore, gone: Collection[str]) -> frozenset[str]:
    """The ids of the bursts that are none without these interactions: fewer than two members' are left."""
    rows = store.read("MATCH (b:Burst) RETURN b.id AS id, b.cluster AS cluster, b.interactions AS interactions")
    touched = [row for row in rows.to_pylist() if not set(row["interactions"] or ()).isdisjoint(gone)]
    acts = acts_of_bursts(store, sorted({row["cluster"] for row in touched}))
    return frozenset(
        row["id"]
        for row in touched
        if len({acts[id].account for id in row["interactions"] if id in acts and id not in gone}) < 2
    )


def _bursts(rows: list[dict[str, Any]]) -> list[Burst]:
    return [Burst(**{**row, "interactions": tuple(row["interactions"] or ())}) for row in rows]

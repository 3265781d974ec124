"""Clusters in a document: those of a run or an account, the pairs inside them, and on whose posts members act."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

# Pairs of members of one cluster that reached the count of its run.
_PAIRS: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) WHERE {where} "
    "WITH k, a, c, b WHERE c.run = k.run AND c.window_ms = $window "
    "AND coalesce(c.layer, 'all') = coalesce(k.layer, 'all') "
)
_PAIRS_OF_ONE: Final = (
    _PAIRS.format(where="k.id = $id") + "RETURN a.id AS one, b.id AS other, c.n AS n ORDER BY n DESC, one, other"
)
_PARTNERS: Final = _PAIRS.format(where="k.run = $run AND (a.id = $id OR b.id = $id)") + (
    "RETURN a.id AS one, b.id AS other, c.n AS n, c.first_ms AS first_ms, c.last_ms AS last_ms"
)
_MEETINGS: Final = _PAIRS.format(where="k.id IN $ids") + (
    "RETURN k.id AS cluster, c.first_ms AS first_ms, c.last_ms AS last_ms"
)
_TARGETS: Final = (
    "MATCH (k:Cluster)-[t:TARGETS]->(x:{label}) WHERE k.id IN $ids "
    "RETURN k.id AS cluster, '{label}' AS label, x.id AS id, x.name AS name, {number} AS number, "
    "{platform} AS platform, t.interactions AS n, t.q AS q"
)
_ACTING: Final = (
    f"MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[:{'|'.join(POST_INTERACTIONS)}]->(:Post)<-[:PUBLISHED]-(p:Page) "
    "WHERE k.id IN $ids RETURN DISTINCT k.id AS cluster, a.id AS account, p.id AS page"
)
_OF_RUN: Final = (
    "MATCH (k:Cluster) WHERE k.run = $run AND coalesce(k.layer, 'all') = 'all' "
    "RETURN k.id AS id, k.number AS number, k.size AS size, k.bursts AS bursts, k.first_ms AS first_ms, "
    "k.last_ms AS last_ms, k.erased_at_ms AS erased_at_ms ORDER BY number"
)
_OF_ACCOUNT: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run) WHERE a.id = $id AND r.status = 'complete' "
    "RETURN k.id AS id, r.id AS run, k.size AS size, m.entered AS entered, r.created_at_ms AS created_at_ms "
    "ORDER BY created_at_ms DESC, id"
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


class InnerPair(NamedTuple):
    """Two members of a cluster, and on how many objects both acted within the window."""

    one: str
    other: str
    n: int


class Partner(NamedTuple):
    """Another member of a cluster with whom an account reached the count of a run.

    `n` is on how many objects; `first_ms` and `last_ms` the first and last of these, UTC epoch milliseconds.
    """

    id: str
    n: int
    first_ms: int | None
    last_ms: int | None


class Meeting(NamedTuple):
    """When a pair of members of a cluster met for the first and the last time, UTC epoch milliseconds."""

    cluster: str
    first_ms: int | None
    last_ms: int | None


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


def pairs_of_cluster(store: ReadableStore, cluster: str, window_ms: int) -> list[InnerPair]:
    """The pairs that tie a cluster, the strongest first; `window_ms` is that of its run."""
    rows = store.read(_PAIRS_OF_ONE, {"id": cluster, "window": window_ms}).to_pylist()
    return [InnerPair(**row) for row in rows]


def partners_of(store: ReadableStore, account: str, run: str, window_ms: int) -> list[Partner]:
    """With whom an account reached the count of a run inside a cluster, each once; most first."""
    found: dict[str, Partner] = {}
    for row in store.read(_PARTNERS, {"id": account, "run": run, "window": window_ms}).to_pylist():
        other = row["other"] if row["one"] == account else row["one"]
        # Clusters of single kinds of interaction have the same partners again.
        if other not in found or row["n"] > found[other].n:
            found[other] = Partner(other, row["n"], row["first_ms"], row["last_ms"])
    return sorted(found.values(), key=lambda partner: (-partner.n, partner.id))


def meetings_in(store: ReadableStore, clusters: Sequence[str], window_ms: int) -> list[Meeting]:
    """First and last meetings of the pairs inside these clusters; `window_ms` is that of their run."""
    rows = store.read(_MEETINGS, {"ids": list(clusters), "window": window_ms}).to_pylist()
    return [Meeting(**row) for row in rows]


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

"""What runs found, as the graph keeps it: which run is meant, pairs of accounts, and bursts with their interactions."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from graphwatch.errors import NothingFound
from graphwatch.model import node
from graphwatch.repository.clusters import of_layer
from graphwatch.settings import LATEST
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace


def resolve_run(workspace: Workspace, run: str) -> str:
    """The id of that run.

    Raises:
        NothingFound: there is no complete run of that id, or none at all.
    """
    rows = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.id AS id ORDER BY r.created_at_ms DESC, r.id LIMIT 1",
        {"run": run},
    )
    if rows.num_rows == 0:
        what = "no detection has been run yet" if run == LATEST else f"there is no complete run {run}"
        raise NothingFound(
            what,
            where=workspace.place,
            remedy="`graphwatch detect` makes one; `graphwatch query runs` lists them.",
        )
    return str(rows["id"][0].as_py())


def run_if_any(workspace: Workspace, run: str) -> str | None:
    """The id of that run; None where the latest is meant and no detection has been run yet.

    Raises:
        NothingFound: there is no complete run of that id.
    """
    try:
        return resolve_run(workspace, run)
    except NothingFound:
        if run != LATEST:
            raise
        return None


def complete_runs(workspace: Workspace) -> list[dict[str, Any]]:
    """The complete runs, newest first: id, parameters and layers (as JSON), created_at_ms; layers may be null."""
    rows: list[dict[str, Any]] = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' "
        "RETURN r.id AS id, r.parameters AS parameters, r.layers AS layers, r.created_at_ms AS created_at_ms "
        "ORDER BY r.created_at_ms DESC, r.id"
    ).to_pylist()
    return rows


def made_at_ms(store: ReadableStore, run: str) -> int | None:
    """When the complete run of that id, or the latest one, was made; None where there is none."""
    found = store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.created_at_ms AS at_ms ORDER BY at_ms DESC LIMIT 1",
        {"run": run},
    )
    return int(found["at_ms"][0].as_py()) if found.num_rows else None


def complete_run(store: ReadableStore, run: str) -> dict[str, Any] | None:
    """All properties of a complete run; None where there is no such run."""
    returned = ", ".join(f"r.{p.name} AS {p.name}" for p in node("Run").properties)
    cypher = f"MATCH (r:Run) WHERE r.id = $run AND r.status = 'complete' RETURN {returned}"
    rows: list[dict[str, Any]] = store.read(cypher, {"run": run}).to_pylist()
    return rows[0] if rows else None


def other_questions(store: ReadableStore, run: str) -> int:
    """How many other questions were put to the data of a run: parameters of complete runs that are not its own.

    Data are the same where the interactions seen are, and where nothing has been loaded between the runs.
    """
    runs = {
        row["id"]: row
        for row in store.read(
            "MATCH (r:Run) WHERE r.status = 'complete' RETURN r.id AS id, r.parameters AS parameters, "
            "r.fingerprint AS fingerprint, r.created_at_ms AS at_ms"
        ).to_pylist()
    }
    loads = store.read("MATCH (s:Source) RETURN s.loaded_at_ms AS at_ms")["at_ms"].to_pylist()
    own = runs[run]

    def loaded_before(at_ms: int) -> int:
        return sum(load <= at_ms for load in loads if load is not None)

    before = loaded_before(own["at_ms"])
    same = (r for r in runs.values() if r["fingerprint"] == own["fingerprint"] or loaded_before(r["at_ms"]) == before)
    return len({r["parameters"] for r in same} - {own["parameters"]})


def continued_clusters(store: ReadableStore, run: str) -> int:
    """How many clusters of that run continue one of an earlier run."""
    rows = store.read(
        "MATCH (:Cluster)-[c:CONTINUES]->(:Cluster) WHERE c.run = $run RETURN count(c) AS n", {"run": run}
    )
    return int(rows["n"][0].as_py())


_PAIR: Final = (
    "c.id AS id, a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b, "
    f"{of_layer('c')} AS layer, c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, "
    "c.opportunities AS opportunities, c.expected AS expected, c.q AS q, c.coordinated AS coordinated, "
    "c.interest_expected AS interest_expected, c.shared_interest AS shared_interest, c.log10_p AS log10_p"
)
# Pairs of members of one cluster that reached the count of its run.
_PAIRS: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) WHERE {where} "
    f"WITH k, a, c, b WHERE c.run = k.run AND c.window_ms = $window AND {of_layer('c')} = {of_layer('k')} "
)
_PAIRS_OF_ONE: Final = _PAIRS.format(where="k.id = $id") + f"RETURN {_PAIR} ORDER BY id"
_PARTNERS: Final = _PAIRS.format(where="k.run = $run AND (a.id = $id OR b.id = $id)") + (
    "RETURN a.id AS one, b.id AS other, c.n AS n, c.first_ms AS first_ms, c.last_ms AS last_ms"
)
_MEETINGS: Final = _PAIRS.format(where="k.id IN $ids") + (
    "RETURN k.id AS cluster, c.first_ms AS first_ms, c.last_ms AS last_ms"
)


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
    median_gap_s: float | None
    opportunities: int | None
    expected: float | None
    q: float | None
    coordinated: bool | None
    interest_expected: float | None
    shared_interest: bool | None
    log10_p: float | None


def pairs_of_cluster(store: ReadableStore, cluster: str, window_ms: int) -> list[Pair]:
    """The pairs of members of a cluster that reached the count of its run, by id; `window_ms` is that of the run."""
    rows = store.read(_PAIRS_OF_ONE, {"id": cluster, "window": window_ms})
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


def pairs_among(store: ReadableStore, run: str, window_ms: int, accounts: Sequence[str]) -> list[Pair]:
    """The pairs that a run found in any layer between these accounts."""
    return _pairs(store, run, window_ms, "a.id IN $ids AND b.id IN $ids", {"ids": list(accounts)})


def _pairs(store: ReadableStore, run: str, window_ms: int, which: str, given: dict[str, Any]) -> list[Pair]:
    rows = store.read(
        f"MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND c.window_ms = $window AND {which} "
        f"RETURN {_PAIR} ORDER BY account_a, account_b",
        {"run": run, "window": window_ms, **given},
    )
    return [Pair(**row) for row in rows.to_pylist()]


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


class AgreedAct(NamedTuple):
    """An act of a cluster of a family: who did what to which post, when (None where unknown), in which words."""

    id: str
    account: str
    handle: str | None
    kind: str
    at_ms: int | None
    post: str
    url: str | None
    text: str | None


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


def agreed_acts(store: ReadableStore, cluster: str) -> dict[str, AgreedAct]:
    """What the members of a cluster did to posts, and published, by the id of the act; times are those of acts."""
    return _agreed(store, "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)", "k.id = $cluster", {"cluster": cluster})


def acts_of_accounts(store: ReadableStore, accounts: Sequence[str]) -> dict[str, AgreedAct]:
    """The same of these accounts."""
    return _agreed(store, "MATCH (a:Account)", "a.id IN $ids", {"ids": list(accounts)})


def _agreed(store: ReadableStore, who: str, where: str, given: dict[str, Any]) -> dict[str, AgreedAct]:
    what = "a.id AS account, a.handle AS handle, o.id AS post, o.url AS url"
    done = store.read(
        f"{who}-[r:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post) WHERE {where} RETURN r.id AS id, {what}, "
        "r.kind AS kind, CASE WHEN r.basis = 'observed' THEN null ELSE r.at_ms END AS at_ms, r.text AS text",
        given,
    )
    published = store.read(
        f"{who}-[r:PUBLISHED]->(o:Post) WHERE {where} RETURN r.id AS id, {what}, "
        "'PUBLISHED' AS kind, o.at_ms AS at_ms, o.text AS text",
        given,
    )
    return {row["id"]: AgreedAct(**row) for row in (*done.to_pylist(), *published.to_pylist())}


def bursts_without(store: ReadableStore, gone: Collection[str]) -> frozenset[str]:
    """The ids of the bursts that are none without these interactions: fewer than two members' are left."""
    rows = store.read("MATCH (b:Burst) RETURN b.id AS id, b.cluster AS cluster, b.interactions AS interactions")
    touched = [row for row in rows.to_pylist() if not set(row["interactions"] or ()).isdisjoint(gone)]
    acts = {
        id: act
        for cluster in sorted({row["cluster"] for row in touched})
        for id, act in agreed_acts(store, cluster).items()
    }
    return frozenset(
        row["id"]
        for row in touched
        if len({acts[id].account for id in row["interactions"] if id in acts and id not in gone}) < 2
    )


def _bursts(rows: list[dict[str, Any]]) -> list[Burst]:
    return [Burst(**{**row, "interactions": tuple(row["interactions"] or ())}) for row in rows]

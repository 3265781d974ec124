"""Pairs of accounts that reached a run's count, and those that tie a cluster together."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from graphwatch.repository.clusters import of_layer
from graphwatch.store.base import ReadableStore

_PAIR: Final = (
    "c.id AS id, a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b, "
    f"{of_layer('c')} AS layer, c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, "
    "c.opportunities AS opportunities, c.expected AS expected, c.q AS q, c.coordinated AS coordinated, "
    "c.interest_expected AS interest_expected, c.shared_interest AS shared_interest"
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
    median_gap_s: float
    opportunities: int | None
    expected: float | None
    q: float | None
    coordinated: bool | None
    interest_expected: float | None
    shared_interest: bool | None


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

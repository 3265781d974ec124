"""The bursts of a run as graph tables, with the ids of the interactions that they are made of."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection.counting.pairs import Ints, Longs
from graphwatch.detection.groups.bursts import Acts
from graphwatch.detection.run import Found
from graphwatch.model import key_hash
from graphwatch.model.tables import GraphTable, node_table, relation_table
from graphwatch.repository.interactions import timed_ids
from graphwatch.store.base import Store

# What a burst can be on that is a node of the graph.
_NODES: Final = {"post": "Post", "page": "Page"}


def interaction_ids(store: Store, found: Found) -> pa.ListArray:
    """For each burst the ids of its interactions, in order of time; what the store no longer has is left out."""
    acts, scope = found.acts, found.parameters.scope
    if not len(acts.account):
        return pa.array([[]] * (len(acts.start) - 1), pa.list_(pa.string()))
    kinds = [scope.kinds[code] for code in np.unique(acts.kind)]
    accounts = found.accounts.take(pa.array(np.unique(acts.account))).to_pylist()
    rows = timed_ids(store, accounts, kinds, int(acts.at_ms.min()), int(acts.at_ms.max()))
    rows = rows.take(pc.sort_indices(rows["id"]))
    place = _places(acts, _burst_of(acts), *_codes(rows, found))
    known = place >= 0
    start = np.concatenate([[0], np.cumsum(known)])[acts.start]
    ids = rows["id"].combine_chunks().take(pa.array(place[known]))
    return pa.ListArray.from_arrays(pa.array(start.astype(np.int32)), ids)


def burst_tables(
    layers: Sequence[tuple[Found, pa.ListArray]], cluster_ids: Sequence[Sequence[str]]
) -> Iterator[GraphTable]:
    """Burst, BURST_OF and BURST_ON of all layers.

    Args:
        layers: what was found, and for each burst the ids of its interactions.
        cluster_ids: for each layer the ids of its clusters in the order of their numbers.
    """
    nodes = [_nodes(found, ids, clusters) for (found, ids), clusters in zip(layers, cluster_ids, strict=True)]
    yield node_table("Burst", nodes)
    yield relation_table("BURST_OF", "Burst", "Cluster", [_relations(rows, rows["cluster"]) for rows in nodes])
    for object, label in _NODES.items():
        on = [rows for rows, (found, _) in zip(nodes, layers, strict=True) if found.object == object]
        if on:
            yield relation_table("BURST_ON", "Burst", label, [_relations(rows, rows["object"]) for rows in on])


def _nodes(found: Found, ids: pa.ListArray, clusters: Sequence[str]) -> pa.RecordBatch:
    bursts = found.bursts
    # The number of a burst in its cluster: by time, then by object, of which codes are in the order of ids.
    order = np.lexsort((bursts.object, bursts.first_ms, bursts.cluster))
    of = bursts.cluster[order]
    number = np.arange(len(of)) - np.searchsorted(of, of) + 1
    cluster = [clusters[n - 1] for n in of.tolist()]
    rows = len(of)
    return pa.RecordBatch.from_pydict(
        {
            "id": pa.array([f"{c}:b{n}" for c, n in zip(cluster, number.tolist(), strict=True)], pa.string()),
            "run": pa.array([found.run] * rows, pa.string()),
            "cluster": pa.array(cluster, pa.string()),
            "layer": pa.array([found.layer] * rows, pa.string()),
            "number": pa.array(number, pa.int64()),
            "object": found.objects.take(pa.array(bursts.object[order])),
            "object_kind": pa.array([found.object] * rows, pa.string()),
            "members": pa.array(bursts.members[order]),
            "most": pa.array(bursts.most[order]),
            "first_ms": known_times(bursts.first_ms[order]),
            "last_ms": known_times(bursts.last_ms[order]),
            "size": pa.array((bursts.end - bursts.begin)[order]),
            "interactions": ids.take(pa.array(order)),
        }
    )


def known_times(at_ms: Longs) -> pa.Array:
    """Times as a column; what is not known of acts without a time is null.

    >>> known_times(np.array([5, -1])).to_pylist()
    [5, None]
    """
    return pa.array(at_ms, mask=at_ms < 0)


def _relations(bursts: pa.RecordBatch, to: pa.Array) -> pa.RecordBatch:
    ends = zip(bursts["id"].to_pylist(), to.to_pylist(), strict=True)
    ids = pa.array([key_hash(a, b) for a, b in ends], pa.string())
    return pa.RecordBatch.from_pydict({"from": bursts["id"], "to": to, "id": ids, "run": bursts["run"]})


def _burst_of(acts: Acts) -> Longs:
    return np.repeat(np.arange(len(acts.start) - 1), np.diff(acts.start))


def _codes(rows: pa.Table, found: Found) -> tuple[Longs, Longs]:
    """The rows' account and post, and time and kind, as pairs of numbers of which equal ones mean the same."""

    def code(name: str, ids: pa.Array) -> Ints:
        place = pc.fill_null(pc.index_in(rows[name].combine_chunks(), value_set=ids), -1)
        found_at: Ints = place.to_numpy().astype(np.int32)
        return found_at

    kinds = pa.array(found.parameters.scope.kinds, pa.string())
    return _packed(
        code("account", found.accounts), code("post", found.posts), rows["at_ms"].to_numpy(), code("kind", kinds)
    )


def _packed(account: Ints, post: Ints, at_ms: Longs, kind: Ints) -> tuple[Longs, Longs]:
    return account.astype(np.int64) << 32 | post.astype(np.int64) & 0xFFFFFFFF, at_ms << 3 | kind.astype(np.int64) & 7


def _places(acts: Acts, burst: Longs, who: Longs, when: Longs) -> Longs:
    """For each act the place of its row among those read; -1 where there is none.

    Several rows may be of one account, post, kind and time: the acts of one burst that are take them one after the
    other.
    """
    own_who, own_when = _packed(acts.account, acts.post, acts.at_ms, acts.kind.astype(np.int32))
    both_who, both_when = np.concatenate([who, own_who]), np.concatenate([when, own_when])
    order = np.lexsort((both_when, both_who))
    differs = (np.diff(both_who[order], prepend=-1) != 0) | (np.diff(both_when[order], prepend=-1) != 0)
    alike = np.empty(len(order), np.int64)
    alike[order] = np.cumsum(differs)
    rows, own = alike[: len(who)], alike[len(who) :]
    by_code = np.argsort(rows, kind="stable")
    begin, end = (np.searchsorted(rows[by_code], own, side=side) for side in ("left", "right"))
    first_of_alike = np.flatnonzero((np.diff(own, prepend=-1) != 0) | (np.diff(burst, prepend=-1) != 0))
    nth = np.arange(len(own)) - np.repeat(first_of_alike, np.diff(first_of_alike, append=len(own)))
    found = begin + nth < end
    return np.where(found, by_code[np.minimum(begin + nth, max(len(by_code) - 1, 0))] if len(by_code) else -1, -1)

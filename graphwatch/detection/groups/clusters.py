"""Communities of accounts in a graph of pairs, and the part of the graph that holds together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Pairs, Reals, objects_of

# One pass leaves a little modularity on the table; after the second the gain is in the third digit.
_PASSES = 2
# Of colouring; and an odd constant that mixes bits (that of splitmix64).
_ROUNDS = 3
_MIXING = np.uint64(0x9E3779B97F4A7C15)
# One pair alone is a lead on a pair, not on a cluster.
SMALLEST: Final = 3
# Modularity merges small clusters where there are many and cuts a single one in pieces; asking a density does not.
_DENSITY: Final = 0.05


def communities(
    accounts: int,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    weight: npt.ArrayLike,
    *,
    seed: int,
    density: float | None = None,
) -> Ints:
    """The community of each account, by Leiden (Traag, Waltman and van Eck 2019).

    Without `density` it maximises modularity at resolution 1, which merges small communities of a large graph and
    cuts a single one in pieces. With it, the constant Potts model (Traag, Van Dooren and Nesterov 2011), which
    does neither: communities are those parts whose edges, had all of the median weight, would fill more than
    that share of their pairs, and whose parts are so tied to each other.

    The same graph and seed give the same labels, in whatever order and direction the edges come; repeated edges
    add up.

    Args:
        accounts: number of account codes.
        first, second, weight: ends and weight of each edge; the weight is at least 0.
        seed: of the random order in which accounts are visited, from 0.
        density: least share of its pairs that a community fills, above 0 and below 1; None for modularity.

    Returns:
        A label for each account, numbered from 0 by the smallest account of each community; -1 for accounts that
        no edge touches.

    Raises:
        ValueError: a weight is negative or not a number, an edge leads from an account to itself, or `density` is
            no share.

    >>> communities(7, [0, 1, 0, 4, 5, 4, 2], [1, 2, 2, 5, 6, 6, 4], [1] * 7, seed=1).tolist()
    [0, 0, 0, -1, 1, 1, 1]
    """
    first, second, weight = np.asarray(first, np.int32), np.asarray(second, np.int32), np.asarray(weight, np.float64)
    if (first == second).any():
        raise ValueError("an account is no pair with itself")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise ValueError("weights are finite and at least 0")
    if density is not None and not 0 < density < 1:
        raise ValueError("density is a share of the pairs, above 0 and below 1")
    labels = np.full(accounts, -1, np.int32)
    touched, ends = np.unique(np.concatenate([first, second]), return_inverse=True)
    if not weight.any():
        labels[touched] = np.arange(len(touched))
        return labels
    start, neighbour, weight = _symmetric(ends[: len(first)], ends[len(first) :], weight, len(touched))
    node = np.repeat(np.arange(len(touched)), np.diff(start))
    rank, once = _by_structure(node, neighbour, weight, len(touched)), node < neighbour
    raw = _leiden(*_symmetric(rank[node[once]], rank[neighbour[once]], weight[once], len(touched)), seed, density)[rank]
    _, seen, which = np.unique(raw, return_index=True, return_inverse=True)
    labels[touched] = np.argsort(np.argsort(seen))[which]
    return labels


def _by_structure(node: Longs, neighbour: Ints, weight: Reals, nodes: int) -> Longs:
    """For each node its place in an order that follows from the graph alone, so that no name decides a finding.

    Nodes are coloured by what they are tied to, and that by what it is tied to (Weisfeiler and Leman 1968), three
    rounds; nodes that are still alike are in the order of their codes.

    Args:
        node, neighbour, weight: each edge in both directions.
    """
    heavy = weight.view(np.uint64)
    colour = np.zeros(nodes, np.uint64)
    for _ in range(_ROUNDS):
        mixed = (colour[neighbour] ^ heavy) * _MIXING
        mixed ^= mixed >> np.uint64(29)
        around = np.zeros(nodes, np.uint64)
        np.add.at(around, node, mixed * mixed)
        colour = (colour * _MIXING) ^ around
    place = np.empty(nodes, np.int64)
    place[np.argsort(colour, kind="stable")] = np.arange(nodes)
    return place


def _leiden(start: Longs, neighbour: Ints, weight: Reals, seed: int, density: float | None) -> Longs:
    """A label of each node of a graph in compressed rows; nodes of one community have the same."""
    from graspologic_native import leiden_csr

    nodes = len(start) - 1
    _, found = leiden_csr(
        start,
        neighbour,
        weight / np.median(weight[weight > 0]),
        nodes,
        iterations=_PASSES,
        seed=seed,
        use_modularity=density is None,
        resolution=density or 1.0,
    )
    # A node that only edges of weight 0 touch may be missing from the answer: it is alone.
    return np.array([found.get(node, -1 - node) for node in range(nodes)])


def _symmetric(first: Longs, second: Longs, weight: Reals, nodes: int) -> tuple[Longs, Ints, Reals]:
    """Both directions of every edge as compressed rows, the same to the last bit in whatever order the edges come."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((weight, high, low))
    low, high, weight = low[order], high[order], weight[order]
    new = np.flatnonzero(np.concatenate([[True], (np.diff(low) != 0) | (np.diff(high) != 0)]))
    low, high, weight = low[new], high[new], np.add.reduceat(weight, new)
    ends = np.concatenate([low, high]), np.concatenate([high, low])
    matrix = coo_array((np.concatenate([weight, weight]), ends), shape=(nodes, nodes)).tocsr()
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data


def two_core(accounts: int, first: npt.ArrayLike, second: npt.ArrayLike) -> Mask:
    """Which edges remain when accounts with fewer than two partners are dropped until none is left.

    Edges are distinct pairs of two accounts. O(accounts + edges).

    >>> two_core(5, [0, 0, 1, 2, 3], [1, 2, 2, 3, 4]).tolist()
    [True, True, True, False, False]
    """
    kept: Mask = _peeled(accounts, np.asarray(first, np.int32), np.asarray(second, np.int32))
    return kept


@compiled
def _peeled(accounts: int, first: Ints, second: Ints) -> Mask:
    """Take off leaves one after another.

    An account keeps its degree and the exclusive or of its remaining edges, which at degree 1 is that edge.
    """
    degree, edges = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)
    for e in range(len(first)):
        for a in (first[e], second[e]):
            degree[a] += 1
            edges[a] ^= e
    kept = np.ones(len(first), np.bool_)
    for a in range(accounts):
        leaf = a
        while degree[leaf] == 1:
            e = edges[leaf]
            kept[e] = False
            other = second[e] if first[e] == leaf else first[e]
            degree[leaf] = 0
            degree[other] -= 1
            edges[other] ^= e
            leaf = other
    return kept


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters numbered from 1 by size, ties by smallest member; and their members.

    Attributes:
        number, size, pairs, density, objects, first_ms, last_ms: one entry a cluster. `pairs` are those pairs of
            members that reached the count, `density` their share of all possible ones, `objects` those on which these
            pairs co-interacted.
        member, of, partners, grown: one entry a member: account code, cluster number, members with which it is such a
            pair, and whether it came in by expansion.
    """

    number: Ints
    size: Ints
    pairs: Ints
    density: Reals
    objects: Ints
    first_ms: Longs
    last_ms: Longs
    member: Ints
    of: Ints
    partners: Ints
    grown: Mask

    def __len__(self) -> int:
        return len(self.number)


def components(accounts: int, first: Ints, second: Ints) -> Ints:
    """The cluster number of each account, 0 for none: connected components of three or more.

    >>> components(5, np.array([0, 1, 3]), np.array([1, 2, 4])).tolist()
    [1, 1, 1, 0, 0]
    """
    graph = coo_array((np.ones(len(first), np.int8), (first, second)), shape=(accounts, accounts))
    label = connected_components(graph, directed=False)[1] if accounts else np.empty(0, np.int32)
    return renumbered(label)


def tight_communities(accounts: int, first: Ints, second: Ints, weight: Reals, *, seed: int) -> Ints:
    """The cluster number of each account, 0 for none: communities (Leiden) of three or more in the 2-core."""
    core = two_core(accounts, first, second)
    return renumbered(communities(accounts, first[core], second[core], weight[core], seed=seed, density=_DENSITY))


def renumbered(label: Ints) -> Ints:
    """Labels as cluster numbers: 1 for the largest, ties by the smallest member.

    A label below 0, or of fewer than three accounts, becomes 0.
    """
    labels, first, which, sizes = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    large = (sizes >= SMALLEST) & (labels >= 0)
    number = np.zeros(len(labels), np.int32)
    order = np.lexsort((first, -sizes))
    number[order[large[order]]] = np.arange(1, int(large.sum()) + 1)
    return number[which] if len(label) else np.empty(0, np.int32)


def not_known(cluster_of: Ints, known: Sequence["Clusters"]) -> Ints:
    """Without the clusters of which half or more are together in a cluster that is known already."""
    kept = cluster_of.copy()
    for number in range(1, int(cluster_of.max(initial=0)) + 1):
        members = np.flatnonzero(cluster_of == number)
        for others in known:
            together = others.of[np.isin(others.member, members)]
            if 2 * np.bincount(together, minlength=1).max() >= len(members):
                kept[members] = 0
    return renumbered(np.where(kept > 0, kept, -1))


def with_pairs(cluster_of: Ints, pairs: Pairs) -> Ints:
    """The clusters in which at least one pair reached the count: there is nothing else to show of a cluster."""
    shown = np.zeros(int(cluster_of.max(initial=0)) + 1, bool)
    shown[cluster_of[pairs.first[inside_cluster(cluster_of, pairs)]]] = True
    return np.where(shown[cluster_of], cluster_of, 0)


def describe(actions: Actions, pairs: Pairs, cluster_of: Ints, core: Ints, window_ms: int) -> Clusters:
    """What is to be said of the clusters, in each of which some pair reached the count.

    Args:
        cluster_of: the number of each account's cluster, 0 for none; see `renumbered`.
        core: the same before expansion; whoever has 0 there came in by expansion.
    """
    member = np.flatnonzero(cluster_of).astype(np.int32)
    of = cluster_of[member]
    inside = inside_cluster(cluster_of, pairs)
    number_of_pair = cluster_of[pairs.first][inside]
    count = int(of.max(initial=0))
    size = np.bincount(of, minlength=count + 1)[1:]
    tied = np.bincount(number_of_pair, minlength=count + 1)[1:]
    degree = np.bincount(np.concatenate([pairs.first[inside], pairs.second[inside]]), minlength=actions.accounts)
    first_ms = np.full(count + 1, np.iinfo(np.int64).max)
    last_ms = np.full(count + 1, np.iinfo(np.int64).min)
    np.minimum.at(first_ms, number_of_pair, pairs.first_ms[inside])
    np.maximum.at(last_ms, number_of_pair, pairs.last_ms[inside])
    order = np.lexsort((member, of))
    return Clusters(
        number=np.arange(1, count + 1, dtype=np.int32),
        size=size.astype(np.int32),
        pairs=tied.astype(np.int32),
        density=tied / (size * (size - 1) / 2),
        objects=_objects(actions, pairs, inside, number_of_pair, count, window_ms),
        first_ms=first_ms[1:],
        last_ms=last_ms[1:],
        member=member[order],
        of=of[order],
        partners=degree[member[order]].astype(np.int32),
        grown=core[member[order]] == 0,
    )


def inside_cluster(cluster_of: Ints, pairs: Pairs) -> Mask:
    """Which pairs are of two members of one cluster."""
    inside: Mask = (cluster_of[pairs.first] == cluster_of[pairs.second]) & (cluster_of[pairs.first] > 0)
    return inside


def _objects(actions: Actions, pairs: Pairs, chosen: Mask, number_of_pair: Ints, count: int, window_ms: int) -> Ints:
    """Distinct objects on which the pairs of each cluster co-interacted."""
    pair, object = objects_of(actions, pairs, chosen, window_ms)
    distinct = np.unique(np.stack([number_of_pair[pair].astype(np.int64), object.astype(np.int64)]), axis=1)
    return np.bincount(distinct[0], minlength=count + 1)[1:].astype(np.int32)


def share_of_pairs(clusters: Clusters, pairs: Pairs, passed: Mask, accounts: int) -> Reals:
    """Of the pairs of each cluster the share that also passed another test."""
    cluster_of = np.zeros(accounts, np.int32)
    cluster_of[clusters.member] = clusters.of
    both = np.bincount(
        cluster_of[pairs.first[inside_cluster(cluster_of, pairs) & passed]], minlength=len(clusters) + 1
    )[1:]
    share: Reals = both / np.maximum(clusters.pairs, 1)
    return share

"""Clusters: accounts that the pairs of a run tie together, and what is said of each."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphwatch.detection.communities import communities, two_core
from graphwatch.detection.counting import Actions, Ints, Longs, Pairs, Reals, objects_of

Mask = npt.NDArray[np.bool_]

# One pair alone is a lead on a pair, not on a cluster.
SMALLEST: Final = 3
# Modularity merges small clusters where there are many and cuts a single one in pieces; asking a density does not.
_DENSITY: Final = 0.05


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

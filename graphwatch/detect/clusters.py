"""Clusters: accounts that the pairs of a run tie together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graphwatch.detect.counting import Actions, Ints, Longs, Pairs, Reals, objects_of

# One pair alone is a lead on a pair, not on a cluster.
SMALLEST: Final = 3


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters numbered from 1 by size, ties by smallest member; and their members.

    Attributes:
        number, size, pairs, density, objects, first_ms, last_ms: one entry a cluster. `pairs` are the reported pairs
            of members, `density` their share of all possible ones, `objects` those on which members co-interacted.
        member, of, partners: one entry a member: account code, cluster number, reported partners in it.
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

    def __len__(self) -> int:
        return len(self.number)


def find_clusters(actions: Actions, pairs: Pairs, window_ms: int) -> Clusters:
    """Connected components of at least three accounts in the graph whose edges are the pairs.

    >>> from graphwatch.detect.counting import arrange, count_pairs
    >>> together = arrange([0, 1, 2, 7, 8], [0, 0, 0, 1, 1], [0, 0, 0, 0, 0])
    >>> found = find_clusters(together, count_pairs(together, 0, 1), 0)
    >>> found.size.tolist(), found.member.tolist(), found.density.tolist()
    ([3], [0, 1, 2], [1.0])
    """
    accounts = actions.accounts
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs.first, pairs.second)), shape=(accounts, accounts))
    component = connected_components(graph, directed=False)[1] if accounts else np.empty(0, np.int32)
    sizes = np.bincount(component, minlength=1)
    member = np.flatnonzero(sizes[component] >= SMALLEST).astype(np.int32)
    of = _numbers(component[member])
    number_of = np.zeros(accounts, np.int32)
    number_of[member] = of
    in_cluster = number_of[pairs.first] > 0
    number_of_pair = number_of[pairs.first][in_cluster]
    count = int(of.max()) if len(of) else 0
    size = np.bincount(of, minlength=count + 1)[1:]
    tied = np.bincount(number_of_pair, minlength=count + 1)[1:]
    degree = np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=accounts)
    first_ms = np.full(count + 1, np.iinfo(np.int64).max)
    last_ms = np.full(count + 1, np.iinfo(np.int64).min)
    np.minimum.at(first_ms, number_of_pair, pairs.first_ms[in_cluster])
    np.maximum.at(last_ms, number_of_pair, pairs.last_ms[in_cluster])
    order = np.lexsort((member, of))
    return Clusters(
        number=np.arange(1, count + 1, dtype=np.int32),
        size=size.astype(np.int32),
        pairs=tied.astype(np.int32),
        density=tied / (size * (size - 1) / 2),
        objects=_objects(actions, pairs, in_cluster, number_of_pair, count, window_ms),
        first_ms=first_ms[1:],
        last_ms=last_ms[1:],
        member=member[order],
        of=of[order],
        partners=degree[member[order]].astype(np.int32),
    )


def _numbers(component: Ints) -> Ints:
    """Cluster number of each member: 1 for the largest component, ties by the smallest member.

    Members come in ascending order, so a component's first appearance is its smallest member.
    """
    labels, first, which, sizes = np.unique(component, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(labels), np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(1, len(labels) + 1)
    return rank[which]


def _objects(
    actions: Actions, pairs: Pairs, chosen: np.ndarray, number_of_pair: Ints, count: int, window_ms: int
) -> Ints:
    """Distinct objects on which the members of each cluster co-interacted."""
    pair, object = objects_of(actions, pairs, chosen, window_ms)
    distinct = np.unique(np.stack([number_of_pair[pair].astype(np.int64), object.astype(np.int64)]), axis=1)
    return np.bincount(distinct[0], minlength=count + 1)[1:].astype(np.int32)

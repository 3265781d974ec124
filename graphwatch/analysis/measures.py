"""The metrics of nodes: what each is, and how it is computed."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from graphwatch.analysis import network_kernels as kernels
from graphwatch.analysis.network import Longs, Network, Reals

_DAMPING: Final = 0.85
_TOLERANCE: Final = 1e-10
_MOST_STEPS: Final = 1_000
# As many pieces whatever the number of threads, so that sums come out the same to the last bit.
_PIECES: Final = 16


@dataclass(frozen=True, slots=True)
class Scores:
    """One number a node; `error` is the standard error of each where it was estimated from a sample, else None."""

    value: Reals
    error: Reals | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric: its name, what it says, and the function that computes it."""

    name: str
    meaning: str
    of: Callable[[Network], Scores]


def degree(network: Network) -> Scores:
    """Neighbours over possible ones: all other nodes, or in a two-mode network all nodes of the other side.

    >>> from graphwatch.analysis.network import network_of
    >>> degree(network_of([0, 1], [1, 2], nodes=3)).value.tolist()
    [0.5, 1.0, 0.5]
    """
    possible = np.maximum(_possible(network), 1)
    return Scores(np.diff(network.start) / possible)


def strength(network: Network) -> Scores:
    """The sum of the weights of a node's edges."""
    return Scores(network.matrix().sum(axis=1))


def pagerank(network: Network) -> Scores:
    """The share of time that a random walk spends at a node, which follows weights and starts anew 15 % of the time.

    Power iteration to an error below 1e-10 a node (Brin and Page 1998).
    """
    nodes = network.nodes
    if not nodes:
        return Scores(np.empty(0))
    matrix = network.matrix()
    out = matrix.sum(axis=1)
    ends = out == 0
    inverse = np.divide(1.0, out, out=np.zeros(nodes), where=~ends)
    rank = np.full(nodes, 1 / nodes)
    for _ in range(_MOST_STEPS):
        before = rank
        rank = _DAMPING * (matrix @ (before * inverse) + before[ends].sum() / nodes) + (1 - _DAMPING) / nodes
        if np.abs(rank - before).sum() < nodes * _TOLERANCE:
            break
    return Scores(rank)


def betweenness(network: Network, *, sources: int | None = None, seed: int = 0, threads: int | None = None) -> Scores:
    """The share of shortest paths between two other nodes that lead through a node (Freeman 1977; Brandes 2001).

    Two-mode networks are scaled by the most that a node of its side can have (Borgatti and Halgin 2011).

    Args:
        sources: how many nodes, drawn with `seed`, paths are followed from; all when left out. With a sample the
            standard error says how far the value is from the exact one (Brandes and Pich 2007); at the rim, where
            few sources lead through a node, it is too small.

    >>> from graphwatch.analysis.network import network_of
    >>> betweenness(network_of([0, 1], [1, 2], nodes=3)).value.tolist()
    [0.0, 1.0, 0.0]
    """
    nodes = network.nodes
    sampled = sources is not None and sources < nodes
    size = sources if sampled and sources is not None else nodes
    drawn = np.random.default_rng(seed).permutation(nodes)[:size] if sampled else np.arange(nodes)
    pieces = np.array_split(drawn, min(_PIECES, max(size, 1)))
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        parts = list(pool.map(lambda part: kernels.dependencies(network.start, network.neighbour, part), pieces))
    total, squares = (np.sum(part, axis=0) for part in zip(*parts, strict=True))
    # Each path was seen from both of its ends.
    scale = nodes / max(size, 1) / np.maximum(2 * _most_between(network), 1)
    if not sampled:
        return Scores(total * scale)
    variance = np.maximum(squares / size - (total / size) ** 2, 0) * (1 - size / nodes) / max(size - 1, 1)
    return Scores(total * scale, size * np.sqrt(variance) * scale)


def closeness(network: Network, *, threads: int | None = None) -> Scores:
    """How near a node is to the others: the inverse of its mean distance, times the share of nodes it reaches.

    With several components as Wasserman and Faust (1994) have it. In two-mode networks the mean distance is that of the
    best placed node of its side divided by the node's own (Borgatti and Halgin 2011).
    """
    nodes = network.nodes
    bounds = np.linspace(0, nodes, min(_PIECES, max(nodes, 1)) + 1).astype(int).tolist()

    def part(begin: int, end: int) -> tuple[Longs, Longs]:
        found: tuple[Longs, Longs] = kernels.distances(network.start, network.neighbour, begin, end)
        return found

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        parts = list(pool.map(part, bounds[:-1], bounds[1:]))
    reached, far = (np.concatenate(column).astype(np.float64) for column in zip(*parts, strict=True))
    if network.side is None:
        best = reached - 1
    else:
        opposite, own = _possible(network), _own(network)
        best = (opposite + 2 * (own - 1)).astype(np.float64)
    near = np.divide(best, far, out=np.zeros(nodes), where=far > 0)
    return Scores(near * (reached - 1) / max(nodes - 1, 1))


def core(network: Network) -> Scores:
    """The largest k for which a node is in the k-core: the part in which all have k neighbours (Seidman 1983)."""
    return Scores(kernels.cores(network.start, network.neighbour).astype(np.float64))


def clustering(network: Network) -> Scores:
    """The share of a node's pairs of neighbours that are tied (Watts and Strogatz 1998).

    In two-mode networks, which have no triangles, the mean overlap with the nodes two steps away (Latapy et al. 2008).
    """
    if network.side is not None:
        return Scores(kernels.overlap(network.start, network.neighbour))
    neighbours = np.diff(network.start)
    pairs = neighbours * (neighbours - 1) / 2
    found = kernels.triangles(network.start, network.neighbour)
    return Scores(np.divide(found, pairs, out=np.zeros(network.nodes), where=pairs > 0))


def _own(network: Network) -> Longs:
    """How many nodes are on each node's side."""
    assert network.side is not None
    return np.bincount(network.side, minlength=2)[network.side]


def _possible(network: Network) -> Longs:
    """How many neighbours each node could have."""
    if network.side is None:
        return np.full(network.nodes, network.nodes - 1)
    return network.nodes - _own(network)


def _most_between(network: Network) -> Reals:
    """The most pairs of other nodes that a node can be between."""
    if network.side is None:
        return np.full(network.nodes, (network.nodes - 1) * (network.nodes - 2) / 2)
    own, other = (count.astype(np.float64) for count in (_own(network), _possible(network)))
    whole, part = (own - 1) // np.maximum(other, 1), (own - 1) % np.maximum(other, 1)
    most: Reals = (
        other**2 * (whole + 1) ** 2 + other * (whole + 1) * (2 * part - whole - 1) - part * (2 * whole - part + 3)
    ) / 2.0
    return most


MEASURES: Final = {
    measure.name: measure
    for measure in (
        Measure("degree", "share of the possible neighbours that a node has", degree),
        Measure("strength", "sum of the weights of its edges", strength),
        Measure("pagerank", "share of time that a random walk spends there", pagerank),
        Measure("betweenness", "share of shortest paths that lead through it", betweenness),
        Measure("closeness", "how near it is to all others", closeness),
        Measure("core", "largest k for which it is in the k-core", core),
        Measure("clustering", "how far its neighbours are tied to each other", clustering),
    )
}

"""The network that metrics are of: undirected, weighted, as compressed rows; and what it is like as a whole."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from graphwatch.analysis import network_kernels as kernels

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """An undirected network of nodes 0 … nodes - 1 without loops.

    Attributes:
        start, neighbour, weight: `neighbour[start[v]:start[v + 1]]` are v's neighbours, ascending; weights above 0.
        side: 0 for accounts and 1 for what they act on, where edges lead only between the two; None elsewhere.
    """

    nodes: int
    start: Longs
    neighbour: Ints
    weight: Reals
    side: npt.NDArray[np.int8] | None = None

    @property
    def edges(self) -> int:
        return len(self.neighbour) // 2

    def matrix(self) -> csr_array:
        """The symmetric matrix of weights."""
        return csr_array((self.weight, self.neighbour, self.start), shape=(self.nodes, self.nodes))

    def components(self) -> Ints:
        """For each node the number of its connected component, from 0."""
        label: Ints = connected_components(self.matrix(), directed=False)[1]
        return label

    def within(self, chosen: Longs) -> "Network":
        """The network of the chosen nodes, in their order, and the edges between them."""
        part = self.matrix()[chosen][:, chosen].tocsr()
        part.sort_indices()
        side = None if self.side is None else self.side[chosen]
        return Network(
            len(chosen), part.indptr.astype(np.int64), part.indices.astype(np.int32), part.data.astype(np.float64), side
        )

    def around(self, node: int, depth: int) -> Longs:
        """The nodes at most `depth` steps from a node, itself among them, ascending."""
        reached = np.zeros(self.nodes, np.bool_)
        reached[node] = True
        border = np.array([node])
        for _ in range(depth):
            steps = [self.neighbour[self.start[v] : self.start[v + 1]] for v in border.tolist()]
            border = np.unique(np.concatenate([np.empty(0, np.int32), *steps]))
            border = border[~reached[border]]
            reached[border] = True
        return np.flatnonzero(reached)


def network_of(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    nodes: int,
    side: npt.NDArray[np.int8] | None = None,
) -> Network:
    """A network from its edges; the weights of repeated edges add up.

    Raises:
        ValueError: an edge leads from a node to itself, or a weight is not above 0.

    >>> path = network_of([0, 1], [1, 2], nodes=3)
    >>> path.edges, path.neighbour.tolist()
    (2, [1, 0, 2, 1])
    """
    first, second = np.asarray(first, np.int32), np.asarray(second, np.int32)
    weights = np.ones(len(first)) if weight is None else np.asarray(weight, np.float64)
    if (first == second).any():
        raise ValueError("an edge leads from a node to itself")
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError("weights are above 0")
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    rows = coo_array((np.concatenate([weights, weights]), ends), shape=(nodes, nodes)).tocsr()
    rows.sum_duplicates()
    rows.sort_indices()
    return Network(nodes, rows.indptr.astype(np.int64), rows.indices.astype(np.int32), rows.data, side)


@dataclass(frozen=True, slots=True)
class Structure:
    """A network in a few numbers.

    Attributes:
        nodes, edges, density: density is over the edges there could be, between the two sides in two-mode networks.
        components, largest: connected components, and nodes of the largest one.
        bridges: both ends of each edge without which more components would be.
        cut_points: nodes without which more components would be.
    """

    nodes: int
    edges: int
    density: float
    components: int
    largest: int
    bridges: tuple[tuple[int, int], ...]
    cut_points: tuple[int, ...]


def structure_of(network: Network) -> Structure:
    """The structure of a network; O(edges).

    >>> from graphwatch.analysis.network import network_of
    >>> whole = structure_of(network_of([0, 1, 2, 2], [1, 2, 0, 3], nodes=4))
    >>> whole.bridges, whole.cut_points, whole.components
    (((2, 3),), (2,), 1)
    """
    sizes = np.bincount(network.components(), minlength=1)
    cut, bridges = kernels.lows(network.start, network.neighbour)
    if network.side is None:
        possible = network.nodes * (network.nodes - 1) // 2
    else:
        possible = int(np.prod(np.bincount(network.side, minlength=2)))
    return Structure(
        nodes=network.nodes,
        edges=network.edges,
        density=network.edges / possible if possible else 0.0,
        components=int((sizes > 0).sum()),
        largest=int(sizes.max()),
        bridges=tuple(sorted(map(tuple, bridges.T.tolist()))),
        cut_points=tuple(np.flatnonzero(cut).tolist()),
    )


def assortativity(network: Network, group: npt.NDArray[np.integer]) -> float | None:
    """Whether edges tie nodes of one group rather than of two: 1 if always, 0 as by chance (Newman 2003, eq. 2).

    Args:
        group: for each node the number of its group from 0; below 0 where it is unknown: its edges do not count.

    Returns:
        None where it is not defined: no edge ties known nodes, or all of them are of one group.

    >>> from graphwatch.analysis.network import network_of
    >>> assortativity(network_of([0, 2], [1, 3], nodes=4), np.array([0, 0, 1, 1]))
    1.0
    """
    ends = np.repeat(np.arange(network.nodes), np.diff(network.start))
    from_, to = group[ends], group[network.neighbour]
    known = (from_ >= 0) & (to >= 0)
    if not known.any():
        return None
    from_, to = from_[known], to[known]
    share = np.bincount(from_) / len(from_)
    by_chance = float(share @ share)
    if by_chance >= 1:
        return None
    return (float((from_ == to).mean()) - by_chance) / (1 - by_chance)

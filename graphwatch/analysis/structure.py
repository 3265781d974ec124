"""What a network as a whole is like: its parts, its weak points, and whether like ties to like."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphwatch.analysis import network_kernels as kernels
from graphwatch.analysis.network import Network


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

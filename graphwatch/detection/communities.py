"""Communities of accounts in a graph of pairs, and the part of the graph that holds together."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from graphwatch.common.compiled import compiled

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# One pass leaves a little modularity on the table; after the second the gain is in the third digit.
_PASSES = 2


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
    from graspologic_native import leiden_csr

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
    start, neighbour, weights = _symmetric(ends[: len(first)], ends[len(first) :], weight, len(touched))
    _, found = leiden_csr(
        start,
        neighbour,
        weights / np.median(weights[weights > 0]),
        len(touched),
        iterations=_PASSES,
        seed=seed,
        use_modularity=density is None,
        resolution=density or 1.0,
    )
    # A node that only edges of weight 0 touch may be missing from the answer: it is alone.
    raw = np.array([found.get(node, -1 - node) for node in range(len(touched))])
    _, seen, which = np.unique(raw, return_index=True, return_inverse=True)
    labels[touched] = np.argsort(np.argsort(seen))[which]
    return labels


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


def two_core(accounts: int, first: npt.ArrayLike, second: npt.ArrayLike) -> Flags:
    """Which edges remain when accounts with fewer than two partners are dropped until none is left.

    Edges are distinct pairs of two accounts. O(accounts + edges).

    >>> two_core(5, [0, 0, 1, 2, 3], [1, 2, 2, 3, 4]).tolist()
    [True, True, True, False, False]
    """
    kept: Flags = _peeled(accounts, np.asarray(first, np.int32), np.asarray(second, np.int32))
    return kept


@compiled
def _peeled(accounts: int, first: Ints, second: Ints) -> Flags:
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

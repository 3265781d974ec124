"""Which cluster of an earlier run a cluster continues."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graphwatch.detect.counting import Ints, Reals

# With half of all members in common no third cluster can have more in common with either.
_LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Continued:
    """Clusters, the earlier cluster that each continues, and the members that both have over those that either has."""

    number: Ints
    earlier: Ints
    jaccard: Reals


def continued(
    member: npt.ArrayLike, of: npt.ArrayLike, earlier_member: npt.ArrayLike, earlier_of: npt.ArrayLike
) -> Continued:
    """Each cluster that has at least half of all members in common with an earlier one, beside that one.

    Args:
        member, of: account codes, and the number of the cluster that each is in; an account is in one at most.
        earlier_member, earlier_of: the same of the earlier run; a code below 0 is an account unknown to the later one.

    >>> continued([0, 1, 2, 3, 4, 5], [1, 1, 1, 2, 2, 2], [0, 1, 2, -1, 5, 6, 7], [4, 4, 4, 4, 6, 6, 6])
    Continued(number=array([1], dtype=int32), earlier=array([4], dtype=int32), jaccard=array([0.75]))
    """
    member, of = np.asarray(member, np.int64), np.asarray(of, np.int32)
    earlier_member, earlier_of = np.asarray(earlier_member, np.int64), np.asarray(earlier_of, np.int32)
    size, earlier_size = np.bincount(of), np.bincount(earlier_of)
    _, here, there = np.intersect1d(member, earlier_member, assume_unique=False, return_indices=True)
    couples, both = np.unique(np.stack([of[here], earlier_of[there]]), axis=1, return_counts=True)
    number, earlier = couples
    jaccard = both / (size[number] + earlier_size[earlier] - both)
    best = np.lexsort((earlier, -jaccard, number))
    first = best[np.flatnonzero(np.diff(number[best], prepend=-1))]
    kept = first[jaccard[first] >= _LEAST]
    return Continued(number[kept], earlier[kept], jaccard[kept])

"""The surroundings of a node, with a guard on their size."""

from collections import Counter
from dataclasses import dataclass
from heapq import nsmallest

from graphwatch.trace.nodes import Expand, Key


@dataclass(frozen=True, slots=True)
class Ego:
    """What is near a node.

    Attributes:
        distance: steps from the node to each one that was kept, nearest first.
        ties: pairs of kept nodes that are tied, each once.
        left_out: how many nodes of each label were found and not kept.
    """

    distance: dict[Key, int]
    ties: list[tuple[Key, Key]]
    left_out: dict[str, int]


def surroundings(node: Key, depth: int, most: int, expand: Expand) -> Ego:
    """The nodes at most `depth` steps away, at most `most` of them.

    Where a step finds more than there is room for, those with the most ties to nodes kept before stay, equals by
    label and id; from the others the search does not go on.

    >>> ties = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c"]}
    >>> near = surroundings(Key("N", "a"), 2, 3, lambda nodes: [(n, Key("N", o)) for n in nodes for o in ties[n.id]])
    >>> [n.id for n in near.distance], near.left_out
    (['a', 'b', 'c'], {'N': 1})
    """
    distance, border, left_out = {node: 0}, [node], Counter[str]()
    ties: set[tuple[Key, Key]] = set()
    for step in range(1, depth + 1):
        seen = list(expand(border))
        found = Counter(other for _, other in seen if other not in distance)
        room = max(0, most - len(distance))
        kept = nsmallest(room, found, key=lambda other: (-found[other], other))
        left_out.update(other.label for other in found.keys() - set(kept))
        border = sorted(kept)
        distance |= dict.fromkeys(border, step)
        among = (tie for tie in seen if tie[0] in distance and tie[1] in distance)
        ties |= {(one, other) if one < other else (other, one) for one, other in among}
        if not border:
            break
    return Ego(distance, sorted(ties), dict(left_out))

"""What a path is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Key(NamedTuple):
    """A node of the graph: its label and its id, which is unique only among nodes of that label."""

    label: str
    id: str


# Given nodes, every tie from one of them to another node: (the one, the other).
Expand = Callable[[list[Key]], Iterable[tuple[Key, Key]]]
# Given nodes, those of them that are not to be gone through.
Bar = Callable[[Iterable[Key]], set[Key]]


@dataclass(frozen=True, slots=True)
class Path:
    """Nodes in order, each tied to the next, none twice."""

    nodes: tuple[Key, ...]

    @property
    def hops(self) -> int:
        return len(self.nodes) - 1

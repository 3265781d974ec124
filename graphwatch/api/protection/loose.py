"""Accounts and posts that hang on nothing once something else is erased."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from graphwatch.model import Node
from graphwatch.tables import every_table

# What holds an account or post in the graph beside its own interactions: someone works on it, or the office says it.
_HELD: Final = {
    "Account": ("BELONGS_TO", "OPERATED_BY", "ABOUT", "CONCERNS", "WATCHES", "PUBLISHED"),
    "Post": ("ABOUT", "PUBLISHED"),
}
LABELS: Final = tuple(_HELD)


class Holding(NamedTuple):
    """Relations of one type from `start` to `end` that hold the node at one end, `a` or `b`."""

    type: str
    start: str
    end: str
    held: str

    @property
    def pattern(self) -> str:
        """The relations as a pattern."""
        return f"MATCH (a:`{self.start}`)-[r:`{self.type}`]->(b:`{self.end}`)"

    @property
    def other(self) -> tuple[str, str]:
        """The other end, and its label."""
        return ("b", self.end) if self.held == "a" else ("a", self.start)


def holding(label: str) -> Iterator[Holding]:
    """The relations that hold a node of that label.

    >>> sorted({h.type for h in holding("Post")})
    ['ABOUT', 'COMMENTED', 'LIKED', 'MENTIONED', 'PUBLISHED', 'SHARED']
    """
    for _, element, start, end in every_table():
        if isinstance(element, Node) or start is None or end is None:
            continue
        names = {p.name for p in element.properties}
        if element.name in _HELD[label] or {"sources", "at_ms"} <= names:
            for held, of in (("a", start), ("b", end)):
                if of == label:
                    yield Holding(element.name, start, end, held)

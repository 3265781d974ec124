"""The one declaration of the graph: every node, relation and property with its type and meaning.

Tables, load checks, `docs/model.md` and test fixtures derive from `NODES` and `RELATIONS`; nothing else in
the package names a property that is not declared here.

>>> [p.name for p in node("Paslon").properties]
['id', 'number', 'name', 'contest', 'region']
>>> relation("LIKED").ends
(('Account', 'Post'),)
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from graphwatch.model import findings, oversight, records, roster
from graphwatch.model.declaring import Node, Property, Relation, Type

__all__ = [
    "INTERACTIONS",
    "MODEL_VERSION",
    "NODES",
    "POST_INTERACTIONS",
    "RELATIONS",
    "Element",
    "Node",
    "Property",
    "Relation",
    "Type",
    "digest",
    "elements",
    "key_hash",
    "node",
    "relation",
]

MODEL_VERSION: Final = 4

Element = Node | Relation
NODES: Final[tuple[Node, ...]] = (*records.NODES, *roster.NODES, *findings.NODES, *oversight.NODES)
RELATIONS: Final[tuple[Relation, ...]] = (
    *records.RELATIONS,
    *roster.RELATIONS,
    *findings.RELATIONS,
    *oversight.RELATIONS,
)
INTERACTIONS: Final = ("LIKED", "COMMENTED", "SHARED", "MENTIONED", "FOLLOWED")
# The interactions whose object is a post.
POST_INTERACTIONS: Final = ("LIKED", "COMMENTED", "SHARED", "MENTIONED")

_NODES: Final = {n.label: n for n in NODES}
_RELATIONS: Final = {r.type: r for r in RELATIONS}


def node(label: str) -> Node:
    """The declaration of a label; KeyError where there is none."""
    return _NODES[label]


def relation(type: str) -> Relation:
    """The declaration of a relation type; KeyError where there is none."""
    return _RELATIONS[type]


def elements() -> Iterator[Element]:
    """All nodes, then all relations, in the order of declaration: an order in which they can be written."""
    yield from NODES
    yield from RELATIONS


def key_hash(*parts: str | int | None) -> str:
    """32 hex digits that identify the parts; no two lists of parts run together, and null differs from empty.

    >>> key_hash("a", "bc") == key_hash("ab", "c")
    False
    >>> key_hash(None) == key_hash("")
    False
    """
    joined = "\x1f".join("\x00" if p is None else str(p) for p in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest() -> str:
    """16 hex digits of the declaration: a store whose digest differs needs its tables brought up to date."""
    parts = [
        f"{e.name}({','.join(f'{p.name}:{p.type.value}' for p in e.properties)})"
        + (str(e.ends) if isinstance(e, Relation) else "")
        for e in elements()
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]

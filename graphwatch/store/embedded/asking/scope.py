"""What the variables of a query stand for, by the declared model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphwatch.model import NODES, RELATIONS, elements
from graphwatch.model.declaring import Type
from graphwatch.queries.computing.expressions import fits
from graphwatch.queries.grammar.tree import Labels

LABELS: Final = frozenset(node.label for node in NODES)
TYPES: Final = frozenset(relation.type for relation in RELATIONS)
_PROPERTIES: Final = {e.name: {p.name: p.type for p in e.properties} for e in elements()}
TEXT, INTEGER, REAL, BOOLEAN, TEXTS = "text", "integer", "real", "boolean", "list of text"
_TYPES: Final = {
    Type.TEXT: TEXT,
    Type.INTEGER: INTEGER,
    Type.REAL: REAL,
    Type.BOOLEAN: BOOLEAN,
    Type.TEXTS: TEXTS,
}
NUMBERS: Final = frozenset({INTEGER, REAL})
SCALARS: Final = frozenset({TEXT, INTEGER, REAL, BOOLEAN})


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable: `engine` is its name in the text for the engine.

    `kind` is node, relation, relations (of a variable length), path, value or null; `type` that of a value; `witness`
    is null where there is no path, of which the engine makes one without relations.
    """

    engine: str
    kind: str
    labels: frozenset[str] = frozenset()
    type: str = ""
    optional: bool = False
    witness: str = ""


@dataclass(slots=True)
class Scope:
    """The variables of a place in the query, and new names."""

    bound: dict[str, Bound] = field(default_factory=dict)
    made: list[int] = field(default_factory=lambda: [0])

    def fresh(self) -> str:
        """A name that nothing has yet."""
        self.made[0] += 1
        return f"v{self.made[0]}"

    def copy(self) -> "Scope":
        """The same variables for a query within; names stay distinct."""
        return Scope(dict(self.bound), self.made)


def allowed(labels: Labels | None, names: frozenset[str]) -> frozenset[str]:
    """The labels or types that are what is asked for.

    >>> sorted(allowed(Labels("|", items=(Labels("", "Page"), Labels("", "Nothing"))), LABELS))
    ['Page']
    """
    return names if labels is None else frozenset(name for name in names if fits(labels, name))


def property_types(labels: frozenset[str], name: str) -> frozenset[str]:
    """The types that a property has on nodes or relations of these labels; none where no such label has it."""
    return frozenset(_TYPES[_PROPERTIES[label][name]] for label in labels if name in _PROPERTIES[label])


def type_of(value: Any) -> str:
    """The type of a parameter's value; empty where the engine has no one type for it.

    >>> type_of("7"), type_of(7), type_of(["a"]), type_of([1, "a"]), type_of(None)
    ('text', 'integer', 'list of text', '', '')
    """
    for python, name in ((bool, BOOLEAN), (int, INTEGER), (float, REAL), (str, TEXT)):
        if isinstance(value, python):
            return name
    if isinstance(value, list) and value:
        types = {type_of(item) for item in value}
        if len(types) == 1 and types <= SCALARS:
            return f"list of {types.pop()}"
    return ""


def known(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The types of parameters."""
    return {name: type_of(value) for name, value in parameters.items()}

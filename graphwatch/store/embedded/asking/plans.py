"""The plan of an answer, and what the clauses that are computed need of the engine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphwatch.queries.computing.clauses import is_aggregating
from graphwatch.queries.grammar.clauses import Clause, Match, Projection, Return, With
from graphwatch.queries.grammar.tokens import AGGREGATING
from graphwatch.queries.grammar.tree import Call, HasLabels, Node, Property, Variable, children, walk


@dataclass(frozen=True, slots=True)
class Fetched:
    """A variable and the columns of the engine's rows that it is made of.

    `kind` is value, node, relation, relations, path or whole (a node or relation with all of its properties);
    `columns` are pairs of a property and the column that holds it; `#id` and `#label` are the engine's own.
    """

    name: str
    kind: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a UNION.

    Attributes:
        sent: the text for the engine; empty where it is asked nothing.
        possible: whether there can be rows at all.
        fetched: what the engine's rows hold.
        clauses: what is computed from them; empty where the engine's rows are the answer.
        names: the columns of such rows.
        parameters: those that the text for the engine uses.
    """

    sent: str
    possible: bool
    fetched: tuple[Fetched, ...]
    clauses: tuple[Clause, ...]
    names: tuple[str, ...]
    parameters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to answer a query from an embedded store."""

    parts: tuple[Part, ...]
    all: tuple[bool, ...]


def relations_in(clause: Match) -> int:
    """How many relations the patterns of a MATCH have."""
    return sum(len(path.elements) // 2 for path in clause.paths)


def reads_of(text: str, name: str) -> list[str]:
    """What a text for the engine reads of a relation."""
    return re.findall(rf"(?:id\({name}\)|\b{name}\.`[^`]+`)", text)


def changes_nothing(projection: Projection) -> bool:
    """Whether RETURN in a subquery changes nothing of what EXISTS or COUNT say."""
    return not (projection.distinct or projection.skip or projection.limit) and not any(
        is_aggregating(item) for item in projection.items
    )


def only_aggregates(node: Node) -> bool:
    """Whether nothing of a row stands outside of the aggregates."""
    if isinstance(node, Call) and node.name in AGGREGATING:
        return True
    return not isinstance(node, Variable) and all(only_aggregates(child) for child in children(node))


def mentions(clauses: Sequence[Clause], name: str) -> bool:
    """Whether a name stands anywhere in the clauses."""
    return any(isinstance(n, Variable) and n.name == name for clause in clauses for n in walk(clause))


def uses(clauses: Sequence[Clause], name: str) -> tuple[bool, set[str]]:
    """Whether a node or relation is needed with all of its properties, and else which of them are."""
    used: set[str] = set()

    def whole(node: Node) -> bool:
        if isinstance(node, Property) and isinstance(node.of, Variable) and node.of.name == name:
            used.add(node.name)
            return False
        partly = isinstance(node, HasLabels) or (
            isinstance(node, Call) and node.name in ("labels", "type", "count", "id", "elementid")
        )
        if partly:
            inner = node.of if isinstance(node, HasLabels) else (node.arguments[0] if node.arguments else None)  # type: ignore[attr-defined]
            if isinstance(inner, Variable):
                return False
        if isinstance(node, Variable):
            return node.name == name
        wholes = [whole(child) for child in children(node)]
        return any(wholes)

    result = False
    for clause in clauses:
        if isinstance(clause, With):
            items = tuple(i for i in clause.projection.items if not (i.expression == Variable(name) and i.name == name))
            clause = replace(clause, projection=replace(clause.projection, items=items))
        result |= whole(clause)
        if isinstance(clause, Return | With) and clause.projection.star and isinstance(clause, Return):
            result = True
    return result, used

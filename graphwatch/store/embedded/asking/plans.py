"""The plan of an answer from an embedded store."""

from dataclasses import dataclass

from graphwatch.queries.tree import Clause


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

"""MATCH in the engine's words: labels of the model, trails, conditions apart from the pattern."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from graphwatch.model import RELATIONS
from graphwatch.queries.grammar.clauses import Group, Hops, Match, NodePattern, Path, RelationPattern
from graphwatch.queries.grammar.tree import Binary, Expression, Logic, MapOf, Node, Property, Quantifier, Variable, walk
from graphwatch.store.embedded.asking.expressions import Otherwise
from graphwatch.store.embedded.asking.scope import LABELS, TYPES, Bound, Scope, allowed

_NAME_LABELS: Final = (
    "Name a label that has such relations at one end, as in (a:Account)-[:CO_INTERACTED*0..2]-(b), or begin with *1. / "
    "Sebutkan label yang memiliki relasi itu pada salah satu ujung, atau mulai dari *1."
)


@dataclass(slots=True)
class Matched:
    """A MATCH that was read for the engine.

    Attributes:
        pattern: the paths.
        conditions: what else must be true, in Cypher; WHERE and the maps of the patterns.
        written: what else must be true, in the engine's words, with the relations that it speaks of.
        possible: whether the model has such a pattern at all.
        relations: how many relations it has.
    """

    pattern: str = ""
    conditions: list[Expression] = field(default_factory=list)
    written: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    possible: bool = True
    relations: int = 0


@dataclass(frozen=True, slots=True)
class _Used:
    """A relation of the pattern: its name, types, and whether it repeats."""

    engine: str
    types: frozenset[str]
    repeats: bool
    node: Node


def matched(clause: Match, scope: Scope) -> Matched:
    """Read a MATCH; its variables are bound in `scope`.

    Raises:
        Otherwise: the engine would find something else.
    """
    reading = _Reading(clause, scope)
    return reading.read()


class _Reading:
    def __init__(self, clause: Match, scope: Scope) -> None:
        self._clause, self._scope, self._made = clause, scope, Matched()
        self._used: list[_Used] = []

    def read(self) -> Matched:
        self._made.pattern = ", ".join([self._path(path) for path in self._clause.paths])
        if self._clause.condition is not None:
            self._made.conditions += conjuncts(self._clause.condition)
        self._made.relations = len(self._used)
        for a, b in combinations(self._used, 2):
            # A relation is used once in the patterns of one MATCH.
            if not a.types & b.types:
                continue
            if a.repeats or b.repeats:
                raise Otherwise(b.node)
            if a.engine == b.engine:
                self._made.possible = False
            self._made.written.append((f"(id({a.engine}) <> id({b.engine}))", (a.engine, b.engine)))
        return self._made

    def _path(self, path: Path) -> str:
        before = len(self._used)
        text = "".join(self._element(element, path) for element in path.elements)
        if path.shortest:
            self._check_shortest(path)
        self._check_no_hops(path)
        if path.variable is None:
            return text
        if path.variable in self._scope.bound:
            raise Otherwise(path)
        name = self._scope.fresh()
        witness = next((used.engine for used in self._used[before:] if used.repeats and self._clause.optional), "")
        self._scope.bound[path.variable] = Bound(name, "path", optional=self._clause.optional, witness=witness)
        return f"{name} = {text}"

    def _check_no_hops(self, path: Path) -> None:
        """Refuse what may be no relation at all at nodes that have none of its type: the engine leaves these out."""
        for start, relation, end in zip(path.elements, path.elements[1:], path.elements[2:], strict=False):
            if isinstance(relation, RelationPattern) and relation.hops is not None and _least(relation.hops) == 0:
                types = allowed(relation.labels, TYPES)
                ends = {label for r in RELATIONS if r.type in types for pair in r.ends for label in pair}
                if not self._labels_of(start) & self._labels_of(end) <= ends:
                    raise Otherwise(relation, _NAME_LABELS)

    def _labels_of(self, node: Node) -> frozenset[str]:
        if not isinstance(node, NodePattern):
            return LABELS
        before = self._scope.bound.get(node.variable or "")
        return before.labels if before is not None else allowed(node.labels, LABELS)

    def _check_shortest(self, path: Path) -> None:
        _, relation, *_ = path.elements if len(path.elements) == 3 else (path, path)
        if not isinstance(relation, RelationPattern) or relation.properties or relation.condition:
            raise Otherwise(path)
        if relation.hops is not None and relation.hops.least == 0:
            raise Otherwise(path)
        if len(self._clause.paths) > 1 or (self._clause.condition and self._speaks_of(path, relation)):
            raise Otherwise(path)

    def _speaks_of(self, path: Path, relation: RelationPattern) -> bool:
        assert self._clause.condition is not None
        names = {path.variable, relation.variable} - {None}
        return any(isinstance(n, Variable) and n.name in names for n in walk(self._clause.condition))

    def _element(self, element: Node, path: Path) -> str:
        if isinstance(element, NodePattern):
            return self._node(element, alone=len(path.elements) == 1)
        if isinstance(element, RelationPattern):
            return self._relation(element, path.shortest)
        assert isinstance(element, Group)
        raise Otherwise(element)

    def _node(self, node: NodePattern, *, alone: bool) -> str:
        before = self._scope.bound.get(node.variable) if node.variable else None
        if before is not None and before.kind != "node":
            raise Otherwise(node)
        labels = allowed(node.labels, before.labels if before else LABELS)
        if not labels:
            self._made.possible = False
        name = before.engine if before else self._scope.fresh()
        key = node.variable or f"#{name}"
        optional = before.optional if before else self._clause.optional
        self._scope.bound[key] = Bound(name, "node", labels, optional=optional)
        self._inline(key, node)
        if before is not None:
            if labels and labels != before.labels:
                listed = ", ".join(f"'{label}'" for label in sorted(labels))
                self._made.written.append((f"(label({name}) IN [{listed}])", ()))
            return f"({name})"
        if labels == LABELS and not alone:
            # Nodes of the engine's own have no relations.
            return f"({name})"
        return f"({name}{''.join(f':`{label}`' for label in sorted(labels))})"

    def _inline(self, key: str, element: NodePattern | RelationPattern) -> None:
        if element.properties is not None:
            if not isinstance(element.properties, MapOf):
                raise Otherwise(element.properties)
            for entry in element.properties.entries:
                of = Property(Variable(key), entry.key, at=entry.at)
                self._made.conditions.append(Binary("=", of, entry.value, at=entry.at, end=entry.end))
        if element.condition is not None:
            self._made.conditions += conjuncts(element.condition)

    def _relation(self, relation: RelationPattern, shortest: str) -> str:
        types = allowed(relation.labels, TYPES)
        if not types:
            self._made.possible = False
        before = self._scope.bound.get(relation.variable) if relation.variable else None
        if before is not None:
            # A relation that is bound already is found by being the same.
            raise Otherwise(relation)
        name = self._scope.fresh()
        key = relation.variable or f"#{name}"
        repeats = relation.hops is not None or bool(shortest)
        kind = "relations" if repeats else "relation"
        self._scope.bound[key] = Bound(name, kind, types, optional=self._clause.optional)
        self._used.append(_Used(name, types, repeats, relation))
        if repeats:
            self._each(key, relation)
        else:
            self._inline(key, relation)
        listed = "" if relation.labels is None else ":" + "|".join(f"`{t}`" for t in sorted(types))
        inner = f"[{name}{listed}{_hops(relation.hops, shortest) if repeats else ''}]"
        left = "<-" if relation.left and not relation.right else "-"
        right = "->" if relation.right and not relation.left else "-"
        return f"{left}{inner}{right}"

    def _each(self, key: str, relation: RelationPattern) -> None:
        """Conditions within a relation that repeats hold for each of its relations."""
        if relation.condition is not None:
            raise Otherwise(relation.condition)
        if relation.properties is None:
            return
        if not isinstance(relation.properties, MapOf):
            raise Otherwise(relation.properties)
        for entry in relation.properties.entries:
            same = Binary("=", Property(Variable("#each"), entry.key), entry.value, at=entry.at)
            self._made.conditions.append(Quantifier("all", "#each", Variable(key), same, at=entry.at))


def _least(hops: Hops) -> int:
    return hops.least if hops.least is not None else (0 if hops.braces else 1)


def _hops(hops: Hops | None, shortest: str) -> str:
    if shortest:
        least, most = (1, 1) if hops is None else (hops.least or 1, hops.most)
        return f"* {'SHORTEST' if shortest == 'one' else 'ALL SHORTEST'} {least}..{most}"
    assert hops is not None
    walk = hops.walk or "TRAIL"
    least = _least(hops)
    if hops.most < least:
        raise Otherwise(hops)
    return f"* {walk} {least}..{hops.most}"


def conjuncts(condition: Expression) -> Iterator[Expression]:
    """The conditions that must all be true."""
    if isinstance(condition, Logic) and condition.operator == "AND":
        for item in condition.items:
            yield from conjuncts(item)
    else:
        yield condition

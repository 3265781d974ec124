"""What a query names, against what the model declares: labels, relations and properties, and the types of its places.

All is checked before anything is sent: the embedded engine answers a query that names what there is not with a failure
of its own.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from graphwatch.model import NODES, RELATIONS, elements
from graphwatch.model.declaring import Type
from graphwatch.queries.grammar.clauses import Item, NodePattern, Path, Projection, RelationPattern, Subquery, Unwind
from graphwatch.queries.grammar.tokens import place, refuse
from graphwatch.queries.grammar.tree import (
    Binary,
    Call,
    Comprehension,
    Expression,
    Labels,
    Literal,
    MapOf,
    Node,
    Position,
    Property,
    Quantifier,
    Reduce,
    Variable,
    walk,
)
from graphwatch.queries.grammar.tree import Parameter as Placeholder
from graphwatch.queries.library import ParameterType
from graphwatch.queries.parsing import CheckedQuery

_LABELS: Final = frozenset(node.label for node in NODES)
_TYPES: Final = frozenset(relation.type for relation in RELATIONS)
_PROPERTIES: Final = frozenset(p.name for e in elements() for p in e.properties)
_NUMBERS: Final = frozenset({Type.INTEGER, Type.REAL})
_COMPARED: Final = frozenset({"=", "<>", "<", ">", "<=", ">="})
_COMPUTED: Final = frozenset({"-", "*", "/", "%", "^"})
_NUMERIC: Final = {ParameterType.INTEGER, ParameterType.REAL}
# Functions whose value is a whole number, and a number; and from which of their arguments on they take whole numbers.
_WHOLE: Final = frozenset({"count", "size", "length", "tointeger", "char_length", "character_length", "sign"})
_REAL: Final = frozenset({"sum", "avg", "abs", "round", "ceil", "floor", "tofloat", "stdev", "stdevp", "sqrt"})
_COUNTED_FROM: Final = {"range": 0, "substring": 1, "left": 1, "right": 1}
_READ_AS: Final = {
    Type.INTEGER: ParameterType.INTEGER,
    Type.REAL: ParameterType.REAL,
    Type.BOOLEAN: ParameterType.BOOLEAN,
}


def check_names(query: CheckedQuery) -> None:
    """Refuse labels and relations that the model does not have, before an engine is asked.

    Raises:
        QueryRefused: with the place and the nearest name.

    >>> from graphwatch.queries import parse
    >>> check_names(parse("MATCH (a:account) RETURN a.id"))
    Traceback (most recent call last):
    graphwatch.errors.QueryRefused: line 1, column 10: the model has no label 'account'
      Did you mean 'Account'?
    """
    for node in walk(query.tree):
        if isinstance(node, NodePattern | RelationPattern) and node.labels is not None:
            kind, known = ("label", _LABELS) if isinstance(node, NodePattern) else ("relation", _TYPES)
            for named in walk(node.labels):
                if isinstance(named, Labels) and named.name and named.name not in known:
                    refuse(query.text, named.at, f"the model has no {kind} {named.name!r}", _nearest(named.name, known))


def warnings(query: CheckedQuery) -> tuple[str, ...]:
    """What is named or joined that the model does not have, and what is compared that is never equal, with places.

    >>> from graphwatch.queries import parse
    >>> warnings(parse("MATCH (a:Account) RETURN a.handel"))
    ("line 1, column 26: the model has no property 'handel'; did you mean 'handle'?",)
    >>> warnings(parse("MATCH (c:Cluster) WHERE c.size > '7' RETURN c.id"))[0]
    "line 1, column 25: 'size' is a number and is compared with a text, which is never true; write 7 without quotes"
    >>> warnings(parse("MATCH (p:Post)-[r:LIKED]->(a:Account) RETURN r"))[0]
    'line 1, column 15: LIKED goes from Account to Post, never from Post to Account; turn the arrow'
    """
    found = [(node.at, what) for node, what in (*_warnings(query.tree), *_unmet(query.tree))]
    return tuple(dict.fromkeys(f"{place(query.text, max(at, 0))}: {what}" for at, what in found))


def _warnings(tree: Node) -> Iterator[tuple[Node, str]]:
    bound = _entities(tree)
    for node in walk(tree):
        if isinstance(node, Property) and isinstance(node.of, Variable) and node.of.name in bound:
            if node.name not in _PROPERTIES:
                nearest = _nearest(node.name, _PROPERTIES)
                yield node, f"the model has no property {node.name!r}; {nearest[0].lower()}{nearest[1:]}"
        elif isinstance(node, Binary) and node.operator in _COMPARED:
            yield from _compared(node)


def _entities(tree: Node) -> set[str]:
    """The names that stand for nodes and relations wherever they are bound."""
    patterns = (n for path in walk(tree) if isinstance(path, Path) for n in path.elements)
    return {n.variable for n in patterns if isinstance(n, NodePattern | RelationPattern) and n.variable}


def _unmet(tree: Node) -> Iterator[tuple[Node, str]]:
    """The relations that join what the model never joins so, which finds nothing on any engine."""
    labels: dict[str, frozenset[str]] = {}
    paths = [node for node in walk(tree) if isinstance(node, Path)]
    for node in (n for path in paths for n in path.elements):
        if isinstance(node, NodePattern) and node.variable and (named := _names(node.labels)):
            labels.setdefault(node.variable, named)

    def of(node: NodePattern) -> frozenset[str]:
        return _names(node.labels) or labels.get(node.variable or "") or _LABELS

    for path in paths:
        for start, relation, end in zip(path.elements, path.elements[1:], path.elements[2:], strict=False):
            if not (isinstance(start, NodePattern) and isinstance(end, NodePattern)):
                continue
            if isinstance(relation, RelationPattern) and relation.hops is None and relation.labels is not None:
                what = _never_joined(relation, of(start), of(end))
                if what:
                    yield relation, what


def _names(labels: Labels | None) -> frozenset[str]:
    """The names of which one is meant; none where anything may be."""
    if labels is None:
        return frozenset()
    parts = labels.items if labels.operator == "|" else (labels,)
    return frozenset() if any(part.operator for part in parts) else frozenset(part.name for part in parts)


def _never_joined(relation: RelationPattern, first: frozenset[str], second: frozenset[str]) -> str | None:
    types = _names(relation.labels)
    ends = [pair for r in RELATIONS if r.type in types for pair in r.ends]
    there = any(start in first and end in second for start, end in ends)
    back = any(start in second and end in first for start, end in ends)
    if not ends or (there and not relation.left) or (back and not relation.right):
        return None
    if relation.left == relation.right and (there or back):
        return None
    goes = " or ".join(dict.fromkeys(f"from {start} to {end}" for start, end in ends))
    what = f"{'|'.join(sorted(types))} goes {goes}"
    if there or back:
        written = (second, first) if relation.left else (first, second)
        asked = " to ".join("|".join(sorted(names)) if names != _LABELS else "any" for names in written)
        return f"{what}, never from {asked}; turn the arrow"
    return f"{what}, and never joins these"


def _nearest(name: str, known: frozenset[str]) -> str:
    folded = {k.casefold(): k for k in known}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return f"Did you mean {folded[near[0]]!r}?" if near else "`graphwatch shell` lists what there is with \\d."


def _compared(node: Binary) -> Iterator[tuple[Node, str]]:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        types = declared(side)
        if not types or not isinstance(side, Property) or not isinstance(other, Literal):
            continue
        is_text = isinstance(other.value, str)
        if types <= _NUMBERS and is_text:
            what = f"{side.name!r} is a number and is compared with a text, which is never true"
            yield node, f"{what}; write {other.value} without quotes"
        elif types == {Type.TEXT} and isinstance(other.value, int | float):
            what = f"{side.name!r} is a text and is compared with {other.value!r}, which is never true"
            yield node, f"{what}; write it in quotes"


def declared(node: Expression) -> frozenset[Type]:
    """The types that a property of that name has anywhere in the model; none for anything else."""
    if not isinstance(node, Property):
        return frozenset()
    return frozenset(p.type for e in elements() for p in e.properties if p.name == node.name)


class _Places:
    """The types that the places of parameters ask for; a name that a projection gives has the type of its column."""

    def __init__(self, tree: Node) -> None:
        self._tree = tree
        self._named: dict[str, list[Expression]] = {}
        for node in walk(tree):
            if isinstance(node, Item) and node.alias is not None:
                self._named.setdefault(node.alias, []).append(node.expression)

    def found(self) -> Iterator[tuple[Expression, ParameterType | None]]:
        """Each expression that stands where a type is asked for, and that type; None where it may be a text."""
        for node in walk(self._tree):
            if isinstance(node, Binary):
                yield from self._beside(node)
            elif isinstance(node, NodePattern | RelationPattern) and isinstance(node.properties, MapOf):
                yield from ((e.value, self._type(Property(Variable(""), e.key))) for e in node.properties.entries)
            elif isinstance(node, Projection):
                yield from ((e, ParameterType.INTEGER) for e in (node.skip, node.limit) if e is not None)
            elif isinstance(node, Position):
                yield node.index, ParameterType.INTEGER if isinstance(node.index, Placeholder) else None
            elif isinstance(node, Unwind | Comprehension | Quantifier | Reduce):
                yield node.source, ParameterType.TEXTS
            elif isinstance(node, Call):
                places = _COUNTED_FROM.get(node.name)
                yield from ((e, ParameterType.INTEGER) for e in (node.arguments[places:] if places is not None else ()))

    def _beside(self, node: Binary) -> Iterator[tuple[Expression, ParameterType | None]]:
        if node.operator in _COMPARED:
            yield from ((node.left, self._type(node.right)), (node.right, self._type(node.left)))
        elif node.operator == "IN":
            yield node.right, ParameterType.TEXTS
        elif node.operator in _COMPUTED:
            yield from ((side, ParameterType.REAL) for side in (node.left, node.right))
        elif node.operator == "+":
            types = (self._type(node.left), self._type(node.right))
            yield from zip((node.right, node.left), (t if t in _NUMERIC else None for t in types), strict=True)

    def _type(self, node: Expression | None, names: frozenset[str] = frozenset()) -> ParameterType | None:
        """The type of an expression as far as it can be seen; None for texts and for what cannot."""
        if isinstance(node, Property):
            types = declared(node)
            return _READ_AS.get(next(iter(types))) if len(types) == 1 else ParameterType.REAL if types else None
        if isinstance(node, Literal):
            kinds = {bool: ParameterType.BOOLEAN, int: ParameterType.REAL, float: ParameterType.REAL}
            return kinds.get(type(node.value))
        if isinstance(node, Subquery):
            return ParameterType.INTEGER if node.kind == "COUNT" else ParameterType.BOOLEAN
        if isinstance(node, Call):
            inner = self._type(node.arguments[0], names) if node.name in ("min", "max", "coalesce") else None
            return ParameterType.INTEGER if node.name in _WHOLE else ParameterType.REAL if node.name in _REAL else inner
        if isinstance(node, Binary):
            sides = {self._type(node.left, names), self._type(node.right, names)}
            is_number = node.operator in _COMPUTED or (node.operator == "+" and sides <= _NUMERIC)
            return ParameterType.REAL if is_number else None
        if isinstance(node, Variable) and node.name not in names and len(self._named.get(node.name, ())) == 1:
            return self._type(self._named[node.name][0], names | {node.name})
        return None


def parameter_types(query: CheckedQuery) -> dict[str, ParameterType]:
    """The types of parameters by where they stand: compared with a number, counted with, behind LIMIT or IN.

    A place that takes any number asks for a real.

    >>> from graphwatch.queries import parse
    >>> parameter_types(parse("MATCH (c:Cluster) WHERE c.size >= $least RETURN c.id LIMIT $n"))
    {'least': <ParameterType.INTEGER: 'integer'>, 'n': <ParameterType.INTEGER: 'integer'>}
    """
    found: dict[str, set[ParameterType | None]] = {}
    for place_, type in _Places(query.tree).found():
        if isinstance(place_, Placeholder):
            found.setdefault(place_.name, set()).add(type)
    single = {name: _common(types) for name, types in sorted(found.items())}
    return {name: type for name, type in single.items() if type is not None}


def _common(types: set[ParameterType | None]) -> ParameterType | None:
    """The one type that serves all places; a whole number where one of them asks for it."""
    if types == _NUMERIC:
        return ParameterType.INTEGER
    return next(iter(types)) if len(types) == 1 else None

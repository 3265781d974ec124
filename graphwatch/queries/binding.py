"""What a query names, against what the model declares; the values that it is given, against what it asks for.

All is checked before anything is sent: the embedded engine answers a query whose parameters are missing as if they
were null, and one that names what there is not with a failure of its own.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, Final

from graphwatch.errors import QueryParameter
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
from graphwatch.queries.library import Parameter, ParameterType
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


_LARGEST: Final = 2**63 - 1
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_BOOLEANS: Final = {"true": True, "false": False}
_EXPECTED: Final = {
    ParameterType.TEXT: "text",
    ParameterType.INTEGER: "a whole number of 64 bits",
    ParameterType.REAL: "a number, with a point before decimals",
    ParameterType.BOOLEAN: "true or false",
    ParameterType.TEXTS: 'a list of text: a,b or ["a", "b"]',
}


def bind(parameters: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for declared parameters: defaults filled in, text from a command line converted to its type.

    Raises:
        QueryParameter: a parameter is unknown, missing or of the wrong type.

    >>> limit = Parameter("limit", ParameterType.INTEGER, 100, "rows")
    >>> bind([limit], {}), bind([limit], {"limit": "20"})
    ({'limit': 100}, {'limit': 20})
    """
    declared = {p.name: p for p in parameters}
    for name in given:
        if name not in declared:
            raise QueryParameter(f"there is no parameter {name!r}", remedy=_did_you_mean(name, declared))
    bound: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name in given:
            bound[name] = _convert(name, parameter.type, given[name])
        elif parameter.default is None:
            raise QueryParameter(
                f"the parameter {name!r} ({parameter.description}) is missing",
                remedy=f"Give it: -p {name}=VALUE.",
            )
        else:
            default = parameter.default
            bound[name] = list(default) if isinstance(default, list) else default
    return bound


def bind_adhoc(query: CheckedQuery, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the parameters of a text that declares none: each used one given, each given one used.

    A name may carry a type for a value that comes as text: `limit:integer`. Without one, text stays text,
    so that an id of digits remains an id.

    Raises:
        QueryParameter: a parameter is given twice, missing, not used or of the wrong type.

    >>> from graphwatch.queries import parse
    >>> bind_adhoc(parse("MATCH (a:Account) RETURN a.id LIMIT $n"), {"n:integer": "5"})
    {'n': 5}
    """
    types = {t.value: t for t in ParameterType}
    bound: dict[str, Any] = {}
    for key, value in given.items():
        name, colon, type = key.partition(":")
        if colon and type not in types:
            raise QueryParameter(f"unknown type {type!r} of {name!r}", remedy=f"Types: {', '.join(types)}.")
        if name in bound:
            raise QueryParameter(f"the parameter {name!r} is given twice", remedy="Give it once.")
        bound[name] = _convert(name, types[type], value) if colon else value
    used = query.parameters
    if missing := sorted(used - bound.keys()):
        raise QueryParameter(
            f"the query uses ${missing[0]}, and no value is given for it",
            remedy=f"Give it: -p {missing[0]}=VALUE.",
        )
    if unused := sorted(bound.keys() - used):
        raise QueryParameter(f"the query does not use ${unused[0]}", remedy=_did_you_mean(unused[0], used))
    return bound


def typed(query: CheckedQuery, given: Mapping[str, str]) -> dict[str, Any]:
    """Values that come as texts from a command line, as the types that their places ask for.

    Raises:
        QueryParameter: a value is not of the type that its place asks for.

    >>> from graphwatch.queries import parse
    >>> typed(parse("MATCH (c:Cluster) WHERE c.size >= $least RETURN c.id"), {"least": "7"})
    {'least': 7}
    >>> typed(parse("MATCH (a:Account) WHERE a.id IN $ids RETURN a.name"), {"ids": "x:1,x:2"})
    {'ids': ['x:1', 'x:2']}
    """
    types = parameter_types(query)
    return {name: _by_place(name, types[name], text) if name in types else text for name, text in given.items()}


def _by_place(name: str, type: ParameterType, text: str) -> Any:
    """A value for a place: any number as it is written, a list with numbers where it is written as JSON."""
    if type is ParameterType.REAL and _WHOLE_NUMBER.fullmatch(text):
        return _convert(name, ParameterType.INTEGER, text)
    if type is ParameterType.TEXTS and text.lstrip().startswith("["):
        with suppress(ValueError, RecursionError):
            items = json.loads(text)
            if all(isinstance(item, str | int | float | None) for item in items):
                return items
    return _convert(name, type, text)


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Its parameters are {', '.join(names)}." if names else "It has no parameters."


def _convert(name: str, type: ParameterType, value: Any) -> Any:
    """The value as its type; text is read, everything else must be of the type already."""
    try:
        converted = _read(type, value) if isinstance(value, str) else _take(type, value)
    except (ValueError, RecursionError):
        converted = None
    if converted is None:
        raise QueryParameter(
            f"the parameter {name!r} must be {_EXPECTED[type]}, not {str(value)[:60]!r}",
            remedy=f"Give another value for {name}.",
        )
    return converted


def _read(type: ParameterType, text: str) -> Any:
    if type is ParameterType.TEXT:
        return text
    if type is ParameterType.TEXTS:
        items = json.loads(text) if text.lstrip().startswith("[") else text.split(",")
        return _take(type, items)
    if type is ParameterType.BOOLEAN:
        return _BOOLEANS.get(text.strip().lower())
    if "_" in text or not text.isascii():
        return None
    return _take(type, int(text) if type is ParameterType.INTEGER else float(text))


def _take(type: ParameterType, value: Any) -> Any:
    if type is ParameterType.BOOLEAN:
        return value if isinstance(value, bool) else None
    if type is ParameterType.TEXTS:
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            return None
        return list(value)
    if isinstance(value, bool):
        return None
    if type is ParameterType.INTEGER and isinstance(value, Integral):
        return int(value) if -_LARGEST - 1 <= int(value) <= _LARGEST else None
    if type is ParameterType.REAL and isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return None

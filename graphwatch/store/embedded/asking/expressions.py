"""Expressions that the engine computes as a Neo4j server does, in the engine's words."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from graphwatch.errors import GraphwatchError
from graphwatch.queries.computing.expressions import Compiler
from graphwatch.queries.grammar.clauses import Match, PatternComprehension, PatternCondition, Query, Single, Subquery
from graphwatch.queries.grammar.tokens import AGGREGATING
from graphwatch.queries.grammar.tree import (
    Binary,
    Call,
    Case,
    Entry,
    Expression,
    HasLabels,
    IsNull,
    ListOf,
    Literal,
    Logic,
    MapOf,
    Node,
    Parameter,
    Property,
    Unary,
    Variable,
    walk,
)
from graphwatch.store.embedded.asking.scope import (
    BOOLEAN,
    INTEGER,
    NUMBERS,
    REAL,
    SCALARS,
    TEXT,
    TEXTS,
    Bound,
    Scope,
    allowed,
    property_types,
    type_of,
)
from graphwatch.store.embedded.slim import asked


class Otherwise(Exception):
    """The engine would compute a part of the query otherwise, or not at all."""

    def __init__(self, node: Node, remedy: str = "") -> None:
        super().__init__("computed otherwise")
        self.node, self.remedy = node, remedy


Sent = tuple[str, str]  # the type of an expression, and its text for the engine


class Sending:
    """Writes expressions for the engine.

    Attributes:
        used: the parameters that stand in what was written.
    """

    def __init__(self, parameters: Mapping[str, Any], subquery: "Callable[[Query, Scope], str]") -> None:
        self.parameters, self.used = parameters, set[str]()
        self._subquery = subquery

    def write(self, node: Expression, scope: Scope) -> Sent:
        """Type and text of an expression.

        Raises:
            Otherwise: the engine would compute it otherwise.
        """
        method = _METHODS.get(type(node))
        if method is None:
            raise Otherwise(node)
        try:
            sent: Sent = method(self, node, scope)
        except Otherwise:
            known = self._constant(node)
            if known is None:
                raise
            return known
        return sent

    def _constant(self, node: Expression) -> Sent | None:
        """What depends on no row, computed before the engine is asked; None where it may, or may be large."""
        if not isinstance(node, Call | Property) or not all(map(_is_small, walk(node))):
            return None
        try:
            value = Compiler("", self.parameters).compile(node)({})
        except GraphwatchError:
            return None
        type = type_of(value)
        if not type or (isinstance(value, float) and not _is_plain(value)):
            return None
        if isinstance(value, list):
            return type, f"[{', '.join(map(literal, value))}]"
        return type, literal(value)

    def condition(self, node: Expression, scope: Scope) -> str:
        """The text of a condition."""
        type, text = self.write(node, scope)
        if type != BOOLEAN:
            raise Otherwise(node)
        return text

    def _literal(self, node: Literal, _: Scope) -> Sent:
        value = node.value
        if value is None or (isinstance(value, float) and not _is_plain(value)):
            raise Otherwise(node)
        return type_of(value), literal(value)

    def _parameter(self, node: Parameter, _: Scope) -> Sent:
        type = type_of(self.parameters[node.name])
        if not type:
            raise Otherwise(node)
        self.used.add(node.name)
        return type, f"${node.name}"

    def _variable(self, node: Variable, scope: Scope) -> Sent:
        bound = scope.bound.get(node.name)
        if bound is None or bound.kind != "value" or not bound.type:
            raise Otherwise(node)
        return bound.type, bound.engine

    def _property(self, node: Property, scope: Scope) -> Sent:
        bound = entity(node.of, scope)
        if bound is None:
            raise Otherwise(node)
        types = property_types(bound.labels, node.name)
        if len(types) != 1:
            raise Otherwise(node)
        return next(iter(types)), asked(bound.engine, node.name, bound.labels)

    def _unary(self, node: Unary, scope: Scope) -> Sent:
        type, text = self.write(node.operand, scope)
        if (type == BOOLEAN) != (node.operator == "NOT") or (type != BOOLEAN and type not in NUMBERS):
            raise Otherwise(node)
        return type, text if node.operator == "+" else f"({node.operator} {text})"

    def _logic(self, node: Logic, scope: Scope) -> Sent:
        return BOOLEAN, "(" + f" {node.operator} ".join(self.condition(item, scope) for item in node.items) + ")"

    def _binary(self, node: Binary, scope: Scope) -> Sent:
        operator = node.operator
        if operator in ("=", "<>") and (same := self._same(node, scope)):
            return BOOLEAN, same
        left, a = self.write(node.left, scope)
        if operator == "IN":
            return BOOLEAN, f"({a} IN {self._list(node.right, left, scope)})"
        right, b = self.write(node.right, scope)
        both = {left, right}
        if operator in ("=", "<>", "<", ">", "<=", ">="):
            plain = operator in ("=", "<>") and both == {BOOLEAN}
            if both <= NUMBERS or both == {TEXT} or plain:
                return BOOLEAN, f"({a} {operator} {b})"
        elif operator in ("STARTS WITH", "ENDS WITH") and both == {TEXT}:
            return BOOLEAN, f"({a} {operator} {b})"
        elif operator == "CONTAINS" and both == {TEXT} and self._is_text(node.right):
            return BOOLEAN, f"({a} CONTAINS {b})"
        elif operator == "+" and both == {TEXT}:
            # The engine takes a null text for an empty one.
            return TEXT, f"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN {a} + {b} END"
        elif operator in ("+", "-", "*", "/") and both <= NUMBERS:
            return (REAL if REAL in both else INTEGER), f"({a} {operator} {b})"
        elif operator == "%" and both == {INTEGER}:
            return INTEGER, f"({a} % {b})"
        raise Otherwise(node)

    def _same(self, node: Binary, scope: Scope) -> str:
        """The comparison of two nodes or relations; empty where it is another one."""
        ends = [entity(side, scope) for side in (node.left, node.right)]
        if None in ends:
            return ""
        a, b = (end for end in ends if end is not None)
        if a.kind != b.kind:
            raise Otherwise(node)
        return f"(id({a.engine}) {node.operator} id({b.engine}))"

    def _is_text(self, node: Expression) -> bool:
        """Whether it is a text that is not empty, which the engine finds nowhere."""
        if isinstance(node, Parameter):
            return bool(self.parameters[node.name])
        return isinstance(node, Literal) and bool(node.value)

    def _list(self, node: Expression, type: str, scope: Scope) -> str:
        if isinstance(node, Parameter):
            kind, text = self._parameter(node, scope)
            if kind == f"list of {type}" and type in SCALARS:
                return text
        elif isinstance(node, ListOf) and node.items and type in SCALARS:
            items = [self.write(item, scope) for item in node.items if isinstance(item, Literal | Parameter)]
            if len(items) == len(node.items) and {kind for kind, _ in items} == {type}:
                return f"[{', '.join(text for _, text in items)}]"
        raise Otherwise(node)

    def _is_null(self, node: IsNull, scope: Scope) -> Sent:
        test = "IS NOT NULL" if node.negated else "IS NULL"
        bound = entity(node.of, scope)
        if bound is not None:
            return BOOLEAN, f"(id({bound.engine}) {test})"
        return BOOLEAN, f"({self.write(node.of, scope)[1]} {test})"

    def _has_labels(self, node: HasLabels, scope: Scope) -> Sent:
        bound = entity(node.of, scope)
        if bound is None or bound.optional:
            raise Otherwise(node)
        names = sorted(allowed(node.labels, bound.labels))
        return BOOLEAN, f"(label({bound.engine}) IN [{', '.join(map(literal, names))}])" if names else "false"

    def _call(self, node: Call, scope: Scope) -> Sent:
        if node.name in AGGREGATING:
            return self._aggregate(node, scope)
        if node.name == "size" and isinstance(node.arguments[0], PatternComprehension):
            return self.write(counted(node.arguments[0]), scope)
        arguments = [self.write(argument, scope) for argument in node.arguments]
        types = {type for type, _ in arguments}
        texts = ", ".join(text for _, text in arguments)
        if node.name == "abs" and len(arguments) == 1 and types <= NUMBERS:
            return types.pop(), f"abs({texts})"
        if node.name == "size" and len(arguments) == 1 and types == {TEXTS}:
            return INTEGER, f"size({texts})"
        if node.name == "coalesce" and len(types) == 1 and types <= SCALARS:
            return types.pop(), f"coalesce({texts})"
        raise Otherwise(node)

    def _aggregate(self, node: Call, scope: Scope) -> Sent:
        if node.star:
            return INTEGER, "count(*)"
        (argument,) = node.arguments if len(node.arguments) == 1 else (node,)
        if any(isinstance(n, Call) and n.name in AGGREGATING for n in walk(argument)):
            raise Otherwise(node)
        distinct = "DISTINCT " if node.distinct else ""
        bound = entity(argument, scope)
        if bound is not None:
            if node.name != "count":
                raise Otherwise(node)
            return INTEGER, f"count({distinct}id({bound.engine}))"
        type, text = self.write(argument, scope)
        if node.name == "count" and (not distinct or type in SCALARS):
            return INTEGER, f"count({distinct}{text})"
        if node.name in ("min", "max") and (type in NUMBERS or type == TEXT):
            return type, f"{node.name}({text})"
        if node.name == "avg" and type in NUMBERS and not distinct:
            return REAL, f"avg({text})"
        if node.name == "sum" and type == INTEGER and not distinct:
            # The sum of nothing is the whole number 0, also of reals, in whose column it would be another value.
            return INTEGER, f"CASE WHEN count({text}) = 0 THEN 0 ELSE CAST(sum({text}) AS INT64) END"
        raise Otherwise(node)

    def _case(self, node: Case, scope: Scope) -> Sent:
        if node.subject is not None:
            raise Otherwise(node)
        branches = [(self.condition(b.condition, scope), self.write(b.result, scope)) for b in node.branches]
        default = [self.write(node.default, scope)] if node.default else []
        types = {type for type, _ in (*(result for _, result in branches), *default)}
        if len(types) != 1 or not types <= SCALARS:
            raise Otherwise(node)
        written = "".join(f" WHEN {condition} THEN {result}" for condition, (_, result) in branches)
        last = f" ELSE {default[0][1]}" if default else ""
        return types.pop(), f"CASE{written}{last} END"

    def _subqueried(self, node: Subquery, scope: Scope) -> Sent:
        return (BOOLEAN if node.kind == "EXISTS" else INTEGER), f"{node.kind} {self._subquery(node.query, scope)}"

    def _pattern(self, node: PatternCondition, scope: Scope) -> Sent:
        query = Query((Single((Match((node.path,), at=node.at),), at=node.at),), at=node.at)
        return BOOLEAN, f"EXISTS {self._subquery(query, scope)}"


def counted(listed: PatternComprehension) -> Subquery:
    """The number of paths that a list is made of."""
    match = Match((listed.path,), listed.condition, at=listed.at)
    return Subquery("COUNT", Query((Single((match,), at=listed.at),), at=listed.at), at=listed.at)


def entity(node: Node, scope: Scope) -> Bound | None:
    """The node or relation that an expression is; None where it is none."""
    if not isinstance(node, Variable):
        return None
    bound = scope.bound.get(node.name)
    return bound if bound is not None and bound.kind in ("node", "relation") else None


def literal(value: Any) -> str:
    r"""A value as the engine reads it.

    >>> literal("it's"), literal(True), literal(1.5)
    ("'it\\'s'", 'true', '1.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return f"({value!r})" if value < 0 else repr(value)


def _is_plain(value: float) -> bool:
    """Whether it is written in plain digits, the only ones that the engine reads."""
    return set(repr(value)) <= set("-.0123456789")


def _is_small(node: Node) -> bool:
    """Whether a part of an expression depends on no row, and on nothing that may take long."""
    if isinstance(node, Call) and node.name == "range":
        ends = [end.operand if isinstance(end, Unary) else end for end in node.arguments]
        values = [end.value for end in ends if isinstance(end, Literal)]
        return len(values) == len(ends) and all(isinstance(v, int) and abs(v) <= _LONGEST for v in values)
    if isinstance(node, Call):
        return node.name in _QUICK
    return isinstance(node, Literal | Parameter | Property | Binary | Unary | MapOf | Entry)


_LONGEST: Final = 1000
_QUICK: Final = frozenset(
    ["date", "datetime", "timestamp", "tointeger", "tofloat", "tostring", "tolower", "toupper", "trim", "abs", "round"]
)
_METHODS: Final[dict[type, Any]] = {
    Literal: Sending._literal,
    Parameter: Sending._parameter,
    Variable: Sending._variable,
    Property: Sending._property,
    Unary: Sending._unary,
    Logic: Sending._logic,
    Binary: Sending._binary,
    IsNull: Sending._is_null,
    HasLabels: Sending._has_labels,
    Call: Sending._call,
    Case: Sending._case,
    Subquery: Sending._subqueried,
    PatternCondition: Sending._pattern,
}

"""Expressions of graphwatch's own questions as SQL over the record."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from graphwatch.queries.grammar.clauses import Query, Subquery
from graphwatch.queries.grammar.tree import (
    Binary,
    Call,
    Case,
    Expression,
    IsNull,
    ListOf,
    Literal,
    Logic,
    Node,
    Parameter,
    Property,
    Quantifier,
    Unary,
    Variable,
)


class NotOfRecord(Exception):
    """The question has a form that is only answered from the graph."""


class Names(Protocol):
    """What the names in a question stand for, where it stands."""

    def value(self, name: str) -> str:
        """The SQL of what a variable is bound to; of a node or relation its id."""

    def property(self, name: str, property: str) -> str:
        """The SQL of a property of a node or relation."""

    def is_integer(self, name: str, property: str) -> bool:
        """Whether it is declared to be a whole number."""

    def exists(self, query: Query) -> str:
        """The SQL of whether a pattern is there."""


_SAME: Final = frozenset(("=", "<>", "<", "<=", ">", ">=", "+", "-", "*"))
_FUNCTIONS: Final = {"coalesce": "coalesce", "left": "left", "min": "min", "max": "max"}


def quoted(name: str) -> str:
    """A name of a table or column.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text.

    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"


def written(node: Expression, names: Names, given: Mapping[str, Any]) -> str:
    """The SQL of an expression.

    Args:
        names: what its variables stand for.
        given: the parameters, whose values decide how a list is written.

    Raises:
        NotOfRecord: it has a form that is not written.
    """
    return _Writing(names, given).write(node)


class _Writing:
    def __init__(self, names: Names, given: Mapping[str, Any], inner: frozenset[str] = frozenset()) -> None:
        self._names, self._given, self._inner = names, given, inner

    def write(self, node: Node) -> str:
        method = _METHODS.get(type(node))
        if method is None:
            raise NotOfRecord(type(node).__name__)
        return method(self, node)

    def _literal(self, node: Literal) -> str:
        if isinstance(node.value, str):
            return literal(node.value)
        return "NULL" if node.value is None else str(node.value)

    def _parameter(self, node: Parameter) -> str:
        value = self._given[node.name]
        if not isinstance(value, list | tuple | set | frozenset):
            return f"${node.name}"
        return f"CAST(${node.name} AS {'BIGINT' if any(isinstance(v, int) for v in value) else 'VARCHAR'}[])"

    def _variable(self, node: Variable) -> str:
        return quoted(node.name) if node.name in self._inner else self._names.value(node.name)

    def _property(self, node: Property) -> str:
        if not isinstance(node.of, Variable) or node.of.name in self._inner:
            raise NotOfRecord("property of a value")
        return self._names.property(node.of.name, node.name)

    def _unary(self, node: Unary) -> str:
        return f"({node.operator} {self.write(node.operand)})"

    def _binary(self, node: Binary) -> str:
        left, right = self.write(node.left), self.write(node.right)
        if node.operator in _SAME:
            return f"({left} {node.operator} {right})"
        if node.operator == "/" and self._is_integer(node.left) and self._is_integer(node.right):
            return f"({left} // {right})"
        if node.operator != "IN":
            raise NotOfRecord(node.operator)
        if isinstance(node.right, Parameter) and not self._inner:
            return f"({left} IN (SELECT unnest({right})))"
        return f"list_contains({right}, {left})"

    def _is_integer(self, node: Expression) -> bool:
        if isinstance(node, Literal):
            return type(node.value) is int
        if isinstance(node, Property) and isinstance(node.of, Variable):
            return self._names.is_integer(node.of.name, node.name)
        return (
            isinstance(node, Binary)
            and node.operator in ("+", "-", "*", "/")
            and self._is_integer(node.left)
            and self._is_integer(node.right)
        )

    def _logic(self, node: Logic) -> str:
        if node.operator == "XOR":
            raise NotOfRecord("XOR")
        return "(" + f" {node.operator} ".join(map(self.write, node.items)) + ")"

    def _is_null(self, node: IsNull) -> str:
        return f"({self.write(node.of)} IS {'NOT ' if node.negated else ''}NULL)"

    def _list(self, node: ListOf) -> str:
        return f"[{', '.join(map(self.write, node.items))}]"

    def _case(self, node: Case) -> str:
        subject = "" if node.subject is None else f" {self.write(node.subject)}"
        branches = " ".join(f"WHEN {self.write(b.condition)} THEN {self.write(b.result)}" for b in node.branches)
        default = "" if node.default is None else f" ELSE {self.write(node.default)}"
        return f"(CASE{subject} {branches}{default} END)"

    def _call(self, node: Call) -> str:
        told = ("DISTINCT " if node.distinct else "") + ", ".join(map(self.write, node.arguments))
        if node.name == "count":
            return "count(*)" if node.star else f"count({told})"
        if node.name == "sum":
            return f"coalesce(sum({told}), 0)"
        if node.name not in _FUNCTIONS:
            raise NotOfRecord(node.name)
        return f"{_FUNCTIONS[node.name]}({told})"

    def _quantifier(self, node: Quantifier) -> str:
        if node.name != "all" or node.condition is None:
            raise NotOfRecord(node.name)
        within = _Writing(self._names, self._given, self._inner | {node.variable}).write(node.condition)
        source = self.write(node.source)
        others = f"list_filter({source}, lambda {quoted(node.variable)}: ({within}) IS NOT TRUE)"
        return f"(len({others}) = 0)"

    def _exists(self, node: Subquery) -> str:
        if node.kind != "EXISTS":
            raise NotOfRecord(node.kind)
        return self._names.exists(node.query)


_METHODS: Final[dict[type[Node], Callable[[_Writing, Any], str]]] = {
    Literal: _Writing._literal,
    Parameter: _Writing._parameter,
    Variable: _Writing._variable,
    Property: _Writing._property,
    Unary: _Writing._unary,
    Binary: _Writing._binary,
    Logic: _Writing._logic,
    IsNull: _Writing._is_null,
    ListOf: _Writing._list,
    Case: _Writing._case,
    Call: _Writing._call,
    Quantifier: _Writing._quantifier,
    Subquery: _Writing._exists,
}

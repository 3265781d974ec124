"""A reading query as a tree: values, what is asked of labels, and the way through a tree.

Every node knows where it stands in the text; equality looks at what it says only. A tree is made by the grammar from a
text, or by a rewriting from another tree. Patterns and clauses are in `graphwatch.queries.grammar.clauses`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of a query; `at` and `end` are offsets in the text, -1 where it was not written there."""

    at: int = field(default=-1, compare=False, repr=False)
    end: int = field(default=-1, compare=False, repr=False)


class Expression(Node):
    """What has a value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A text, number, truth value or null; `written` keeps the digits of a number."""

    value: str | int | float | bool | None
    written: str = field(default="", compare=False)

    def __eq__(self, other: object) -> bool:
        # 1, 1.0 and true are equal in Python and three values in Cypher.
        return isinstance(other, Literal) and (type(self.value), self.value) == (type(other.value), other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Parameter(Expression):
    """`$name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable(Expression):
    """A name that a clause has bound."""

    name: str


@dataclass(frozen=True, slots=True)
class Property(Expression):
    """`of.name`."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Position(Expression):
    """`of[index]`."""

    of: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice(Expression):
    """`of[first..last]`."""

    of: Expression
    first: Expression | None
    last: Expression | None


@dataclass(frozen=True, slots=True)
class ListOf(Expression):
    """`[item, …]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`key: value` of a map."""

    key: str
    value: Expression


@dataclass(frozen=True, slots=True)
class MapOf(Expression):
    """`{key: value, …}`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Projected(Expression):
    """`of {.name, .*, key: value}`; `selected` are the names behind dots, `*` for all."""

    of: Expression
    selected: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """`NOT x`, `-x`, `+x`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """`left operator right`, for all operators but AND, OR and XOR."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logic(Expression):
    """Two or more conditions joined by one of AND, OR, XOR."""

    operator: str
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class IsNull(Expression):
    """`of IS NULL`, or `IS NOT NULL` where `negated`."""

    of: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class Labels(Node):
    """What is asked of labels: one `name`, or `items` joined by `operator` (`&`, `|`, `!`; `%` is any label)."""

    operator: str
    name: str = ""
    items: tuple["Labels", ...] = ()


@dataclass(frozen=True, slots=True)
class HasLabels(Expression):
    """`of:Label`, as a condition."""

    of: Expression
    labels: "Labels"


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """`name(argument, …)`; the name in lower case, `count(*)` without arguments and `star`."""

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False
    star: bool = False


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """`WHEN condition THEN result`."""

    condition: Expression
    result: Expression


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """`CASE [subject] WHEN … THEN … [ELSE …] END`."""

    subject: Expression | None
    branches: tuple[Branch, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Comprehension(Expression):
    """`[variable IN source WHERE condition | result]`."""

    variable: str
    source: Expression
    condition: Expression | None
    result: Expression | None


@dataclass(frozen=True, slots=True)
class Quantifier(Expression):
    """`any(variable IN source WHERE condition)`, also `all`, `none`, `single`."""

    name: str
    variable: str
    source: Expression
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Reduce(Expression):
    """`reduce(total = initial, variable IN source | result)`."""

    total: str
    initial: Expression
    variable: str
    source: Expression
    result: Expression


T = TypeVar("T", bound=Node)


_NAMES: Final[dict[type, tuple[str, ...]]] = {}


def _names(kind: type[Node]) -> tuple[str, ...]:
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(f.name for f in fields(kind) if f.name not in ("at", "end"))
    return names


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one, in the order of the text.

    >>> [type(c).__name__ for c in children(Binary("+", Literal(1), Variable("x")))]
    ['Literal', 'Variable']
    """
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Node):
                    yield item


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def mapped(node: T, change: Callable[[Any], Any]) -> T:
    """The node with `change` made to each node directly below it; the same object where nothing changes."""
    changed: dict[str, Any] = {}
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            new: Any = change(value)
            if new is not value:
                changed[name] = new
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            items = tuple(change(item) for item in value)
            if any(a is not b for a, b in zip(items, value, strict=True)):
                changed[name] = items
    return replace(node, **changed) if changed else node

"""WITH, UNWIND and RETURN over rows that were found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphwatch.queries.computing.expressions import Compiler, Row, truth
from graphwatch.queries.computing.functions import AGGREGATES, PERCENTILES, distinct, percentile
from graphwatch.queries.computing.values import Ordered, Value, failure, identity, kind_of
from graphwatch.queries.grammar.clauses import Clause, Item, Projection, Return, Unwind, With
from graphwatch.queries.grammar.tokens import AGGREGATING
from graphwatch.queries.grammar.tree import Call, Expression, Node, Variable, mapped, walk


@dataclass(frozen=True, slots=True)
class Filter(Clause):
    """A condition that was not sent to the engine; rows for which it is not true are dropped."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Answer:
    """Named columns and their rows."""

    names: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def compute(clauses: Sequence[Clause], rows: Iterable[Row], names: Sequence[str], compiler: Compiler) -> Answer:
    """What clauses make of rows; the last of them is RETURN.

    Args:
        names: the variables of the rows, for `*`.
        compiler: knows the query's text and parameters, and how much time there is.
    """
    known = list(names)
    for clause in clauses:
        if isinstance(clause, Filter):
            rows = _filtered(compiler, clause.condition, rows)
        elif isinstance(clause, Unwind):
            rows, known = _unwound(compiler, clause, rows), [*known, clause.name]
        elif isinstance(clause, With):
            step = _Step(compiler, clause.projection, known)
            rows = step.rows(rows, clause.condition)
            known = step.names
        elif isinstance(clause, Return):
            step = _Step(compiler, clause.projection, known)
            found = step.rows(rows, None)
            return Answer(tuple(step.names), [tuple(row[name] for name in step.names) for row in found])
    raise AssertionError("a query ends with RETURN")


def _filtered(compiler: Compiler, condition: Expression, rows: Iterable[Row]) -> Iterator[Row]:
    keeps = compiler.compile(condition)
    return (row for row in rows if truth(keeps(row)))


def _unwound(compiler: Compiler, clause: Unwind, rows: Iterable[Row]) -> Iterator[Row]:
    source = compiler.compile(clause.source)
    for row in rows:
        values = source(row)
        for value in [] if values is None else values if isinstance(values, list) else [values]:
            compiler.tick()
            yield {**row, clause.name: value}


def is_aggregating(node: Node) -> bool:
    """Whether an aggregating function stands anywhere in it."""
    return any(isinstance(n, Call) and n.name in AGGREGATING for n in walk(node))


class _Step:
    """One projection: grouping, columns, DISTINCT, order and limits."""

    def __init__(self, compiler: Compiler, projection: Projection, known: Sequence[str]) -> None:
        every = sorted(set(known)) if projection.star else []
        items = [Item(Variable(name), name) for name in every if not name.startswith("#")]
        self._compiler, self._projection = compiler, projection
        self._items = [*items, *projection.items]
        self.names = [item.name for item in self._items]
        if len(set(self.names)) < len(self.names):
            compiler.refuse(self._items[-1].expression, "two columns have the same name", "Name one with AS.")
        self._slots: list[Call] = []
        self._columns = [(item.name, self._slotted(item.expression)) for item in self._items]
        self._order = [replace(key, expression=self._sorting(key.expression)) for key in projection.order]
        self._aggregating = bool(self._slots)

    def rows(self, rows: Iterable[Row], condition: Expression | None) -> Iterable[Row]:
        """The rows behind the projection; those that `condition` keeps."""
        made: Iterable[Row] = self._grouped(rows) if self._aggregating else self._plain(rows)
        if self._projection.distinct:
            made = _distinct(made, self.names)
        made = self._sorted(made)
        made = self._cut(made)
        if condition is not None:
            made = _filtered(self._compiler, condition, made)
        return ({name: row[name] for name in self.names} for row in made)

    def _slotted(self, expression: Any) -> Any:
        """The expression with a variable for each aggregate, whose value is put there."""
        if isinstance(expression, Call) and expression.name in AGGREGATING:
            if expression not in self._slots:
                self._slots.append(expression)
            return Variable(f"#{self._slots.index(expression)}", at=expression.at)
        return mapped(expression, self._slotted) if isinstance(expression, Expression | Node) else expression

    def _sorting(self, expression: Any) -> Any:
        """A key of ORDER BY, with columns for the expressions that are columns."""
        for item in self._items:
            if item.expression == expression and not isinstance(expression, Variable):
                return Variable(item.name)
        if isinstance(expression, Call) and expression.name in AGGREGATING:
            return self._slotted(expression)
        return mapped(expression, self._sorting)

    def _plain(self, rows: Iterable[Row]) -> Iterator[Row]:
        columns = [(name, self._compiler.compile(expression)) for name, expression in self._columns]
        for row in rows:
            self._compiler.tick()
            yield {**row, **{name: column(row) for name, column in columns}}

    def _grouped(self, rows: Iterable[Row]) -> Iterator[Row]:
        keys = [
            self._compiler.compile(e)
            for (_, e), item in zip(self._columns, self._items, strict=True)
            if not is_aggregating(item.expression)
        ]
        arguments = [[self._compiler.compile(a) for a in slot.arguments] for slot in self._slots]
        groups: dict[Any, tuple[Row, list[list[Value]]]] = {}
        if not keys:
            groups[()] = ({}, [[] for _ in self._slots])
        for row in rows:
            self._compiler.tick()
            key = tuple(identity(k(row)) for k in keys)
            group = groups.get(key)
            if group is None:
                group = groups[key] = (row, [[] for _ in self._slots])
            elif not group[0] and not keys:
                group = groups[key] = (row, group[1])
            for held, takes in zip(group[1], arguments, strict=True):
                held.append(takes[0](row) if takes else True)
        columns = [(name, self._compiler.compile(expression)) for name, expression in self._columns]
        for first, held in groups.values():
            slots = enumerate(zip(self._slots, held, strict=True))
            values = {f"#{i}": self._aggregate(slot, taken, first) for i, (slot, taken) in slots}
            row = {**first, **values}
            yield {**row, **{name: column(row) for name, column in columns}}

    def _aggregate(self, slot: Call, values: list[Value], row: Row) -> Value:
        kept = [v for v in values if v is not None]
        if slot.distinct:
            kept = distinct(kept)
        if slot.name in PERCENTILES:
            share = self._compiler.compile(slot.arguments[1])(row)
            return percentile(kept, share, between=PERCENTILES[slot.name])
        return AGGREGATES[slot.name](kept)

    def _sorted(self, rows: Iterable[Row]) -> Iterable[Row]:
        if not self._order:
            return rows
        keys = [(self._compiler.compile(key.expression), key.descending) for key in self._order]
        return sorted(rows, key=lambda row: _Key([(Ordered(k(row)), down) for k, down in keys]))

    def _cut(self, rows: Iterable[Row]) -> Iterable[Row]:
        skip = self._number(self._projection.skip)
        limit = self._number(self._projection.limit)
        if skip is None and limit is None:
            return rows
        every = list(rows)[skip or 0 :]
        return every if limit is None else every[:limit]

    def _number(self, expression: Expression | None) -> int | None:
        if expression is None:
            return None
        value = self._compiler.compile(expression)({})
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise failure(
                f"SKIP and LIMIT take a whole number, not {kind_of(value)}", "Give one that is not below zero."
            )
        return value


class _Key:
    """The values of ORDER BY of one row, some of them in descending order."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[tuple[Ordered, bool]]) -> None:
        self.parts = parts

    def __lt__(self, other: "_Key") -> bool:
        for (a, down), (b, _) in zip(self.parts, other.parts, strict=True):
            if a < b:
                return not down
            if b < a:
                return down
        return False


def _distinct(rows: Iterable[Row], names: Sequence[str]) -> Iterator[Row]:
    seen: set[Any] = set()
    for row in rows:
        key = tuple(identity(row[name]) for name in names)
        if key not in seen:
            seen.add(key)
            yield row

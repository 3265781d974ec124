"""Expressions made into functions of a row."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from graphwatch.errors import QueryRefused
from graphwatch.queries.computing import numbers, texts
from graphwatch.queries.computing.functions import FUNCTIONS, between, position, property_of
from graphwatch.queries.computing.values import Entity, Value, contained, equal, failure, kind_of, less
from graphwatch.queries.grammar.tokens import AGGREGATING, place
from graphwatch.queries.grammar.tree import (
    Binary,
    Call,
    Case,
    Comprehension,
    Expression,
    HasLabels,
    IsNull,
    Labels,
    ListOf,
    Literal,
    Logic,
    MapOf,
    Parameter,
    Position,
    Projected,
    Property,
    Quantifier,
    Reduce,
    Slice,
    Unary,
    Variable,
)

Row = Mapping[str, Value]
Computed = Callable[[Row], Value]


def _texts(test: Callable[[str, str], bool]) -> Callable[[Value, Value], bool | None]:
    return lambda a, b: test(a, b) if isinstance(a, str) and isinstance(b, str) else None


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _at_most(a: Value, b: Value) -> bool | None:
    below = less(a, b)
    return True if below else (equal(a, b) if below is False else None)


_BINARY: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "=": equal,
    "<>": lambda a, b: _not(equal(a, b)),
    "<": less,
    ">": lambda a, b: less(b, a),
    "<=": _at_most,
    ">=": lambda a, b: _at_most(b, a),
    "IN": contained,
    "CONTAINS": _texts(lambda a, b: b in a),
    "STARTS WITH": _texts(str.startswith),
    "ENDS WITH": _texts(str.endswith),
    "=~": texts.matches,
    "+": numbers.add,
    "||": numbers.joined,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
    "^": numbers.power,
}


def truth(value: Value) -> bool | None:
    """A condition's value: true, false or null.

    Raises:
        QueryError: it is something else.
    """
    if value is None or isinstance(value, bool):
        return value
    raise failure(f"a condition is {kind_of(value)}, not true or false", "Compare it with something.")


class Compiler:
    """Makes functions of expressions of one text; `parameters` have their values already.

    `tick` is called for each row and each item of a list; it raises when there is no time left.
    """

    def __init__(self, text: str, parameters: Mapping[str, Any], tick: Callable[[], None] = lambda: None) -> None:
        self._text, self._parameters, self.tick = text, parameters, tick
        self._now = datetime.now(UTC)

    def refuse(self, expression: Expression, what: str, remedy: str) -> Any:
        """Refuse an expression at its place."""
        raise QueryRefused(what, where=place(self._text, max(expression.at, 0)), remedy=remedy)

    def compile(self, expression: Expression) -> Computed:
        """The function that computes an expression.

        Raises:
            QueryRefused: it needs the graph, or a function that is not computed here.
        """
        method: Any = _METHODS.get(type(expression))
        if method is None:
            self.refuse(
                expression,
                "an embedded store cannot look into the graph at this place",
                "Find it with MATCH or OPTIONAL MATCH first, then compute with what was found.",
            )
        made: Computed = method(self, expression)
        return made

    def _literal(self, node: Literal) -> Computed:
        return lambda _: node.value

    def _parameter(self, node: Parameter) -> Computed:
        value = self._parameters[node.name]
        return lambda _: value

    def _variable(self, node: Variable) -> Computed:
        name = node.name

        def read(row: Row) -> Value:
            try:
                return row[name]
            except KeyError:
                return self.refuse(
                    node, f"the variable {name!r} stands for nothing here", "Bind it before, or pass it on with WITH."
                )

        return read

    def _property(self, node: Property) -> Computed:
        of, name = self.compile(node.of), node.name
        return lambda row: property_of(of(row), name)

    def _position(self, node: Position) -> Computed:
        of, index = self.compile(node.of), self.compile(node.index)
        return lambda row: position(of(row), index(row))

    def _slice(self, node: Slice) -> Computed:
        of = self.compile(node.of)
        first = self.compile(node.first) if node.first else lambda _: 0
        last = self.compile(node.last) if node.last else lambda _: 2**63
        return lambda row: between(of(row), first(row), last(row))

    def _list(self, node: ListOf) -> Computed:
        items = [self.compile(item) for item in node.items]
        return lambda row: [item(row) for item in items]

    def _map(self, node: MapOf) -> Computed:
        entries = [(e.key, self.compile(e.value)) for e in node.entries]
        return lambda row: {key: value(row) for key, value in entries}

    def _projected(self, node: Projected) -> Computed:
        of = self.compile(node.of)
        entries = [(e.key, self.compile(e.value)) for e in node.entries]

        def project(row: Row) -> Value:
            value = of(row)
            if value is None:
                return None
            every = dict(value.properties) if isinstance(value, Entity) else dict(value)
            names = [name for name in node.selected if name != "*"]
            chosen = every if "*" in node.selected else {}
            return {**chosen, **{n: every.get(n) for n in names}, **{key: entry(row) for key, entry in entries}}

        return project

    def _unary(self, node: Unary) -> Computed:
        operand = self.compile(node.operand)
        if node.operator == "NOT":
            return lambda row: _not(truth(operand(row)))
        return operand if node.operator == "+" else lambda row: numbers.negative(operand(row))

    def _binary(self, node: Binary) -> Computed:
        left, right, apply = self.compile(node.left), self.compile(node.right), _BINARY[node.operator]
        return lambda row: apply(left(row), right(row))

    def _logic(self, node: Logic) -> Computed:
        items = [self.compile(item) for item in node.items]
        if node.operator == "XOR":

            def either(row: Row) -> bool | None:
                values = [truth(item(row)) for item in items]
                return None if None in values else sum(map(bool, values)) % 2 == 1

            return either
        decides = node.operator == "OR"

        def decide(row: Row) -> bool | None:
            unknown = False
            for item in items:
                value = truth(item(row))
                if value is decides:
                    return decides
                unknown |= value is None
            return None if unknown else not decides

        return decide

    def _is_null(self, node: IsNull) -> Computed:
        of, negated = self.compile(node.of), node.negated
        return lambda row: (of(row) is None) != negated

    def _has_labels(self, node: HasLabels) -> Computed:
        of, labels = self.compile(node.of), node.labels

        def has(row: Row) -> bool | None:
            value = of(row)
            if value is not None and not isinstance(value, Entity):
                raise failure(f"a label was asked of {kind_of(value)}", "Ask it of a node or relation.")
            return None if value is None else fits(labels, value.label)

        return has

    def _call(self, node: Call) -> Computed:
        if node.name in AGGREGATING:
            self.refuse(node, f"{node.name}() cannot stand here", "Aggregate in WITH or RETURN.")
        if not node.arguments and node.name in _NOW:
            # One time for the whole query, as on a server.
            now = _NOW[node.name](self._now)
            return lambda _: now
        known: Any = FUNCTIONS.get(node.name)
        if known is None:
            self.refuse(
                node,
                f"an embedded store cannot compute {node.name}() as a Neo4j server does",
                _INSTEAD.get(node.name, "Leave it out, or send the text with --as-written (it may answer otherwise)."),
            )
        fewest, most, compute = known
        if not fewest <= len(node.arguments) <= most or node.distinct:
            self.refuse(node, f"{node.name}() was given {len(node.arguments)} arguments", "Check its arguments.")
        arguments = [self.compile(argument) for argument in node.arguments]

        def call(row: Row) -> Value:
            values = [argument(row) for argument in arguments]
            try:
                return compute(*values)
            except (TypeError, ValueError, KeyError, ArithmeticError, AttributeError) as error:
                kinds = ", ".join(map(kind_of, values))
                raise failure(f"{node.name}() has no value for {kinds}", "Check its arguments.") from error

        return call

    def _case(self, node: Case) -> Computed:
        subject = self.compile(node.subject) if node.subject else None
        branches = [(self.compile(b.condition), self.compile(b.result)) for b in node.branches]
        default = self.compile(node.default) if node.default else lambda _: None

        def choose(row: Row) -> Value:
            if subject is None:
                return next((result(row) for condition, result in branches if truth(condition(row))), default(row))
            value = subject(row)
            for condition, result in branches:
                other = condition(row)
                if equal(value, other):
                    return result(row)
            return default(row)

        return choose

    def _items(self, source: Expression, variable: str, condition: Expression | None) -> Callable[[Row], Any]:
        of = self.compile(source)
        keeps = self.compile(condition) if condition else None

        def items(row: Row) -> list[tuple[Row, bool | None]] | None:
            values = of(row)
            if values is None:
                return None
            if not isinstance(values, list):
                raise failure(f"a list was expected, not {kind_of(values)}")
            found: list[tuple[Row, bool | None]] = []
            for value in values:
                self.tick()
                each = {**row, variable: value}
                found.append((each, truth(keeps(each)) if keeps else True))
            return found

        return items

    def _comprehension(self, node: Comprehension) -> Computed:
        items = self._items(node.source, node.variable, node.condition)
        result = self.compile(node.result or Variable(node.variable))

        def comprehend(row: Row) -> Value:
            found = items(row)
            return None if found is None else [result(each) for each, kept in found if kept]

        return comprehend

    def _quantifier(self, node: Quantifier) -> Computed:
        items = self._items(node.source, node.variable, node.condition)

        def decide(row: Row) -> bool | None:
            found = items(row)
            return None if found is None else _quantified(node.name, [kept for _, kept in found])

        return decide

    def _reduce(self, node: Reduce) -> Computed:
        initial, source, result = self.compile(node.initial), self.compile(node.source), self.compile(node.result)

        def fold(row: Row) -> Value:
            total, values = initial(row), source(row)
            if values is None:
                return None
            if not isinstance(values, list):
                raise failure(f"reduce() takes a list, not {kind_of(values)}")
            for value in values:
                self.tick()
                total = result({**row, node.total: total, node.variable: value})
            return total

        return fold


_METHODS: Final[dict[type, Any]] = {
    Literal: Compiler._literal,
    Parameter: Compiler._parameter,
    Variable: Compiler._variable,
    Property: Compiler._property,
    Position: Compiler._position,
    Slice: Compiler._slice,
    ListOf: Compiler._list,
    MapOf: Compiler._map,
    Projected: Compiler._projected,
    Unary: Compiler._unary,
    Binary: Compiler._binary,
    Logic: Compiler._logic,
    IsNull: Compiler._is_null,
    HasLabels: Compiler._has_labels,
    Call: Compiler._call,
    Case: Compiler._case,
    Comprehension: Compiler._comprehension,
    Quantifier: Compiler._quantifier,
    Reduce: Compiler._reduce,
}
_NOW: Final[dict[str, Callable[[datetime], Value]]] = {
    "date": datetime.date,
    "datetime": lambda now: now,
    "timestamp": lambda now: int(now.timestamp() * 1000),
}
_INSTEAD: Final = {
    "id": "The two engines number nodes differently: use the property `id`, as in a.id / Pakai properti `id`.",
    "elementid": "The two engines number nodes differently: use the property `id`, as in a.id / Pakai properti `id`.",
    "duration": "Compute with milliseconds: 86400000 is a day / Hitung dengan milidetik: 86400000 adalah satu hari.",
    "localdatetime": "Compare milliseconds (at_ms) / Bandingkan milidetik (at_ms).",
    "startnode": "Name both nodes in MATCH and use the names / Beri nama kedua simpul dalam MATCH.",
    "endnode": "Name both nodes in MATCH and use the names / Beri nama kedua simpul dalam MATCH.",
}


def _quantified(name: str, kept: list[bool | None]) -> bool | None:
    """What any, all, none or single say of the conditions of a list's items."""
    if name == "single":
        if kept.count(True) > 1:
            return False
        return None if None in kept else kept.count(True) == 1
    decisive = name != "all"
    if decisive in kept:
        return name == "any"
    return None if None in kept else name != "any"


def fits(labels: Labels, label: str) -> bool:
    """Whether a node or relation of one label is what is asked for.

    >>> fits(Labels("!", items=(Labels("", "Page"),)), "Account")
    True
    """
    if labels.operator == "":
        return labels.name == label
    if labels.operator == "%":
        return True
    answers = [fits(item, label) for item in labels.items]
    return not answers[0] if labels.operator == "!" else (all if labels.operator == "&" else any)(answers)

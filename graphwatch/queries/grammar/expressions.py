"""Expressions of reading Cypher: values, operators, calls of pure functions, subqueries that read."""

import re
from abc import abstractmethod
from collections.abc import Callable
from typing import Final, NoReturn

from graphwatch.queries.grammar.clauses import Path, PatternComprehension, PatternCondition, Query, Subquery
from graphwatch.queries.grammar.operators import DEEPEST, Operators
from graphwatch.queries.grammar.tokens import AGGREGATING, FUNCTIONS, QUANTIFIERS, Kind, Token, refuse
from graphwatch.queries.grammar.tree import (
    Branch,
    Call,
    Case,
    Comprehension,
    Entry,
    Expression,
    HasLabels,
    Labels,
    ListOf,
    Literal,
    MapOf,
    Parameter,
    Position,
    Projected,
    Property,
    Quantifier,
    Reduce,
    Slice,
    Variable,
)

_WORDS: Final = {"TRUE": True, "FALSE": False, "NULL": None}
_SUBQUERIES: Final = frozenset({"EXISTS", "COUNT"})
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_LARGEST: Final = 2**63 - 1
# Words that open a clause and are common as names; here no clause can stand.
_NAMES: Final = frozenset({"ORDER", "SKIP", "LIMIT"})


class Expressions(Operators):
    """Reads expressions; patterns and subqueries are read by the classes that know them."""

    @abstractmethod
    def path(self) -> Path:
        """Read one path pattern."""

    @abstractmethod
    def subquery(self) -> Query:
        """Read `{ … }` behind EXISTS or COUNT."""

    @abstractmethod
    def labels(self, *, within_expression: bool = False) -> Labels | None:
        """Read `:Label` if it comes next."""

    def expressions(self, close: str) -> tuple[Expression, ...]:
        """Read expressions between commas, up to and with the closing bracket."""
        items: list[Expression] = []
        while not self.take(close):
            items.append(self.expression())
            if not self.sees(close):
                self.need(",")
        return tuple(items)

    def map(self) -> MapOf:
        """Read `{name: expression, …}`."""
        at = self.at
        self.need("{")
        entries: list[Entry] = []
        while not self.take("}"):
            entries.append(self._entry())
            if not self.sees("}"):
                self.need(",")
        return MapOf(tuple(entries), at=at, end=self.behind)

    def _entry(self) -> Entry:
        at, key = self.at, self.name().text
        self.need(":")
        return Entry(key, self.expression(), at=at, end=self.behind)

    def starts_path(self) -> bool:
        """Whether the bracket that comes next is a node with a relation behind it, and not an expression."""
        behind = self.closing[self.position] + 1 - self.position
        first, second, third = (self.peek(behind + k).upper for k in range(3))
        return (
            (first == "-" and second == "[")
            or (first == "-" and second == "-" and third in ("(", ">"))
            or (first == "<" and second == "-" and third in ("-", "["))
        )

    def value(self) -> Expression:
        """Read a value without operators."""
        token = self.peek()
        readers: dict[str, Callable[[], Expression]] = {
            "(": self._bracket,
            "[": self._list,
            "{": self.map,
            "CASE": self._case,
        }
        if token.kind is Kind.NUMBER:
            return self.number(self.step(), token.at)
        if token.kind is Kind.STRING:
            return Literal(_unescaped(self.step().text[1:-1]), at=token.at, end=self.behind)
        if token.kind is Kind.PARAMETER:
            return Parameter(self.step().text, at=token.at, end=self.behind)
        if token.upper in readers:
            return readers[token.upper]()
        return self._named(token)

    def _named(self, token: Token) -> Expression:
        """Read what begins with a name: a subquery, a call, true, false, null, or a variable."""
        at, upper = token.at, token.upper
        if upper in _SUBQUERIES and self.peek(1).upper == "{":
            self.step()
            return Subquery(upper, self.subquery(), at=at, end=self.behind)
        if self.peek(1).upper == "(" and token.kind in (Kind.WORD, Kind.QUOTED):
            return self._call()
        if upper in _WORDS:
            self.step()
            return Literal(_WORDS[upper], at=at, end=self.behind)
        if upper in _NAMES and self.peek(1).upper != "BY":
            return Variable(self.step().text, at=at, end=self.behind)
        return Variable(self.variable().text, at=at, end=self.behind)

    def number(self, token: Token, at: int, *, negative: bool = False) -> Literal:
        """The number of a token that was stepped over."""
        written = ("-" if negative else "") + token.text
        value: int | float
        if token.text.isdigit():
            value = int(written) if len(written) < 40 else _LARGEST + 1
            if not -_LARGEST - 1 <= value <= _LARGEST:
                self.fail("the number does not fit 64 bits", "Write a smaller one, or one with a point.", token)
        else:
            value = float(written)
        return Literal(value, written, at=at, end=token.end)

    def _bracket(self) -> Expression:
        at = self.at
        if self.starts_path():
            return PatternCondition(self.path(), at=at, end=self.behind)
        self.need("(")
        inner = self.expression()
        self.need(")")
        return inner

    def _list(self) -> Expression:
        at = self.at
        self.need("[")
        if self.peek(1).upper == "IN" and not self.sees("(") and self.sees_name():
            variable, source, condition = self._each()
            result = self.expression() if self.take("|") else None
            self.need("]")
            return Comprehension(variable, source, condition, result, at=at, end=self.behind)
        if (self.sees("(") and self.starts_path()) or (self.sees_name() and self.peek(1).upper == "="):
            return self._pattern_list(at)
        return ListOf(self.expressions("]"), at=at, end=self.behind)

    def _pattern_list(self, at: int) -> Expression:
        name = None
        if self.peek(1).upper == "=":
            if self.peek(2).upper != "(" or not self._path_at(2):
                return ListOf(self.expressions("]"), at=at, end=self.behind)
            name = self.variable().text
            self.need("=")
        start, path = self.at, self.path()
        if name is not None:
            path = Path(name, path.elements, at=start, end=path.end)
        elif not self.sees("|") and not self.sees("WHERE"):
            first = PatternCondition(path, at=start, end=self.behind)
            rest: tuple[Expression, ...] = ()
            if self.take(","):
                rest = self.expressions("]")
            else:
                self.need("]")
            return ListOf((first, *rest), at=at, end=self.behind)
        condition = self.expression() if self.take("WHERE") else None
        self.need("|")
        result = self.expression()
        self.need("]")
        return PatternComprehension(path, condition, result, at=at, end=self.behind)

    def _path_at(self, ahead: int) -> bool:
        self.position += ahead
        try:
            return self.starts_path()
        finally:
            self.position -= ahead

    def _each(self) -> tuple[str, Expression, Expression | None]:
        """Read `name IN list [WHERE condition]`."""
        name = self.variable().text
        self.need("IN")
        source = self.expression()
        return name, source, self.expression() if self.take("WHERE") else None

    def _case(self) -> Case:
        at = self.at
        self.cases += 1
        if self.cases > DEEPEST:
            self.fail(f"CASE nests more than {DEEPEST} deep", "Write it in steps, with WITH.")
        self.need("CASE")
        subject = None if self.sees("WHEN") else self.expression()
        branches: list[Branch] = []
        while self.sees("WHEN"):
            branch = self.at
            self.step()
            condition = self.expression()
            self.need("THEN")
            branches.append(Branch(condition, self.expression(), at=branch, end=self.behind))
        if not branches:
            self.fail_here("WHEN was expected")
        default = self.expression() if self.take("ELSE") else None
        self.need("END")
        self.cases -= 1
        return Case(subject, tuple(branches), default, at=at, end=self.behind)

    def _call(self) -> Expression:
        token = self.peek()
        name = token.text.lower()
        special = ("reduce", "shortestpath", "allshortestpaths", "exists")
        known = name in FUNCTIONS or name in QUANTIFIERS or name in special
        if token.kind is Kind.QUOTED or not known:
            self.fail(
                f"the function {token.text!r} is not among the plain functions that only compute",
                "Use the functions listed in docs/queries-format.md, without backticks; "
                "procedures and extensions are not sent.",
            )
        self.step()
        self.need("(")
        if name in QUANTIFIERS:
            variable, source, condition = self._each()
            self.need(")")
            return Quantifier(name, variable, source, condition, at=token.at, end=self.behind)
        if name == "reduce":
            return self._reduce(token.at)
        if name in ("shortestpath", "allshortestpaths"):
            path = self.path()
            self.need(")")
            shortest = Path(None, path.elements, "one" if name == "shortestpath" else "all", at=path.at, end=path.end)
            return PatternCondition(shortest, at=token.at, end=self.behind)
        if name == "exists":
            return self._exists()
        return self._arguments(name, token.at)

    def _exists(self) -> Expression:
        if not (self.sees("(") and self.starts_path()):
            self.fail("exists() asks for a path", "Write `… IS NOT NULL` for a property.")
        at, path = self.at, self.path()
        self.need(")")
        return PatternCondition(path, at=at, end=self.behind)

    def _reduce(self, at: int) -> Reduce:
        total = self.variable().text
        self.need("=")
        initial = self.expression()
        self.need(",")
        variable = self.variable().text
        self.need("IN")
        source = self.expression()
        self.need("|")
        result = self.expression()
        self.need(")")
        return Reduce(total, initial, variable, source, result, at=at, end=self.behind)

    def _arguments(self, name: str, at: int) -> Call:
        if name == "count" and self.take("*"):
            self.need(")")
            return Call(name, (), star=True, at=at, end=self.behind)
        distinct = self.take("DISTINCT")
        arguments = self.expressions(")")
        wanted = AGGREGATING.get(name, len(arguments))
        if len(arguments) != wanted:
            example = f"{name}(a.value, 0.5)" if wanted > 1 else f"{name}(a.value)"
            refuse(self.text, at, f"{name}() takes {wanted}, not {len(arguments)} values", f"Write it as {example}.")
        return Call(name, arguments, distinct, at=at, end=self.behind)

    def behind_value(self, value: Expression, at: int) -> Expression:
        """Read what may follow a value: properties, positions, labels."""
        times = 0
        while True:
            times = self.counted(times)
            if self.take("."):
                value = Property(value, self.name().text, at=at, end=self.behind)
                if self.sees("("):
                    self._refuse_namespace(value)
            elif self.sees("["):
                value = self._position(value, at)
            elif self.sees(":"):
                labels = self.labels(within_expression=True)
                assert labels is not None
                value = HasLabels(value, labels, at=at, end=self.behind)
            elif self.sees("{") and isinstance(value, Variable):
                value = self._projected(value, at)
            else:
                return value

    def _refuse_namespace(self, called: Property) -> NoReturn:
        of = called.of.name.lower() if isinstance(called.of, Variable) else ""
        remedy = _IN_MILLISECONDS if of in _TIMES else "Extensions and procedures are not sent; use plain functions."
        self.fail("a function or procedure with a namespace", remedy)

    def _position(self, of: Expression, at: int) -> Expression:
        self.need("[")
        first = None if self.sees("..") else self.expression()
        if not self.take(".."):
            assert first is not None
            self.need("]")
            return Position(of, first, at=at, end=self.behind)
        last = None if self.sees("]") else self.expression()
        self.need("]")
        return Slice(of, first, last, at=at, end=self.behind)

    def _projected(self, of: Expression, at: int) -> Projected:
        self.need("{")
        selected: list[str] = []
        entries: list[Entry] = []
        while not self.take("}"):
            if self.take("."):
                selected.append(self.step().text if self.sees("*") else self.name().text)
            elif self.peek(1).upper == ":":
                entries.append(self._entry())
            else:
                name = self.variable()
                value = Variable(name.text, at=name.at, end=name.end)
                entries.append(Entry(name.text, value, at=name.at, end=name.end))
            if not self.sees("}"):
                self.need(",")
        return Projected(of, tuple(selected), tuple(entries), at=at, end=self.behind)


_TIMES: Final = frozenset({"date", "datetime", "localdatetime", "time", "localtime", "duration"})
_IN_MILLISECONDS: Final = (
    "Compute with milliseconds: 86400000 is a day / Hitung dengan milidetik: 86400000 adalah satu hari."
)


def _unescaped(body: str) -> str:
    r"""The text that a literal stands for.

    >>> _unescaped(r"it\'s")
    "it's"
    """
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), body)

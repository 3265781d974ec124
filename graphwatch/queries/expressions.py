"""Expressions of reading Cypher: values, operators, calls of pure functions, subqueries that read.

Precedence does not matter for what an expression may do, so it is read as a flat row of values and operators.
"""

from abc import abstractmethod
from typing import Final

from graphwatch.queries.cursor import DEEPEST, Cursor
from graphwatch.queries.tokens import FUNCTIONS, QUANTIFIERS, Kind

_OPERATORS: Final = frozenset(
    [
        "OR",
        "XOR",
        "AND",
        "=",
        "<>",
        "<",
        ">",
        "<=",
        ">=",
        "=~",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "IN",
        "CONTAINS",
    ]
)
_DIFFERENT: Final = {
    "log": "log() is the natural logarithm on Neo4j and the decimal one in an embedded store",
    "substring": "substring() counts from 0 on Neo4j and from 1 in an embedded store",
}


class Expressions(Cursor):
    """Reads expressions; patterns and subqueries are read by the class that knows clauses."""

    @abstractmethod
    def path(self) -> None:
        """Read one path pattern."""

    @abstractmethod
    def subquery(self) -> None:
        """Read `{ … }` behind EXISTS or COUNT."""

    def expression(self) -> None:
        """Read one expression, as far as it goes."""
        while True:
            while self.take("NOT") or self.take("-") or self.take("+"):
                pass
            self._value()
            self._behind_value()
            if not self._operator():
                return

    def expressions(self, close: str) -> None:
        """Read expressions between commas, up to and with the closing bracket."""
        while not self.take(close):
            self.expression()
            if not self.sees(close):
                self.need(",")

    def map(self) -> None:
        """Read `{name: expression, …}`."""
        self.need("{")
        while not self.take("}"):
            self.name()
            self.need(":")
            self.expression()
            if not self.sees("}"):
                self.need(",")

    def starts_path(self) -> bool:
        """Whether the bracket that comes next is a node with a relation behind it, and not an expression."""
        behind = self.closing[self.position] + 1 - self.position
        first, second, third = (self.peek(behind + k).upper for k in range(3))
        return (
            (first == "-" and second == "[")
            or (first == "-" and second == "-" and third in ("(", ">"))
            or (first == "<" and second == "-" and third in ("-", "["))
        )

    def _operator(self) -> bool:
        if self.take("STARTS", "WITH") or self.take("ENDS", "WITH"):
            return True
        return self.peek().upper in _OPERATORS and bool(self.step())

    def _value(self) -> None:
        token = self.peek()
        if token.kind in (Kind.NUMBER, Kind.STRING, Kind.PARAMETER):
            self.step()
        elif token.upper == "(":
            self._bracket()
        elif token.upper == "[":
            self._list()
        elif token.upper == "{":
            self.map()
        elif token.upper == "CASE":
            self._case()
        elif token.upper in ("EXISTS", "COUNT") and self.peek(1).upper == "{":
            self.step()
            self.subquery()
        elif self.peek(1).upper == "(" and token.kind in (Kind.WORD, Kind.QUOTED):
            self._call()
        else:
            self.variable()

    def _bracket(self) -> None:
        if self.starts_path():
            self.path()
            return
        self.need("(")
        self.expression()
        self.need(")")

    def _list(self) -> None:
        self.need("[")
        if self.peek(1).upper == "IN":
            self._each("]")
        elif self.sees("(") and self.starts_path():
            self.path()
            if self.take("WHERE"):
                self.expression()
            self.need("|")
            self.expression()
            self.need("]")
        else:
            self.expressions("]")

    def _each(self, close: str) -> None:
        """Read `name IN list [WHERE condition] [| result]` and the closing bracket."""
        self.variable()
        self.need("IN")
        self.expression()
        if self.take("WHERE"):
            self.expression()
        if self.take("|"):
            self.expression()
        self.need(close)

    def _case(self) -> None:
        self.cases += 1
        if self.cases > DEEPEST:
            self.fail(f"CASE nests more than {DEEPEST} deep", "Write it in steps, with WITH.")
        self.need("CASE")
        if not self.sees("WHEN"):
            self.expression()
        while self.take("WHEN"):
            self.expression()
            self.need("THEN")
            self.expression()
        if self.take("ELSE"):
            self.expression()
        self.need("END")
        self.cases -= 1

    def _call(self) -> None:
        token = self.peek()
        name = token.text.lower()
        known = name in FUNCTIONS or name in QUANTIFIERS or name in ("reduce", "shortestpath", "allshortestpaths")
        if token.kind is Kind.QUOTED or not known:
            self.fail(
                f"the function {token.text!r} is not among the plain functions that only compute",
                "Use the functions listed in docs/queries-format.md, without backticks; "
                "procedures and extensions are not sent.",
            )
        self.step()
        self.need("(")
        if name in QUANTIFIERS:
            self._each(")")
        elif name == "reduce":
            self.variable()
            self.need("=")
            self.expression()
            self.need(",")
            self._each(")")
        elif name in ("shortestpath", "allshortestpaths"):
            self.path()
            self.need(")")
        else:
            self._arguments(name)

    def _arguments(self, name: str) -> None:
        if name in _DIFFERENT:
            self.differs(_DIFFERENT[name])
        if name == "count" and self.take("*"):
            self.need(")")
            return
        self.take("DISTINCT")
        self.expressions(")")

    def _behind_value(self) -> None:
        """Read what may follow a value: properties, positions, labels and IS NULL."""
        while True:
            if self.take("."):
                self.name()
                if self.sees("("):
                    what = "a function or procedure with a namespace"
                    self.fail(what, "Extensions and procedures are not sent; use plain functions.")
            elif self.sees("["):
                self._position()
            elif self.take(":"):
                self.name()
            elif not (self.take("IS", "NOT", "NULL") or self.take("IS", "NULL")):
                return

    def _position(self) -> None:
        self.need("[")
        if self.peek().kind is not Kind.STRING:
            self.differs("positions in a list count from 0 on Neo4j and from 1 in an embedded store")
        if not self.sees(".."):
            self.expression()
        if self.take("..") and not self.sees("]"):
            self.expression()
        self.need("]")

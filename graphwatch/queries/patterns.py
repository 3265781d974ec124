"""Path patterns of reading Cypher, with an upper bound on everything that repeats."""

from itertools import pairwise
from typing import Final

from graphwatch.queries.expressions import Expressions
from graphwatch.queries.tokens import Kind
from graphwatch.settings import QUERY_HOPS

# From so many relations on the embedded engine answers wrongly where a condition on one follows (docs/adr/0017).
_LONG: Final = 3
_WRONG: Final = (
    "a condition on a relation of a pattern of three or more is answered wrongly by an embedded store; "
    "put WITH and the variables still needed before WHERE"
)
_BOUND_IT: Final = f"Give an upper bound of at most {QUERY_HOPS}, as in [*1..3] or {{1,3}}."


class Patterns(Expressions):
    """Reads node and relation patterns."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # Of the MATCH that is read: the variable of each relation, and whether one has its condition within.
        self._relations: list[str] = []
        self._conditional = False

    def match(self) -> None:
        """Read what follows MATCH: patterns between commas, and WHERE."""
        outer = self._relations, self._conditional
        self._relations, self._conditional = [], False
        while True:
            if self.peek(1).upper == "=":
                self.variable()
                self.need("=")
            self.path_or_shortest()
            if not self.take(","):
                break
        begin = self.position
        self.where()
        if len(self._relations) >= _LONG and (self._conditional or self._asks_of_relation(begin)):
            self.differs(_WRONG)
        self._relations, self._conditional = outer

    def _asks_of_relation(self, begin: int) -> bool:
        """Whether a property of one of the relations was read since."""
        names = {name for name in self._relations if name}
        read = self.tokens[begin : self.position]
        return any(token.text in names and after.text == "." for token, after in pairwise(read))

    def where(self) -> None:
        """Read WHERE and its condition, if they come next."""
        if self.take("WHERE"):
            self.expression()

    def path_or_shortest(self) -> None:
        """Read a path, or the call that asks for the shortest one."""
        if self.peek().upper in ("SHORTESTPATH", "ALLSHORTESTPATHS"):
            self.step()
            self.need("(")
            self.path()
            self.need(")")
        else:
            self.path()

    def path(self) -> None:
        """Read nodes and relations in a row."""
        self._path_element()
        while True:
            if self.sees("-") or self.sees("<"):
                self._relation()
                self._path_element()
            elif self.sees("("):
                self._path_element()
            else:
                return

    def _path_element(self) -> None:
        """Read a node, or a bracketed path with the number of times it may repeat."""
        self.need("(")
        if self.sees("("):
            self.path()
            self.where()
            self.need(")")
            self._repeats()
            return
        if self.sees_name():
            self.variable()
        self._labels("a node with two labels needs both on Neo4j and either in an embedded store")
        self._conditions()
        self.need(")")

    def _labels(self, difference: str) -> None:
        if not self.take(":"):
            return
        self.name()
        while self.sees("|") or self.sees(":"):
            if self.take(":"):
                self.differs(difference)
            else:
                self.need("|")
                self.take(":")
            self.name()

    def _conditions(self) -> None:
        if self.sees("{"):
            self.map()
        self.where()

    def _relation(self) -> None:
        self.take("<")
        self.need("-")
        name = ""
        if self.take("["):
            if self.sees_name():
                name = self.variable().text
            self._labels("a relation has one type; two in a row mean either in an embedded store")
            if self.take("*"):
                self._hops()
            self._conditional = self._conditional or self.sees("{") or self.sees("WHERE")
            self._conditions()
            self.need("]")
        self._relations.append(name)
        self.need("-")
        self.take(">")
        self._repeats()

    def _repeats(self) -> None:
        """Read a quantifier `{2,5}` if there is one."""
        if self.sees("+") or self.sees("*"):
            self.fail("a pattern repeats without an upper bound", _BOUND_IT)
        if self.take("{"):
            self._bounds(",")
            self.need("}")

    def _hops(self) -> None:
        """Read the bounds behind `*` in a relation, with the embedded engine's words for kinds of walk."""
        self.take("ALL")
        any(self.take(word) for word in ("SHORTEST", "TRAIL", "ACYCLIC"))
        self._bounds("..")

    def _bounds(self, separator: str) -> None:
        start = self.peek()
        upper = self._whole_number()
        if self.take(separator):
            upper = self._whole_number()
        if upper is None:
            self.fail("a pattern repeats without an upper bound", _BOUND_IT, start)
        if upper > QUERY_HOPS:
            self.fail(f"a pattern repeats more than {QUERY_HOPS} times", _BOUND_IT, start)

    def _whole_number(self) -> int | None:
        token = self.peek()
        if token.kind is not Kind.NUMBER:
            return None
        if not token.text.isdigit() or len(token.text) > 9:
            self.fail("a bound must be a whole number", _BOUND_IT)
        self.step()
        return int(token.text)

"""Operators of reading Cypher, each with what binds more tightly on its sides."""

from abc import abstractmethod
from typing import Final

from graphwatch.queries.grammar.cursor import Cursor
from graphwatch.queries.grammar.tokens import Kind, Token
from graphwatch.queries.tree import Binary, Expression, IsNull, Literal, Logic, Unary

_COMPARISONS: Final = frozenset({"=", "<>", "<", ">", "<=", ">="})
# A row of sums or products is a tree as deep as it is long.
_LONGEST_ROW: Final = 300


class Operators(Cursor):
    """Reads rows of operators; the values between them are read by the class that knows them."""

    @abstractmethod
    def value(self) -> Expression:
        """Read a value without operators."""

    @abstractmethod
    def behind_value(self, value: Expression, at: int) -> Expression:
        """Read what may follow a value: properties, positions, labels."""

    @abstractmethod
    def number(self, token: Token, at: int, *, negative: bool = False) -> Literal:
        """The number of a token that was stepped over."""

    def expression(self) -> Expression:
        """Read one expression, as far as it goes."""
        return self._logic("OR")

    def _logic(self, operator: str) -> Expression:
        """Read conditions joined by an operator, each made of those that bind more tightly."""
        tighter = {"OR": "XOR", "XOR": "AND", "AND": ""}[operator]
        at = self.at
        items = [self._logic(tighter) if tighter else self._negation()]
        while self.take(operator):
            items.append(self._logic(tighter) if tighter else self._negation())
        return items[0] if len(items) == 1 else Logic(operator, tuple(items), at=at, end=self.behind)

    def _negation(self) -> Expression:
        at, times = self.at, 0
        while self.take("NOT"):
            times += 1
        negated = self._comparison()
        # Any number of them says as much as one or two.
        for _ in range(2 - times % 2 if times else 0):
            negated = Unary("NOT", negated, at=at, end=self.behind)
        return negated

    def _comparison(self) -> Expression:
        at = self.at
        sides, pairs = [self._test()], []
        while (operator := self.peek().upper) in _COMPARISONS:
            self.step()
            sides.append(self._test())
            pairs.append(Binary(operator, sides[-2], sides[-1], at=at, end=self.behind))
        if len(pairs) < 2:
            return pairs[0] if pairs else sides[0]
        # a < b < c asks for both.
        return Logic("AND", tuple(pairs), at=at, end=self.behind)

    def _test(self) -> Expression:
        """Read a value and the tests by words behind it."""
        at, value = self.at, self._sum()
        times = 0
        while True:
            times = self.counted(times)
            if self.take("IS", "NOT", "NULL"):
                value = IsNull(value, negated=True, at=at, end=self.behind)
            elif self.take("IS", "NULL"):
                value = IsNull(value, negated=False, at=at, end=self.behind)
            elif operator := self._tested():
                value = Binary(operator, value, self._sum(), at=at, end=self.behind)
            else:
                return value

    def _tested(self) -> str:
        if self.take("STARTS", "WITH"):
            return "STARTS WITH"
        if self.take("ENDS", "WITH"):
            return "ENDS WITH"
        return self.step().upper if self.peek().upper in ("IN", "CONTAINS", "=~") else ""

    def _sum(self) -> Expression:
        at, value = self.at, self._product()
        times = 0
        while self.peek().upper in ("+", "-") or (self.sees("|", "|") and self.adjacent()):
            operator = self.step().upper
            if operator == "|":
                self.step()
                operator = "||"
            times = self.counted(times)
            value = Binary(operator, value, self._product(), at=at, end=self.behind)
        return value

    def _product(self) -> Expression:
        at, value = self.at, self._power()
        times = 0
        while self.peek().upper in ("*", "/", "%"):
            times = self.counted(times)
            value = Binary(self.step().upper, value, self._power(), at=at, end=self.behind)
        return value

    def _power(self) -> Expression:
        at, value = self.at, self._signed()
        times = 0
        while self.take("^"):
            times = self.counted(times)
            value = Binary("^", value, self._signed(), at=at, end=self.behind)
        return value

    def counted(self, times: int) -> int:
        """One more, refused where a row grows beyond what can be followed."""
        if times >= _LONGEST_ROW:
            self.fail(f"more than {_LONGEST_ROW} operators in a row", "Write it in steps, with WITH.")
        return times + 1

    def _signed(self) -> Expression:
        at, minus, signed = self.at, 0, False
        while self.sees("-") or self.sees("+"):
            signed = True
            minus += self.step().upper == "-"
        if signed and self.peek().kind is Kind.NUMBER and minus % 2:
            return self.behind_value(self.number(self.step(), at, negative=True), at)
        value = self.behind_value(self.value(), at if not signed else self.at)
        if not signed:
            return value
        return Unary("-" if minus % 2 else "+", value, at=at, end=self.behind)

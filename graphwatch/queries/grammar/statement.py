"""Clauses, and the whole statement."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from graphwatch.queries.grammar.patterns import Patterns
from graphwatch.queries.grammar.tokens import RESERVED, Kind, remedy_for
from graphwatch.queries.tree import (
    Clause,
    Expression,
    Item,
    Match,
    Projection,
    Query,
    Return,
    Single,
    Sort,
    Unwind,
    With,
)

_SORTED: Final = {"ASC": False, "ASCENDING": False, "DESC": True, "DESCENDING": True}


def read_statement(text: str) -> Query:
    """The tree of a text that is one statement made only of allowed reading clauses.

    Raises:
        QueryRefused: with line and column, and what to write instead.

    >>> read_statement("RETURN 1 AS one").parts[0].clauses[0].projection.items[0].name
    'one'
    """
    return _Statement(text).statement()


class _Statement(Patterns):
    """Reads clauses and the whole statement."""

    def statement(self) -> Query:
        query = self._query(must_return=True)
        self.take(";")
        token = self.peek()
        if token.kind is not Kind.END:
            if self.tokens[self.position - 1].upper == ";":
                self.fail("several statements in one text", "Send one statement at a time.")
            self.fail_here("the end of the query was expected after RETURN")
        return query

    def subquery(self) -> Query:
        self.need("{")
        at = self.at
        if self.sees("(") or self.peek(1).upper == "=":
            match = self.match(at=at)
            query = Query((Single((match,), at=at, end=self.behind),), at=at, end=self.behind)
        else:
            query = self._query(must_return=False)
        self.need("}")
        return query

    def _query(self, *, must_return: bool) -> Query:
        at = self.at
        parts, every = [self._single(must_return=must_return)], []
        while self.take("UNION"):
            every.append(self.take("ALL"))
            if not every[-1]:
                self.take("DISTINCT")
            parts.append(self._single(must_return=must_return))
        return Query(tuple(parts), tuple(every), at=at, end=self.behind)

    def _single(self, *, must_return: bool) -> Single:
        """Read clauses up to RETURN; a subquery may do without it."""
        at = self.at
        clauses: list[Clause] = []
        readers: dict[str, Callable[[int], Clause]] = {
            "MATCH": lambda begin: self.match(at=begin),
            "OPTIONAL": self._optional,
            "UNWIND": self._unwind,
            "WITH": self._with,
        }
        while not self.sees("RETURN"):
            word = self.peek().upper
            if word not in readers or (word == "OPTIONAL" and self.peek(1).upper != "MATCH"):
                if not must_return and clauses and word in ("}", "UNION"):
                    return Single(tuple(clauses), at=at, end=self.behind)
                self._refuse_clause()
            begin = self.step().at
            clauses.append(readers[word](begin))
        begin = self.step().at
        clauses.append(Return(self._projection(), at=begin, end=self.behind))
        return Single(tuple(clauses), at=at, end=self.behind)

    def _refuse_clause(self) -> None:
        token = self.peek()
        if token.kind is Kind.END or token.upper == ";":
            self.fail("the query returns nothing", "End it with RETURN.")
        word = token.upper if token.upper in RESERVED else token.text
        self.fail(f"{word} is not a clause of a reading query", remedy_for(token.text))

    def _optional(self, at: int) -> Match:
        self.need("MATCH")
        return self.match(at=at, optional=True)

    def _unwind(self, at: int) -> Unwind:
        source = self.expression()
        self.need("AS")
        return Unwind(source, self.name().text, at=at, end=self.behind)

    def _with(self, at: int) -> With:
        projection = self._projection()
        condition = self.where()
        return With(projection, condition, at=at, end=self.behind)

    def _projection(self) -> Projection:
        at, distinct = self.at, self.take("DISTINCT")
        star = False
        items: list[Item] = []
        while True:
            if self.take("*"):
                star = True
            else:
                items.append(self._item())
            if not self.take(","):
                break
        order, skip, limit = self._order_and_limits()
        return Projection(tuple(items), star, distinct, order, skip, limit, at=at, end=self.behind)

    def _item(self) -> Item:
        at, expression = self.at, self.expression()
        text = self.text[at : self.behind]
        alias = self.name().text if self.take("AS") else None
        return Item(expression, alias, text, at=at, end=self.behind)

    def _order_and_limits(self) -> tuple[tuple[Sort, ...], Expression | None, Expression | None]:
        order: list[Sort] = []
        if self.take("ORDER", "BY"):
            while True:
                key = Sort(self.expression(), descending=False, at=self.at, end=self.behind)
                descending = _SORTED.get(self.peek().upper)
                if descending is not None:
                    self.step()
                    key = replace(key, descending=descending)
                order.append(key)
                if not self.take(","):
                    break
        skip = self.expression() if self.take("SKIP") or self.take("OFFSET") else None
        limit = self.expression() if self.take("LIMIT") else None
        return tuple(order), skip, limit

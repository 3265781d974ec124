"""From a text to a query that is known to only read.

A query is read by a grammar that holds the reading clauses and nothing else. It is a list of what is allowed,
not of what is forbidden: a clause, option or function that an engine learns tomorrow is refused until
someone adds it here. Neither engine's own read-only mode is enough: LOAD CSV and COPY … TO pass both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graphwatch.queries.patterns import Patterns
from graphwatch.queries.tokens import RESERVED, Kind, place, remedy_for

_PROOF: Final = object()


@dataclass(frozen=True, slots=True, init=False)
class CheckedQuery:
    """Cypher that was read by `parse` and can do nothing but read; a store answers no other text of a user's.

    Attributes:
        cypher: the text.
        parameters: the names of the parameters that it uses.
        differences: what the two engines answer differently without an error, each with its place.
    """

    cypher: str
    parameters: frozenset[str]
    differences: tuple[str, ...]

    def __init__(self, proof: object, cypher: str, parameters: frozenset[str], differences: tuple[str, ...]) -> None:
        if proof is not _PROOF:
            raise TypeError("a CheckedQuery is made by graphwatch.queries.parse alone")
        object.__setattr__(self, "cypher", cypher)
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "differences", differences)


def parse(cypher: str, *, above: int = 0) -> CheckedQuery:
    """The query of a text that is one statement made only of allowed reading clauses.

    Variable-length patterns must have an upper bound of at most `settings.QUERY_HOPS`.

    Args:
        above: lines that stand above the text in its file; places are counted from there.

    Raises:
        QueryRefused: with line and column, and what to write instead.

    >>> parse("MATCH (a:Account) WHERE a.handle CONTAINS $part RETURN a.id LIMIT 5;").parameters
    frozenset({'part'})
    >>> parse("RETURN log(10)").differences
    ('line 1, column 11: log() is the natural logarithm on Neo4j and the decimal one in an embedded store',)
    >>> parse("MATCH (a) SET a.name = '' RETURN a")
    Traceback (most recent call last):
    graphwatch.errors.QueryRefused: line 1, column 11: SET is not a clause of a reading query
      Queries only read. Load data with `graphwatch load`, and remove it with `graphwatch store`.
    """
    # Blank lines stand for those above, so that places are those of the file.
    text = "\n" * above + cypher
    statement = _Statement(text)
    statement.statement()
    differences = tuple(f"{place(text, at)}: {what}" for what, at in statement.differences.items())
    return CheckedQuery(_PROOF, cypher, statement.parameters, differences)


class _Statement(Patterns):
    """Reads clauses and the whole statement."""

    @property
    def parameters(self) -> frozenset[str]:
        """Those in strings and comments are none."""
        return frozenset(token.text for token in self.tokens if token.kind is Kind.PARAMETER)

    def statement(self) -> None:
        self._query(must_return=True)
        self.take(";")
        token = self.peek()
        if token.kind is Kind.END:
            return
        if self.tokens[self.position - 1].upper == ";":
            self.fail("several statements in one text", "Send one statement at a time.")
        self.fail_here("the end of the query was expected after RETURN")

    def subquery(self) -> None:
        self.need("{")
        if self.sees("(") or self.peek(1).upper == "=":
            self.match()
        else:
            self._query(must_return=False)
        self.need("}")

    def _query(self, *, must_return: bool) -> None:
        self._single(must_return=must_return)
        while self.take("UNION"):
            self.take("ALL")
            self._single(must_return=must_return)

    def _single(self, *, must_return: bool) -> None:
        """Read clauses up to RETURN; a subquery may do without it."""
        start = self.position
        readers: dict[str, Callable[[], None]] = {
            "MATCH": self.match,
            "UNWIND": self._unwind,
            "WITH": self._with,
        }
        while not self.take("RETURN"):
            if self.sees("OPTIONAL", "MATCH"):
                self.step()
            word = self.peek().upper
            if word not in readers:
                if not must_return and self.position > start and word in ("}", "UNION"):
                    return
                self._refuse_clause()
            self.step()
            readers[word]()
        self._items()
        self._order_and_limits()

    def _refuse_clause(self) -> None:
        token = self.peek()
        if token.kind is Kind.END or token.upper == ";":
            self.fail("the query returns nothing", "End it with RETURN.")
        word = token.upper if token.upper in RESERVED else token.text
        self.fail(f"{word} is not a clause of a reading query", remedy_for(token.text))

    def _unwind(self) -> None:
        self.expression()
        self.need("AS")
        self.name()

    def _with(self) -> None:
        self._items()
        self._order_and_limits()
        self.where()

    def _items(self) -> None:
        self.take("DISTINCT")
        while True:
            if not self.take("*"):
                self.expression()
                if self.take("AS"):
                    self.name()
            if not self.take(","):
                return

    def _order_and_limits(self) -> None:
        if self.take("ORDER", "BY"):
            while True:
                self.expression()
                any(self.take(word) for word in ("ASC", "DESC", "ASCENDING", "DESCENDING"))
                if not self.take(","):
                    break
        if self.take("SKIP"):
            self.expression()
        if self.take("LIMIT"):
            self.expression()

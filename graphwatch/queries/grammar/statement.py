"""Patterns, with an upper bound on everything that repeats; clauses; the whole statement."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from graphwatch.queries.grammar.clauses import (
    Clause,
    Element,
    Group,
    Hops,
    Item,
    Match,
    NodePattern,
    Path,
    Projection,
    Query,
    RelationPattern,
    Return,
    Single,
    Sort,
    Subquery,
    Unwind,
    With,
)
from graphwatch.queries.grammar.expressions import Expressions
from graphwatch.queries.grammar.tokens import AGGREGATING, RESERVED, Kind, refuse, remedy_for
from graphwatch.queries.grammar.tree import Call, Expression, Labels, Node, Parameter, Variable, children
from graphwatch.settings import QUERY_HOPS

# Of one text: more than anybody writes, and as many as are planned within a second.
_MOST_CLAUSES: Final = 200
_MOST_NODES: Final = 100
_BOUND_IT: Final = f"Give an upper bound of at most {QUERY_HOPS}, as in [*1..3] or {{1,3}}."


class Patterns(Expressions):
    """Reads node and relation patterns."""

    def match(self, *, at: int, optional: bool = False) -> Match:
        """Read what follows MATCH: patterns between commas, and WHERE."""
        paths = [self._named_path()]
        while self.take(","):
            paths.append(self._named_path())
        condition = self.where()
        if condition is not None:
            self._refuse_aggregate((condition,), "WHERE", "Aggregate in WITH, and put WHERE behind it.")
        return Match(tuple(paths), condition, optional, at=at, end=self.behind)

    def _refuse_aggregate(self, nodes: Iterable[Node], where: str, remedy: str) -> None:
        found = next(filter(None, map(_aggregate_in, nodes)), None)
        if found is not None:
            refuse(self.text, found.at, f"{found.name}() cannot stand in {where} here", remedy)

    def _named_path(self) -> Path:
        at, name = self.at, None
        if self.peek(1).upper == "=":
            name = self.variable().text
            self.need("=")
        path = self._path_or_shortest()
        return replace(path, variable=name, at=at, end=self.behind)

    def where(self) -> Expression | None:
        """Read WHERE and its condition, if they come next."""
        return self.expression() if self.take("WHERE") else None

    def _path_or_shortest(self) -> Path:
        """Read a path, or one of the ways to ask for the shortest."""
        word = self.peek().upper
        if word in ("SHORTESTPATH", "ALLSHORTESTPATHS"):
            self.step()
            self.need("(")
            path = self.path()
            self.need(")")
            return replace(path, shortest="one" if word == "SHORTESTPATH" else "all")
        if self.take("ANY", "SHORTEST") or (self.sees("SHORTEST") and self.peek(1).text == "1"):
            if self.take("SHORTEST"):
                self.step()
            return replace(self.path(), shortest="one")
        if self.take("ALL", "SHORTEST"):
            return replace(self.path(), shortest="all")
        return self.path()

    def path(self) -> Path:
        """Read nodes and relations in a row."""
        at = self.at
        elements: list[Element] = [self._path_element()]
        while True:
            if self.sees("-") or self.sees("<"):
                elements += [self._relation(), self._path_element()]
            elif self.sees("("):
                elements.append(self._path_element())
            else:
                return Path(None, tuple(elements), at=at, end=self.behind)

    def _path_element(self) -> Element:
        """Read a node, or a bracketed path with the number of times it may repeat."""
        at = self.at
        self.nodes += 1
        if self.nodes > _MOST_NODES:
            self.fail(f"more than {_MOST_NODES} nodes in the patterns of one text", "Ask in several texts.")
        self.need("(")
        if self.sees("("):
            path, condition = self.path(), self.where()
            self.need(")")
            return Group(path, condition, self._repeats(), at=at, end=self.behind)
        variable = self.variable().text if self.sees_name() else None
        labels = self.labels()
        properties, condition = self._conditions()
        self.need(")")
        return NodePattern(variable, labels, properties, condition, at=at, end=self.behind)

    def labels(self, *, within_expression: bool = False) -> Labels | None:
        if not self.take(":"):
            return None
        at, either = self.at, [self._all_labels()]
        while self.sees("|") and (not within_expression or self.bar_joins()):
            self.step()
            self.take(":")
            either.append(self._all_labels())
        return either[0] if len(either) == 1 else Labels("|", items=tuple(either), at=at, end=self.behind)

    def _all_labels(self) -> Labels:
        at, all_of = self.at, [self._label()]
        while self.take(":") or self.take("&"):
            all_of.append(self._label())
        return all_of[0] if len(all_of) == 1 else Labels("&", items=tuple(all_of), at=at, end=self.behind)

    def _label(self) -> Labels:
        at = self.at
        if self.take("!"):
            return Labels("!", items=(self._label(),), at=at, end=self.behind)
        if self.take("%"):
            return Labels("%", at=at, end=self.behind)
        return Labels("", self.name().text, at=at, end=self.behind)

    def _conditions(self) -> tuple[Expression | None, Expression | None]:
        properties: Expression | None = None
        if self.sees("{"):
            properties = self.map()
        elif self.peek().kind is Kind.PARAMETER:
            at = self.at
            properties = Parameter(self.step().text, at=at, end=self.behind)
        return properties, self.where()

    def _relation(self) -> RelationPattern:
        at, left = self.at, self.take("<")
        self.need("-")
        variable, labels, hops = None, None, None
        properties: Expression | None = None
        condition: Expression | None = None
        if self.take("["):
            variable = self.variable().text if self.sees_name() else None
            labels = self.labels()
            if self.take("*"):
                hops = self._hops()
            properties, condition = self._conditions()
            self.need("]")
        self.need("-")
        right = self.take(">")
        hops = self._repeats() or hops
        return RelationPattern(variable, labels, hops, properties, condition, left, right, at=at, end=self.behind)

    def _repeats(self) -> Hops | None:
        """Read a quantifier `{2,5}` if there is one."""
        if self.sees("+") or self.sees("*"):
            self.fail("a pattern repeats without an upper bound", _BOUND_IT)
        if not self.take("{"):
            return None
        hops = replace(self._bounds(","), braces=True)
        self.need("}")
        return hops

    def _hops(self) -> Hops:
        """Read the bounds behind `*` in a relation, with the embedded engine's words for kinds of walk."""
        every = self.take("ALL")
        words = ("SHORTEST", "TRAIL", "ACYCLIC")
        walk = next((word for word in words if self.take(word)), "")
        return replace(self._bounds(".."), walk=f"ALL {walk}" if every and walk else walk)

    def _bounds(self, separator: str) -> Hops:
        start = self.peek()
        least = most = self._whole_number()
        if self.take(separator):
            most = self._whole_number()
        if most is None:
            self.fail("a pattern repeats without an upper bound", _BOUND_IT, start)
        if most > QUERY_HOPS:
            self.fail(f"a pattern repeats more than {QUERY_HOPS} times", _BOUND_IT, start)
        return Hops(least, most, at=start.at, end=self.behind)

    def _whole_number(self) -> int | None:
        token = self.peek()
        if token.kind is not Kind.NUMBER:
            return None
        if not token.text.isdigit() or len(token.text) > 9:
            self.fail("a bound must be a whole number", _BOUND_IT)
        self.step()
        return int(token.text)


def _aggregate_in(node: Node) -> Call | None:
    """The first function of many rows in an expression, other than in its subqueries."""
    if isinstance(node, Call) and node.name in AGGREGATING:
        return node
    inner = () if isinstance(node, Subquery) else children(node)
    return next(filter(None, map(_aggregate_in, inner)), None)


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
            self._count()
            begin = self.step().at
            clauses.append(readers[word](begin))
        self._count()
        begin = self.step().at
        clauses.append(Return(self._projection(), at=begin, end=self.behind))
        return Single(tuple(clauses), at=at, end=self.behind)

    def _count(self) -> None:
        """Count the clauses, each of which is a step of planning and of computing."""
        self.clauses += 1
        if self.clauses > _MOST_CLAUSES:
            self.fail(f"more than {_MOST_CLAUSES} clauses in one text", "Ask in several texts.")

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
        for item in projection.items:
            if item.alias is None and not isinstance(item.expression, Variable):
                refuse(self.text, item.at, f"{item.text[:40]} has no name in WITH", "Name it with AS.")
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
        if not any(map(_aggregate_in, items)):
            self._refuse_aggregate(order, "ORDER BY", "Return it, too: RETURN a.id, count(*) AS n ORDER BY n.")
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

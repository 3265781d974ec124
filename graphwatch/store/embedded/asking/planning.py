"""The parts of a query: a text for the engine, and the clauses that graphwatch computes from its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphwatch.errors import QueryRefused
from graphwatch.queries.computing.clauses import Filter, is_aggregating
from graphwatch.queries.computing.expressions import Compiler
from graphwatch.queries.grammar.clauses import (
    Clause,
    Item,
    Match,
    PatternComprehension,
    PatternCondition,
    Projection,
    Query,
    Return,
    Single,
    Subquery,
    Unwind,
    With,
)
from graphwatch.queries.grammar.tokens import place
from graphwatch.queries.grammar.tree import Call, Expression, ListOf, Node, Property, Variable, mapped, walk
from graphwatch.queries.parsing import CheckedQuery
from graphwatch.store.embedded.asking.expressions import Otherwise, Sending, counted, entity
from graphwatch.store.embedded.asking.patterns import matched
from graphwatch.store.embedded.asking.plans import (
    Fetched,
    Part,
    Plan,
    changes_nothing,
    mentions,
    only_aggregates,
    reads_of,
    relations_in,
    uses,
)
from graphwatch.store.embedded.asking.scope import Bound, Scope, property_types
from graphwatch.store.embedded.slim import asked

_GRAPH: Final = (Match, Subquery, PatternCondition, PatternComprehension)
_REMEDY: Final = (
    "Find everything with MATCH first, and compute in the WITH and RETURN behind the last MATCH; or ask a "
    "Neo4j server. / Cari semuanya dengan MATCH dahulu, lalu hitung di WITH dan RETURN sesudah MATCH terakhir."
)


def plan(query: CheckedQuery, parameters: Mapping[str, Any], limit: int | None = None) -> Plan:
    """What the engine is asked, and what is computed from its rows.

    Args:
        parameters: with their values, whose types decide what the engine is asked.
        limit: rows that are wanted at most; a text without a LIMIT of its own asks for one more.

    Raises:
        QueryRefused: an embedded store cannot answer it as a Neo4j server does.

    >>> from graphwatch.queries import parse
    >>> plan(parse("MATCH (c:Cluster) RETURN c.size AS size"), {}).parts[0].sent
    'MATCH (v1:`Cluster`) RETURN v1.`size` AS c0'
    """
    wanted = limit if len(query.tree.parts) == 1 else None
    parts = tuple(_Planning(query, parameters, wanted).part(single) for single in query.tree.parts)
    return Plan(parts, query.tree.all)


@dataclass(slots=True)
class _Planning:
    """Goes through the clauses of one query, as far as the engine can be trusted with them."""

    query: CheckedQuery
    parameters: Mapping[str, Any]
    limit: int | None
    scope: Scope = field(default_factory=Scope)
    text: list[str] = field(default_factory=list)
    delayed: list[Clause] = field(default_factory=list)
    possible: bool = True
    relations: int = 0
    sending: Sending = field(init=False)

    def __post_init__(self) -> None:
        self.sending = Sending(self.parameters, self._subquery)

    def part(self, single: Single) -> Part:
        """The plan of a query without UNION."""
        clauses = list(single.clauses)
        self.relations = sum(relations_in(c) for c in clauses if isinstance(c, Match))
        last = max((i for i, c in enumerate(clauses) if isinstance(c, Match)), default=-1)
        if not any(isinstance(n, _GRAPH) for n in walk(single)):
            return self._computed(clauses)
        for index, clause in enumerate(clauses):
            try:
                done = self._clause(clause, clauses[index + 1 :], beyond=index > last)
            except Otherwise as stop:
                if index < last or isinstance(clause, Match):
                    self._refuse(stop.node if stop.node.at >= 0 else clause, stop.remedy)
                done = False
            if not done:
                return self._rest(clauses[index:])
        names = clauses[-1].projection  # type: ignore[attr-defined]
        return self._sent((), (), tuple(item.name for item in names.items))

    def _refuse(self, node: Node, remedy: str = "") -> None:
        raise QueryRefused(
            "an embedded store cannot do this within a pattern, or before a further MATCH, as a Neo4j server does",
            where=place(self.query.text, max(node.at, 0)),
            remedy=remedy or _REMEDY,
        )

    def _computed(self, clauses: list[Clause]) -> Part:
        return Part("", True, (), tuple(clauses), (), frozenset())

    def _sent(self, fetched: tuple[Fetched, ...], clauses: tuple[Clause, ...], names: tuple[str, ...]) -> Part:
        used = frozenset(self.sending.used)
        return Part(" ".join(self.text), self.possible, fetched, clauses, names, used)

    # --- clauses for the engine ---

    def _clause(self, clause: Clause, rest: list[Clause], *, beyond: bool) -> bool:
        """Write a clause for the engine; False where it is left to be computed."""
        if isinstance(clause, Match):
            self._match(clause)
            return True
        if self.delayed or not self.possible:
            if not beyond:
                if not self.possible:
                    return False
                raise Otherwise(clause)
            return False
        if isinstance(clause, Unwind):
            return not beyond and self._unwind(clause)
        if isinstance(clause, With):
            return self._with(clause, rest, beyond=beyond)
        assert isinstance(clause, Return)
        return self._return(clause)

    def _match(self, clause: Match) -> None:
        outer, used = self.scope.copy(), set(self.sending.used)
        found = matched(clause, self.scope)
        if not found.possible:
            if clause.optional:
                news = self.scope.bound.keys() - outer.bound.keys()
                self.scope.bound = {**outer.bound, **{name: Bound("", "null") for name in news}}
                self.sending.used = used
            else:
                self.possible = False
            return
        within: list[tuple[str, tuple[str, ...]]] = []
        behind: list[tuple[str, tuple[str, ...]]] = []
        for text, speaks in found.written:
            (behind if speaks and self._is_long(clause) else within).append((text, speaks))
        for condition in found.conditions:
            try:
                text = self.sending.condition(condition, self.scope)
            except Otherwise as stop:
                if clause.optional or any(isinstance(n, _GRAPH) for n in walk(condition)):
                    raise Otherwise(condition if condition.at >= 0 else stop.node) from stop
                self.delayed.append(Filter(condition, at=condition.at, end=condition.end))
                continue
            speaks = self._relations_in(condition)
            (behind if speaks and self._is_long(clause) else within).append((text, speaks))
        where = f" WHERE {' AND '.join(text for text, _ in within)}" if within else ""
        self.text.append(f"{'OPTIONAL ' if clause.optional else ''}MATCH {found.pattern}{where}")
        if behind:
            self._apart(behind)

    def _is_long(self, clause: Match) -> bool:
        """Whether the engine answers a condition on a relation wrongly beside so many others."""
        return self.relations > 2 and not clause.optional

    def _apart(self, conditions: list[tuple[str, tuple[str, ...]]]) -> None:
        """Ask for conditions on relations behind the pattern, of values that were taken from them."""
        taken: dict[str, str] = {}
        texts = []
        for text, names in conditions:
            for name in names:
                for read in sorted(set(reads_of(text, name)), key=len, reverse=True):
                    taken.setdefault(read, self.scope.fresh())
                    text = text.replace(read, taken[read])
            texts.append(text)
        columns = ", ".join(f"{read} AS {name}" for read, name in taken.items())
        self.text.append(f"WITH *, {columns} WHERE {' AND '.join(texts)}")

    def _relations_in(self, condition: Expression) -> tuple[str, ...]:
        bound = (entity(n, self.scope) for n in walk(condition))
        return tuple({b.engine for b in bound if b is not None and b.kind == "relation"})

    def _unwind(self, clause: Unwind) -> bool:
        if isinstance(clause.source, ListOf):
            sent = [self.sending.write(item, self.scope) for item in clause.source.items]
            types = {type for type, _ in sent}
            text = f"[{', '.join(text for _, text in sent)}]"
        else:
            type, text = self.sending.write(clause.source, self.scope)
            types = {type.removeprefix("list of ")} if type.startswith("list of ") else set()
        if len(types) != 1:
            raise Otherwise(clause)
        name = self.scope.fresh()
        self.scope.bound[clause.name] = Bound(name, "value", type=types.pop())
        self.text.append(f"UNWIND {text} AS {name}")
        return True

    def _with(self, clause: With, rest: list[Clause], *, beyond: bool) -> bool:
        projection = clause.projection
        if projection.order or projection.skip or projection.limit:
            if beyond:
                return False
            if projection.limit is None or any(
                isinstance(n, Call) and n.name == "collect" for c in rest for n in walk(c)
            ):
                raise Otherwise(clause)
        columns, after = self._columns(projection)
        order = self._order(projection, after)
        limits = self._limits(projection)
        self.text.append(f"WITH {'DISTINCT ' if projection.distinct else ''}{columns}{order}{limits}")
        self.scope.bound = after.bound
        if limits:
            # Without it the engine forgets the order where an aggregate follows.
            self.text.append(f"UNWIND [1] AS {self.scope.fresh()}")
        if clause.condition is not None:
            condition = self.sending.condition(clause.condition, self.scope)
            if limits:
                names = ", ".join(dict.fromkeys(b.engine for b in after.bound.values() if b.engine))
                self.text.append(f"WITH {names}")
            self.text.append(f"WHERE {condition}")
        return True

    def _columns(self, projection: Projection) -> tuple[str, Scope]:
        after = Scope({}, self.scope.made)
        columns: list[str] = []
        aggregating = any(is_aggregating(item.expression) for item in projection.items)
        if projection.star:
            named = {n: b for n, b in self.scope.bound.items() if not n.startswith("#")}
            after.bound.update(named)
            columns += dict.fromkeys(b.engine for b in named.values() if b.engine)
        for item in projection.items:
            if isinstance(item.expression, Variable) and item.expression.name in self.scope.bound:
                bound = self.scope.bound[item.expression.name]
                if bound.kind == "value" and not bound.type:
                    raise Otherwise(item)
                name = bound.engine
                if bound.engine and name not in columns:
                    columns.append(name)
                after.bound[item.name] = bound
                continue
            type, text = self._item(item, aggregating=aggregating)
            name = self.scope.fresh()
            columns.append(f"{text} AS {name}")
            after.bound[item.name] = Bound(name, "value", type=type)
        if not columns:
            raise Otherwise(projection)
        return ", ".join(columns), after

    def _item(self, item: Item, *, aggregating: bool) -> tuple[str, str]:
        """Type and text of a column; what mixes aggregates with values of rows is left to be computed."""
        expression = item.expression
        if aggregating and is_aggregating(expression) and not only_aggregates(expression):
            raise Otherwise(item)
        return self.sending.write(expression, self.scope)

    def _order(self, projection: Projection, after: Scope) -> str:
        if not projection.order:
            return ""
        aggregating = projection.distinct or any(is_aggregating(i.expression) for i in projection.items)
        keys = []
        for key in projection.order:
            same = next((i for i in projection.items if i.expression == key.expression and i.name in after.bound), None)
            expression: Expression = Variable(same.name) if same is not None else key.expression
            scope = after
            if not isinstance(expression, Variable) and not aggregating:
                scope = Scope({**self.scope.bound, **after.bound}, self.scope.made)
            type, text = self.sending.write(expression, scope)
            if type.startswith("list") or is_aggregating(expression):
                raise Otherwise(key)
            keys.append(text + (" DESC" if key.descending else ""))
        return f" ORDER BY {', '.join(keys)}"

    def _limits(self, projection: Projection) -> str:
        text = ""
        for word, expression in (("SKIP", projection.skip), ("LIMIT", projection.limit)):
            if expression is not None:
                value = Compiler(self.query.text, self.parameters).compile(expression)({})
                if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                    raise Otherwise(expression)
                text += f" {word} {value}"
        return text

    def _return(self, clause: Return) -> bool:
        projection = clause.projection
        if projection.star or len({i.name for i in projection.items}) < len(projection.items):
            return False
        aggregating = any(is_aggregating(item.expression) for item in projection.items)
        after, columns = Scope({}, self.scope.made), []
        for index, item in enumerate(projection.items):
            type, text = self._item(item, aggregating=aggregating)
            columns.append(f"{text} AS c{index}")
            after.bound[item.name] = Bound(f"c{index}", "value", type=type)
        order, limits = self._order(projection, after), self._limits(projection)
        if projection.limit is None and self.limit is not None:
            limits += f" LIMIT {self.limit + 1}"
        self.text.append(f"RETURN {'DISTINCT ' if projection.distinct else ''}{', '.join(columns)}{order}{limits}")
        return True

    def _subquery(self, query: Query, scope: Scope) -> str:
        """`{ MATCH … WHERE … }` for EXISTS and COUNT."""
        (single, *others), inner = query.parts, scope.copy()
        clauses = [c for c in single.clauses if not (isinstance(c, Return) and changes_nothing(c.projection))]
        if others or len(clauses) != 1 or not isinstance(clauses[0], Match) or clauses[0].optional:
            raise Otherwise(query)
        found = matched(clauses[0], inner)
        if not found.possible or found.relations > 2:
            raise Otherwise(query)
        texts = [text for text, _ in found.written]
        texts += [self.sending.condition(condition, inner) for condition in found.conditions]
        return f"{{ MATCH {found.pattern}{' WHERE ' + ' AND '.join(texts) if texts else ''} }}"

    # --- what is left to be computed ---

    def _rest(self, clauses: Sequence[Clause]) -> Part:
        """End the text for the engine with what the remaining clauses need."""
        fetched: list[Fetched] = []
        columns: list[str] = []
        computed = [*self.delayed, *self._lifted(clauses, fetched, columns)]
        if any(isinstance(n, _GRAPH) for clause in computed for n in walk(clause)) and self.possible:
            Compiler(self.query.text, self.parameters).compile(
                next(n for clause in computed for n in walk(clause) if isinstance(n, _GRAPH))  # type: ignore[arg-type]
            )
        computed = [c for c in computed if not isinstance(c, Match)]
        for name, bound in self.scope.bound.items():
            if not name.startswith("#") or bound.kind == "relations" or mentions(computed, name):
                fetched.append(self._fetch(name, bound, computed, columns))
        text = f"RETURN {', '.join(columns)}" if columns else "RETURN 1 AS c0"
        if self.text:
            self.text.append(text)
        return self._sent(tuple(fetched), tuple(computed), ())

    def _lifted(self, clauses: Sequence[Clause], fetched: list[Fetched], columns: list[str]) -> list[Clause]:
        """The clauses with what looks into the graph taken from the engine, up to the first projection."""

        def lift(node: Any) -> Any:
            if isinstance(node, Call) and node.name == "size" and isinstance(node.arguments[0], PatternComprehension):
                node = counted(node.arguments[0])
            if isinstance(node, Subquery | PatternCondition):
                try:
                    _, text = self.sending.write(node, self.scope)
                except Otherwise as stop:
                    self._refuse(stop.node if stop.node.at >= 0 else node)
                columns.append(f"{text} AS c{len(columns)}")
                name = f"#s{len(columns)}"
                fetched.append(Fetched(name, "value", (("", f"c{len(columns) - 1}"),)))
                return Variable(name, at=node.at, end=node.end)
            return mapped(node, lift)

        made: list[Clause] = []
        first = True
        for clause in clauses:
            made.append(lift(clause) if first and self.possible else clause)
            first = first and not isinstance(clause, With | Return)
        return made

    def _fetch(self, name: str, bound: Bound, clauses: Sequence[Clause], columns: list[str]) -> Fetched:
        def column(text: str) -> str:
            columns.append(f"{text} AS c{len(columns)}")
            return f"c{len(columns) - 1}"

        if bound.kind == "null":
            return Fetched(name, "null", ())
        if bound.kind not in ("node", "relation"):
            there = (("#found", column(bound.witness)),) if bound.witness else ()
            return Fetched(name, bound.kind, (("", column(bound.engine)), *there))
        whole, used = uses(clauses, name)
        if whole:
            return Fetched(name, "whole", (("", column(bound.engine)),))
        own = [("#id", column(f"id({bound.engine})")), ("#label", column(f"label({bound.engine})"))]
        for property in sorted(used):
            types = property_types(bound.labels, property)
            if len(types) > 1:
                self._refuse_mixed(property, clauses)
            if types:
                own.append((property, column(asked(bound.engine, property, bound.labels))))
        return Fetched(name, bound.kind, tuple(own))

    def _refuse_mixed(self, property: str, clauses: Sequence[Clause]) -> None:
        at = next((n.at for c in clauses for n in walk(c) if isinstance(n, Property) and n.name == property), 0)
        raise QueryRefused(
            f"{property!r} is of different types on the labels that may stand there",
            where=place(self.query.text, max(at, 0)),
            remedy="Name one label in the pattern, as (c:Cluster). / Sebutkan satu label, misalnya (c:Cluster).",
        )

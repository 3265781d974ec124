"""graphwatch's own questions as SQL over the record, so that they do not wait for a graph that is behind.

A question is Cypher, written once; here is the part of it that those questions use which are asked right after a load:
patterns of single relations, WITH, EXISTS, aggregates. What has another form is left to the graph.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from graphwatch.errors import QueryRefused
from graphwatch.model import node as declared_node
from graphwatch.model import relation as declared_relation
from graphwatch.model.declaring import Type
from graphwatch.queries.grammar import read_statement
from graphwatch.queries.grammar.clauses import (
    Item,
    Match,
    NodePattern,
    Path,
    Projection,
    Query,
    RelationPattern,
    Return,
    Sort,
    Unwind,
    With,
)
from graphwatch.queries.grammar.tokens import AGGREGATING
from graphwatch.queries.grammar.tree import Call, Expression, Labels, MapOf, Node, Variable, walk
from graphwatch.store.embedded.record_expressions import NotOfRecord, quoted, written

Table = tuple[str, str | None, str | None]
"""Name of a node or relation, and the labels of a relation's ends."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a variable stands for: a node (`label`), a relation (`types`), or a value (neither)."""

    value: str
    label: str = ""
    types: tuple[str, ...] = ()
    table: str = ""
    """The table that its properties are read from; of a node it is joined when one is asked for."""
    optional: bool = False


@lru_cache(maxsize=256)
def _read(cypher: str) -> Query:
    return read_statement(cypher)


def in_sql(cypher: str, given: Mapping[str, Any], named: Callable[[Table], str]) -> str:
    """A question as SQL.

    Args:
        cypher: the question.
        given: its parameters.
        named: the SQL of one of the record's tables.

    Raises:
        NotOfRecord: it has a form that only the graph answers.

    >>> print(in_sql("MATCH (a:Account)-[r:LIKED]->(o:Post) RETURN a.id AS a", {}, lambda table: table[0]))
    SELECT t1."from" AS "a" FROM LIKED AS t1
    """
    try:
        query = _read(cypher)
    except QueryRefused as error:
        raise NotOfRecord(cypher) from error
    if len(query.parts) != 1:
        raise NotOfRecord("UNION")
    asking = _Asking(given, named)
    for clause in query.parts[0].clauses:
        if isinstance(clause, Match):
            asking.match(clause)
        elif isinstance(clause, With):
            asking.go_on(clause)
        elif isinstance(clause, Unwind):
            asking.unwind(clause)
        elif isinstance(clause, Return):
            return asking.selected(clause.projection)
    raise NotOfRecord(cypher)


@dataclass(slots=True)
class _Counter:
    last: int = 0

    def fresh(self) -> str:
        self.last += 1
        return f"t{self.last}"


@dataclass(slots=True)
class _Asking:
    """Goes through the clauses of a question."""

    given: Mapping[str, Any]
    named: Callable[[Table], str]
    bound: dict[str, _Bound] = field(default_factory=dict)
    counter: _Counter = field(default_factory=_Counter)
    sources: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    outer: "_Asking | None" = None

    # --- what names stand for ---

    def value(self, name: str) -> str:
        return self._of(name).value

    def property(self, name: str, property: str) -> str:
        bound = self._of(name)
        if bound.label:
            return bound.value if property == "id" else self._joined(name, property)
        if not bound.types:
            raise NotOfRecord("property of a value")
        if not any(p.name == property for type in bound.types for p in declared_relation(type).properties):
            raise NotOfRecord(property)
        return f"{bound.table}.{quoted(property)}"

    def is_integer(self, name: str, property: str) -> bool:
        bound = self._of(name)
        declared = [declared_node(bound.label)] if bound.label else [declared_relation(t) for t in bound.types]
        types = {p.type for element in declared for p in element.properties if p.name == property}
        return types == {Type.INTEGER}

    def exists(self, query: Query) -> str:
        if len(query.parts) != 1 or len(query.parts[0].clauses) != 1:
            raise NotOfRecord("EXISTS")
        [clause] = query.parts[0].clauses
        if not isinstance(clause, Match) or clause.optional:
            raise NotOfRecord("EXISTS")
        inner = _Asking(self.given, self.named, dict(self.bound), self.counter, outer=self)
        inner.match(clause)
        return f"EXISTS (SELECT 1{inner._from()})"

    def _of(self, name: str) -> _Bound:
        if name not in self.bound:
            raise NotOfRecord(name)
        return self.bound[name]

    def _joined(self, name: str, property: str) -> str:
        """A property of a node, whose table is joined by its id where it is not yet."""
        bound = self.bound[name]
        if not any(p.name == property for p in declared_node(bound.label).properties):
            raise NotOfRecord(property)
        if not bound.table:
            if self.outer is not None and self.outer.bound.get(name) == bound:
                return self.outer._joined(name, property)
            table = self.counter.fresh()
            kind = "LEFT JOIN" if bound.optional else "JOIN"
            source = self.named((bound.label, None, None))
            self.sources.append(f'{kind} {source} AS {table} ON {table}."id" = {bound.value}')
            bound = self.bound[name] = replace(bound, table=table)
        return f"{bound.table}.{quoted(property)}"

    # --- patterns ---

    def match(self, clause: Match) -> None:
        """Add what a pattern finds."""
        if clause.optional:
            self._match_optional(clause)
            return
        seen: set[str] = set()
        for path in clause.paths:
            for type in self._path(path):
                if type in seen:
                    raise NotOfRecord("one relation may not stand for two")
                seen.add(type)
        if clause.condition is not None:
            self.conditions.append(self._write(clause.condition))

    def _path(self, path: Path) -> Iterator[str]:
        """Bind the nodes and relations of a path; gives the types of its relations."""
        elements = path.elements
        if path.variable is not None or path.shortest:
            raise NotOfRecord("path")
        nodes = [self._named(element) for element in elements[::2]]
        patterns = elements[::2]
        for place, relation in enumerate(elements[1::2]):
            if not isinstance(relation, RelationPattern):
                raise NotOfRecord("group")
            yield from self._relation(nodes[place], relation, nodes[place + 1], *patterns[place : place + 2])
        if len(elements) == 1 and nodes[0] not in self.bound:
            self._node(nodes[0], _label(patterns[0]))
        for name, pattern in zip(nodes, patterns, strict=True):
            self._asked_of(name, pattern)

    def _named(self, pattern: Node) -> str:
        if not isinstance(pattern, NodePattern) or pattern.condition is not None:
            raise NotOfRecord("pattern")
        return pattern.variable or f" {self.counter.fresh()}"

    def _asked_of(self, name: str, pattern: Node) -> None:
        """What stands inside the brackets of a node: its label, and properties with their values."""
        assert isinstance(pattern, NodePattern)
        label = _label(pattern)
        if label and self.bound[name].label != label:
            raise NotOfRecord("label")
        if pattern.properties is None:
            return
        if not isinstance(pattern.properties, MapOf):
            raise NotOfRecord("properties")
        for entry in pattern.properties.entries:
            self.conditions.append(f"({self.property(name, entry.key)} = {self._write(entry.value)})")

    def _node(self, name: str, label: str) -> None:
        if not label:
            raise NotOfRecord("node without a label")
        table = self.counter.fresh()
        self._add(f"{self.named((label, None, None))} AS {table}", ())
        self.bound[name] = _Bound(f'{table}."id"', label=label, table=table)

    def _relation(
        self, left: str, relation: RelationPattern, right: str, at_left: Node, at_right: Node
    ) -> tuple[str, ...]:
        types, start, end, ends = self._ends(left, relation, right, at_left, at_right)
        table = self.counter.fresh()
        known = [
            f"{table}.{quoted(column)} = {self.bound[name].value}"
            for name, column in ((start, "from"), (end, "to"))
            if name in self.bound
        ]
        self._add(f"{self._tables(types, ends)} AS {table}", known)
        for name, column, label in ((start, "from", ends[0]), (end, "to", ends[1])):
            if name not in self.bound:
                self.bound[name] = _Bound(f"{table}.{quoted(column)}", label=label)
        if relation.variable is not None:
            self.bound[relation.variable] = _Bound(f'{table}."id"', types=types, table=table)
        return types

    def _ends(
        self, left: str, relation: RelationPattern, right: str, at_left: Node, at_right: Node
    ) -> tuple[tuple[str, ...], str, str, tuple[str, str]]:
        """The types of a relation, the names of its ends, and their labels, which only one pair can be."""
        types = _types(relation)
        start, end = (right, left) if relation.left else (left, right)
        labels = {name: self.bound[name].label for name in (left, right) if name in self.bound}
        for name, pattern in ((left, at_left), (right, at_right)):
            labels.setdefault(name, _label(pattern))
        fitting = {
            pair
            for type in types
            for pair in declared_relation(type).ends
            if all(not labels[name] or labels[name] == label for name, label in zip((start, end), pair, strict=True))
        }
        if len(fitting) != 1:
            raise NotOfRecord("ends")
        [pair] = fitting
        if any(pair not in declared_relation(type).ends for type in types):
            raise NotOfRecord("ends")
        return types, start, end, pair

    def _tables(self, types: tuple[str, ...], ends: tuple[str, str]) -> str:
        if len(types) == 1:
            return self.named((types[0], *ends))
        every = [f"SELECT * FROM {self.named((type, *ends))}" for type in types]  # noqa: S608 - of the model
        return f"({' UNION ALL BY NAME '.join(every)})"

    def _match_optional(self, clause: Match) -> None:
        """One relation from a node that is known to one that is not."""
        elements = clause.paths[0].elements
        if len(clause.paths) != 1 or len(elements) != 3:
            raise NotOfRecord("OPTIONAL MATCH")
        at_left, relation, at_right = elements
        if not isinstance(relation, RelationPattern):
            raise NotOfRecord("OPTIONAL MATCH")
        left, right = self._named(at_left), self._named(at_right)
        known = [name for name in (left, right) if name in self.bound]
        if len(known) != 1 or clause.condition is not None or clause.paths[0].variable:
            raise NotOfRecord("OPTIONAL MATCH")
        types, start, end, ends = self._ends(left, relation, right, at_left, at_right)
        table = self.counter.fresh()
        for name, column, label in ((start, "from", ends[0]), (end, "to", ends[1])):
            if name in self.bound:
                on = f"{table}.{quoted(column)} = {self.bound[name].value}"
            else:
                self.bound[name] = _Bound(f"{table}.{quoted(column)}", label=label, optional=True)
        self.sources.append(f"LEFT JOIN {self._tables(types, ends)} AS {table} ON {on}")
        if relation.variable is not None:
            self.bound[relation.variable] = _Bound(f'{table}."id"', types=types, table=table)

    def _add(self, source: str, conditions: tuple[str, ...] | list[str]) -> None:
        if self.sources:
            self.sources.append(f"JOIN {source} ON {' AND '.join(conditions) or 'true'}")
        else:
            self.sources.append(source)
            self.conditions += conditions

    # --- clauses ---

    def unwind(self, clause: Unwind) -> None:
        """A row for each entry of a list."""
        table, column = self.counter.fresh(), quoted(clause.name)
        source = f"(SELECT unnest({self._write(clause.source)}) AS {column}) AS {table}"
        self._add(source, ())
        self.bound[clause.name] = _Bound(f"{table}.{column}")

    def go_on(self, clause: With) -> None:
        """Names that go on; rows are gathered where they are to be distinct or are aggregated."""
        projection = clause.projection
        if projection.star or projection.order or projection.skip or projection.limit:
            raise NotOfRecord("WITH")
        going = {item.name: self._goes_on(item) for item in projection.items}
        if projection.distinct or any(_aggregates(item.expression) for item in projection.items):
            going = self._gathered(projection, going)
        self.bound = going
        if clause.condition is not None:
            self.conditions.append(self._write(clause.condition))

    def _goes_on(self, item: Item) -> _Bound:
        if isinstance(item.expression, Variable):
            return self._of(item.expression.name)
        return _Bound(self._write(item.expression))

    def _gathered(self, projection: Projection, going: dict[str, _Bound]) -> dict[str, _Bound]:
        if any(bound.types for bound in going.values()):
            raise NotOfRecord("WITH of a relation")
        told = [f"{bound.value} AS {quoted(name)}" for name, bound in going.items()]
        table, query = self.counter.fresh(), self._select(told, projection)
        self.sources, self.conditions = [f"({query}) AS {table}"], []
        return {name: replace(bound, value=f"{table}.{quoted(name)}", table="") for name, bound in going.items()}

    def selected(self, projection: Projection) -> str:
        """The SQL of all rows."""
        if projection.star or projection.skip or any(_is_whole(item, self.bound) for item in projection.items):
            raise NotOfRecord("RETURN")
        values = {item.name: self._write(item.expression) for item in projection.items}
        told = [f"{value} AS {quoted(name)}" for name, value in values.items()]
        if not projection.order and projection.limit is None:
            return self._select(told, projection)
        keys = [self._key(sort, values, projection) for sort in projection.order]
        hidden = [f'{key} AS " {place}"' for place, key in enumerate(keys)]
        order = [
            f'" {place}" {"DESC NULLS FIRST" if sort.descending else "ASC NULLS LAST"}'
            for place, sort in enumerate(projection.order)
        ]
        inner = self._select([*told, *hidden], projection)
        query = f"SELECT {', '.join(map(quoted, values))} FROM ({inner})"  # noqa: S608 - names are quoted
        query += f" ORDER BY {', '.join(order)}" if order else ""
        return query if projection.limit is None else f"{query} LIMIT {self._write(projection.limit)}"

    def _key(self, sort: Sort, values: Mapping[str, str], projection: Projection) -> str:
        if projection.distinct and not (isinstance(sort.expression, Variable) and sort.expression.name in values):
            raise NotOfRecord("ORDER BY")
        before = self.bound
        self.bound = {**before, **{name: _Bound(value) for name, value in values.items()}}
        try:
            return self._write(sort.expression)
        finally:
            self.bound = before | {name: b for name, b in self.bound.items() if name in before and name not in values}

    def _select(self, told: list[str], projection: Projection) -> str:
        grouped = ""
        if any(_aggregates(item.expression) for item in projection.items):
            if projection.distinct:
                raise NotOfRecord("DISTINCT")
            places = [str(n) for n, item in enumerate(projection.items, 1) if not _aggregates(item.expression)]
            grouped = f" GROUP BY {', '.join(places)}" if places else ""
            if len(told) > len(projection.items):
                grouped = " GROUP BY ALL"
        return f"SELECT {'DISTINCT ' if projection.distinct else ''}{', '.join(told)}{self._from()}{grouped}"

    def _from(self) -> str:
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return (f" FROM {' '.join(self.sources)}" if self.sources else "") + where

    def _write(self, node: Expression) -> str:
        return written(node, self, self.given)


def _label(pattern: Node) -> str:
    assert isinstance(pattern, NodePattern)
    names = _names(pattern.labels)
    if len(names) > 1:
        raise NotOfRecord("labels")
    return names[0] if names else ""


def _types(relation: RelationPattern) -> tuple[str, ...]:
    is_plain = relation.hops is None and relation.properties is None and relation.condition is None
    if not is_plain or relation.left == relation.right:
        raise NotOfRecord("relation")
    types = _names(relation.labels)
    if not types:
        raise NotOfRecord("relation without a type")
    return types


def _names(labels: Labels | None) -> tuple[str, ...]:
    if labels is None:
        return ()
    if labels.name:
        return (labels.name,)
    if labels.operator != "|" or not all(item.name for item in labels.items):
        raise NotOfRecord("labels")
    return tuple(item.name for item in labels.items)


def _aggregates(node: Node) -> bool:
    return any(isinstance(n, Call) and n.name in AGGREGATING for n in walk(node))


def _is_whole(item: Item, bound: Mapping[str, _Bound]) -> bool:
    """Whether a node or relation itself is asked for."""
    if not isinstance(item.expression, Variable):
        return False
    of = bound.get(item.expression.name, _Bound(""))
    return bool(of.label or of.types)

"""A reading query as a tree: patterns, the values that look into the graph with them, and clauses."""

from dataclasses import dataclass, field

from graphwatch.queries.grammar.tree import Expression, Labels, Node


@dataclass(frozen=True, slots=True)
class NodePattern(Node):
    """`(variable:Label {property: value} WHERE condition)`."""

    variable: str | None
    labels: Labels | None
    properties: Expression | None
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Hops(Node):
    """How often a relation or group repeats; `walk` is the embedded engine's word for a kind of walk."""

    least: int | None
    most: int
    walk: str = ""
    braces: bool = False


@dataclass(frozen=True, slots=True)
class RelationPattern(Node):
    """`<-[variable:TYPE *1..3 {property: value}]-`; `left` and `right` are its arrow heads."""

    variable: str | None
    labels: Labels | None
    hops: Hops | None
    properties: Expression | None
    condition: Expression | None
    left: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Group(Node):
    """`((a)-[r]->(b) WHERE condition){1,3}`."""

    path: "Path"
    condition: Expression | None
    hops: Hops | None


Element = NodePattern | RelationPattern | Group


@dataclass(frozen=True, slots=True)
class Path(Node):
    """Nodes and relations in turn; `shortest` is empty, `one` or `all`."""

    variable: str | None
    elements: tuple[Element, ...]
    shortest: str = ""


@dataclass(frozen=True, slots=True)
class PatternCondition(Expression):
    """A path as a condition: whether there is one."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class PatternComprehension(Expression):
    """`[path WHERE condition | result]`."""

    path: "Path"
    condition: Expression | None
    result: Expression


@dataclass(frozen=True, slots=True)
class Item(Node):
    """A column of WITH or RETURN; `text` is what was written, which names it where no alias does."""

    expression: Expression
    alias: str | None
    text: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """What the column is called."""
        return self.text if self.alias is None else self.alias


@dataclass(frozen=True, slots=True)
class Sort(Node):
    """One key of ORDER BY."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Projection(Node):
    """What WITH and RETURN have in common."""

    items: tuple[Item, ...]
    star: bool = False
    distinct: bool = False
    order: tuple[Sort, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None


class Clause(Node):
    """One step of a query."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Match(Clause):
    """`[OPTIONAL] MATCH path, … WHERE condition`."""

    paths: tuple[Path, ...]
    condition: Expression | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Unwind(Clause):
    """`UNWIND source AS name`."""

    source: Expression
    name: str


@dataclass(frozen=True, slots=True)
class With(Clause):
    """`WITH … WHERE condition`."""

    projection: Projection
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Return(Clause):
    """`RETURN …`."""

    projection: Projection


@dataclass(frozen=True, slots=True)
class Single(Node):
    """Clauses in a row."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Query(Node):
    """One or more queries joined by UNION; `all` tells of each join whether it keeps duplicates."""

    parts: tuple[Single, ...]
    all: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Subquery(Expression):
    """`EXISTS { … }` or `COUNT { … }`."""

    kind: str
    query: "Query"

"""Data on their way between rooms: graph tables as Arrow, and interactions as columns.

Ingest and detect make graph tables, a store takes them. A node table has the columns of its declaration; a
relation table has `from` and `to` (ids of its ends) before them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.common.large_arrays import kept
from graphwatch.model import Element, elements, node, relation
from graphwatch.model.declaring import Node, Relation, Type

ARROW_TYPES: Final = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.REAL: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.TEXTS: pa.list_(pa.string()),
}


def schema_of(element: Element) -> pa.Schema:
    """The Arrow schema of a node or relation table.

    >>> schema_of(relation("SUPPORTS")).names
    ['from', 'to', 'id']
    """
    ends = [("from", pa.string()), ("to", pa.string())] if isinstance(element, Relation) else []
    return pa.schema(ends + [(p.name, ARROW_TYPES[p.type]) for p in element.properties])


def conform(batch: pa.Table | pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """The batch with exactly the columns of the schema; absent ones are null, foreign ones dropped."""
    known = set(batch.schema.names)
    columns = [
        _plain(batch.column(f.name)).cast(f.type) if f.name in known else pa.nulls(batch.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)


def in_pieces(batches: Iterable[pa.Table | pa.RecordBatch], schema: pa.Schema, rows: int) -> Iterator[pa.Table]:
    """The rows of all batches in their order and as `conform` has them, in pieces of at least `rows` but for the last.

    >>> schema = pa.schema([("id", pa.string())])
    >>> batches = [pa.table({"id": [id]}) for id in "abcde"]
    >>> [piece.num_rows for piece in in_pieces(batches, schema, 2)]
    [2, 2, 1]
    """
    held: list[pa.Table] = []
    gathered = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        held.append(conform(batch, schema))
        gathered += batch.num_rows
        if gathered >= rows:
            yield pa.concat_tables(held)
            held, gathered = [], 0
    if held:
        yield pa.concat_tables(held)


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


@dataclass(frozen=True, slots=True)
class GraphTable:
    """Rows of one kind; keys are unique within `batches`, and columns absent from a batch count as null."""

    element: Element
    batches: Iterable[pa.RecordBatch]
    start: str | None = None
    end: str | None = None

    @property
    def schema(self) -> pa.Schema:
        return schema_of(self.element)


def node_table(label: str, batches: Iterable[pa.RecordBatch]) -> GraphTable:
    """A table of nodes of that label."""
    declared: Node = node(label)
    return GraphTable(declared, batches)


def relation_table(type: str, start: str, end: str, batches: Iterable[pa.RecordBatch]) -> GraphTable:
    """A table of relations of that type from nodes labelled `start` to nodes labelled `end`.

    Raises:
        ValueError: where the model declares no such pair of ends.
    """
    declared = relation(type)
    if (start, end) not in declared.ends:
        raise ValueError(f"{type} does not lead from {start} to {end}")
    return GraphTable(declared, batches, start, end)


def node_rows(label: str, rows: Iterable[Mapping[str, Any]]) -> GraphTable:
    """A table of these nodes; a property that a row does not have is null, and leaves what a store knows as it is.

    >>> [batch.to_pylist() for batch in node_rows("Watch", [{"id": "x:1"}]).batches][0][0]["reason"] is None
    True
    """
    return node_table(label, [_batch(node(label), rows)])


def relation_rows(type: str, start: str, end: str, rows: Iterable[Mapping[str, Any]]) -> GraphTable:
    """A table of these relations, each with its ends as `from` and `to`; null is as in `node_rows`.

    Raises:
        ValueError: where the model declares no such pair of ends.
    """
    return relation_table(type, start, end, [_batch(relation(type), rows)])


def _batch(element: Element, rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=schema_of(element))


def every_table() -> Iterator[tuple[str, Element, str | None, str | None]]:
    """Name, element and ends of each table of the graph, in an order in which they can be written.

    >>> names = [name for name, *_ in every_table()]
    >>> names[0], [name for name in names if name.startswith("FOLLOWED")]
    ('Account', ['FOLLOWED Account-Page', 'FOLLOWED Account-Account'])
    """
    for element in elements():
        if isinstance(element, Node):
            yield element.name, element, None, None
            continue
        for start, end in element.ends:
            yield f"{element.name} {start}-{end}", element, start, end


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Interactions that say nothing of who acted together: how many, and why.

    Attributes:
        untimed: without a time.
        observed: with the time when somebody looked.
        coarse: with a time that is known less precisely than the window asks for.
    """

    untimed: int = 0
    observed: int = 0
    coarse: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(self.untimed + other.untimed, self.observed + other.observed, self.coarse + other.coarse)


@dataclass(frozen=True, slots=True)
class InteractionColumns:
    """Timed interactions as columns of equal length, in no particular order: a row for each object of each.

    `account` and `object` are positions in `accounts` and `objects`, which are sorted, so that codes do not
    depend on the order of loading; `kind` is a position in `kinds`; `at_ms` is UTC epoch milliseconds.
    `published_ms` is the publication time of each post, -1 where it is unknown. Where objects are posts, positions
    are those of objects and `post` is None; else `post` has the position of each row's post, and `posts` the ids.
    `post_of_row` and `post_ids` are codes and ids of posts in either case. `left_out_of` counts for
    each kind the interactions that were left out because of their times. `graded` says that some times are known less
    precisely than to the second, so that another window has other rows.
    """

    account: npt.NDArray[np.int32]
    object: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int8]
    at_ms: npt.NDArray[np.int64]
    accounts: pa.StringArray
    objects: pa.StringArray
    kinds: tuple[str, ...]
    published_ms: npt.NDArray[np.int64]
    left_out_of: tuple[LeftOut, ...]
    post: npt.NDArray[np.int32] | None = None
    posts: pa.StringArray | None = None
    graded: bool = False

    @property
    def post_of_row(self) -> npt.NDArray[np.int32]:
        """The position of each row's post."""
        return self.object if self.post is None else self.post

    @property
    def post_ids(self) -> pa.StringArray:
        """The ids of posts, sorted."""
        return self.objects if self.posts is None else self.posts

    @property
    def left_out(self) -> LeftOut:
        """Interactions of any kind that were left out because of their times."""
        return sum(self.left_out_of, LeftOut())

    def only(self, kind: str) -> "InteractionColumns":
        """The rows of one kind; the codes stay what they are."""
        code = self.kinds.index(kind)
        rows = self.kind == code
        return replace(
            self,
            account=kept(self.account, rows),
            object=kept(self.object, rows),
            kind=kept(self.kind, rows),
            at_ms=kept(self.at_ms, rows),
            left_out_of=(self.left_out_of[code],),
            post=None if self.post is None else kept(self.post, rows),
        )

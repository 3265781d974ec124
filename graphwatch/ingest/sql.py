"""The SQL that makes each graph table from accepted rows in a flat Parquet file, and the engine that runs it.

Only names declared in the model and in `LOADS` get into the SQL text; what files say stays in columns. Several rows may
speak of one thing. They come next to each other, in the order of the file, for `dedupe` to make one row of them: an
external sort has bounded memory, an aggregate of long texts has not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.common.databases import in_memory
from graphwatch.errors import InputError
from graphwatch.ingest.act_times import BASIS, PRECISION, FileTimes
from graphwatch.model import INTERACTIONS, Element, acts, node, relation
from graphwatch.model.acts import STATES, Retimed
from graphwatch.model.declaring import Type
from graphwatch.model.tables import GraphTable, node_table, relation_table, schema_of
from graphwatch.settings import BATCH_ROWS
from graphwatch.store.merge import kept_times, last_known, starts_of


def deduped(batches: Iterable[Any], schema: Any, source: str, retimed: acts.Retimed | None = None) -> Iterator[Any]:
    """Rows of equal id become one with the last value of each column that is not null, and the best time of an act.

    Args:
        batches: record batches with the columns of `schema` and `row`; rows of one id are neighbours, in
            the order of the file.
        schema: of the result; its column `sources`, if any, becomes "source:row" of every row.
        source: name of the import.
        retimed: counts the acts to which rows give times that contradict each other.

    >>> rows = pa.table({"id": ["a", "a", "b"], "name": ["x", None, "y"], "row": [2, 3, 4]})
    >>> schema = pa.schema({"id": pa.string(), "name": pa.string(), "sources": pa.list_(pa.string())})
    >>> [batch.to_pylist() for batch in deduped(rows.to_batches(), schema, "s")]  # doctest: +NORMALIZE_WHITESPACE
    [[{'id': 'a', 'name': 'x', 'sources': ['s:2', 's:3']}], [{'id': 'b', 'name': 'y', 'sources': ['s:4']}]]
    """
    held = None
    retimed = Counter() if retimed is None else retimed
    for batch in batches:
        if not batch.num_rows:
            continue
        rows = batch if held is None else pa.concat_batches([held, batch])
        starts = starts_of(rows.column("id"))
        # The last id may go on in the next batch.
        held = rows.slice(int(starts[-1]))
        if len(starts) > 1:
            yield _merged(rows.slice(0, int(starts[-1])), starts[:-1], schema, source, retimed)
    if held is not None:
        yield _merged(held, np.zeros(1, np.int64), schema, source, retimed)


def _merged(rows: Any, starts: Any, schema: Any, source: str, retimed: acts.Retimed) -> Any:
    columns = []
    timed = None
    if "basis" in schema.names and len(starts) < rows.num_rows:
        timed = pa.array(kept_times(rows, starts, retimed))
    for field in schema:
        if field.name == "sources":
            names = pc.binary_join_element_wise(source, rows.column("row").cast(pa.string()), ":")
            offsets = pa.array([*starts.tolist(), len(names)], pa.int32())
            columns.append(pa.ListArray.from_arrays(offsets, names))
        elif timed is not None and field.name in acts.TIME:
            columns.append(rows.column(field.name).cast(field.type).take(timed))
        else:
            columns.append(last_known(rows.column(field.name).cast(field.type), starts))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


_SQL_TYPES: Final = {
    Type.TEXT: "VARCHAR",
    Type.INTEGER: "BIGINT",
    Type.REAL: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.TEXTS: "VARCHAR[]",
}


class TableQuery(NamedTuple):
    """One graph table: its element, the labels of a relation's ends, and the query for its rows.

    The query gives the columns of the element, without `sources`, and `row`; sorted by ends, id and row.
    """

    element: Element
    ends: tuple[str, str] | None
    sql: str


class _Part(NamedTuple):
    """Rows of `flat` that speak of a node: column of its native id, property to column, and which rows."""

    native: str
    properties: dict[str, str]
    where: str


_POST_ACT: Final = "kind <> 'FOLLOWED'"
# Ids of these are used as they are; every other id has its platform before it.
_OWN_IDS: Final = frozenset({"Paslon", "Asn", "Agency"})
_OWN_TIMES: Final = FileTimes()
_DAYS: Final = ("valid_from", "valid_to")
# A column of accepted rows that no file has: the text as it is compared.
WORDING: Final = "wording"


def table_queries(kind: str, given: frozenset[str], times: FileTimes = _OWN_TIMES) -> list[TableQuery]:
    """The tables that a kind of load can give, nodes before relations.

    Args:
        kind: kind of load.
        given: properties that the rows have; the others are null without being looked at.
        times: what holds for all times of acts.

    >>> [query.element.name for query in table_queries("pages", frozenset({"page", "platform"}))]
    ['Paslon', 'Page', 'SUPPORTS']
    """
    return _interactions(given, times) if kind == "interactions" else _QUERIES[kind](given)


def _interactions(given: frozenset[str], times: FileTimes) -> list[TableQuery]:
    account = {"handle": "account_handle", "name": "account_name", "url": "account_url"}
    followed = {label: f"NOT ({_POST_ACT}) AND object_type = '{label.lower()}'" for label in ("Page", "Account")}
    address = {"url": "object_url"}
    pages = [_Part("page", {}, "page IS NOT NULL"), _Part("object", address, followed["Page"])]
    accounts = [_Part("account", account, "true"), _Part("object", address, followed["Account"])]
    posts = [_Part("object", address | {"text": "object_text"}, _POST_ACT)]
    acts = [_acts(kind, ends, given, times) for kind in INTERACTIONS for ends in relation(kind).ends]
    return [
        _nodes("Account", accounts, given),
        _nodes("Page", pages, given),
        _nodes("Post", posts, given),
        _ends("PUBLISHED", ("Page", "Post"), ("page", "object"), f"page IS NOT NULL AND {_POST_ACT}"),
        *acts,
    ]


def _posts(given: frozenset[str]) -> list[TableQuery]:
    properties = {p: p for p in ("url", "text", "at_ms", "at", "links", "hashtags", "images")}
    publishers: dict[str, dict[str, str]] = {
        "account": {"handle": "account_handle", "name": "account_name"},
        "page": {},
    }
    return [
        *(_nodes(p.capitalize(), [_Part(p, says, f"{p} IS NOT NULL")], given) for p, says in publishers.items()),
        _nodes("Post", [_Part("post", properties, "true")], given),
        *(_ends("PUBLISHED", (p.capitalize(), "Post"), (p, "post"), f"{p} IS NOT NULL") for p in publishers),
    ]


def _pages(given: frozenset[str]) -> list[TableQuery]:
    properties = {p: p for p in ("handle", "name", "url", "registered", "class")}
    return [
        _nodes("Paslon", [_Part("paslon", {}, "paslon IS NOT NULL")], given),
        _nodes("Page", [_Part("page", properties, "true")], given),
        _ends("SUPPORTS", ("Page", "Paslon"), ("page", "paslon"), "paslon IS NOT NULL"),
    ]


def _paslon(given: frozenset[str]) -> list[TableQuery]:
    properties = {p: p for p in ("number", "name", "contest", "region")}
    return [_nodes("Paslon", [_Part("paslon", properties, "true")], given)]


def _roster(given: frozenset[str]) -> list[TableQuery]:
    agencies = [_Part("agency", {"name": "agency_name"}, "true"), _Part("parent", {}, "parent IS NOT NULL")]
    return [
        _nodes("Asn", [_Part("nip", {"kind": "kind"}, "true")], given),
        _nodes("Agency", agencies, given),
        _valid("WORKS_AT", ("Asn", "Agency"), ("nip", "agency"), "position", "position_class"),
        _valid("PART_OF", ("Agency", "Agency"), ("agency", "parent"), open=True),
    ]


def _accounts_of_asn(given: frozenset[str]) -> list[TableQuery]:
    return [
        _nodes("Account", [_Part("account", {"handle": "handle"}, "true")], given),
        _nodes("Asn", [_Part("nip", {}, "nip IS NOT NULL")], given),
        _nodes("Agency", [_Part("agency", {}, "agency IS NOT NULL")], given),
        _valid("BELONGS_TO", ("Account", "Asn"), ("account", "nip"), "basis", "confidence", "checked_at", "checked_by"),
        _valid("OPERATED_BY", ("Account", "Agency"), ("account", "agency")),
    ]


def _valid(
    type: str, ends: tuple[str, str], natives: tuple[str, str], *properties: str, open: bool = False
) -> TableQuery:
    """A relation of the roster, from its first to its last day; an `open` one has no days of its own."""
    start, end = (_id(label, native) for label, native in zip(ends, natives, strict=True))
    parts = [start, end, *(["basis"] if "basis" in properties else []), *([] if open else _DAYS)]
    columns = [*properties, *([] if open else (*_DAYS, "valid_from_ms AS from_ms", f"valid_to_ms + {DAY_MS} AS to_ms"))]
    sql = _select(
        f'{start} AS "from", {end} AS "to", {_hash(*parts[:2], *map(_or_null, parts[2:]))} AS id, '
        f"{''.join(c + ', ' for c in columns)}row",
        "flat",
        f'WHERE {natives[0]} IS NOT NULL AND {natives[1]} IS NOT NULL ORDER BY "from", "to", id, row',
    )
    return TableQuery(relation(type), ends, sql)


def _complaints(_given: frozenset[str]) -> list[TableQuery]:
    """Complaints are few, and are linked with what the graph knows: `api` queries them."""
    return []


def _nodes(label: str, parts: Sequence[_Part], given: frozenset[str]) -> TableQuery:
    """What the rows say about nodes; rows that say the same count once."""
    element = node(label)
    columns = ", ".join(f'"{p.name}"' for p in element.properties)
    rows = " UNION ALL ".join(_said(label, part, given) for part in parts)
    tail = f"GROUP BY {columns} ORDER BY id, row"
    return TableQuery(element, None, _select(f"{columns}, max(row) AS row", f"({rows})", tail))


def _said(label: str, part: _Part, given: frozenset[str]) -> str:
    columns = ["row"]
    named = {"id": _id(label, part.native), "platform": "platform"}
    for property in node(label).properties:
        column = part.properties.get(property.name)
        null = f"CAST(NULL AS {_SQL_TYPES[property.type]})"
        value = f'"{column}"' if column and column.removesuffix("_ms") in given else null
        columns.append(f'{named.get(property.name, value)} AS "{property.name}"')
    return _select(", ".join(columns), "flat", f"WHERE {part.where}")


def _ends(type: str, ends: tuple[str, str], natives: tuple[str, str], where: str) -> TableQuery:
    """A relation that is nothing but its ends."""
    start, end = (_id(label, native) for label, native in zip(ends, natives, strict=True))
    rows = _select(f'DISTINCT {start} AS "from", {end} AS "to"', "flat", f"WHERE {where}")
    id = _hash('"from"', '"to"')
    sql = _select(f'"from", "to", {id} AS id, 0 AS row', f"({rows})", 'ORDER BY "from", "to"')
    return TableQuery(relation(type), ends, sql)


def _acts(kind: str, ends: tuple[str, str], given: frozenset[str], times: FileTimes) -> TableQuery:
    """Interactions of one kind between nodes of two labels."""
    properties = ["kind", "content_id", "text", "at_ms", '"at"', "observed_at_ms"]
    basis, precision = times.basis and f"'{times.basis}'", times.precision_ms and str(times.precision_ms)
    own = f"at_ms IS NOT NULL AND {BASIS} IS NULL"
    for name, type, of_all in ((PRECISION, "BIGINT", precision), (BASIS, "VARCHAR", basis)):
        of_row = name if name in given else f"CAST(NULL AS {type})"
        known = f"CASE WHEN {own} THEN coalesce({of_row}, {of_all}) ELSE {of_row} END" if of_all else of_row
        properties.append(f"{known} AS {name}")
    sql = _select(
        f'{_id(ends[0], "account")} AS "from", {_id(ends[1], "object")} AS "to", '
        f"{_act_id(kind, ends[1], given)} AS id, {', '.join(properties)}, row",
        "flat",
        f"WHERE kind = '{kind}' AND object_type = '{ends[1].lower()}' ORDER BY \"from\", \"to\", id, row",
    )
    return TableQuery(relation(kind), ends, sql)


def _act_id(kind: str, object: str, given: frozenset[str]) -> str:
    """`graphwatch.model.acts.act_id` in SQL."""
    whom = ("platform", "account", "kind", "object")
    if kind in STATES:
        return _hash(*whom, *(["'account'"] if object == "Account" else []))
    known = [("'content'", "content_id"), ("'text'", WORDING)]
    cases = " ".join(
        f"WHEN {column} IS NOT NULL THEN {_hash(*whom, by, column)}" for by, column in known if column in given
    )
    at = _hash(*whom, "'at'", _or_null("at_ms"))
    return f"CASE {cases} ELSE {at} END" if cases else at


def _select(columns: str, source: str, tail: str) -> str:
    return f"SELECT {columns} FROM {source} {tail}"  # noqa: S608 - names of the model, nothing from a file


def _id(label: str, native: str) -> str:
    return native if label in _OWN_IDS else f"platform || ':' || {native}"


def _or_null(column: str) -> str:
    return f"coalesce(CAST({column} AS VARCHAR), chr(0))"


def _hash(*parts: str) -> str:
    """`graphwatch.model.key_hash` in SQL."""
    return f"substr(sha256({' || chr(31) || '.join(parts)}), 1, 32)"


_QUERIES: Final[dict[str, Callable[[frozenset[str]], list[TableQuery]]]] = {
    "posts": _posts,
    "pages": _pages,
    "paslon": _paslon,
    "roster": _roster,
    "accounts-of-asn": _accounts_of_asn,
    "complaints": _complaints,
}


_MEMORY: Final = "400MB"


class LoadTables:
    """Derives the tables of one load, one after the other."""

    def __init__(
        self, flat: Path, kind: str, properties: frozenset[str], source: str, times: FileTimes = _OWN_TIMES
    ) -> None:
        """Open an engine over accepted rows.

        Args:
            flat: Parquet file of the rows; the engine spills beside it.
            kind: kind of load.
            properties: those that the rows have.
            source: name of the import.
            times: what holds for all times of acts.
        """
        self._con = in_memory(_MEMORY, flat.parent / "spill")
        self._con.from_parquet(_literal(flat)).create_view("flat")
        self._source = source
        self.retimed: dict[str, Retimed] = defaultdict(Counter)
        """By kind, the acts to which rows give times that contradict each other; whole when all tables were read."""
        self._queries = table_queries(kind, properties, times)

    def tables(self) -> Iterator[GraphTable]:
        """The tables that have rows, each to be read before the next is asked for."""
        for query in self._queries:
            batches = self._rows(query)
            first = next(batches, None)
            if first is not None:
                yield _table(query, _chained(first, batches))

    def close(self) -> None:
        """End the engine; tables not read by then are lost."""
        self._con.close()

    def _rows(self, query: TableQuery) -> Iterator[Any]:
        try:
            reader = self._con.sql(query.sql).to_arrow_reader(BATCH_ROWS)
            name = query.element.name
            yield from deduped(reader, schema_of(query.element), self._source, self.retimed[name])
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0]
            remedy = "Make room on the disk, or split the file."
            raise InputError(f"the rows cannot be sorted: {reason}", remedy=remedy) from None


def _table(query: TableQuery, batches: Iterator[Any]) -> GraphTable:
    if query.ends is None:
        return node_table(query.element.name, batches)
    return relation_table(query.element.name, *query.ends, batches)


def _chained(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _literal(path: Path) -> str:
    """A path in which DuckDB sees no wildcard."""
    return "".join(f"[{c}]" if c in "[*?" else c for c in str(path))

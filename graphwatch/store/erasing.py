"""What is to leave a store, as rules on rows: the same for a journal, for a graph file and for a server.

Each rule looks at one row alone, so that a journal without those rows, played again, gives the graph without them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.privacy.redaction import Words

Ids = frozenset[str]
_STAMP: Final = "erased_at_ms"
# Keys and digests are never texts in which somebody is named.
_KEYS: Final = frozenset({"id", "from", "to", "sources", "accounts", "run", "sha256", "file_sha256", "fingerprint"})


class Applied(NamedTuple):
    """The rows that stay, as they stay, and the ids of those that go."""

    rows: pa.Table
    gone: list[str]


@dataclass(frozen=True)
class Erasure:
    """What is to be erased.

    Attributes:
        nodes: label → ids of nodes that go, with every relation at them.
        relations: type → ids of relations that go; bursts lose the interactions among them.
        emptied: label → ids of nodes that stay without their own words, and the properties that they lose.
        sources: sources that supply nothing any more; rows that others supplied too stay without them.
        words: taken out of every text.
        clusters: clusters that lose members; like every run, they say from when on their numbers are of before.
        at_ms: the time of it, UTC epoch milliseconds.
        counts_change: whether what runs counted is not what they would count now; then runs say so.
    """

    at_ms: int
    nodes: Mapping[str, Ids] = field(default_factory=dict)
    relations: Mapping[str, Ids] = field(default_factory=dict)
    emptied: Mapping[str, tuple[Ids, tuple[str, ...]]] = field(default_factory=dict)
    sources: Ids = frozenset()
    words: Words = field(default_factory=Words)
    clusters: Ids = frozenset()
    counts_change: bool = True

    def apply(self, name: str, start: str | None, end: str | None, rows: pa.Table) -> Applied:
        """The rows of a node's (`start` is None) or relation's table, without what goes.

        >>> rows = pa.table({"id": ["x:1", "x:2"], "handle": ["budi", "sari"]})
        >>> Erasure(0, nodes={"Account": frozenset({"x:1"})}).apply("Account", None, None, rows).rows.to_pylist()
        [{'id': 'x:2', 'handle': 'sari'}]
        """
        goes = self._goes(name, start, end, rows)
        gone = rows["id"].filter(goes).to_pylist()
        kept = rows.filter(pc.invert(goes)) if gone else rows
        for at, (column, values) in enumerate(zip(rows.column_names, kept.columns, strict=True)):
            changed = self._changed(name, column, kept["id"], values)
            if changed is not values:
                kept = kept.set_column(at, rows.schema.field(at), changed)
        return Applied(self._stamped(name, kept), gone)

    def apply_to_log(self, gone: Mapping[str, set[str]], log: pa.Table) -> pa.Table:
        """The replaced values that a journal keeps, without those of what goes.

        Args:
            gone: name of a node or relation → ids of those that go.
            log: element, id, property, before and after.
        """
        kept = []
        for row in log.to_pylist():
            ids, properties = self.emptied.get(row["element"], (frozenset(), ()))
            if row["id"] in gone.get(row["element"], ()) or (row["id"] in ids and row["property"] in properties):
                continue
            texts = {k: None if row[k] is None else self.words.without(row[k]) for k in ("before", "after")}
            kept.append({**row, **texts})
        return pa.Table.from_pylist(kept, schema=log.schema)

    def _goes(self, name: str, start: str | None, end: str | None, rows: pa.Table) -> pa.ChunkedArray:
        if start is None:
            return _within(rows["id"], self.nodes.get(name, frozenset()))
        goes = _within(rows["id"], self.relations.get(name, frozenset()))
        for column, label in (("from", start), ("to", end)):
            goes = pc.or_(goes, _within(rows[column], self.nodes.get(str(label), frozenset())))
        return goes

    def _changed(self, name: str, column: str, ids: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """The values as they stay; the very same object where nothing changes."""
        if column == "sources":
            return _filtered(values, [f"{source}:" for source in self.sources])
        if column == "interactions" and pa.types.is_list(values.type):
            return _without_members(values, frozenset().union(*self.relations.values()))
        if column == "accounts" and pa.types.is_list(values.type):
            return _without_members(values, self.nodes.get("Account", frozenset()))
        emptied, properties = self.emptied.get(name, (frozenset(), ()))
        if column in properties:
            at = _within(ids, emptied)
            values = pc.if_else(at, pa.scalar(None, values.type), values) if pc.any(at).as_py() else values
        return values if column in _KEYS else _redacted(values, self.words)

    def _stamped(self, name: str, rows: pa.Table) -> pa.Table:
        """Runs, clusters that lost members, and sources that were let go say when that was."""
        stamped = {"Cluster": self.clusters, "Source": self.sources}.get(name, frozenset())
        of_runs = name == "Run" and self.counts_change
        if not rows.num_rows or not (stamped or of_runs):
            return rows
        known = _STAMP in rows.column_names
        before = rows[_STAMP] if known else pa.nulls(rows.num_rows, pa.int64())
        at = pa.chunked_array([[True] * rows.num_rows]) if of_runs else _within(rows["id"], stamped)
        values = pc.if_else(at, pa.scalar(self.at_ms, pa.int64()), before)
        if known:
            return rows.set_column(rows.schema.get_field_index(_STAMP), rows.schema.field(_STAMP), values)
        return rows.append_column(pa.field(_STAMP, pa.int64()), values)


def _within(values: pa.ChunkedArray, ids: Ids) -> pa.ChunkedArray:
    return pc.is_in(values, value_set=pa.array(sorted(ids), values.type))


def _redacted(values: pa.ChunkedArray, words: Words) -> pa.ChunkedArray:
    """Texts, or lists of texts, without the words; a column that has none of them is not touched."""
    nested = pa.types.is_list(values.type)
    flat = pc.list_flatten(values) if nested else values
    if not pa.types.is_string(flat.type) or not words.all:
        return values
    if not pc.any(pc.match_substring_regex(flat, words.hint, ignore_case=True)).as_py():
        return values
    without = words.without

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(v) for v in value]
        return None if value is None else without(value)

    before = values.to_pylist()
    after = [plain(v) for v in before]
    return values if after == before else pa.chunked_array([after], values.type)


def _filtered(values: pa.ChunkedArray, prefixes: list[str]) -> pa.ChunkedArray:
    """Lists without the texts that begin so."""
    if not prefixes:
        return values
    named = {p.rstrip(":") for p in prefixes}
    before = values.to_pylist()
    after = [v and [s for s in v if s.rpartition(":")[0] not in named] for v in before]
    return values if after == before else pa.chunked_array([after], values.type)


def _without_members(values: pa.ChunkedArray, members: Ids) -> pa.ChunkedArray:
    before = values.to_pylist()
    after = [v and [m for m in v if m not in members] for v in before]
    return values if after == before else pa.chunked_array([after], values.type)

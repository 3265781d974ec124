"""What loading a row again does: which incoming rows are new, and how known ones change.

Pure functions on Arrow tables. A later non-null value replaces an earlier one; lists that accumulate
are united in order of arrival; of two times of an act one is kept whole. Values that were replaced are kept in a
change log.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import Element, acts
from graphwatch.model.declaring import Property
from graphwatch.model.tables import schema_of

Places = npt.NDArray[np.int64]
CHANGES = pa.schema([(name, pa.string()) for name in ("element", "id", "property", "before", "after")])


@dataclass(frozen=True, slots=True)
class Merged:
    """The outcome for one batch: rows to insert, whole rows to replace, and the log of replaced values.

    `retimed` counts the acts of which another time was known.
    """

    new: pa.Table
    changed: pa.Table
    log: pa.Table
    unchanged: int
    retimed: acts.Retimed = field(default_factory=Counter)


def merge(element: Element, incoming: pa.Table, existing: pa.Table) -> Merged:
    """Split `incoming` by what `existing` (the stored rows of the same ids) already says.

    Both have the schema of the element; ids are unique in each.

    >>> from graphwatch.model import node
    >>> from graphwatch.model.tables import conform
    >>> schema = schema_of(node("Account"))
    >>> old = conform(pa.table({"id": ["x:1"], "handle": ["budi"], "name": ["Budi"]}), schema)
    >>> new = conform(pa.table({"id": ["x:1", "x:2"], "handle": ["budi_baru", "sari"]}), schema)
    >>> outcome = merge(node("Account"), new, old)
    >>> outcome.new["id"].to_pylist(), outcome.changed["name"].to_pylist()
    (['x:2'], ['Budi'])
    >>> outcome.log.to_pylist()[0]["before"]
    'budi'
    """
    schema = schema_of(element)
    known = pc.is_in(incoming["id"], value_set=existing["id"].combine_chunks())
    fresh = incoming.filter(pc.invert(known))
    again = incoming.filter(known)
    if again.num_rows == 0:
        return Merged(fresh, schema.empty_table(), CHANGES.empty_table(), 0)
    before = existing.take(pc.index_in(again["id"], value_set=existing["id"].combine_chunks()))
    columns, differs, logs = {}, pa.array([False] * again.num_rows), []
    retimed: acts.Retimed = Counter()
    taken = None
    if acts.is_act(element.name):
        known_times, new_times = acts.standing(before), acts.standing(again)
        takes = acts.takes_over(known_times, new_times)
        taken, retimed = pa.array(takes), acts.retimed(known_times, new_times, takes)
        differs = taken
    for property in element.properties:
        old, new = before[property.name], again[property.name]
        if property.accumulates:
            after = _united(old, new)
        elif taken is not None and property.name in acts.TIME:
            after = pc.if_else(taken, new, old)
        else:
            after = pc.coalesce(new, old)
        changed = _different(old, after)
        differs = pc.or_(differs, changed)
        columns[property.name] = after
        logs.append(_log(element, property, again["id"], old, after, changed))
    merged = pa.table({f.name: columns.get(f.name, before.column(f.name)) for f in schema}, schema=schema)
    changed_rows = merged.filter(differs)
    unchanged = again.num_rows - changed_rows.num_rows
    return Merged(fresh, changed_rows, pa.concat_tables(logs), unchanged, retimed)


def starts_of(ids: pa.Array | pa.ChunkedArray) -> Places:
    """Where each id begins; rows of one id are neighbours, and there is a row."""
    changes = np.asarray(pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)))
    starts: Places = np.concatenate(([0], np.flatnonzero(changes) + 1))
    return starts


def last_known(column: pa.Array, starts: Places) -> pa.Array:
    """Of each group of neighbours the last value that is not null."""
    if len(starts) == len(column):
        return column
    valid = np.asarray(column.is_valid())
    at = np.maximum.reduceat(np.where(valid, np.arange(len(column)), -1), starts)
    return column.take(pa.array(at, mask=at < 0))


def kept_times(rows: pa.Table | pa.RecordBatch, starts: Places, retimed: acts.Retimed) -> Places:
    """The place of the row whose time is kept for each act; acts whose rows contradict it are counted in `retimed`."""
    lengths = np.diff(starts, append=rows.num_rows)
    group = np.repeat(np.arange(len(starts)), lengths)
    times = acts.standing(rows)
    kept = acts.best(group, times)
    several = lengths[group] > 1
    of_act, ours, theirs = group[several], times.at(kept[group[several]]), times.at(several)
    far = np.abs(theirs.at_ms - ours.at_ms)
    order = np.lexsort((-far, ~theirs.known, of_act))
    farthest = order[np.flatnonzero(np.diff(of_act[order], prepend=-1))]
    retimed.update(acts.retimed(theirs.at(farthest), ours.at(farthest), np.ones(len(farthest), np.bool_)))
    return kept


def _united(old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.Array:
    pairs = zip(old.to_pylist(), new.to_pylist(), strict=True)
    return pa.array([list(dict.fromkeys([*(o or []), *(n or [])])) for o, n in pairs], pa.list_(pa.string()))


def _different(old: pa.ChunkedArray, after: pa.ChunkedArray | pa.Array) -> pa.Array:
    if pa.types.is_list(old.type):
        pairs = zip(old.to_pylist(), after.to_pylist(), strict=True)
        return pa.array([o != a for o, a in pairs], pa.bool_())
    unequal = pc.fill_null(pc.not_equal(old, after), False)
    appeared = pc.and_(pc.is_null(old), pc.is_valid(after))
    either = pc.or_(unequal, appeared)
    return either.combine_chunks() if isinstance(either, pa.ChunkedArray) else either


def _log(
    element: Element,
    property: Property,
    ids: pa.ChunkedArray,
    old: pa.ChunkedArray,
    after: pa.ChunkedArray | pa.Array,
    changed: pa.Array,
) -> pa.Table:
    """The values that were replaced; a null that was filled or a list that grew has lost nothing."""
    if property.accumulates:
        return CHANGES.empty_table()
    replaced = pc.and_(changed, pc.is_valid(old))
    if not pc.any(replaced).as_py():
        return CHANGES.empty_table()
    before, now = pc.filter(old, replaced).to_pylist(), pc.filter(after, replaced).to_pylist()
    return pa.table(
        [
            [element.name] * len(before),
            pc.filter(ids, replaced),
            [property.name] * len(before),
            [str(v) for v in before],
            [str(v) for v in now],
        ],
        schema=CHANGES,
    )

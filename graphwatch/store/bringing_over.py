"""Acts as they were known before, made into what they are now: one for each state, and for each event.

What an act is depends on its account, which may turn out to be another one, and on the model: up to model 3 the time
was a part of it, so that one like with two times was two.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.errors import StoreOlder
from graphwatch.model import MODEL_VERSION, Relation
from graphwatch.model.acts import TIME, act_id, wordings
from graphwatch.model.tables import conform, schema_of
from graphwatch.store.merge import kept_times, last_known, starts_of


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What `rebuild` did.

    Attributes:
        entries: of the journal, from which the graph was made again; 0 on a server, which has none.
        acts: where a store of an older model was brought over: by kind of act how many there were, and are now.
    """

    entries: int
    acts: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BroughtOver:
    """What became of the acts of one table.

    Attributes:
        rows: the acts, each once, as the declaration has them.
        new_id: old to new id, for whatever names acts.
        before: how many there were.
    """

    rows: pa.Table
    new_id: Mapping[str, str]
    before: int


def brought_over(element: Relation, end: str | None, rows: pa.Table, loaded: Mapping[str, int]) -> BroughtOver:
    """The acts of a table, those that are one now made one.

    Args:
        element: kind of act.
        end: label of what was acted on.
        rows: as an older model had them, with `from` and `to`.
        loaded: source to its place in the order of loading; of two times the later source corrects the earlier.
    """
    rows = conform(rows, schema_of(element))
    ids = _ids(rows, of_account=end == "Account")
    came = np.array([max((_came(s, loaded) for s in of or ()), default=(-1, 0)) for of in _listed(rows)], np.int64)
    came = came.reshape(-1, 2)
    order = np.lexsort((came[:, 1], came[:, 0], np.array(ids, np.str_)))
    old = rows["id"].take(pa.array(order))
    made = rows.set_column(rows.schema.get_field_index("id"), "id", pa.array(ids, pa.string())).take(pa.array(order))
    made = made.combine_chunks()
    starts = starts_of(made["id"]) if made.num_rows else np.zeros(0, np.int64)
    new_id = dict(zip(old.to_pylist(), made["id"].to_pylist(), strict=True))
    return BroughtOver(_one_each(made, starts), new_id, rows.num_rows)


def renamed(ids: list[str] | None, new_id: Mapping[str, str]) -> list[str] | None:
    """A list of ids of acts with those that they have now, each once.

    >>> renamed(["a", "b", "c"], {"a": "x", "b": "x"})
    ['x', 'c']
    """
    return None if ids is None else list(dict.fromkeys(new_id.get(i, i) for i in ids))


def _ids(rows: pa.Table, *, of_account: bool) -> list[str]:
    accounts, objects = (rows[end].to_pylist() for end in ("from", "to"))
    words = wordings(rows["text"].combine_chunks()).to_pylist() if rows.num_rows else []
    others = (rows[name].to_pylist() for name in ("kind", "content_id", "at_ms"))
    ids = []
    for account, object, wording, kind, content, at_ms in zip(accounts, objects, words, *others, strict=True):
        platform, _, native = account.partition(":")
        object = object.partition(":")[2]
        ids.append(act_id(platform, native, kind, object, content, wording, at_ms, of_account=of_account))
    return ids


def _came(source_row: str, loaded: Mapping[str, int]) -> tuple[int, int]:
    """When a row came: the place of its source in the order of loading, and its number there."""
    source, _, row = source_row.rpartition(":")
    return loaded.get(source, -1), int(row) if row.isdecimal() else 0


def _listed(rows: pa.Table) -> list[list[str] | None]:
    listed: list[list[str] | None] = rows["sources"].to_pylist()
    return listed


def _one_each(rows: pa.Table, starts: Any) -> pa.Table:
    if len(starts) == rows.num_rows:
        return rows
    timed = pa.array(kept_times(rows, starts, Counter()))
    columns = []
    for column in rows.schema:
        if column.name == "sources":
            columns.append(_united(_listed(rows), starts))
        elif column.name in TIME:
            columns.append(rows[column.name].take(timed))
        else:
            columns.append(last_known(rows[column.name].combine_chunks(), starts))
    return pa.table(columns, schema=rows.schema)


def _united(listed: list[list[str] | None], starts: Any) -> pa.Array:
    ends = [*starts[1:].tolist(), len(listed)]
    united = [
        list(dict.fromkeys(s for of in listed[begin:end] for s in of or ()))
        for begin, end in zip(starts.tolist(), ends, strict=True)
    ]
    return pa.array(united, pa.list_(pa.string()))


def older(where: str, version: int) -> StoreOlder:
    """The error that says that a store has to be brought over."""
    return StoreOlder(
        f"the store has model version {version}, this graphwatch {MODEL_VERSION}: likes and follows are now one for "
        "each account and post or page",
        where=where,
        remedy="Keep a copy of it, then run `graphwatch store rebuild`: it brings the store over and says which "
        "counts change.",
    )


def in_order_of_loading(sources: pa.Table) -> dict[str, int]:
    """The place of each source in the order of loading.

    Args:
        sources: columns `id` and `loaded_at_ms`.
    """
    ordered = sources.take(pc.sort_indices(sources, [("loaded_at_ms", "ascending"), ("id", "ascending")]))
    return {id: place for place, id in enumerate(ordered["id"].to_pylist())}

"""Interactions as an engine gives them, made into columns whose codes depend on ids only."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.tables import InteractionColumns


def assemble(accounts: pa.Table, posts: pa.Table, timed: Mapping[str, pa.Table], untimed: int) -> InteractionColumns:
    """Columns from what an engine reads by its internal places.

    Args:
        accounts, posts: columns `place` (the engine's integer) and `id`; of posts also `at_ms`, null where unknown.
        timed: for each kind columns `account` and `object` (places) and `at_ms`.
        untimed: how many interactions of these kinds have no time.
    """
    account_ids, account_code = _codes(accounts)
    object_ids, object_code = _codes(posts)
    sizes = [table.num_rows for table in timed.values()]

    def column(name: str) -> npt.NDArray[np.int64]:
        parts = [table[name].to_numpy().astype(np.int64) for table in timed.values()]
        return np.concatenate([np.empty(0, np.int64), *parts])

    return InteractionColumns(
        account=account_code(column("account")),
        object=object_code(column("object")),
        kind=np.repeat(np.arange(len(sizes), dtype=np.int8), sizes),
        at_ms=column("at_ms"),
        accounts=account_ids,
        objects=object_ids,
        kinds=tuple(timed),
        published_ms=pc.fill_null(_sorted(posts)["at_ms"].cast(pa.int64()), -1).to_numpy(),
        untimed=untimed,
    )


def _codes(table: pa.Table) -> tuple[pa.StringArray, Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int32]]]:
    """The sorted ids, and a function from an engine's places to positions among them."""
    table = _sorted(table)
    places = table["place"].to_numpy().astype(np.int64)
    ids = table["id"].combine_chunks() if table.num_rows else pa.array([], pa.string())
    if len(places) and places.max() < 8 * len(places) + 1024:  # dense places are looked up directly
        code = np.full(int(places.max()) + 1, -1, np.int32)
        code[places] = np.arange(len(places), dtype=np.int32)
        return ids, lambda wanted: code[wanted]
    order = np.argsort(places)
    return ids, lambda wanted: order.astype(np.int32)[np.searchsorted(places, wanted, sorter=order)]


def _sorted(table: pa.Table) -> pa.Table:
    """By id, in the order of its bytes: engines sort texts in orders of their own."""
    return table.take(pc.sort_indices(table["id"]))

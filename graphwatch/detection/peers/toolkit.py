"""Edges of the Coordination Network Toolkit (Graham et al.), version 1.5.2; and rows as both other tools read them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting import kernels as windowing
from graphwatch.detection.counting.kernels import widened
from graphwatch.detection.counting.pairs import Ints, Longs, arrange
from graphwatch.errors import UsageError

# These tools' tables have a row for every match; 20 million take some 4 GB as texts.
MOST_ROWS: Final = 20_000_000
_LONGEST_S: Final = 366 * 86_400
# One array of texts holds at most 2 GiB.
_CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of the file; codes are numbered by first appearance.

    `content` codes from `len(contents)` on stand for rows without a content id: each is a content of its own, the
    same for rows that are alike in everything.
    """

    account: Ints
    object: Ints
    content: Ints
    at_ms: Longs
    accounts: pa.StringArray
    objects: pa.StringArray
    contents: pa.StringArray


def encode(table: pa.Table) -> Rows:
    """Codes for the columns `account`, `object`, `content`, `at_ms` and `kind`.

    >>> seen = {"account": ["b", "a"], "object": ["o", "o"], "content": [None, "c"], "at_ms": [0, 1], "kind": ["L"] * 2}
    >>> rows = encode(pa.table(seen))
    >>> rows.account.tolist(), rows.accounts.to_pylist(), rows.content.tolist()
    ([0, 1], ['b', 'a'], [1, 0])
    """
    account, accounts = codes(table["account"])
    object, objects = codes(table["object"])
    content, contents = codes(table["content"])
    at_ms = table["at_ms"].to_numpy().astype(np.int64)
    nameless = np.flatnonzero(content < 0)
    if len(nameless):
        alike = [c[nameless] for c in (account, object, at_ms, codes(table["kind"])[0])]
        order = np.lexsort(alike)
        content[nameless[order]] = len(contents) + np.cumsum(changes(*(c[order] for c in alike))) - 1
    return Rows(account, object, content, at_ms, accounts, objects, contents)


def codes(column: pa.ChunkedArray) -> tuple[Ints, pa.StringArray]:
    """A code for each text, by first appearance, -1 for null; and the texts."""
    encoded = column.cast(pa.string()).dictionary_encode().combine_chunks()
    return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).copy(), encoded.dictionary


def changes(*columns: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Where a row of the columns differs from the one before it; the first does.

    >>> changes(np.array([1, 1, 1]), np.array([5, 5, 6])).tolist()
    [True, False, True]
    """
    differs = np.ones(len(columns[0]), bool)
    differs[1:] = False
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return differs


def texts(values: pa.StringArray, chosen: npt.NDArray[np.integer]) -> pa.ChunkedArray:
    """The texts that codes stand for, null beyond the last."""
    parts = [chosen[i : i + _CHUNK] for i in range(0, len(chosen), _CHUNK)]
    taken = [values.take(pa.array(part, mask=part >= len(values))) for part in parts]
    return pa.chunked_array(taken, pa.string())


def byte_ranks(values: pa.StringArray) -> Ints:
    """The place of each text in the order of their bytes."""
    ranks = np.empty(len(values), np.int32)
    ranks[pc.sort_indices(values).to_numpy()] = np.arange(len(values))
    return ranks


def milliseconds(window_s: float) -> int:
    """The window in milliseconds.

    Raises:
        UsageError: it is negative or longer than a year.
    """
    if not 0 <= window_s <= _LONGEST_S:
        raise UsageError(
            f"a window of {window_s:g} s is not between 0 and a year",
            remedy="Give the window in seconds, for example 60.",
        )
    return round(window_s * 1000)


def at_least_one(name: str, value: int) -> None:
    """Refuse a count below 1, naming the argument."""
    if value < 1:
        raise UsageError(f"{name} is {value}", remedy=f"Give {name} 1 or more.")


def bounded(rows: int, what: str, remedy: str) -> None:
    """Refuse a table of more rows than fit into memory."""
    if rows > MOST_ROWS:
        raise UsageError(f"there are {rows:,} {what}, and such a table holds at most {MOST_ROWS:,}", remedy=remedy)


def toolkit_edges(rows: pa.Table, window_s: float, min_weight: int) -> pa.Table:
    """The edges of the toolkit's `co_retweet`, ordered by both accounts.

    The weight of u → v is the number of messages of u for which v has a message on the same object at most
    `window_s` away, inclusive. Every message matches itself, so u → u counts the messages of u. A message id that
    has been seen before is ignored.

    Args:
        rows: columns account, object, content (the message id; null counts as one of its own), at_ms and kind, in
            the order of the file.
        window_s: seconds.
        min_weight: least weight of an edge, in each direction by itself.

    Returns:
        user_1, user_2, weight.

    Raises:
        UsageError: an argument is out of its range, or there are more edges than such a table may have.

    >>> file = {"account": ["a", "a", "b"], "object": ["o"] * 3, "content": ["1", "2", "3"],
    ...         "at_ms": [0, 1000, 2000], "kind": ["SHARED"] * 3}
    >>> [tuple(edge.values()) for edge in toolkit_edges(pa.table(file), 60, 1).to_pylist()]
    [('a', 'a', 2), ('a', 'b', 2), ('b', 'a', 1), ('b', 'b', 1)]
    """
    window_ms = milliseconds(window_s)
    at_least_one("min_weight", min_weight)
    seen = encode(rows)
    once = np.sort(np.unique(seen.content, return_index=True)[1])
    account = byte_ranks(seen.accounts)[seen.account]
    actions = arrange(account[once], seen.object[once], seen.at_ms[once], accounts=len(seen.accounts))
    low, high = windowing.windows(actions.object, actions.at_ms, window_ms)
    (first, second, weight), found = _count_messages(
        actions.account, low, high, actions.position, actions.start, min_weight, MOST_ROWS
    )
    bounded(found, "edges", "Shorten the window, or raise min_weight.")
    accounts = seen.accounts.take(pc.sort_indices(seen.accounts))
    columns = [texts(accounts, first), texts(accounts, second), weight.astype(np.int64)]
    return pa.table(columns, names=["user_1", "user_2", "weight"])


@compiled
def _count_messages(account, low, high, position, start, least, most):  # type: ignore[no-untyped-def]
    """For each ordered pair of accounts (u, v), u = v included, the messages of u that v matches.

    A message of u is matched when v has one on the same object within the window; each matches itself.
    Row by row of a sparse product (Gustavson 1978), as in `graphwatch.detection.counting.kernels.count_range`.

    Returns:
        (u, v, count) as int32 arrays in the order of (u, v), for counts of at least `least`, and how many there
        are; where there are more than `most` the arrays stop there.
    """
    accounts = len(start) - 1
    count = np.zeros(accounts, np.int32)
    stamp = np.full(accounts, -1, np.int64)
    touched = np.empty(accounts, np.int32)
    out = np.empty((3, 1024), np.int32)
    total = 0
    for u in range(accounts):
        partners = 0
        for k in range(start[u], start[u + 1]):
            r = position[k]
            for s in range(low[r], high[r]):
                v = account[s]
                if stamp[v] != r:
                    stamp[v] = r
                    if count[v] == 0:
                        touched[partners] = v
                        partners += 1
                    count[v] += 1
        touched[:partners].sort()
        for v in touched[:partners]:
            if count[v] >= least:
                if total < most:
                    if total == out.shape[1]:
                        out = widened(out)
                    out[0, total], out[1, total], out[2, total] = u, v, count[v]
                total += 1
            count[v] = 0
    return out[:, : min(total, most)].copy(), total

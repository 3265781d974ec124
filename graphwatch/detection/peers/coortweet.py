"""The tables of the R package CooRTweet (Righetti & Balluff 2025), version 2.1.3, from the same rows.

Its quantities are kept with all their peculiarities, which docs/coming-from.md lists;
`graphwatch.detection.counting.pairs`
is what graphwatch itself counts.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting import kernels as windowing
from graphwatch.detection.counting.pairs import Ints, Longs, Reals
from graphwatch.detection.peers.toolkit import (
    Rows,
    at_least_one,
    bounded,
    byte_ranks,
    changes,
    codes,
    encode,
    milliseconds,
    texts,
)
from graphwatch.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Matches:
    """Pairs of rows, ordered by (object, larger row, smaller row); `older` and `newer` are positions in `rows`."""

    rows: Rows
    older: Ints
    newer: Ints

    @property
    def delta_ms(self) -> Longs:
        return self.rows.at_ms[self.newer] - self.rows.at_ms[self.older]


def coortweet_pairs(rows: pa.Table, window_s: float, min_participation: int) -> pa.Table:
    """The table of CooRTweet's `detect_groups`, in its order: a row for each two rows that match.

    Accounts with fewer than `min_participation` rows are left out. Two rows match when they are of one object, at
    most `window_s` apart (inclusive), and of two accounts and two contents, none of which is the object itself.
    A match stays where one of its accounts has at least `min_participation` distinct rows whose content is in
    some match. The older row comes first; of two at the same time the one whose account appeared first.

    Args:
        rows: columns account, object, content (null counts as a content of its own), at_ms and kind, in the order
            of the file.
        window_s: seconds.
        min_participation: rows that an account must have.

    Returns:
        object_id, content_id, content_id_y, time_delta (seconds, integers where all are whole), account_id,
        account_id_y.

    Raises:
        UsageError: an argument is out of its range, or there are more pairs than such a table may have.

    >>> file = {"account": ["a", "a", "b", "b"], "object": ["o", "p", "o", "p"], "content": ["1", "2", "3", "4"],
    ...         "at_ms": [9000, 0, 4000, 99000], "kind": ["SHARED"] * 4}
    >>> coortweet_pairs(pa.table(file), 60, 1).to_pylist()  # doctest: +NORMALIZE_WHITESPACE
    [{'object_id': 'o', 'content_id': '3', 'content_id_y': '1', 'time_delta': 5, 'account_id': 'b',
      'account_id_y': 'a'}]
    """
    found = _matches(rows, window_s, min_participation)
    seen, older, newer = found.rows, found.older, found.newer
    return pa.table(
        {
            "object_id": texts(seen.objects, seen.object[older]),
            "content_id": texts(seen.contents, seen.content[older]),
            "content_id_y": texts(seen.contents, seen.content[newer]),
            "time_delta": _seconds(found.delta_ms),
            "account_id": texts(seen.accounts, seen.account[older]),
            "account_id_y": texts(seen.accounts, seen.account[newer]),
        }
    )


def coortweet_edges(rows: pa.Table, window_s: float, min_participation: int, edge_weight: float = 0.5) -> pa.Table:
    """The edges of CooRTweet's `generate_coordinated_network(objects = TRUE)`, in its order.

    `weight` is the number of pairs of `coortweet_pairs` between two accounts, `avg_time_delta` their mean time
    apart, `n_content_id` and `n_content_id_y` the distinct older and newer contents, `edge_symmetry_score` the
    smaller of both over the larger, `object_ids` the objects joined with commas, and `weight_threshold` 1 where
    the weight is above the `edge_weight` quantile of all weights (type 7 of Hyndman & Fan 1996), else 0.

    Args:
        rows, window_s, min_participation: as for `coortweet_pairs`.
        edge_weight: a quantile, 0 to 1.

    Raises:
        UsageError: an argument is out of its range, or there are more pairs than such a table may have.

    >>> file = {"account": ["a", "b", "a", "b"], "object": ["o"] * 4, "content": ["1", "2", "3", "4"],
    ...         "at_ms": [0, 1000, 2000, 3000], "kind": ["SHARED"] * 4}
    >>> edge = coortweet_edges(pa.table(file), 60, 1).to_pylist()[0]
    >>> edge["from"], edge["to"], edge["weight"], edge["avg_time_delta"], edge["edge_symmetry_score"]
    ('a', 'b', 4, 1.5, 1.0)
    """
    if not 0 <= edge_weight <= 1:
        raise UsageError(f"edge_weight {edge_weight:g} is not between 0 and 1", remedy="Give a quantile, such as 0.5.")
    found = _matches(rows, window_s, min_participation)
    seen = found.rows
    edge, first, second, weight = _numbered(found)
    older = _distinct(edge, seen.content[found.older], len(weight))
    newer = _distinct(edge, seen.content[found.newer], len(weight))
    apart_ms = np.bincount(edge, found.delta_ms, len(weight))
    return pa.table(
        {
            "from": texts(seen.accounts, first),
            "to": texts(seen.accounts, second),
            "weight": weight,
            "avg_time_delta": apart_ms / (1000 * weight),
            "n_content_id": older,
            "n_content_id_y": newer,
            "edge_symmetry_score": np.minimum(older, newer) / np.maximum(older, newer),
            "object_ids": _objects(edge, seen.object[found.older], seen.objects),
            "weight_threshold": (weight > _quantile(weight, edge_weight)).astype(np.int64),
        }
    )


def _matches(table: pa.Table, window_s: float, min_participation: int) -> _Matches:
    window_ms = milliseconds(window_s)
    at_least_one("min_participation", min_participation)
    rows = encode(_regrouped(table, min_participation))
    smaller, larger = _pairs(rows, window_ms)
    taking_part = _taking_part(rows, smaller, larger) >= min_participation
    keep = taking_part[rows.account[smaller]] | taking_part[rows.account[larger]]
    smaller, larger = smaller[keep], larger[keep]
    swapped = rows.at_ms[smaller] > rows.at_ms[larger]
    return _Matches(rows, np.where(swapped, larger, smaller), np.where(swapped, smaller, larger))


def _regrouped(table: pa.Table, least: int) -> pa.Table:
    """Rows of accounts with enough of them, account after account in the order of their first appearance."""
    account, _ = codes(table["account"])
    busy = np.flatnonzero(np.bincount(account, minlength=1)[account] >= least)
    return table.take(busy[np.argsort(account[busy], kind="stable")])


def _pairs(rows: Rows, window_ms: int) -> tuple[Ints, Ints]:
    """All pairs of rows that match, as positions; the smaller comes first."""
    rank = np.flatnonzero(~_names_its_object(rows))
    rank = rank[np.lexsort((rank, rows.at_ms[rank], rows.object[rank]))].astype(np.int32)
    object, at_ms = rows.object[rank], rows.at_ms[rank]
    account, content = rows.account[rank], rows.content[rank]
    low, high = windowing.windows(object, at_ms, window_ms)
    total = _count_matches(account, content, high)
    bounded(total, "pairs of rows", "Shorten the window, or use detect without compatibility: it never lists pairs.")
    found: tuple[Ints, Ints] = _list_matches(account, content, low, high, rank, np.lexsort((rank, object)), total)
    return found


def _names_its_object(rows: Rows) -> npt.NDArray[np.bool_]:
    """Rows whose content is the object itself."""
    same = pc.index_in(rows.objects, value_set=rows.contents)
    content_of_object: Ints = pc.fill_null(same, -1).to_numpy(zero_copy_only=False)
    return np.equal(content_of_object[rows.object], rows.content)


def _taking_part(rows: Rows, smaller: Ints, larger: Ints) -> Longs:
    """For each account its distinct rows whose content is in some match."""
    matched = np.zeros(int(rows.content.max(initial=-1)) + 1, bool)
    matched[rows.content[smaller]] = True
    matched[rows.content[larger]] = True
    part = np.flatnonzero(matched[rows.content])
    columns = [c[part] for c in (rows.account, rows.object, rows.content, rows.at_ms)]
    order = np.lexsort(columns)
    first = order[changes(*(c[order] for c in columns))]
    return np.bincount(columns[0][first], minlength=len(rows.accounts))


def _numbered(found: _Matches) -> tuple[Longs, Longs, Longs, Longs]:
    """The number of each pair's edge, in the order in which edges first appear; their two accounts and weights.

    The peer sorts the two ids of an edge, then makes an undirected graph of the edges: its vertices are all the
    smaller ids, then all the larger ones, by first appearance, and an edge leads from the earlier vertex.
    """
    accounts = found.rows.accounts
    ranks = byte_ranks(accounts)
    a, b = ranks[found.rows.account[found.older]], ranks[found.rows.account[found.newer]]
    keys = np.minimum(a, b).astype(np.int64) * len(accounts) + np.maximum(a, b)
    keys, appears, edge, weight = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(appears)
    number = np.argsort(order)
    low, high = np.divmod(keys[order], max(1, len(accounts)))
    vertex = np.full(len(accounts), 2 * len(keys))
    np.minimum.at(vertex, np.concatenate([low, high]), np.arange(2 * len(keys)))
    turned = vertex[low] > vertex[high]
    account = np.argsort(ranks)
    first, second = account[np.where(turned, high, low)], account[np.where(turned, low, high)]
    return number[edge], first, second, weight[order]


def _distinct(edge: Longs, content: Ints, edges: int) -> Longs:
    """How many different contents each edge has."""
    contents = int(content.max(initial=0)) + 1
    keys = np.sort(edge * contents + content)  # several times as fast as np.unique
    return np.bincount(keys[changes(keys)] // contents, minlength=edges)


def _objects(edge: Longs, object: Ints, objects: pa.StringArray) -> pa.Array:
    """The objects of each edge in the order in which the pairs have them, joined with commas."""
    order = np.argsort(edge, kind="stable")
    edge, object = edge[order], object[order]
    new = changes(edge, object)
    begins = np.searchsorted(edge[new], np.arange(int(edge.max(initial=-1)) + 2)).astype(np.int64)
    listed = pa.LargeListArray.from_arrays(begins, objects.cast(pa.large_string()).take(pa.array(object[new])))
    return pc.binary_join(listed, pa.scalar(",", pa.large_string()))


def _quantile(values: Longs, p: float) -> float:
    """Type 7 of Hyndman & Fan (1996), step by step as R computes it, so that rounding is the same."""
    if not len(values):
        return math.nan
    index = (len(values) - 1) * p + 1
    low = math.floor(index)
    near, far = np.partition(values, [low - 1, math.ceil(index) - 1])[[low - 1, math.ceil(index) - 1]].tolist()
    share = index - low
    return float(near) if near == far else (1 - share) * near + share * far


def _seconds(ms: Longs) -> Longs | Reals:
    return ms // 1000 if not np.any(ms % 1000) else ms / 1000


@compiled
def _count_matches(account, content, high):  # type: ignore[no-untyped-def]
    """How many pairs of rows `_list_matches` will give."""
    found = 0
    for p in range(len(account)):
        for q in range(p + 1, high[p]):
            if account[q] != account[p] and content[q] != content[p]:
                found += 1
    return found


@compiled
def _list_matches(account, content, low, high, rank, places, total):  # type: ignore[no-untyped-def]
    """Pairs of rows of one object within the window, of two accounts and two contents.

    Args:
        rank: place of each row in the order that decides ties.
        places: the rows ordered by (object, rank).
        total: number of pairs, from `_count_matches`.

    Returns:
        The ranks of the smaller and the larger row of each pair, ordered by (object, larger, smaller).
    """
    smaller, larger = np.empty(total, np.int32), np.empty(total, np.int32)
    used = 0
    for p in places:
        begin = used
        for q in range(low[p], high[p]):
            if rank[q] < rank[p] and account[q] != account[p] and content[q] != content[p]:
                smaller[used], larger[used] = rank[q], rank[p]
                used += 1
        smaller[begin:used].sort()
    return smaller, larger

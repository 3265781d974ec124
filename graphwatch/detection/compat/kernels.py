"""Kernels of the other tools' tables. They share the conventions of `graphwatch.detection.counting_kernels`.

`low` and `high` are the windows that `graphwatch.detection.counting_kernels.windows` gives.
"""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting_kernels import widened


@compiled
def count_matches(account, content, high):  # type: ignore[no-untyped-def]
    """How many pairs of rows `list_matches` will give."""
    found = 0
    for p in range(len(account)):
        for q in range(p + 1, high[p]):
            if account[q] != account[p] and content[q] != content[p]:
                found += 1
    return found


@compiled
def list_matches(account, content, low, high, rank, places, total):  # type: ignore[no-untyped-def]
    """Pairs of rows of one object within the window, of two accounts and two contents.

    Args:
        rank: place of each row in the order that decides ties.
        places: the rows ordered by (object, rank).
        total: number of pairs, from `count_matches`.

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


@compiled
def count_messages(account, low, high, position, start, least, most):  # type: ignore[no-untyped-def]
    """For each ordered pair of accounts (u, v), u = v included, the messages of u that v matches.

    A message of u is matched when v has one on the same object within the window; each matches itself.
    Row by row of a sparse product (Gustavson 1978), as in `graphwatch.detection.counting_kernels.count_range`.

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

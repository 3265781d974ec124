"""Kernels that divide the count among machines. They share the conventions of `counting_kernels`."""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting_kernels import WORTH_A_LOOK
from graphwatch.detection.pair_kernels import meet, seek

# What sending and sorting a row costs, in pairs of rows to look at.
_ROW = 10


@compiled
def work_of_rows(account, object, low, high, heavy):  # type: ignore[no-untyped-def]
    """What each row costs where it is counted: itself, and where it is not on a heavy object the rows it may meet."""
    work = np.full(len(account), _ROW, np.int64)
    for r in range(len(account)):
        looks = True
        for k in range(heavy.shape[1]):
            looks &= heavy[account[r], k] != object[r]
        if looks:
            work[r] += high[r] - low[r]
    return work


@compiled
def cuts(work, pieces):  # type: ignore[no-untyped-def]
    """Where to cut the rows so that each piece has about the same work."""
    total = work.sum()
    bounds = np.full(pieces + 1, len(work), np.int64)
    bounds[0] = 0
    piece, passed = 1, 0
    for r in range(len(work)):
        passed += work[r]
        while piece < pieces and passed >= total * piece / pieces:
            bounds[piece] = r + 1
            piece += 1
    return bounds


@compiled
def heavy_objects(account, object, low, high, accounts, most):  # type: ignore[no-untyped-def]
    """Of each account's objects the `most` that have the most pairs of rows to look at.

    Returns:
        A row an account of the codes of objects, -1 where there are fewer; and the pairs of rows of all objects.
    """
    heavy, weight = np.full((accounts, most), -1, np.int32), np.zeros((accounts, most), np.int64)
    size, reached = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)
    visited, begin = 0, 0
    while begin < len(object):
        end = begin
        while end < len(object) and object[end] == object[begin]:
            a = account[end]
            size[a] += high[end] - max(low[end], reached[a])
            reached[a] = high[end]
            end += 1
        for r in range(begin, end):
            a = account[r]
            visited += size[a]
            if most > 0 and size[a] > WORTH_A_LOOK:
                least = 0
                for k in range(1, most):
                    if weight[a, k] < weight[a, least]:
                        least = k
                if size[a] > weight[a, least]:
                    heavy[a, least], weight[a, least] = object[begin], size[a]
            size[a] = reached[a] = 0
        begin = end
    return heavy, visited


@compiled
def met_on_heavy(first, second, heavy, object, at_ms, position, start, delta):  # type: ignore[no-untyped-def]
    """On how many of the heavy objects of its first account each pair met."""
    n = np.zeros(len(first), np.int32)
    for p in range(len(first)):
        a, b = first[p], second[p]
        for k in range(heavy.shape[1]):
            here = heavy[a, k]
            if here < 0:
                continue
            i = seek(object, position, start[a], start[a + 1], here)
            j = seek(object, position, start[b], start[b + 1], here)
            if j < start[b + 1] and object[position[j]] == here:
                i_end = seek(object, position, i, start[a + 1], here + 1)
                j_end = seek(object, position, j, start[b + 1], here + 1)
                n[p] += int(meet(at_ms, position, i, i_end, j, j_end, delta))
    return n


@compiled
def _piece(o, t, cut_object, cut_ms):  # type: ignore[no-untyped-def]
    """How many cuts are at or before an object and a time."""
    begin, end = 0, len(cut_object)
    while begin < end:
        middle = (begin + end) // 2
        if cut_object[middle] < o or (cut_object[middle] == o and cut_ms[middle] <= t):
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def places(object, at_ms, cut_object, cut_ms, delta):  # type: ignore[no-untyped-def]
    """The pieces of each row: its own, and those that hold rows of its object within `delta` of it.

    Returns:
        Row, piece, and whether it is the row's own.
    """
    number = 0
    for r in range(len(object)):
        before = _piece(object[r], at_ms[r] - delta, cut_object, cut_ms)
        number += 1 + _piece(object[r], at_ms[r] + delta, cut_object, cut_ms) - before
    row, piece, own = np.empty(number, np.int64), np.empty(number, np.int32), np.empty(number, np.bool_)
    used = 0
    for r in range(len(object)):
        mine = _piece(object[r], at_ms[r], cut_object, cut_ms)
        first = _piece(object[r], at_ms[r] - delta, cut_object, cut_ms)
        last = _piece(object[r], at_ms[r] + delta, cut_object, cut_ms)
        for p in range(first, last + 1):
            row[used], piece[used], own[used] = r, p, p == mine
            used += 1
    return row, piece, own

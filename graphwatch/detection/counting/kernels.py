"""Kernels of the count: loops over arrays that numba compiles. They know neither stores nor ids.

Throughout, interactions are sorted by (object, time); `account`, `object` are int32 codes, `at_ms` is int64
milliseconds, and `delta` is the window in milliseconds, inclusive.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphwatch.common import large_arrays
from graphwatch.common.compiled import compiled
from graphwatch.detection.counting.pair_kernels import meet, seek

# An account's heaviest objects are left for the end only where that spares looking at more pairs than this.
WORTH_A_LOOK = 32
_MOST_LEFT = 8
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
# Two thousand counters stay in the nearest cache.
_DIGIT = 11


class Side(NamedTuple):
    """Interactions as the count takes them: of those whose partners are looked for, or of those partners.

    `position[start[a]:start[a + 1]]` are the places of account a's interactions.
    """

    account: Ints
    object: Ints
    at_ms: Longs
    position: Longs
    start: Longs


def objects_with_neighbour(account: Ints, object: Ints, at_ms: Longs, delta: int, accounts: int) -> Ints:
    """For each account, the number of objects on which another account acted within `delta` of it.

    Looks only at the nearest interaction of another account before and after each one: O(interactions).
    """
    found: Ints = _with_neighbour(account, object, at_ms, delta, accounts, large_arrays.empty(len(account), np.int64))
    return found


@compiled
def _with_neighbour(account, object, at_ms, delta, accounts, before):  # type: ignore[no-untyped-def]
    size = len(account)
    for r in range(size):
        before[r] = -1
        if r > 0 and object[r - 1] == object[r]:
            before[r] = before[r - 1] if account[r - 1] == account[r] else r - 1
    found = np.zeros(accounts, np.int32)
    last = np.full(accounts, -1, np.int32)
    after = -1
    for r in range(size - 1, -1, -1):
        if r == size - 1 or object[r + 1] != object[r]:
            after = -1
        elif account[r + 1] != account[r]:
            after = r + 1
        near = (before[r] >= 0 and at_ms[r] - at_ms[before[r]] <= delta) or (
            after >= 0 and at_ms[after] - at_ms[r] <= delta
        )
        if near and last[account[r]] != object[r]:
            last[account[r]] = object[r]
            found[account[r]] += 1
    return found


def windows(object: Ints, at_ms: Longs, delta: int, of: Side | None = None) -> tuple[Longs, Longs]:
    """For each interaction the half-open range of those of its object within `delta`: itself included, or of a side."""
    low, high = large_arrays.empty(len(object), np.int64), large_arrays.empty(len(object), np.int64)
    of_object, of_ms = (object, at_ms) if of is None else (of.object, of.at_ms)
    _windows(object, at_ms, of_object, of_ms, delta, low, high)
    return low, high


@compiled
def _windows(object, at_ms, of_object, of_ms, delta, low, high):  # type: ignore[no-untyped-def]
    size = len(of_object)
    left = right = 0
    for r in range(len(object)):
        here, begin, end = object[r], at_ms[r] - delta, at_ms[r] + delta
        while left < size and (of_object[left] < here or (of_object[left] == here and of_ms[left] < begin)):
            left += 1
        right = max(left, right)
        while right < size and (of_object[right] < here or (of_object[right] == here and of_ms[right] <= end)):
            right += 1
        low[r], high[r] = left, right


def by_account(account: Ints, accounts: int) -> tuple[Longs, Longs]:
    """Positions of each account's interactions, in order, and where each account's positions start."""
    position: Longs = large_arrays.empty(len(account), np.int64)
    start: Longs = _by_account(account, accounts, position)
    return position, start


@compiled
def _by_account(account, accounts, position):  # type: ignore[no-untyped-def]
    start = np.zeros(accounts + 1, np.int64)
    for a in account:
        start[a + 1] += 1
    for a in range(accounts):
        start[a + 1] += start[a]
    fill = start[:-1].copy()
    for r in range(len(account)):
        position[fill[account[r]]] = r
        fill[account[r]] += 1
    return start


@compiled
def in_order(object, at_ms):  # type: ignore[no-untyped-def]
    """Whether rows are sorted by (object, time) as they are."""
    for r in range(1, len(object)):
        if object[r] < object[r - 1] or (object[r] == object[r - 1] and at_ms[r] < at_ms[r - 1]):
            return False
    return True


@compiled
def work_of(account, low, high, accounts):  # type: ignore[no-untyped-def]
    """Pairs of interactions that the count will look at for each account."""
    work = np.zeros(accounts, np.int64)
    for r in range(len(account)):
        work[account[r]] += high[r] - low[r]
    return work


@compiled
def visited(account, low, high, accounts):  # type: ignore[no-untyped-def]
    """Pairs of an account and an interaction within the window of one of its own on the same object."""
    reached, number = np.zeros(accounts, np.int64), 0
    for r in range(len(account)):
        number += high[r] - max(low[r], reached[account[r]])
        reached[account[r]] = high[r]
    return number


@compiled
def heaviest(object, low, high, position, begin, end, most):  # type: ignore[no-untyped-def]
    """Of one account's objects the `most` that have the most pairs of interactions to look at.

    Returns:
        begins, ends: their places in `position`.
    """
    begins, ends = np.zeros(most, np.int64), np.zeros(most, np.int64)
    sizes = np.zeros(most, np.int64)
    used, k = 0, begin
    while k < end and most > 0:
        start, here, size, reached = k, object[position[k]], 0, 0
        while k < end and object[position[k]] == here:
            r = position[k]
            size += high[r] - max(low[r], reached)
            reached = high[r]
            k += 1
        if size > WORTH_A_LOOK:
            place = used
            if used == most:
                place = int(sizes.argmin())
            else:
                used += 1
            if size > sizes[place]:
                begins[place], ends[place], sizes[place] = start, k, size
    return begins[:used], ends[:used]


@compiled
def met_on(mine, theirs, begins, ends, begin, end, delta):  # type: ignore[no-untyped-def]
    """On how many of one account's objects, at `begins` to `ends`, another one, at `begin` to `end`, met it."""
    n = 0
    for h in range(len(begins)):
        here = mine.object[mine.position[begins[h]]]
        j = seek(theirs.object, theirs.position, begin, end, here)
        if j < end and theirs.object[theirs.position[j]] == here:
            j_end = seek(theirs.object, theirs.position, j, end, here + 1)
            here_too = theirs.at_ms, theirs.position, j, j_end
            n += int(meet(mine.at_ms, mine.position, begins[h], ends[h], *here_too, delta))
    return n


@compiled
def widened(rows):  # type: ignore[no-untyped-def]
    """The rows with room for twice as many columns; numpy's own ways to say so take seconds to compile."""
    larger = np.empty((rows.shape[0], 2 * rows.shape[1]), rows.dtype)
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            larger[i, k] = rows[i, k]
    return larger


@compiled
def left_for_the_end(least):  # type: ignore[no-untyped-def]
    """How many of an account's heaviest objects are left for the end of the count."""
    return min(max(least - 2, 0), _MOST_LEFT)


@compiled
def _past_heavy(k, begins, ends):  # type: ignore[no-untyped-def]
    """The end of the heavy object that begins at a place; the place itself where none does."""
    for h in range(len(begins)):
        if begins[h] == k:
            return ends[h]
    return k


@compiled
def count_range(mine, theirs, ahead, low, high, first, end, least, delta):  # type: ignore[no-untyped-def]
    """Pairs (a, b), a in [first, end) of one side, b of the other and after a, together on `least` objects or more.

    One row of a sparse product at a time (Gustavson 1978): `count` is a dense row over partner accounts, so
    memory is O(accounts + pairs reported) however many pairs of interactions there are.

    Each account's heaviest objects, `least` - 2 of them, are left for the end (the prefix filter of set-similarity
    joins, Chaudhuri et al. 2006): who reaches `least` with them has met the account on two others, and
    only those few are looked up on them. A viral object, which all have met on, is so never walked through.

    Args:
        mine, theirs: the two sides, which may be one.
        ahead: what is added to the other side's codes before they are compared with this side's.
        low, high: for each interaction of `mine` those of `theirs` on its object within the window.

    Returns:
        (a, b, n) as int32 arrays; a and b in the codes of their sides.
    """
    accounts = len(theirs.start) - 1
    seen = np.zeros((accounts, 2), np.int32)  # count, and the mark of the object counted last
    touched = np.empty(accounts, np.int32)
    room, used = 1024, 0
    out = np.empty((3, room), np.int32)
    most = left_for_the_end(least)
    object, position, start, account = mine.object, mine.position, mine.start, theirs.account
    for a in range(first, end):
        begins, ends = heaviest(object, low, high, position, start[a], start[a + 1], most)
        partners, mark, from_here = 0, 0, a - ahead
        k = start[a]
        while k < start[a + 1]:
            past = _past_heavy(k, begins, ends)
            if past > k:
                k = past
                continue
            current, mark = object[position[k]], k + 1
            reached = low[position[k]]
            while k < start[a + 1] and object[position[k]] == current:
                r = position[k]
                for s in range(max(low[r], reached), high[r]):
                    b = account[s]
                    if b > from_here and seen[b, 1] != mark:
                        seen[b, 1] = mark
                        if seen[b, 0] == 0:
                            touched[partners] = b
                            partners += 1
                        seen[b, 0] += 1
                reached = high[r]
                k += 1
        for b in touched[:partners]:
            n, seen[b, 0] = seen[b, 0], 0
            if n + len(begins) < least:
                continue
            n += met_on(mine, theirs, begins, ends, theirs.start[b], theirs.start[b + 1], delta)
            if n < least:
                continue
            if used == room:
                out, room = widened(out), 2 * room
            out[0, used], out[1, used], out[2, used] = a, b, n
            used += 1
    return out[:, :used].copy()


def by_object_and_time(object: Ints, at_ms: Longs) -> tuple[npt.NDArray[np.integer], Ints, Longs]:
    """The stable order of rows by (object, time), as of `numpy.lexsort`, and the two columns in that order.

    Object and time since the earliest are packed into 64 bits and sorted by digits of 11 bits, of which a month of a
    million posts has five. Where they do not fit, or codes are negative, the columns are sorted one after the other.

    >>> order, *_ = by_object_and_time(np.array([1, 0, 1], np.int32), np.array([5, 9, 5]))
    >>> order.tolist()
    [1, 0, 2]
    """
    if not len(object):
        return np.empty(0, np.int64), object, at_ms
    earliest = int(at_ms.min())
    for_time = (int(at_ms.max()) - earliest).bit_length()
    bits = for_time + int(object.max()).bit_length()
    if bits > 63 or object.min() < 0 or len(object) > np.iinfo(np.int32).max:
        order = np.lexsort((at_ms, object))
        return order, object[order], at_ms[order]
    key, places = _radix(_packed(object, at_ms, earliest, for_time, large_arrays.empty(len(object), np.int64)), bits)
    object, at_ms = large_arrays.empty(len(key), np.int32), large_arrays.empty(len(key), np.int64)
    _unpack(key, earliest, for_time, object, at_ms)
    return places, object, at_ms


@compiled
def _packed(object, at_ms, earliest, for_time, key):  # type: ignore[no-untyped-def]
    for r in range(len(object)):
        key[r] = (np.int64(object[r]) << for_time) | (at_ms[r] - earliest)
    return key


@compiled
def _unpack(key, earliest, for_time, object, at_ms):  # type: ignore[no-untyped-def]
    mask = (np.int64(1) << for_time) - 1
    for r in range(len(key)):
        object[r] = key[r] >> for_time
        at_ms[r] = (key[r] & mask) + earliest


def _radix(key: Longs, bits: int) -> tuple[Longs, Ints]:
    """Keys below 2^bits in order, and where each was; `key` is written over."""
    order, other = large_arrays.empty(len(key), np.int32), large_arrays.empty(len(key), np.int32)
    other_key = large_arrays.empty(len(key), np.int64)
    digits = max(1, (bits + _DIGIT - 1) // _DIGIT)
    _by_digits(key, order, other_key, other, digits)
    return (other_key, other) if digits % 2 else (key, order)


@compiled
def _by_digits(key, order, other_key, other, digits):  # type: ignore[no-untyped-def]
    """Sort by one digit after the other, from here to there and back."""
    size, wide = len(key), 1 << _DIGIT
    starts = np.zeros((digits, wide + 1), np.int64)
    for r in range(size):
        order[r] = r
        for d in range(digits):
            starts[d, ((key[r] >> (d * _DIGIT)) & (wide - 1)) + 1] += 1
    for d in range(digits):
        next = starts[d]
        for v in range(wide):
            next[v + 1] += next[v]
        for r in range(size):
            v = (key[r] >> (d * _DIGIT)) & (wide - 1)
            other_key[next[v]], other[next[v]] = key[r], order[r]
            next[v] += 1
        key, other_key = other_key, key
        order, other = other, order

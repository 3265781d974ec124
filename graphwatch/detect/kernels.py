"""Kernels of the count: loops over arrays that numba compiles. They know neither stores nor ids.

Throughout, interactions are sorted by (object, time); `account`, `object` are int32 codes, `at_ms` is int64
milliseconds, and `delta` is the window in milliseconds, inclusive.
"""

import numpy as np

from graphwatch.compiled import compiled


@compiled
def objects_with_neighbour(account, object, at_ms, delta, accounts):  # type: ignore[no-untyped-def]
    """For each account, the number of objects on which another account acted within `delta` of it.

    Looks only at the nearest interaction of another account before and after each one: O(interactions).
    """
    size = len(account)
    before = np.empty(size, np.int64)
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


@compiled
def windows(object, at_ms, delta):  # type: ignore[no-untyped-def]
    """For each interaction the half-open range of interactions of its object within `delta`, itself included."""
    size = len(object)
    low, high = np.empty(size, np.int64), np.empty(size, np.int64)
    left = right = 0
    for r in range(size):
        if r > 0 and object[r] != object[r - 1]:
            left = right = r
        while at_ms[r] - at_ms[left] > delta:
            left += 1
        while right < size and object[right] == object[r] and at_ms[right] - at_ms[r] <= delta:
            right += 1
        low[r], high[r] = left, right
    return low, high


@compiled
def by_account(account, accounts):  # type: ignore[no-untyped-def]
    """Positions of each account's interactions, in order, and where each account's positions start."""
    start = np.zeros(accounts + 1, np.int64)
    for a in account:
        start[a + 1] += 1
    for a in range(accounts):
        start[a + 1] += start[a]
    fill = start[:-1].copy()
    position = np.empty(len(account), np.int64)
    for r in range(len(account)):
        position[fill[account[r]]] = r
        fill[account[r]] += 1
    return position, start


@compiled
def work_of(account, low, high, accounts):  # type: ignore[no-untyped-def]
    """Pairs of interactions that the count will look at for each account."""
    work = np.zeros(accounts, np.int64)
    for r in range(len(account)):
        work[account[r]] += high[r] - low[r]
    return work


@compiled
def count_range(account, object, low, high, position, start, first, end, accounts, least):  # type: ignore[no-untyped-def]
    """Pairs (a, b), a in [first, end), a < b, that co-interact on at least `least` distinct objects.

    One row of a sparse product at a time (Gustavson 1978): `count` is a dense row over partner accounts, so
    memory is O(accounts + pairs reported) however many pairs of interactions there are.

    Returns:
        (a, b, n) as int32 arrays, and the number of pairs of interactions looked at.
    """
    count = np.zeros(accounts, np.int32)
    stamp = np.full(accounts, -1, np.int64)
    touched = np.empty(accounts, np.int32)
    room, used, visited = 1024, 0, 0
    out = np.empty((3, room), np.int32)
    for a in range(first, end):
        partners = 0
        mark, reached, current = -1, 0, -1
        for k in range(start[a], start[a + 1]):
            r = position[k]
            if object[r] != current:
                current, mark, reached = object[r], k, low[r]
            begin = max(low[r], reached)
            visited += high[r] - begin
            for s in range(begin, high[r]):
                b = account[s]
                if b > a and stamp[b] != mark:
                    stamp[b] = mark
                    if count[b] == 0:
                        touched[partners] = b
                        partners += 1
                    count[b] += 1
            reached = high[r]
        for i in range(partners):
            b = touched[i]
            if count[b] >= least:
                if used == room:
                    room *= 2
                    larger = np.empty((3, room), np.int32)
                    larger[:, :used] = out
                    out = larger
                out[0, used], out[1, used], out[2, used] = a, b, count[b]
                used += 1
            count[b] = 0
    return out[:, :used].copy(), visited


@compiled
def describe_pairs(first, second, object, at_ms, kind, position, start, delta):  # type: ignore[no-untyped-def]
    """What a reviewer needs to know of each pair beside its count.

    Returns:
        shared: objects on which both acted at any time;
        gap: median over co-interacted objects of the smallest gap, milliseconds;
        lead: share of those objects on which the first account came first, a tie counting half;
        kinds: bit set of the kinds involved; earliest, latest: first and last co-interaction, milliseconds.
    """
    pairs = len(first)
    shared = np.zeros(pairs, np.int32)
    gap, lead = np.empty(pairs), np.empty(pairs)
    kinds = np.zeros(pairs, np.int64)
    earliest, latest = np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    for p in range(pairs):
        i, i_end = start[first[p]], start[first[p] + 1]
        j, j_end = start[second[p]], start[second[p] + 1]
        gaps = np.empty(min(i_end - i, j_end - j))
        met, leads = 0, 0.0
        soon, late = np.iinfo(np.int64).max, np.iinfo(np.int64).min
        while i < i_end and j < j_end:
            x, y = position[i], position[j]
            if object[x] < object[y]:
                i += 1
                continue
            if object[y] < object[x]:
                j += 1
                continue
            here = object[x]
            shared[p] += 1
            j_next = j
            while j_next < j_end and object[position[j_next]] == here:
                j_next += 1
            nearest, ahead, behind, low = delta + 1, False, False, j
            while i < i_end and object[position[i]] == here:
                x = position[i]
                while low < j_next and at_ms[position[low]] < at_ms[x] - delta:
                    low += 1
                k = low
                while k < j_next and at_ms[position[k]] <= at_ms[x] + delta:
                    y = position[k]
                    distance = at_ms[y] - at_ms[x]
                    kinds[p] |= (1 << kind[x]) | (1 << kind[y])
                    soon = min(soon, at_ms[x], at_ms[y])
                    late = max(late, at_ms[x], at_ms[y])
                    if abs(distance) < nearest:
                        nearest, ahead, behind = abs(distance), False, False
                    if abs(distance) == nearest:
                        ahead, behind = ahead or distance > 0, behind or distance < 0
                    k += 1
                i += 1
            if nearest <= delta:
                gaps[met] = nearest
                met += 1
                if ahead == behind:
                    leads += 0.5
                elif ahead:
                    leads += 1.0
            j = j_next
        gap[p] = np.median(gaps[:met]) if met else np.nan
        lead[p] = leads / met if met else np.nan
        earliest[p], latest[p] = soon, late
    return shared, gap, lead, kinds, earliest, latest


@compiled
def met_objects(first, second, object, at_ms, position, start, delta, total):  # type: ignore[no-untyped-def]
    """The objects on which each pair co-interacts: positions of the pair and of the object, `total` of each."""
    pair, where = np.empty(total, np.int64), np.empty(total, np.int32)
    used = 0
    for p in range(len(first)):
        i, i_end = start[first[p]], start[first[p] + 1]
        j, j_end = start[second[p]], start[second[p] + 1]
        done = -1
        while i < i_end and j < j_end:
            x, y = position[i], position[j]
            if object[x] < object[y] or (object[x] == object[y] and at_ms[x] < at_ms[y] - delta):
                i += 1
            elif object[y] < object[x] or at_ms[y] < at_ms[x] - delta:
                j += 1
            else:
                if object[x] != done:
                    done = object[x]
                    pair[used], where[used] = p, done
                    used += 1
                i += 1
    return pair, where

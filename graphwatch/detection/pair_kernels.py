"""Kernels that lay two accounts' actions side by side.

They share the conventions of `graphwatch.detection.counting_kernels`.

The places `position[start[a]:start[a + 1]]` of an account's actions ascend by (object, time). Where one account has
twenty of them and the other two million, the long side is searched and not walked.
"""

import numpy as np

from graphwatch.common.compiled import compiled


@compiled
def seek(column, position, begin, end, value):  # type: ignore[no-untyped-def]
    """The first k from `begin` whose `column[position[k]]` is at least `value`, or `end`; the column ascends.

    Galloping: steps of 1, 2, 4, …, then halves, so that a short way costs little and a long one its logarithm.
    """
    step, low = 1, begin
    while low < end and column[position[low]] < value:
        begin = low + 1
        low += step
        step *= 2
    low = min(low, end)
    while begin < low:
        middle = (begin + low) // 2
        if column[position[middle]] < value:
            begin = middle + 1
        else:
            low = middle
    return begin


@compiled
def meet(at_ms, position, i, i_end, j, j_end, delta):  # type: ignore[no-untyped-def]
    """Whether any of one account's actions on an object is within `delta` of any of another's there."""
    while i < i_end and j < j_end:
        x, y = at_ms[position[i]], at_ms[position[j]]
        if x < y - delta:
            i = seek(at_ms, position, i, i_end, y - delta)
        elif y < x - delta:
            j = seek(at_ms, position, j, j_end, x - delta)
        else:
            return True
    return False


@compiled
def common_object(object, position, i, i_last, j, j_last):  # type: ignore[no-untyped-def]
    """The next object on which two accounts act, as the stretches of their places on it: i … i_end and j … j_end.

    The first stretch begins at `i_last` where there is none; else the next one is looked for from i_end and j_end.
    """
    while i < i_last and j < j_last:
        x, y = object[position[i]], object[position[j]]
        if x == y:
            i_end = seek(object, position, i, i_last, x + 1)
            j_end = seek(object, position, j, j_last, x + 1)
            return i, i_end, j, j_end
        if x < y:
            i = seek(object, position, i, i_last, y)
        else:
            j = seek(object, position, j, j_last, x)
    return i_last, i_last, j_last, j_last


@compiled
def neighbours(at_ms, kind, position, i, i_end, j, j_end, delta, every):  # type: ignore[no-untyped-def]
    """The co-interactions of two accounts on one object, i … i_end being the shorter side's actions.

    Costs (shorter side) · log(longer side), but for the kinds, which are looked through until `every` kind is seen.

    Returns:
        nearest: the smallest gap, above `delta` where there is none; later, earlier: whether, at that gap, the other
        side comes later, earlier; kinds: bit set; soon, late: first and last time.
    """
    nearest, later, earlier, kinds = delta + 1, False, False, 0
    soon, late = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    low, walked = j, j
    for k in range(i, i_end):
        x = at_ms[position[k]]
        low = seek(at_ms, position, low, j_end, x - delta)
        high = seek(at_ms, position, low, j_end, x + delta + 1)
        if low == high:
            continue
        kinds |= 1 << kind[position[k]]
        soon, late = min(soon, x, at_ms[position[low]]), max(late, x, at_ms[position[high - 1]])
        walked = max(walked, low)
        while walked < high and kinds != every:
            kinds |= 1 << kind[position[walked]]
            walked += 1
        after = seek(at_ms, position, low, high, x)
        for y in range(max(after - 1, low), min(after + 1, high)):
            distance = at_ms[position[y]] - x
            if abs(distance) < nearest:
                nearest, later, earlier = abs(distance), False, False
            if abs(distance) == nearest:
                later, earlier = later or distance > 0, earlier or distance < 0
    return nearest, later, earlier, kinds, soon, late


@compiled
def describe_pairs(first, second, object, at_ms, kind, position, start, delta, every):  # type: ignore[no-untyped-def]
    """What a reviewer needs to know of each pair beside its count; `every` is the bit set of all kinds there are.

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
        i, i_last = start[first[p]], start[first[p] + 1]
        j, j_last = start[second[p]], start[second[p] + 1]
        gaps = np.empty(min(i_last - i, j_last - j))
        met, leads = 0, 0.0
        soon, late = np.iinfo(np.int64).max, np.iinfo(np.int64).min
        while True:
            i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            shared[p] += 1
            if i_end - i <= j_end - j:
                nearest, ahead, behind, of, one, other = neighbours(
                    at_ms, kind, position, i, i_end, j, j_end, delta, every
                )
            else:
                nearest, behind, ahead, of, one, other = neighbours(
                    at_ms, kind, position, j, j_end, i, i_end, delta, every
                )
            if nearest <= delta:
                gaps[met] = nearest
                met += 1
                kinds[p] |= of
                soon, late = min(soon, one), max(late, other)
                if ahead == behind:
                    leads += 0.5
                elif ahead:
                    leads += 1.0
            i, j = i_end, j_end
        gaps[:met].sort()
        gap[p] = (gaps[(met - 1) // 2] + gaps[met // 2]) / 2 if met else np.nan
        lead[p] = leads / met if met else np.nan
        earliest[p], latest[p] = soon, late
    return shared, gap, lead, kinds, earliest, latest


@compiled
def met_objects(first, second, object, at_ms, position, start, delta, total):  # type: ignore[no-untyped-def]
    """The objects on which each pair co-interacts: positions of the pair and of the object, `total` of each."""
    pair, where = np.empty(total, np.int64), np.empty(total, np.int32)
    used = 0
    for p in range(len(first)):
        i, i_last = start[first[p]], start[first[p] + 1]
        j, j_last = start[second[p]], start[second[p] + 1]
        while True:
            i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            if meet(at_ms, position, i, i_end, j, j_end, delta):
                pair[used], where[used] = p, object[position[i]]
                used += 1
            i, j = i_end, j_end
    return pair, where

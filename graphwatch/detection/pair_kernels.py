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
def room_for_places(many, start):  # type: ignore[no-untyped-def]
    """An array for `places_among` of each of these accounts."""
    room = 0
    for a in many:
        room = max(room, start[a + 1] - start[a])
    return np.empty(2 * room + 2, np.int32)


@compiled
def places_among(row, begin, end, rows, places):  # type: ignore[no-untyped-def]
    """Prepare `place_of` for an account whose actions are at `begin` to `end` of `row`, of so many rows in all.

    The rows are cut into about twice as many stretches as it has actions, of equal length, a power of two; its first
    action in stretch s or beyond is at `begin + places[s]`.

    Returns:
        The power.
    """
    shift = 0
    while rows >> shift > 2 * (end - begin):
        shift += 1
    stretch = 0
    for k in range(begin, end):
        while stretch <= row[k] >> shift:
            places[stretch] = k - begin
            stretch += 1
    while stretch <= (rows >> shift) + 1:
        places[stretch] = end - begin
        stretch += 1
    return shift


@compiled
def place_of(row, begin, places, shift, value):  # type: ignore[no-untyped-def]
    """The first of an account's actions at `value` or a later row; see `places_among`."""
    k, end = begin + places[value >> shift], begin + places[(value >> shift) + 1]
    while end - k > 8:
        middle = (k + end) // 2
        if row[middle] < value:
            k = middle + 1
        else:
            end = middle
    while k < end and row[k] < value:
        k += 1
    return k


@compiled
def neighbours(at_ms, kind, x, low, high, nearest, kinds, every, walked):  # type: ignore[no-untyped-def]
    """What there is of the action x of one account and those of another from `low` to `high`, all within the window.

    Args:
        nearest: the smallest gap so far, and whether the other came later and earlier at that gap.
        kinds: bit set of the kinds of act so far; the others are looked through until `every` kind is seen.
        walked: up to where they were looked through.

    Returns:
        The three of them, brought up to date.
    """
    gap, later, earlier = nearest
    kinds |= 1 << kind[x]
    walked = max(walked, low)
    while walked < high and kinds != every:
        kinds |= 1 << kind[walked]
        walked += 1
    after = low + np.searchsorted(at_ms[low:high], at_ms[x])
    for y in range(max(after - 1, low), min(after + 1, high)):
        distance = at_ms[y] - at_ms[x]
        if abs(distance) < gap:
            gap, later, earlier = abs(distance), False, False
        if abs(distance) == gap:
            later, earlier = later or distance > 0, earlier or distance < 0
    return (gap, later, earlier), kinds, walked


@compiled
def describe_pairs(  # type: ignore[no-untyped-def]
    few, many, swapped, row, start, object, at_ms, kind, near_low, near_high, begins, every
):
    """What a reviewer needs to know of each pair beside its count; `every` is the bit set of all kinds there are.

    The columns are account by account, see `counting.LaidOut`; the actions of `few` are gone through, and their
    places among those of `many` are looked up.

    Args:
        near_low, near_high: of each action the rows within the window.
        begins: the first row of each object, and after the last one.

    Returns:
        shared: objects on which both acted at any time;
        gap: median over co-interacted objects of the smallest gap, milliseconds;
        lead: share of those objects on which the first account came first, a tie counting half;
        kinds: bit set of the kinds involved; earliest, latest: first and last co-interaction, milliseconds.
    """
    pairs, rows = len(few), len(row)
    shared = np.zeros(pairs, np.int32)
    gap, lead = np.empty(pairs), np.empty(pairs)
    kinds = np.zeros(pairs, np.int64)
    earliest, latest = np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    gaps, places = np.empty(room_for_places(few, start).shape[0]), room_for_places(many, start)
    begin = end = shift = 0
    for p in range(pairs):
        if p == 0 or many[p] != many[p - 1]:
            begin, end = start[many[p]], start[many[p] + 1]
            shift = places_among(row, begin, end, rows, places)
        met, leads = 0, 0.0
        soon, late = np.iinfo(np.int64).max, np.iinfo(np.int64).min
        k, last = start[few[p]], start[few[p] + 1]
        while k < last:
            here, nearest, walked = object[k], (np.iinfo(np.int64).max, False, False), 0
            place = place_of(row, begin, places, shift, begins[here])
            both = place < end and row[place] < begins[here + 1]
            shared[p] += int(both)
            while k < last and object[k] == here:
                if both:
                    low = high = place_of(row, begin, places, shift, near_low[k])
                    while high < end and row[high] < near_high[k]:
                        high += 1
                    if low < high:
                        nearest, kinds[p], walked = neighbours(
                            at_ms, kind, k, low, high, nearest, kinds[p], every, walked
                        )
                        soon, late = min(soon, at_ms[k], at_ms[low]), max(late, at_ms[k], at_ms[high - 1])
                k += 1
            if nearest[0] < np.iinfo(np.int64).max:
                gaps[met] = nearest[0]
                met += 1
                if nearest[1] == nearest[2]:
                    leads += 0.5
                elif nearest[1] != swapped[p]:
                    leads += 1.0
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

"""Kernels that lay two accounts' actions side by side.

They share the conventions of `graphwatch.detection.counting.kernels`.

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
def meet(at_ms, position, i, i_end, of_ms, of_position, j, j_end, delta):  # type: ignore[no-untyped-def]
    """Whether any of one account's actions on an object is within `delta` of any of another's there.

    The columns of the other's actions are given, too: the two may be of two sides.
    """
    while i < i_end and j < j_end:
        x, y = at_ms[position[i]], of_ms[of_position[j]]
        if x < y - delta:
            i = seek(at_ms, position, i, i_end, y - delta)
        elif y < x - delta:
            j = seek(of_ms, of_position, j, j_end, x - delta)
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
def room_for_places(rows):  # type: ignore[no-untyped-def]
    """What `mark` fills in for any account, where there are so many rows: a bit a row, and a count a word."""
    return np.zeros((rows >> 6) + 1, np.uint64), np.zeros((rows >> 6) + 1, np.int32)


@compiled
def most_actions(accounts, start):  # type: ignore[no-untyped-def]
    """The most actions that one of these accounts has."""
    most = 0
    for a in accounts:
        most = max(most, start[a + 1] - start[a])
    return most


@compiled
def mark(p, few, many, start, row, bits, before):  # type: ignore[no-untyped-def]
    """Mark the rows of `many[p]`, whose actions are looked up in pairs from `p` on, where that is worth its while.

    Each word has the bits of 64 rows, set where the account acts, and beside it stands the place of its first action
    there or later (Jacobson 1989, Space-efficient static trees and graphs: rank by counting bits). To set them costs
    about as much as looking up an action for each word.

    Returns:
        Whether they are marked.
    """
    a, steps, q = many[p], 0, p
    while q < len(many) and many[q] == a and steps < len(bits):
        steps += start[few[q] + 1] - start[few[q]]
        q += 1
    if steps < len(bits):
        return False
    for w in range(len(bits)):
        bits[w] = 0
    for k in range(start[a], start[a + 1]):
        bits[row[k] >> 6] |= np.uint64(1) << np.uint64(row[k] & 63)
    k = start[a]
    for w in range(len(bits)):
        before[w] = k
        k += _ones(bits[w])
    return True


@compiled
def _ones(word):  # type: ignore[no-untyped-def]
    """How many bits are set; the compiler knows this form, and has one instruction for it."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def look_up(rows, begin, last, row, there, end, marked, bits, before, places):  # type: ignore[no-untyped-def]
    """For `rows[begin:last]` the first of an account's actions, at `there` to `end` of `row`, at that row or later.

    Where the account is marked they are counted, else searched by halves. They are looked up many at once: in a loop
    with other work the compiler would take each by itself.

    Args:
        places: gets them; `end` where there is none.
    """
    if marked:
        for k in range(begin, last):
            value = rows[k]
            w = value >> 6
            below = bits[w] & ((np.uint64(1) << np.uint64(value & 63)) - np.uint64(1))
            places[k - begin] = before[w] + _ones(below)
    else:
        for k in range(begin, last):
            low, high = there, end
            while low < high:
                middle = (low + high) // 2
                if row[middle] < rows[k]:
                    low = middle + 1
                else:
                    high = middle
            places[k - begin] = low


@compiled
def _looked_around(k, after, walked, there, end, object, at_ms, kind, delta, seen):  # type: ignore[no-untyped-def]
    """What there is of the action k of one account and those of another within the window of it.

    Args:
        after: the first action of the other, among those at `there` to `end`, that comes after k.
        walked: up to where the other's actions on the object were looked at.
        seen: bit set of the kinds of act, earliest and latest time so far.

    Returns:
        Up to where they are looked at now, and `seen` brought up to date.
    """
    kinds, soon, late = seen[0] | 1 << kind[k], min(seen[1], at_ms[k]), max(seen[2], at_ms[k])
    y = after - 1
    while y >= max(there, walked) and object[y] == object[k] and at_ms[k] - at_ms[y] <= delta:
        kinds, soon = kinds | 1 << kind[y], min(soon, at_ms[y])
        y -= 1
    walked = max(after, walked)
    while walked < end and object[walked] == object[k] and at_ms[walked] - at_ms[k] <= delta:
        kinds, late = kinds | 1 << kind[walked], max(late, at_ms[walked])
        walked += 1
    return walked, (kinds, soon, late)


@compiled
def _side_by_side(begin, last, there, end, places, object, at_ms, kind, delta, every, gaps):  # type: ignore[no-untyped-def]
    """Go through one account's actions, at `begin` to `last`, beside those of another, at `there` to `end`.

    Of an object that both acted on the nearest action of the other is the one before or the one after in order of rows.

    Args:
        places: for each action of the one the first of the other that comes after it.
        gaps: gets the smallest gap on each object on which they co-interact.

    Returns:
        Objects on which both acted; on which they co-interact; on how many of these the one came first, a tie counting
        half; bit set of kinds, first and last co-interaction.
    """
    shared, met, leads, far = 0, 0, 0.0, np.iinfo(np.int64).max
    kinds, soon, late = np.int64(0), np.iinfo(np.int64).max, np.iinfo(np.int64).min
    k = begin
    while k < last:
        here, nearest, later, earlier, both, walked = object[k], far, False, False, False, there
        while k < last and object[k] == here:
            x, after = at_ms[k], places[k - begin]
            follows, precedes = after < end and object[after] == here, after > there and object[after - 1] == here
            both = both or follows or precedes
            up, down = at_ms[after] - x if follows else far, x - at_ms[after - 1] if precedes else far
            gap = min(up, down)
            if gap <= delta:
                if gap < nearest:
                    nearest, later, earlier = gap, False, False
                if gap == nearest and gap > 0:
                    later, earlier = later or up == gap, earlier or down == gap
                if kinds != every or x - delta < soon or x + delta > late:
                    seen = (kinds, soon, late)
                    walked, seen = _looked_around(k, after, walked, there, end, object, at_ms, kind, delta, seen)
                    kinds, soon, late = seen
            k += 1
        shared += int(both)
        if nearest < far:
            gaps[met] = nearest
            met += 1
            leads += 0.5 if later == earlier else 1.0 * later
    return shared, met, leads, kinds, soon, late


@compiled
def describe_pairs(few, many, swapped, row, start, object, at_ms, kind, delta, every):  # type: ignore[no-untyped-def]
    """What a reviewer needs to know of each pair beside its count; `every` is the bit set of all kinds there are.

    The columns are account by account, see `counting.LaidOut`; the actions of `few` are gone through, and their
    places among those of `many` are looked up.

    Returns:
        shared: objects on which both acted at any time;
        gap: median over co-interacted objects of the smallest gap, milliseconds;
        lead: share of those objects on which the first account came first, a tie counting half;
        kinds: bit set of the kinds involved; earliest, latest: first and last co-interaction, milliseconds.
    """
    pairs, room, marked = len(few), most_actions(few, start), False
    shared, kinds = np.zeros(pairs, np.int32), np.zeros(pairs, np.int64)
    gap, lead = np.full(pairs, np.nan), np.full(pairs, np.nan)
    earliest, latest = np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    gaps, places = np.empty(room), np.empty(room, row.dtype)
    bits, before = room_for_places(len(row))
    for p in range(pairs):
        if p == 0 or many[p] != many[p - 1]:
            marked = mark(p, few, many, start, row, bits, before)
        begin, last, there, end = start[few[p]], start[few[p] + 1], start[many[p]], start[many[p] + 1]
        look_up(row, begin, last, row, there, end, marked, bits, before, places)
        shared[p], met, leads, kinds[p], earliest[p], latest[p] = _side_by_side(
            begin, last, there, end, places, object, at_ms, kind, delta, every, gaps
        )
        if met:
            gaps[:met].sort()
            gap[p] = (gaps[(met - 1) // 2] + gaps[met // 2]) / 2
            lead[p] = (met - leads if swapped[p] else leads) / met
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
            if meet(at_ms, position, i, i_end, at_ms, position, j, j_end, delta):
                pair[used], where[used] = p, object[position[i]]
                used += 1
            i, j = i_end, j_end
    return pair, where

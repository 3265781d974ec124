"""Kernels of the crowd-conditional draw: an account's time on an object as a draw from the times of the others there.

They share the conventions of `graphwatch.detection.counting.kernels`. Actions on an object that follow each other in
one block of the day and one bin of age are a segment: all in it weigh the same to an account. `crowd` are the arrays of
`crowd.Crowd`, in the order of its fields.
"""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.chance.null_model_kernels import chance_of_burst, occasions, tail_beyond
from graphwatch.detection.counting.pair_kernels import common_object, seek

# What the pooled rate of an age, and the crowd's habits, weigh beside what is seen.
_PRIOR = 3.0
_SHRUNK = 8.0


@compiled
def habits(j, k, k_end, position, start, crowd, of_hour, of_age):  # type: ignore[no-untyped-def]
    """How much more than the crowd an account acts in each block of the day and at each age.

    Its actions at the places from k to k_end, those on the object that is asked about, are left out.
    """
    segment, hour, age = crowd[0], crowd[2], crowd[3]
    by_hour, by_age, hours, ages = crowd[4], crowd[5], crowd[6], crowd[7]
    for h in range(len(hours)):
        of_hour[h] = by_hour[j, h]
    for a in range(len(ages)):
        of_age[a] = by_age[j, a]
    for own in range(k, k_end):
        s = segment[position[own]]
        of_hour[hour[s]] -= 1.0
        of_age[age[s]] -= 1.0
    number = start[j + 1] - start[j] - (k_end - k) + _SHRUNK
    for h in range(len(hours)):
        of_hour[h] = (of_hour[h] + _SHRUNK * hours[h]) / (number * hours[h])
    for a in range(len(ages)):
        of_age[a] = (of_age[a] + _SHRUNK * ages[a]) / (number * ages[a])


@compiled
def weighed(low, high, crowd, of_hour, of_age):  # type: ignore[no-untyped-def]
    """What the actions from `low` to `high`, on one object, weigh together."""
    segment, begins, hour, age = crowd[0], crowd[1], crowd[2], crowd[3]
    total, place = 0.0, low
    while place < high:
        s = segment[place]
        stop = min(begins[s + 1], high)
        total += (stop - place) * of_hour[hour[s]] * of_age[age[s]]
        place = stop
    return total


@compiled
def weigh_objects(first, end, object, position, start, crowd):  # type: ignore[no-untyped-def]
    """Write for each action of the accounts [first, end) what all others on its object weigh to its account."""
    total, object_start = crowd[8], crowd[9]
    of_hour, of_age = np.empty(len(crowd[6])), np.empty(len(crowd[7]))
    for j in range(first, end):
        k = start[j]
        while k < start[j + 1]:
            here = object[position[k]]
            k_end = seek(object, position, k, start[j + 1], here + 1)
            habits(j, k, k_end, position, start, crowd, of_hour, of_age)
            weight = weighed(object_start[here], object_start[here + 1], crowd, of_hour, of_age)
            for own in range(k, k_end):
                weight -= weighed(position[own], position[own] + 1, crowd, of_hour, of_age)
            for own in range(k, k_end):
                total[position[own]] = weight
            k = k_end


@compiled
def bisect(at_ms, low, high, value):  # type: ignore[no-untyped-def]
    """The first place from `low` whose time is at least `value`, or `high`."""
    while low < high:
        middle = (low + high) // 2
        if at_ms[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def spans_about(at_ms, position, k, k_end, delta, begins, ends):  # type: ignore[no-untyped-def]
    """The times within `delta` of an account's actions on an object, as spans apart from each other; how many."""
    spans = 0
    for own in range(k, k_end):
        at = at_ms[position[own]]
        if spans > 0 and at - delta <= ends[spans - 1]:
            ends[spans - 1] = at + delta
        else:
            begins[spans], ends[spans] = at - delta, at + delta
            spans += 1
    return spans


@compiled
def in_span(at, begins, ends, spans):  # type: ignore[no-untyped-def]
    """Whether a time is in one of the ascending spans."""
    low, high = 0, spans
    while low < high:
        middle = (low + high) // 2
        if ends[middle] < at:
            low = middle + 1
        else:
            high = middle
    return low < spans and begins[low] <= at


@compiled
def drawn_within(  # type: ignore[no-untyped-def]
    j, k, k_end, begins, ends, spans, prior, apart, size, object, at_ms, position, start, crowd, of_hour, of_age
):
    """The chance that an account's action on an object is in one of the spans, were its time drawn anew.

    Drawn from the times of the others there, each weighed by the account's habits, but of none among `apart[:size]`;
    and, with the weight of three, by the `prior` of such spans on all objects.

    Args:
        k, k_end: the places of the account's actions on the object.
    """
    habits(j, k, k_end, position, start, crowd, of_hour, of_age)
    total, object_start = crowd[8], crowd[9]
    here = object[position[k]]
    low, last = object_start[here], object_start[here + 1]
    near, everywhere = 0.0, total[position[k]]
    for s in range(spans):
        low = bisect(at_ms, low, last, begins[s])
        high = bisect(at_ms, low, last, ends[s] + 1)
        near += weighed(low, high, crowd, of_hour, of_age)
        low = high
    for own in range(k, k_end):
        if in_span(at_ms[position[own]], begins, ends, spans):
            near -= weighed(position[own], position[own] + 1, crowd, of_hour, of_age)
    for other in range(size):
        d = apart[other]
        if d == j:
            continue
        x = seek(object, position, start[d], start[d + 1], here)
        while x < start[d + 1] and object[position[x]] == here:
            weight = weighed(position[x], position[x] + 1, crowd, of_hour, of_age)
            everywhere -= weight
            if in_span(at_ms[position[x]], begins, ends, spans):
                near -= weight
            x += 1
    return min(1.0, (max(near, 0.0) + _PRIOR * prior) / (max(everywhere, 0.0) + _PRIOR))


@compiled
def room_for(accounts, crowd):  # type: ignore[no-untyped-def]
    """What the draw writes to while it works: marks, a list of accounts, and four lines of numbers."""
    accounts = accounts if len(crowd[8]) else 0
    scratch = (np.empty(1, np.int64), np.empty(1, np.int64), np.empty(len(crowd[6])), np.empty(len(crowd[7])))
    return np.full(accounts, -1, np.int64), np.empty(accounts, np.int32), scratch


@compiled
def with_companions(group, crowd, marks, stamp, apart):  # type: ignore[no-untyped-def]
    """Write the accounts of a group and their companions to `apart`, each once and marked with the stamp; how many."""
    companions_start, companions = crowd[10], crowd[11]
    size = 0
    for member in group:
        if marks[member] != stamp:
            marks[member] = stamp
            apart[size] = member
            size += 1
        for c in range(companions_start[member], companions_start[member + 1]):
            if marks[companions[c]] != stamp:
                marks[companions[c]] = stamp
                apart[size] = companions[c]
                size += 1
    return size


@compiled
def and_companions_of(account, crowd, marks, stamp, apart, size):  # type: ignore[no-untyped-def]
    """The same with an account's companions, for this once: nothing is marked."""
    companions_start, companions = crowd[10], crowd[11]
    for c in range(companions_start[account], companions_start[account + 1]):
        if marks[companions[c]] != stamp:
            apart[size] = companions[c]
            size += 1
    return size


@compiled
def drawn_near_burst(  # type: ignore[no-untyped-def]
    r, t0, t1, delta, prior, apart, size, account, object, at_ms, position, start, crowd, scratch
):
    """The chance that one action, r, is near a burst from t0 to t1, were its time drawn anew."""
    begins, ends, of_hour, of_age = scratch
    j = account[r]
    begins[0], ends[0] = t0 - delta, t1 + delta
    k = seek(object, position, start[j], start[j + 1], object[r])
    k_end = seek(object, position, k, start[j + 1], object[r] + 1)
    return drawn_within(
        j, k, k_end, begins, ends, 1, prior, apart, size, object, at_ms, position, start, crowd, of_hour, of_age
    )


@compiled
def nearest(at_ms, position, i, i_end, j, j_end):  # type: ignore[no-untyped-def]
    """The smallest gap between two accounts' actions on an object, and the places where it first is."""
    gap, one, other = np.iinfo(np.int64).max, 0, 0
    while i < i_end and j < j_end:
        x, y = at_ms[position[i]], at_ms[position[j]]
        if abs(x - y) < gap:
            gap, one, other = abs(x - y), position[i], position[j]
        if x <= y:
            i += 1
        else:
            j += 1
    return gap, one, other


@compiled
def _prior_of(at_ms, bin, position, k, k_end, delta, rate):  # type: ignore[no-untyped-def]
    """How often somebody is near any of these actions, on all objects."""
    never = 1.0
    first = k
    for own in range(k, k_end):
        if own + 1 == k_end or at_ms[position[own + 1]] - at_ms[position[own]] > 2 * delta:
            span = at_ms[position[own]] - at_ms[position[first]]
            never *= 1.0 - chance_of_burst(span, delta, rate[bin[position[first]]])
            first = own + 1
    return 1.0 - never


@compiled
def test_drawn(  # type: ignore[no-untyped-def]
    first, second, object, at_ms, bin, position, start, delta, gap, longest, rate, least, crowd
):
    """Opportunities, expected count and log10 p of each pair, by the draw.

    Every object on which both acted is an opportunity, whenever they did. Its chance is the larger of two: that the
    second, drawn, is within `delta` of the first, and the other way round; 1 where both acted while the object was
    young. p is that of occasions.
    """
    pairs, accounts = len(first), len(start) - 1
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    scene, young = (object, at_ms, position, start, crowd), crowd[12]
    marks, apart = np.full(accounts, -1, np.int64), np.empty(accounts, np.int32)
    of_hour, of_age, both = np.empty(len(crowd[6])), np.empty(len(crowd[7])), np.empty(2, np.int32)
    for p in range(pairs):
        a, b = first[p], second[p]
        both[0], both[1] = a, b
        size = with_companions(both, crowd, marks, p, apart)
        i, i_last = start[a], start[a + 1]
        j, j_last = start[b], start[b + 1]
        room = min(i_last - i, j_last - j)
        times, never, hit = np.empty(room, np.int64), np.empty(room), np.empty(room, np.bool_)
        begins, ends = np.empty(max(i_last - i, j_last - j), np.int64), np.empty(max(i_last - i, j_last - j), np.int64)
        shared = 0
        while True:
            i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            distance, x, y = nearest(at_ms, position, i, i_end, j, j_end)
            times[shared], hit[shared] = min(at_ms[x], at_ms[y]), distance <= delta
            spans = spans_about(at_ms, position, i, i_end, delta, begins, ends)
            prior = _prior_of(at_ms, bin, position, i, i_end, delta, rate)
            of_one = drawn_within(b, j, j_end, begins, ends, spans, prior, apart, size, *scene, of_hour, of_age)
            spans = spans_about(at_ms, position, j, j_end, delta, begins, ends)
            prior = _prior_of(at_ms, bin, position, j, j_end, delta, rate)
            of_other = drawn_within(a, i, i_end, begins, ends, spans, prior, apart, size, *scene, of_hour, of_age)
            never[shared] = min((1.0 - of_one) ** (j_end - j), (1.0 - of_other) ** (i_end - i))
            if young[x] and young[y]:
                never[shared] = 0.0
            expected[p] += 1.0 - never[shared]
            shared += 1
            i, j = i_end, j_end
        opportunities[p] = shared
        chances = np.empty(shared)
        found, successes = occasions(times, never, hit, shared, gap, longest, chances)
        if successes >= least:
            log10_p[p] = tail_beyond(chances, found, successes)
    return opportunities, expected, log10_p

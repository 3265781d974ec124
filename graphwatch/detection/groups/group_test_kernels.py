"""Kernels of the group test: is an account near the bursts of a group more often than chance explains?

They share the conventions of `graphwatch.detection.counting.kernels`. A burst of a group is a run of its members'
actions on one object, each within `delta` of the next, by two members or more; it is given by the places of its first
and last action.
"""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.chance.crowd_kernels import and_companions_of, drawn_near_burst, room_for, with_companions
from graphwatch.detection.chance.null_model_kernels import chance_of_burst, occasions, tail_beyond
from graphwatch.detection.counting.kernels import widened
from graphwatch.detection.counting.pair_kernels import seek


@compiled
def bursts_of(places, account, object, at_ms, delta, without):  # type: ignore[no-untyped-def]
    """The bursts of the actions at `places`, which are in order; those of the account `without` are left out."""
    first, last = np.empty(len(places), np.int64), np.empty(len(places), np.int64)
    found, begin, end, several = 0, -1, -1, False
    for r in places:
        if account[r] == without:
            continue
        if begin >= 0 and object[r] == object[end] and at_ms[r] - at_ms[end] <= delta:
            several = several or account[r] != account[begin]
        else:
            if several:
                first[found], last[found] = begin, end
                found += 1
            begin, several = r, False
        end = r
    if several:
        first[found], last[found] = begin, end
        found += 1
    return first[:found], last[:found]


@compiled
def places_of(group, position, start):  # type: ignore[no-untyped-def]
    """The places of all actions of a group, in order."""
    size = 0
    for m in group:
        size += start[m + 1] - start[m]
    places, size = np.empty(size, np.int64), 0
    for m in group:
        for k in range(start[m], start[m + 1]):
            places[size] = position[k]
            size += 1
    # The runs of the members are each in order, on which the usual quicksort takes the square of their length.
    return places[np.argsort(places, kind="mergesort")]


@compiled
def around(first, last, object, at_ms, coarse):  # type: ignore[no-untyped-def]
    """For each burst the places, from and to, of the actions on its object within `coarse` of it."""
    low, high = first.copy(), last + 1
    for b in range(len(first)):
        here, t0, t1 = object[first[b]], at_ms[first[b]], at_ms[last[b]]
        while low[b] > 0 and object[low[b] - 1] == here and at_ms[low[b] - 1] >= t0 - coarse:
            low[b] -= 1
        while high[b] < len(object) and object[high[b]] == here and at_ms[high[b]] <= t1 + coarse:
            high[b] += 1
    return low, high


@compiled
def seen_around(  # type: ignore[no-untyped-def]
    first, last, low, high, account, object, at_ms, delta, barred, seen, touched
):
    """Count what accounts that are not barred did around bursts, which are in order of object.

    Args:
        seen: of each account, zero before: how often it acted around a burst, on how many objects, on how many of them
            near enough to one to have been in it; and the objects counted last, for which any value will do.
        touched: gets the accounts that acted.

    Returns:
        How many acted.
    """
    reached = 0
    for b in range(len(first)):
        t0, t1, here = at_ms[first[b]], at_ms[last[b]], object[first[b]]
        for r in range(low[b], high[b]):
            a = account[r]
            if barred[a]:
                continue
            if seen[a, 0] == 0:
                touched[reached] = a
                reached += 1
                seen[a, 3] = seen[a, 4] = -1
            seen[a, 0] += 1
            seen[a, 1] += int(seen[a, 3] != here)
            seen[a, 3] = here
            if seen[a, 4] != here and t0 - delta <= at_ms[r] <= t1 + delta:
                seen[a, 4] = here
                seen[a, 2] += 1
    return reached


@compiled
def _meetings(first, last, low, high, offset, room, delta, bin, rate, drawn, scene, drawing):  # type: ignore[no-untyped-def]
    """What outsiders did around bursts, at their own places from `offset`, which is moved past them.

    Args:
        room: how many places there are.
        drawn: whether the chance of a burst is drawn from the crowd.
        scene: account, object, at_ms, position, start and crowd.
        drawing: the marks of who keeps whom company, the group's number, who is apart, how many of them, and room.

    Returns:
        For each place the time of the burst, the chance of not being near it, and whether the account was.
    """
    account, _, at_ms, _, _, crowd = scene
    marks, g, apart, away, scratch = drawing
    times, never, hit = np.empty(room, np.int64), np.empty(room), np.empty(room, np.bool_)
    for b in range(len(first) if room else 0):
        t0, t1 = at_ms[first[b]], at_ms[last[b]]
        prior = chance_of_burst(t1 - t0, delta, rate[bin[first[b]]])
        fails = 1.0 - prior
        for r in range(low[b], high[b]):
            k = offset[account[r]]
            if k >= 0:
                if drawn:
                    size = and_companions_of(account[r], crowd, marks, g, apart, away)
                    fails = 1.0 - drawn_near_burst(r, t0, t1, delta, prior, apart, size, *scene, scratch)
                times[k], never[k], hit[k] = t0, fails, t0 - delta <= at_ms[r] <= t1 + delta
                offset[account[r]] += 1
    return times, never, hit


@compiled
def _judged(g, touched, seen, offset, meetings, gap, longest, least, found, log10_p, total):  # type: ignore[no-untyped-def]
    """Test the accounts that were near bursts of group g on enough objects; `offset` is where their meetings end.

    Returns:
        `found` and `log10_p` with the group, the account and p of each that succeeded often enough, from `total` on,
        in more room where they need it; and how many there are now.
    """
    times, never, hit = meetings
    chances = np.empty(len(times))
    for a in touched:
        if offset[a] < 0:
            continue
        entries = seen[a, 0]
        own = slice(offset[a] - entries, offset[a])
        met, successes = occasions(times[own], never[own], hit[own], entries, gap, longest, chances)
        if successes >= least:
            if total == found.shape[1]:
                found, log10_p = widened(found), widened(log10_p)
            found[0, total], found[1, total] = g, a
            log10_p[0, total] = tail_beyond(chances, met, successes)
            total += 1
    return found, log10_p, total


@compiled
def outsiders_range(  # type: ignore[no-untyped-def]
    begin,
    end,
    members,
    bounds,
    taken,
    account,
    object,
    at_ms,
    bin,
    position,
    start,
    delta,
    coarse,
    gap,
    longest,
    rate,
    crowd,
    least,
):
    """Test outside accounts against each group from `begin` to `end`.

    Args:
        members, bounds: the accounts of group g are `members[bounds[g]:bounds[g + 1]]`.
        taken: accounts that are not tested.

    Returns:
        Group and account of each test in which the account was near bursts on `least` objects and occasions or more;
        log10 of its p; and for each group how many accounts were tested: those that acted around its bursts on `least`
        objects or more.
    """
    barred = taken.copy()
    seen, touched = np.zeros((len(taken), 5), np.int64), np.empty(len(taken), np.int64)
    offset = np.full(len(taken), -1, np.int64)
    found, log10_p, total = np.empty((2, 1024), np.int32), np.empty((1, 1024)), 0
    tests = np.zeros(end - begin, np.int64)
    drawn, away, scene = len(crowd[8]) > 0, 0, (account, object, at_ms, position, start, crowd)
    marks, apart, scratch = room_for(len(taken), crowd)
    for g in range(begin, end):
        group = members[bounds[g] : bounds[g + 1]]
        barred[group] = True
        if drawn:
            away = with_companions(group, crowd, marks, g, apart)
        first, last = bursts_of(places_of(group, position, start), account, object, at_ms, delta, -1)
        if drawn:
            grown = ~crowd[12][first]
            first, last = first[grown], last[grown]
        low, high = around(first, last, object, at_ms, coarse)
        reached = seen_around(first, last, low, high, account, object, at_ms, delta, barred, seen, touched)
        room = 0
        for a in touched[:reached]:
            tests[g - begin] += int(seen[a, 1] >= least)
            if seen[a, 2] >= least:
                offset[a] = room
                room += seen[a, 0]
        drawing = (marks, g, apart, away, scratch)
        meetings = _meetings(first, last, low, high, offset, room, delta, bin, rate, drawn, scene, drawing)
        found, log10_p, total = _judged(
            g, touched[:reached], seen, offset, meetings, gap, longest, least, found, log10_p, total
        )
        for a in touched[:reached]:
            seen[a, :3] = 0
            offset[a] = -1
        for m in group:
            barred[m] = taken[m]
    return found[0, :total].copy(), found[1, :total].copy(), log10_p[0, :total].copy(), tests


@compiled
def _acted(at_ms, position, begin, end, since, until):  # type: ignore[no-untyped-def]
    """How many of an account's actions on an object, at the places from `begin` to `end`, are within a time."""
    k = seek(at_ms, position, begin, end, since)
    return seek(at_ms, position, k, end, until + 1) - k


@compiled
def _met_by(m, places, of, bin, delta, coarse, rate, drawn, scene, drawing, meetings):  # type: ignore[no-untyped-def]
    """What a member did around the bursts of the rest of its group.

    Args:
        places, of: the actions of the whole group, in order, and the object of each.
        drawn, scene: see `_meetings`.
        drawing: who is apart, how many of them, and room.
        meetings: get the time of each burst, the chance of not being near it, and whether the member was.

    Returns:
        How many bursts there are, and on how many objects the member was near one.
    """
    account, object, at_ms, position, start, crowd = scene
    times, never, hit = meetings
    apart, away, scratch = drawing
    size, met_objects, k = 0, 0, start[m]
    while k < start[m + 1]:
        here, k_end = object[position[k]], k
        while k_end < start[m + 1] and object[position[k_end]] == here:
            k_end += 1
        lo, hi = np.searchsorted(of, here), np.searchsorted(of, here, side="right")
        first, last = bursts_of(places[lo:hi], account, object, at_ms, delta, m)
        met_here = False
        for b in range(len(first)):
            if drawn and crowd[12][first[b]]:
                continue
            t0, t1 = at_ms[first[b]], at_ms[last[b]]
            times_had = _acted(at_ms, position, k, k_end, t0 - coarse, t1 + coarse)
            if times_had:
                chance = chance_of_burst(t1 - t0, delta, rate[bin[first[b]]])
                if drawn:
                    chance = drawn_near_burst(position[k], t0, t1, delta, chance, apart, away, *scene, scratch)
                times[size], never[size] = t0, (1.0 - chance) ** times_had
                hit[size] = _acted(at_ms, position, k, k_end, t0 - delta, t1 + delta) > 0
                met_here = met_here or hit[size]
                size += 1
        met_objects += int(met_here)
        k = k_end
    return size, met_objects


@compiled
def insiders_range(  # type: ignore[no-untyped-def]
    begin,
    end,
    members,
    bounds,
    account,
    object,
    at_ms,
    bin,
    position,
    start,
    delta,
    coarse,
    gap,
    longest,
    rate,
    crowd,
    least,
):
    """log10 of p of each member of the groups from `begin` to `end` against the rest of its group.

    The test is that of `outsiders_range`; p is 1 where the member was near bursts on fewer than `least` objects or
    occasions.
    """
    log10_p = np.zeros(bounds[end] - bounds[begin])
    drawn, away, scene = len(crowd[8]) > 0, 0, (account, object, at_ms, position, start, crowd)
    marks, apart, scratch = room_for(len(start) - 1, crowd)
    for g in range(begin, end):
        group = members[bounds[g] : bounds[g + 1]]
        if drawn:
            away = with_companions(group, crowd, marks, g, apart)
        places = places_of(group, position, start)
        of = object[places]
        # There are no more bursts than places.
        meetings = np.empty(len(places), np.int64), np.empty(len(places)), np.empty(len(places), np.bool_)
        chances, drawing = np.empty(len(places)), (apart, away, scratch)
        for i in range(len(group)):
            size, met_objects = _met_by(group[i], places, of, bin, delta, coarse, rate, drawn, scene, drawing, meetings)
            met, successes = occasions(*meetings, size, gap, longest, chances)
            if met_objects >= least and successes >= least:
                log10_p[bounds[g] - bounds[begin] + i] = tail_beyond(chances, met, successes)
    return log10_p

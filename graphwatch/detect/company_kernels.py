"""Kernels of keeping company: is an account near the bursts of a group more often than chance explains?

They share the conventions of `graphwatch.detect.kernels`. A burst of a group is a run of its members' actions on one
object, each within `delta` of the next, by two members or more; it is given by the places of its first and last action.
"""

import numpy as np

from graphwatch.detect.chance_kernels import tail
from graphwatch.detect.compiled import compiled


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
def chance_of_burst(span, delta, rate):  # type: ignore[no-untyped-def]
    """The chance to be near a burst that lasts `span`, where `rate` is that of being near a single action."""
    reach = (span + 2 * delta) / (2 * delta) if delta else 1.0
    return min(1.0, rate * reach)


@compiled
def outsiders_range(  # type: ignore[no-untyped-def]
    begin, end, members, bounds, taken, account, object, at_ms, bin, position, start, delta, coarse, rate, least
):
    """Tests of all outside accounts against each group in `begin` to `end`.

    Args:
        members, bounds: the accounts of group g are `members[bounds[g]:bounds[g + 1]]`.
        taken: accounts that are not tested.

    Returns:
        For each test, of an account with opportunities on `least` objects or more: group, account, log10 of p (0 where
        the account was near on fewer than `least` objects), and log10 of the smallest p that it could have had.
    """
    accounts = len(start) - 1
    inside, seen = np.full(accounts, -1, np.int64), np.full(accounts, -1, np.int64)
    where, hit_where = np.full(accounts, -1, np.int64), np.full(accounts, -1, np.int64)
    objects, bursts, hits, hit_objects = (
        np.zeros(accounts, np.int64),
        np.zeros(accounts, np.int64),
        np.zeros(accounts, np.int64),
        np.zeros(accounts, np.int64),
    )
    touched, offset = np.empty(accounts, np.int64), np.zeros(accounts, np.int64)
    whole, real = np.empty((2, 1024), np.int32), np.empty((2, 1024))
    total, stamp = 0, 0
    for g in range(begin, end):
        group = members[bounds[g] : bounds[g + 1]]
        size = 0
        for m in group:
            inside[m] = g
            size += start[m + 1] - start[m]
        places, size = np.empty(size, np.int64), 0
        for m in group:
            for k in range(start[m], start[m + 1]):
                places[size] = position[k]
                size += 1
        places.sort()
        first, last = bursts_of(places, account, object, at_ms, delta, -1)
        low, high = np.empty(len(first), np.int64), np.empty(len(first), np.int64)
        reached = 0
        for b in range(len(first)):
            lo, hi = first[b], last[b] + 1
            here, t0, t1 = object[lo], at_ms[lo], at_ms[last[b]]
            while lo > 0 and object[lo - 1] == here and at_ms[lo - 1] >= t0 - coarse:
                lo -= 1
            while hi < len(object) and object[hi] == here and at_ms[hi] <= t1 + coarse:
                hi += 1
            low[b], high[b] = lo, hi
            stamp += 1
            for r in range(lo, hi):
                a = account[r]
                if inside[a] == g or taken[a] or seen[a] == stamp:
                    continue
                seen[a] = stamp
                if bursts[a] == 0:
                    touched[reached] = a
                    reached += 1
                    where[a] = -1
                bursts[a] += 1
                if where[a] != here:
                    where[a] = here
                    objects[a] += 1
        room = 0
        for i in range(reached):
            a = touched[i]
            if objects[a] >= least:
                offset[a] = room
                room += bursts[a]
                hits[a] = hit_objects[a] = 0
                hit_where[a] = -1
                bursts[a] = 0
        chances = np.empty(room)
        for b in range(len(first)):
            t0, t1, here = at_ms[first[b]], at_ms[last[b]], object[first[b]]
            chance = chance_of_burst(t1 - t0, delta, rate[bin[first[b]]])
            stamp += 2
            for r in range(low[b], high[b]):
                a = account[r]
                if inside[a] == g or taken[a] or objects[a] < least:
                    continue
                if seen[a] < stamp - 1:
                    seen[a] = stamp - 1
                    chances[offset[a] + bursts[a]] = chance
                    bursts[a] += 1
                if seen[a] == stamp - 1 and t0 - delta <= at_ms[r] <= t1 + delta:
                    seen[a] = stamp
                    hits[a] += 1
                    if hit_where[a] != here:
                        hit_where[a] = here
                        hit_objects[a] += 1
        for i in range(reached):
            a = touched[i]
            if objects[a] >= least:
                own = chances[offset[a] : offset[a] + bursts[a]]
                if total == whole.shape[1]:
                    wider, broader = np.empty((2, 2 * total), np.int32), np.empty((2, 2 * total))
                    wider[:, :total], broader[:, :total] = whole, real
                    whole, real = wider, broader
                whole[0, total], whole[1, total] = g, a
                real[0, total] = tail(own, len(own), hits[a]) if hit_objects[a] >= least else 0.0
                real[1, total] = np.log10(own).sum()
                total += 1
            objects[a] = bursts[a] = 0
    return whole[:, :total].copy(), real[:, :total].copy()


@compiled
def insiders_range(  # type: ignore[no-untyped-def]
    begin, end, members, bounds, account, object, at_ms, bin, position, start, delta, coarse, rate, least
):
    """Tests of each member of the groups in `begin` to `end` against the rest of its group: log10 of p, as above."""
    log10_p = np.zeros(bounds[end] - bounds[begin])
    for g in range(begin, end):
        group = members[bounds[g] : bounds[g + 1]]
        size = 0
        for m in group:
            size += start[m + 1] - start[m]
        places, size = np.empty(size, np.int64), 0
        for m in group:
            for k in range(start[m], start[m + 1]):
                places[size] = position[k]
                size += 1
        places.sort()
        of = object[places]
        for i in range(len(group)):
            m = group[i]
            chances, used = np.empty(size), 0
            hits, hit_objects, hit_where = 0, 0, -1
            k = start[m]
            while k < start[m + 1]:
                here, k_end = object[position[k]], k
                while k_end < start[m + 1] and object[position[k_end]] == here:
                    k_end += 1
                lo, hi = np.searchsorted(of, here), np.searchsorted(of, here, side="right")
                first, last = bursts_of(places[lo:hi], account, object, at_ms, delta, m)
                for b in range(len(first)):
                    t0, t1 = at_ms[first[b]], at_ms[last[b]]
                    met, near = False, False
                    for j in range(k, k_end):
                        t = at_ms[position[j]]
                        met = met or t0 - coarse <= t <= t1 + coarse
                        near = near or t0 - delta <= t <= t1 + delta
                    if met:
                        chances[used] = chance_of_burst(t1 - t0, delta, rate[bin[first[b]]])
                        used += 1
                    if near:
                        hits += 1
                        if hit_where != here:
                            hit_where = here
                            hit_objects += 1
                k = k_end
            if hit_objects >= least:
                log10_p[bounds[g] - bounds[begin] + i] = tail(chances, used, hits)
    return log10_p

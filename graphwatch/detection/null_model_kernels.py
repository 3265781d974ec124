"""Kernels of the test against chance. They share the conventions of `graphwatch.detection.counting_kernels`."""

import numpy as np
import numpy.typing as npt

from graphwatch.common import large_arrays
from graphwatch.common.compiled import compiled
from graphwatch.detection.pair_kernels import common_object, meet, seek

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
_NOTHING = 1e-17  # 1 - this is 1
# Below this `tail` scales a state up.
_SCALED = 1e-150
_POWERS = 2048
_LOG10_OF_2 = float(np.log10(2.0))


@compiled
def never_together(bin, run, position, x, low, high, rate, powers, known):  # type: ignore[no-untyped-def]
    """The chance that none of an account's actions at `low` to before `high` co-interacts with the action x.

    They are on one object, in order of time, so that there are few runs of the same bin. The product of the first run's
    equal factors is looked up: `powers[a, b, n]` for n + 1 of them, of which `known[a, b]` are there already. What lies
    below the precision of 1 is nothing.
    """
    own, k, missed = bin[x], low, 1.0
    while k < high:
        other = bin[position[k]]
        k_end = seek(run, position, k, high, run[position[k]] + 1)
        factor, number = 1.0 - rate[own, other], k_end - k
        if k == low and number <= powers.shape[2]:
            for n in range(known[own, other], number):
                product = powers[own, other, n - 1] * factor if n else factor
                powers[own, other, n] = product if product >= _NOTHING else 0.0
            known[own, other] = max(known[own, other], number)
            missed = powers[own, other, number - 1]
        else:
            for _ in range(number):
                missed *= factor
                if missed < _NOTHING:
                    return 0.0
        k = k_end
    return missed


@compiled
def occasions(times, never, hit, size, gap, longest, chances):  # type: ignore[no-untyped-def]
    """Merge opportunities that hang together into occasions; their chances are written to `chances`.

    People open an app, go through a page, follow a stream: what follows within `gap`, on whatever object, is one
    occasion, and after `longest` another one begins: who never stops would else have only one. It succeeds where any of
    its opportunities does. Its chance is 1 - ∏ never, an upper bound where opportunities depend on each other
    positively (Joe 1997), so that p stays on the safe side.

    Args:
        times, never, hit: time, chance to fail, and success of each of `size` opportunities, in any order.

    Returns:
        How many occasions there are, and how many of them succeed.
    """
    found, successes = 0, 0
    last, began, missed, met = np.int64(0), np.int64(0), 1.0, False
    for r in np.argsort(times[:size], kind="mergesort"):
        if found == 0 or times[r] - last > gap or times[r] - began > longest:
            if found > 0:
                chances[found - 1] = 1.0 - missed
                successes += int(met)
            found += 1
            began, missed, met = times[r], 1.0, False
        missed *= never[r]
        met = met or hit[r]
        last = times[r]
    if found > 0:
        chances[found - 1] = 1.0 - missed
        successes += int(met)
    return found, successes


@compiled
def tail_beyond(chances, size, least):  # type: ignore[no-untyped-def]
    """What `tail` gives where more succeed than are expected; else 0, since nothing speaks for more than chance."""
    return tail(chances, size, least) if least > chances[:size].sum() else 0.0


@compiled
def _plain_tail(chances, size, least):  # type: ignore[no-untyped-def]
    """P(N >= least) by the same steps as `tail` without a scale; 0 where any state is so small that it needs one."""
    state = np.zeros(least + 1)
    state[0] = 1.0
    for o in range(size):
        q = chances[o]
        most = min(o + 1, least)
        smallest = 1.0
        if most == least:
            state[least] += state[least - 1] * q
            smallest = min(smallest, state[least] if state[least] > 0.0 else 1.0)
        for k in range(min(most, least - 1), 0, -1):
            state[k] = state[k] * (1.0 - q) + state[k - 1] * q
            smallest = min(smallest, state[k] if state[k] > 0.0 else 1.0)
        state[0] *= 1.0 - q
        if smallest < _SCALED or 0.0 < state[0] < _SCALED:
            return 0.0
    return state[least]


@compiled
def tail(chances, size, least):  # type: ignore[no-untyped-def]
    """log10 P(N >= least) for a sum N of independent Bernoulli variables with `chances[:size]`.

    The states below `least` are followed one by one, what reaches `least` is kept: sums of positive terms only, so
    that small tails keep their relative precision. Each step is scaled by a power of two, so that none underflows.
    """
    if least <= 0:
        return 0.0
    if least > size:
        return -np.inf
    plain = _plain_tail(chances, size, least)
    if plain > 0.0:
        return min(0.0, np.log10(plain))
    state = np.zeros(least + 1)
    exponent = np.zeros(least + 1, np.int64)
    state[0] = 1.0
    for o in range(size):
        q = chances[o]
        for k in range(min(o + 1, least), 0, -1):
            stay = state[k] if k == least else state[k] * (1.0 - q)
            come, shift = state[k - 1] * q, exponent[k - 1]
            if stay == 0.0:
                state[k], exponent[k] = come, shift
            elif come > 0.0:
                difference = shift - exponent[k]
                if difference > 0:
                    state[k] = come + np.ldexp(stay, -min(difference, 2000))
                    exponent[k] = shift
                else:
                    state[k] = stay + np.ldexp(come, max(difference, -2000))
            else:
                state[k] = stay
            if 0.0 < state[k] < _SCALED:
                state[k] = np.ldexp(state[k], 500)
                exponent[k] -= 500
        state[0] *= 1.0 - q
        if 0.0 < state[0] < _SCALED:
            state[0] = np.ldexp(state[0], 500)
            exponent[0] -= 500
    if state[least] <= 0.0:
        return -np.inf
    return min(0.0, np.log10(state[least]) + exponent[least] * _LOG10_OF_2)


@compiled
def test_range(  # type: ignore[no-untyped-def]
    first, second, object, at_ms, bin, run, position, start, delta, coarse, gap, longest, rate, least
):
    """Opportunities, expected count and log10 p of each pair.

    An object on which both acted within `coarse` of each other is an opportunity; its chance is that of at least one
    co-interaction among all actions of the two there, each with the rate of the ages (`bin`) of both. What is expected
    is the sum of these chances. p is that of occasions, of which at least `least` must have succeeded.

    Args:
        run: for each interaction a number that those share which follow each other on one object in one bin.
    """
    pairs = len(first)
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    powers, known = np.empty((len(rate), len(rate), _POWERS)), np.zeros((len(rate), len(rate)), np.int64)
    room = 0
    for p in range(pairs):
        room = max(room, min(start[first[p] + 1] - start[first[p]], start[second[p] + 1] - start[second[p]]))
    times, never, hit, chances = np.empty(room, np.int64), np.empty(room), np.empty(room, np.bool_), np.empty(room)
    for p in range(pairs):
        i, i_last = start[first[p]], start[first[p] + 1]
        j, j_last = start[second[p]], start[second[p] + 1]
        # The shorter side's actions are gone through; of equals, whatever they are called, the one that began first.
        if (j_last - j, at_ms[position[j]]) < (i_last - i, at_ms[position[i]]):
            i, i_last, j, j_last = j, j_last, i, i_last
        size = 0
        while True:
            i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            missed, before = 1.0, size
            for k in range(i, i_end):
                x = position[k]
                j = seek(at_ms, position, j, j_end, at_ms[x] - coarse)
                high = seek(at_ms, position, j, j_end, at_ms[x] + coarse + 1)
                if j < high:
                    here = never_together(bin, run, position, x, j, high, rate, powers, known)
                    near = seek(at_ms, position, j, high, at_ms[x] - delta)
                    hit[size] = near < high and at_ms[position[near]] <= at_ms[x] + delta
                    times[size], never[size] = at_ms[x], here
                    missed *= here
                    size += 1
            if size > before:
                opportunities[p] += 1
                expected[p] += 1.0 - missed
            i, j = i_end, j_end
        found, successes = occasions(times, never, hit, size, gap, longest, chances)
        if successes >= least:
            log10_p[p] = tail_beyond(chances, found, successes)
    return opportunities, expected, log10_p


def runs_of(object: Ints, bin: Ints) -> Ints:
    """For each interaction the number of its run: those that follow each other on one object in one bin of age."""
    run: Ints = large_arrays.empty(len(object), np.int32)
    _runs_of(object, bin, run)
    return run


@compiled
def _runs_of(object, bin, run):  # type: ignore[no-untyped-def]
    number = 0
    for r in range(len(object)):
        if r > 0:
            number += int(object[r] != object[r - 1] or bin[r] != bin[r - 1])
        run[r] = number


@compiled
def chance_of_burst(span, delta, rate):  # type: ignore[no-untyped-def]
    """The chance to be near a burst that lasts `span`, where `rate` is that of being near a single action."""
    reach = (span + 2 * delta) / (2 * delta) if delta else 1.0
    return min(1.0, rate * reach)


def age_bins(object: Ints, at_ms: Longs, since_ms: Longs, published_ms: Longs, bounds: Longs) -> Ints:
    """For each interaction the bin of its age: the last of the ascending `bounds` that the age reaches, at least 0.

    The age counts from `since_ms`, one entry an interaction; where that is empty, from the publication of its object;
    where `published_ms` is empty or negative, from the first interaction with it.
    """
    bins: Ints = large_arrays.empty(len(object), np.int32)
    _age_bins(object, at_ms, since_ms, published_ms, bounds, bins)
    return bins


@compiled
def _age_bins(object, at_ms, since_ms, published_ms, bounds, bins):  # type: ignore[no-untyped-def]
    bin, since = 0, np.int64(0)
    for r in range(len(object)):
        if len(since_ms):
            since = since_ms[r]
        elif r == 0 or object[r] != object[r - 1]:
            since = at_ms[r]
            if len(published_ms) and published_ms[object[r]] >= 0:
                since = published_ms[object[r]]
        age = at_ms[r] - since
        while bin > 0 and age < bounds[bin]:
            bin -= 1
        while bin + 1 < len(bounds) and age >= bounds[bin + 1]:
            bin += 1
        bins[r] = bin


@compiled
def others_within(object, at_ms, position, start, low, high, delta):  # type: ignore[no-untyped-def]
    """For each interaction the number of other accounts' interactions with its object within `delta`.

    `low` and `high` are the windows of `delta`, which hold the account's own interactions too.
    """
    others = high - low
    for a in range(len(start) - 1):
        left = right = start[a]
        for k in range(start[a], start[a + 1]):
            r = position[k]
            while object[position[left]] != object[r] or at_ms[r] - at_ms[position[left]] > delta:
                left += 1
            right = max(right, k)
            while (
                right < start[a + 1]
                and object[position[right]] == object[r]
                and at_ms[position[right]] - at_ms[r] <= delta
            ):
                right += 1
            others[r] -= right - left
    return others


@compiled
def slide(at_ms, bin, delta, young, sign, counted):  # type: ignore[no-untyped-def]
    """Add to `counted`, or take off, the pairs of interactions within `delta`, by the bins of the two.

    The times ascend. Nothing is looked at pair by pair: a histogram of the bins within the window moves along, and is
    added to the row of each interaction whose bin is below `young`.
    """
    inside = np.zeros(counted.shape[1], np.int64)
    low = high = 0
    for r in range(len(at_ms)):
        while high < len(at_ms) and at_ms[high] - at_ms[r] <= delta:
            inside[bin[high]] += 1
            high += 1
        while at_ms[r] - at_ms[low] > delta:
            inside[bin[low]] -= 1
            low += 1
        if bin[r] < young:
            # A whole row at once would be four times as long to compile.
            for other in range(len(inside)):
                counted[bin[r], other] += sign * inside[other]
            counted[bin[r], bin[r]] -= sign


@compiled
def young_on_objects(object, at_ms, bin, begin, end, delta, coarse, young, bins):  # type: ignore[no-untyped-def]
    """Pairs of interactions with an object while it is young, of objects that begin in [begin, end).

    Returns:
        near, far: for each two bins, the first below `young`, the pairs within `delta` and within `coarse`.
    """
    near, far = np.zeros((bins, bins), np.int64), np.zeros((bins, bins), np.int64)
    r = begin
    while 0 < r < end and object[r] == object[r - 1]:
        r += 1
    while r < end:
        last, any_young = r, False
        while last < len(object) and object[last] == object[r]:
            any_young = any_young or bin[last] < young
            last += 1
        if any_young and last > r + 1:
            slide(at_ms[r:last], bin[r:last], delta, young, 1, near)
            slide(at_ms[r:last], bin[r:last], coarse, young, 1, far)
        r = last
    return near, far


@compiled
def young_of_itself(  # type: ignore[no-untyped-def]
    account, object, at_ms, bin, position, begin, end, delta, coarse, young, bins
):
    """The same of each account with itself, less than nothing, for the places [begin, end) of some accounts."""
    near, far = np.zeros((bins, bins), np.int64), np.zeros((bins, bins), np.int64)
    k = begin
    while k < end:
        last = k + 1
        while (
            last < end
            and object[position[last]] == object[position[k]]
            and account[position[last]] == account[position[k]]
        ):
            last += 1
        if last > k + 1:
            own_ms, own_bin = at_ms[position[k:last]], bin[position[k:last]]
            slide(own_ms, own_bin, delta, young, -1, near)
            slide(own_ms, own_bin, coarse, young, -1, far)
        k = last
    return near, far


@compiled
def meetings(a, account, object, low, high, position, start, seen, touched):  # type: ignore[no-untyped-def]
    """Count in `seen[b, 0]` the objects on which account a has each b within its windows, and give their number.

    `seen` has a row an account: the count, 0 before, and the mark of the object counted last. The accounts counted, a
    itself among them, are `touched[:number]`. There are no branches, which no processor would foresee.
    """
    partners, mark, reached, current = 0, 0, 0, -1
    for k in range(start[a], start[a + 1]):
        r = position[k]
        if object[r] != current:
            current, mark, reached = object[r], k + 1, low[r]
        for s in range(max(low[r], reached), high[r]):
            b = account[s]
            fresh = np.int32(seen[b, 1] != mark)
            touched[partners] = b
            partners += int(fresh & np.int32(seen[b, 0] == 0))
            seen[b, 0] += fresh
            seen[b, 1] = mark
        reached = high[r]
    return partners


@compiled
def strangers_range(  # type: ignore[no-untyped-def]
    account, object, at_ms, bin, low, high, position, start, first, end, accounts, least, delta, young, bins, stride
):
    """Opportunities of the accounts [first, end) with accounts that they seldom meet, by bin of age from `young` on.

    Counts, for each action of an account, or every `stride`-th, the actions of others within the coarse window (`low`,
    `high`), where the two share fewer than `least` opportunities in all.

    Returns:
        near, far: how many of them are within `delta`, and how many there are, for each bin.
    """
    seen = np.zeros((accounts, 2), np.int32)
    touched = np.empty(accounts + 1, np.int32)
    near, far = np.zeros(bins, np.int64), np.zeros(bins, np.int64)
    for a in range(first, end):
        partners = meetings(a, account, object, low, high, position, start, seen, touched)
        seen[a, 0] = least
        # Counted over all accounts, so that those with few actions are not always looked at.
        for k in range(start[a] + (-start[a]) % stride, start[a + 1], stride):
            r = position[k]
            if bin[r] < young:
                continue
            others, close = 0, 0
            for s in range(low[r], high[r]):
                if seen[account[s], 0] < least:
                    others += 1
                    close += abs(at_ms[s] - at_ms[r]) <= delta
            far[bin[r]] += others
            near[bin[r]] += close
        for i in range(partners):
            seen[touched[i], 0] = 0
        seen[a, 0] = 0
    return near, far


@compiled
def meet_often(object, at_ms, position, i, i_last, j, j_last, delta, least):  # type: ignore[no-untyped-def]
    """Whether two accounts act within `delta` of each other on `least` objects or more."""
    met = 0
    while met < least:
        i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
        if i == i_last:
            return False
        met += int(meet(at_ms, position, i, i_end, j, j_end, delta))
        i, j = i_end, j_end
    return True


@compiled
def strangers_of(  # type: ignore[no-untyped-def]
    chosen, account, object, at_ms, bin, low, high, position, start, least, delta, coarse, bins
):
    """The same as `strangers_range` of chosen interactions, each two accounts being laid side by side."""
    near, far = np.zeros(bins, np.int64), np.zeros(bins, np.int64)
    for r in chosen:
        a = account[r]
        for s in range(low[r], high[r]):
            b = account[s]
            if b != a and not meet_often(
                object, at_ms, position, start[a], start[a + 1], start[b], start[b + 1], coarse, least
            ):
                far[bin[r]] += 1
                near[bin[r]] += int(abs(at_ms[s] - at_ms[r]) <= delta)
    return near, far


@compiled
def partners_range(  # type: ignore[no-untyped-def]
    account, object, low, high, position, start, first, end, accounts, least, weight
):
    """For each account in [first, end) the weight of those with which it shares at least `least` opportunities."""
    seen = np.zeros((accounts, 2), np.int32)
    touched = np.empty(accounts + 1, np.int32)
    found = np.zeros(end - first)
    for a in range(first, end):
        partners = meetings(a, account, object, low, high, position, start, seen, touched)
        seen[a, 0] = 0
        for i in range(partners):
            if seen[touched[i], 0] >= least:
                found[a - first] += weight[touched[i]]
            seen[touched[i], 0] = 0
    return found

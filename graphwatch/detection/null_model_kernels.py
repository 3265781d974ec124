"""Kernels of the test against chance. They share the conventions of `graphwatch.detection.counting_kernels`."""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.pair_kernels import place_of, places_among, room_for_places

_NOTHING = 1e-17  # 1 - this is 1
# Below this `tail` scales a state up.
_SCALED = 1e-150
_POWERS = 2048
_LOG10_OF_2 = float(np.log10(2.0))


@compiled
def _failing(own, other, number, rate, powers, known):  # type: ignore[no-untyped-def]
    """The chance that none of so many meetings of the same two bins is a co-interaction.

    It is looked up: `powers[a, b, n]` is for n + 1 of them, of which `known[a, b]` are there already. What lies below
    the precision of 1 is nothing.
    """
    factor, there = 1.0 - rate[own, other], min(number, powers.shape[2])
    for n in range(known[own, other], there):
        product = powers[own, other, n - 1] * factor if n else factor
        powers[own, other, n] = product if product >= _NOTHING else 0.0
    known[own, other] = max(known[own, other], there)
    product = powers[own, other, there - 1]
    for _ in range(number - there):
        product *= factor
        if product < _NOTHING:
            return 0.0
    return product


@compiled
def never_together(bin, stretch_end, x, low, high, rate, powers, known):  # type: ignore[no-untyped-def]
    """The chance that none of an account's actions from `low` to `high` co-interacts with the action x.

    They are on one object, in order of time, so that there are few stretches of the same bin.

    Args:
        stretch_end: of each action the end of its stretch.
        powers, known: see `_failing`.
    """
    k, missed = low, 1.0
    while k < high and missed > 0.0:
        k_end = min(high, stretch_end[k])
        missed *= _failing(bin[x], bin[k], k_end - k, rate, powers, known)
        if missed < _NOTHING:
            missed = 0.0
        k = k_end
    return missed


@compiled
def stretches_of(object, bin, start):  # type: ignore[no-untyped-def]
    """For each action, account by account, the end of those that follow it on its object in the same bin of age."""
    end = np.empty(len(object), np.int64)
    for a in range(len(start) - 1):
        for k in range(start[a + 1] - 1, start[a] - 1, -1):
            goes_on = k + 1 < start[a + 1] and object[k + 1] == object[k] and bin[k + 1] == bin[k]
            end[k] = end[k + 1] if goes_on else k + 1
    return end


@compiled
def occasions(times, never, hit, size, gap, longest, chances):  # type: ignore[no-untyped-def]
    """Merge opportunities that hang together into occasions; their chances are written to `chances`.

    Args:
        times, never, hit: time, chance to fail, and success of each of `size` opportunities, in any order.

    Returns:
        How many occasions there are, and how many of them succeed; see `merged`.
    """
    return merged(np.argsort(times[:size], kind="mergesort"), times, never, hit, gap, longest, chances)


@compiled
def merged(order, times, never, hit, gap, longest, chances):  # type: ignore[no-untyped-def]
    """The same of opportunities in order of time.

    People open an app, go through a page, follow a stream: what follows within `gap`, on whatever object, is one
    occasion, and after `longest` another one begins: who never stops would else have only one. It succeeds where any of
    its opportunities does. Its chance is 1 - ∏ never, an upper bound where opportunities depend on each other
    positively (Joe 1997), so that p stays on the safe side.
    """
    found, successes = 0, 0
    last, began, missed, met = np.int64(0), np.int64(0), 1.0, False
    for r in order:
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
def test_pairs(  # type: ignore[no-untyped-def]
    few,
    many,
    row,
    start,
    object,
    at_ms,
    bin,
    by_time,
    far_low,
    far_high,
    near_low,
    near_high,
    gap,
    longest,
    rate,
    least,
):
    """Opportunities, expected count and log10 p of each pair.

    An object on which both acted within the coarse window of each other is an opportunity; its chance is that of at
    least one co-interaction among all actions of the two there, each with the rate of the ages (`bin`) of both. What is
    expected is the sum of these chances. p is that of occasions, of which at least `least` must have succeeded.

    The columns are account by account, see `counting.LaidOut`; the actions of `few` are gone through, and their
    places among those of `many` are looked up.

    Args:
        by_time: the actions of each account in order of time.
        far_low, far_high, near_low, near_high: of each action the rows within the coarse window and the window.
    """
    pairs, rows = len(few), len(row)
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    powers, known = np.empty((len(rate), len(rate), _POWERS)), np.zeros((len(rate), len(rate)), np.int64)
    stretch_end = stretches_of(object, bin, start)
    places, room = room_for_places(many, start), room_for_places(few, start).shape[0]
    there = end = shift = 0
    never, hit, chances = np.empty(room), np.empty(room, np.bool_), np.empty(room)
    times, had, order = np.empty(room, np.int64), np.empty(room, np.bool_), np.empty(room, np.int64)
    for p in range(pairs):
        if p == 0 or many[p] != many[p - 1]:
            there, end = start[many[p]], start[many[p] + 1]
            shift = places_among(row, there, end, rows, places)
        begin, last = start[few[p]], start[few[p] + 1]
        k, size = begin, 0
        while k < last:
            here, missed, before = object[k], 1.0, size
            while k < last and object[k] == here:
                low = place_of(row, there, places, shift, far_low[k])
                had[k - begin] = low < end and row[low] < far_high[k]
                if had[k - begin]:
                    high = place_of(row, there, places, shift, far_high[k])
                    never[k - begin] = never_together(bin, stretch_end, k, low, high, rate, powers, known)
                    near = place_of(row, there, places, shift, near_low[k])
                    hit[k - begin] = near < high and row[near] < near_high[k]
                    times[k - begin] = at_ms[k]
                    missed *= never[k - begin]
                    size += 1
                k += 1
            if size > before:
                opportunities[p] += 1
                expected[p] += 1.0 - missed
        size = 0
        for k in by_time[begin:last]:
            order[size] = k - begin
            size += int(had[k - begin])
        found, successes = merged(order[:size], times, never, hit, gap, longest, chances)
        if successes >= least:
            log10_p[p] = tail_beyond(chances, found, successes)
    return opportunities, expected, log10_p


@compiled
def chance_of_burst(span, delta, rate):  # type: ignore[no-untyped-def]
    """The chance to be near a burst that lasts `span`, where `rate` is that of being near a single action."""
    reach = (span + 2 * delta) / (2 * delta) if delta else 1.0
    return min(1.0, rate * reach)

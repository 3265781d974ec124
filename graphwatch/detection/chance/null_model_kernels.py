"""Kernels of the test against chance. They share the conventions of `graphwatch.detection.counting.kernels`."""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.counting.pair_kernels import look_up, mark, most_actions, room_for_places

_NOTHING = -40.0  # 1 less this power of e is 1
_UNTOUCHED = 1.0  # no logarithm of a chance
# Below this `tail` scales a state up.
_SCALED = 1e-150
_LOG10_OF_2 = float(np.log10(2.0))


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
def ordinals_of(object, start):  # type: ignore[no-untyped-def]
    """For each action, account by account, how many objects its account has before that of the action."""
    ordinal = np.zeros(len(object), np.int32)
    for a in range(len(start) - 1):
        for k in range(start[a] + 1, start[a + 1]):
            ordinal[k] = ordinal[k - 1] + int(object[k] != object[k - 1])
    return ordinal


@compiled
def _never_with(own, bin, stretch_end, low, high, log_failing):  # type: ignore[no-untyped-def]
    """The logarithm of the chance that none of an account's actions from `low` to `high` co-interacts with another.

    They are on one object, in order of time, so that there are few stretches of the same bin.

    Args:
        own: the bin of the other action.
        stretch_end: of each action the end of its stretch.
        log_failing: for each two bins the logarithm of the chance that one meeting is no co-interaction.
    """
    k, missed = low, 0.0
    while k < high and missed > _NOTHING:
        k_end = min(high, stretch_end[k])
        missed += (k_end - k) * log_failing[own, bin[k]]
        k = k_end
    return missed


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
def _occasions_with(begin, last, acts, places, gap, longest, log_failing, chances, missed_on):  # type: ignore[no-untyped-def]
    """The occasions of two accounts, see `merged`: of an action of one with those of the other around it.

    Args:
        begin, last: the actions of the one.
        acts: see `test_pairs`.
        places: for each of these actions those of the other within the coarse window, from and to, and within the
            window.
        chances: gets the chance of each occasion.
        missed_on: for each object of the one, by its ordinal, gets the logarithm of the chance that they never
            co-interact there, where they might.

    Returns:
        How many occasions there are, and how many of them succeed.
    """
    at_ms, bin, by_time, ordinal, stretch_end = acts
    far_low, far_high, near_low, near_high = places[0], places[1], places[2], places[3]
    found, successes = 0, 0
    latest, began, missed, met = np.int64(0), np.int64(0), 0.0, False
    for x in by_time[begin:last]:
        k = x - begin
        if far_low[k] == far_high[k]:
            continue
        if found == 0 or at_ms[x] - latest > gap or at_ms[x] - began > longest:
            if found > 0:
                chances[found - 1] = -np.expm1(missed)
            found += 1
            began, missed, met = at_ms[x], 0.0, False
        latest = at_ms[x]
        if not met and near_low[k] < near_high[k]:
            met = True
            successes += 1
        here = ordinal[x]
        if missed_on[here] == _UNTOUCHED:
            missed_on[here] = 0.0
        if missed > _NOTHING or missed_on[here] > _NOTHING:
            never = _never_with(bin[x], bin, stretch_end, far_low[k], far_high[k], log_failing)
            missed += never
            missed_on[here] += never
    if found > 0:
        chances[found - 1] = -np.expm1(missed)
    return found, successes


@compiled
def test_pairs(few, many, row, start, acts, windows, gap, longest, log_failing, least):  # type: ignore[no-untyped-def]
    """Opportunities, expected count and log10 p of each pair.

    An object on which both acted within the coarse window of each other is an opportunity; its chance is that of at
    least one co-interaction among all actions of the two there, each with the rate of the ages of both. What is
    expected is the sum of these chances. p is that of occasions, of which at least `least` must have succeeded.

    Columns are account by account, see `counting.LaidOut`; the actions of `few` are gone through in order of time, and
    their places among those of `many` are looked up.

    Args:
        acts: time and bin of age of each action; the actions of each account in order of time; `ordinals_of` and
            `stretches_of` them.
        windows: of each action the rows within the coarse window, from and to, and within the window.
        log_failing: see `_never_with`.
    """
    pairs, room, ordinal = len(few), most_actions(few, start), acts[3]
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    chances, missed_on, marked = np.empty(room), np.full(room, _UNTOUCHED), False
    places = np.empty((4, room), row.dtype)
    bits, before = room_for_places(len(row))
    for p in range(pairs):
        if p == 0 or many[p] != many[p - 1]:
            marked = mark(p, few, many, start, row, bits, before)
        begin, last = start[few[p]], start[few[p] + 1]
        among = (row, start[many[p]], start[many[p] + 1], marked, bits, before)
        for w in range(4):
            look_up(windows[w], begin, last, *among, places[w])
        found, successes = _occasions_with(begin, last, acts, places, gap, longest, log_failing, chances, missed_on)
        for o in range(ordinal[last - 1] + 1):
            if missed_on[o] != _UNTOUCHED:
                opportunities[p] += 1
                expected[p] -= np.expm1(missed_on[o])
                missed_on[o] = _UNTOUCHED
        if successes >= least:
            log10_p[p] = tail_beyond(chances, found, successes)
    return opportunities, expected, log10_p


@compiled
def chance_of_burst(span, delta, rate):  # type: ignore[no-untyped-def]
    """The chance to be near a burst that lasts `span`, where `rate` is that of being near a single action."""
    reach = (span + 2 * delta) / (2 * delta) if delta else 1.0
    return min(1.0, rate * reach)

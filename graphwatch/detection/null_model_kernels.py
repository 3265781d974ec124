"""Kernels of the test against chance. They share the conventions of `graphwatch.detection.counting_kernels`."""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.pair_kernels import common_object, nearest, seek

_NOTHING = 1e-17  # 1 - this is 1


@compiled
def never_together(at_ms, bin, position, i, i_end, j, j_end, coarse, rate):  # type: ignore[no-untyped-def]
    """The chance that no meeting of two accounts on an object is a co-interaction; negative where they never meet.

    i … i_end is the shorter side. What lies below the precision of 1 is not followed any further.
    """
    missed, meetings, low = 1.0, 0, j
    for k in range(i, i_end):
        x = position[k]
        low = seek(at_ms, position, low, j_end, at_ms[x] - coarse)
        other = low
        while other < j_end and at_ms[position[other]] - at_ms[x] <= coarse:
            missed *= 1.0 - rate[bin[x], bin[position[other]]]
            meetings += 1
            other += 1
            if missed < _NOTHING:
                return 0.0
    return missed if meetings else -1.0


_LOG10_OF_2 = float(np.log10(2.0))


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
            if 0.0 < state[k] < 1e-150:
                state[k] = np.ldexp(state[k], 500)
                exponent[k] -= 500
        state[0] *= 1.0 - q
        if 0.0 < state[0] < 1e-150:
            state[0] = np.ldexp(state[0], 500)
            exponent[0] -= 500
    if state[least] <= 0.0:
        return -np.inf
    return min(0.0, np.log10(state[least]) + exponent[least] * _LOG10_OF_2)


@compiled
def test_range(  # type: ignore[no-untyped-def]
    first, second, n, object, at_ms, bin, position, start, coarse, rate, repeated
):
    """Opportunities, expected count and log10 p of each pair.

    Two actions on one object within `coarse` are an opportunity, one an object; its chance is the rate of the ages
    (`bin`) of the two actions that are nearest to each other. Where actions are `repeated`, every such meeting is a
    chance to co-interact, and the chance of the object that of at least one. Meetings of one burst are not independent,
    which makes that chance too large rather than too small.
    """
    pairs = len(first)
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    for p in range(pairs):
        i, i_last = start[first[p]], start[first[p] + 1]
        j, j_last = start[second[p]], start[second[p] + 1]
        chances = np.empty(min(i_last - i, j_last - j))
        met = 0
        while True:
            i, i_end, j, j_end = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            if i_end - i <= j_end - j:
                short, short_end, long, long_end = i, i_end, j, j_end
            else:
                short, short_end, long, long_end = j, j_end, i, i_end
            if repeated:
                never = never_together(at_ms, bin, position, short, short_end, long, long_end, coarse, rate)
                happens, chance = never >= 0.0, 1.0 - never
            else:
                # The rate is the same whichever of the two ages comes first.
                gap, x, y = nearest(at_ms, position, short, short_end, long, long_end)
                happens, chance = gap <= coarse, rate[bin[x], bin[y]]
            if happens:
                chances[met] = chance
                met += 1
            i, j = i_end, j_end
        opportunities[p] = met
        expected[p] = chances[:met].sum()
        log10_p[p] = tail(chances, met, n[p])
    return opportunities, expected, log10_p

"""The test against chance where an account acts on one object many times: pages, links, hashtags.

It shares the conventions of `graphwatch.detect.kernels`.
"""

import numpy as np

from graphwatch.compiled import compiled
from graphwatch.detect.chance_kernels import tail
from graphwatch.detect.pair_kernels import common_object, seek

_NOTHING = 1e-17  # 1 - this is 1


@compiled
def test_repeated_range(first, second, n, object, at_ms, bin, position, start, coarse, rate):  # type: ignore[no-untyped-def]
    """Opportunities, expected count and log10 p of each pair.

    An object is one opportunity however often both acted on it within `coarse` of each other, and every such meeting is
    a chance to co-interact: the chance of the object is that of at least one. Meetings of one burst are not
    independent, which makes the chance too large rather than too small.
    """
    pairs = len(first)
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    for p in range(pairs):
        i, i_last = start[first[p]], start[first[p] + 1]
        j, j_last = start[second[p]], start[second[p] + 1]
        chances = np.empty(min(i_last - i, j_last - j))
        met = 0
        while True:
            i, j = common_object(object, position, i, i_last, j, j_last)
            if i == i_last:
                break
            here = object[position[i]]
            i_end = seek(object, position, i, i_last, here + 1)
            j_end = seek(object, position, j, j_last, here + 1)
            if i_end - i <= j_end - j:
                missed = _missed(at_ms, bin, position, i, i_end, j, j_end, coarse, rate)
            else:
                missed = _missed(at_ms, bin, position, j, j_end, i, i_end, coarse, rate)
            if missed >= 0.0:
                chances[met] = 1.0 - missed
                met += 1
            i, j = i_end, j_end
        opportunities[p] = met
        expected[p] = chances[:met].sum()
        log10_p[p] = tail(chances, met, n[p])
    return opportunities, expected, log10_p


@compiled
def _missed(at_ms, bin, position, i, i_end, j, j_end, coarse, rate):  # type: ignore[no-untyped-def]
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

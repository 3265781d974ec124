"""The test against chance where an account acts on one object many times: pages, links, hashtags.

It shares the conventions of `graphwatch.detect.kernels`.
"""

import numpy as np

from graphwatch.compiled import compiled
from graphwatch.detect.chance_kernels import tail


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
        i, i_end = start[first[p]], start[first[p] + 1]
        j, j_end = start[second[p]], start[second[p] + 1]
        chances = np.empty(min(i_end - i, j_end - j))
        met = 0
        while i < i_end and j < j_end:
            here = object[position[i]]
            if here < object[position[j]]:
                i += 1
                continue
            if object[position[j]] < here:
                j += 1
                continue
            missed, meetings = 1.0, 0
            while i < i_end and object[position[i]] == here:
                x = position[i]
                while j < j_end and object[position[j]] == here and at_ms[x] - at_ms[position[j]] > coarse:
                    j += 1
                k = j
                while k < j_end and object[position[k]] == here and at_ms[position[k]] - at_ms[x] <= coarse:
                    missed *= 1.0 - rate[bin[x], bin[position[k]]]
                    meetings += 1
                    k += 1
                i += 1
            while j < j_end and object[position[j]] == here:
                j += 1
            if meetings:
                chances[met] = 1.0 - missed
                met += 1
        opportunities[p] = met
        expected[p] = chances[:met].sum()
        log10_p[p] = tail(chances, met, n[p])
    return opportunities, expected, log10_p

"""Chance where an account acts on one object many times: pages, links, hashtags.

It shares the conventions of `graphwatch.detect.kernels`.
"""

from graphwatch.compiled import compiled
from graphwatch.detect.pair_kernels import seek

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

"""Kernels of the test against chance. They share the conventions of `graphwatch.detect.kernels`."""

import numpy as np

from graphwatch.compiled import compiled

_LOG10_OF_2 = float(np.log10(2.0))


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
def test_range(first, second, n, object, at_ms, bin, position, start, coarse, rate):  # type: ignore[no-untyped-def]
    """Opportunities, expected count and log10 p of each pair.

    Two actions on one object within `coarse` are an opportunity, one an object; its chance is the rate of the ages
    (`bin`) of the two actions that are nearest to each other.
    """
    pairs = len(first)
    opportunities, expected, log10_p = np.zeros(pairs, np.int32), np.zeros(pairs), np.zeros(pairs)
    for p in range(pairs):
        i, i_end = start[first[p]], start[first[p] + 1]
        j, j_end = start[second[p]], start[second[p] + 1]
        chances = np.empty(min(i_end - i, j_end - j))
        met = 0
        while i < i_end and j < j_end:
            x, y = position[i], position[j]
            if object[x] < object[y]:
                i += 1
                continue
            if object[y] < object[x]:
                j += 1
                continue
            here, nearest, chance = object[x], coarse + 1, 0.0
            while i < i_end and j < j_end and object[position[i]] == here and object[position[j]] == here:
                x, y = position[i], position[j]
                distance = abs(at_ms[x] - at_ms[y])
                if distance < nearest:
                    nearest, chance = distance, rate[bin[x], bin[y]]
                if at_ms[x] <= at_ms[y]:
                    i += 1
                else:
                    j += 1
            while i < i_end and object[position[i]] == here:
                i += 1
            while j < j_end and object[position[j]] == here:
                j += 1
            if nearest <= coarse:
                chances[met] = chance
                met += 1
        opportunities[p] = met
        expected[p] = chances[:met].sum()
        log10_p[p] = tail(chances, met, n[p])
    return opportunities, expected, log10_p


@compiled
def partners_range(account, object, low, high, position, start, chosen, accounts, least):  # type: ignore[no-untyped-def]
    """For each chosen account the number of accounts with which it shares at least `least` opportunities."""
    count = np.zeros(accounts, np.int32)
    stamp = np.full(accounts, -1, np.int64)
    touched = np.empty(accounts, np.int32)
    found = np.zeros(len(chosen), np.int64)
    for c in range(len(chosen)):
        a = chosen[c]
        partners, mark, reached, current = 0, -1, 0, -1
        for k in range(start[a], start[a + 1]):
            r = position[k]
            if object[r] != current:
                current, mark, reached = object[r], k, low[r]
            for s in range(max(low[r], reached), high[r]):
                b = account[s]
                if b != a and stamp[b] != mark:
                    stamp[b] = mark
                    if count[b] == 0:
                        touched[partners] = b
                        partners += 1
                    count[b] += 1
            reached = high[r]
        for i in range(partners):
            if count[touched[i]] >= least:
                found[c] += 1
            count[touched[i]] = 0
    return found


@compiled
def strangers_range(  # type: ignore[no-untyped-def]
    account, object, at_ms, bin, low, high, position, start, chosen, accounts, least, delta, bins
):
    """Opportunities of the chosen accounts with accounts that they seldom meet, by bin of age.

    Counts, for each action of a chosen account, the actions of others within the coarse window (`low`, `high`), where
    the two share fewer than `least` opportunities in all.

    Returns:
        near, far: how many of them are within `delta`, and how many there are, for each bin.
    """
    count = np.zeros(accounts, np.int32)
    stamp = np.full(accounts, -1, np.int64)
    near, far = np.zeros(bins, np.int64), np.zeros(bins, np.int64)
    for a in chosen:
        mark, reached, current = -1, 0, -1
        for k in range(start[a], start[a + 1]):
            r = position[k]
            if object[r] != current:
                current, mark, reached = object[r], k, low[r]
            for s in range(max(low[r], reached), high[r]):
                b = account[s]
                if stamp[b] != mark:
                    stamp[b] = mark
                    count[b] += 1
            reached = high[r]
        for k in range(start[a], start[a + 1]):
            r = position[k]
            for s in range(low[r], high[r]):
                if account[s] != a and count[account[s]] < least:
                    far[bin[r]] += 1
                    if abs(at_ms[s] - at_ms[r]) <= delta:
                        near[bin[r]] += 1
        for k in range(start[a], start[a + 1]):
            r = position[k]
            for s in range(low[r], high[r]):
                count[account[s]] = 0
    return near, far


@compiled
def ages_range(  # type: ignore[no-untyped-def]
    account, at_ms, bin, low, high, position, start, chosen, young, delta, bins
):
    """Opportunities of the chosen accounts while a post is young, by the bins of both ages.

    Returns:
        near, far: for each two bins, the smaller of them below `young`, how many actions of others within the coarse
        window (`low`, `high`) are within `delta`, and how many there are.
    """
    near, far = np.zeros((bins, bins), np.int64), np.zeros((bins, bins), np.int64)
    for a in chosen:
        for k in range(start[a], start[a + 1]):
            r = position[k]
            for s in range(low[r], high[r]):
                if account[s] != a and min(bin[r], bin[s]) < young:
                    far[bin[r], bin[s]] += 1
                    if abs(at_ms[s] - at_ms[r]) <= delta:
                        near[bin[r], bin[s]] += 1
    return near, far

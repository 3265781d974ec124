"""Kernels that count opportunities: how many there are by the ages of posts, and whom an account has them with.

They share the conventions of `graphwatch.detection.counting.kernels`.
"""

import numpy as np
import numpy.typing as npt

from graphwatch.common import large_arrays
from graphwatch.common.compiled import compiled
from graphwatch.detection.counting.pair_kernels import common_object, meet

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


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


def blocks_of(account: Ints, accounts: int, least: int) -> tuple[Longs, Longs, Longs, int]:
    """Which accounts are in each block of rows, as bits; and room for what `meetings` does with them.

    A block has four rows or more for each word of bits, so that the blocks of a long window are sooner taken together
    than its rows are gone through, and all of them are no more than two bytes a row.

    Args:
        least: on how many objects an account is met often.

    Returns:
        The bits, a line a block; room for one line, and for `least` lines; of how many rows a block is, as a power of
        two.
    """
    words = accounts // 64 + 1
    shift = max(6, (4 * words - 1).bit_length())
    bits = np.zeros((len(account) >> shift, words), np.int64)
    _fill_blocks(account, shift, bits)
    return bits, np.zeros(words, np.int64), np.zeros((max(least, 1), words), np.int64), shift


@compiled
def _fill_blocks(account, shift, bits):  # type: ignore[no-untyped-def]
    for r in range(len(bits) << shift):
        bits[r >> shift, account[r] >> 6] |= np.int64(1) << (account[r] & 63)


@compiled
def _add_rows(account, begin, end, bits, shift, met):  # type: ignore[no-untyped-def]
    """Mark in `met` the accounts of the rows from `begin` to `end`."""
    whole, after = ((begin - 1) >> shift) + 1, end >> shift
    if whole < after:
        for block in range(whole, after):
            for word in range(len(met)):
                met[word] |= bits[block, word]
        for r in range(begin, whole << shift):
            met[account[r] >> 6] |= np.int64(1) << (account[r] & 63)
        begin = after << shift
    for r in range(begin, end):
        met[account[r] >> 6] |= np.int64(1) << (account[r] & 63)


@compiled
def _longest(object, low, high, position, begin, end):  # type: ignore[no-untyped-def]
    """Of an account's actions from `begin` those on the same object: their end, and the most rows in one stretch."""
    here, k, since, longest = object[position[begin]], begin, low[position[begin]], 0
    reached = since
    while k < end and object[position[k]] == here:
        r = position[k]
        if low[r] > reached:
            since = low[r]
        reached = high[r]
        longest = max(longest, reached - since)
        k += 1
    return k, longest


@compiled
def _met_at_length(account, low, high, position, begin, end, bits, shift, met):  # type: ignore[no-untyped-def]
    """Mark in `met` who is within the windows of an account's actions on one object."""
    met[:] = 0
    since = reached = low[position[begin]]
    for k in range(begin, end):
        r = position[k]
        if low[r] > reached:
            _add_rows(account, since, reached, bits, shift, met)
            since = low[r]
        reached = high[r]
    _add_rows(account, since, reached, bits, shift, met)


@compiled
def meetings(a, account, object, low, high, position, start, seen, touched, blocks):  # type: ignore[no-untyped-def]
    """Count in `seen[b, 0]` the objects on which account a has each b within its windows, and give their number.

    `seen` has a row an account: the count, 0 before, and the mark of the object counted last. The accounts counted, a
    itself among them, are `touched[:number]`. There are no branches, which no processor would foresee.

    Where the windows are as long as blocks, who is in them is taken from `blocks_of`; such objects count as often as
    there is room for at most, and whoever is met on them alone and seldom is not counted.
    """
    bits, met, planes, shift = blocks
    partners, k, at_length = 0, start[a], False
    while k < start[a + 1]:
        k_end, longest = _longest(object, low, high, position, k, start[a + 1])
        if longest >= 2 << shift:
            _met_at_length(account, low, high, position, k, k_end, bits, shift, met)
            for plane in range(len(planes) - 1, 0, -1):
                for word in range(len(met)):
                    planes[plane, word] |= planes[plane - 1, word] & met[word]
            for word in range(len(met)):
                planes[0, word] |= met[word]
            k, at_length = k_end, True
        mark, reached = k + 1, 0
        while k < k_end:
            r = position[k]
            for s in range(max(low[r], reached), high[r]):
                b = account[s]
                fresh = np.int32(seen[b, 1] != mark)
                touched[partners] = b
                partners += int(fresh & np.int32(seen[b, 0] == 0))
                seen[b, 0] += fresh
                seen[b, 1] = mark
            reached = high[r]
            k += 1
    if at_length:
        partners = _add_planes(planes, seen, touched, partners)
    return partners


@compiled
def _add_planes(planes, seen, touched, partners):  # type: ignore[no-untyped-def]
    """Add to the counts in how many of the planes, which are emptied, each account is.

    Of those that were not counted before only who is in all planes is: the others are seldom met.
    """
    last = len(planes) - 1
    for i in range(partners):
        b = touched[i]
        for plane in range(last + 1):
            seen[b, 0] += (planes[plane, b >> 6] >> (b & 63)) & 1
    for word in range(planes.shape[1]):
        if planes[last, word] != 0:
            for bit in range(64):
                b = 64 * word + bit
                if (planes[last, word] >> bit) & 1 and seen[b, 0] == 0:
                    touched[partners] = b
                    partners += 1
                    seen[b, 0] = last + 1
        for plane in range(last + 1):
            planes[plane, word] = 0
    return partners


@compiled
def strangers_range(  # type: ignore[no-untyped-def]
    account,
    object,
    at_ms,
    bin,
    low,
    high,
    position,
    start,
    first,
    end,
    accounts,
    least,
    delta,
    young,
    bins,
    stride,
    blocks,
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
        partners = meetings(a, account, object, low, high, position, start, seen, touched, blocks)
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
        met += int(meet(at_ms, position, i, i_end, at_ms, position, j, j_end, delta))
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
    account, object, low, high, position, start, first, end, accounts, least, weight, blocks
):
    """For each account in [first, end) the weight of those with which it shares at least `least` opportunities."""
    seen = np.zeros((accounts, 2), np.int32)
    touched = np.empty(accounts + 1, np.int32)
    found = np.zeros(end - first)
    for a in range(first, end):
        partners = meetings(a, account, object, low, high, position, start, seen, touched, blocks)
        seen[a, 0] = 0
        for i in range(partners):
            if seen[touched[i], 0] >= least:
                found[a - first] += weight[touched[i]]
            seen[touched[i], 0] = 0
    return found

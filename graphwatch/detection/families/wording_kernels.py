"""Kernels of near-duplicate texts: runs of letters, MinHash, and families named after their most used wording."""

import numpy as np

from graphwatch.common.compiled import compiled

_NONE = np.uint32(0xFFFFFFFF)


@compiled
def grams(letters, start, length):  # type: ignore[no-untyped-def]
    """Of each text the distinct hashes of its runs of letters, ascending; and where those of each text begin.

    A text shorter than `length` is one run. O(letters · log(longest text)).
    """
    texts = len(start) - 1
    found = np.empty(len(letters) + texts, np.uint32)
    bounds = np.zeros(texts + 1, np.int64)
    kept = 0
    for t in range(texts):
        begin, end = start[t], start[t + 1]
        here = kept
        for i in range(begin, max(end - length, begin) + 1):
            word = np.uint64(14695981039346656037)
            for j in range(i, min(i + length, end)):
                word = (word ^ np.uint64(letters[j])) * np.uint64(1099511628211)
            word = (word ^ (word >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
            found[here] = np.uint32(word >> np.uint64(32))
            here += 1
        found[kept:here] = np.sort(found[kept:here])
        last = kept
        for i in range(kept, here):
            if i == kept or found[i] != found[last - 1]:
                found[last] = found[i]
                last += 1
        kept = last
        bounds[t + 1] = kept
    return found[:kept].copy(), bounds


@compiled
def bands(gram, bounds, multiplier, shift, rows):  # type: ignore[no-untyped-def]
    """For each text and band one number: a hash of `rows` smallest hashes of its runs under as many permutations."""
    texts, number = len(bounds) - 1, len(multiplier)
    found = np.empty((texts, number // rows), np.uint64)
    least = np.empty(number, np.uint32)
    for t in range(texts):
        least[:] = _NONE
        for i in range(bounds[t], bounds[t + 1]):
            word = gram[i]
            for p in range(number):
                mixed = np.uint32(word * multiplier[p] + shift[p])
                least[p] = min(least[p], mixed)
        for b in range(number // rows):
            key = np.uint64(b)
            for r in range(rows):
                key = (key ^ np.uint64(least[b * rows + r])) * np.uint64(0x9E3779B97F4A7C15)
                key = key ^ (key >> np.uint64(31))
            found[t, b] = key
    return found


@compiled
def led(order, gram, bounds, bucket, buckets, like):  # type: ignore[no-untyped-def]
    """For each text the text that its family is named after; texts are taken in `order`.

    Args:
        bucket: of each text and band the number of its bucket, -1 where it is alone in it.
    """
    texts, number = bucket.shape
    head = np.full(buckets, -1, np.int64)
    # Entries of the lists of those that lead a family, one list a bucket.
    entry, following, used = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    named = np.arange(texts)
    seen = np.full(texts, -1, np.int64)
    for t in order:
        best, closest = -1, 0.0
        for b in range(number):
            place = head[bucket[t, b]] if bucket[t, b] >= 0 else -1
            while place >= 0:
                other = entry[place]
                if seen[other] != t:
                    seen[other] = t
                    near = _jaccard(gram, bounds, t, other, like)
                    if near > closest:
                        best, closest = other, near
                place = following[place]
        if best >= 0:
            named[t] = best
            continue
        for b in range(number):
            if bucket[t, b] >= 0:
                if used == len(entry):
                    entry, following = np.append(entry, entry), np.append(following, following)
                entry[used], following[used] = t, head[bucket[t, b]]
                head[bucket[t, b]] = used
                used += 1
    return named


@compiled
def _jaccard(gram, bounds, a, b, like):  # type: ignore[no-untyped-def]
    """The Jaccard index of two texts' runs; 0 where it is below `like`."""
    i, i_end, j, j_end = bounds[a], bounds[a + 1], bounds[b], bounds[b + 1]
    sizes = i_end - i + j_end - j
    if min(i_end - i, j_end - j) < like * max(i_end - i, j_end - j):
        return 0.0
    both = 0
    while i < i_end and j < j_end:
        if gram[i] == gram[j]:
            both += 1
            i += 1
            j += 1
        elif gram[i] < gram[j]:
            i += 1
        else:
            j += 1
    index = both / (sizes - both)
    return index if index >= like else 0.0

"""Kernels of the test of agreement: which objects two accounts share, and what chance explains of them.

A cell is an account's use of an object in a block. What is held of each block are the numbers of its accounts and of
its objects; `margins` are the arrays that say them, in the order of the fields of `uses.Margins`.
"""

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.detection.chance.null_model_kernels import tail_beyond


@compiled
def pairs_range(begin, end, of_account, of_object, margins, least, most_explained, accounts, objects):  # type: ignore[no-untyped-def]
    """Pairs of an account from `begin` to before `end` and a later one that share `least` objects or more.

    Only those of whom chance explains at most `most_explained[n]` of n shared objects: first, second, n, explained.
    O(sum over objects of accounts squared).
    """
    object_start, object = of_account
    account_start, account = of_object
    size, cap = 0, 1024
    ends, shared, explained = np.empty((2, cap), np.int32), np.empty(cap, np.int32), np.empty(cap)
    count, touched = np.zeros(accounts, np.int32), np.empty(accounts, np.int32)
    seen = np.full(objects, -1, np.int64)
    for a in range(begin, end):
        partners = 0
        for i in range(object_start[a], object_start[a + 1]):
            o = object[i]
            for j in range(account_start[o], account_start[o + 1]):
                b = account[j]
                if b > a:
                    if count[b] == 0:
                        touched[partners] = b
                        partners += 1
                    count[b] += 1
        for t in range(partners):
            b = touched[t]
            n = count[b]
            count[b] = 0
            if n < least:
                continue
            limit = most_explained[min(n, len(most_explained) - 1)]
            mean = both(a, b, margins, limit, seen)
            if mean > limit:
                continue
            if size == cap:
                ends = np.concatenate((ends, ends), axis=1)
                shared, explained = np.append(shared, shared), np.append(explained, explained)
                cap *= 2
            ends[0, size], ends[1, size], shared[size], explained[size] = a, b, n, mean
            size += 1
    return ends[:, :size].copy(), shared[:size].copy(), explained[:size].copy()


@compiled
def of_pairs(first, second, of_account, margins, objects):  # type: ignore[no-untyped-def]
    """Of each pair how many objects it shares, and how many chance explains."""
    shared, explained = np.zeros(len(first), np.int32), np.zeros(len(first))
    seen = np.full(objects, -1, np.int64)
    for p in range(len(first)):
        shared[p] = len(_common(first[p], second[p], of_account))
        explained[p] = both(first[p], second[p], margins, np.inf, seen)
    return shared, explained


@compiled
def _common(a, b, of_account):  # type: ignore[no-untyped-def]
    start, object = of_account
    found = np.empty(min(start[a + 1] - start[a], start[b + 1] - start[b]), np.int32)
    size, i, j = 0, start[a], start[b]
    while i < start[a + 1] and j < start[b + 1]:
        if object[i] == object[j]:
            found[size] = object[i]
            size += 1
            i += 1
            j += 1
        elif object[i] < object[j]:
            i += 1
        else:
            j += 1
    return found[:size]


@compiled
def both(a, b, margins, limit, seen):  # type: ignore[no-untyped-def]
    """How many objects chance gives to both; not to the end where it is more than `limit`."""
    account_start, account_block, account_x = margins[0], margins[1], margins[2]
    class_start, class_y, class_count, wide_start, wide, logistic = margins[6:]
    total = 0.0
    stamp = np.int64(a) << 32 | np.int64(b)
    i, j = account_start[a], account_start[b]
    while i < account_start[a + 1] and j < account_start[b + 1]:
        if account_block[i] < account_block[j]:
            i += 1
            continue
        if account_block[i] > account_block[j]:
            j += 1
            continue
        block = account_block[i]
        for c in range(class_start[block], class_start[block + 1]):
            y = class_y[c]
            total += class_count[c] * _chance(account_x[i] + y, logistic) * _chance(account_x[j] + y, logistic)
        i += 1
        j += 1
        if total > limit:
            return total
    # Objects of several blocks: the two may have used one in different blocks.
    for i in range(account_start[a], account_start[a + 1]):
        block = account_block[i]
        for w in range(wide_start[block], wide_start[block + 1]):
            o = wide[w]
            if seen[o] != stamp:
                seen[o] = stamp
                total += used(a, o, margins) * used(b, o, margins)
        if total > limit:
            return total
    return total


@compiled
def _chance(logit, logistic):  # type: ignore[no-untyped-def]
    return 1.0 / (1.0 + np.exp(-logit)) if logistic else min(1.0, np.exp(logit))


@compiled
def used(a, o, margins):  # type: ignore[no-untyped-def]
    """The chance that an account used an object in any of the blocks that both are in."""
    account_start, account_block, account_x, object_start, object_block, object_y = margins[:6]
    logistic = margins[11]
    never = 1.0
    for k in range(object_start[o], object_start[o + 1]):
        low, high = account_start[a], account_start[a + 1]
        while low < high:
            middle = (low + high) // 2
            if account_block[middle] < object_block[k]:
                low = middle + 1
            else:
                high = middle
        if low < account_start[a + 1] and account_block[low] == object_block[k]:
            never *= 1.0 - _chance(account_x[low] + object_y[k], logistic)
    return 1.0 - never


@compiled
def with_objects(chosen, of_object, margins, least):  # type: ignore[no-untyped-def]
    """Accounts that used `least` or more of the chosen objects, and log10 of the chance that each used so many."""
    account_start, account = of_object
    size = 0
    for o in chosen:
        size += account_start[o + 1] - account_start[o]
    users, size = np.empty(size, np.int32), 0
    for o in chosen:
        for j in range(account_start[o], account_start[o + 1]):
            users[size] = account[j]
            size += 1
    users.sort()
    found, log10_p, chance = np.empty(size, np.int32), np.empty(size), np.empty(len(chosen))
    total, begin = 0, 0
    while begin < size:
        end = begin
        while end < size and users[end] == users[begin]:
            end += 1
        if end - begin >= least:
            for i in range(len(chosen)):
                chance[i] = used(users[begin], chosen[i], margins)
            found[total] = users[begin]
            log10_p[total] = tail_beyond(chance, len(chosen), end - begin)
            total += 1
        begin = end
    return found[:total].copy(), log10_p[:total].copy()


@compiled
def chances(members, chosen, margins):  # type: ignore[no-untyped-def]
    """The chance of each member to use each object; members × objects."""
    found = np.empty((len(members), len(chosen)))
    for i in range(len(members)):
        for k in range(len(chosen)):
            found[i, k] = used(members[i], chosen[k], margins)
    return found


@compiled
def loyal(uses, chance, at_most, least):  # type: ignore[no-untyped-def]
    """log10 of the chance that each member used so many of the objects that the others agree on.

    Args:
        uses, chance: of members × objects.
        at_most: for each number of others that used an object, what chance may give them where they agree on it.
    """
    members, objects = uses.shape
    users, explained = np.zeros(objects, np.int64), np.zeros(objects)
    for i in range(members):
        for k in range(objects):
            users[k] += int(uses[i, k])
            explained[k] += chance[i, k]
    log10_p, asked = np.zeros(members), np.empty(objects)
    for i in range(members):
        size, hits = 0, 0
        for k in range(objects):
            if explained[k] - chance[i, k] <= at_most[users[k] - int(uses[i, k])]:
                asked[size] = chance[i, k]
                size += 1
                hits += int(uses[i, k])
        if hits >= least:
            log10_p[i] = tail_beyond(asked, size, hits)
    return log10_p

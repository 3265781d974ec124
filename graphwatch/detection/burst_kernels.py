"""Compiled loops over the actions of members on one object after another."""

import numpy as np

from graphwatch.common.compiled import compiled


@compiled
def most_within(begin, end, account, at_ms, delta, accounts):  # type: ignore[no-untyped-def]
    """For each stretch of actions, in order of time, the most distinct accounts within any `delta`, inclusive.

    O(actions): a window slides along, with a dense count over accounts.
    """
    most = np.zeros(len(begin), np.int32)
    count = np.zeros(accounts, np.int32)
    for s in range(len(begin)):
        left, distinct = begin[s], 0
        for right in range(begin[s], end[s]):
            distinct += count[account[right]] == 0
            count[account[right]] += 1
            while at_ms[right] - at_ms[left] > delta:
                count[account[left]] -= 1
                distinct -= count[account[left]] == 0
                left += 1
            most[s] = max(most[s], distinct)
        for r in range(left, end[s]):
            count[account[r]] = 0
    return most


@compiled
def shortest_cover(begin, end, account, at_ms, need, accounts):  # type: ignore[no-untyped-def]
    """For each stretch of actions, in order of time, the shortest time that holds `need[s]` distinct accounts.

    -1 where fewer acted. O(actions): the window gives up its first action as long as enough accounts remain.
    """
    shortest = np.full(len(begin), -1, np.int64)
    count = np.zeros(accounts, np.int32)
    for s in range(len(begin)):
        left, distinct = begin[s], 0
        for right in range(begin[s], end[s]):
            distinct += count[account[right]] == 0
            count[account[right]] += 1
            while distinct >= need[s]:
                span = at_ms[right] - at_ms[left]
                if shortest[s] < 0 or span < shortest[s]:
                    shortest[s] = span
                count[account[left]] -= 1
                distinct -= count[account[left]] == 0
                left += 1
        for r in range(left, end[s]):
            count[account[r]] = 0
    return shortest

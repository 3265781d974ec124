"""Counting by blocks of accounts: each pair of blocks is a task that needs nothing of the others.

A task has the acts of one or two blocks and gives the pairs between them, whole: nothing of a pair is left to be added
up, and what it gives are only pairs that reach the count. An object on which everybody acted is so divided as all else.
"""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from graphwatch.common.pieces import even_pieces
from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.pairs import Asked, Counted, Ints, Longs

# Sixteen bytes an act as it is sent and some twenty-four more while a task counts: two blocks take some 1.3 GB.
_MOST_ACTS: Final = 16_000_000
# What an act costs in each task that it is in, in acts to look at.
_ACT: Final = 10


class Block(NamedTuple):
    """The acts of the accounts from `begin` on, in order of (object, time); accounts are numbered from 0."""

    begin: int
    accounts: int
    account: Ints
    object: Ints
    at_ms: Longs

    @property
    def side(self) -> kernels.Side:
        """With the index by account, which is quicker made than sent."""
        return kernels.Side(*self[2:], *kernels.by_account(self.account, self.accounts))


def cut(asked: Asked, at_once: int, each: int, most: int = _MOST_ACTS) -> Iterator[Block]:
    """The acts in as many blocks as give each of the tasks that run at once so many tasks, one block after the other.

    Args:
        most: the acts that a block may have, but for those of its last account.
    """
    left = asked.left
    number = max(math.ceil(math.sqrt(2 * at_once * each)), math.ceil(len(left.account) / most))
    pieces = even_pieces(asked.work + _ACT * np.diff(left.start), number)
    block_of = np.repeat(np.arange(len(pieces), dtype=np.int16), [end - begin for begin, end in pieces])
    order = np.argsort(block_of[left.account], kind="stable")
    for begin, end in pieces:
        rows = order[left.start[begin] : left.start[end]]
        account = left.account[rows] - np.int32(begin)
        yield Block(begin, end - begin, account, left.object[rows], left.at_ms[rows])


def tasks_of(blocks: int) -> list[tuple[int, int]]:
    """Every two of so many blocks, and each with itself; the tasks that take longest first.

    >>> tasks_of(2)
    [(0, 1), (0, 0), (1, 1)]
    """
    return [*combinations(range(blocks), 2), *zip(range(blocks), range(blocks), strict=True)]


def count_between(one: Block, other: Block, window_ms: int, least: int) -> Counted:
    """The pairs of an account of one block and one of the other, which come later, or of two of the same block."""
    mine = one.side
    theirs = mine if other.begin == one.begin else other.side
    low, high = kernels.windows(mine.object, mine.at_ms, window_ms, theirs)
    ahead = other.begin - one.begin
    first, second, n = kernels.count_range(mine, theirs, ahead, low, high, 0, one.accounts, least, window_ms)
    return first + np.int32(one.begin), second + np.int32(other.begin), n

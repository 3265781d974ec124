"""Counting by blocks of accounts: the tasks of all two blocks have together what is counted at once, and are even."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise

import numpy as np
import pytest
from acts_in_files import check_same
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwatch.detection.counting.blocks import count_between, cut, tasks_of
from graphwatch.detection.counting.pairs import Actions, Asked, Counted, arrange, count_pairs, counting_by

WINDOW_MS = 5


def by_tasks(at_once: int, most: int) -> AbstractContextManager[None]:
    def counted(asked: Asked, threads: int | None) -> Counted:
        blocks = list(cut(asked, at_once, 2, most))
        assert sum(len(block.account) for block in blocks) == len(asked.left.account)
        found = [
            count_between(blocks[one], blocks[other], asked.window_ms, asked.min_objects)
            for one, other in tasks_of(len(blocks))
        ]
        first, second, n = np.concatenate([np.empty((3, 0), np.int32), *found], axis=1)
        return first, second, n

    return counting_by(counted)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(0, 60)), max_size=120),
    st.integers(1, 4),
    st.integers(1, 9),
    st.integers(1, 40),
)
def test_tasks_have_together_what_is_counted_at_once(
    acts: list[tuple[int, int, int]], least: int, at_once: int, most: int
) -> None:
    rows = np.array(acts, np.int64).reshape(-1, 3)
    rows[rows[:, 1] > 3, 1] = 0  # a third of all is on one object
    actions = arrange(rows[:, 0], rows[:, 1], rows[:, 2], accounts=8)
    expected = count_pairs(actions, WINDOW_MS, least)
    with by_tasks(at_once, most):
        check_same(expected, count_pairs(actions, WINDOW_MS, least))


def everybody_on_four_posts() -> Actions:
    random = np.random.default_rng(1)
    object = np.where(np.arange(8_000) < 7_000, np.arange(8_000) % 4, 4 + np.arange(8_000) // 20)
    return arrange(random.integers(0, 500, 8_000), object, random.integers(0, 100_000, 8_000))


def one_account_everywhere() -> Actions:
    actions = everybody_on_four_posts()
    account = np.where(np.arange(8_000) % 10 == 0, 250, actions.account)
    return arrange(account, actions.object, actions.at_ms)


@pytest.mark.parametrize("made", [everybody_on_four_posts, one_account_everywhere])
def test_blocks_have_equal_work_whatever_everybody_acts_on(made: Callable[[], Actions]) -> None:
    sizes: list[int] = []

    def counted(asked: Asked, threads: int | None) -> Counted:
        blocks = list(cut(asked, 16, 4))
        bounds = [block.begin for block in blocks] + [asked.left.accounts]
        sizes.extend(int(asked.work[a:b].sum()) for a, b in pairwise(bounds))
        return (np.empty(0, np.int32),) * 3

    with counting_by(counted):
        count_pairs(made(), 100, 3)
    assert 8 <= len(sizes) <= 12
    assert max(sizes) < 2 * np.median(sizes)


def test_a_block_holds_no_more_acts_than_it_may() -> None:
    actions = everybody_on_four_posts()
    lengths = np.diff(actions.start)

    def counted(asked: Asked, threads: int | None) -> Counted:
        held = [len(block.account) for block in cut(asked, 1, 1, 500)]
        assert len(held) >= 16
        assert max(held) <= 2 * 500 + lengths.max()
        return (np.empty(0, np.int32),) * 3

    with counting_by(counted):
        count_pairs(actions, 100, 3)

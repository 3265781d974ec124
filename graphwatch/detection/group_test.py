"""Group test: is an account near what a group does together more often than chance explains?

A burst of a group is a set of two or more members' actions on one object, each within the window of the next. Another
account that acted on the object within the coarse window of the burst had an opportunity; it succeeded if it acted
within the window of the burst. Under chance it succeeds with the rate of the burst's age, more for a longer burst; the
number of successes is then Poisson-binomial, and p is its upper tail.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graphwatch.detection import group_test_kernels as kernels
from graphwatch.detection.counting import Actions, Ints, Longs, Reals, even_pieces
from graphwatch.detection.null_model import Timing

_PIECES = 16


@dataclass(frozen=True, slots=True)
class Rule:
    """How the test is made: null model, least objects, false discovery rate; and threads to do it with."""

    timing: Timing
    min_objects: int
    fdr: float
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of accounts: those of group g are `members[bounds[g]:bounds[g + 1]]`."""

    members: Ints
    bounds: Longs

    @property
    def sizes(self) -> Longs:
        return np.diff(self.bounds)


@dataclass(frozen=True, slots=True)
class GroupTests:
    """Accounts that were near a group often enough to be asked; and how many were tested for each group.

    Attributes:
        group, account, log10_p: one entry a test with successes on `min_objects` objects or more; all others have p 1.
        tests: for each group the accounts that had opportunities on so many objects.
    """

    group: Ints
    account: Ints
    log10_p: Reals
    tests: Longs


def groups_of(cluster_of: Ints) -> Groups:
    """Clusters as groups, the first being cluster 1; one that has lost its members is an empty group.

    >>> groups_of(np.array([2, 0, 1, 2, 1]))
    Groups(members=array([2, 4, 0, 3], dtype=int32), bounds=array([0, 2, 4]))
    """
    members = np.flatnonzero(cluster_of)
    members = members[np.argsort(cluster_of[members], kind="stable")]
    sizes = np.bincount(cluster_of[members], minlength=int(cluster_of.max(initial=0)) + 1)
    return Groups(members.astype(np.int32), np.cumsum(sizes))


def outsiders(actions: Actions, groups: Groups, taken: npt.NDArray[np.bool_], rule: Rule) -> GroupTests:
    """Test each account outside of a group, unless it is taken, against the group."""

    def test(piece: tuple[int, int]) -> Any:
        return kernels.outsiders_range(
            *piece, groups.members, groups.bounds, taken, *_scene(actions, rule.timing), rule.min_objects
        )

    found = _by_piece(test, actions, groups, rule.threads)
    return GroupTests(*(np.concatenate(column) for column in zip(*found, strict=True)))


def insiders(actions: Actions, groups: Groups, rule: Rule) -> Reals:
    """log10 of p of each member of each group against the rest of its group."""

    def test(piece: tuple[int, int]) -> Any:
        return kernels.insiders_range(
            *piece, groups.members, groups.bounds, *_scene(actions, rule.timing), rule.min_objects
        )

    return np.concatenate(_by_piece(test, actions, groups, rule.threads))


def _scene(actions: Actions, timing: Timing) -> tuple[Any, ...]:
    return (
        actions.account,
        actions.object,
        actions.at_ms,
        timing.bin,
        actions.position,
        actions.start,
        timing.window_ms,
        timing.coarse_ms,
        timing.rate,
    )


def _by_piece(
    test: Callable[[tuple[int, int]], Any], actions: Actions, groups: Groups, threads: int | None
) -> list[Any]:
    total = np.concatenate([[0], np.cumsum(np.diff(actions.start)[groups.members])])
    pieces = even_pieces(np.diff(total[groups.bounds]), _PIECES)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return list(pool.map(test, pieces))

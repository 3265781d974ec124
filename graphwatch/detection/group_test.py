"""Whether accounts are near the bursts of a group beyond chance, and the clusters that it finds: triads, expansion."""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graphwatch.detection import group_test_kernels as kernels
from graphwatch.detection.clusters import SMALLEST, Mask, tight_communities
from graphwatch.detection.counting import Actions, Ints, Longs, Pairs, Reals, even_pieces
from graphwatch.detection.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.null_model import Timing

_PIECES = 16
# As many candidates chance may give; and at most so small a p, where few pairs were tested.
_BY_CHANCE: Final = 20
_LARGEST_P: Final = 0.01
# The work is bounded: large groups whose members are all tied to each other need no triads.
_MOST: Final = 2_000
# All actions of both accounts of a candidate are gone through: one that acts a million times is no weak one.
_MOST_ACTIONS: Final = 10_000_000
_ROUNDS: Final = 5


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
        timing.gap_ms,
        timing.longest_ms,
        timing.rate,
        timing.crowd,
    )


def _by_piece(
    test: Callable[[tuple[int, int]], Any], actions: Actions, groups: Groups, threads: int | None
) -> list[Any]:
    total = np.concatenate([[0], np.cumsum(np.diff(actions.start)[groups.members])])
    pieces = even_pieces(np.diff(total[groups.bounds]), _PIECES)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return list(pool.map(test, pieces))


def triad_clusters(
    actions: Actions,
    pairs: Pairs,
    log10_p: Reals,
    coordinated: Mask,
    tests: int,
    rule: Rule,
    *,
    seed: int,
) -> Ints:
    """The cluster number of each account, 0 for none: communities of coordinated pairs and of triads.

    Args:
        log10_p, coordinated: of each pair.
        tests: number of pairs that were tested, from which it follows how many candidates chance gives.
    """
    chosen = affordable(actions, pairs, candidates(log10_p, coordinated, tests))
    first, second = triads(actions, pairs.first[chosen], pairs.second[chosen], rule)
    ends = np.stack(
        [np.concatenate([first, pairs.first[coordinated]]), np.concatenate([second, pairs.second[coordinated]])]
    )
    first, second = np.unique(np.sort(ends, axis=0), axis=1)
    return tight_communities(actions.accounts, first, second, np.ones(len(first)), seed=seed)


def largest(tests: int) -> float:
    """log10 of the largest p at which chance makes twenty candidates at most of so many tests.

    >>> largest(200_000), largest(100)
    (-4.0, -2.0)
    """
    return math.log10(min(_LARGEST_P, _BY_CHANCE / max(tests, 1)))


def candidates(log10_p: Reals, coordinated: Mask, tests: int) -> Longs:
    """Positions of the pairs that are coordinated, or have so small a p that chance gives twenty at most.

    >>> candidates(np.array([-6.0, -4.0, -1.0]), np.array([True, False, False]), 200_000).tolist()
    [0, 1]
    """
    chosen = np.flatnonzero(coordinated | (log10_p <= largest(tests)))
    if len(chosen) > _MOST:
        # Those that stand out by themselves have the least need of a third.
        chosen = np.sort(chosen[np.lexsort((log10_p[chosen], coordinated[chosen]))[:_MOST]])
    return chosen


def affordable(actions: Actions, pairs: Pairs, chosen: Longs, most: int = _MOST_ACTIONS) -> Longs:
    """Those of the chosen pairs, the least active first, that have at most so many actions in all."""
    lengths = np.diff(actions.start)
    work = lengths[pairs.first[chosen]] + lengths[pairs.second[chosen]]
    order = np.argsort(work, kind="stable")
    kept: Longs = np.sort(chosen[order[np.cumsum(work[order]) <= most]])
    return kept


def triads(actions: Actions, first: Ints, second: Ints, rule: Rule) -> tuple[Ints, Ints]:
    """Ends of the three edges of each triad: a pair, and an account that the group test finds with it."""
    groups = Groups(np.stack([first, second], axis=1).ravel(), 2 * np.arange(len(first) + 1))
    nobody = np.zeros(actions.accounts, bool)
    found = outsiders(actions, groups, nobody, rule)
    q = benjamini_hochberg(found.log10_p, int(found.tests.sum()))
    passed = q <= np.log10(rule.fdr)
    a, b, c = first[found.group[passed]], second[found.group[passed]], found.account[passed]
    return np.concatenate([a, a, b]), np.concatenate([b, c, c])


def expand(actions: Actions, cluster_of: Ints, rule: Rule) -> Ints:
    """The cluster number of each account after expansion; 0 for none.

    By turns, until nothing changes or a few times:

    - A member leaves that the group test does not find with the rest of its cluster, the worst first, until those who
      stay are significant at the false discovery rate: among them and all other accounts that had as many opportunities
      with the cluster, who might as well have been drawn in by chance (Benjamini and Hochberg 1995).
    - An account in no cluster joins that the test finds with one, at the false discovery rate over all accounts tested;
      the best cluster where several would have it.

    Members leave last, so that all who remain have passed. Fewer than three are no cluster.

    Args:
        cluster_of: for each account the number of its cluster, 0 for none.
    """
    expanded = _pruned(actions, cluster_of, rule)
    for _ in range(_ROUNDS):
        before = expanded
        expanded = _pruned(actions, _joined(actions, before, rule), rule)
        if (expanded == before).all():
            break
    return expanded


def _joined(actions: Actions, cluster_of: Ints, rule: Rule) -> Ints:
    """Clusters with the accounts that join them."""
    joins = outsiders(actions, groups_of(cluster_of), cluster_of > 0, rule)
    q = benjamini_hochberg(joins.log10_p, int(joins.tests.sum()))
    accepted = np.flatnonzero(q <= np.log10(rule.fdr))
    # The strongest evidence is written last and stays.
    order = accepted[np.argsort(-joins.log10_p[accepted], kind="stable")]
    joined = cluster_of.copy()
    joined[joins.account[order]] = joins.group[order] + 1
    return joined


def _pruned(actions: Actions, cluster_of: Ints, rule: Rule) -> Ints:
    """Clusters whose members all pass the group test with the rest; the worst goes first, and its cluster again.

    A consistency check, not a test: who stays was chosen by the same data. All who are near the others no more often
    than is expected go at once, since nothing speaks for them whoever else goes.
    """
    groups = groups_of(cluster_of)
    asked = np.maximum(outsiders(actions, groups, cluster_of > 0, rule).tests + groups.sizes, 1)
    kept = cluster_of.copy()
    changed = kept
    while changed.any():
        groups = groups_of(changed)
        limit = np.log10(rule.fdr * np.maximum(groups.sizes, 1) / asked[: len(groups.sizes)])
        of = changed[groups.members] - 1
        log10_p = insiders(actions, groups, rule)
        excess = log10_p - limit[of]
        # Of each group the worst leaves; of equals all, so that no name decides.
        most = np.full(len(groups.sizes), -np.inf)
        np.maximum.at(most, of, excess)
        few = (groups.sizes < SMALLEST)[of]
        leaving = groups.members[few | (log10_p == 0) | ((excess == most[of]) & (excess > 0))]
        left = np.isin(kept, kept[leaving])
        kept[leaving] = 0
        changed = np.where(left, kept, 0)
    return kept

"""Whether accounts are near the bursts of a group beyond chance, and clusters that grow and shrink by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from graphwatch.common.pieces import PIECES, Piece, even_pieces, on_threads
from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.chance.null_model import Timing
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Reals
from graphwatch.detection.groups import group_test_kernels as kernels
from graphwatch.detection.groups.clusters import SMALLEST

# Actions of groups that are tested sooner than threads for them begin.
_FEW: Final = 4_000
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


def outsiders(actions: Actions, groups: Groups, taken: Mask, rule: Rule) -> GroupTests:
    """Test each account outside of a group, unless it is taken, against the group."""

    def test(piece: Piece) -> Any:
        return kernels.outsiders_range(
            *piece, groups.members, groups.bounds, taken, *_scene(actions, rule.timing), rule.min_objects
        )

    found = _by_piece(test, actions, groups, rule.threads)
    return GroupTests(*(np.concatenate(column) for column in zip(*found, strict=True)))


def insiders(actions: Actions, groups: Groups, rule: Rule) -> Reals:
    """log10 of p of each member of each group against the rest of its group."""

    def test(piece: Piece) -> Any:
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


def _by_piece(test: Callable[[Piece], Any], actions: Actions, groups: Groups, threads: int | None) -> list[Any]:
    total = np.concatenate([[0], np.cumsum(np.diff(actions.start)[groups.members])])
    pieces = even_pieces(np.diff(total[groups.bounds]), PIECES if total[-1] > _FEW else 1)
    return list(on_threads(test, pieces, threads))


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

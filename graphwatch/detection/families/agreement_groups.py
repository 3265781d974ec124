"""Groups that agree: who uses the objects that others agree on, and clusters that grow and shrink by it.

Of the objects of a group those count that more of its members used than chance gives them: what everybody uses says
nothing of a group. Which ones these are depends on the others alone, so that it says nothing of who is tested.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import special

from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.counting.pairs import Ints, Longs, Reals
from graphwatch.detection.families import agreement_kernels as kernels
from graphwatch.detection.families.uses import Uses
from graphwatch.detection.groups.clusters import SMALLEST, renumbered
from graphwatch.detection.groups.group_test import GroupTests

# What so many members use is no agreement where chance does so oftener than this.
_AGREED_P: Final = 0.05
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Together:
    """What two members of a group or more used.

    Attributes:
        members, object: codes.
        uses, chance: whether each member used each object, and the chance that it did; members × objects.
    """

    members: Ints
    object: Ints
    uses: Any
    chance: Reals

    def of(self, some: Any) -> "Together":
        """The same of some members only."""
        return Together(self.members[some], self.object, self.uses[some], self.chance[some])

    @property
    def agreed(self) -> Ints:
        """The objects that more members used than chance gives them."""
        agreed: Ints = self.object[self.chance.sum(0) <= _at_most(len(self.members))[self.uses.sum(0)]]
        return agreed

    def loyal(self, least: int) -> Reals:
        """log10 of p of each member against what the others agree on; 0 where it used fewer than `least` of that."""
        log10_p: Reals = kernels.loyal(self.uses, self.chance, _at_most(len(self.members)), least)
        return log10_p


def _at_most(members: int) -> Reals:
    """For each number of users the largest mean at which the Poisson law gives so many seldom; below two none is."""
    users = np.arange(members + 1)
    return np.where(users > 1, special.gammaincinv(np.maximum(users, 1), _AGREED_P), -1.0)


def together(used: Uses, members: Ints) -> Together:
    """What members of a group used, two of them or more.

    O(members × objects).
    """
    start, object = used.of_account
    theirs = [object[start[m] : start[m + 1]] for m in members.tolist()]
    distinct, users = np.unique(np.concatenate(theirs), return_counts=True)
    shared = distinct[users > 1]
    uses = np.stack([np.isin(shared, own, assume_unique=True) for own in theirs])
    return Together(members, shared, uses, kernels.chances(members, shared, used.margins))


def agreeing(used: Uses, groups: Iterable[Together], least: int, tests: Longs) -> GroupTests:
    """Test all accounts outside of each group against what it agrees on.

    An account that used `least` objects of it or more has the chance of so many or more as its p: a sum of independent
    uses, exactly.

    Args:
        tests: for each group the number of accounts that are tested.
    """
    group, account, log10_p = [np.empty(0, np.int32)], [np.empty(0, np.int32)], [np.empty(0)]
    for number, theirs in enumerate(groups):
        who, p = kernels.with_objects(theirs.agreed, used.of_object, used.margins, least)
        other = ~np.isin(who, theirs.members)
        group.append(np.full(int(other.sum()), number, np.int32))
        account.append(who[other])
        log10_p.append(p[other])
    return GroupTests(np.concatenate(group), np.concatenate(account), np.concatenate(log10_p), tests)


def expand(used: Uses, cluster_of: Ints, least: int, fdr: float) -> Ints:
    """The cluster number of each account after expansion; 0 for none.

    By turns: members leave who do not use what the others agree on beyond chance, corrected for all accounts
    (Bonferroni); accounts join that do, at the false discovery rate over all accounts and clusters. Members leave last,
    so that all who remain have passed; fewer than three are no cluster.
    """
    expanded = _pruned(used, cluster_of, least, fdr)
    for _ in range(_ROUNDS):
        before = expanded
        expanded = _pruned(used, _joined(used, before, least, fdr), least, fdr)
        if (expanded == before).all():
            break
    return renumbered(np.where(expanded > 0, expanded, -1))


def _groups(used: Uses, cluster_of: Ints) -> tuple[Ints, list[Together]]:
    numbers = np.unique(cluster_of[cluster_of > 0])
    return numbers, [together(used, np.flatnonzero(cluster_of == n).astype(np.int32)) for n in numbers.tolist()]


def _joined(used: Uses, cluster_of: Ints, least: int, fdr: float) -> Ints:
    """Clusters with the accounts that join them, the best cluster where several would have one."""
    numbers, groups = _groups(used, cluster_of)
    found = agreeing(used, groups, least, np.full(len(groups), used.active))
    free = cluster_of[found.account] == 0
    group, account, log10_p = found.group[free], found.account[free], found.log10_p[free]
    passed = np.flatnonzero(benjamini_hochberg(log10_p, max(int(found.tests.sum()), len(log10_p))) <= np.log10(fdr))
    order = passed[np.argsort(-log10_p[passed], kind="stable")]
    joined = cluster_of.copy()
    joined[account[order]] = numbers[group[order]]
    return joined


def _pruned(used: Uses, cluster_of: Ints, least: int, fdr: float) -> Ints:
    """Clusters whose members all agree with the rest; the worst leave first, and whom nothing speaks for at once.

    A consistency check, not a test: who stays was chosen by the same data.
    """
    kept = np.zeros_like(cluster_of)
    limit = np.log10(fdr / max(used.active, 1))
    numbers, groups = _groups(used, cluster_of)
    for number, theirs in zip(numbers.tolist(), groups, strict=True):
        left = theirs
        while len(left.members) >= SMALLEST:
            log10_p = left.loyal(least)
            stays = (log10_p < 0) & ((log10_p <= limit) | (log10_p < log10_p.max()))
            if stays.all():
                kept[left.members] = number
                break
            left = left.of(stays)
    return kept

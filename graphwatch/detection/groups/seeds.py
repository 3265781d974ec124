"""Where clusters begin: candidate pairs that an account keeps company with, and another one with these three.

Members of a small group meet, two by two, too seldom for any pair to stand out. Far less likely is that a third account
is there whenever two of them are, and a fourth whenever two of the three are. What made the pair a candidate says
nothing of the third, and what made these three says nothing of the fourth.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Pairs, Reals
from graphwatch.detection.groups.clusters import tight_communities
from graphwatch.detection.groups.group_test import Groups, GroupTests, Rule, outsiders

# As many candidates chance may give; and at most so small a p, where few pairs were tested.
_BY_CHANCE: Final = 2_000
_LARGEST_P: Final = 0.01
# Up to as many by chance weigh the same, and later ones the less the more of them there are.
_FIRST: Final = 20
# Of the rate: where a seed is chance, four people are accused together, and others join them.
_PART: Final = 0.1
# The work is bounded: large groups whose members are all tied to each other need no seeds.
_MOST: Final = 4_000
# All actions of both accounts of a candidate are gone through: one that acts a million times is no weak one.
_MOST_ACTIONS: Final = 10_000_000
# log10 of what stands for p = 0 where logarithms are reckoned with.
_NEVER: Final = -1e9


def largest(tests: int, by_chance: float = _BY_CHANCE) -> float:
    """log10 of the largest p at which chance gives so many pairs at most among so many tests, at most 0.01.

    >>> largest(20_000_000), largest(100), largest(200_000, by_chance=20)
    (-4.0, -2.0, -4.0)
    """
    return math.log10(min(_LARGEST_P, by_chance / max(tests, 1)))


def candidates(log10_p: Reals, coordinated: Mask, tests: int) -> Longs:
    """Positions of the pairs that are coordinated, or have so small a p that chance gives two thousand at most.

    >>> candidates(np.array([-6.0, -4.0, -1.0]), np.array([True, False, False]), 20_000_000).tolist()
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


def seeded_clusters(
    actions: Actions,
    pairs: Pairs,
    log10_p: Reals,
    coordinated: Mask,
    tests: int,
    rule: Rule,
    *,
    seed: int,
) -> Ints:
    """The cluster number of each account, 0 for none: communities of coordinated pairs and of seeds.

    Args:
        log10_p, coordinated: of each pair.
        tests: number of pairs that were tested, from which it follows how many candidates chance gives.
    """

    def tested(members: Ints) -> GroupTests:
        groups = Groups(members.ravel(), members.shape[1] * np.arange(len(members) + 1))
        return outsiders(actions, groups, np.zeros(actions.accounts, bool), rule)

    chosen = affordable(actions, pairs, candidates(log10_p, coordinated, tests))
    candidate = np.stack([pairs.first[chosen], pairs.second[chosen]], axis=1)
    order = by_habit(actions.account, actions.object, actions.accounts)
    edges = seeds(candidate, tests * 10.0 ** log10_p[chosen], tested, order, rule.fdr)
    edges = np.concatenate([edges, np.stack([pairs.first[coordinated], pairs.second[coordinated]])], axis=1)
    first, second = np.unique(np.sort(edges, axis=0), axis=1)
    return tight_communities(actions.accounts, first, second, np.ones(len(first)), seed=seed)


def by_habit(account: Ints | Longs, object: Ints | Longs, accounts: int) -> Longs:
    """For each account its place in an order that follows from how much it did, and how much others did there.

    So that of accounts that are equally near no name decides; those that are alike in this are in the order of their
    codes.

    Args:
        account, object: codes of each act.

    >>> by_habit(np.array([0, 1, 1, 2, 2]), np.array([0, 0, 1, 0, 2]), 3).tolist()
    [0, 1, 2]
    """
    popular = np.bincount(object)[object]
    acts = np.bincount(account, minlength=accounts)
    company = np.bincount(account, np.sqrt(popular), minlength=accounts).round(6)
    place = np.empty(accounts, np.int64)
    place[np.lexsort((company, acts))] = np.arange(accounts)
    return place


def seeds(candidate: Ints, by_chance: Reals, tested: Callable[[Ints], GroupTests], order: Longs, fdr: float) -> Ints:
    """Both ends of the edges of each seed: of a candidate's two accounts and those who keep company with them.

    Args:
        candidate: the two accounts of each, one row a candidate.
        by_chance: for each candidate how many pairs chance gives with a p as small as its own.
        tested: tests all accounts outside of groups, which are rows of codes; the answer is in order of groups.
        order: the place of each account; the first is taken of those that are equally near.
        fdr: false discovery rate, of which candidates have a tenth: they are held to the chance that any of them, and
            with it a cluster, is there where nobody agreed.
    """
    fdr *= _PART
    third_tests = tested(candidate)
    third = nearest(third_tests, order)
    three = np.flatnonzero(third.account >= 0)
    members = np.column_stack([candidate, third.account, np.full(len(candidate), -1)]).astype(np.int32)
    of_three = nearest(tested(members[three, :3]), order)
    fourth = np.zeros(len(candidate))
    members[three, 3], fourth[three] = of_three.account, of_three.log10_p
    log10_p, together = evidence(third.log10_p, fourth)
    passed = standing_out(log10_p, by_chance, fdr)
    rate = fdr * np.count_nonzero(passed) / max(len(passed), 1)
    group, account = third_tests.group, third_tests.account
    other = beside(third_tests, passed, rate)
    pairs = candidate[group[other]].T
    return np.concatenate(
        [
            *_sides(members[passed & ~together, :3]),
            *_sides(members[passed & together]),
            *(np.stack([ends, account[other]]) for ends in pairs),
        ],
        axis=1,
    )


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each of some groups the account outside that keeps company with it most.

    Attributes:
        account: its code; -1 where none is near.
        log10_p: of its p times the number of accounts that were tested for the group (Bonferroni), at most 0.
    """

    account: Ints
    log10_p: Reals


def nearest(found: GroupTests, order: Longs) -> Nearest:
    """The account with the smallest p of each group; of equals the first in `order`.

    >>> codes, log10_p = np.array([7, 8, 9], np.int32), np.array([-2.0, -3.0, -1.0])
    >>> best = nearest(GroupTests(np.array([1, 1, 2]), codes, log10_p, np.array([5, 10, 100])), np.arange(10))
    >>> best.account.tolist(), best.log10_p.round(3).tolist()
    ([-1, 8, 9], [0.0, -2.0, 0.0])
    """
    best = Nearest(np.full(len(found.tests), -1, np.int32), np.zeros(len(found.tests)))
    by_p = np.lexsort((order[found.account], found.log10_p, found.group))
    groups, at = np.unique(found.group[by_p], return_index=True)
    first = by_p[at]
    best.account[groups] = found.account[first]
    best.log10_p[groups] = np.minimum(found.log10_p[first] + np.log10(found.tests[groups]), 0.0)
    return best


def evidence(third: Reals, fourth: Reals) -> tuple[Reals, Mask]:
    """log10 of p that nobody keeps company with a candidate, and whether the fourth account counts in it.

    It is twice the smaller of two: the p of the third account, and that of the third and the fourth together. Given the
    pair and the third, who was nearest, the p of the fourth is what chance makes it or larger, so that their product x
    is x or smaller with a chance of at most x (1 - ln x) (Fisher 1932).

    Args:
        third, fourth: log10 of the p of the account nearest to the pair, and of that nearest to these three, each
            corrected for all accounts that were tested.

    >>> log10_p, together = evidence(np.array([-3.0, -3.0]), np.array([-3.0, 0.0]))
    >>> log10_p.round(2).tolist(), together.tolist()
    ([-4.53, -2.7], [True, False])
    """
    product = np.maximum(third + fourth, _NEVER)
    both = product + np.log10(1 - product * math.log(10))
    return np.minimum(np.minimum(third, both) + math.log10(2), 0.0), both < third


def standing_out(log10_p: Reals, by_chance: Reals, fdr: float) -> Mask:
    """Which candidates somebody keeps company with, at that false discovery rate over all of them.

    By the procedure of Benjamini and Hochberg with weights of mean 1 (Genovese, Roeder and Wasserman 2006). They go by
    the p of the pair, which says nothing of a third: one that chance gives seldom counts more than one of a thousand.

    >>> standing_out(np.array([-1.8, -1.8]), np.array([0.0, 1000.0]), 0.05).tolist()
    [True, False]
    """
    weight = 1 / (_FIRST + by_chance)
    weighted = np.minimum(log10_p - np.log10(weight / weight.mean()), 0.0) if len(weight) else log10_p
    passed: Mask = benjamini_hochberg(weighted, len(weighted)) <= math.log10(fdr)
    return passed


def beside(found: GroupTests, passed: Mask, rate: float) -> Mask:
    """Which tests pass within their candidate, where it passed, at that false discovery rate.

    With the rate times the share of candidates that passed, that of all who are chosen so is held on average over these
    (Benjamini and Bogomolov 2014).

    >>> of = np.array([0, 0, 1], np.int32)
    >>> found = GroupTests(of, of, np.array([-3.0, -1.0, -9.0]), np.array([10, 10]))
    >>> beside(found, np.array([True, False]), 0.05).tolist()
    [True, False, False]
    """
    chosen = np.zeros(len(found.group), bool)
    start = np.searchsorted(found.group, np.arange(len(found.tests) + 1))
    for g in np.flatnonzero(passed).tolist():
        own = slice(start[g], start[g + 1])
        chosen[own] = benjamini_hochberg(found.log10_p[own], int(found.tests[g])) <= math.log10(rate)
    return chosen


def _sides(members: Ints) -> list[Ints]:
    """All pairs of the accounts in each row."""
    return [members[:, list(two)].T for two in combinations(range(members.shape[1]), 2)]

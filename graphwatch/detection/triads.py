"""Triads: groups whose pairs are each too weak to stand out.

Five accounts that act together on six posts meet, two by two, on three or four of them, which among hundreds of
thousands of pairs is nothing; that a third account is there too when two meet is far less likely. So the pairs at the
edge of significance are candidates, and a triad is a candidate and an account that the group test finds with it. What
made the pair a candidate says nothing about the third account, so the test of a triad is as sound as that of a pair.
"""

import math
from typing import Final

import numpy as np

from graphwatch.detection.clusters import Mask, tight_communities
from graphwatch.detection.counting import Actions, Ints, Longs, Pairs, Reals
from graphwatch.detection.fdr import benjamini_hochberg
from graphwatch.detection.group_test import Groups, Rule, outsiders

# As many candidates chance may give; and at most so small a p, where few pairs were tested.
_BY_CHANCE: Final = 20
_LARGEST_P: Final = 0.01
# The work is bounded: large groups whose members are all tied to each other need no triads.
_MOST: Final = 2_000
# All actions of both accounts of a candidate are gone through: one that acts a million times is no weak one.
_MOST_ACTIONS: Final = 10_000_000


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

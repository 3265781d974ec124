"""Expansion: clusters take in whom the group test finds with them as a whole, and let go whom it does not.

A weak member may reach significance with no single partner but with the cluster; and a chance acquaintance of one
member is not near the rest.
"""

from typing import Final

import numpy as np

from graphwatch.detection.clusters import SMALLEST
from graphwatch.detection.counting import Actions, Ints
from graphwatch.detection.fdr import benjamini_hochberg
from graphwatch.detection.group_test import Rule, groups_of, insiders, outsiders

_ROUNDS: Final = 5


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
    """Clusters whose members all pass the group test with the rest; the worst goes first, and its cluster again."""
    groups = groups_of(cluster_of)
    asked = np.maximum(outsiders(actions, groups, cluster_of > 0, rule).tests + groups.sizes, 1)
    kept = cluster_of.copy()
    changed = kept
    while changed.any():
        groups = groups_of(changed)
        limit = np.log10(rule.fdr * np.maximum(groups.sizes, 1) / asked[: len(groups.sizes)])
        of = changed[groups.members] - 1
        excess = insiders(actions, groups, rule) - limit[of]
        # Within each group the worst comes first, of equals the account with the smallest code.
        order = np.lexsort((groups.members, -excess, of))
        worst = order[np.diff(of[order], prepend=-1) > 0]
        few = (groups.sizes < SMALLEST)[of]
        leaving = np.concatenate([groups.members[few], groups.members[worst[excess[worst] > 0]]])
        left = np.isin(kept, kept[leaving])
        kept[leaving] = 0
        changed = np.where(left, kept, 0)
    return kept

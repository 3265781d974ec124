"""The group test against its definition, written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting import Actions, arrange
from graphwatch.detection.group_test import Rule, groups_of, insiders, outsiders
from graphwatch.detection.null_model import Timing, coarse_window

ACCOUNTS, WINDOW = 8, 3
COARSE = coarse_window(WINDOW)
rows = st.lists(st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(0, 3), st.integers(0, 130)), max_size=60)
clusters = st.lists(st.integers(0, 2), min_size=ACCOUNTS, max_size=ACCOUNTS)
Row = tuple[int, int, int]


def rule_of(actions: Actions, threads: int | None = None) -> Rule:
    """Rates that differ with the post."""
    rate = np.array([0.05, 0.1, 0.2, 0.6])
    timing = Timing(WINDOW, COARSE, rate, np.zeros((4, 4)), actions.object.astype(np.int32))
    return Rule(timing, min_objects=2, fdr=0.05, threads=threads)


def bursts(data: list[Row], group: set[int]) -> list[tuple[int, int, int]]:
    """Post, first and last time of each burst."""
    found: list[tuple[int, int, int]] = []
    for post in range(4):
        run: list[tuple[int, int]] = []
        for t, a in [*sorted((t, a) for a, o, t in data if o == post and a in group), (10**6, -1)]:
            if run and t - run[-1][0] > WINDOW:
                if len({b for _, b in run}) > 1:
                    found.append((post, run[0][0], run[-1][0]))
                run = []
            run.append((t, a))
    return found


def by_hand(data: list[Row], group: set[int], account: int, rule: Rule) -> tuple[bool, float]:
    """Whether the account is tested against the group, and p; every outcome is enumerated."""
    met, near, chances, hits = set(), set(), [], 0
    for post, t0, t1 in bursts(data, group):
        times = [t for a, o, t in data if a == account and o == post]
        if any(t0 - COARSE <= t <= t1 + COARSE for t in times):
            met.add(post)
            chances.append(min(1.0, rule.timing.rate[post] * (t1 - t0 + 2 * WINDOW) / (2 * WINDOW)))
            if any(t0 - WINDOW <= t <= t1 + WINDOW for t in times):
                near.add(post)
                hits += 1
    if len(met) < 2:
        return False, 1.0
    distribution = np.ones(1)
    for q in chances:
        distribution = np.convolve(distribution, [1 - q, q])
    return True, float(distribution[hits:].sum()) if len(near) >= 2 else 1.0


def arranged(data: list[Row]) -> Actions:
    account, object, at_ms = (list(c) for c in zip(*data, strict=True)) if data else ([], [], [])
    return arrange(account, object, at_ms, accounts=ACCOUNTS)


@given(rows, clusters, st.sets(st.integers(0, ACCOUNTS - 1), max_size=3))
def test_outsiders_are_tested_as_defined(data: list[Row], cluster: list[int], taken: set[int]) -> None:
    actions, cluster_of = arranged(data), np.array(cluster, np.int32)
    rule = rule_of(actions)
    barred = np.isin(np.arange(ACCOUNTS), sorted(taken))
    found = outsiders(actions, groups_of(cluster_of), barred, rule)
    p = dict(zip(zip(found.group.tolist(), found.account.tolist(), strict=True), 10.0**found.log10_p, strict=True))
    for g in range(max(cluster)):
        group = set(np.flatnonzero(cluster_of == g + 1).tolist())
        asked = {a: by_hand(data, group, a, rule) for a in set(range(ACCOUNTS)) - group - taken}
        assert found.tests[g] == sum(tested for tested, _ in asked.values())
        assert {a for (of, a) in p if of == g} <= set(asked)
        for a, (_, expected) in asked.items():
            assert p.get((g, a), 1.0) == pytest.approx(expected)


@given(rows, clusters)
def test_insiders_are_tested_against_the_rest_of_their_group(data: list[Row], cluster: list[int]) -> None:
    actions, cluster_of = arranged(data), np.array(cluster, np.int32)
    rule = rule_of(actions)
    groups = groups_of(cluster_of)
    for member, log10_p in zip(groups.members.tolist(), insiders(actions, groups, rule).tolist(), strict=True):
        rest = set(np.flatnonzero(cluster_of == cluster_of[member]).tolist()) - {member}
        assert 10**log10_p == pytest.approx(by_hand(data, rest, member, rule)[1])


def test_any_number_of_threads_gives_the_same() -> None:
    random = np.random.default_rng(3)
    data = [tuple(r) for r in random.integers([0, 0, 0], [ACCOUNTS, 4, 60], (200, 3)).tolist()]
    actions = arranged(data)
    groups = groups_of(np.arange(ACCOUNTS, dtype=np.int32) // 2 + 1)
    one, four = (outsiders(actions, groups, np.zeros(ACCOUNTS, bool), rule_of(actions, t)) for t in (1, 4))
    assert len(one.account)
    for name in ("group", "account", "log10_p", "tests"):
        assert getattr(one, name).tolist() == getattr(four, name).tolist()

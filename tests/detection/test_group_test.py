"""The group test against its definition, written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from occasions_by_hand import occasions_by_hand, tail_by_hand

from benchmarks.rules import FDR, MIN_OBJECTS
from benchmarks.scenarios import KINDS, Variant, campaign, columns
from graphwatch.detection.chance.null_model import Timing, coarse_window, fit_timing
from graphwatch.detection.counting.pairs import Actions, arrange
from graphwatch.detection.groups.group_test import Rule, expand, groups_of, insiders, outsiders
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Found, detect
from graphwatch.model.scope import Scope

ACCOUNTS, WINDOW = 8, 60_000
COARSE = coarse_window(WINDOW)
Row = tuple[int, int, int]


def placed(data: list[Row]) -> list[Row]:
    """Two posts each in the same three quarters of an hour, two a day later; so that there are several occasions."""
    return [(a, o, WINDOW // 3 * t + o // 2 * 86_400_000) for a, o, t in data]


rows = st.lists(st.tuples(st.integers(0, ACCOUNTS - 1), st.integers(0, 3), st.integers(0, 130)), max_size=60).map(
    placed
)
clusters = st.lists(st.integers(0, 2), min_size=ACCOUNTS, max_size=ACCOUNTS)
MINUTE = 60_000
EXPANSION_WINDOW = 10_000


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
        for t, a in [*sorted((t, a) for a, o, t in data if o == post and a in group), (10**9, -1)]:
            if run and t - run[-1][0] > WINDOW:
                if len({b for _, b in run}) > 1:
                    found.append((post, run[0][0], run[-1][0]))
                run = []
            run.append((t, a))
    return found


def by_hand(data: list[Row], group: set[int], account: int, rule: Rule) -> tuple[bool, float]:
    """Whether the account is tested against the group, and p; every outcome is enumerated."""
    met, near, entries = set(), set(), []
    for post, t0, t1 in bursts(data, group):
        times = [t for a, o, t in data if a == account and o == post]
        around = [t for t in times if t0 - COARSE <= t <= t1 + COARSE]
        hit = any(t0 - WINDOW <= t <= t1 + WINDOW for t in times)
        if around:
            met.add(post)
            chance = min(1.0, rule.timing.rate[post] * (t1 - t0 + 2 * WINDOW) / (2 * WINDOW))
            entries.append((t0, (1 - chance) ** len(around), hit))
        if hit:
            near.add(post)
    chances, successes = occasions_by_hand(entries)
    enough = len(near) >= rule.min_objects and successes >= rule.min_objects
    return len(met) >= rule.min_objects, tail_by_hand(chances, successes) if enough else 1.0


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
    actions = arranged(placed(data))
    groups = groups_of(np.arange(ACCOUNTS, dtype=np.int32) // 2 + 1)
    one, four = (outsiders(actions, groups, np.zeros(ACCOUNTS, bool), rule_of(actions, t)) for t in (1, 4))
    assert len(one.account)
    for name in ("group", "account", "log10_p", "tests"):
        assert getattr(one, name).tolist() == getattr(four, name).tolist()


def found_in(seed: int, variant: Variant, threads: int | None = None) -> tuple[Found, set[int]]:
    scenario = campaign(seed, variant)
    asked = Parameters(MINUTE, MIN_OBJECTS, Scope(KINDS), fdr=FDR)
    found = detect(columns(scenario), asked, run="R-test", data="", version="", threads=threads)
    return found, set(np.concatenate(scenario.truth).tolist())


def test_groups_are_found_whose_pairs_hardly_stand_out() -> None:
    """Six accounts on ten posts, in four audiences: of their sixty pairs hardly any is beyond chance by itself."""
    beyond, members, right = 0, 0, 0
    for seed in range(4):
        found, planted = found_in(seed, Variant(groups=1, sizes=(6, 6), posts=(10, 10)))
        assert found.null_test is not None
        beyond += int(found.null_test.coordinated.sum())
        members += len(found.clusters.member)
        right += len(planted.intersection(found.clusters.member.tolist()))
        assert (found.clusters.pairs >= 1).all()
        assert (found.clusters.first_ms <= found.clusters.last_ms).all()
    assert beyond < 10
    assert right >= 0.9 * 24
    assert right == members


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_gives_the_same_clusters(threads: int) -> None:
    variant = Variant(spread=60.0, groups=3)
    one, _ = found_in(1, variant)
    other, _ = found_in(1, variant, threads)
    assert one.clusters.member.tolist() == other.clusters.member.tolist() != []
    assert one.clusters.of.tolist() == other.clusters.of.tolist()
    assert one.pairs.n.tolist() == other.pairs.n.tolist()
    assert one.null_test is not None
    assert other.null_test is not None
    assert one.null_test.log10_p.tolist() == other.null_test.log10_p.tolist()
    assert one.null_test.tests == other.null_test.tests


def scene(loyal: int) -> Actions:
    """Accounts 0–2 together on twelve old posts, account 3 with them on `loyal` of these, 300 others at random."""
    random = np.random.default_rng(0)
    when = [10**8 + o * 10**7 for o in range(12)]
    rows = [(a, o, t + 1_000 * a) for o, t in enumerate(when) for a in range(3)]
    rows += [(3, o, when[o] + (5_000 if o < loyal else 200_000)) for o in range(12)]
    rows += [(4 + i % 300, i % 12, int(when[i % 12] + random.uniform(-280_000, 280_000))) for i in range(900)]
    return arrange(*(list(c) for c in zip(*rows, strict=True)))


def grown(loyal: int, core: list[int]) -> list[int]:
    actions = scene(loyal)
    rule = Rule(fit_timing(actions, EXPANSION_WINDOW, np.zeros(12, np.int64)), min_objects=3, fdr=0.05)
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[core] = 1
    return np.flatnonzero(expand(actions, cluster_of, rule)).tolist()


def test_an_account_that_the_group_test_finds_with_the_cluster_joins_it() -> None:
    assert grown(8, [0, 1, 2]) == [0, 1, 2, 3]


def test_passers_by_do_not_join() -> None:
    assert grown(0, [0, 1, 2]) == [0, 1, 2]


def test_whom_the_group_test_does_not_find_leaves() -> None:
    assert grown(0, [0, 1, 2, 3, 17]) == [0, 1, 2]
    assert grown(8, [0, 1, 2, 3, 17]) == [0, 1, 2, 3]


def test_a_cluster_of_strangers_falls_apart() -> None:
    assert grown(0, [3, 17, 30, 41]) == []


def test_fewer_than_three_are_no_cluster() -> None:
    assert grown(0, [0, 17, 30]) == []


def test_without_clusters_nothing_grows() -> None:
    assert grown(8, []) == []

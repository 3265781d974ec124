"""Seeds of clusters: which pairs are candidates, and whether what is found with them is what chance does not give."""

import numpy as np
import pytest

from benchmarks.scenarios import INNOCENT
from benchmarks.scenarios.data import columns
from graphwatch.detection.counting.pairs import arrange, count_pairs
from graphwatch.detection.groups.group_test import GroupTests
from graphwatch.detection.groups.seeds import affordable, beside, by_habit, candidates, evidence, seeds, standing_out
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.search import search

MINUTE = 60_000


def test_candidates_are_those_of_which_chance_gives_few() -> None:
    log10_p = np.array([-9.0, -4.1, -3.9, -1.9, 0.0])
    beyond = np.array([True, False, False, False, False])
    assert candidates(log10_p, beyond, 20_000_000).tolist() == [0, 1]
    assert candidates(log10_p, beyond, 2_000).tolist() == [0, 1, 2]
    assert candidates(np.empty(0), np.empty(0, bool), 0).tolist() == []


def test_of_too_many_candidates_the_weak_ones_stay() -> None:
    log10_p = np.full(6_000, -9.0)
    beyond = np.ones(6_000, bool)
    beyond[[7, 5_999]] = False
    chosen = candidates(log10_p, beyond, 100)
    assert len(chosen) == 4_000
    assert {7, 5_999} <= set(chosen.tolist())


def test_accounts_that_act_without_end_are_no_candidates() -> None:
    """Three accounts on four posts, one of them a thousand times on each."""
    account = np.concatenate([np.tile([0, 1, 2], 4), np.full(4_000, 2)])
    object = np.concatenate([np.repeat(np.arange(4), 3), np.arange(4_000) % 4])
    actions = arrange(account, object, np.zeros(len(account), int))
    pairs = count_pairs(actions, MINUTE, 3)
    every = np.arange(3)
    assert affordable(actions, pairs, every, 20_000).tolist() == [0, 1, 2]
    assert affordable(actions, pairs, every, 5_000).tolist() == [0, 1]
    assert affordable(actions, pairs, every, 100).tolist() == [0]


def test_evidence_is_no_smaller_than_chance_makes_it() -> None:
    """Where both p are uniform, p of the two together is at most a with a chance of at most a; and where one is 1."""
    random = np.random.default_rng(1)
    third, fourth = np.log10(random.random((2, 400_000)))
    for drawn in (third, np.zeros(len(third))):
        p = 10.0 ** evidence(drawn, fourth)[0]
        for level in (0.05, 0.01, 0.001):
            assert (p <= level).mean() <= 1.1 * level
    assert (10.0 ** evidence(third, fourth)[0] <= 0.01).mean() > 0.005


def test_evidence_of_two_counts_only_where_it_says_more() -> None:
    log10_p, together = evidence(np.array([-6.0, -2.0, 0.0]), np.array([-0.1, -2.0, 0.0]))
    assert together.tolist() == [False, True, False]
    assert log10_p[0] == pytest.approx(-6 + np.log10(2))
    assert 10 ** log10_p[1] == pytest.approx(2 * 1e-4 * (1 + 4 * np.log(10)))
    assert log10_p[2] == 0


def test_evidence_of_what_chance_never_gives() -> None:
    log10_p, together = evidence(np.array([-np.inf, -2.0]), np.array([-np.inf, -np.inf]))
    assert (log10_p < -1e8).all()
    assert together.tolist() == [False, True]
    assert standing_out(log10_p, np.zeros(2), 0.05).all()


def test_candidates_that_chance_gives_seldom_weigh_more_and_all_together_as_much() -> None:
    """Without a difference it is the procedure of Benjamini and Hochberg; nothing passes among uniform p."""
    log10_p = np.log10([0.01, 0.015, 0.5, 0.9])
    assert standing_out(log10_p, np.full(4, 7.0), 0.05).tolist() == [True, True, False, False]
    assert standing_out(log10_p, np.array([1_000.0, 0, 0, 0]), 0.05).tolist() == [False, True, False, False]
    assert standing_out(np.empty(0), np.empty(0), 0.05).tolist() == []
    random = np.random.default_rng(2)
    passing = [standing_out(np.log10(random.random(50)), random.exponential(300, 50), 0.05).any() for _ in range(2_000)]
    assert np.mean(passing) < 0.065


def found_with(log10_p: dict[tuple[int, ...], dict[int, float]], tests: int = 10) -> GroupTests:
    """What a test finds with each group, in order."""
    rows = [(g, a, p) for g, group in enumerate(log10_p.values()) for a, p in group.items()]
    group, account, p = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.empty(0, int),) * 3
    return GroupTests(group.astype(np.int32), account.astype(np.int32), p.astype(float), np.full(len(log10_p), tests))


def seeded(near: dict[tuple[int, ...], dict[int, float]], pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The edges of seeds, where `near` says who is how near to which group."""

    def tested(members: np.ndarray) -> GroupTests:
        return found_with({group: near.get(group, {}) for group in map(tuple, members.tolist())})

    rows = np.array(pairs, np.int32).reshape(-1, 2)
    edges = seeds(rows, np.zeros(len(pairs)), tested, np.arange(20), 0.05)
    return {(min(ends), max(ends)) for ends in edges.T.tolist()}


def test_a_pair_with_whom_nobody_is_gives_no_seed() -> None:
    assert seeded({}, [(0, 1)]) == set()
    assert seeded({(0, 1): {2: -2.0}}, [(0, 1)]) == set()
    assert seeded({}, []) == set()


def test_a_third_account_alone_gives_three_edges() -> None:
    assert seeded({(0, 1): {2: -4.0}}, [(0, 1)]) == {(0, 1), (0, 2), (1, 2)}


def test_a_third_and_a_fourth_that_are_weak_alone_give_six() -> None:
    four = {(a, b) for b in range(4) for a in range(b)}
    assert seeded({(0, 1): {2: -2.0}, (0, 1, 2): {3: -4.0}}, [(0, 1)]) == four
    # At the whole rate these would be one, too.
    assert seeded({(0, 1): {2: -2.0}, (0, 1, 2): {3: -3.0}}, [(0, 1)]) == set()


@pytest.mark.parametrize("seed", [9, 38, 47, 55])
def test_people_whom_the_whole_rate_would_accuse_are_in_no_cluster(seed: int) -> None:
    made = columns(INNOCENT["one post, one account"](seed))
    assert not len(search(made, Parameters(60_000, 3, fdr=0.05)).clusters)


def test_further_accounts_beside_a_pair_come_in() -> None:
    assert (0, 5) in seeded({(0, 1): {2: -4.0, 5: -3.9, 6: -1.0}}, [(0, 1)])
    assert (0, 6) not in seeded({(0, 1): {2: -4.0, 5: -3.9, 6: -1.0}}, [(0, 1)])


def test_nobody_comes_in_beside_a_pair_that_does_not_pass() -> None:
    found = found_with({(0, 1): {2: -9.0}, (3, 4): {5: -9.0}})
    assert beside(found, np.array([False, True]), 0.05).tolist() == [False, True]


def test_who_is_taken_of_equals_does_not_hang_on_names() -> None:
    random = np.random.default_rng(4)
    account, object = random.integers(0, 30, 200), random.integers(0, 12, 200)
    name, called = random.permutation(30), random.permutation(12)
    before, after = by_habit(account, object, 30), by_habit(name[account], called[object], 30)
    acts = np.bincount(account, minlength=30)
    assert sorted(before.tolist()) == list(range(30))
    assert (acts[np.argsort(before)] == np.sort(acts)).all()
    alone = np.flatnonzero(np.bincount(acts)[acts] == 1)
    assert len(alone)
    assert before[alone].tolist() == after[name[alone]].tolist()

"""Windows of minutes: the crowd-conditional draw against the formula by hand, and what it finds and does not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from occasions_by_hand import tail_by_hand

from benchmarks.scenarios import Scenario, Variant, campaign, columns, quiet
from graphwatch.common.clock import hours_of_day
from graphwatch.detection.chance.null_model import Timing, chance_of, fit_timing, without_companions
from graphwatch.detection.counting.pairs import Actions, arrange, count_pairs
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.search import search

WINDOW = 900_000
HOUR = 3_600_000
acts = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 400)), min_size=2, max_size=40)


def made(data: list[tuple[int, int, int]]) -> Actions:
    """Acts on objects that lie days apart, so that each is an occasion."""
    account, object, at = (np.array(c) for c in zip(*data, strict=True))
    return arrange(account, object, object * 240 * HOUR + at * 240_000, accounts=6)


def drawn(actions: Actions, timing: Timing, one: int, other: int, object: int, apart: set[int]) -> float:
    """The chance that any act of `one` on an object, drawn from the crowd's, is within the window of one of `other`."""
    block = hours_of_day(actions.at_ms) * 8 // 24
    on = np.flatnonzero(actions.object == object)
    theirs = [r for r in on if actions.account[r] == other]
    own = np.flatnonzero((actions.account == one) & (actions.object != object))
    weight = np.ones(len(actions.at_ms))
    for of in (block, timing.bin):
        for value in np.unique(of):
            share = np.mean(of == value)
            habit = (np.count_nonzero(of[own] == value) + 8 * share) / (len(own) + 8)
            weight[of == value] *= habit / share
    crowd = [r for r in on if actions.account[r] not in apart | {one, other}]
    near = [r for r in crowd if min(abs(actions.at_ms[r] - actions.at_ms[t]) for t in theirs) <= WINDOW]
    never, begin = 1.0, 0
    for k in range(len(theirs)):
        if k + 1 == len(theirs) or actions.at_ms[theirs[k + 1]] - actions.at_ms[theirs[k]] > 2 * WINDOW:
            span = actions.at_ms[theirs[k]] - actions.at_ms[theirs[begin]]
            never *= 1 - min(1, timing.rate[timing.bin[theirs[begin]]] * (span + 2 * WINDOW) / (2 * WINDOW))
            begin = k + 1
    chance = (sum(weight[near]) + 3 * (1 - never)) / (sum(weight[crowd]) + 3)
    return float(1 - (1 - min(chance, 1)) ** np.count_nonzero(actions.account[on] == one))


@settings(max_examples=30, deadline=None)
@given(acts, st.booleans())
def test_the_draw_is_the_formula(data: list[tuple[int, int, int]], accompanied: bool) -> None:
    actions = made(data)
    pairs, timing = count_pairs(actions, WINDOW, 1), fit_timing(actions, WINDOW)
    tested = chance_of(actions, pairs, timing)
    companions: dict[int, set[int]] = {a: set() for a in range(6)}
    if accompanied and len(pairs):
        chosen = np.arange(len(pairs)) == 0
        timing, tested = without_companions(actions, pairs, timing, tested, chosen, min_objects=1)
        a, b = int(pairs.first[0]), int(pairs.second[0])
        companions[a], companions[b] = {b}, {a}
    for p, (a, b) in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
        objects = [set(actions.object[actions.account == account].tolist()) for account in (a, b)]
        chances, met = [], 0
        for o in sorted(objects[0] & objects[1]):
            sides = [np.flatnonzero((actions.account == account) & (actions.object == o)) for account in (a, b)]
            gap = np.abs(actions.at_ms[sides[0]][:, None] - actions.at_ms[sides[1]][None, :])
            apart = companions[a] | companions[b]
            chance = max(drawn(actions, timing, a, b, o, apart), drawn(actions, timing, b, a, o, apart))
            x, y = min(
                ((x, y) for x in range(len(gap)) for y in range(len(gap[0])) if gap[x, y] == gap.min()),
                key=lambda place: max(actions.at_ms[sides[0]][place[0]], actions.at_ms[sides[1]][place[1]]),
            )
            young = timing.crowd.young[sides[0][x]] and timing.crowd.young[sides[1][y]]
            chances.append(1.0 if young else chance)
            met += int(gap.min() <= WINDOW)
        assert tested.opportunities[p] == len(chances)
        assert tested.expected[p] == pytest.approx(sum(chances))
        expected = tail_by_hand(chances, met) if met > sum(chances) else 1.0
        assert 10.0 ** tested.log10_p[p] == pytest.approx(expected, rel=1e-6)


def test_a_group_that_acts_within_minutes_is_found_and_nobody_else() -> None:
    asked = Parameters(WINDOW, 3, fdr=0.05)
    scenario = campaign(3, Variant(spread=300, groups=3, posts=(15, 15)), accounts=1_500, posts=300)
    planted = np.concatenate(scenario.truth)
    members = search(columns(scenario), asked).clusters.member
    assert np.isin(members, planted).all()
    assert np.isin(planted, members).mean() > 0.6
    assert not len(search(columns(quiet(3, accounts=1_500, posts=300)), asked).clusters)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return campaign(5, Variant(spread=60, groups=3, posts=(15, 15)), accounts=500, posts=120)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**31), window=st.sampled_from([60_000, WINDOW]))
def test_neither_names_nor_the_order_of_rows_nor_the_seed_change_a_finding(
    small: Scenario, seed: int, window: int
) -> None:
    rng = np.random.default_rng(seed)
    name, row = rng.permutation(small.accounts).astype(np.int32), rng.permutation(len(small.acts))
    acts = small.acts.where(row)
    renamed = replace(small, acts=replace(acts, account=name[acts.account]))
    asked = Parameters(window, 3, fdr=0.05)
    usual, other = (
        found_of(made, replace(asked, seed=s), called)
        for made, s, called in ((small, 1, np.arange(small.accounts)), (renamed, seed, np.argsort(name)))
    )
    assert usual == other
    assert usual[1]


def found_of(made: Scenario, asked: Parameters, called: np.ndarray) -> tuple[set[frozenset[int]], set[frozenset[int]]]:
    """The pairs beyond chance and the clusters, of accounts as they are called."""
    found = search(columns(made), asked)
    assert found.null_test is not None
    beyond = found.null_test.coordinated
    ends = np.stack([called[found.pairs.first[beyond]], called[found.pairs.second[beyond]]], axis=1)
    of = found.clusters.of
    return {frozenset(pair) for pair in ends.tolist()}, {
        frozenset(called[found.clusters.member[of == number]].tolist()) for number in np.unique(of)
    }

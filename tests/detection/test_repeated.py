"""Where accounts act on one object many times, every meeting is a chance to co-interact."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting import arrange, count_pairs
from graphwatch.detection.hypothesis_tests import count_tests
from graphwatch.detection.null_model import chance_of, fit_timing

WINDOW = 60_000
acts = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 5_000_000)), min_size=2, max_size=40)


@given(acts)
def test_the_chance_of_an_object_is_that_of_at_least_one_meeting(data: list[tuple[int, int, int]]) -> None:
    account, object, at_ms = (np.array(c) for c in zip(*data, strict=True))
    actions = arrange(account, object, at_ms, accounts=4)
    pairs, timing = count_pairs(actions, WINDOW, 1), fit_timing(actions, WINDOW)
    tested = chance_of(actions, pairs, timing, repeated=True)
    for p, (first, second) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        chances = []
        for o in range(4):
            of = [np.flatnonzero((actions.account == a) & (actions.object == o)) for a in (first, second)]
            near = [
                timing.joint[timing.bin[x], timing.bin[y]]
                for x, y in product(*of)
                if abs(actions.at_ms[x] - actions.at_ms[y]) <= timing.coarse_ms
            ]
            if near:
                chances.append(1 - np.prod([1 - q for q in near]))
        distribution = np.ones(1)
        for q in chances:
            distribution = np.convolve(distribution, [1 - q, q])
        assert tested.opportunities[p] == len(chances)
        assert tested.expected[p] == pytest.approx(sum(chances))
        assert 10.0 ** tested.log10_p[p] == pytest.approx(distribution[pairs.n[p] :].sum(), rel=1e-9)


def test_where_each_acts_once_on_an_object_both_ways_to_test_agree() -> None:
    rng = np.random.default_rng(3)
    account, object = (a.ravel() for a in np.meshgrid(np.arange(30), np.arange(20)))
    actions = arrange(account, object, rng.integers(0, 3_000_000, len(account)))
    pairs, timing = count_pairs(actions, WINDOW, 1), fit_timing(actions, WINDOW)
    once, often = (chance_of(actions, pairs, timing, repeated=r) for r in (False, True))
    assert np.allclose(once.log10_p, often.log10_p, rtol=1e-9, atol=0)


def test_p_is_no_smaller_than_it_says_where_nothing_ties_accounts() -> None:
    """200 accounts that act 30 times each on six objects, at any time: of all pairs that could, few fall below."""
    small, tests = np.zeros(3), 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        account, object, at_ms = (rng.integers(0, most, 6_000) for most in (200, 6, 2 * 86_400_000))
        actions = arrange(account, object, at_ms)
        pairs = count_pairs(actions, WINDOW, 1)
        timing = fit_timing(actions, WINDOW, since_ms=np.full(6_000, -86_400_000))
        tested = chance_of(actions, pairs, timing, repeated=True)
        small += [(tested.log10_p <= np.log10(alpha)).sum() for alpha in (0.05, 0.01, 0.001)]
        tests += count_tests(actions, timing.coarse_ms, 1).number
    assert (small / tests <= [0.05, 0.01, 0.001]).all()

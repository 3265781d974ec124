"""What hangs together is one occasion: posts of one evening, and every meeting on an object that is acted on often."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from occasions_by_hand import occasions_by_hand, tail_by_hand

from graphwatch.detection.chance.hypothesis_tests import count_tests
from graphwatch.detection.chance.null_model import chance_of, fit_timing
from graphwatch.detection.counting.pairs import arrange, count_pairs

WINDOW = 60_000
acts = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 5_000_000)), min_size=2, max_size=40)


@given(acts, st.integers(1, 3))
def test_opportunities_that_hang_together_are_one_occasion(data: list[tuple[int, int, int]], least: int) -> None:
    account, object, at_ms = (np.array(c) for c in zip(*((a, o, 5 * t) for a, o, t in data), strict=True))
    actions = arrange(account, object, at_ms, accounts=4)
    pairs, timing = count_pairs(actions, WINDOW, 1), fit_timing(actions, WINDOW)
    tested = chance_of(actions, pairs, timing, min_objects=least)
    for p, (first, second) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        sides = [np.flatnonzero(actions.account == a) for a in (first, second)]
        # The side with fewer actions is gone through, of equals the one that comes first in (object, time).
        short, long = sorted(sides, key=lambda side: (len(side), actions.at_ms[side[0]]))
        of_object: dict[int, float] = {}
        entries: list[tuple[int, float, bool]] = []
        for x in short:
            apart = [abs(actions.at_ms[x] - actions.at_ms[y]) for y in long if actions.object[x] == actions.object[y]]
            near = [y for y in long if actions.object[x] == actions.object[y]]
            met = [y for y, ms in zip(near, apart, strict=True) if ms <= timing.coarse_ms]
            if met:
                fails = float(np.prod([1 - timing.joint[timing.bin[x], timing.bin[y]] for y in met]))
                entries.append((int(actions.at_ms[x]), fails, min(apart) <= WINDOW))
                of_object[actions.object[x]] = of_object.get(actions.object[x], 1.0) * fails
        chances, successes = occasions_by_hand(entries)
        assert tested.opportunities[p] == len(of_object)
        assert tested.expected[p] == pytest.approx(sum(1 - fails for fails in of_object.values()))
        expected = tail_by_hand(chances, successes) if successes >= least else 1.0
        assert 10.0 ** tested.log10_p[p] == pytest.approx(expected, rel=1e-9)


def test_where_each_acts_once_and_objects_lie_apart_every_object_is_an_occasion() -> None:
    rng = np.random.default_rng(3)
    account, object = (a.ravel() for a in np.meshgrid(np.arange(30), np.arange(20)))
    at_ms = object * 86_400_000 + rng.integers(0, 1_200_000, len(account))
    actions = arrange(account, object, at_ms)
    pairs, timing = count_pairs(actions, WINDOW, 1), fit_timing(actions, WINDOW)
    tested = chance_of(actions, pairs, timing)
    for p, (first, second) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        x, y = (np.flatnonzero(actions.account == a) for a in (first, second))
        chances = timing.joint[timing.bin[x], timing.bin[y]].tolist()
        assert 10.0 ** tested.log10_p[p] == pytest.approx(tail_by_hand(chances, int(pairs.n[p])), rel=1e-9)


def test_one_evening_is_one_occasion() -> None:
    """Two accounts together on six posts within an hour met once; on one post a day for six days, six times."""
    others = [(2 + n, o, 10**9 + 90_000 * n) for o in range(6) for n in range(20)]
    for apart_ms, least_p in ((600_000, 0.05), (86_400_000, 0.0)):
        both = [(a, o, 10**9 + 500 * a) for o in range(6) for a in (0, 1)]
        rows = [(a, o, t + o * apart_ms) for a, o, t in both + others]
        actions = arrange(*(list(c) for c in zip(*rows, strict=True)))
        pairs = count_pairs(actions, WINDOW, 6)
        tested = chance_of(actions, pairs, fit_timing(actions, WINDOW, np.zeros(6, np.int64)))
        assert (pairs.first[0], pairs.second[0], pairs.n[0]) == (0, 1, 6)
        assert 10.0 ** tested.log10_p[0] >= least_p
        if not least_p:
            assert tested.log10_p[0] < -4


def test_p_is_no_smaller_than_it_says_where_nothing_ties_accounts() -> None:
    """200 accounts that act 30 times each on six objects, at any time: of all pairs that could, few fall below."""
    small, tests = np.zeros(3), 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        account, object, at_ms = (rng.integers(0, most, 6_000) for most in (200, 6, 2 * 86_400_000))
        actions = arrange(account, object, at_ms)
        pairs = count_pairs(actions, WINDOW, 1)
        timing = fit_timing(actions, WINDOW, since_ms=np.full(6_000, -86_400_000))
        tested = chance_of(actions, pairs, timing)
        small += [(tested.log10_p <= np.log10(alpha)).sum() for alpha in (0.05, 0.01, 0.001)]
        tests += count_tests(actions, timing.coarse_ms, 1).number
    assert (small / tests <= [0.05, 0.01, 0.001]).all()

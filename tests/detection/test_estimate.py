"""The estimate against brute force, and against the detection that it foretells."""

import time
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.data import columns
from graphwatch.detection.estimate import estimate_of
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import detect
from graphwatch.model.tables import InteractionColumns

MINUTE, COARSE = 60_000, 1_800_000


@pytest.fixture(scope="module")
def audience() -> InteractionColumns:
    return columns(quiet(5, accounts=900, posts=150))


def asked(data: InteractionColumns, fdr: float | None = 0.05) -> Parameters:
    return Parameters(MINUTE, 3, fdr=fdr)


def within(data: InteractionColumns, window_ms: int) -> int:
    """Pairs of actions of two accounts on one object within the window, one by one."""
    count = 0
    for object in np.unique(data.object):
        rows = np.flatnonzero(data.object == object)
        for r, s in combinations(rows.tolist(), 2):
            near = abs(int(data.at_ms[r]) - int(data.at_ms[s])) <= window_ms
            count += near and data.account[r] != data.account[s]
    return count


def test_what_is_called_exact_is_exact() -> None:
    data = columns(quiet(5, accounts=80, posts=20))
    # Accounts that act twice on one object, within the window too.
    names = ("account", "object", "kind", "at_ms")
    twice: dict[str, Any] = {name: np.concatenate([getattr(data, name), getattr(data, name)[:200]]) for name in names}
    twice["at_ms"][-100:] += 30_000
    data = replace(data, **twice)
    foretold = estimate_of(data, asked(data))
    assert foretold.co_interactions == within(data, MINUTE)
    assert foretold.opportunities == within(data, COARSE)
    assert foretold.interactions == len(data.account)
    assert foretold.accounts == len(set(data.account.tolist()))
    assert foretold.objects == len(set(data.object.tolist()))


def test_it_foretells_the_detection(audience: InteractionColumns) -> None:
    foretold = estimate_of(audience, asked(audience))
    found = detect(audience, asked(audience), run="", data="", version="")
    assert found.null_test is not None
    assert foretold.tests is not None
    assert (foretold.pairs.number, foretold.pairs.relative_error) == (len(found.pairs), 0.0)
    assert (foretold.tests.number, foretold.tests.relative_error) == (found.null_test.tests.number, 0.0)
    assert found.pairs.visited <= foretold.visits <= 2 * found.pairs.visited


def test_a_sample_says_how_wrong_it_may_be(audience: InteractionColumns) -> None:
    truth = estimate_of(audience, asked(audience)).tests
    sampled = [estimate_of(audience, asked(audience), sampled=100_000, seed=seed).tests for seed in range(5)]
    assert truth is not None
    for tests in sampled:
        assert tests is not None
        assert 0 < tests.relative_error < 0.5
        assert abs(tests.number - truth.number) < 4 * tests.relative_error * truth.number


def test_the_busiest_objects_come_first(audience: InteractionColumns) -> None:
    busiest = estimate_of(audience, asked(audience)).busiest
    assert len(busiest) == 10
    shares = [b.share for b in busiest]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1
    code = audience.objects.to_pylist().index(busiest[0].object)
    assert busiest[0].interactions == np.count_nonzero(audience.object == code)


def test_counting_alone_needs_no_coarse_window(audience: InteractionColumns) -> None:
    foretold = estimate_of(audience, asked(audience, None))
    assert (foretold.opportunities, foretold.coarse_visits, foretold.tests) == (None, None, None)
    assert foretold.seconds < estimate_of(audience, asked(audience)).seconds * 3


def test_time_and_memory_are_of_the_right_order(audience: InteractionColumns) -> None:
    detect(audience, asked(audience), run="", data="", version="")
    begun = time.perf_counter()
    detect(audience, asked(audience), run="", data="", version="")
    took = time.perf_counter() - begun
    foretold = estimate_of(audience, asked(audience))
    assert took / 30 < foretold.seconds < took * 30
    assert 0.1e9 < foretold.bytes < 1e9


def test_layers_and_other_windows_take_their_time(audience: InteractionColumns) -> None:
    both = replace(asked(audience), layers=True, sensitivity=True)
    times = [estimate_of(audience, parameters) for parameters in (asked(audience), both)]
    # Each is timed anew, on a machine that may be busy.
    assert times[1].seconds > times[0].seconds / 10
    assert replace(times[0], seconds=0.0) == replace(times[1], seconds=0.0)


def test_nothing_is_foretold_of_nothing(audience: InteractionColumns) -> None:
    nothing = replace(audience, **{n: getattr(audience, n)[:0] for n in ("account", "object", "kind", "at_ms")})
    foretold = estimate_of(nothing, asked(audience))
    assert (foretold.interactions, foretold.co_interactions, foretold.opportunities, foretold.visits) == (0, 0, 0, 0)
    assert (foretold.pairs.number, foretold.busiest) == (0, ())

"""Regular lags: who is one, against brute force; and who seems to be and is not."""

import math
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchmarks.scenarios import Scenario, columns, quiet
from benchmarks.scenarios.regular import Bots, cross_poster, push_soon, regular, steady_fans, whole_minutes
from graphwatch.detection.chance.lags import Lags, regular_lags
from graphwatch.model.tables import InteractionColumns, LeftOut

HOUR = 3_600_000


def seen(account: Any, post: Any, at_ms: Any, published_ms: Any) -> InteractionColumns:
    accounts, posts = int(np.max(account)) + 1, len(published_ms)
    return InteractionColumns(
        account=np.asarray(account, np.int32),
        object=np.asarray(post, np.int32),
        kind=np.zeros(len(account), np.int8),
        at_ms=np.asarray(at_ms, np.int64),
        accounts=pa.array([f"x:{n:04}" for n in range(accounts)]),
        objects=pa.array([f"x:p{n:05}" for n in range(posts)]),
        kinds=("LIKED",),
        published_ms=np.asarray(published_ms, np.int64),
        left_out_of=(LeftOut(),),
    )


def by_hand(of: InteractionColumns) -> dict[str, tuple[int, int, float]]:
    """Of each account tested the lags in its least likely window, those around it, and p; one loop in another."""
    lags: dict[int, list[int]] = {}
    for account in range(len(of.accounts)):
        own = [r for r in range(len(of.account)) if of.account[r] == account and of.published_ms[of.object[r]] >= 0]
        known = sorted(
            (int(of.published_ms[of.object[r]]), int(of.at_ms[r] - of.published_ms[of.object[r]])) for r in own
        )
        last, found = -math.inf, []
        for published, lag in known:
            if 0 <= lag <= HOUR and published - last >= 300_000:
                found.append(lag)
                last = published
        if len(found) >= 8:
            lags[account] = sorted(found)
    told = {}
    for account, own_lags in lags.items():
        best: tuple[float, int, int, int] = (1.0, 0, 0, 0)
        for low in own_lags:
            best = min(best, (*_window(own_lags, low, 0.0), low))
        p, posts, near, low = best
        if p <= 0.05:
            shares = sorted(_share(other, low) for a, other in lags.items() if a != account)
            p, posts, near = _window(own_lags, low, shares[-20] if len(shares) >= 20 else 0.0)
        told[of.accounts[account].as_py()] = posts, near, p
    return told


def _ends(low: int) -> tuple[float, float, float]:
    high = low + min(10_000, 0.3 * low)
    return high, (low + high) / 6, 3 * (low + high) / 2


def _share(lags: list[int], low: int) -> float:
    high, nearest, farthest = _ends(low)
    near = sum(nearest <= lag <= farthest for lag in lags)
    return sum(low <= lag <= high for lag in lags) / near if near >= 8 else 0.0


def _window(lags: list[int], low: int, others: float) -> tuple[float, int, int]:
    high, nearest, farthest = _ends(low)
    posts, near = (sum(a <= lag <= b for lag in lags) for a, b in ((low, high), (nearest, farthest)))
    quick = 2 * stats.norm.cdf(math.log((high + 1_000) / low) / 0.8) - 1 if low else 1.0
    chance = max(quick, 2 * stats.norm.cdf((high - low + 1_000) / 120_000) - 1, others)
    if posts < max(0.5, chance) * near:
        return 1.0, posts, near
    return min(1.0, float(stats.binom.sf(posts - 1, near, chance)) * len(lags)), posts, near


def found_in(of: Lags | None) -> dict[str, int]:
    return {} if of is None else dict(zip(of.account.to_pylist(), of.posts.tolist(), strict=True))


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.sampled_from([200, 3_000, 60_000]))
def test_windows_and_chances_are_those_of_brute_force(seed: int, accounts: int, spread: int) -> None:
    rng = np.random.default_rng(seed)
    posts = 60
    published = np.where(rng.random(posts) < 0.1, -1, rng.integers(0, 200, posts) * 100_000 + 7)
    account, post = np.repeat(np.arange(accounts), 40), rng.integers(0, posts, 40 * accounts)
    typical = rng.choice([0, 4_000, 37_000, 1_200_000, HOUR], accounts)
    lag = typical[account] + rng.integers(-spread, spread, len(account))
    made = seen(account, post, np.maximum(published[post], 0) + lag, published)
    expected = by_hand(made)
    found = regular_lags(made, 1.0)
    assert (0 if found is None else found.tested) == len(expected)
    told = (
        {}
        if found is None
        else {
            id: (posts, near, 10.0**p)
            for id, posts, near, p in zip(
                found.account.to_pylist(),
                found.posts.tolist(),
                found.near.tolist(),
                found.log10_p.tolist(),
                strict=True,
            )
        }
    )
    for id, (posts_, near, p) in expected.items():
        if p < 0.05:
            assert told[id][:2] == (posts_, near)
            assert math.isclose(told[id][2], p, rel_tol=1e-6)


def test_bots_are_found_and_nobody_else() -> None:
    made = regular(3, Bots(own=True))
    found = regular_lags(columns(made), 0.05)
    assert found is not None
    planted = {f"x:akun-{n:07d}" for n in made.truth[0].tolist()}
    assert set(found_in(found)) <= planted
    assert len(found) >= 0.8 * len(planted)
    assert (found.to_ms - found.from_ms <= 10_000).all()
    assert (found.posts >= found.near / 2).all()
    assert (found.expected < found.posts).all()
    assert found.told == {"accounts": found.tested, "regular": len(found), "shared": found.shared}
    pairs = set(zip(found.acts[0].tolist(), found.acts[1].tolist(), strict=True))
    assert len(pairs) == found.posts.sum()
    assert pairs <= set(zip(made.acts.account.tolist(), made.acts.object.tolist(), strict=True))


def test_a_cross_poster_is_a_program_too() -> None:
    assert set(found_in(regular_lags(columns(cross_poster(1)), 0.05))) == {"x:akun-0000007"}


@pytest.mark.parametrize(
    "made",
    [
        partial(push_soon, age=30.0, fewest=2.0, most=20.0),
        partial(push_soon, age=300.0),
        partial(push_soon, age=1_200.0),
        steady_fans,
        whole_minutes,
        partial(whole_minutes, share=0.5),
        partial(quiet, accounts=3_000, posts=600),
    ],
)
def test_who_answers_notifications_is_no_lead(made: Any) -> None:
    found = regular_lags(columns(made(2)), 0.05)
    assert found_in(found) == {}


def test_what_twenty_others_do_is_counted_and_no_lead() -> None:
    """Forty devices at one lag are what a push brings about; nineteen are not."""
    for accounts, leads in ((40, 0), (19, 19)):
        made = regular(1, Bots(accounts=accounts, posts=30, spread=1.0))
        found = regular_lags(
            columns(replace(made, acts=made.acts.where(np.isin(made.acts.account, made.truth[0])))), 0.05
        )
        assert found is not None
        assert (len(found), found.shared) == (leads, accounts - leads)


def test_a_clock_of_minutes_makes_nobody_regular() -> None:
    """Of a clock that shows minutes every lag is a whole minute; others' clocks show more."""
    made = regular(4, Bots())
    bots = np.isin(made.acts.account, made.truth[0])
    rounded = np.where(bots, made.acts.at_ms // 60_000 * 60_000, made.acts.at_ms)
    published = made.published_ms // 60_000 * 60_000
    assert (
        found_in(
            regular_lags(columns(replace(made, acts=replace(made.acts, at_ms=rounded), published_ms=published)), 0.05)
        )
        == {}
    )


def test_posts_published_together_count_once() -> None:
    """Going through three posts of one minute, 8 s each, is one lag and not three."""
    published = np.repeat(np.arange(6) * HOUR, 3) + np.tile([0, 1_000, 2_000], 6) + 123
    post = np.arange(18)
    made = seen(np.zeros(18), post, published + 40_000 + np.tile([0, 100, 200], 6), published)
    assert regular_lags(made, 0.05) is None  # six lags
    apart = np.arange(18) * HOUR + 123
    found = regular_lags(seen(np.zeros(18), post, apart + 40_000 + post, apart), 0.05)
    assert found_in(found) == {"x:0000": 18}


def test_where_publication_is_unknown_there_is_no_lag() -> None:
    published = np.arange(18) * HOUR + 123
    made = seen(np.zeros(18), np.arange(18), published + 40_000, np.full(18, -1))
    assert regular_lags(made, 0.05) is None


def test_neither_order_nor_names_nor_a_shift_in_time_change_who_is_found() -> None:
    made: Scenario = regular(5, Bots(own=True))
    before = columns(made)
    whole = regular_lags(before, 0.05)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(made.acts))
    assert found_in(regular_lags(columns(replace(made, acts=made.acts.where(order))), 0.05)) == found_in(whole)
    twice = np.concatenate([order, order[:1_000]])
    assert found_in(regular_lags(columns(replace(made, acts=made.acts.where(twice))), 0.05)) == found_in(whole)
    renamed = rng.permutation(made.accounts).astype(np.int32)
    other = regular_lags(replace(before, account=renamed[before.account]), 0.05)
    assert sorted(found_in(other).values()) == sorted(found_in(whole).values())
    day = 86_400_000
    shifted = replace(before, at_ms=before.at_ms + day, published_ms=before.published_ms + day)
    assert found_in(regular_lags(shifted, 0.05)) == found_in(whole)

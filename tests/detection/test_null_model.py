from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from graphwatch.detection.chance.hypothesis_tests import count_tests
from graphwatch.detection.chance.null_model import EVER_MS, Timing, chance_of, coarse_window, fit_timing
from graphwatch.detection.chance.null_model_kernels import tail
from graphwatch.detection.chance.opportunity_kernels import blocks_of
from graphwatch.detection.counting.kernels import windows
from graphwatch.detection.counting.pairs import Actions, arrange, count_pairs

rows = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 400_000)), max_size=50)
Row = tuple[int, int, int]
Rows = list[Row]
WINDOW, COARSE = 10_000, 300_000


def arranged(data: Rows) -> Actions:
    account, object, at_ms = (list(c) for c in zip(*data, strict=True)) if data else ([], [], [])
    return arrange(account, object, at_ms, accounts=7)


@given(st.lists(st.floats(0, 1), max_size=8), st.integers(0, 9))
def test_the_tail_is_the_sum_over_all_outcomes(chances: list[float], least: int) -> None:
    expected = sum(
        np.prod([q if hit else 1 - q for q, hit in zip(chances, hits, strict=True)])
        for hits in product((False, True), repeat=len(chances))
        if sum(hits) >= least
    )
    assert 10 ** tail(np.array(chances), len(chances), least) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("size", "least", "q"), [(50, 20, 0.02), (400, 300, 0.01), (3000, 900, 0.05), (10, 10, 1e-60)])
def test_tails_far_out_keep_their_precision(size: int, least: int, q: float) -> None:
    logs = stats.binom.logpmf(np.arange(least, size + 1), size, q)
    expected = (logs.max() + np.log(np.exp(logs - logs.max()).sum())) / np.log(10)
    assert tail(np.full(size, q), size, least) == pytest.approx(expected, rel=1e-9)


def rates_by_hand(data: Rows) -> np.ndarray:
    """As the definition reads: young posts count everybody, older ones those who share fewer than 3 opportunities."""
    young = np.arange(40) < int(np.floor(4 * np.log10(COARSE / 1000)))
    near, far = np.zeros(40), np.zeros(40)
    for a, o, t in data:
        age = max((t - min(u for _, p, u in data if p == o)) / 1000, 1.0)
        bin = int(np.floor(4 * np.log10(age)))
        for b, p, u in data:
            if b == a or p != o or abs(u - t) > COARSE:
                continue
            met = {q for x, q, v in data for y, r, w in data if (x, y) == (a, b) and q == r and abs(v - w) <= COARSE}
            if young[bin] or len(met) < 3:
                far[bin] += 1
                near[bin] += abs(u - t) <= WINDOW
    rate = np.empty(40)
    for side in (young, ~young):
        pooled = near[side].sum() / far[side].sum() if far[side].sum() else WINDOW / COARSE
        rate[side] = (near[side] + 50 * pooled) / (far[side] + 50)
    return rate


@settings(max_examples=50)
@given(rows)
def test_rates_are_those_of_the_definition(data: Rows) -> None:
    timing = fit_timing(arranged(data), WINDOW)
    assert timing.rate == pytest.approx(rates_by_hand(data))
    assert ((timing.rate >= 0) & (timing.rate <= 1)).all()


def test_accounts_that_act_together_are_not_their_own_measure_of_chance() -> None:
    """Five accounts together on twenty old posts, where nobody else passes by but now and then."""
    random = np.random.default_rng(0)
    together = [(a, o, 10**8 + o * 10**7 + a) for o in range(20) for a in range(5)]
    others = [
        (5 + i % 400, i % 20, int(10**8 + (i % 20) * 10**7 + random.uniform(-COARSE, COARSE))) for i in range(400)
    ]
    account, object, at_ms = zip(*together, *others, strict=True)
    actions = arrange(account, object, at_ms)
    timing = fit_timing(actions, WINDOW, np.zeros(20, np.int64))
    assert timing.rate[timing.bin].max() < 0.2
    tested = chance_of(actions, count_pairs(actions, WINDOW, 3), timing)
    assert (tested.log10_p[:10] < -10).all()


def test_a_sample_of_accounts_gives_nearly_the_same_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    size = 60_000
    actions = arrange(random.integers(0, 3_000, size), random.integers(0, 40, size), random.integers(0, 10**7, size))
    whole = fit_timing(actions, WINDOW)
    monkeypatch.setattr("graphwatch.detection.chance.null_model._VISITS", 2_000_000)
    part = fit_timing(actions, WINDOW, seed=1)
    assert np.abs(part.rate - whole.rate).max() < 0.02
    assert (fit_timing(actions, WINDOW, seed=1, threads=3).rate == part.rate).all()


@given(rows, st.integers(1, 3))
def test_opportunities_and_expectation_are_those_of_the_definition(data: Rows, least: int) -> None:
    actions = arranged(data)
    timing = fit_timing(actions, WINDOW)
    pairs = count_pairs(actions, WINDOW, least)
    tested = chance_of(actions, pairs, timing)
    for index, (a, b) in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
        met = {o for x, o, t in data for y, p, u in data if (x, y) == (a, b) and o == p and abs(t - u) <= COARSE}
        assert tested.opportunities[index] == len(met)
        assert pairs.n[index] <= len(met)
        assert 0 <= tested.expected[index] <= len(met) + 1e-9
        assert tested.log10_p[index] <= 0


@given(rows, st.integers(1, 3))
def test_every_pair_with_enough_opportunities_is_counted_as_a_test(data: Rows, least: int) -> None:
    tests = count_tests(arranged(data), COARSE, least)
    assert tests.number == len(count_pairs(arranged(data), COARSE, least))
    assert tests.relative_error == 0


def test_a_large_number_of_tests_is_estimated_within_its_stated_error(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    size, accounts = 60_000, 3_000
    actions = arrange(random.integers(0, accounts, size), random.integers(0, 40, size), random.integers(0, 10**7, size))
    exact = count_tests(actions, COARSE, 2)
    monkeypatch.setattr("graphwatch.detection.chance.hypothesis_tests._VISITS", 0)
    estimated = count_tests(actions, COARSE, 2, seed=1)
    assert 0 < estimated.relative_error <= 0.02
    assert abs(estimated.number / exact.number - 1) < 4 * estimated.relative_error
    assert count_tests(actions, COARSE, 2, seed=1, threads=3) == estimated


def test_quick_fans_give_no_evidence() -> None:
    """Everybody reacts in the first seconds: acting together then is what chance gives."""
    random = np.random.default_rng(0)
    data = [(a, o, int(t)) for o in range(20) for a, t in enumerate(random.uniform(0, 8_000, 7))]
    actions = arranged(data)
    tested = chance_of(actions, count_pairs(actions, WINDOW, 3), fit_timing(actions, WINDOW))
    assert (tested.log10_p > -0.5).all()


def test_a_publication_time_makes_a_post_older() -> None:
    actions = arrange([0, 1], [0, 0], [3_600_000, 3_600_000])
    assert fit_timing(actions, WINDOW).bin.tolist() == [0, 0]
    assert fit_timing(actions, WINDOW, np.array([0])).bin.tolist() == [14, 14]
    assert fit_timing(actions, WINDOW, np.array([-1])).bin.tolist() == [0, 0]


def test_the_coarse_window_is_thirty_windows_and_at_most_half_an_hour_or_any_time() -> None:
    assert [coarse_window(w) for w in (0, 1_000, 60_000, 180_000)] == [0, 30_000, 1_800_000, 1_800_000]
    assert [coarse_window(w) for w in (180_001, 7_200_000)] == [EVER_MS, EVER_MS]


def test_nothing_gives_nothing() -> None:
    actions = arranged([])
    timing = fit_timing(actions, WINDOW)
    assert isinstance(timing, Timing)
    assert len(chance_of(actions, count_pairs(actions, WINDOW, 1), timing).log10_p) == 0


@settings(max_examples=50)
@given(rows)
def test_young_posts_have_a_rate_for_both_ages(data: Rows) -> None:
    timing = fit_timing(arranged(data), WINDOW)
    limit = int(np.floor(4 * np.log10(COARSE / 1000)))
    first = {o: min(t for _, p, t in data if p == o) for _, o, _ in data}
    bins = [int(np.floor(4 * np.log10(max((t - first[o]) / 1000, 1.0)))) for _, o, t in data]
    near, far = np.zeros((40, 40)), np.zeros((40, 40))
    for (a, o, t), x in zip(data, bins, strict=True):
        for (b, p, u), y in zip(data, bins, strict=True):
            if a != b and o == p and abs(t - u) <= COARSE and min(x, y) < limit:
                far[x, y] += 1
                near[x, y] += abs(t - u) <= WINDOW
    base = (timing.rate[:, None] + timing.rate[None, :]) / 2
    assert timing.joint == pytest.approx((near + 20 * base) / (far + 20))
    assert timing.joint == pytest.approx(timing.joint.T)


def test_a_steady_pace_is_no_evidence() -> None:
    """Two fans answer each post within seconds, a hundred others in their own time."""
    random = np.random.default_rng(0)
    rows = [(a, o, int(1000 * random.uniform(40, 50))) for o in range(40) for a in (0, 1)]
    rows += [(2 + a % 100, a % 40, int(1000 * random.uniform(1, 300))) for a in range(4000)]
    actions = arrange(*(list(c) for c in zip(*rows, strict=True)))
    pairs = count_pairs(actions, WINDOW, 3)
    tested = chance_of(actions, pairs, fit_timing(actions, WINDOW, np.zeros(40, np.int64)))
    steady = np.flatnonzero((pairs.first == 0) & (pairs.second == 1))[0]
    assert pairs.n[steady] == 40
    alone = fit_timing(actions, WINDOW, np.zeros(40, np.int64)).rate.max() * 40
    assert tested.expected[steady] > 1.5 * alone


@given(rows, st.lists(st.integers(0, 400_000), min_size=50, max_size=50))
def test_ages_need_not_ascend(data: Rows, since: list[int]) -> None:
    """Where objects are pages, an action is as old as its post, and young and old ones mix."""
    actions = arranged(data)
    since_ms = np.array(since[: len(data)], np.int64)
    timing = fit_timing(actions, WINDOW, since_ms=since_ms)
    ages = np.maximum((actions.at_ms - since_ms) / 1000, 1.0)
    assert timing.bin.tolist() == np.floor(4 * np.log10(ages)).astype(int).tolist()
    near, far = np.zeros((40, 40)), np.zeros((40, 40))
    for i in range(len(data)):
        for j in range(len(data)):
            x, y = timing.bin[i], timing.bin[j]
            apart = abs(actions.at_ms[i] - actions.at_ms[j])
            if (
                actions.account[i] != actions.account[j]
                and actions.object[i] == actions.object[j]
                and min(x, y) < 9
                and apart <= COARSE
            ):
                far[x, y] += 1
                near[x, y] += apart <= WINDOW
    base = (timing.rate[:, None] + timing.rate[None, :]) / 2
    assert timing.joint == pytest.approx((near + 20 * base) / (far + 20))


def test_the_number_of_tests_is_right_where_few_accounts_make_most_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over thirty seeds the estimate is as far off as it says, and on neither side."""
    random = np.random.default_rng(0)
    accounts, size = 4_000, 40_000
    weights = np.arange(1, accounts + 1) ** -0.8
    account = random.choice(accounts, size, p=weights / weights.sum())
    actions = arrange(account, random.integers(0, 60, size), random.integers(0, 10**7, size))
    exact = count_tests(actions, COARSE, 2).number
    monkeypatch.setattr("graphwatch.detection.chance.hypothesis_tests._VISITS", 0)
    monkeypatch.setattr("graphwatch.detection.chance.hypothesis_tests._FIRST_VISITS", 100_000)
    made = [count_tests(actions, COARSE, 2, seed=seed) for seed in range(30)]
    off = np.array([(t.number / exact - 1) / max(t.relative_error, 1e-9) for t in made])
    assert all(0 < t.relative_error <= 0.02 for t in made)
    assert np.sqrt(np.mean(off**2)) < 1.4
    assert abs(off.mean()) < 0.6


def test_an_age_with_few_opportunities_is_not_sampled_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viral post has nearly all opportunities; those of a later age are few, and are all looked at."""
    random = np.random.default_rng(0)
    viral = (random.integers(0, 2_000, 20_000), np.zeros(20_000, int), 4_000_000 + random.integers(0, 10**6, 20_000))
    late = (random.integers(0, 2_000, 400), 1 + random.integers(0, 5, 400), 10**9 + random.integers(0, 10**6, 400))
    actions = arrange(*(np.concatenate(c) for c in zip(viral, late, strict=True)))
    published = np.zeros(6, np.int64)
    whole = fit_timing(actions, WINDOW, published)
    monkeypatch.setattr("graphwatch.detection.chance.null_model._VISITS", 300_000)
    part = fit_timing(actions, WINDOW, published, seed=1)
    bins = sorted(set(whole.bin.tolist()))
    late_bins = [b for b in bins if b > bins[0] + 6]
    assert late_bins
    assert part.rate[late_bins] == pytest.approx(whole.rate[late_bins], rel=0.02)
    assert part.rate == pytest.approx(whole.rate, rel=0.1)
    assert (fit_timing(actions, WINDOW, published, seed=1, threads=3).rate == part.rate).all()


def heavy_tailed(size: int, span_ms: int, *, accounts: int = 30, objects: int = 12) -> Rows:
    """A few accounts and objects have most of the rows."""
    random = np.random.default_rng(5)
    ranks = (1 / np.arange(1, of + 1) ** 1.3 for of in (accounts, objects))
    account, object = (random.choice(len(rank), size, p=rank / rank.sum()) for rank in ranks)
    return list(zip(account.tolist(), object.tolist(), random.integers(0, span_ms, size).tolist(), strict=True))


def chance_by_hand(of_a: Rows, of_b: Rows, timing: Timing, bin: dict[Row, int]) -> tuple[int, float, list[float], int]:
    """Opportunities, what is expected, and the chances of occasions and how many succeed, meeting by meeting."""
    met: dict[int, float] = {}
    times: list[tuple[int, int, float, bool]] = []
    for x in sorted(of_a, key=lambda row: (row[1], row[2])):
        near = [y for y in of_b if y[1] == x[1] and abs(y[2] - x[2]) <= timing.coarse_ms]
        if near:
            never = float(np.prod([1 - timing.joint[bin[x], bin[y]] for y in near]))
            met[x[1]] = met.get(x[1], 1.0) * never
            times.append((x[2], len(times), never, any(abs(y[2] - x[2]) <= timing.window_ms for y in near)))
    chances: list[float] = []
    succeeded: list[bool] = []
    began = last = 0
    for at, _, never, hit in sorted(times):
        if not chances or at - last > timing.gap_ms or at - began > timing.longest_ms:
            chances, succeeded, began = [*chances, 1.0], [*succeeded, False], at
        chances[-1], succeeded[-1], last = chances[-1] * never, succeeded[-1] or hit, at
    return len(met), sum(1 - never for never in met.values()), [1 - never for never in chances], sum(succeeded)


@pytest.mark.parametrize("span_ms", [40_000_000, 100_000_000])
def test_what_is_looked_up_for_busy_accounts_is_what_every_meeting_says(span_ms: int) -> None:
    data = sorted(set(heavy_tailed(5_000, span_ms, objects=40)), key=lambda row: (row[1], row[2], row[0]))
    account, object, at_ms = zip(*data, strict=True)
    actions = arrange(account, object, at_ms)
    timing = fit_timing(actions, WINDOW)
    pairs = count_pairs(actions, WINDOW, 2)
    tested = chance_of(actions, pairs, timing, min_objects=2)
    rows = zip(actions.account.tolist(), actions.object.tolist(), actions.at_ms.tolist(), strict=True)
    bin = dict(zip(rows, timing.bin.tolist(), strict=True))
    of = [[row for row in data if row[0] == a] for a in range(actions.accounts)]
    assert len(pairs) > 20
    below = 0
    for index, ends in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
        few, many = sorted((of[a] for a in ends), key=lambda rows: (len(rows), min((o, t) for _, o, t in rows)[1]))
        met, expected, chances, succeeded = chance_by_hand(few, many, timing, bin)
        assert tested.opportunities[index] == met
        assert tested.expected[index] == pytest.approx(expected, rel=1e-12)
        speaks = succeeded >= 2 and succeeded > sum(chances)
        log10_p = tail(np.array(chances), len(chances), succeeded) if speaks else 0.0
        assert tested.log10_p[index] == pytest.approx(log10_p, rel=1e-9, abs=1e-12)
        below += tested.log10_p[index] < 0
    assert below > 3


@pytest.mark.parametrize("least", [1, 2, 4])
def test_windows_as_long_as_blocks_give_the_tests_that_counting_gives(least: int) -> None:
    account, object, at_ms = zip(*heavy_tailed(20_000, 3_000_000, accounts=400, objects=60), strict=True)
    actions = arrange(account, object, at_ms)
    low, high = windows(actions.object, actions.at_ms, COARSE)
    assert np.max(high - low) > 4 << blocks_of(actions.account, actions.accounts, least)[3]
    assert count_tests(actions, COARSE, least).number == len(count_pairs(actions, COARSE, least))

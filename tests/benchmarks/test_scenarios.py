from dataclasses import astuple, replace

import numpy as np
import pytest

from benchmarks.scenarios import (
    ALL,
    ALONE,
    CAMPAIGN,
    KINDS,
    VARIANTS,
    Acts,
    Behaviour,
    Scenario,
    Variant,
    campaign,
    columns,
    quiet,
)
from benchmarks.scenarios.clock import DAY, HOUR, START, spent, when

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


def ages(scenario: Scenario) -> np.ndarray:
    return scenario.acts.at_ms - scenario.published_ms[scenario.acts.object]


def members(scenario: Scenario) -> np.ndarray:
    return np.concatenate(scenario.truth)


def same(a: Scenario, b: Scenario) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(astuple(a.acts), astuple(b.acts), strict=True))


def bursts(scenario: Scenario, variant: Variant) -> list[list[Acts]]:
    """For each group the planted acts on each of its posts: those that the same seed without groups does not have."""
    audience = campaign(7, replace(variant, groups=0))
    before = set(_rows(audience.acts))
    planted = scenario.acts.where(np.array([row not in before for row in _rows(scenario.acts)]))
    found = []
    for group in scenario.truth:
        own = planted.where(np.isin(planted.account, group))
        found.append([own.where(own.object == o) for o in np.unique(own.object)])
    return found


def _rows(acts: Acts) -> list[tuple[int, ...]]:
    return list(zip(*(c.tolist() for c in astuple(acts)), strict=True))


def test_one_seed_makes_one_scenario_and_another_seed_another() -> None:
    assert same(campaign(3), campaign(3))
    assert not same(campaign(3), campaign(4))


def test_planting_leaves_the_rest_of_the_audience_as_it_is() -> None:
    without, with_groups = quiet(3), campaign(3)
    rest = ~np.isin(without.acts.account, members(with_groups))
    kept = ~np.isin(with_groups.acts.account, members(with_groups))
    assert _rows(without.acts.where(rest)) == _rows(with_groups.acts.where(kept))


@pytest.mark.parametrize("seed", range(4))
def test_the_campaign_has_the_size_that_its_description_gives(seed: int) -> None:
    scenario = campaign(seed)
    assert (scenario.accounts, len(scenario.published_ms)) == (4_000, 800)
    assert 50_000 <= len(scenario.acts) <= 73_000
    assert len(scenario.truth) == 6
    assert all(5 <= len(group) <= 20 for group in scenario.truth)
    assert len(np.unique(members(scenario))) == len(members(scenario))


def test_nobody_acts_before_publication() -> None:
    scenario = quiet(3)
    assert ages(scenario).min() >= 0


def test_codes_stand_for_ids_that_sort_as_they_do() -> None:
    taken = columns(quiet(3, accounts=300, posts=50))
    assert taken.accounts.to_pylist() == sorted(set(taken.accounts.to_pylist()))
    assert taken.objects.to_pylist() == sorted(set(taken.objects.to_pylist()))
    assert (len(taken.accounts), len(taken.objects), taken.kinds) == (300, 50, KINDS)
    assert taken.account.dtype == taken.object.dtype == np.int32
    assert (taken.kind.dtype, taken.at_ms.dtype) == (np.dtype(np.int8), np.dtype(np.int64))


def test_followers_keep_to_their_pages() -> None:
    """More accounts have many posts in common where each follows few pages."""

    def alike(behaviour: Behaviour) -> int:
        scenario = quiet(3, behaviour)
        acted = np.zeros((scenario.accounts, len(scenario.published_ms)), np.float32)
        acted[scenario.acts.account, scenario.acts.object] = 1
        return int((np.triu(acted @ acted.T, 1) >= 5).sum())

    assert alike(ALONE["page fans"]) > 5 * alike(Behaviour())


def test_only_notifications_bring_many_reactions_within_minutes() -> None:
    share = {name: (ages(quiet(3, habit)) < 5 * MINUTE_MS).mean() for name, habit in ALONE.items()}
    assert share.pop("fans with notifications") > 0.2
    assert max(share.values()) < 0.05


def test_a_notification_is_answered_after_tens_of_seconds_to_minutes() -> None:
    age = ages(quiet(3, ALONE["fans with notifications"]))
    low, middle, high = np.quantile(age[age < 20 * MINUTE_MS], [0.05, 0.5, 0.95]) / 1000
    assert 10 < low < 40 < middle < 180 < high < 1200


def test_reactions_that_no_notification_prompts_are_heavy_tailed() -> None:
    age = ages(quiet(3, ALONE["page fans"])) / HOUR_MS
    assert 1.5 < np.median(age) < 4
    assert 0.03 < (age > 24).mean() < 0.15


def test_the_clock_of_an_audience_can_be_read_both_ways() -> None:
    at = START + np.random.default_rng(1).uniform(-3 * DAY, 60 * DAY, 1000)
    assert np.allclose(when(spent(at)), at, atol=0.001)
    assert np.all(np.diff(spent(np.sort(at))) > 0)


def test_with_a_daily_rhythm_jakarta_sleeps_before_dawn_and_is_busiest_in_the_evening() -> None:
    def by_hour(behaviour: Behaviour) -> np.ndarray:
        of_day = (quiet(3, behaviour).acts.at_ms / 1000 + 7 * HOUR) % DAY
        return np.bincount((of_day // HOUR).astype(int), minlength=24)

    rhythm, even = by_hour(ALONE["daily rhythm"]), by_hour(Behaviour())
    assert rhythm[2:4].sum() < 0.1 * rhythm[19:21].sum()
    assert even.min() > 0.6 * even.max()


def test_cascades_draw_hundreds_within_half_an_hour_long_after_publication() -> None:
    def busiest(behaviour: Behaviour) -> np.ndarray:
        """Most interactions of each post in a half-hour that begins an hour or more after publication."""
        scenario = quiet(3, behaviour)
        late = scenario.acts.where(ages(scenario) > HOUR_MS)
        slot = late.object.astype(np.int64) << 32 | (late.at_ms // (HOUR_MS // 2)) - scenario.published_ms[0] // HOUR_MS
        cells, number = np.unique(slot, return_counts=True)
        most = np.zeros(len(scenario.published_ms), int)
        np.maximum.at(most, cells >> 32, number)
        return most

    cascades = busiest(ALONE["viral cascades"])
    assert 15 <= (cascades > 75).sum() <= 35
    assert cascades.max() > 300
    assert busiest(Behaviour()).max() < 60


def test_activity_is_even_or_zipf_like() -> None:
    def top_share(behaviour: Behaviour) -> float:
        number = np.sort(np.bincount(quiet(3, behaviour).acts.account))[::-1]
        return float(number[:40].sum() / number.sum())

    assert top_share(Behaviour()) < 0.03
    assert top_share(ALONE["uneven activity"]) > 0.12


@pytest.mark.parametrize("name", VARIANTS)
def test_groups_act_as_their_variant_says(name: str) -> None:
    variant = VARIANTS[name]
    scenario = campaign(7, variant)
    found = bursts(scenario, variant)
    assert all(6 <= len(of_group) <= 15 for of_group in found)
    deviations = np.concatenate([b.at_ms - b.at_ms.mean() for g in found for b in g if len(b) > 1]) / 1000
    freedom = len(deviations) - sum(len(b) > 1 for g in found for b in g)
    assert np.sqrt((deviations**2).sum() / freedom) == pytest.approx(variant.spread, rel=0.15)
    joined = sum(len(b) for g in found for b in g)
    could = sum(len(m) * len(g) for m, g in zip(scenario.truth, found, strict=True))
    assert joined / could == pytest.approx(0.5 if variant.rotating else 0.7, abs=0.06)
    late = [b.at_ms.mean() - scenario.published_ms[b.object[0]] for g in found for b in g]
    assert min(late) > 0.9 * HOUR_MS


def test_members_do_other_things_too_unless_they_are_pure() -> None:
    def own(variant: Variant) -> float:
        scenario = campaign(7, variant)
        number = np.bincount(scenario.acts.account, minlength=scenario.accounts)[members(scenario)]
        planted = sum(len(b) for g in bursts(scenario, variant) for b in g)
        return float(number.sum() - planted) / len(number)

    assert own(CAMPAIGN) > 5
    assert own(VARIANTS["pure"]) == 0


def test_all_habits_together_are_the_audience_of_a_campaign() -> None:
    assert same(quiet(3), quiet(3, ALL))
    assert same(quiet(3), campaign(3, replace(CAMPAIGN, groups=0)))

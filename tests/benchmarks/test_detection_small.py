"""What docs/detection-benchmark.md shows over many seeds, on a few; a wrong null model or a weak test fails here."""

import numpy as np
import pytest

from benchmarks.rules import graphwatch
from benchmarks.scenarios import ALL, ALONE, VARIANTS, campaign, quiet
from benchmarks.scoring import LEVELS, Score, calibration, score

SEEDS = range(3)
SECOND = 1000


def mean_score(variant: str, window_s: int) -> Score:
    scores = []
    for seed in SEEDS:
        scenario = campaign(seed, VARIANTS[variant])
        scores.append(score(scenario, graphwatch(scenario, window_s * SECOND)))
    return Score(*(float(np.mean([getattr(s, name) for s in scores])) for name in Score.__slots__))


@pytest.mark.parametrize("window_s", [10, 60])
def test_where_nothing_is_planted_no_cluster_is_reported(window_s: int) -> None:
    assert [len(graphwatch(quiet(seed), window_s * SECOND).members) for seed in SEEDS] == [0] * len(SEEDS)


@pytest.mark.parametrize("window_s", [10, 60])
@pytest.mark.parametrize("habit", ["all together", "fans with notifications", "viral cascades"])
def test_small_p_values_are_no_more_frequent_than_they_say(habit: str, window_s: int) -> None:
    made = [calibration(quiet(seed, {**ALONE, "all together": ALL}[habit]), window_s * SECOND) for seed in SEEDS]
    tests = sum(c.tests for c in made)
    assert tests > 3_000
    for level, below in zip(LEVELS, np.sum([c.below for c in made], axis=0), strict=True):
        # Pairs of one busy account are not independent, hence a margin at small expected numbers.
        assert below <= level * tests + 5


@pytest.mark.parametrize(
    ("variant", "window_s", "accounts_found", "pairs_found"),
    [("campaign", 60, 0.94, 0.5), ("tight", 10, 0.95, 0.75), ("loose", 60, 0.8, 0.04), ("rotating", 60, 0.72, 0.03)],
)
def test_planted_groups_are_found_and_hardly_anyone_else(
    variant: str, window_s: int, accounts_found: float, pairs_found: float
) -> None:
    found = mean_score(variant, window_s)
    assert found.accounts_right >= 0.98
    assert found.accounts_found >= accounts_found
    assert found.pairs_right >= 0.95
    assert found.pairs_found >= pairs_found

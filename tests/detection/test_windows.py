"""Several windows in one run, and clocks and pushes that are nobody's agreement."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.scenarios import KINDS, Scenario, Variant, campaign, columns, quiet
from benchmarks.scenarios.innocent import pushes, whole_hours
from graphwatch.detection.chance.clocks import coarse_clocks, with_fine_clocks
from graphwatch.detection.family_layers import with_days
from graphwatch.detection.groups.enrichment import Context, Targets
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Ran, adapted, run_question
from graphwatch.detection.search import search
from graphwatch.model.scope import WINDOWS, Scope

SEVERAL = Parameters(60_000, 3, Scope(KINDS), fdr=0.05, windows=tuple(WINDOWS.values()))
ONE = replace(SEVERAL, windows=())


@pytest.fixture(scope="module")
def planted() -> Scenario:
    return campaign(5, Variant(spread=300, groups=2, posts=(15, 15)), accounts=600, posts=150)


def several(made: Scenario) -> Ran:
    """A run at all windows, every five posts being of one page."""
    seen, posts = columns(made), np.arange(len(made.published_ms), dtype=np.int32)
    ran = run_question(seen, SEVERAL, run="R-1", data="", version="")
    pages = Targets("Page", pa.array([f"x:page-{n}" for n in range(len(posts) // 5)]), posts, posts // 5)
    return with_days(ran, seen, Context(targets=(pages,)))


def test_a_run_without_a_window_has_four_that_share_the_rate(planted: Scenario) -> None:
    ran = several(planted)
    assert [found.layer for found in ran.layers] == ["all", "10s", "15min", "day"]
    members = np.concatenate([found.clusters.member for found in ran.layers])
    assert len(np.unique(members)) == len(members)  # nobody is told twice
    assert np.isin(members, np.concatenate(planted.truth)).all()
    assert len(ran.layers[2].clusters) == 2  # spread over minutes: seen at a quarter of an hour and not at a minute
    for found in ran.layers:
        assert found.null_test is not None
        assert (found.null_test.q[found.null_test.coordinated] <= 0.05 / 4).all()


def test_one_window_is_asked_as_it_always_was() -> None:
    assert "windows" not in ONE.as_json()
    assert ONE.rate == 0.05
    assert Parameters.from_json(SEVERAL.as_json()) == SEVERAL
    assert SEVERAL.rate == 0.0125


def test_accounts_at_full_hours_among_others_to_the_second_are_left_out_and_counted() -> None:
    made = columns(whole_hours(1))
    whole = made.at_ms % 3_600_000 == 0
    left_out = coarse_clocks(made, 60_000)
    assert left_out[whole].mean() > 0.95
    assert left_out[~whole].mean() < 0.01
    kept = with_fine_clocks(made, 60_000)
    assert len(kept.at_ms) + kept.left_out.coarse == len(made.at_ms)
    assert adapted(made, ONE) == "coarse clocks"
    assert not coarse_clocks(made, 7_200_001).any()
    rounded = replace(made, at_ms=made.at_ms // 3_600_000 * 3_600_000)
    assert not coarse_clocks(rounded, 60_000).any()  # a clock that all share
    assert not len(search(made, ONE).clusters)


@pytest.mark.parametrize("waves", [1, 3])
def test_a_push_that_the_same_people_always_answer_is_no_agreement(waves: int) -> None:
    made = columns(pushes(1, waves=waves))
    assert adapted(made, ONE) == "pushes"
    assert not len(search(made, ONE).clusters)


def test_usual_data_make_no_other_test() -> None:
    made = columns(quiet(2, accounts=600, posts=150))
    assert adapted(made, SEVERAL) == ""
    assert adapted(made, replace(ONE, fdr=None)) == ""

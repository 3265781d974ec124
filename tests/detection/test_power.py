"""Spike-in power, judged by groups whose fate is certain and by planting one group at a time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.data import columns
from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.power import (
    Cell,
    Power,
    Shape,
    Trials,
    copies,
    grounds,
    in_one_cluster,
    plan,
    power_of,
    spike,
    wilson,
)
from graphwatch.detection.powering import Powered
from graphwatch.detection.run import search
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns

FDR = 0.05


@pytest.fixture(scope="module")
def audience() -> InteractionColumns:
    return columns(quiet(3, accounts=700, posts=200))


def asked(data: InteractionColumns, fdr: float | None = FDR) -> Parameters:
    return Parameters(60_000, 3, fdr=fdr)


def trials(sizes: tuple[int, ...], posts: tuple[int, ...], *, joins: float = 0.7, repeats: int = 5) -> Trials:
    return Trials(sizes, posts, 20.0, joins, repeats, 7)


def measured(data: InteractionColumns, tried: Trials, *, threads: int | None = None) -> Power:
    return power_of(data, asked(data), tried, threads=threads)


def test_what_cannot_be_missed_is_found_and_what_cannot_be_seen_is_not(audience: InteractionColumns) -> None:
    cells = {(c.size, c.posts): c for c in measured(audience, trials((6, 10), (2, 25), joins=1.0)).cells}
    for size in (6, 10):
        assert cells[size, 25].found == cells[size, 25].planted == 5
        assert cells[size, 25].members > 0.8
        # Two posts can never make the three that a pair must share.
        assert (cells[size, 2].found, cells[size, 2].members) == (0, 0.0)


def test_seed_decides_and_threads_do_not(audience: InteractionColumns) -> None:
    tried = trials((5,), (10, 14))
    first = measured(audience, tried, threads=1)
    assert first == measured(audience, tried, threads=3)
    assert first.cells != measured(audience, replace(tried, seed=8, repeats=6)).cells


def test_the_order_of_rows_decides_nothing(audience: InteractionColumns) -> None:
    order = np.random.default_rng(1).permutation(len(audience.account))
    names = ("account", "object", "kind", "at_ms")
    shuffled = replace(audience, **{name: getattr(audience, name)[order] for name in names})
    tried = trials((5,), (10, 14), repeats=3)
    assert measured(audience, tried) == measured(shuffled, tried)


def test_the_interactions_are_left_as_they_were(audience: InteractionColumns) -> None:
    before = identify(audience, asked(audience), "test")
    measured(audience, trials((5,), (8,), repeats=2))
    assert identify(audience, asked(audience), "test") == before


def test_other_groups_make_none_easier_to_find(audience: InteractionColumns) -> None:
    """Oracle: every group of the table planted by itself, which the table promises to equal."""
    tried = trials((4, 8), (7, 10, 14), repeats=6)
    ground, shapes = grounds(audience), tried.shapes() * tried.repeats
    alone = np.zeros(len(shapes), np.int64)
    for number, chosen in enumerate(copies(shapes, ground)):
        groups = plan(audience, ground, [shapes[c] for c in chosen], np.random.default_rng([tried.seed, number]))
        for position, group in zip(chosen, groups, strict=True):
            searched = search(spike(audience, [group]), asked(audience))
            alone[position] = in_one_cluster(searched, group.members) > 0
    expected = alone.reshape(tried.repeats, -1).sum(axis=0)
    found = np.array([c.found for c in measured(audience, tried).cells])
    assert expected.sum() > 0
    assert np.abs(found - expected).max() <= 1


def test_planted_groups_act_when_others_do(audience: InteractionColumns) -> None:
    ground = grounds(audience)
    shapes = [Shape(5, 8, 30.0, 0.7), Shape(3, 4, 30.0, 1.0)]
    first, second = groups = plan(audience, ground, shapes, np.random.default_rng(0))
    assert not set(first.members.tolist()) & set(second.members.tolist())
    posts = [set(audience.object[g.row].tolist()) for g in groups]
    assert not posts[0] & posts[1]
    assert len(posts[1]) == 4
    assert len(second.row) == 12
    for group in groups:
        late = audience.at_ms[group.row] - audience.published_ms[audience.object[group.row]]
        assert late.min() >= 3_600_000
        assert np.abs(group.at_ms - audience.at_ms[group.row]).max() < 6 * 30_000


def test_an_act_of_the_group_takes_the_place_of_the_members_own() -> None:
    data = columns(quiet(3, accounts=60, posts=12))
    [group] = plan(data, grounds(data), [Shape(20, 10, 5.0, 1.0)], np.random.default_rng(0))
    spiked = spike(data, [group])
    key = spiked.account.astype(np.int64) << 32 | spiked.object
    planted = group.account.astype(np.int64) << 32 | data.object[group.row]
    assert len(planted) == 200
    assert (np.isin(key, planted)).sum() == 200
    others = ~np.isin(data.account.astype(np.int64) << 32 | data.object, planted)
    assert len(spiked.account) == others.sum() + 200


def test_groups_are_planted_on_pages_too(audience: InteractionColumns) -> None:
    page_of = np.arange(len(audience.objects)) % 40
    pages = replace(
        audience,
        object=page_of[audience.object].astype(np.int32),
        objects=audience.objects[:40],
        post=audience.object,
    )
    ground = grounds(pages)
    assert ground.posts == 40
    [group] = plan(pages, ground, [Shape(6, 10, 5.0, 1.0)], np.random.default_rng(0))
    spiked = spike(pages, [group])
    assert spiked.post is not None
    assert len(set(pages.object[group.row].tolist())) == 10
    assert (page_of[spiked.post] == spiked.object).all()
    key = spiked.account.astype(np.int64) << 32 | spiked.post
    assert np.isin(key, group.account.astype(np.int64) << 32 | audience.object[group.row]).sum() == 60
    asked = Parameters(60_000, 3, Scope(object="page"), FDR)
    assert power_of(pages, asked, trials((3,), (2,), repeats=1)).cells[0].found == 0


def test_copies_are_small_and_miss_nothing(audience: InteractionColumns) -> None:
    ground = grounds(audience)
    shapes = [Shape(size, posts, 30.0, 0.7) for size in (3, 10, 100) for posts in (4, 60)] * 4
    made = list(copies(shapes, ground))
    assert [c for copy in made for c in copy] == list(range(len(shapes)))
    for copy in made:
        held = [shapes[c] for c in copy]
        assert len(copy) == 1 or sum(s.size for s in held) <= 0.03 * len(ground.accounts)
        assert len(copy) == 1 or sum(s.posts for s in held) <= 0.25 * ground.posts


def test_what_the_data_cannot_hold_is_not_tried(audience: InteractionColumns) -> None:
    none, some = measured(audience, trials((5,), (8, 100_000), repeats=1)).cells[::-1]
    assert (none.planted, none.share, none.interval) == (0, None, (0.0, 1.0))
    assert some.planted == 1


def test_no_interactions_are_no_trials() -> None:
    data = columns(quiet(3, accounts=60, posts=12))
    nothing = replace(data, **{n: getattr(data, n)[:0] for n in ("account", "object", "kind", "at_ms")})
    outcome = measured(nothing, trials((3,), (4,)))
    assert [c.planted for c in outcome.cells] == [0]
    assert outcome.weakest_found() is None


def test_counting_alone_has_its_power_too() -> None:
    data = columns(quiet(3, accounts=700, posts=200))
    outcome = power_of(data, asked(data, None), trials((5,), (2, 30), repeats=2))
    assert outcome.cells[0].found == 0


def test_groups_that_act_in_the_first_minutes_are_hidden_among_everybody(audience: InteractionColumns) -> None:
    young = replace(trials((10,), (15,)), age_s=300.0)
    ground = grounds(audience, 300.0)
    age_ms = audience.at_ms[ground.anchors] - ground.began_ms[ground.anchors]
    assert 0 <= age_ms.min() <= age_ms.max() <= 300_000
    late, early = (measured(audience, tried).cells[0] for tried in (trials((10,), (15,)), young))
    assert early.planted == late.planted == 5
    assert early.found < late.found
    assert measured(audience, replace(young, age_s=0.001)).cells[0].planted == 0
    assert "300 seconds" in Powered(None, Power(young, (early,), 1)).sentence("en")
    assert Power.from_json(Power(young, (early,), 1).as_json()).trials == young


def test_a_run_gets_back_what_it_kept(audience: InteractionColumns) -> None:
    outcome = measured(audience, trials((5,), (8, 12), repeats=2))
    assert Power.from_json(outcome.as_json()) == outcome


def test_the_weakest_groups_that_are_found() -> None:
    rates = {(3, 4): 0, (3, 8): 17, (5, 4): 2, (5, 8): 18, (5, 12): 20, (10, 4): 20}
    cells = tuple(Cell(size, posts, 20, found, 0.0) for (size, posts), found in rates.items())
    weakest = Power(trials((3, 5, 10), (4, 8, 12)), cells, 1).weakest_found()
    assert weakest is not None
    assert (weakest.size, weakest.posts) == (5, 8)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_wilson(trial: tuple[int, int]) -> None:
    found, planted = trial
    oracle = binomtest(found, planted).proportion_ci(0.95, "wilson")
    assert wilson(found, planted) == pytest.approx((oracle.low, oracle.high), abs=1e-12)

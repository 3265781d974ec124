"""Spike-in power, judged by groups whose fate is certain and by planting one group at a time."""

import json
from dataclasses import replace
from itertools import pairwise
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact

from benchmarks.powered import is_found, roster_of, spiked
from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.data import columns
from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.power.fields import Field, spike, timed_field
from graphwatch.detection.power.planting import AGES, LATER, Age, Shape
from graphwatch.detection.power.table import Cell, Line, Power, Trials, in_one_cluster, tried_on, wilson
from graphwatch.detection.power.words import sentences
from graphwatch.model.scope import FAMILIES, Scope
from graphwatch.model.tables import InteractionColumns

FDR = 0.05


@pytest.fixture(scope="module")
def audience() -> InteractionColumns:
    return columns(quiet(3, accounts=700, posts=200))


def field_of(
    data: InteractionColumns,
    fdr: float | None = FDR,
    *,
    age: Age = LATER,
    scope: Scope | None = None,
    threads: int | None = None,
    chosen: np.ndarray | None = None,
) -> Field:
    asked = Parameters(60_000, 3, scope or Scope(), fdr)
    return timed_field(data, asked, age, layer="all", chosen=chosen, threads=threads)


def trials(sizes: tuple[int, ...], posts: tuple[int, ...], *, joins: float = 0.7, repeats: int = 5) -> Trials:
    return Trials(sizes, posts, 20.0, joins, repeats, 7)


def measured(
    data: InteractionColumns, tried: Trials, *, threads: int | None = None, age: Age = LATER
) -> tuple[Cell, ...]:
    return tried_on([field_of(data, age=age, threads=threads)], tried)[0]


def test_what_cannot_be_missed_is_found_and_what_cannot_be_seen_is_not(audience: InteractionColumns) -> None:
    cells = {(c.size, c.posts): c for c in measured(audience, trials((6, 10), (2, 25), joins=1.0))}
    for size in (6, 10):
        assert cells[size, 25].found == cells[size, 25].planted == 5
        assert cells[size, 25].members > 0.8
        # Two posts can never make the three that a pair must share.
        assert (cells[size, 2].found, cells[size, 2].members) == (0, 0.0)


def test_seed_decides_and_threads_do_not(audience: InteractionColumns) -> None:
    tried = trials((5,), (10, 14))
    first = measured(audience, tried, threads=1)
    assert first == measured(audience, tried, threads=3)
    assert first != measured(audience, replace(tried, seed=8, repeats=6))


def test_the_order_of_rows_decides_nothing(audience: InteractionColumns) -> None:
    order = np.random.default_rng(1).permutation(len(audience.account))
    names = ("account", "object", "kind", "at_ms")
    shuffled = replace(audience, **{name: getattr(audience, name)[order] for name in names})
    tried = trials((5,), (10, 14), repeats=3)
    assert measured(audience, tried) == measured(shuffled, tried)


def test_the_interactions_are_left_as_they_were(audience: InteractionColumns) -> None:
    asked = Parameters(60_000, 3, fdr=FDR)
    before = identify(audience, asked, "test")
    measured(audience, trials((5,), (8,), repeats=2))
    assert identify(audience, asked, "test") == before


def test_other_groups_make_none_easier_to_find(audience: InteractionColumns) -> None:
    """Oracle: every group of the table planted by itself, which the table promises to equal."""
    tried = trials((4, 8), (7, 10, 14), repeats=6)
    field = field_of(audience)
    shapes = tried.shapes() * tried.repeats
    alone = np.zeros(len(shapes), np.int64)
    seed = [tried.seed, crc32(f"all {LATER}".encode()), 0]
    for number, chosen in enumerate(field.ground.copies(shapes)):
        groups = field.ground.plan([shapes[c] for c in chosen], np.random.default_rng([*seed, number]))
        for position, group in zip(chosen, groups, strict=True):
            alone[position] = in_one_cluster(field.look([group]).cluster_of, group.members) > 0
    expected = alone.reshape(tried.repeats, -1).sum(axis=0)
    found = np.array([c.found for c in measured(audience, tried)])
    assert expected.sum() > 0
    assert np.abs(found - expected).max() <= 1


@pytest.mark.parametrize("busy", [False, True])
def test_what_is_claimed_of_a_roster_is_what_becomes_of_its_accounts(busy: bool) -> None:
    """Oracle: groups of the roster's accounts planted one by one, by other code, and whole runs asked."""
    data = columns(quiet(5, accounts=900, posts=250))
    roster = roster_of(data, 300, 5, busy=busy)
    field = field_of(data, chosen=np.sort(roster).astype(np.int64))
    [cell] = tried_on([field], trials((8,), (7,), repeats=40))[0]
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(40):
        members = rng.choice(roster, 8, replace=False)
        planted = spiked(data, members, 7, 30.0, rng, popular=True)
        found += is_found(planted, members, Parameters(60_000, 3, fdr=FDR))
    # One in a thousand of such comparisons fails where both are draws of one chance.
    assert fisher_exact([[cell.found, 40 - cell.found], [found, 40 - found]]).pvalue > 0.001


def test_groups_are_made_of_the_accounts_that_were_chosen(audience: InteractionColumns) -> None:
    chosen = np.unique(audience.account)[5:50].astype(np.int64)
    field = field_of(audience, chosen=np.append(chosen, 10**6))
    groups = field.ground.plan([Shape(10, 4, 0.7)] * 3, np.random.default_rng(1))
    assert set(np.concatenate([g.members for g in groups]).tolist()) <= set(chosen.tolist())
    assert not field.ground.holds(Shape(46, 4, 0.7))
    [copy] = [c for c in field.ground.copies([Shape(10, 4, 0.7)] * 2) if 1 in c]
    assert copy == [0, 1]
    # The activity of a member is what the account's own is.
    spiked_data = spike(audience, groups)
    planted = {(a, o) for g in groups for a, o in zip(g.account.tolist(), audience.object[g.row].tolist(), strict=True)}
    own = {*zip(audience.account.tolist(), audience.object.tolist(), strict=True)}
    assert {*zip(spiked_data.account.tolist(), spiked_data.object.tolist(), strict=True)} == own | planted


def test_more_posts_are_not_found_less_often(audience: InteractionColumns) -> None:
    for size in (5, 10):
        cells = measured(audience, trials((size,), (4, 8, 16), repeats=12))
        assert all(a.interval[0] <= b.interval[1] for a, b in pairwise(cells))
        assert cells[0].found < cells[2].found


def test_what_is_never_found_is_tried_six_times(audience: InteractionColumns) -> None:
    never, always = measured(audience, trials((8,), (2, 25), joins=1.0, repeats=9))
    assert (never.planted, never.found) == (6, 0)
    assert (always.planted, always.found) == (9, 9)


def test_planted_groups_act_when_others_do(audience: InteractionColumns) -> None:
    ground = field_of(audience).ground
    shapes = [Shape(5, 8, 0.7), Shape(3, 4, 1.0)]
    first, second = groups = ground.plan(shapes, np.random.default_rng(0))
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
    [group] = field_of(data).ground.plan([Shape(20, 10, 1.0)], np.random.default_rng(0))
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
    field = field_of(pages, scope=Scope(object="page"))
    ground = field.ground
    assert ground.posts == 40
    [group] = ground.plan([Shape(6, 10, 1.0)], np.random.default_rng(0))
    planted = spike(pages, [group])
    assert planted.post is not None
    assert len(set(pages.object[group.row].tolist())) == 10
    assert (page_of[planted.post] == planted.object).all()
    key = planted.account.astype(np.int64) << 32 | planted.post
    assert np.isin(key, group.account.astype(np.int64) << 32 | audience.object[group.row]).sum() == 60
    assert tried_on([field], trials((3,), (2,), repeats=1))[0][0].found == 0


def test_copies_are_small_and_miss_nothing(audience: InteractionColumns) -> None:
    ground = field_of(audience).ground
    shapes = [Shape(size, posts, 0.7) for size in (3, 10, 100) for posts in (4, 60)] * 4
    made = list(ground.copies(shapes))
    assert [c for copy in made for c in copy] == list(range(len(shapes)))
    for copy in made:
        held = [shapes[c] for c in copy]
        assert len(copy) == 1 or sum(s.size for s in held) <= 0.03 * ground.accounts
        assert len(copy) == 1 or sum(s.posts for s in held) <= 0.25 * ground.posts


def test_what_the_data_cannot_hold_is_not_tried(audience: InteractionColumns) -> None:
    none, some = measured(audience, trials((5,), (8, 100_000), repeats=1))[::-1]
    assert (none.planted, none.share, none.interval) == (0, None, (0.0, 1.0))
    assert some.planted == 1


def test_no_interactions_are_no_trials() -> None:
    data = columns(quiet(3, accounts=60, posts=12))
    nothing = replace(data, **{n: getattr(data, n)[:0] for n in ("account", "object", "kind", "at_ms")})
    assert [c.planted for c in measured(nothing, trials((3,), (4,)))] == [0]


def test_counting_alone_has_its_power_too() -> None:
    data = columns(quiet(3, accounts=700, posts=200))
    assert tried_on([field_of(data, None)], trials((5,), (2, 30), repeats=2))[0][0].found == 0


def test_ages_are_told_apart(audience: InteractionColumns) -> None:
    began = audience.published_ms[audience.object]
    rows = [field_of(audience, age=age).ground.anchors for age in AGES]
    for age, anchors in zip(AGES, rows, strict=True):
        age_s = (audience.at_ms[anchors] - began[anchors]) / 1000
        assert age.since_s <= age_s.min()
        assert age.until_s is None or age_s.max() < age.until_s
    assert sum(map(len, rows)) == len(np.unique(np.concatenate(rows))) == (audience.at_ms >= began).sum()


def test_groups_that_act_in_the_first_minutes_are_hidden_among_everybody(audience: InteractionColumns) -> None:
    tried = trials((10,), (15,))
    late, early = (measured(audience, tried, age=age)[0] for age in (LATER, AGES[-1]))
    assert early.planted == late.planted == 5
    assert early.found < late.found
    assert measured(audience, tried, age=Age(0.0, 0.001))[0].planted == 0


def power_with(*cells: Cell, **more: object) -> Power:
    return Power(trials((3, 5, 10), (4, 8, 12)), cells, 1, **{"window_ms": 60_000, "accounts": 700} | more)  # type: ignore[arg-type]


def test_a_run_gets_back_what_it_kept(audience: InteractionColumns) -> None:
    cells = measured(audience, trials((5,), (8, 12), repeats=2))
    outcome = power_with(*cells, Cell(5, 4, 0, 0, 0.0, "text", None), of_roster=True, untested=("link",))
    assert Power.from_json(outcome.as_json()) == outcome


def test_tables_of_before_are_read() -> None:
    cell = {"size": 5, "posts": 8, "planted": 20, "found": 19, "members": 0.9, "share": 0.95, "low": 0.7, "high": 1.0}
    kept = {"sizes": [5], "posts": [8], "spread_s": 30.0, "joins": 0.7, "repeats": 20, "seed": 1, "detections": 3}
    late = Power.from_json(json.dumps({**kept, "cells": [cell]}))
    assert late.cells == (Cell(5, 8, 20, 19, 0.9),)
    assert (late.unasked, late.window_ms) == (FAMILIES, None)
    assert sentences(late, "en") == [
        "Within the window would have been found: "
        "1 hour or more after publication groups of 5 on 8 posts, 9 times in 10.",
        "Not looked at: texts, links, likes without a time.",
    ]
    young = Power.from_json(json.dumps({**kept, "age_s": 300.0, "cells": [cell]}))
    assert young.cells[0].age == (0.0, 300.0)
    assert "dalam 5 menit pertama kelompok 5 akun" in sentences(young, "id")[0]


def test_the_weakest_groups_that_are_found() -> None:
    rates = {(3, 4): 0, (3, 8): 17, (5, 4): 2, (5, 8): 18, (5, 12): 20, (10, 4): 20}
    cells = tuple(Cell(size, posts, 20, found, 0.0) for (size, posts), found in rates.items())
    weakest = Line("all", LATER, cells).weakest_found()
    assert weakest is not None
    assert (weakest.size, weakest.posts) == (5, 8)
    assert Line("all", LATER, (replace(cells[0], planted=0),)).weakest_found() is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (20, "groups of 5 on 4 posts, 10 times in 10"),
        (3, "at best groups of 5 on 4 posts, 1 time in 10"),
        (1, "at best groups of 5 on 4 posts, less than once in 10"),
        (0, "none, up to groups of 5 on 4 posts"),
    ],
)
def test_numbers_are_never_rounded_up(found: int, said: str) -> None:
    told = sentences(power_with(Cell(5, 4, 20, found, 0.0, "all", LATER)), "en")
    assert told[0] == f"Within about 1 minute would have been found: 1 hour or more after publication {said}."
    assert "any of the 700 accounts" in told[-1]
    assert "7 times in 10" in told[-1]


def test_each_family_window_and_age_has_its_place_in_what_is_said() -> None:
    power = power_with(
        *(Cell(5, 8, 20, found, 0.5, "all", age) for age, found in zip(AGES, (20, 10, 0), strict=True)),
        Cell(5, 8, 0, 0, 0.0, "10s", LATER),
        Cell(5, 16, 20, 18, 0.9, "text", None),
        Cell(10, 4, 20, 18, 0.9, "link", None),
        of_roster=True,
        untested=("day",),
        unasked=("untimed",),
    )
    assert sentences(power, "en")[:6] == [
        "Within about 1 minute would have been found: "
        "1 hour or more after publication groups of 5 on 8 posts, 10 times in 10; "
        "5 minutes to 1 hour after publication at best groups of 5 on 8 posts, 5 times in 10; "
        "in the first 5 minutes none, up to groups of 5 on 8 posts.",
        "Within about 10 seconds would have been found: 1 hour or more after publication nothing could be tried.",
        "By the same texts would have been found: groups of 5 with 16 texts, 9 times in 10.",
        "By the same links would have been found: groups of 10 with 4 links, 9 times in 10.",
        "On the same day nothing could be found: "
        "it takes posts of known pages, on which several accounts act on one day.",
        "Not looked at: likes without a time.",
    ]
    assert "700 accounts on the roster" in sentences(power, "en")[-1]
    assert len(sentences(power, "id")) == 7


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_wilson(trial: tuple[int, int]) -> None:
    found, planted = trial
    oracle = binomtest(found, planted).proportion_ci(0.95, "wilson")
    assert wilson(found, planted) == pytest.approx((oracle.low, oracle.high), abs=1e-12)

"""The campaign scenario and its variants, and the same audience with nothing planted."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.scenarios.behaviour import ALL, Behaviour, World, late, make_world, organic
from benchmarks.scenarios.clock import HOUR, MINUTE, after
from benchmarks.scenarios.data import Acts, Array, Scenario, acts_of, joined, key_of

ACCOUNTS: Final = 4_000
POSTS: Final = 800
# Of activity: in the busy evening hardly more than an hour of time.
_SOONEST: Final = 2 * HOUR


@dataclass(frozen=True, slots=True)
class Variant:
    """How planted groups act.

    Attributes:
        spread: standard deviation, in seconds, of the members' times on one post.
        groups: groups planted, of 5 to 20 accounts that share no member.
        joins: chance that a member joins a burst.
        rotating: each burst is the work of a random half of the group, all of whom join.
        pure: members do nothing else.
        within: bursts begin within so many seconds of publication; hours after it where 0.
    """

    spread: float = 30.0
    groups: int = 6
    sizes: tuple[int, int] = (5, 20)
    posts: tuple[int, int] = (6, 15)
    joins: float = 0.7
    rotating: bool = False
    pure: bool = False
    within: float = 0.0


CAMPAIGN: Final = Variant()
VARIANTS: Final = {
    "campaign": CAMPAIGN,
    "tight": Variant(spread=5.0),
    "loose": Variant(spread=60.0),
    "rotating": Variant(rotating=True),
    "pure": Variant(pure=True),
}
HARDER: Final = {
    "first 30 minutes": Variant(within=30 * MINUTE),
    "first 15 minutes": Variant(within=15 * MINUTE),
    "first 5 minutes": Variant(within=5 * MINUTE),
    "over 5 minutes": Variant(spread=5 * MINUTE),
}


def quiet(seed: int, behaviour: Behaviour = ALL, *, accounts: int = ACCOUNTS, posts: int = POSTS) -> Scenario:
    """An audience with nothing planted in it."""
    worlds, habits = (np.random.default_rng([seed, part]) for part in range(2))
    world = make_world(worlds, behaviour, accounts=accounts, posts=posts)
    return _scenario(world, organic(world, behaviour, habits), ())


def campaign(seed: int, variant: Variant = CAMPAIGN, *, accounts: int = ACCOUNTS, posts: int = POSTS) -> Scenario:
    """The audience of `quiet` with groups planted in it, hours after publication, when others act too."""
    worlds, habits, planting = (np.random.default_rng([seed, part]) for part in range(3))
    world = make_world(worlds, ALL, accounts=accounts, posts=posts)
    acts = organic(world, ALL, habits)
    sizes = planting.integers(variant.sizes[0], variant.sizes[1] + 1, variant.groups)
    members = planting.permutation(accounts)[: sizes.sum()]
    truth = tuple(np.sort(m).astype(np.int32) for m in np.split(members, np.cumsum(sizes)[:-1]))
    planted = joined([_together(world, planting, m, variant) for m in truth])
    own = ~np.isin(acts.account, members) if variant.pure else ~np.isin(key_of(acts), key_of(planted))
    return _scenario(world, joined([acts.where(own), planted]), truth)


def _together(world: World, rng: np.random.Generator, members: Array, variant: Variant) -> Acts:
    """What a group does: on each of its posts one burst, begun like any late reaction."""
    count = int(rng.integers(variant.posts[0], variant.posts[1] + 1))
    posts = rng.choice(len(world.published), count, replace=False)
    draw = rng.random((count, len(members)))
    half = np.argsort(draw, axis=1) < (len(members) + 1) // 2
    joins = half if variant.rotating else draw < variant.joins
    if variant.within:
        begin = world.published[posts] + variant.within * rng.random(count)
    else:
        begin = after(world.published[posts], late(rng, count, least=_SOONEST), rhythm=True)
    position, member = np.nonzero(joins)
    at = begin[position] + variant.spread * rng.standard_normal(len(member))
    if variant.within:
        at = np.maximum(at, world.published[posts][position])
    return acts_of(rng, members[member], posts[position], at)


def _scenario(world: World, acts: Acts, truth: tuple[Array, ...]) -> Scenario:
    published_ms = (world.published * 1000).astype(np.int64)
    return Scenario(acts, published_ms, len(world.activity), truth)

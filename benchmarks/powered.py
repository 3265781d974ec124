"""What power claims of a roster's accounts, beside what becomes of groups of them that are planted one by one.

The claim is that of `graphwatch power`. Beside it each group is planted alone, by code that shares nothing with it,
into data of which all else stays: members of the roster act, at about the time at which somebody else did, on posts
drawn by their acts, or on any posts; then a whole run is asked.

Run from the root of the project: python -m benchmarks.powered [--spikes 100] [--roster 3000] [--windows]
"""

import argparse
import time
from dataclasses import replace
from math import sqrt
from typing import Final

import numpy as np

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.data import Array, columns
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.power.fields import timed_field
from graphwatch.detection.power.planting import LATER
from graphwatch.detection.power.table import Trials, tried_on
from graphwatch.detection.run import run_question
from graphwatch.model.scope import WINDOWS
from graphwatch.model.tables import InteractionColumns

ACCOUNTS: Final = 6_000
POSTS: Final = 800
SHAPES: Final = ((5, 8), (10, 6), (20, 8))
_HOUR_MS: Final = 3_600_000
_JOINS: Final = 0.7


def roster_of(data: InteractionColumns, size: int, seed: int, *, busy: bool) -> Array:
    """So many accounts that act, those who act a lot (or else little) more often among them."""
    accounts, acts = np.unique(data.account, return_counts=True)
    weight = acts.astype(float) if busy else 1.0 / acts
    return np.random.default_rng([seed, 1]).choice(accounts, size, replace=False, p=weight / weight.sum())


def spiked(
    data: InteractionColumns, members: Array, posts: int, spread_s: float, rng: np.random.Generator, *, popular: bool
) -> InteractionColumns:
    """The data with one group more, an hour or more after publication; nothing is taken away."""
    late = np.flatnonzero(data.at_ms - data.published_ms[data.object] >= _HOUR_MS)
    post, acts = np.unique(data.object[late], return_counts=True)
    weight = acts / acts.sum() if popular else None
    more: list[tuple[int, int, int, int]] = []
    for chosen in rng.choice(post, posts, replace=False, p=weight).tolist():
        like = int(rng.choice(late[data.object[late] == chosen]))
        for member in members.tolist():
            if rng.random() < _JOINS:
                at = int(data.at_ms[like] + 1000 * spread_s * rng.standard_normal())
                more.append((member, chosen, int(data.kind[like]), at))
    account, object, kind, at_ms = np.array(more).T
    return replace(
        data,
        account=np.append(data.account, account.astype(np.int32)),
        object=np.append(data.object, object.astype(np.int32)),
        kind=np.append(data.kind, kind.astype(np.int8)),
        at_ms=np.append(data.at_ms, at_ms),
    )


def is_found(data: InteractionColumns, members: Array, asked: Parameters) -> bool:
    """Whether a cluster of any layer of a run is mostly made of the group, and holds half of it."""
    ran = run_question(data, asked, run="R", data="", version="")
    for layer in ran.layers:
        for number in layer.clusters.number.tolist():
            cluster = layer.clusters.member[layer.clusters.of == number]
            theirs = np.isin(cluster, members).sum()
            if 2 * theirs >= len(members) and 2 * theirs > len(cluster):
                return True
    return False


def main() -> None:
    options = argparse.ArgumentParser(description="Judge what power claims of the accounts of a roster.")
    options.add_argument("--spikes", type=int, default=100)
    options.add_argument("--roster", type=int, action="append", help="accounts on it; repeat for several [3000, 60]")
    options.add_argument("--windows", action="store_true", help="ask further windows, too")
    options.add_argument("--seed", type=int, default=3)
    given = options.parse_args()
    data = columns(quiet(given.seed, accounts=ACCOUNTS, posts=POSTS))
    asked = Parameters(60_000, 3, fdr=0.05, windows=tuple(WINDOWS.values()) if given.windows else ())
    print(f"{len(data.account):,} acts of {ACCOUNTS:,} accounts")
    for size in given.roster or (3_000, 60):
        for busy in (False, True):
            _compare(data, asked, roster_of(data, size, given.seed, busy=busy), given.spikes, given.seed)
            print(f"  ^ roster of {size:,}, {'busy' if busy else 'quiet'}", flush=True)


def _compare(data: InteractionColumns, asked: Parameters, roster: Array, spikes: int, seed: int) -> None:
    for size, posts in SHAPES:
        begun = time.process_time()
        trials = Trials((size,), (posts,), None, _JOINS, spikes, seed)
        shares = []
        for chosen in (np.sort(roster).astype(np.int64), None):
            field = timed_field(data, asked.of_window(asked.window_ms), LATER, layer="all", chosen=chosen)
            [cell] = tried_on([field], trials)[0]
            shares.append(cell.found / cell.planted)
        rng = np.random.default_rng([seed, size, posts])
        for popular in (True, False):
            found = 0
            for _ in range(spikes):
                members = rng.choice(roster, size, replace=False)
                found += is_found(spiked(data, members, posts, 30.0, rng, popular=popular), members, asked)
            shares.append(found / spikes)
        claimed, of_all, truly, anywhere = shares
        both = (claimed + truly) / 2
        error = 1.96 * sqrt(max(both * (1 - both), 0.25 / spikes) * 2 / spikes)
        print(
            f"groups of {size} on {posts} posts: claimed {claimed:.2f} (of any account {of_all:.2f}), "
            f"spiked {truly:.2f}, {'agrees' if abs(claimed - truly) <= error else 'DIFFERS'} within {error:.2f}; "
            f"on any posts {anywhere:.2f}; {time.process_time() - begun:.0f} s of processor",
            flush=True,
        )


if __name__ == "__main__":
    main()

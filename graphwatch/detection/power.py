"""Spiking: synthetic groups planted into a copy of the interactions, to learn which groups would be found.

The copy lives in memory and nowhere else; nothing that is planted can reach the graph.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from math import sqrt
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from graphwatch.common.notes import Note
from graphwatch.common.progress import Progress, silent
from graphwatch.detection.clusters import two_core
from graphwatch.detection.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Search, search
from graphwatch.detection.seeds import largest
from graphwatch.model.tables import InteractionColumns

Codes = npt.NDArray[np.int64]
# The groups of one copy may be so many of the accounts and posts that planting does not change what chance explains.
_ACCOUNTS_SHARE: Final = 0.03
_POSTS_SHARE: Final = 0.25
_GROUPS: Final = 25
# While a post is young everybody acts at once, and the test accuses nobody: groups begin later, where they can.
_LATE_MS: Final = 60 * 60 * 1000
# Two-sided 95 %.
_Z: Final = 1.959963984540054
# Other groups in a copy shift the measure of chance a little: nearer to the rate than this, a group is planted alone.
_STRICT: Final = 0.7
_LENIENT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Shape:
    """How a group acts: so many members, so many posts, each member on each of them with the chance `joins`.

    `spread_s` is the standard deviation, in seconds, of the members' times on one post.
    """

    size: int
    posts: int
    spread_s: float
    joins: float


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where groups can be planted: accounts that act, and the interactions whose time a group may take over.

    A post here is whatever counts as the object: a post, or a page, link or hashtag.

    Attributes:
        accounts: codes of the accounts with an interaction.
        anchors: rows at which a burst may begin, by object; `starts` says where each object's rows begin.
        starts: positions in `anchors`.
        began_ms: for each row when its post was published, or first acted on where that is unknown.
    """

    accounts: Codes
    anchors: Codes
    starts: Codes
    began_ms: Codes

    @property
    def posts(self) -> int:
        """Posts on which a group can be planted."""
        return len(self.starts)

    def holds(self, shape: Shape) -> bool:
        """Whether such a group fits: half of the accounts and all of the posts are the most it may take."""
        return 2 * shape.size <= len(self.accounts) and shape.posts <= self.posts


@dataclass(frozen=True, slots=True)
class Group:
    """A synthetic group: its members, and its acts as columns of equal length.

    An act is like the interaction at `row`, but of another account at another time.
    """

    members: Codes
    row: Codes
    account: npt.NDArray[np.int32]
    at_ms: Codes


def grounds(columns: InteractionColumns, age_s: float | None = None) -> Grounds:
    """What can be planted in: rows of posts at least an hour old, or all rows where no post lives so long.

    Args:
        age_s: rows of posts at most so many seconds old instead; there may be none.
    """
    post = columns.post_of_row
    first = np.full(len(columns.published_ms), np.iinfo(np.int64).max)
    np.minimum.at(first, post, columns.at_ms)
    began = np.where(columns.published_ms >= 0, columns.published_ms, first)[post]
    age_ms = columns.at_ms - began
    if age_s is not None:
        rows = np.flatnonzero((age_ms >= 0) & (age_ms <= 1000 * age_s))
    else:
        late = np.flatnonzero(age_ms >= _LATE_MS)
        rows = late if len(late) else np.arange(len(columns.at_ms))
    # In an order of content, so that the order of loading makes no other draw.
    order = np.lexsort((columns.kind[rows], columns.account[rows], columns.at_ms[rows], columns.object[rows]))
    anchors = rows[order]
    starts = np.flatnonzero(np.diff(columns.object[anchors], prepend=-1))
    return Grounds(np.unique(columns.account).astype(np.int64), anchors, starts, began)


def copies(shapes: list[Shape], ground: Grounds) -> Iterator[list[int]]:
    """Positions of the shapes that are planted together in one copy, in their order.

    A copy takes at most 25 groups, 3 % of the accounts and a quarter of the posts; but always one group.
    """
    most_accounts, most_posts = _ACCOUNTS_SHARE * len(ground.accounts), _POSTS_SHARE * ground.posts
    held: list[int] = []
    accounts = posts = 0
    for position, shape in enumerate(shapes):
        accounts, posts = accounts + shape.size, posts + shape.posts
        if held and (len(held) == _GROUPS or accounts > most_accounts or posts > most_posts):
            yield held
            held, accounts, posts = [], shape.size, shape.posts
        held.append(position)
    if held:
        yield held


def plan(columns: InteractionColumns, ground: Grounds, shapes: list[Shape], rng: np.random.Generator) -> list[Group]:
    """A group of each shape, no two of which share a member or a post.

    Members are drawn from all accounts that act, posts by their number of late interactions. On each post a group takes
    the time and the kind of one interaction that is there, drawn at random, so that it acts when others do; each
    member joins with the shape's chance, at a normally distributed distance from that time.
    """
    sizes, posts = (np.array([getattr(s, name) for s in shapes]) for name in ("size", "posts"))
    members = np.split(rng.permutation(ground.accounts)[: sizes.sum()], np.cumsum(sizes)[:-1])
    bursts = np.split(_bursts(ground, int(posts.sum()), rng), np.cumsum(posts)[:-1])
    return [_group(columns, ground, *each, rng) for each in zip(shapes, members, bursts, strict=True)]


def spike(columns: InteractionColumns, groups: list[Group]) -> InteractionColumns:
    """A copy of the interactions with the groups in it; what a member did alone with a group's post gives way."""
    row, account, at_ms = (np.concatenate([getattr(g, name) for g in groups]) for name in ("row", "account", "at_ms"))
    kept = _not_taken(columns, account, row)
    rows = np.concatenate([kept, row])
    return replace(
        columns,
        object=columns.object[rows],
        kind=columns.kind[rows],
        post=None if columns.post is None else columns.post[rows],
        account=np.concatenate([columns.account[kept], account]),
        at_ms=np.concatenate([columns.at_ms[kept], at_ms]),
    )


def _bursts(ground: Grounds, count: int, rng: np.random.Generator) -> Codes:
    """A row of each of so many distinct posts; posts with more rows are drawn more often."""
    lengths = np.diff(np.append(ground.starts, len(ground.anchors)))
    # Weighted drawing without replacement by exponential keys (Efraimidis and Spirakis 2006).
    post = np.argsort(rng.exponential(size=len(lengths)) / lengths, kind="stable")[:count]
    rows: Codes = ground.anchors[ground.starts[post] + (rng.random(count) * lengths[post]).astype(np.int64)]
    return rows


def _group(
    columns: InteractionColumns, ground: Grounds, shape: Shape, members: Codes, rows: Codes, rng: np.random.Generator
) -> Group:
    burst, member = np.nonzero(rng.random((len(rows), len(members))) < shape.joins)
    row = rows[burst]
    jitter = np.rint(1000 * shape.spread_s * rng.standard_normal(len(row))).astype(np.int64)
    at_ms = np.maximum(columns.at_ms[row] + jitter, ground.began_ms[row])
    return Group(np.sort(members), row, members[member].astype(np.int32), at_ms)


def _not_taken(columns: InteractionColumns, account: npt.NDArray[np.int32], row: Codes) -> Codes:
    """The rows that stay: all but those of a member with a post on which it acts with its group."""
    post = columns.post_of_row
    member = np.zeros(len(columns.accounts), np.bool_)
    member[account] = True
    theirs = np.flatnonzero(member[columns.account])
    keys = columns.account[theirs].astype(np.int64) << 32 | post[theirs]
    kept = np.ones(len(columns.account), np.bool_)
    kept[theirs] = ~np.isin(keys, account.astype(np.int64) << 32 | post[row])
    return np.flatnonzero(kept)


@dataclass(frozen=True, slots=True)
class Trials:
    """Which groups are planted: every size with every number of posts, `repeats` times each.

    They act while posts are at most `age_s` seconds old; where that is None, an hour or more after publication.
    """

    sizes: tuple[int, ...]
    posts: tuple[int, ...]
    spread_s: float
    joins: float
    repeats: int
    seed: int
    age_s: float | None = None

    def shapes(self) -> list[Shape]:
        """The cells of the table, by size, then posts."""
        return [Shape(size, posts, self.spread_s, self.joins) for size in self.sizes for posts in self.posts]


@dataclass(frozen=True, slots=True)
class Cell:
    """Groups of one size and number of posts.

    Attributes:
        size, posts: of the groups.
        planted, found: how many there were, and how many of them were found; none where the data are too small.
        members: mean share of a group's members that were found; a group that was not found counts 0.
    """

    size: int
    posts: int
    planted: int
    found: int
    members: float

    @property
    def share(self) -> float | None:
        """Share of the groups that was found; None where none could be planted."""
        return self.found / self.planted if self.planted else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies with 95 % confidence."""
        return wilson(self.found, self.planted)


@dataclass(frozen=True, slots=True)
class Power:
    """The table, what it was asked, and how many detections it took."""

    trials: Trials
    cells: tuple[Cell, ...]
    detections: int

    def weakest_found(self, share: float = 0.9) -> Cell | None:
        """The smallest groups of which at least that share was found, at the least posts at which it was."""
        enough = [c for c in self.cells if c.share is not None and c.share >= share]
        return min(enough, key=lambda c: (c.size, c.posts), default=None)

    def as_json(self) -> str:
        """As a Run keeps it."""
        cells = [
            asdict(c) | {"share": c.share, "low": round(c.interval[0], 4), "high": round(c.interval[1], 4)}
            for c in self.cells
        ]
        tried = {name: value for name, value in asdict(self.trials).items() if value is not None}
        return json.dumps(tried | {"detections": self.detections, "cells": cells}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Power":
        """What `as_json` wrote."""
        kept = json.loads(text)
        return msgspec.convert({**kept, "trials": kept}, cls)


def wilson(found: int, planted: int) -> tuple[float, float]:
    """The score interval of a binomial share, 95 % (Wilson 1927): it is sensible at 0 and 1, and for few trials.

    (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    >>> [round(end, 3) for end in wilson(18, 20)]
    [0.699, 0.972]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if planted == 0:
        return 0.0, 1.0
    share, square = found / planted, _Z * _Z / planted
    middle = share + square / 2
    reach = _Z * sqrt(share * (1 - share) / planted + square / (4 * planted))
    low, high = ((middle + side * reach) / (1 + square) for side in (-1, 1))
    # Exactly 0 and 1 at the ends, where rounding leaves a remainder.
    return (0.0 if found == 0 else low), (1.0 if found == planted else high)


def power_of(
    columns: InteractionColumns,
    parameters: Parameters,
    trials: Trials,
    *,
    threads: int | None = None,
    progress: Progress = silent,
) -> Power:
    """Plant groups into copies of the interactions, detect, and count which are found.

    A group is found where at least half of its members are in one reported cluster that is made mostly of them.

    Several groups share a copy, which is what makes the table quick. It must not make it rosy: correction for multiple
    tests is the milder the more pairs pass, so that groups help each other. A group counts at once where it passes by
    itself, the pairs of the other groups left out of the correction, and with room to spare; one that is found
    only with others is planted again, alone, and that decides.

    Args:
        threads: the answer does not depend on it.
        progress: is told what is done, how much of it and the whole.
    """
    ground = grounds(columns, trials.age_s)
    shapes = trials.shapes()
    asked = [s for _ in range(trials.repeats) for s in shapes if ground.holds(s)]
    members, detections = _members_found(
        columns, parameters, ground, asked, trials.seed, lambda c: search(c, parameters, threads=threads), progress
    )
    cells = []
    for shape in shapes:
        got = members[[a == shape for a in asked]] if asked else np.empty(0)
        share = float(got.mean()) / shape.size if len(got) else 0.0
        cells.append(Cell(shape.size, shape.posts, len(got), int(np.count_nonzero(got)), round(share, 4)))
    return Power(trials, tuple(cells), detections)


def _members_found(
    columns: InteractionColumns,
    parameters: Parameters,
    ground: Grounds,
    shapes: list[Shape],
    seed: int,
    detected: Callable[[InteractionColumns], Search],
    progress: Progress,
) -> tuple[Codes, int]:
    """For each shape the members of its group that were found, 0 where it was not; and the detections made."""
    members = np.zeros(len(shapes), np.int64)
    detections = 0
    for number, chosen in enumerate(copies(shapes, ground)):
        progress(Note("progress.planting"), chosen[0], len(shapes))
        rng = np.random.default_rng([seed, number])
        groups = plan(columns, ground, [shapes[c] for c in chosen], rng)
        found = detected(spike(columns, groups))
        detections += 1
        for position, group in zip(chosen, groups, strict=True):
            got = in_one_cluster(found, group.members)
            alone = _alone(found, group, groups, parameters.fdr) if got else False
            if alone is None:
                got = in_one_cluster(detected(spike(columns, [group])), group.members)
                detections += 1
            members[position] = 0 if alone is False else got
    progress(Note("progress.planting"), len(shapes), len(shapes))
    return members, detections


def in_one_cluster(found: Search, members: Codes) -> int:
    """Members in the cluster that holds most of them, if it holds half of them and is made mostly of them; else 0."""
    clusters = found.clusters
    theirs = np.bincount(clusters.of[np.isin(clusters.member, members)], minlength=len(clusters) + 1)[1:]
    enough = (2 * theirs >= len(members)) & (2 * theirs > clusters.size)
    return int(theirs[enough].max(initial=0))


def _alone(found: Search, group: Group, groups: list[Group], fdr: float | None) -> bool | None:
    """Whether a group that was found with others would be found without; None where only a trial can tell.

    It would be where pairs that pass by themselves, with room to spare, hold half of it together. It would not be
    where even a more lenient bound leaves none of its pairs a candidate, with which a cluster begins.
    """
    null_test = found.null_test
    if fdr is None or null_test is None or len(groups) == 1:
        return True
    others = np.zeros(found.actions.accounts, np.bool_)
    for other in groups:
        others[other.members] = other is not group
    # A p above the rate is never part of what passes.
    likely = null_test.log10_p <= np.log10(min(1.0, _LENIENT * fdr))
    first, second, log10_p = found.pairs.first[likely], found.pairs.second[likely], null_test.log10_p[likely]
    own = ~(others[first] | others[second])
    first, second = first[own], second[own]
    log10_q = benjamini_hochberg(log10_p[own], max(null_test.tests.number, len(first)))
    inside = np.isin(first, group.members) & np.isin(second, group.members)

    def held(rate: float) -> int:
        tied = inside & (log10_q <= np.log10(rate))
        core = two_core(found.actions.accounts, first[tied], second[tied])
        return len(np.unique(np.concatenate([first[tied][core], second[tied][core]])))

    if 2 * held(_STRICT * fdr) >= len(group.members):
        return True
    tests = max(null_test.tests.number, len(found.pairs))
    begins = inside & ((log10_q <= np.log10(_LENIENT * fdr)) | (log10_p[own] <= largest(tests) + np.log10(_LENIENT)))
    return None if begins.any() else False

"""Power: which groups would have been found in these data, had they been there?"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Final

import msgspec
import numpy as np

from graphwatch.detection.communities import two_core
from graphwatch.detection.fdr import benjamini_hochberg
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Search, search
from graphwatch.detection.spike_in import Codes, Grounds, Group, Shape, copies, grounds, plan, spike
from graphwatch.detection.triads import largest
from graphwatch.model.tables import InteractionColumns

# Two-sided 95 %.
_Z: Final = 1.959963984540054
# Other groups in a copy shift the measure of chance a little: nearer to the rate than this, a group is planted alone.
_STRICT: Final = 0.7
_LENIENT: Final = 1.5

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Trials:
    """Which groups are planted: every size with every number of posts, `repeats` times each."""

    sizes: tuple[int, ...]
    posts: tuple[int, ...]
    spread_s: float
    joins: float
    repeats: int
    seed: int

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
        return json.dumps(asdict(self.trials) | {"detections": self.detections, "cells": cells}, sort_keys=True)

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
    progress: Progress = lambda *_: None,
) -> Power:
    """Plant groups into copies of the interactions, detect, and count which are found.

    A group is found where at least half of its members are in one reported cluster that is made mostly of them.

    Several groups share a copy, which is what makes the table quick. It must not make it rosy: correction for multiple
    tests is the milder the more pairs pass, so that groups help each other. A group counts at once where it passes by
    itself, the pairs of the other groups left out of the correction, and with room to spare; one that is found
    only in company is planted again, alone, and that decides.

    Args:
        threads: the answer does not depend on it.
        progress: is told what is done, how much of it and the whole.
    """
    ground = grounds(columns)
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
        progress("planting groups", chosen[0], len(shapes))
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
    progress("planting groups", len(shapes), len(shapes))
    return members, detections


def in_one_cluster(found: Search, members: Codes) -> int:
    """Members in the cluster that holds most of them, if it holds half of them and is made mostly of them; else 0."""
    clusters = found.clusters
    theirs = np.bincount(clusters.of[np.isin(clusters.member, members)], minlength=len(clusters) + 1)[1:]
    enough = (2 * theirs >= len(members)) & (2 * theirs > clusters.size)
    return int(theirs[enough].max(initial=0))


def _alone(found: Search, group: Group, groups: list[Group], fdr: float | None) -> bool | None:
    """Whether a group that was found in company would be found without; None where only a trial can tell.

    It would be where pairs that pass by themselves, with room to spare, hold half of it together. It would not be
    where even a more lenient bound leaves none of its pairs a candidate, with which a cluster begins.
    """
    chance = found.chance
    if fdr is None or chance is None or len(groups) == 1:
        return True
    others = np.zeros(found.actions.accounts, np.bool_)
    for other in groups:
        others[other.members] = other is not group
    # A p above the rate is never part of what passes.
    likely = chance.log10_p <= np.log10(min(1.0, _LENIENT * fdr))
    first, second, log10_p = found.pairs.first[likely], found.pairs.second[likely], chance.log10_p[likely]
    own = ~(others[first] | others[second])
    first, second = first[own], second[own]
    log10_q = benjamini_hochberg(log10_p[own], max(chance.tests.number, len(first)))
    inside = np.isin(first, group.members) & np.isin(second, group.members)

    def held(rate: float) -> int:
        tied = inside & (log10_q <= np.log10(rate))
        core = two_core(found.actions.accounts, first[tied], second[tied])
        return len(np.unique(np.concatenate([first[tied][core], second[tied][core]])))

    if 2 * held(_STRICT * fdr) >= len(group.members):
        return True
    tests = max(chance.tests.number, len(found.pairs))
    begins = inside & ((log10_q <= np.log10(_LENIENT * fdr)) | (log10_p[own] <= largest(tests) + np.log10(_LENIENT)))
    return None if begins.any() else False

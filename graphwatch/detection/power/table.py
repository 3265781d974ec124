"""The table of power: for each family, window and age of posts, which planted groups are found."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Final, NamedTuple
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

from graphwatch.common.notes import Note
from graphwatch.common.progress import Progress, silent
from graphwatch.detection.power.fields import Field
from graphwatch.detection.power.planting import LATER, Age, Codes, Shape
from graphwatch.model.scope import ALL, FAMILIES
from graphwatch.settings import POWER_POSTS, POWER_POSTS_OF

# Two-sided 95 %.
_Z: Final = 1.959963984540054
# Where none of so many is found, nine in ten would not be: no more are planted.
_FIRST: Final = 6
# Of how many parts progress is told.
_WHOLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Trials:
    """Which groups are planted: every size with every number of posts, up to `repeats` times each.

    Attributes:
        posts: on which groups act; none for the usual numbers of each layer.
        spread_s: standard deviation, in seconds, of the members' times on one post; half of the window where None.
        age_s: groups act while posts are at most so many seconds old; where None, at each of three ages.
    """

    sizes: tuple[int, ...]
    posts: tuple[int, ...]
    spread_s: float | None
    joins: float
    repeats: int
    seed: int
    age_s: float | None = None

    def shapes(self, layer: str = ALL) -> list[Shape]:
        """The cells of a layer, by size, then posts."""
        posts = self.posts or POWER_POSTS_OF.get(layer, POWER_POSTS)
        return [Shape(size, number, self.joins) for size in self.sizes for number in posts]


@dataclass(frozen=True, slots=True)
class Cell:
    """Groups of one size and number of posts.

    Attributes:
        size, posts: of the groups; where objects are no posts, how many of these.
        planted, found: how many there were, and how many of them were found; none where the data are too small.
        members: mean share of a group's members that were found; a group that was not found counts 0.
        layer: all, the name of a further window, or that of a family.
        age: of the posts when the groups act on them; None where that is not asked.
    """

    size: int
    posts: int
    planted: int
    found: int
    members: float
    layer: str = ALL
    age: Age | None = LATER

    @property
    def share(self) -> float | None:
        """Share of the groups that was found; None where none could be planted."""
        return self.found / self.planted if self.planted else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies with 95 % confidence."""
        return wilson(self.found, self.planted)


class Line(NamedTuple):
    """The cells of one layer and one age of posts."""

    layer: str
    age: Age | None
    cells: tuple[Cell, ...]

    def weakest_found(self, share: float = 0.9) -> Cell | None:
        """The smallest groups of which at least that share was found, at the least posts at which it was."""
        enough = [c for c in self.tried if (c.share or 0.0) >= share]
        return min(enough, key=lambda c: (c.size, c.posts), default=None)

    @property
    def tried(self) -> list[Cell]:
        """The cells of which groups could be planted."""
        return [c for c in self.cells if c.planted]


@dataclass(frozen=True, slots=True)
class Power:
    """The table, what it was asked, and how many detections it took.

    Attributes:
        window_ms: the window of the layer `all`; None in tables of before, which did not keep it.
        accounts: of how many accounts groups were made.
        of_roster: whether these are the roster's.
        untested: layers for which the data have too little.
        unasked: families at which the question does not look.
    """

    trials: Trials
    cells: tuple[Cell, ...]
    detections: int
    window_ms: int | None = None
    accounts: int | None = None
    of_roster: bool = False
    untested: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    def lines(self) -> list[Line]:
        """The cells by layer and age, in their order."""
        keys = dict.fromkeys((c.layer, c.age) for c in self.cells)
        return [Line(*key, tuple(c for c in self.cells if (c.layer, c.age) == key)) for key in keys]

    def as_json(self) -> str:
        """As a Run keeps it."""
        cells = [
            asdict(c) | {"share": c.share, "low": round(c.interval[0], 4), "high": round(c.interval[1], 4)}
            for c in self.cells
        ]
        kept = {name: value for name, value in asdict(self).items() if name not in ("trials", "cells")}
        tried = {name: value for name, value in asdict(self.trials).items() if value is not None}
        return json.dumps(tried | kept | {"cells": cells}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Power":
        """What `as_json` wrote; a table of before is that of one window, and of one age."""
        kept: dict[str, Any] = json.loads(text)
        if "window_ms" not in kept:
            age = LATER if "age_s" not in kept else Age(0.0, kept["age_s"])
            kept |= {"cells": [cell | {"age": age} for cell in kept["cells"]], "unasked": FAMILIES}
        return msgspec.convert({**kept, "trials": {"spread_s": None, **kept}}, cls)


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


def tried_on(fields: Sequence[Field], trials: Trials, *, progress: Progress = silent) -> tuple[tuple[Cell, ...], int]:
    """Plant groups into copies of the data, detect, and count which are found; and how many detections that took.

    A group is found where at least half of its members are in one reported cluster that is made mostly of them. Of a
    size and number of posts of which none of the first six is found no more are planted.

    Several groups share a copy, which is what makes the table quick. It must not make it rosy: correction for multiple
    tests is the milder the more pairs pass, so that groups help each other. So a group counts where it is found with
    the pairs of the other groups left out of the correction and of the clusters.

    Args:
        progress: is told what is done, how much of it and the whole.
    """
    cells: list[Cell] = []
    detections = 0
    whole = sum(field.work for field in fields) or 1.0
    before = 0.0
    for field in fields:
        begin, part = before, field.work

        def told(done: float, begin: float = begin, part: float = part) -> None:
            progress(Note("progress.planting"), int(_WHOLE * (begin + part * done) / whole), _WHOLE)

        of_field, number = _tried(field, trials, told)
        cells += of_field
        detections += number
        before += field.work
    progress(Note("progress.planting"), _WHOLE, _WHOLE)
    return tuple(cells), detections


def _tried(field: Field, trials: Trials, told: Callable[[float], None]) -> tuple[list[Cell], int]:
    """The cells of one field: first a few groups of each, then the rest of those of which some are found."""
    shapes = trials.shapes(field.layer)
    members: list[list[int]] = [[] for _ in shapes]
    left = [s for s, shape in enumerate(shapes) if field.ground.holds(shape)]
    detections, first = 0, min(_FIRST, trials.repeats)
    for stage, repeats in enumerate((first, trials.repeats - first)):
        asked = [s for _ in range(repeats) for s in left]
        seed = [trials.seed, crc32(f"{field.layer} {field.age}".encode()), stage]
        begin = stage * first / trials.repeats

        def share(done: float, begin: float = begin, part: float = repeats / trials.repeats) -> None:
            told(begin + part * done)

        got, number = _members_found(field, [shapes[s] for s in asked], seed, share)
        for s, found in zip(asked, got.tolist(), strict=True):
            members[s].append(found)
        left = [s for s in left if any(members[s])]
        detections += number
    return [_cell(field, *each) for each in zip(shapes, members, strict=True)], detections


def _cell(field: Field, shape: Shape, members: list[int]) -> Cell:
    share = sum(members) / (shape.size * len(members)) if members else 0.0
    found = sum(number > 0 for number in members)
    return Cell(shape.size, shape.posts, len(members), found, round(share, 4), field.layer, field.age)


def _members_found(
    field: Field, shapes: list[Shape], seed: list[int], told: Callable[[float], None]
) -> tuple[Codes, int]:
    """For each shape the members of its group that were found, 0 where it was not; and the detections made."""
    members = np.zeros(len(shapes), np.int64)
    detections = 0
    for number, chosen in enumerate(field.ground.copies(shapes)):
        told(chosen[0] / len(shapes))
        groups = field.ground.plan([shapes[c] for c in chosen], np.random.default_rng([*seed, number]))
        seen = field.look(groups)
        detections += 1
        for position, group in zip(chosen, groups, strict=True):
            if len(groups) > 1 and seen.cluster_of[group.members].any():
                others = np.zeros(len(seen.cluster_of), np.bool_)
                others[np.concatenate([other.members for other in groups if other is not group])] = True
                members[position] = in_one_cluster(seen.without(others), group.members)
            else:
                members[position] = in_one_cluster(seen.cluster_of, group.members)
    return members, detections


def in_one_cluster(cluster_of: npt.NDArray[np.integer], members: Codes) -> int:
    """Members in the cluster that holds most of them, if it holds half of them and is made mostly of them; else 0.

    >>> cluster_of = np.array([1, 1, 1, 0, 2, 2, 2])
    >>> in_one_cluster(cluster_of, np.array([0, 1, 3])), in_one_cluster(cluster_of, np.array([4]))
    (2, 0)
    """
    size = np.bincount(cluster_of)[1:]
    theirs = np.bincount(cluster_of[members], minlength=len(size) + 1)[1:]
    enough = (2 * theirs >= len(members)) & (2 * theirs > size)
    return int(theirs[enough].max(initial=0))

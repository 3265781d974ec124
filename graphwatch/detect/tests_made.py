"""How many pairs the test against chance was asked of: what its p-values are corrected for."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graphwatch.detect import kernels, opportunity_kernels
from graphwatch.detect.counting import PIECES, Actions, Longs, Reals, among, even_pieces, on_threads, prune

# Above this many pairs of interactions the number is estimated from the pairs among a sample of accounts.
_VISITS: Final = 10_000_000
_FIRST_VISITS: Final = 5_000_000
_RELATIVE_ERROR: Final = 0.02
# Fewer accounts say too little of how much they differ.
_SAMPLE: Final = 500


@dataclass(frozen=True, slots=True)
class Tests:
    """How many pairs had enough opportunities to be asked; `relative_error` is above 0 where it is an estimate."""

    number: int
    relative_error: float


def count_tests(
    actions: Actions, coarse_ms: int, min_objects: int, *, seed: int = 0, threads: int | None = None
) -> Tests:
    """The number of pairs with at least `min_objects` opportunities, whether they reached the count or not.

    Counted where that looks at no more than ten million pairs of interactions; otherwise estimated from the pairs
    among a seeded sample of accounts, enlarged until its relative standard error is at most 2 %.

    Each account is sampled with a chance of its own, larger for those with much to look at, and a pair weighs the
    inverse of the chances of its two (Horvitz and Thompson 1952). The sum is linear in the accounts but for the pairs
    between them, so its variance is that of a sample of fixed size with unequal chances (Hájek 1964), in which what
    the sample does not know of each account's own sum adds to the error rather than to what is hidden.
    """
    left = prune(actions, coarse_ms, min_objects)
    low, high = kernels.windows(left.object, left.at_ms, coarse_ms)
    work = kernels.work_of(left.account, low, high, left.accounts)
    visits = int(work.sum())
    active = np.flatnonzero(work)
    size = float(len(active)) if visits <= _VISITS else max(_SAMPLE, len(active) * np.sqrt(_FIRST_VISITS / visits))
    random = np.random.default_rng(seed)
    while True:
        chance = _chances(work[active].astype(np.float64), size)
        chosen = _drawn(chance, random)
        weight = 1 / chance[chosen]
        found = weight * _partners(among(left, active[chosen])[0], coarse_ms, min_objects, weight, threads)
        number, error = found.sum() / 2, _error(found, chance[chosen])
        if error <= _RELATIVE_ERROR * number or len(chosen) == len(active):
            return Tests(round(number), float(error / max(number, 1e-9)))
        size *= max(1.5, (error / (_RELATIVE_ERROR * max(number, 1e-9))) ** 1.5)


def _chances(work: Reals, size: float) -> Reals:
    """The chance of each account to be among about `size`.

    A quarter of it is equal for all; the rest goes by work to the power of 1.5, between the partners of an account
    that meets many others often, which grow with its actions, and of one that meets them seldom, with their cube.
    """
    if size >= len(work):
        return np.ones(len(work))
    by_work = work**1.5
    share = 0.25 / len(work) + 0.75 * by_work / by_work.sum()
    chance = np.minimum(1.0, size * share)
    # What the certain ones do not need goes to the others.
    while (rest := size - chance.sum()) > 0.5:
        open = chance < 1
        chance[open] = np.minimum(1.0, chance[open] * (1 + rest / chance[open].sum()))
    return chance


def _drawn(chance: Reals, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Ascending places of a systematic sample in random order: of fixed size, each place with its chance."""
    order = random.permutation(len(chance))
    steps = np.floor(np.cumsum(chance[order]) + random.random())
    taken = np.diff(steps, prepend=0) > 0
    return np.sort(order[taken | (chance[order] >= 1)])


def _partners(actions: Actions, coarse_ms: int, min_objects: int, weight: Reals, threads: int | None) -> Reals:
    """For each account the summed weight of those with which it shares enough opportunities."""
    low, high = kernels.windows(actions.object, actions.at_ms, coarse_ms)
    work: Longs = kernels.work_of(actions.account, low, high, actions.accounts)

    def count(piece: tuple[int, int]) -> Any:
        return opportunity_kernels.partners_range(
            actions.account,
            actions.object,
            low,
            high,
            actions.position,
            actions.start,
            *piece,
            actions.accounts,
            min_objects,
            weight,
        )

    return np.concatenate(on_threads(count, even_pieces(work, PIECES), threads))


def _error(found: Reals, chance: Reals) -> float:
    """The standard error of the sum of `found`, of which each was in the sample with its chance."""
    doubt = 1 - chance
    if len(found) < 2 or not doubt.any():
        return 0.0
    centre = (doubt * found).sum() / doubt.sum()
    return float(np.sqrt(len(found) / (len(found) - 1) * (doubt * (found - centre) ** 2).sum()))

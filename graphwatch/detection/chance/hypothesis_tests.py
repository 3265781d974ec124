"""Many tests at once: upper tails in logarithms, how many pairs were asked, and the false discovery rate over them."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import special

from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.chance import opportunity_kernels
from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.pairs import Actions, Longs, Reals, among, prune
from graphwatch.detection.course import walk

_LN10 = np.log(10.0)
# Where a double begins to lose digits.
_SMALL = 1e-280


def hypergeometric(
    hits: npt.ArrayLike, drawn: npt.ArrayLike, marked: npt.ArrayLike, population: npt.ArrayLike
) -> tuple[Reals, Reals]:
    """Expected number of marked ones among those drawn without replacement, and log10 of the chance of `hits` or more.

    >>> expected, log10_p = hypergeometric([2], [2], [3], [6])
    >>> expected.tolist(), (10**log10_p).round(6).tolist()
    ([1.0], [0.2])
    """
    hits, drawn, marked, population = np.broadcast_arrays(hits, drawn, marked, population)
    expected = drawn * marked / np.maximum(population, 1)
    log10_p = np.zeros(hits.shape)
    asked = hits > 0
    if not asked.any():
        return expected, log10_p
    from scipy import stats  # takes longer than a small detection

    log10_p[asked] = stats.hypergeom.logsf(hits[asked] - 1, population[asked], marked[asked], drawn[asked]) / _LN10
    return expected, np.minimum(log10_p, 0.0)


def binomial(hits: npt.ArrayLike, drawn: npt.ArrayLike, chance: npt.ArrayLike) -> Reals:
    """log10 of the chance of `hits` or more among `drawn`, each with that chance; hits and drawn need not be whole.

    The tail is the regularised incomplete beta function I_chance(hits, drawn - hits + 1). Where that is too small for
    a double, x^a (1-x)^b / (a B(a, b)) · F(a + b, 1; a + 1; x) gives its logarithm.

    >>> (10 ** binomial([1, 0], [2, 2], [0.5, 0.5])).round(6).tolist()
    [0.75, 1.0]
    """
    hits, drawn, chance = (np.asarray(v, np.float64) for v in np.broadcast_arrays(hits, drawn, chance))
    log10_p = np.zeros(hits.shape)
    asked = (hits > 0) & (chance < 1)
    a, b, x = hits[asked], (drawn - hits)[asked] + 1, chance[asked]
    plain = special.betainc(a, b, x)
    with np.errstate(divide="ignore"):
        found = np.log(plain)
        small = plain < _SMALL
        a, b, x = a[small], b[small], x[small]
        series = np.log(special.hyp2f1(a + b, 1, a + 1, x))
        found[small] = a * np.log(x) + b * np.log1p(-x) - np.log(a) - special.betaln(a, b) + series
    log10_p[asked] = np.minimum(found / _LN10, 0.0)
    return log10_p


def benjamini_hochberg(log10_p: npt.ArrayLike, tests: float) -> Reals:
    """log10 of the q-value of each p-value: the smallest false discovery rate at which it would be reported.

    q of the i-th smallest p is the least of p_j · tests / j over j ≥ i, at most 1 (Benjamini and Hochberg 1995,
    in its adjusted form). All in logarithms, so that neither p nor q underflows. Equal p give equal q; order of
    the input does not matter.

    Args:
        log10_p: of the tests whose p-value is known; `-inf` stands for p = 0.
        tests: how many tests were made in all. Those that are not given count as p = 1, which can only make q larger.

    Raises:
        ValueError: fewer tests than p-values, or a p-value above 1 or not a number.

    >>> (10 ** benjamini_hochberg([-3.0, -2.0, 0.0], 10)).round(6).tolist()
    [0.01, 0.05, 1.0]
    """
    log10_p = np.asarray(log10_p, np.float64)
    if tests < len(log10_p):
        raise ValueError(f"{len(log10_p)} p-values cannot come from {tests} tests")
    if not (log10_p <= 0).all():
        raise ValueError("log10 of a p-value is 0 or less")
    if not len(log10_p):
        return log10_p.copy()
    order = np.argsort(log10_p, kind="stable")
    raised = log10_p[order] + (math.log10(tests) - np.log10(np.arange(1, len(order) + 1)))
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 0.0)
    return adjusted


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
    work: Longs = kernels.work_of(left.account, low, high, left.accounts)
    visits, active = int(work.sum()), int(np.count_nonzero(work))
    size = float(active) if visits <= _VISITS else max(_SAMPLE, active * np.sqrt(_FIRST_VISITS / visits))
    random = np.random.default_rng(seed)
    while True:
        drawn = pairs_by_sample(left, work, size, coarse_ms, min_objects, random, threads)
        if drawn.relative_error <= _RELATIVE_ERROR or drawn.accounts == active:
            return Tests(drawn.number, drawn.relative_error)
        size *= max(1.5, (drawn.relative_error / _RELATIVE_ERROR) ** 1.5)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number of pairs by a sample: its relative standard error, the accounts in it, and what was looked at."""

    number: int
    relative_error: float
    accounts: int
    visits: int


def pairs_by_sample(
    actions: Actions,
    work: Longs,
    size: float,
    window_ms: int,
    least: int,
    random: np.random.Generator,
    threads: int | None = None,
) -> Drawn:
    """The number of pairs that are within the window on at least `least` objects, from those among some accounts.

    Args:
        work: for each account the pairs of interactions to be looked at; those with none are in no pair.
        size: about how many accounts to draw; no error where that is all of them.
    """
    chosen, weight = drawn_accounts(work, size, random)
    partners, visits = _partners(among(actions, chosen)[0], window_ms, least, weight, threads)
    found: Reals = weight * partners
    number, error = found.sum() / 2, _error(found, 1 / weight)
    return Drawn(round(number), float(error / max(number, 1e-9)), len(chosen), visits)


def drawn_accounts(work: Longs, size: float, random: np.random.Generator) -> tuple[Longs, Reals]:
    """About so many accounts, ascending, and the inverse of the chance of each; who has much to look at is likelier.

    Args:
        work: for each account the pairs of interactions to be looked at; those with none are in no pair.
    """
    active = np.flatnonzero(work)
    chance = _chances(work[active].astype(np.float64), size)
    chosen = _drawn(chance, random)
    return active[chosen], 1 / chance[chosen]


def _chances(work: Reals, size: float) -> Reals:
    """The chance of each account to be among about `size`.

    A quarter of it is equal for all; the rest goes by work to the power of 1.5, between the partners of an account
    that meets many others often, which grow with its actions, and of one that meets them seldom, with their cube.
    """
    if size >= len(work):
        return np.ones(len(work), np.float64)
    by_work = work**1.5
    share = 0.25 / len(work) + 0.75 * by_work / by_work.sum()
    chance: Reals = np.minimum(1.0, size * share)
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
    places: Longs = np.sort(order[taken | (chance[order] >= 1)])
    return places


def _partners(actions: Actions, window_ms: int, least: int, weight: Reals, threads: int | None) -> tuple[Reals, int]:
    """For each account the summed weight of those it is with on enough objects; and what was looked at."""
    low, high = kernels.windows(actions.object, actions.at_ms, window_ms)
    work: Longs = kernels.work_of(actions.account, low, high, actions.accounts)
    bits, met, planes, shift = opportunity_kernels.blocks_of(actions.account, actions.accounts, least)

    def count(piece: Piece) -> Any:
        return opportunity_kernels.partners_range(
            actions.account,
            actions.object,
            low,
            high,
            actions.position,
            actions.start,
            *piece,
            actions.accounts,
            least,
            weight,
            (bits, met.copy(), planes.copy(), shift),
        )

    return np.concatenate(walk(count, even_pieces(work), threads)), int(work.sum())


def _error(found: Reals, chance: Reals) -> float:
    """The standard error of the sum of `found`, of which each was in the sample with its chance."""
    doubt = 1 - chance
    if len(found) < 2 or not doubt.any():
        return 0.0
    centre = (doubt * found).sum() / doubt.sum()
    return float(np.sqrt(len(found) / (len(found) - 1) * (doubt * (found - centre) ** 2).sum()))

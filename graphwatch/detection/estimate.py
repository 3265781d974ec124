"""Estimate: what a detection will look at and cost, before any of it is done."""

import os
import time
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np

from graphwatch.detection.chance import opportunity_kernels
from graphwatch.detection.chance.hypothesis_tests import drawn_accounts, pairs_by_sample
from graphwatch.detection.chance.null_model import chance_of, coarse_window, fit_timing
from graphwatch.detection.config import DetectionConfig
from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.pairs import (
    Actions,
    Longs,
    Pairs,
    among,
    arrange,
    count_pairs,
    described,
    prune,
    shorter,
)
from graphwatch.detection.families.bicm import fit, shared_by_chance
from graphwatch.detection.families.bicm_kernels import degrees
from graphwatch.detection.families.gathering import InSight, families_in_sight
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.question import check_something_to_see, parameters_of
from graphwatch.model.tables import InteractionColumns
from graphwatch.store.workspace import Workspace

# Pairs of interactions looked at to learn what one costs and how many accounts meet often enough: about 0.1 s.
_SAMPLED_VISITS: Final = 5_000_000
# The test looks at the coarse window this often, each time, at a million interactions, at about so many pairs of them.
_TEST_PASSES: Final = 2
_TEST_VISITS: Final = 15_000_000
# Sorting and indexing are done about so many times in all.
_ROW_PASSES: Final = 2
# Actions that are gone through to learn what describing and testing pairs costs, and pairs to learn what their shared
# interest does; and of how many actions finding a pair is the worth.
_SAMPLED_EFFORT: Final = 6_000_000
_SAMPLED_PAIRS: Final = 1_000
_OF_A_PAIR: Final = 20
# What a family costs, in the time that sorting a row takes on this machine: reading and telling an act; comparing a
# letter of a text; looking at two accounts with one object.
_SORTED_ROWS: Final = 100_000
_ACT_ROWS, _LETTER_ROWS, _MEETING_ROWS = 60.0, 1.0, 0.4
# What is held of a row, of a pair and of an account on each thread, and by the program itself, in bytes.
_ROW_BYTES, _PAIR_BYTES, _ACCOUNT_BYTES, _PROGRAM_BYTES = 150, 300, 24, 250_000_000


_NEARLY_NOTHING: Final = arrange([0, 1, 2, 0], [0, 0, 1, 1], [0, 0, 0, 0])


@dataclass(frozen=True, slots=True)
class Sampled:
    """A number learnt from a seeded sample of accounts; `relative_error` is its standard error, 0 where all counted."""

    number: int
    relative_error: float


@dataclass(frozen=True, slots=True)
class Busy:
    """An object with much work: its interactions, and its share of the pairs of interactions to be looked at."""

    object: str
    interactions: int
    share: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a detection will look at and cost.

    Attributes:
        interactions, accounts, objects: what there is.
        untimed, observed, coarse: interactions that are left out for their times: they have none, it is when somebody
            looked, or it is known less precisely than the window.
        co_interactions, opportunities: pairs of actions of two accounts on one object within the window and within
            the coarse window; exact.
        visits, coarse_visits: pairs of interactions that counting and the test look at, after accounts that can be in
            no pair have been dropped; at most.
        pairs, tests: pairs of accounts that will reach the count, and that have enough opportunities to be tested.
        busiest: the ten objects with most work.
        families: what there is of texts, links and likes without a time that a run will look at beside these.
        seconds, bytes: of the detection without reading and writing the store; seconds within a factor of about two on
            a machine that does nothing else, bytes their order of magnitude.

        What only the test needs is None where nothing is to be tested.
    """

    interactions: int
    untimed: int
    observed: int
    coarse: int
    accounts: int
    objects: int
    co_interactions: int
    opportunities: int | None
    visits: int
    coarse_visits: int | None
    pairs: Sampled
    tests: Sampled | None
    busiest: tuple[Busy, ...]
    seconds: float
    bytes: int
    families: tuple[InSight, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """One pass over the pairs of interactions within a window: their number, partners found, time of the sample."""

    together: int
    visits: int
    partners: Sampled
    seconds: float
    visit_seconds: float
    of_object: Longs
    left: Actions
    work: Longs
    size: float


def estimate_of(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    sampled: int = _SAMPLED_VISITS,
    seed: int = 0,
    threads: int | None = None,
) -> Estimate:
    """Count what can be counted in one walk, sample the rest, and time a bounded piece of the work on this machine.

    Args:
        sampled: pairs of interactions, about, that a sample may look at.
        seed: of the samples of accounts.
        threads: that the detection will have; as many as the machine has when left out.
    """
    # Once on nearly nothing, so that the clock does not time the loading of compiled code.
    _of_pairs(
        _look(_NEARLY_NOTHING, parameters.window_ms, 1, sampled, seed), replace(parameters, min_objects=1), 1, seed
    )
    begun = time.perf_counter()
    actions = arrange(columns.account, columns.object, columns.at_ms, columns.kind, accounts=len(columns.accounts))
    near = _look(actions, parameters.window_ms, parameters.min_objects, sampled, seed)
    far = None
    if parameters.fdr is not None:
        far = _look(actions, coarse_window(parameters.window_ms), parameters.min_objects, sampled, seed)
    row_seconds = time.perf_counter() - begun - near.seconds - (far.seconds if far else 0.0)
    threads = threads or os.cpu_count() or 1
    visiting = near.visits * near.visit_seconds
    if far:
        visiting += _TEST_PASSES * min(far.visits, _TEST_VISITS) * far.visit_seconds
    pairs, of_pairs = near.partners, _of_pairs(near, parameters, threads, seed)
    # All kinds alone are together as much work as all at once; half and twice the window are half and twice as much.
    searches = 1.0 + (1.0 if parameters.layers else 0.0) + (2.5 if parameters.sensitivity else 0.0)
    return Estimate(
        interactions=len(actions.account),
        **asdict(columns.left_out),
        accounts=int(np.count_nonzero(np.diff(actions.start))),
        objects=len(np.unique(actions.object)),
        co_interactions=near.together,
        opportunities=far.together if far else None,
        visits=near.visits,
        coarse_visits=far.visits if far else None,
        pairs=pairs,
        tests=far.partners if far else None,
        busiest=_busiest(columns, far or near),
        seconds=searches * (_ROW_PASSES * row_seconds + visiting / threads + of_pairs),
        bytes=_PROGRAM_BYTES
        + _ROW_BYTES * len(actions.account)
        + _PAIR_BYTES * pairs.number
        + threads * _ACCOUNT_BYTES * actions.accounts,
    )


def _look(actions: Actions, window_ms: int, min_objects: int, sampled: int, seed: int) -> _Look:
    """What one window holds; exact but for the partners, which are those of a sample of accounts."""
    low, high = kernels.windows(actions.object, actions.at_ms, window_ms)
    others = opportunity_kernels.others_within(
        actions.object, actions.at_ms, actions.position, actions.start, low, high, window_ms
    )
    left = prune(actions, window_ms, min_objects)
    low, high = kernels.windows(left.object, left.at_ms, window_ms)
    work: Longs = kernels.work_of(left.account, low, high, left.accounts)
    visits, active = int(work.sum()), int(np.count_nonzero(work))
    size = active if visits <= sampled else max(2.0, active * np.sqrt(sampled / visits))
    begun = time.perf_counter()
    drawn = pairs_by_sample(left, work, size, window_ms, min_objects, np.random.default_rng(seed), threads=1)
    seconds = time.perf_counter() - begun
    of_object = np.bincount(left.object, weights=high - low, minlength=1).astype(np.int64)
    partners = Sampled(drawn.number, round(drawn.relative_error, 4))
    visit_seconds = seconds / max(drawn.visits, 1)
    return _Look(int(others.sum()) // 2, visits, partners, seconds, visit_seconds, of_object, left, work, size)


def _of_pairs(look: _Look, parameters: Parameters, threads: int, seed: int) -> float:
    """Seconds that describing and testing all pairs will take, from some of those among a sample of accounts.

    Laying two accounts side by side costs what the less active one did: of the sample it is timed, and of all pairs it
    is estimated as their number is, each pair weighing the inverse of the chance to be drawn (Horvitz and Thompson).
    Shared interest is calculated once for pairs of equal degrees.
    """
    random = np.random.default_rng(seed)
    chosen, weight = drawn_accounts(look.work, look.size, random)
    some = among(look.left, chosen)[0]
    pairs = count_pairs(some, parameters.window_ms, parameters.min_objects, threads=1)
    if not len(pairs):
        return 0.0
    weights, efforts = weight[pairs.first] * weight[pairs.second], _OF_A_PAIR + shorter(some, pairs.first, pairs.second)
    tried = _together(some, pairs, efforts, random)
    first, second, n = pairs.first[tried], pairs.second[tried], pairs.n[tried]
    timing = None if parameters.fdr is None else fit_timing(some, parameters.window_ms, threads=1)
    begun: float = time.perf_counter()
    of_some = described(some, first, second, n, parameters.window_ms, 0, threads=1)
    if timing is not None:
        chance_of(some, of_some, timing, min_objects=parameters.min_objects, threads=1)
    each = (time.perf_counter() - begun) / efforts[tried].sum()
    seconds = float(each * (weights * efforts).sum())
    if timing is not None:
        few = np.sort(random.permutation(tried)[:_SAMPLED_PAIRS])
        seconds += _of_interest(look, chosen, pairs.taken(few), float(weights.sum()), parameters.min_objects)
    return seconds / threads


def _of_interest(look: _Look, chosen: Longs, pairs: Pairs, number: float, min_objects: int) -> float:
    """Seconds that testing so many pairs for shared interest will take on one thread: once for each two degrees.

    Args:
        pairs: some of those among the chosen accounts, by their places there.
    """
    left = look.left
    begun = time.perf_counter()
    of_account, of_object = degrees(left.object, left.position, left.start, int(left.object[-1]) + 1)
    model = fit(of_account, of_object)
    fitting = time.perf_counter() - begun
    first, second = of_account[chosen[pairs.first]], of_account[chosen[pairs.second]]
    begun = time.perf_counter()
    shared_by_chance(model, first, second, pairs.shared, threads=1)
    each = (time.perf_counter() - begun) / np.unique(np.sort([first, second], axis=0), axis=1).shape[1]
    different = int(np.count_nonzero(model.row_degree >= min_objects))
    return float(fitting + each * min(number, different * (different + 1) / 2))


def _together(actions: Actions, pairs: Pairs, efforts: Longs, random: np.random.Generator) -> Longs:
    """Some of the pairs, all those of an account together, as they are when all are gone through."""
    lengths = np.diff(actions.start)
    many = np.where(lengths[pairs.first] > lengths[pairs.second], pairs.first, pairs.second)
    order = np.argsort(random.permutation(actions.accounts)[many], kind="stable")
    enough = np.searchsorted(np.cumsum(efforts[order]), _SAMPLED_EFFORT) + 1
    return np.sort(order[:enough])


def _busiest(columns: InteractionColumns, look: _Look) -> tuple[Busy, ...]:
    rows, total = np.bincount(columns.object, minlength=1), max(int(look.of_object.sum()), 1)
    order = np.argsort(-look.of_object, kind="stable")[:10]
    return tuple(
        Busy(columns.objects[o].as_py(), int(rows[o]), round(int(look.of_object[o]) / total, 4))
        for o in order.tolist()
        if look.of_object[o]
    )


def estimate(workspace: Workspace, config: DetectionConfig, *, threads: int | None = None) -> "Estimate":
    """What `detect` with these arguments will look at, and the order of magnitude of its time and memory.

    See `Project.estimate`.
    """
    asked = parameters_of(workspace, config)
    columns = workspace.store.interactions(asked.scope, asked.window_ms)
    families = tuple(families_in_sight(workspace.store, asked, config.families))
    if not any(family.enough for family in families):
        check_something_to_see(workspace, asked.scope, columns)
    timed = estimate_of(columns, asked, threads=threads)
    tested = [family for family in families if family.enough]
    rows = sum(_ACT_ROWS * each.acts + _LETTER_ROWS * each.letters + _MEETING_ROWS * each.meetings for each in tested)
    return replace(timed, families=families, seconds=timed.seconds + rows * (_row_seconds() if tested else 0.0))


def _row_seconds() -> float:
    """How long this machine takes to sort a row, by two columns of a hundred thousand; the least of three times."""
    columns = np.random.default_rng(0).integers(0, 1 << 40, (2, _SORTED_ROWS))
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        np.lexsort(columns)
        taken.append(time.perf_counter() - begun)
    return min(taken) / _SORTED_ROWS

"""Growing: accounts that keep company with a cluster as a whole, though with no single member often enough.

A burst of a cluster is a set of two or more members' actions on one object, each within the window of the next. An
outside account that acted on the object within the coarse window of the burst had an opportunity; it succeeded if it
acted within the window of the burst.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from graphwatch.detect.chance import Timing
from graphwatch.detect.chance_kernels import tail
from graphwatch.detect.counting import Actions, Ints, Reals
from graphwatch.detect.multiple import benjamini_hochberg

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _Burst:
    """Members' actions on one object: places of the first and last among all actions, and the chance to be near."""

    first: int
    last: int
    chance: float


def grow(actions: Actions, cluster_of: Ints, timing: Timing, *, min_objects: int, fdr: float) -> Ints:
    """The cluster number of each account after growing; 0 for none.

    Args:
        cluster_of: for each account the number of its cluster, 0 for none.

    An account joins where its successes, on at least `min_objects` objects, are more than chance explains at the false
    discovery rate over all accounts tested; the best cluster where several would have it. Repeated a few times.
    """
    grown = cluster_of.copy()
    for _ in range(_ROUNDS):
        joins = _candidates(actions, grown, timing, min_objects)
        if not len(joins.account):
            break
        accepted = np.flatnonzero(benjamini_hochberg(joins.log10_p, joins.tests) <= np.log10(fdr))
        if not len(accepted):
            break
        # The strongest evidence is written last and stays.
        order = accepted[np.argsort(-joins.log10_p[accepted], kind="stable")]
        grown[joins.account[order]] = joins.cluster[order]
    return grown


@dataclass(frozen=True, slots=True)
class _Joins:
    """Accounts with enough successes, the cluster, log10 p; and how many had enough opportunities."""

    account: Ints
    cluster: Ints
    log10_p: Reals
    tests: int


def _candidates(actions: Actions, cluster_of: Ints, timing: Timing, min_objects: int) -> _Joins:
    found: list[tuple[int, int, float]] = []
    tests = 0
    for number in range(1, int(cluster_of.max(initial=0)) + 1):
        members = np.flatnonzero(cluster_of == number)
        seen = list(_seen(actions, members, cluster_of, timing))
        if not seen:
            continue
        account, place, chance, success = (np.concatenate(c) for c in zip(*seen, strict=True))
        order = np.lexsort((actions.object[place], account))
        account, place, chance, success = account[order], place[order], chance[order], success[order]
        bounds = [*np.flatnonzero(np.diff(account, prepend=-1)).tolist(), len(account)]
        for begin, end in pairwise(bounds):
            objects = actions.object[place[begin:end]]
            if len(np.unique(objects)) < min_objects:
                continue
            tests += 1
            hits = success[begin:end]
            if len(np.unique(objects[hits])) >= min_objects:
                p = tail(np.ascontiguousarray(chance[begin:end]), end - begin, int(hits.sum()))
                found.append((int(account[begin]), number, p))
    accounts, clusters, log10_p = zip(*found, strict=True) if found else ((), (), ())
    return _Joins(np.array(accounts, np.int32), np.array(clusters, np.int32), np.array(log10_p, float), tests)


def _seen(
    actions: Actions, members: npt.NDArray[np.int64], cluster_of: Ints, timing: Timing
) -> Iterator[tuple[Ints, npt.NDArray[np.int64], Reals, npt.NDArray[np.bool_]]]:
    """For each burst the outside accounts that had an opportunity: account, a place of the object, chance, success."""
    for burst in _bursts(actions, members, timing):
        here = actions.object[burst.first]
        begin, end = np.searchsorted(actions.object, [here, here + 1])
        times = actions.at_ms[begin:end]
        t0, t1 = actions.at_ms[burst.first], actions.at_ms[burst.last]
        low, high = np.searchsorted(times, [t0 - timing.coarse_ms, t1 + timing.coarse_ms + 1])
        account, at = actions.account[begin + low : begin + high], times[low:high]
        outside = cluster_of[account] == 0
        near = (at >= t0 - timing.window_ms) & (at <= t1 + timing.window_ms)
        accounts, which = np.unique(account[outside], return_inverse=True)
        success = np.zeros(len(accounts), bool)
        np.logical_or.at(success, which, near[outside])
        yield (accounts, np.full(len(accounts), burst.first), np.full(len(accounts), burst.chance), success)


def _bursts(actions: Actions, members: npt.NDArray[np.int64], timing: Timing) -> Iterator[_Burst]:
    """Runs of members' actions on one object, each within the window of the next, by two members or more."""
    places = np.sort(np.concatenate([actions.position[actions.start[m] : actions.start[m + 1]] for m in members]))
    object, at = actions.object[places], actions.at_ms[places]
    breaks = (np.diff(object) != 0) | (np.diff(at) > timing.window_ms)
    for run in np.split(places, np.flatnonzero(breaks) + 1):
        if len(np.unique(actions.account[run])) < 2:
            continue
        span = actions.at_ms[run[-1]] - actions.at_ms[run[0]]
        reach = (span + 2 * timing.window_ms) / (2 * timing.window_ms) if timing.window_ms else 1.0
        yield _Burst(int(run[0]), int(run[-1]), min(1.0, timing.rate[timing.bin[run[0]]] * reach))

"""Bursts, found once in a run, and what is to be said of a cluster as a whole: its pace, its hours, its ties."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphwatch.common.clock import day_numbers, hours_of_day
from graphwatch.common.compiled import compiled
from graphwatch.common.large_arrays import taken
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Pairs, Reals
from graphwatch.detection.groups.clusters import Clusters, inside_cluster


@dataclass(frozen=True, slots=True)
class Bursts:
    """Bursts: two or more members' actions on one object, each within the window of the next.

    Attributes:
        cluster, object: number of the cluster and code of the object, one entry a burst.
        members: distinct members that took part.
        most: distinct members within any one window; at least 2.
        first_ms, last_ms: its first and last action.
        begin, end: its actions are `place[begin:end]`, in order of time.
        place: positions of actions.
    """

    cluster: Ints
    object: Ints
    members: Ints
    most: Ints
    first_ms: Longs
    last_ms: Longs
    begin: Longs
    end: Longs
    place: Longs

    def __len__(self) -> int:
        return len(self.cluster)

    @property
    def inside(self) -> Mask:
        """For each entry of `place`, whether it is in a burst."""
        edges = np.zeros(len(self.place) + 1, np.int32)
        edges[self.begin] += 1
        edges[self.end] -= 1
        inside: Mask = np.cumsum(edges[:-1]) > 0
        return inside


@dataclass(frozen=True, slots=True)
class Acts:
    """The interactions of bursts as codes: those of burst b are `[start[b]:start[b + 1]]`, in order of time.

    `post` is a code of the post, whatever the run took for an object. Equal times are in order of account and kind, so
    that no engine decides it.
    """

    start: Longs
    account: Ints
    post: Ints
    kind: npt.NDArray[np.int8]
    at_ms: Longs


def acts_of(bursts: Bursts, actions: Actions, post: Ints) -> Acts:
    """What the bursts are made of.

    Args:
        post: of each action.
    """
    size = bursts.end - bursts.begin
    start = np.concatenate([[0], np.cumsum(size)])
    burst = np.repeat(np.arange(len(size)), size)
    place = bursts.place[np.repeat(bursts.begin - start[:-1], size) + np.arange(start[-1])]
    account, kind, at_ms = actions.account[place], actions.kind[place], actions.at_ms[place]
    order = np.lexsort((post[place], kind, account, at_ms, burst))
    return Acts(start, account[order], post[place[order]], kind[order], at_ms[order])


def find_bursts(actions: Actions, member: npt.ArrayLike, of: npt.ArrayLike, window_ms: int) -> Bursts:
    """The bursts of each cluster, in order of cluster, object and time.

    Args:
        member, of: account codes and the number of the cluster of each; an account is in one cluster.

    >>> from graphwatch.detection.counting.pairs import arrange
    >>> found = find_bursts(arrange([0, 1, 2, 0], [0, 0, 0, 1], [0, 50, 90, 0]), [0, 1, 2], [1, 1, 1], 50)
    >>> found.members.tolist(), found.most.tolist(), (found.last_ms - found.first_ms).tolist()
    ([3], [2], [90])
    """
    place, cluster = members_actions(actions, member, of)
    account, object, at_ms = actions.account[place], actions.object[place], actions.at_ms[place]
    new_object = (np.diff(cluster) != 0) | (np.diff(object) != 0)
    begin, end = stretches(len(place), new_object | (np.diff(at_ms) > window_ms))
    most = _most_within(begin, end, account, at_ms, window_ms, actions.accounts)
    # Two members in one chain of actions have two neighbours in it that are of different members.
    begin, end, most = begin[most > 1], end[most > 1], most[most > 1]
    members = np.array([len(np.unique(account[b:e])) for b, e in zip(begin, end, strict=True)], np.int32)
    return Bursts(cluster[begin], object[begin], members, most, at_ms[begin], at_ms[end - 1], begin, end, place)


def members_actions(actions: Actions, member: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Longs, Ints]:
    """Positions of the members' actions by cluster, object and time, and the cluster of each."""
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[np.asarray(member, np.int64)] = np.asarray(of, np.int32)
    cluster = taken(cluster_of, actions.account)
    place = np.flatnonzero(cluster)
    place = place[np.argsort(cluster[place], kind="stable")]
    return place, cluster[place]


def stretches(size: int, breaks: Mask) -> tuple[Longs, Longs]:
    """Beginning and end of each stretch of `size` rows, given where between two neighbours one ends."""
    if not size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cuts = np.flatnonzero(breaks) + 1
    return np.concatenate([[0], cuts]), np.concatenate([cuts, [size]])


@dataclass(frozen=True, slots=True)
class Ties:
    """The pairs of members that reached the count, taken together; all but `n_sum` are None where nothing was tested.

    Attributes:
        n_sum, opportunities_sum, expected_sum: co-interactions, opportunities, and what chance explains of these.
        q_min, q_median: smallest and median q.
    """

    n_sum: Longs
    opportunities_sum: Longs | None = None
    expected_sum: Reals | None = None
    q_min: Reals | None = None
    q_median: Reals | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry a cluster.

    Attributes:
        bursts, bursts_of_three: bursts; those with three or more members within one window.
        interactions: timed interactions of the members.
        burst_share: share of these that are in bursts.
        days: days in Asia/Jakarta on which a burst began.
        hours: interactions in bursts by hour of the day in Asia/Jakarta, 24 columns.
        half_time_s: median over objects of the shortest time that covers half of the members, seconds; not a
            number where no object saw half of them.
        half_objects: objects on which half of the members or more acted.
        ties: the pairs of members taken together.
    """

    bursts: Ints
    bursts_of_three: Ints
    interactions: Ints
    burst_share: Reals
    days: Ints
    hours: Ints
    half_time_s: Reals
    half_objects: Ints
    ties: Ties


def half_times(actions: Actions, member: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Ints, Ints, Longs]:
    """The shortest time that covers half of a cluster's members on one object: cluster, object, milliseconds.

    Only objects on which at least half of the members acted, odd halves rounded up.
    """
    place, cluster = members_actions(actions, member, of)
    account, object, at_ms = actions.account[place], actions.object[place], actions.at_ms[place]
    begin, end = stretches(len(place), (np.diff(cluster) != 0) | (np.diff(object) != 0))
    size = np.bincount(np.asarray(of, np.int64)) if np.size(of) else np.zeros(1, np.int64)
    need = np.maximum((size[cluster[begin]] + 1) // 2, 2)
    shortest = _shortest_cover(begin, end, account, at_ms, need, actions.accounts)
    covered = shortest >= 0
    return cluster[begin][covered], object[begin][covered], shortest[covered]


def gather(
    actions: Actions,
    pairs: Pairs,
    clusters: Clusters,
    bursts: Bursts,
    tested: tuple[Ints, Reals, Reals] | None,
) -> Evidence:
    """The evidence for each cluster.

    Args:
        bursts: of these clusters.
        tested: opportunities, expected count and q of each pair; None where nothing was tested.
    """
    count = len(clusters)
    inside = bursts.place[bursts.inside]
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[clusters.member] = clusters.of
    together = cluster_of[actions.account[inside]]
    interactions = _tally(cluster_of[actions.account[bursts.place]], count)
    of_half, _, half = half_times(actions, clusters.member, clusters.of)
    days = np.unique(np.stack([bursts.cluster.astype(np.int64), day_numbers(bursts.first_ms)]), axis=1)
    hour = hours_of_day(actions.at_ms[inside])
    hours = np.bincount((together.astype(np.int64) - 1) * 24 + hour, minlength=24 * count).reshape(count, 24)
    return Evidence(
        bursts=_tally(bursts.cluster, count),
        bursts_of_three=_tally(bursts.cluster[bursts.most > 2], count),
        interactions=interactions,
        burst_share=_tally(together, count) / np.maximum(interactions, 1),
        days=_tally(days[0], count),
        hours=hours.astype(np.int32),
        half_time_s=np.array([_median(half[of_half == number]) / 1000 for number in clusters.number.tolist()], float),
        half_objects=_tally(of_half, count),
        ties=_ties(pairs, cluster_of, count, tested),
    )


def _tally(cluster: npt.NDArray[np.integer], count: int) -> Ints:
    return np.bincount(cluster, minlength=count + 1)[1:].astype(np.int32)


def _median(values: Longs) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def _ties(pairs: Pairs, cluster_of: Ints, count: int, tested: tuple[Ints, Reals, Reals] | None) -> Ties:
    """Sums and quantiles over the pairs inside each cluster."""
    inside = inside_cluster(cluster_of, pairs)
    of = cluster_of[pairs.first[inside]]

    def total(values: Ints | Reals) -> Reals:
        sums: Reals = np.bincount(of, weights=values[inside], minlength=count + 1)[1:].astype(np.float64)
        return sums

    n_sum = total(pairs.n).astype(np.int64)
    if tested is None:
        return Ties(n_sum)
    opportunities, expected, q = tested
    quantiles = [q[inside][of == number] for number in range(1, count + 1)]
    return Ties(
        n_sum,
        total(opportunities).astype(np.int64),
        total(expected),
        np.array([values.min(initial=1.0) for values in quantiles], float),
        np.array([np.median(values) if len(values) else 1.0 for values in quantiles], float),
    )


@compiled
def _most_within(begin, end, account, at_ms, delta, accounts):  # type: ignore[no-untyped-def]
    """For each stretch of actions, in order of time, the most distinct accounts within any `delta`, inclusive.

    O(actions): a window slides along, with a dense count over accounts.
    """
    most = np.zeros(len(begin), np.int32)
    count = np.zeros(accounts, np.int32)
    for s in range(len(begin)):
        left, distinct = begin[s], 0
        for right in range(begin[s], end[s]):
            distinct += count[account[right]] == 0
            count[account[right]] += 1
            while at_ms[right] - at_ms[left] > delta:
                count[account[left]] -= 1
                distinct -= count[account[left]] == 0
                left += 1
            most[s] = max(most[s], distinct)
        for r in range(left, end[s]):
            count[account[r]] = 0
    return most


@compiled
def _shortest_cover(begin, end, account, at_ms, need, accounts):  # type: ignore[no-untyped-def]
    """For each stretch of actions, in order of time, the shortest time that holds `need[s]` distinct accounts.

    -1 where fewer acted. O(actions): the window gives up its first action as long as enough accounts remain.
    """
    shortest = np.full(len(begin), -1, np.int64)
    count = np.zeros(accounts, np.int32)
    for s in range(len(begin)):
        left, distinct = begin[s], 0
        for right in range(begin[s], end[s]):
            distinct += count[account[right]] == 0
            count[account[right]] += 1
            while distinct >= need[s]:
                span = at_ms[right] - at_ms[left]
                if shortest[s] < 0 or span < shortest[s]:
                    shortest[s] = span
                count[account[left]] -= 1
                distinct -= count[account[left]] == 0
                left += 1
        for r in range(left, end[s]):
            count[account[r]] = 0
    return shortest

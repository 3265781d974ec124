"""What is to be said of a cluster as a whole: its bursts, its pace, its hours, and its ties taken together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphwatch.common.clock import day_numbers, hours_of_day
from graphwatch.detection import evidence_kernels as kernels
from graphwatch.detection.bursts import Bursts, members_actions, stretches
from graphwatch.detection.clusters import Clusters, inside_cluster
from graphwatch.detection.counting import Actions, Ints, Longs, Pairs, Reals


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
    shortest = kernels.shortest_cover(begin, end, account, at_ms, need, actions.accounts)
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

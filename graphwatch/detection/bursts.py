"""What is a burst: found once in a run, for its evidence and to be kept with the interactions that it is made of."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphwatch.detection import evidence_kernels as kernels
from graphwatch.detection.clusters import Mask
from graphwatch.detection.counting import Actions, Ints, Longs


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

    >>> from graphwatch.detection.counting import arrange
    >>> found = find_bursts(arrange([0, 1, 2, 0], [0, 0, 0, 1], [0, 50, 90, 0]), [0, 1, 2], [1, 1, 1], 50)
    >>> found.members.tolist(), found.most.tolist(), (found.last_ms - found.first_ms).tolist()
    ([3], [2], [90])
    """
    place, cluster = members_actions(actions, member, of)
    account, object, at_ms = actions.account[place], actions.object[place], actions.at_ms[place]
    new_object = (np.diff(cluster) != 0) | (np.diff(object) != 0)
    begin, end = stretches(len(place), new_object | (np.diff(at_ms) > window_ms))
    most = kernels.most_within(begin, end, account, at_ms, window_ms, actions.accounts)
    # Two members in one chain of actions have two neighbours in it that are of different members.
    begin, end, most = begin[most > 1], end[most > 1], most[most > 1]
    members = np.array([len(np.unique(account[b:e])) for b, e in zip(begin, end, strict=True)], np.int32)
    return Bursts(cluster[begin], object[begin], members, most, at_ms[begin], at_ms[end - 1], begin, end, place)


def members_actions(actions: Actions, member: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Longs, Ints]:
    """Positions of the members' actions by cluster, object and time, and the cluster of each."""
    cluster_of = np.zeros(actions.accounts, np.int32)
    cluster_of[np.asarray(member, np.int64)] = np.asarray(of, np.int32)
    cluster = cluster_of[actions.account]
    place = np.flatnonzero(cluster)
    place = place[np.argsort(cluster[place], kind="stable")]
    return place, cluster[place]


def stretches(size: int, breaks: Mask) -> tuple[Longs, Longs]:
    """Beginning and end of each stretch of `size` rows, given where between two neighbours one ends."""
    if not size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cuts = np.flatnonzero(breaks) + 1
    return np.concatenate([[0], cuts]), np.concatenate([cuts, [size]])

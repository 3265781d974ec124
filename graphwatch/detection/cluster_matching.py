"""Cluster matching: which cluster of an earlier run a cluster continues, and what became of the clusters of a run.

A cluster is matched with the one that shares most of all members of the two (Jaccard), if that is half of them or more.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import pyarrow as pa

from graphwatch.model.scope import ALL, lasting
from graphwatch.repository.clusters import memberships
from graphwatch.repository.runs import complete_runs
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.run import Found, Ran

# With half of all members in common no third, disjoint cluster can have more in common with either.
LEAST_SHARED: Final = 0.5
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """The cluster that another is matched with, and the members that both have over those that either has."""

    cluster: K
    jaccard: float


class Earlier(Generic[K]):
    """Clusters by their keys, to match others with; of equally alike ones the first is taken."""

    def __init__(self, clusters: Mapping[K, Set[str]]) -> None:
        self._size = {key: len(members) for key, members in clusters.items()}
        self._place = {key: place for place, key in enumerate(clusters)}
        self._of: defaultdict[str, list[K]] = defaultdict(list)
        for key, members in clusters.items():
            for account in members:
                self._of[account].append(key)

    def match(self, members: Set[str], *, but: K | None = None) -> Match[K] | None:
        """The cluster, other than `but`, that has at least half of all members in common with these, if there is one.

        >>> Earlier({4: {"a", "b", "c", "d"}, 6: {"e", "f"}}).match({"a", "b", "c"})
        Match(cluster=4, jaccard=0.75)
        """
        shared = Counter(key for account in members for key in self._of.get(account, ()) if key != but)
        alike = {key: both / (len(members) + self._size[key] - both) for key, both in shared.items()}
        best = max(alike, key=lambda key: (alike[key], -self._place[key]), default=None)
        return None if best is None or alike[best] < LEAST_SHARED else Match(best, alike[best])


class Predecessors(NamedTuple):
    """The earlier run that a layer of a run continues, and by number which of its clusters."""

    run: str
    clusters: dict[int, Match[int]]


def predecessors(workspace: Workspace, ran: "Ran") -> dict[str, Predecessors]:
    """For each layer of a new run, what it continues of the latest complete run that asked the same of that layer.

    Two runs ask the same when at most the time range, the data, the seed and the other layers differ.
    """
    found: dict[str, Predecessors] = {}
    with workspace.store.session(of_record=True):
        earlier = _alike(workspace, ran.whole)
        for layer in ran.layers:
            run = next((run for run, layers in earlier if layer.layer in layers), None)
            if run is not None and len(layer.clusters):
                before = _by_number(memberships(workspace.store, run, layer.layer))
                found[layer.layer] = Predecessors(run, continued(_members_of(layer), before))
    return found


def continued(clusters: Mapping[int, Set[str]], before: Mapping[int, Set[str]]) -> dict[int, Match[int]]:
    """Each cluster that continues one of before, by number; of equally alike ones that with the smallest number."""
    earlier = Earlier({number: before[number] for number in sorted(before)})
    matches = {number: earlier.match(clusters[number]) for number in sorted(clusters)}
    return {number: match for number, match in matches.items() if match is not None}


def _alike(workspace: Workspace, found: "Found") -> list[tuple[str, set[str]]]:
    """Complete runs that asked the same, and the layers of each, the latest first."""
    asked = lasting(found.parameters.as_json())
    return [
        (run["id"], {ALL, *json.loads(run["layers"] or "{}")})
        for run in complete_runs(workspace)
        if lasting(run["parameters"]) == asked
    ]


def _members_of(found: "Found") -> dict[int, set[str]]:
    accounts = found.accounts.take(pa.array(found.clusters.member)).to_pylist()
    return _gathered(zip(found.clusters.of.tolist(), accounts, strict=True))


def _by_number(members: pa.Table) -> dict[int, set[str]]:
    return _gathered(zip(members["number"].to_pylist(), members["account"].to_pylist(), strict=True))


def _gathered(pairs: Any) -> dict[Any, set[str]]:
    found: defaultdict[Any, set[str]] = defaultdict(set)
    for key, account in pairs:
        found[key].add(account)
    return dict(found)


Key = tuple[str | None, int]


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """A cluster that is new, grown, shrunk, changed (as large, other members) or gone; numbers are those of its run."""

    change: str
    layer: str | None
    before: int | None
    after: int | None
    size_before: int
    size_after: int
    joined: int
    left: int
    jaccard: float


class Runs(NamedTuple):
    """Two runs that asked the same, and when the later one was made."""

    before: str
    after: str
    after_ms: int


def comparable_runs(workspace: Workspace) -> Runs | None:
    """The latest complete run and the one before it that asked the same; None where there is no such pair.

    As for what a cluster continues, time range, data, seed and layers may differ.
    """
    rows = complete_runs(workspace)
    for row in rows[1:]:
        if lasting(row["parameters"]) == lasting(rows[0]["parameters"]):
            return Runs(row["id"], rows[0]["id"], rows[0]["created_at_ms"])
    return None


def cluster_changes(workspace: Workspace, before: str, after: str) -> list[ClusterChange]:
    """What changed between two runs, in the order of the later one's numbers."""
    were, are = (_by_layer(memberships(workspace.store, run)) for run in (before, after))
    return compared(were, are)


def _by_layer(members: pa.Table) -> dict[Key, set[str]]:
    keys = zip(members["layer"].to_pylist(), members["number"].to_pylist(), strict=True)
    return _gathered(zip(keys, members["account"].to_pylist(), strict=True))


def compared(before: Mapping[Key, set[str]], after: Mapping[Key, set[str]]) -> list[ClusterChange]:
    """Clusters by (layer, number), compared by their members; a cluster continues one of its own layer.

    >>> [c.change for c in compared({("all", 1): {"a", "b", "c"}}, {("all", 2): {"a", "b", "c", "d"}})]
    ['grown']
    """
    earlier = {
        layer: Earlier({key: before[key] for key in sorted(before, key=lambda key: key[1]) if key[0] == layer})
        for layer in {key[0] for key in (*before, *after)}
    }
    found, continuing = [], set()
    for key, members in sorted(after.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        match = earlier[key[0]].match(members)
        if match is None:
            found.append(ClusterChange("new", key[0], None, key[1], 0, len(members), len(members), 0, 0.0))
            continue
        continuing.add(match.cluster)
        if before[match.cluster] != members:
            found.append(_as_change(match.cluster, before[match.cluster], key, members, match.jaccard))
    gone = sorted(set(before) - continuing, key=lambda key: (key[0] or "", key[1]))
    return found + [
        ClusterChange("gone", key[0], key[1], None, len(before[key]), 0, 0, len(before[key]), 0.0) for key in gone
    ]


def _as_change(old: Key, were: set[str], key: Key, are: set[str], jaccard: float) -> ClusterChange:
    change = "grown" if len(are) > len(were) else "shrunk" if len(are) < len(were) else "changed"
    sizes = (len(were), len(are), len(are - were), len(were - are))
    return ClusterChange(change, key[0], old[1], key[1], *sizes, jaccard)

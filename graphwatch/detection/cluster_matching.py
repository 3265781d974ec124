"""What became of the clusters of one run in a later one that asked the same."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from graphwatch.detection.counting import Ints, Reals
from graphwatch.model.scope import lasting
from graphwatch.repository.runs import complete_runs
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.findings import Predecessors
    from graphwatch.detection.layers import Ran
    from graphwatch.detection.run import Found

# With half of all members in common no third cluster can have more in common with either.
_LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Continued:
    """Clusters, the earlier cluster that each continues, and the members that both have over those that either has."""

    number: Ints
    earlier: Ints
    jaccard: Reals


def continued(
    member: npt.ArrayLike, of: npt.ArrayLike, earlier_member: npt.ArrayLike, earlier_of: npt.ArrayLike
) -> Continued:
    """Each cluster that has at least half of all members in common with an earlier one, beside that one.

    Args:
        member, of: account codes, and the number of the cluster that each is in; an account is in one at most.
        earlier_member, earlier_of: the same of the earlier run; a code below 0 is an account unknown to the later one.

    >>> continued([0, 1, 2, 3, 4, 5], [1, 1, 1, 2, 2, 2], [0, 1, 2, -1, 5, 6, 7], [4, 4, 4, 4, 6, 6, 6])
    Continued(number=array([1], dtype=int32), earlier=array([4], dtype=int32), jaccard=array([0.75]))
    """
    member, of = np.asarray(member, np.int64), np.asarray(of, np.int32)
    earlier_member, earlier_of = np.asarray(earlier_member, np.int64), np.asarray(earlier_of, np.int32)
    size, earlier_size = np.bincount(of), np.bincount(earlier_of)
    _, here, there = np.intersect1d(member, earlier_member, assume_unique=False, return_indices=True)
    couples, both = np.unique(np.stack([of[here], earlier_of[there]]), axis=1, return_counts=True)
    number, earlier = couples
    jaccard = both / (size[number] + earlier_size[earlier] - both)
    best = np.lexsort((earlier, -jaccard, number))
    first = best[np.flatnonzero(np.diff(number[best], prepend=-1))]
    kept = first[jaccard[first] >= _LEAST]
    return Continued(number[kept], earlier[kept], jaccard[kept])


def predecessors(workspace: Workspace, ran: "Ran") -> dict[str, "Predecessors"]:
    """For each layer of a new run, what it continues of the latest complete run that asked the same of that layer.

    Two runs ask the same when at most the time range, the data, the seed and the other layers differ.
    """
    found: dict[str, Predecessors] = {}
    with workspace.store.session():
        earlier = _alike(workspace, ran.whole)
        for layer in ran.layers:
            run = next((run for run, layers in earlier if layer.layer in layers), None)
            if run is not None and len(layer.clusters):
                found[layer.layer] = _continued(workspace, layer, run)
    return found


def _alike(workspace: Workspace, found: "Found") -> list[tuple[str, set[str]]]:
    """Complete runs that asked the same, and the layers of each, the latest first."""
    from graphwatch.detection.parameters import ALL

    rows: list[dict[str, Any]] = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND r.window_ms = $window_ms AND r.min_objects = $min_objects "
        "RETURN r.id AS id, r.parameters AS parameters, r.layers AS layers ORDER BY r.created_at_ms DESC, id",
        {"window_ms": found.parameters.window_ms, "min_objects": found.parameters.min_objects},
    ).to_pylist()
    asked = lasting(found.parameters.as_json())
    return [(r["id"], {ALL, *json.loads(r["layers"] or "{}")}) for r in rows if lasting(r["parameters"]) == asked]


def _continued(workspace: Workspace, found: "Found", run: str) -> "Predecessors":
    from graphwatch.detection.findings import Predecessors

    earlier = workspace.store.read(
        "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) WHERE k.run = $run AND k.layer = $layer "
        "RETURN a.id AS account, k.number AS number",
        {"run": run, "layer": found.layer},
    )
    code = pc.fill_null(pc.index_in(earlier["account"].combine_chunks(), value_set=found.accounts), -1)
    clusters = found.clusters
    return Predecessors(run, continued(clusters.member, clusters.of, code, earlier["number"]))


# Of two disjoint clusters of one run at most one shares more than half of its members with a cluster of the other.
CONTINUED: Final = 0.5

_MEMBERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(c:Cluster) WHERE m.run = $run "
    "RETURN a.id AS account, c.number AS number, c.layer AS layer"
)
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
    return compared(_members(workspace, before), _members(workspace, after))


def compared(before: Mapping[Key, set[str]], after: Mapping[Key, set[str]]) -> list[ClusterChange]:
    """Clusters by (layer, number), compared by their members.

    A cluster continues the one before it in its layer with which it shares most, if that is at least half of all
    members of the two.

    >>> [c.change for c in compared({("all", 1): {"a", "b", "c"}}, {("all", 2): {"a", "b", "c", "d"}})]
    ['grown']
    """
    of_account: dict[tuple[str | None, str], list[Key]] = {}
    for key, members in before.items():
        for account in members:
            of_account.setdefault((key[0], account), []).append(key)
    found, continued = [], set()
    for key, members in sorted(after.items(), key=lambda item: (item[0][0] or "", item[0][1])):
        shared = Counter(old for account in members for old in of_account.get((key[0], account), ()))
        overlaps = {old: n / (len(before[old]) + len(members) - n) for old, n in shared.items()}
        best = max(overlaps, key=lambda old: (overlaps[old], -old[1]), default=None)
        if best is None or overlaps[best] < CONTINUED:
            found.append(ClusterChange("new", key[0], None, key[1], 0, len(members), len(members), 0, 0.0))
            continue
        continued.add(best)
        if before[best] != members:
            found.append(_as_change(best, before[best], key, members, overlaps[best]))
    gone = sorted(set(before) - continued, key=lambda key: (key[0] or "", key[1]))
    return found + [
        ClusterChange("gone", key[0], key[1], None, len(before[key]), 0, 0, len(before[key]), 0.0) for key in gone
    ]


def _as_change(old: Key, were: set[str], key: Key, are: set[str], jaccard: float) -> ClusterChange:
    change = "grown" if len(are) > len(were) else "shrunk" if len(are) < len(were) else "changed"
    sizes = (len(were), len(are), len(are - were), len(were - are))
    return ClusterChange(change, key[0], old[1], key[1], *sizes, jaccard)


def _members(workspace: Workspace, run: str) -> dict[Key, set[str]]:
    rows = workspace.store.read(_MEMBERS, {"run": run})
    found: dict[Key, set[str]] = {}
    columns = (rows[name].to_pylist() for name in ("account", "layer", "number"))
    for account, layer, number in zip(*columns, strict=True):
        found.setdefault((layer, number), set()).add(account)
    return found

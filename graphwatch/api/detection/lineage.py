"""What became of the clusters of one run in a later one that asked the same."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from graphwatch.api.project import Project
from graphwatch.api.runs import complete_runs
from graphwatch.scope import lasting

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


def comparable_runs(project: Project) -> Runs | None:
    """The latest complete run and the one before it that asked the same; None where there is no such pair.

    As for what a cluster continues, time range, data, seed and layers may differ.
    """
    rows = complete_runs(project)
    for row in rows[1:]:
        if lasting(row["parameters"]) == lasting(rows[0]["parameters"]):
            return Runs(row["id"], rows[0]["id"], rows[0]["created_at_ms"])
    return None


def cluster_changes(project: Project, before: str, after: str) -> list[ClusterChange]:
    """What changed between two runs, in the order of the later one's numbers."""
    return compared(_members(project, before), _members(project, after))


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
            found.append(_continued(best, before[best], key, members, overlaps[best]))
    gone = sorted(set(before) - continued, key=lambda key: (key[0] or "", key[1]))
    return found + [
        ClusterChange("gone", key[0], key[1], None, len(before[key]), 0, 0, len(before[key]), 0.0) for key in gone
    ]


def _continued(old: Key, were: set[str], key: Key, are: set[str], jaccard: float) -> ClusterChange:
    change = "grown" if len(are) > len(were) else "shrunk" if len(are) < len(were) else "changed"
    sizes = (len(were), len(are), len(are - were), len(were - are))
    return ClusterChange(change, key[0], old[1], key[1], *sizes, jaccard)


def _members(project: Project, run: str) -> dict[Key, set[str]]:
    rows = project.store.read(_MEMBERS, {"run": run})
    found: dict[Key, set[str]] = {}
    columns = (rows[name].to_pylist() for name in ("account", "layer", "number"))
    for account, layer, number in zip(*columns, strict=True):
        found.setdefault((layer, number), set()).add(account)
    return found

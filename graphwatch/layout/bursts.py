"""Which posts tie a cluster together: those on which its members acted close in time."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from graphwatch.model import POST_INTERACTIONS

if TYPE_CHECKING:
    import networkx as nx


def tying_posts(graph: "nx.MultiDiGraph[str]") -> "dict[str, Counter[str]]":
    """For each cluster its posts, with the number of members who acted on it within the run's window of another.

    Clusters come by number. Where the graph has no run, or interactions have no time, there are none.
    """
    window = (graph.graph.get("run") or {}).get("window_ms") or 0
    nodes = [n for n, label in graph.nodes(data="label") if label == "Cluster"]
    nodes.sort(key=lambda n: (graph.nodes[n].get("number") or 0, str(n)))
    return {cluster: _tying(graph, members_of(graph, cluster), window) for cluster in nodes}


def members_of(graph: "nx.MultiDiGraph[str]", cluster: str) -> list[str]:
    """Accounts of a cluster, in order of their ids."""
    return sorted({start for start, _, type in graph.in_edges(cluster, data="type") if type == "MEMBER_OF"})


def _tying(graph: "nx.MultiDiGraph[str]", members: list[str], window: int) -> "Counter[str]":
    acted: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for account, post, attributes in graph.out_edges(members, data=True):
        if attributes["type"] in POST_INTERACTIONS and attributes.get("at_ms") is not None:
            acted[post].append((attributes["at_ms"], account))
    counts = {post: len(_together(sorted(times), window)) for post, times in acted.items()}
    return Counter({post: count for post, count in sorted(counts.items()) if count})


def _together(times: list[tuple[int, str]], window: int) -> set[str]:
    """Accounts that acted within the window of another account.

    >>> sorted(_together([(0, "a"), (5, "a"), (9, "b"), (30, "c")], 5))
    ['a', 'b']
    """
    found: set[str] = set()
    # Of all earlier actions only the latest, and the latest of somebody else, can be close to the next.
    latest: tuple[int, str] | None = None
    other: tuple[int, str] | None = None
    for at, account in times:
        if latest is not None and latest[1] != account:
            other = latest
        if other is not None and at - other[0] <= window:
            found |= {account, other[1]}
        latest = (at, account)
    return found

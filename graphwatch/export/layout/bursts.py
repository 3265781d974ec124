"""Which posts tie a cluster together: those on which its members acted close in time."""

from collections import Counter, defaultdict
from collections.abc import Container
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


def ties(graph: "nx.MultiDiGraph[str]", among: Container[str]) -> list[str]:
    """Posts that tie the clusters of these accounts, most members first, with their pages and the paslon of these."""
    counts: Counter[str] = Counter()
    for cluster, posts in tying_posts(graph).items():
        if all(member in among for member in members_of(graph, cluster)):
            counts |= posts
    supported: dict[str, list[str]] = defaultdict(list)
    for page, paslon, type in graph.edges(data="type"):
        if type == "SUPPORTS":
            supported[page].append(paslon)
    found: dict[str, None] = {}
    # The few pages come before the last posts, so that a post without its page is rare.
    for post in sorted(counts, key=lambda post: (-counts[post], post)):
        pages = sorted(start for start, _, type in graph.in_edges(post, data="type") if type == "PUBLISHED")
        behind = [paslon for page in pages for paslon in sorted(supported.get(page, ()))]
        found.update(dict.fromkeys([post, *pages, *behind]))
    return list(found)


def background(graph: "nx.MultiDiGraph[str]") -> set[str]:
    """Nodes that are neither a cluster nor in one nor tie one; none where there is no cluster."""
    members = {start for start, _, type in graph.edges(data="type") if type == "MEMBER_OF"}
    if not members:
        return set()
    shown = {*members, *ties(graph, members)}
    return {node for node, label in graph.nodes(data="label") if label != "Cluster" and node not in shown}


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

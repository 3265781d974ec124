"""The clusters of a network: their members, the bursts that their run found and kept, and the posts that tie them."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from graphwatch.model import POST_INTERACTIONS

if TYPE_CHECKING:
    import networkx as nx

Burst = Mapping[str, Any]


def clusters_of(graph: "nx.MultiDiGraph[str]") -> dict[str, list[str]]:
    """The nodes of the clusters, by number, with their members in order of their ids.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("R-1:1", label="Cluster", number=1)
    >>> _ = [graph.add_edge(account, "R-1:1", type="MEMBER_OF") for account in ("x:2", "x:1")]
    >>> clusters_of(graph)
    {'R-1:1': ['x:1', 'x:2']}
    """
    nodes = [n for n, label in graph.nodes(data="label") if label == "Cluster"]
    nodes.sort(key=lambda n: (graph.nodes[n].get("number") or 0, str(n)))
    return {n: sorted({s for s, _, type in graph.in_edges(n, data="type") if type == "MEMBER_OF"}) for n in nodes}


def bursts_of(graph: "nx.MultiDiGraph[str]") -> dict[str, list[Burst]]:
    """For each cluster of the graph its bursts, in order of time; clusters come by number.

    `graph.graph["bursts"]` holds them, each with the properties that the model declares. A cluster has none where an
    earlier version of graphwatch made its run, or where they were erased.
    """
    found: defaultdict[str, list[Burst]] = defaultdict(list)
    for burst in sorted(graph.graph.get("bursts") or (), key=lambda burst: (burst["cluster"], burst["number"])):
        found[burst["cluster"]].append(burst)
    return {node: found[graph.nodes[node].get("id", node)] for node in clusters_of(graph)}


def tying_posts(graph: "nx.MultiDiGraph[str]") -> "dict[str, Counter[str]]":
    """For each cluster its posts, with the number of members whose interactions with it are in a burst.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph(bursts=[{"cluster": "R-1:1", "number": 1, "interactions": ["i1", "i2"]}])
    >>> graph.add_node("R-1:1", label="Cluster", number=1)
    >>> for id, account in (("i1", "x:1"), ("i2", "x:2"), ("i3", "x:3")):
    ...     _ = graph.add_edge(account, "x:9", key=id, type="LIKED")
    >>> tying_posts(graph)
    {'R-1:1': Counter({'x:9': 2})}
    """
    acted = {
        key: (account, post)
        for account, post, key, type in graph.edges(keys=True, data="type")
        if type in POST_INTERACTIONS
    }
    return {cluster: _tying(bursts, acted) for cluster, bursts in bursts_of(graph).items()}


def _tying(bursts: list[Burst], acted: Mapping[str, tuple[str, str]]) -> "Counter[str]":
    members: defaultdict[str, set[str]] = defaultdict(set)
    for id in (id for burst in bursts for id in burst.get("interactions") or ()):
        if id in acted:
            account, post = acted[id]
            members[post].add(account)
    return Counter({post: len(members[post]) for post in sorted(members)})


def ties(graph: "nx.MultiDiGraph[str]", among: Container[str]) -> list[str]:
    """Posts that tie the clusters of these accounts, most members first, with their pages and the paslon of these."""
    counts: Counter[str] = Counter()
    members = clusters_of(graph)
    for cluster, posts in tying_posts(graph).items():
        if all(member in among for member in members[cluster]):
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

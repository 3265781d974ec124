"""The clusters of a network, for its drawing: members, posts that tie them, and groups that are laid out together."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

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


# Forces compare every pair of a disc: above this many nodes they take longer than they show.
LARGEST_LINKED: Final = 300
# Every disc is placed against all others; a crowd of tiny ones shares a disc instead.
_MOST_OTHERS: Final = 300
_PAGES: Final = ("Page", "Paslon")


@dataclass(slots=True)
class Group:
    """Nodes of one disc.

    Attributes:
        cluster: node of the cluster whose members are the core, if any.
        core: nodes that fill the disc.
        rim: nodes that stand around it.
        linked: whether relations among the core shape its places.
    """

    cluster: str | None = None
    core: list[str] = field(default_factory=list)
    rim: list[str] = field(default_factory=list)
    linked: bool = True


def groups_of(graph: "nx.MultiDiGraph[str]") -> list[Group]:
    """Groups that hold every node exactly once, those of clusters first, then by size."""
    clusters = _clusters(graph)
    home = {node: group for group in clusters for node in group.core}
    _take_rims(graph, home)
    taken = set(home) | {group.cluster for group in clusters}
    behind = background(graph)
    rest = sorted((node for node in graph if node not in taken), key=str)
    # What is not in sight at first is placed last, or it would leave holes.
    parts = ([node for node in rest if node not in behind], [node for node in rest if node in behind])
    others = [group for part in parts for group in _largest_first(_around_busy_nodes(graph, part, home))]
    groups = sorted(clusters, key=lambda group: -len(group.core) - len(group.rim)) + others
    for group in groups:
        group.linked = 1 < len(group.core) <= LARGEST_LINKED
        if not group.linked:
            # Without forces the landmarks stand in the middle, then the busiest.
            group.core.sort(key=lambda n: (graph.nodes[n]["label"] not in _PAGES, -graph.degree(n), str(n)))
    return groups


def _largest_first(groups: list[Group]) -> list[Group]:
    groups.sort(key=lambda group: -len(group.core))
    crowd = [node for group in groups[_MOST_OTHERS:] for node in group.core]
    return groups[:_MOST_OTHERS] + ([Group(core=crowd)] if crowd else [])


def _clusters(graph: "nx.MultiDiGraph[str]") -> list[Group]:
    placed: set[str] = set()
    groups = []
    for cluster, members in clusters_of(graph).items():
        groups.append(Group(cluster=cluster, core=[member for member in members if member not in placed]))
        placed.update(members)
    return groups


def _take_rims(graph: "nx.MultiDiGraph[str]", home: dict[str, Group]) -> None:
    """Give a cluster the posts that tie it, and posts and pages of whose neighbours it has more than half."""
    best: dict[str, tuple[int, Group]] = {}
    of_cluster = {group.cluster: group for group in home.values()}
    for cluster, posts in tying_posts(graph).items():
        for post, count in posts.items():
            if cluster in of_cluster and count > best.get(post, (0, None))[0]:
                best[post] = (count, of_cluster[cluster])
    for labels in (("Post",), _PAGES[:1], _PAGES[1:]):
        for node in sorted((n for n, label in graph.nodes(data="label") if label in labels), key=str):
            group = best[node][1] if node in best else _majority(graph, node, home, best)
            if group is not None:
                group.rim.append(node)
        for group in of_cluster.values():
            home.update(dict.fromkeys(group.rim, group))


def _majority(
    graph: "nx.MultiDiGraph[str]", node: str, home: dict[str, Group], tying: dict[str, tuple[int, Group]]
) -> Group | None:
    neighbours = {*graph.predecessors(node), *graph.successors(node)}
    # A page belongs to those whom its posts tied; its other posts say nothing about them.
    counted = neighbours & tying.keys() or neighbours
    seen = Counter(id(home[n]) for n in counted if n in home)
    if not seen:
        return None
    (most, count), *_ = seen.most_common(1)
    return next(home[n] for n in counted if n in home and id(home[n]) == most) if count * 2 > len(counted) else None


def _around_busy_nodes(graph: "nx.MultiDiGraph[str]", rest: list[str], home: dict[str, Group]) -> list[Group]:
    """Each node follows its busiest neighbour until one has none busier: that one gathers the group.

    Nodes without a neighbour among the rest are gathered in one group for each cluster they touch.
    """
    inside = set(rest)
    rank = {node: (graph.degree(node), str(node)) for node in rest}
    busier: dict[str, str] = {}
    for node in rest:
        neighbours = [n for n in {*graph.predecessors(node), *graph.successors(node)} if n in inside]
        top = max(neighbours, key=rank.__getitem__, default=node)
        busier[node] = top if rank[top] > rank[node] else node
    members: dict[str, list[str]] = defaultdict(list)
    for node in rest:
        top = node
        while busier[top] != top:
            top = busier[top]
        members[top].append(node)
    alone = [nodes[0] for nodes in members.values() if len(nodes) == 1]
    groups = [Group(core=nodes) for nodes in members.values() if len(nodes) > 1]
    beside: dict[str, list[str]] = defaultdict(list)
    for node in alone:
        touched = {*graph.predecessors(node), *graph.successors(node)}
        clusters = sorted(str(home[n].cluster) for n in touched if n in home)
        beside[clusters[0] if clusters else ""].append(node)
    return groups + [Group(core=nodes) for nodes in beside.values()]

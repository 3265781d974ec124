"""Which nodes stand together: clusters with what they acted on, and the rest around busy nodes."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graphwatch.export.layout.clusters import background, clusters_of, tying_posts

if TYPE_CHECKING:
    import networkx as nx

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

"""Parts of what was found: one cluster, one node's surroundings, the way between two, the answer to a query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwatch.errors import NothingFound, UsageError
from graphwatch.export.answers import answer, network_with
from graphwatch.export.graphs import graph, name_in
from graphwatch.model.declaring import Key
from graphwatch.repository.resolver import resolve
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx

    from graphwatch.analysis.tracing import Traced


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the data an export or a view is about; by default all that a run found.

    Attributes:
        run: id of a complete run, or latest.
        cluster: number of one of its clusters.
        ego: id, handle, address or pseudonym of a node of its network.
        path: two of these, between which the shortest paths are wanted.
        query: Cypher that only reads, and returns nodes, relations or paths.
        traced: what `Project.trace` found, with everything that makes a hop.
    """

    run: str = LATEST
    cluster: int | None = None
    ego: str | None = None
    path: tuple[str, str] | None = None
    query: str | None = None
    traced: "Traced | None" = None

    def __post_init__(self) -> None:
        given = [name for name in ("cluster", "ego", "path", "query", "traced") if getattr(self, name) is not None]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} cannot go together", remedy="Ask for one part at a time.")


def part_of(workspace: Workspace, part: Part) -> "nx.MultiDiGraph[str]":
    """The network of that part; `graph.graph["scope"]` says which kind of part it is.

    Raises:
        NothingFound: there is no such run, cluster, node or path, or the query returns no node.
        QueryRefused: the query could do more than read.
    """
    if part.query is not None:
        return answer(workspace, part.query)
    if part.traced is not None:
        traced = network_with(workspace, _elements(part.traced), "path")
        traced.graph["starts"] = [name_in(traced, node.label, node.id) for node in part.traced.starts]
        return traced
    network = graph(workspace, run=part.run)
    if part.cluster is not None:
        return _restricted(network, _cluster(workspace, network, part.cluster), "cluster")
    if part.ego is not None:
        middle = _node(workspace, network, part.ego)
        return _restricted(network, [middle, *network.predecessors(middle), *network.successors(middle)], "ego")
    if part.path is not None:
        start, end = (_node(workspace, network, name) for name in part.path)
        found = _restricted(network, _between(network, start, end, part.path), "path")
        found.graph["starts"] = [start]
        return found
    network.graph["scope"] = "run"
    return network


def _elements(traced: "Traced") -> dict[str, set[str]]:
    """The ids of what paths are made of, by label or type."""
    if not any(traced.paths):
        raise NothingFound(
            "there is no path that could be shown", remedy="Search farther with --max-hops, or allow other kinds."
        )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for hop in (hop for path in traced.paths for hop in path):
        for node in (hop.start, hop.end):
            found[node.label].add(node.id)
        for tie in hop.ties:
            found[tie.type].add(tie.properties["id"])
    return found


def _restricted(network: "nx.MultiDiGraph[str]", kept: Iterable[str], scope: str) -> "nx.MultiDiGraph[str]":
    smaller: nx.MultiDiGraph[str] = network.subgraph(set(kept)).copy()
    smaller.graph["scope"] = scope
    return smaller


def _cluster(workspace: Workspace, network: "nx.MultiDiGraph[str]", number: int) -> list[str]:
    from graphwatch.export.layout.clusters import clusters_of, tying_posts

    cluster = _resolved(workspace, network, f"Cluster:{number}")
    posts = tying_posts(network)[cluster]
    pages = {start for post in posts for start, _, type in network.in_edges(post, data="type") if type == "PUBLISHED"}
    paslon = {end for _, end, type in network.out_edges(pages, data="type") if type == "SUPPORTS"}
    return [cluster, *clusters_of(network)[cluster], *posts, *pages, *paslon]


def _node(workspace: Workspace, network: "nx.MultiDiGraph[str]", name: str) -> str:
    """The node of the network that a person means."""
    if name in network:
        return name
    try:
        return _resolved(workspace, network, name)
    except NothingFound as error:
        raise NothingFound(
            f"the network of this run has no node {name!r}",
            remedy=f"{error.remedy} For accounts outside the run's network use --query.",
        ) from error


def _resolved(workspace: Workspace, network: "nx.MultiDiGraph[str]", name: str) -> str:
    named = {Key(label, network.nodes[node].get("id", node)): str(node) for node, label in network.nodes(data="label")}
    labels = sorted({label for label, _ in named})
    return named[resolve(workspace, name, labels, run=network.graph["run"]["id"], among=named)]


def _between(network: "nx.MultiDiGraph[str]", start: str, end: str, called: tuple[str, str]) -> set[str]:
    import networkx as nx

    # That both are members of a cluster is no way between them.
    nodes = [node for node, label in network.nodes(data="label") if label != "Cluster"]
    plain = network.subgraph(nodes).to_undirected(as_view=True)
    try:
        return {node for path in nx.all_shortest_paths(plain, start, end) for node in path}
    except nx.NetworkXNoPath:
        one, two = called
        raise NothingFound(f"there is no path between {one!r} and {two!r}", remedy="Look at another run.") from None

"""Which part of the graph is handed on: a run, a cluster, paths, surroundings, or the answer to a query."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphwatch.analysis.querying import query
from graphwatch.errors import NothingFound, UsageError
from graphwatch.export.graphs import add_bursts, add_edges, add_nodes, add_phases, graph, name_in
from graphwatch.model import NODES, RELATIONS
from graphwatch.model.declaring import Key
from graphwatch.repository.networks import nodes_by_id, nodes_of, relations_by_id, rows_of
from graphwatch.repository.resolver import resolve
from graphwatch.settings import LATEST
from graphwatch.store.base import ReadableStore
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
    from graphwatch.export.clusters import clusters_of, tying_posts

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


_LABELS = frozenset(node.label for node in NODES)
_TYPES = {relation.type: relation for relation in RELATIONS}


def answer(workspace: Workspace, cypher: str) -> "nx.MultiDiGraph[str]":
    """The whole nodes, relations and paths that a reading query returns, with the ends of the relations.

    Raises:
        NothingFound: it returns neither a node nor a relation.
        QueryRefused: it could do more than read.
    """
    found_rows = query(workspace, cypher)
    found: dict[str, set[str]] = defaultdict(set)
    for column in found_rows.to_arrow().columns:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            for text in column.to_pylist():
                _collect(_parsed(text), found)
    network = network_with(workspace, found, "query")
    network.graph["left_out"] = found_rows.cut
    if not network:
        raise NothingFound(
            "the query returns no node and no relation",
            remedy="Return them whole, for example MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p LIMIT 100.",
        )
    return network


def network_with(workspace: Workspace, elements: Mapping[str, Collection[str]], scope: str) -> "nx.MultiDiGraph[str]":
    """The nodes and relations of these ids, by label or type, with the ends of the relations."""
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with workspace.store.session():
        store = workspace.store
        _add(network, store, {name: set(ids) for name, ids in elements.items()})
        sources = rows_of(nodes_of(store, "Source"))
        network.graph.update(run=_run(network, store), sources=sources, scope=scope, left_out=None)
        add_bursts(network, store)
        add_phases(network, store)
    return network


def _parsed(text: str | None) -> Any:
    if not text or text[0] not in "{[":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _collect(value: Any, found: dict[str, set[str]]) -> None:
    """Note the ids of nodes by label and of relations by type, inside lists, maps and paths too."""
    if isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif isinstance(value, dict):
        name, id = value.get("label") or value.get("type"), value.get("id")
        if isinstance(id, str) and (name in _LABELS or name in _TYPES):
            found[name].add(id)
        else:
            for item in value.values():
                _collect(item, found)


def _add(network: "nx.MultiDiGraph[str]", store: ReadableStore, found: dict[str, set[str]]) -> None:
    tables = []
    for type in sorted(found.keys() & _TYPES.keys()):
        ids = sorted(found[type])
        for start, end in _TYPES[type].ends:
            table = relations_by_id(store, type, start, end, ids)
            # What a relation ends in belongs to it, asked for or not.
            found.setdefault(start, set()).update(table["from"].to_pylist())
            found.setdefault(end, set()).update(table["to"].to_pylist())
            tables.append((type, (start, end), table))
    for label in sorted(found.keys() & _LABELS):  # accounts first
        add_nodes(network, label, nodes_by_id(store, label, sorted(found[label])))
    for type, ends, table in tables:
        add_edges(network, type, ends, table)


def _run(network: "nx.MultiDiGraph[str]", store: ReadableStore) -> dict[str, Any]:
    """The run that pairs or clusters of the answer belong to, if it is one."""
    runs = {at["run"] for *_, at in network.edges(data=True) if at.get("run")}
    runs |= {at["run"] for _, at in network.nodes(data=True) if at.get("run")}
    rows = rows_of(nodes_by_id(store, "Run", sorted(runs))) if len(runs) == 1 else []
    return rows[0] if rows else {}

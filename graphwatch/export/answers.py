"""The nodes and relations in the answer to a query, as a network."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphwatch.analysis.querying import query
from graphwatch.errors import NothingFound
from graphwatch.export.graphs import add_bursts, add_edges, add_nodes, add_phases
from graphwatch.model import NODES, RELATIONS
from graphwatch.repository.networks import nodes_by_id, nodes_of, relations_by_id, rows_of
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx


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

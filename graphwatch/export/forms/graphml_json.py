"""GraphML, node-link JSON and Cytoscape JSON: forms that networkx, Gephi, yEd and Cytoscape read."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphwatch.common.files import replacing
from graphwatch.common.sanitize import plain, plain_value
from graphwatch.export.rows import plain_id, weight_of

if TYPE_CHECKING:
    import networkx as nx


def write_graphml(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write a network as GraphML; lists are joined by ` | `, for GraphML has none, and `weight` is as in GEXF.

    Args:
        graph: a network as `write_html` takes it.
        path: the file.

    Raises:
        UsageError: where `path` is a folder.
        GraphwatchError: where the file cannot be written.
    """
    import networkx as nx

    with replacing(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.writelines(line + "\n" for line in nx.generate_graphml(_copied(graph, joined=True)))


def write_json(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write a network as node-link JSON, which `networkx.node_link_graph(data, edges="edges")` and d3 read.

    Args and errors are those of `write_graphml`.
    """
    import networkx as nx

    _dump(nx.node_link_data(_copied(graph), edges="edges"), path)


def write_cytoscape(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write a network as Cytoscape JSON, which Cytoscape, Cytoscape.js and `networkx.cytoscape_graph` read.

    Args and errors are those of `write_graphml`.
    """
    import networkx as nx

    copy = _copied(graph)
    data = nx.cytoscape_data(copy)
    # networkx says of a relation's key what the form calls the id of an edge.
    for edge in data["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    # Its empty entries are tuples of a former interface.
    data["data"] = dict(copy.graph)
    _dump(data, path)


def _copied(graph: "nx.MultiDiGraph[str]", *, joined: bool = False) -> "nx.MultiDiGraph[str]":
    """The network with clean texts and no unknown values."""
    import networkx as nx

    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    copy.graph["run"] = plain(str((graph.graph.get("run") or {}).get("id", "")))
    for node, properties in graph.nodes(data=True):
        copy.add_node(plain_id(node), **_clean(properties, joined))
    for start, end, key, properties in graph.edges(keys=True, data=True):
        values = {**_clean(properties, joined), "weight": weight_of(properties)}
        copy.add_edge(plain_id(start), plain_id(end), key=plain_id(str(key)), **values)
    return copy


def _clean(properties: dict[str, Any], joined: bool) -> dict[str, Any]:
    """Without the id, which stands beside the properties in all of these forms."""
    values = {name: plain_value(value) for name, value in properties.items() if name != "id"}
    if joined:
        values = {k: " | ".join(v) if isinstance(v, list) else v for k, v in values.items()}
    return {name: value for name, value in values.items() if value is not None}


def _dump(data: dict[str, Any], path: str | Path) -> None:
    with replacing(path) as file:
        json.dump(data, file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")

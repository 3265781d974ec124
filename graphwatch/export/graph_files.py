"""GEXF, GraphML, node-link JSON and Cytoscape JSON: forms that networkx, Gephi, yEd and Cytoscape read."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from graphwatch.common.files import replacing
from graphwatch.common.i18n import text
from graphwatch.common.sanitize import plain, plain_value
from graphwatch.export.positions import positions
from graphwatch.export.rows import colour_code, colour_of, labels_of, name_of, names_of, plain_id, weight_of
from graphwatch.model import RELATIONS, Element
from graphwatch.model.declaring import Type

if TYPE_CHECKING:
    import networkx as nx


_NAMESPACE: Final = "http://gexf.net/1.3"
_VIZ: Final = "http://gexf.net/1.3/viz"
_TYPES: Final = {
    Type.TEXT: "string",
    Type.INTEGER: "long",
    Type.REAL: "double",
    Type.BOOLEAN: "boolean",
    Type.TEXTS: "string",
}
_KIND: Final = "model_kind"
# Room for a laid out cluster of that many grows with its square.
_PLACED: Final = 5_000
_SHAPES: Final = {"Account": "disc", "Post": "square", "Page": "diamond", "Paslon": "triangle"}


def write_gexf(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write a network as GEXF 1.3.

    The properties of the labels and relations in it are attributes. The weight of a pair is its `n`, of anything
    else 1. Relations with times have a start and an end, in milliseconds since 1970 (UTC): Gephi's timeline takes
    them. Accounts have the colour of their cluster. Up to 5,000 nodes stand where they stand in the page.

    Args:
        graph: a network as `write_html` takes it.
        path: the file.

    Raises:
        UsageError: where `path` is a folder.
        GraphwatchError: where the file cannot be written.
    """
    ET.register_namespace("", _NAMESPACE)
    ET.register_namespace("viz", _VIZ)
    root = ET.Element(_tag("gexf"), version="1.3")
    meta = ET.SubElement(root, _tag("meta"))
    ET.SubElement(meta, _tag("creator")).text = "graphwatch"
    if names_of(graph) is not None:
        ET.SubElement(meta, _tag("description")).text = text("page.named", "id")
    # Without mode="dynamic" readers ignore start and end.
    body = ET.SubElement(
        root, _tag("graph"), defaultedgetype="directed", mode="dynamic", timeformat="double",
        timerepresentation="interval",
    )  # fmt: skip
    labels, types = {label for _, label in graph.nodes(data="label")}, {type for *_, type in graph.edges(data="type")}
    attributes = {
        "node": _declare(body, "node", [node for label, node in labels_of(graph).items() if label in labels]),
        "edge": _declare(body, "edge", [relation for relation in RELATIONS if relation.type in types]),
    }
    places = positions(graph) if graph.number_of_nodes() <= _PLACED else {}
    clusters = _cluster_numbers(graph)
    nodes = ET.SubElement(body, _tag("nodes"))
    for node, properties in graph.nodes(data=True):
        element = _node(nodes, node, properties, attributes["node"], clusters.get(node))
        if node in places:
            x, y = places[node]
            # Gephi counts upwards, a page downwards.
            ET.SubElement(element, f"{{{_VIZ}}}position", x=str(x), y=str(-y), z="0.0")
    edges = ET.SubElement(body, _tag("edges"))
    for start, end, key, properties in graph.edges(keys=True, data=True):
        _edge(edges, (start, end, str(key)), properties, attributes["edge"])
    ET.indent(root, " ")
    with replacing(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(ET.tostring(root, encoding="unicode"))


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _declare(body: ET.Element, of: str, elements: Iterable[Element]) -> dict[str, str]:
    """Declare the attributes of nodes or edges; gives the number of each by property."""
    # Not "label" or "type": readers have a meaning of their own for these.
    types = {_KIND: "string", **{p.name: _TYPES[p.type] for e in elements for p in e.properties}}
    # An id is there already, as the id of the element itself.
    types.pop("id", None)
    block = ET.SubElement(body, _tag("attributes"), {"class": of, "mode": "static"})
    for number, (name, type) in enumerate(types.items()):
        ET.SubElement(block, _tag("attribute"), id=str(number), title=name, type=type)
    return {name: str(number) for number, name in enumerate(types)}


def _cluster_numbers(graph: "nx.MultiDiGraph[str]") -> dict[str, int]:
    return {
        start: graph.nodes[end].get("number") or 0
        for start, end, type in graph.edges(data="type")
        if type == "MEMBER_OF"
    }


def _node(
    nodes: ET.Element, id: str, properties: Mapping[str, Any], numbers: Mapping[str, str], cluster: int | None
) -> ET.Element:
    label = properties["label"]
    name = f"Klaster {properties.get('number')}" if label == "Cluster" else name_of(properties, id)
    element = ET.SubElement(nodes, _tag("node"), id=plain_id(id), label=name)
    _values(element, {**properties, _KIND: label}, numbers)
    own = properties.get("number") if label == "Cluster" else cluster
    code = colour_code(colour_of(own))
    channels = {channel: str(int(code[at : at + 2], 16)) for channel, at in (("r", 1), ("g", 3), ("b", 5))}
    ET.SubElement(element, f"{{{_VIZ}}}color", channels)
    ET.SubElement(element, f"{{{_VIZ}}}shape", value=_SHAPES.get(label, "disc"))
    return element


def _edge(
    edges: ET.Element, ends: tuple[str, str, str], properties: Mapping[str, Any], numbers: Mapping[str, str]
) -> None:
    start, end, key = map(plain_id, ends)
    first = properties.get("first_ms", properties.get("at_ms"))
    last = properties.get("last_ms", properties.get("at_ms"))
    times: dict[str, str] = {name: f"{at}.0" for name, at in (("start", first), ("end", last)) if at is not None}
    about = {
        "id": key,
        "source": start,
        "target": end,
        "kind": properties["type"],
        "weight": str(weight_of(properties)),
    }
    element = ET.SubElement(edges, _tag("edge"), {**about, **times})
    _values(element, {**properties, _KIND: properties["type"]}, numbers)


def _values(element: ET.Element, properties: Mapping[str, Any], numbers: Mapping[str, str]) -> None:
    block = ET.SubElement(element, _tag("attvalues"))
    for name, number in numbers.items():
        value = plain_value(properties.get(name))
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, list):
            value = ", ".join(value)
        if value is not None:
            ET.SubElement(block, _tag("attvalue"), {"for": number, "value": str(value)})


def write_graphml(graph: "nx.MultiDiGraph[str]", path: str | Path) -> None:
    """Write a network as GraphML; lists are joined by `, `, for GraphML has none, and `weight` is as in GEXF.

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
        values = {k: ", ".join(v) if isinstance(v, list) else v for k, v in values.items()}
    return {name: value for name, value in values.items() if value is not None}


def _dump(data: dict[str, Any], path: str | Path) -> None:
    with replacing(path) as file:
        json.dump(data, file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")

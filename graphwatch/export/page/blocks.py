"""Data blocks of the page: JSON as columns, compressed, in letters that no HTML parser gives a meaning."""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from graphwatch.export.page.model import EdgeView, NodeView, View
from graphwatch.export.rows import colour_code

if TYPE_CHECKING:
    from pyvis.network import Network


def pyvis_network(view: View) -> "Network":
    """A pyvis network with the positions given and the physics off.

    Node ids are the view's whole numbers. pyvis writes no page here: its own template asks other hosts for
    files and runs script that stands in names.
    """
    from pyvis.network import Network

    # Of parallel relations, an undirected one keeps the first only, and looks for it among all others.
    network = Network(directed=True, cdn_resources="in_line")
    network.node_ids = _Ids()
    network.toggle_physics(False)
    for node in view.nodes:
        network.add_node(node.id, **_node_options(node))
    for edge in view.edges:
        network.add_edge(edge.start, edge.end, **_edge_options(edge))
    return network


def _edge_options(edge: EdgeView) -> dict[str, Any]:
    return {"type": edge.type, "n": edge.n, "first": edge.first, "last": edge.last, "facts": edge.facts}


def _node_options(node: NodeView) -> dict[str, Any]:
    return {
        "label": node.name,
        "shape": node.shape,
        "size": node.size,
        "color": colour_code(node.colour),
        "x": node.x,
        "y": node.y,
        "kind": node.label,
        "cluster": node.cluster,
        "colour": node.colour,
        "background": node.background,
        "facts": node.facts,
    }


class _Ids(dict[int, None]):
    """Stands in for the list in which pyvis looks up every id from the start."""

    def append(self, id: int) -> None:
        self[id] = None


_NODE_COLUMNS: Final = ("label", "kind", "shape", "size", "cluster", "colour", "background", "x", "y")
_EDGE_COLUMNS: Final = ("from", "to", "type", "n", "first", "last")


def blocks(view: View) -> tuple[str, str]:
    """What is needed to draw, and what is read once somebody looks closer: both as content of a script element."""
    network = pyvis_network(view)
    shown = {f.name: getattr(view, f.name) for f in fields(view) if f.name not in ("nodes", "edges")}
    nodes, edges = _columns(network.nodes, _NODE_COLUMNS), _columns(network.edges, _EDGE_COLUMNS)
    facts = {"nodes": [n["facts"] for n in network.nodes], "edges": [_told_once(e) for e in network.edges]}
    return packed({**shown, "nodes": nodes, "edges": edges}), packed(facts)


def packed(data: Mapping[str, Any]) -> str:
    """A JSON text that holds gzipped JSON in base64; the same data give the same text."""
    written = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=asdict)
    return json.dumps(base64.b64encode(gzip.compress(written.encode("ascii"), 6, mtime=0)).decode("ascii"))


def unpacked(block: str) -> Any:
    """What `packed` was given, as JSON gives it.

    >>> unpacked(packed({"a": "</script>"}))
    {'a': '</script>'}
    """
    return json.loads(gzip.decompress(base64.b64decode(json.loads(block))))


def _columns(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in names}


def _told_once(edge: Mapping[str, Any]) -> dict[str, Any]:
    # The time of an interaction is in the drawing's columns already.
    return {name: value for name, value in edge["facts"].items() if name != "at_ms"}

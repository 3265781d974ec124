"""The view's nodes and relations as a pyvis network, from which the page's data are taken."""

from typing import TYPE_CHECKING, Any

from graphwatch.export.colours import colour_code
from graphwatch.export.view_model import EdgeView, NodeView, View

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

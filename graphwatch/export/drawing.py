"""The view's nodes and relations as a pyvis network, from which the page's data are taken."""

from typing import TYPE_CHECKING, Any

from graphwatch.export.colours import GREY, LANDMARK, colour_code
from graphwatch.export.view_model import NodeView, View

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
        network.add_edge(edge.start, edge.end, type=edge.type, n=edge.n, facts=edge.facts)
    return network


def _node_options(node: NodeView) -> dict[str, Any]:
    code = colour_code(node.colour)
    # Posts stay in the background; the few pages and paslon are landmarks. White parts the dots of a full disc.
    colours = {
        "Account": {"background": code, "border": "#ffffff" if node.colour >= 0 else code},
        "Post": {"background": "rgba(139,147,156,0.18)", "border": GREY},
    }
    return {
        "label": node.name,
        "shape": node.shape,
        "size": node.size,
        "color": colours.get(node.label, {"background": LANDMARK, "border": LANDMARK}),
        "x": node.x,
        "y": node.y,
        "kind": node.label,
        "cluster": node.cluster,
        "facts": node.facts,
    }


class _Ids(dict[int, None]):
    """Stands in for the list in which pyvis looks up every id from the start."""

    def append(self, id: int) -> None:
        self[id] = None

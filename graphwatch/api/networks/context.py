"""What surrounds a network in a view: the phases of the election."""

from typing import TYPE_CHECKING

from graphwatch.api.rows import Reader, rows_of

if TYPE_CHECKING:
    import networkx as nx


def add_phases(found: "nx.MultiDiGraph[str]", read: Reader) -> None:
    """Put the phases of the election calendar beside the network, as `graph.graph["phases"]`."""
    found.graph["phases"] = rows_of(read.nodes("Phase"))

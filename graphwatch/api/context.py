"""What surrounds a run's network in a view: the phases of the election, and members of clusters on the roster."""

from typing import TYPE_CHECKING, Any

from graphwatch.api.rows import Reader, rows_of
from graphwatch.model import POST_INTERACTIONS

if TYPE_CHECKING:
    import networkx as nx


def add_phases(found: "nx.MultiDiGraph[str]", read: Reader) -> None:
    """Put the phases of the election calendar beside the network, as `graph.graph["phases"]`."""
    found.graph["phases"] = rows_of(read.nodes("Phase"))


def add_roster(found: "nx.MultiDiGraph[str]", read: Reader) -> None:
    """Give each cluster `roster`, its members on the roster, and `roster_expected`, that of as many drawn by lot.

    A roster row counts where it was valid at some time between the cluster's first and last co-interaction.
    Without a roster nothing is added.
    """
    rows = rows_of(read.relations("BELONGS_TO", "Account", "Asn", "true"))
    accounts = found.graph["run"].get("accounts")
    if not rows or not accounts:
        return
    active = read.active_on_roster(POST_INTERACTIONS)
    valid: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        valid.setdefault(row["from"], []).append(row)
    for cluster, attributes in found.nodes(data=True):
        if attributes["label"] != "Cluster":
            continue
        members = {start for start, _, type in found.in_edges(cluster, data="type") if type == "MEMBER_OF"}
        listed = {m for m in members if any(_overlaps(row, attributes) for row in valid.get(m, ()))}
        attributes["roster"] = len(listed)
        attributes["roster_expected"] = len(members) * active / accounts


def _overlaps(row: dict[str, Any], cluster: dict[str, Any]) -> bool:
    begins, ends = row.get("from_ms"), row.get("to_ms")
    first, last = cluster.get("first_ms"), cluster.get("last_ms")
    return not (
        (begins is not None and last is not None and begins > last)
        or (ends is not None and first is not None and ends <= first)
    )

"""The network of a run as a networkx graph, for exports and for further work in Python."""

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.api.networks.context import add_phases
from graphwatch.api.rows import Reader, rows_of
from graphwatch.api.runs import LATEST, resolve_run
from graphwatch.model import POST_INTERACTIONS

if TYPE_CHECKING:
    import networkx as nx

    from graphwatch.api.desk import Desk

# What was found of all kinds of interaction together; a run of an earlier version knows no other.
_ALL_KINDS: Final = "coalesce({}.layer, 'all') = 'all'"


def graph(self: "Desk", *, run: str = LATEST) -> "nx.MultiDiGraph[str]":
    """The network that a run found.

    Its pairs and clusters of all kinds of interaction together, the posts on which at least two of their accounts
    acted, and the pages and paslon behind those posts. Node attributes are `label` and the model's properties; edges
    are keyed by their id and carry `type` and properties; absent properties are unknown. `graph.graph` holds `run`,
    `sources` and `phases`.

    Raises:
        NothingFound: there is no such complete run.
    """
    import networkx as nx

    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with self.store.session():
        chosen = resolve_run(self, run)
        read = Reader(self, chosen)
        found.graph["run"] = rows_of(read.nodes("Run", "n.id = $run"))[0]
        found.graph["sources"] = rows_of(read.nodes("Source"))
        found.graph["left_out"] = None
        add_nodes(found, "Account", read.paired_accounts())
        together = f"r.run = $run AND {_ALL_KINDS.format('r')}"
        add_edges(found, "CO_INTERACTED", read.relations("CO_INTERACTED", "Account", "Account", together))
        add_nodes(found, "Cluster", read.nodes("Cluster", f"n.run = $run AND {_ALL_KINDS.format('n')}"))
        members = f"r.run = $run AND {_ALL_KINDS.format('b')}"
        add_edges(found, "MEMBER_OF", read.relations("MEMBER_OF", "Account", "Cluster", members))
        _add_posts(found, read)
        add_phases(found, read)
    return found


def add_nodes(found: "nx.MultiDiGraph[str]", label: str, table: pa.Table) -> None:
    """Nodes of one label, in order of their ids."""
    for row in rows_of(table.sort_by("id")):
        found.add_node(row["id"], label=label, **{k: v for k, v in row.items() if k != "id"})


def add_edges(found: "nx.MultiDiGraph[str]", type: str, table: pa.Table) -> None:
    """Relations of one type, in order of their ids."""
    for row in rows_of(table.sort_by("id")):
        found.add_edge(
            row.pop("from"),
            row.pop("to"),
            key=row["id"],
            type=type,
            **{k: v for k, v in row.items() if k not in ("id", "type")},
        )


def _add_posts(found: "nx.MultiDiGraph[str]", read: Reader) -> None:
    """The posts that tie the accounts, with the interactions and the pages and paslon behind them."""
    acted = {type: read.interactions(type) for type in POST_INTERACTIONS}
    ends = pa.concat_tables([t.select(["from", "to"]) for t in acted.values()])
    counts = ends.group_by(["to"]).aggregate([("from", "count_distinct")])
    tying = counts.filter(pc.greater_equal(counts["from_count_distinct"], 2))["to"].combine_chunks()
    add_nodes(found, "Post", read.nodes("Post", "n.id IN $ids", tying))
    for type, table in acted.items():
        add_edges(found, type, table.filter(pc.is_in(table["to"], value_set=tying)))
    published = read.relations("PUBLISHED", "Page", "Post", "b.id IN $ids", tying)
    pages = pc.unique(published["from"].combine_chunks())
    add_nodes(found, "Page", read.nodes("Page", "n.id IN $ids", pages))
    add_edges(found, "PUBLISHED", published)
    supports = read.relations("SUPPORTS", "Page", "Paslon", "a.id IN $ids", pages)
    add_nodes(found, "Paslon", read.nodes("Paslon", "n.id IN $ids", pc.unique(supports["to"].combine_chunks())))
    add_edges(found, "SUPPORTS", supports)

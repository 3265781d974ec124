"""The network of a run as a networkx graph, for exports and for further work in Python."""

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import INTERACTIONS, POST_INTERACTIONS
from graphwatch.model.scope import ALL, FAMILIES, WINDOWS
from graphwatch.repository import networks
from graphwatch.repository.networks import rows_of
from graphwatch.repository.runs import resolve_run
from graphwatch.rights.unmasking import Persons, persons_of
from graphwatch.settings import LATEST
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx


def add_phases(found: "nx.MultiDiGraph[str]", store: ReadableStore) -> None:
    """Put the phases of the election calendar beside the network, as `graph.graph["phases"]`."""
    found.graph["phases"] = rows_of(networks.nodes_of(store, "Phase"))


def add_bursts(found: "nx.MultiDiGraph[str]", store: ReadableStore) -> None:
    """Put the bursts of the clusters of a network beside it, as `graph.graph["bursts"]`."""
    clusters = [at.get("id", name) for name, at in found.nodes(data=True) if at["label"] == "Cluster"]
    found.graph["bursts"] = rows_of(networks.bursts_of_clusters(store, sorted(clusters)))


def add_families(found: "nx.MultiDiGraph[str]", store: ReadableStore) -> None:
    """Put what each family that the run tested shows inside each cluster beside it, as `graph.graph["families"]`.

    None where the run tested acts within the window alone: then the cluster says it all.
    """
    looked = json.loads(found.graph["run"].get("layers") or "{}")
    tested = [name for name in (*WINDOWS, *FAMILIES) if name in looked]
    clusters = sorted(at.get("id", name) for name, at in found.nodes(data=True) if at["label"] == "Cluster")
    rows = networks.families_in_clusters(store, clusters) if tested and clusters else []
    shown = {(row["cluster"], row["family"]): row for row in rows}
    nothing = {"pairs": 0, "n": 0, "expected": 0.0, "coordinated": 0}
    found.graph["families"] = [
        shown.get((cluster, family)) or {"cluster": cluster, "family": family, **nothing}
        for cluster in (clusters if tested else ())
        for family in (ALL, *tested)
    ]


def graph(workspace: Workspace, *, run: str = LATEST) -> "nx.MultiDiGraph[str]":
    """The network that a run found. See `Project.graph`."""
    import networkx as nx

    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    store = workspace.store
    with store.session():
        chosen = resolve_run(workspace, run)
        found.graph["run"] = rows_of(networks.nodes_by_id(store, "Run", [chosen]))[0]
        found.graph["sources"] = rows_of(networks.nodes_of(store, "Source"))
        found.graph["left_out"] = None
        add_nodes(found, "Account", networks.accounts_of_pairs(store, chosen))
        add_edges(found, "CO_INTERACTED", ("Account", "Account"), networks.pairs_of_run(store, chosen))
        add_nodes(found, "Cluster", networks.clusters_of_run(store, chosen))
        add_bursts(found, store)
        add_families(found, store)
        add_edges(found, "MEMBER_OF", ("Account", "Cluster"), networks.memberships_of_run(store, chosen))
        _add_posts(found, store, chosen)
        add_phases(found, store)
    return found


def add_nodes(found: "nx.MultiDiGraph[str]", label: str, table: pa.Table) -> None:
    """Nodes of one label, in order of their ids; accounts come first, for they keep their ids as names."""
    for row in rows_of(table.sort_by("id")):
        id = row.pop("id")
        name = name_in(found, label, id)
        found.add_node(name, label=label, **row, **({} if name == id else {"id": id}))


def add_edges(found: "nx.MultiDiGraph[str]", type: str, ends: tuple[str, str], table: pa.Table) -> None:
    """Relations of one type between nodes of two labels that are there, in order of their ids."""
    for row in rows_of(table.sort_by("id")):
        start, end = (name_in(found, label, row.pop(side)) for label, side in zip(ends, ("from", "to"), strict=True))
        own = {k: v for k, v in row.items() if k not in ("id", "type")}
        found.add_edge(start, end, key=row["id"], type=type, **own)


def name_in(found: "nx.MultiDiGraph[str]", label: str, id: str) -> str:
    """What a node is called: an id is one node's among those of its label only."""
    return id if id not in found or found.nodes[id]["label"] == label else f"{label}:{id}"


def _add_posts(found: "nx.MultiDiGraph[str]", store: ReadableStore, run: str) -> None:
    """The posts that tie the accounts, with the interactions and the pages and paslon behind them."""
    acted = {type: networks.interactions_of_pairs(store, run, type) for type in POST_INTERACTIONS}
    ends = pa.concat_tables([t.select(["from", "to"]) for t in acted.values()])
    counts = ends.group_by(["to"]).aggregate([("from", "count_distinct")])
    tying = counts.filter(pc.greater_equal(counts["from_count_distinct"], 2))["to"].combine_chunks()
    add_nodes(found, "Post", networks.nodes_by_id(store, "Post", tying))
    for type, table in acted.items():
        add_edges(found, type, ("Account", "Post"), table.filter(pc.is_in(table["to"], value_set=tying)))
    published = networks.relations_to(store, "PUBLISHED", "Page", "Post", tying)
    pages = pc.unique(published["from"].combine_chunks())
    add_nodes(found, "Page", networks.nodes_by_id(store, "Page", pages))
    add_edges(found, "PUBLISHED", ("Page", "Post"), published)
    supports = networks.relations_from(store, "SUPPORTS", "Page", "Paslon", pages)
    paslon = pc.unique(supports["to"].combine_chunks())
    add_nodes(found, "Paslon", networks.nodes_by_id(store, "Paslon", paslon))
    add_edges(found, "SUPPORTS", ("Page", "Paslon"), supports)


def with_persons(workspace: Workspace, network: "nx.MultiDiGraph[str]") -> Persons:
    """Put `person` at the accounts of which it is known, and at the others as `unnamed` why it is not.

    An account belongs to the person who had it whenever it acted in this network.

    Raises:
        KeyMissing, KeyWrong: the vault is not here, or cannot be opened.
    """
    persons = persons_of(workspace, _acted(network))
    for account, name in persons.names.items():
        network.nodes[account]["person"] = name
    for account, why in persons.without.items():
        network.nodes[account]["unnamed"] = why
    network.graph["names"] = True
    return persons


def _acted(network: "nx.MultiDiGraph[str]") -> dict[str, list[int]]:
    """When each account acted: its interactions, and its first and last one with another account."""
    times: dict[str, list[int]] = {str(node): [] for node, label in network.nodes(data="label") if label == "Account"}
    for start, end, attributes in network.edges(data=True):
        type = attributes["type"]
        if type in INTERACTIONS:
            known = [(start, "at_ms")]
        elif type == "CO_INTERACTED":
            known = [(account, name) for account in (start, end) for name in ("first_ms", "last_ms")]
        else:
            continue
        for account, name in known:
            if attributes.get(name) is not None and account in times:
                times[account].append(int(attributes[name]))
    return times

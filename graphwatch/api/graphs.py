"""The network of a run as a networkx graph, for exports and for further work in Python."""

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.api.runs import LATEST, resolve_run
from graphwatch.model import POST_INTERACTIONS, Element, node, relation
from graphwatch.tables import conform, schema_of

if TYPE_CHECKING:
    import networkx as nx

    from graphwatch.api.desk import Desk

# What was found of all kinds of interaction together; a run of an earlier version knows no other.
_ALL_KINDS: Final = "coalesce({}.layer, 'all') = 'all'"


def graph(self: "Desk", *, run: str = LATEST) -> "nx.MultiDiGraph[str]":
    """The network that a run found.

    Its pairs and clusters of all kinds of interaction together, the posts on which at least two of their accounts
    acted, and the pages and paslon behind those posts. Node attributes are `label` and the model's properties; edges
    are keyed by their id and carry `type` and properties; absent properties are unknown. `graph.graph` holds `run` and
    `sources`.

    Raises:
        NothingFound: there is no such complete run.
    """
    import networkx as nx

    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with self.store.session():
        chosen = resolve_run(self, run)
        read = _Reader(self, chosen)
        found.graph["run"] = _rows(read.nodes("Run", "n.id = $run"))[0]
        found.graph["sources"] = _rows(read.nodes("Source"))
        found.graph["left_out"] = None
        _add_nodes(found, "Account", read.paired_accounts())
        together = f"r.run = $run AND {_ALL_KINDS.format('r')}"
        _add_edges(found, "CO_INTERACTED", read.relations("CO_INTERACTED", "Account", "Account", together))
        _add_nodes(found, "Cluster", read.nodes("Cluster", f"n.run = $run AND {_ALL_KINDS.format('n')}"))
        members = f"r.run = $run AND {_ALL_KINDS.format('b')}"
        _add_edges(found, "MEMBER_OF", read.relations("MEMBER_OF", "Account", "Cluster", members))
        _add_posts(found, read)
    return found


class _Reader:
    """Reads whole rows of the model for one run."""

    def __init__(self, desk: "Desk", run: str) -> None:
        self._store, self._run = desk.store, run

    def _ask(self, element: Element, cypher: str, ids: pa.Array | None = None) -> pa.Table:
        parameters: dict[str, Any] = {"run": self._run} if "$run" in cypher else {}
        if ids is not None:
            parameters["ids"] = ids.to_pylist()
        return conform(self._store.read(cypher, parameters), schema_of(element))

    def nodes(self, label: str, where: str = "true", ids: pa.Array | None = None) -> pa.Table:
        declared = node(label)
        query = f"MATCH (n:`{label}`) WHERE {where} RETURN {_columns('n', declared)}"
        return self._ask(declared, query, ids)

    def relations(self, type: str, start: str, end: str, where: str, ids: pa.Array | None = None) -> pa.Table:
        declared = relation(type)
        pattern = f"(a:`{start}`)-[r:`{type}`]->(b:`{end}`)"
        return self._ask(declared, f"MATCH {pattern} WHERE {where} RETURN {_ends_and_columns(declared)}", ids)

    def paired_accounts(self) -> pa.Table:
        declared = node("Account")
        return self._ask(
            declared,
            "MATCH (n:Account)-[r:CO_INTERACTED]-(:Account) WHERE r.run = $run "
            f"WITH DISTINCT n RETURN {_columns('n', declared)}",
        )

    def interactions(self, type: str) -> pa.Table:
        """Interactions of that type by the accounts of the run's pairs."""
        declared = relation(type)
        return self._ask(
            declared,
            "MATCH (a:Account)-[c:CO_INTERACTED]-(:Account) WHERE c.run = $run WITH DISTINCT a "
            f"MATCH (a)-[r:`{type}`]->(b:Post) RETURN {_ends_and_columns(declared)}",
        )


def _columns(variable: str, element: Element) -> str:
    return ", ".join(f"{variable}.`{p.name}` AS `{p.name}`" for p in element.properties)


def _ends_and_columns(element: Element) -> str:
    return f"a.id AS `from`, b.id AS `to`, {_columns('r', element)}"


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without their unknown properties."""
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]


def _add_nodes(found: "nx.MultiDiGraph[str]", label: str, table: pa.Table) -> None:
    for row in _rows(table.sort_by("id")):
        found.add_node(row["id"], label=label, **{k: v for k, v in row.items() if k != "id"})


def _add_edges(found: "nx.MultiDiGraph[str]", type: str, table: pa.Table) -> None:
    for row in _rows(table.sort_by("id")):
        found.add_edge(
            row.pop("from"),
            row.pop("to"),
            key=row["id"],
            type=type,
            **{k: v for k, v in row.items() if k not in ("id", "type")},
        )


def _add_posts(found: "nx.MultiDiGraph[str]", read: _Reader) -> None:
    """The posts that tie the accounts, with the interactions and the pages and paslon behind them."""
    acted = {type: read.interactions(type) for type in POST_INTERACTIONS}
    ends = pa.concat_tables([t.select(["from", "to"]) for t in acted.values()])
    counts = ends.group_by(["to"]).aggregate([("from", "count_distinct")])
    tying = counts.filter(pc.greater_equal(counts["from_count_distinct"], 2))["to"].combine_chunks()
    _add_nodes(found, "Post", read.nodes("Post", "n.id IN $ids", tying))
    for type, table in acted.items():
        _add_edges(found, type, table.filter(pc.is_in(table["to"], value_set=tying)))
    published = read.relations("PUBLISHED", "Page", "Post", "b.id IN $ids", tying)
    pages = pc.unique(published["from"].combine_chunks())
    _add_nodes(found, "Page", read.nodes("Page", "n.id IN $ids", pages))
    _add_edges(found, "PUBLISHED", published)
    supports = read.relations("SUPPORTS", "Page", "Paslon", "a.id IN $ids", pages)
    _add_nodes(found, "Paslon", read.nodes("Paslon", "n.id IN $ids", pc.unique(supports["to"].combine_chunks())))
    _add_edges(found, "SUPPORTS", supports)

"""Export: files made to be handed on, under pseudonyms unless somebody answers for lifting them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from graphwatch.common.notebook import card
from graphwatch.errors import UsageError
from graphwatch.export.graphs import with_persons
from graphwatch.export.parts import Part, part_of
from graphwatch.privacy.masking import masked
from graphwatch.repository.runs import LATEST
from graphwatch.rights.unmasking import Unmask, record
from graphwatch.rights.unmasking import unmasking as asked
from graphwatch.settings import VIEW_NODES
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx

    from graphwatch.export.page.render import Opening

Format = Literal["html", "gexf", "graphml", "csv", "gephi-csv", "neo4j-csv", "parquet", "json", "cytoscape"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file or folder, how much is in it, and whether accounts carry pseudonyms.

    `named` is how many accounts carry the name of a person; None where names were not opened.
    `run` is empty for the answer to a query that has to do with no run.
    `command` is what imports it into Neo4j, for `neo4j-csv`.
    """

    path: Path
    run: str
    nodes: int
    edges: int
    clusters: int
    masked: bool
    command: str | None = None
    named: int | None = None

    def _repr_html_(self) -> str:
        counts = ("nodes", self.nodes), ("edges", self.edges), ("clusters", self.clusters)
        names = "pseudonyms" if self.masked else "public handles" if self.named is None else "names of persons"
        return card(f"{self.path.name} of run {self.run}", [*counts, ("names", names)])


def export(
    workspace: Workspace,
    path: str | Path,
    *,
    to: Format = "html",
    part: Part | None = None,
    run: str = LATEST,
    opening: "Opening" = "network",
    language: str = "id",
    max_nodes: int = VIEW_NODES,
    links: bool = False,
    unmask: Unmask = False,
    reason: str | None = None,
) -> Exported:
    """Write the network of a run, or a part of it: an interactive page, or a form that another program reads.

    Args:
        path: a file, or a folder for csv, gephi-csv, neo4j-csv and parquet.
        to: html, gexf, graphml, csv, gephi-csv, neo4j-csv, parquet, json (node-link) or cytoscape.
        part: which part of the data; by default all that `run` found.
        run: id of a complete run, or latest.
        opening: what a page opens with: network, timeline or matrix.
        language: id or en; the page can be switched.
        max_nodes: largest number of nodes in a page; whole clusters are kept first, and the page says what is not.
        links: addresses in a page can be clicked; by default they are text.
        unmask: `handles` (or True) for public handles and ids instead of pseudonyms, `names` for the names of persons
            on the roster besides, from the vault; needs a reason, and is logged.
        reason: why.

    Raises:
        UsageError: unmasking without a reason, a reason without unmasking or that names a person, or names of persons
            in a form that is imported into a graph.
        NothingFound: there is no such complete run, cluster, node or path.
        KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
    """
    from graphwatch.export.forms.gexf import write_gexf
    from graphwatch.export.forms.graphml_json import write_cytoscape, write_graphml, write_json
    from graphwatch.export.forms.tables import write_csv, write_gephi_csv, write_neo4j_csv, write_parquet
    from graphwatch.export.page.render import write_html
    from graphwatch.export.rows import names_of

    path = Path(path)
    if unmask == "names" and to == "neo4j-csv":
        raise UsageError("names of persons belong in no graph", remedy="Open handles, or write another form.")
    details = {"file": path.name, "to": to}
    network = network_of(workspace, part or Part(run), unmask=unmask, reason=reason, details=details)
    writers: dict[str, Callable[[nx.MultiDiGraph[str], Path], str | None]] = {
        "gexf": write_gexf,
        "graphml": write_graphml,
        "csv": write_csv,
        "gephi-csv": write_gephi_csv,
        "neo4j-csv": write_neo4j_csv,
        "parquet": write_parquet,
        "json": write_json,
        "cytoscape": write_cytoscape,
    }
    command = None
    if to == "html":
        write_html(network, path, language=language, max_nodes=max_nodes, opening=opening, links=links)
    else:
        command = writers[to](network, path)
    clusters = sum(label == "Cluster" for _, label in network.nodes(data="label"))
    chosen = str(network.graph["run"].get("id", ""))
    counts = network.number_of_nodes(), network.number_of_edges(), clusters
    return Exported(
        path, chosen, *counts, masked=not unmask, command=command, named=(names_of(network) or {}).get("named")
    )


def network_of(
    workspace: Workspace, part: Part, *, unmask: Unmask, reason: str | None, details: Mapping[str, str]
) -> "nx.MultiDiGraph[str]":
    """The network of that part under pseudonyms, or with handles or names once the reason is logged, with `details`.

    Raises:
        UsageError: unmasking without a reason, a reason without unmasking, or one that names a person.
        NothingFound: there is no such complete run, cluster, node or path.
        KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
    """
    wanted = asked(unmask, reason)
    network = part_of(workspace, part)
    if not wanted.unmask:
        return masked(network, workspace.pseudonyms)
    persons = with_persons(workspace, network) if wanted.names else None
    record(workspace, wanted, persons, {"run": str(network.graph["run"].get("id", "")), **details})
    return network

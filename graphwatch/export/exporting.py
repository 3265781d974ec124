"""Files and pages that are handed on, under pseudonyms unless somebody answers for lifting them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from graphwatch.common.table import card
from graphwatch.errors import UsageError
from graphwatch.export.config import ExportConfig
from graphwatch.export.graphs import with_persons
from graphwatch.export.parts import Part, part_of
from graphwatch.privacy.pseudonyms import masked
from graphwatch.repository.calendars import coarse_times
from graphwatch.rights.unmasking import record
from graphwatch.rights.unmasking import unmasking as asked
from graphwatch.settings import NOTEBOOK_BYTES
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx


Format = Literal[
    "html", "gexf", "graphml", "csv", "csv-excel", "xlsx", "gephi-csv", "neo4j-csv", "parquet", "json", "cytoscape"
]


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
    workspace: Workspace, files: Mapping[Format, str | Path], config: ExportConfig, part: Part | None = None
) -> list[Exported]:
    """Write the network of a run, or a part of it, in each of these forms; see `Project.export_to`."""
    if config.unmask == "names" and "neo4j-csv" in files:
        raise UsageError("names of persons belong in no graph", remedy="Open handles, or write another form.")
    paths = {to: Path(path) for to, path in files.items()}
    handed = [{"file": path.name, "to": to} for to, path in paths.items()]
    network = network_of(workspace, part or Part(config.run), config, handed)
    language = workspace.language(config.lang)
    return [_written(network, path, to, config, language) for to, path in paths.items()]


def _written(network: "nx.MultiDiGraph[str]", path: Path, to: Format, config: ExportConfig, language: str) -> Exported:
    from graphwatch.export.page.render import write_html
    from graphwatch.export.rows import names_of

    command = None
    if to == "html":
        write_html(
            network,
            path,
            language=language,
            max_nodes=config.max_nodes,
            opening=config.opening,
            links=config.links,
        )
    else:
        command = _writers(language)[to](network, path)
    clusters = sum(label == "Cluster" for _, label in network.nodes(data="label"))
    return Exported(
        path,
        str(network.graph["run"].get("id", "")),
        network.number_of_nodes(),
        network.number_of_edges(),
        clusters,
        masked=not config.unmask,
        command=command,
        named=(names_of(network) or {}).get("named"),
    )


def _writers(language: str) -> "dict[str, Callable[[nx.MultiDiGraph[str], Path], str | None]]":
    """What writes each form but the page; some return a command that imports it."""
    from graphwatch.export.graph_files import write_cytoscape, write_gexf, write_graphml, write_json
    from graphwatch.export.tables import (
        write_csv,
        write_excel_csvs,
        write_gephi_csv,
        write_neo4j_csv,
        write_parquet,
        write_xlsx,
    )

    return {
        "gexf": write_gexf,
        "graphml": write_graphml,
        "csv": write_csv,
        "csv-excel": partial(write_excel_csvs, language=language),
        "xlsx": write_xlsx,
        "gephi-csv": write_gephi_csv,
        "neo4j-csv": write_neo4j_csv,
        "parquet": write_parquet,
        "json": write_json,
        "cytoscape": write_cytoscape,
    }


def network_of(
    workspace: Workspace, part: Part, config: ExportConfig, handed: Sequence[Mapping[str, str]]
) -> "nx.MultiDiGraph[str]":
    """The network of that part under pseudonyms, or with handles or names once the reason is logged.

    Args:
        handed: what it is handed on as; each is logged.

    Raises:
        UsageError: unmasking without a reason, a reason without unmasking, or one that names a person.
        NothingFound: there is no such complete run, cluster, node or path.
        KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
    """
    wanted = asked(config.unmask, config.reason)
    with workspace.store.session():
        network = part_of(workspace, part)
        if not wanted.unmask:
            accounts = [str(row.get("id", node)) for node, row in network.nodes(data=True) if row["label"] == "Account"]
            times = coarse_times(workspace.store, accounts, config.alike, config.minutes)
            return masked(network, workspace.pseudonyms, times)
    persons = with_persons(workspace, network) if wanted.names else None
    for details in handed:
        record(workspace, wanted, persons, {"run": str(network.graph["run"].get("id", "")), **details})
    return network


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """A page that a notebook shows, and that can be saved.

    Attributes:
        html: the page, as `graphwatch export --html` writes it.
        height: of its frame in a notebook, in pixels.
    """

    html: str = field(repr=False)
    height: int = 640

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that opens offline."""
        from graphwatch.common.files import replacing

        with replacing(path) as file:
            file.write(self.html)
        return Path(path)

    def _repr_html_(self) -> str:
        """The page in a frame of its own that can reach neither the notebook nor the network."""
        if len(self.html) > NOTEBOOK_BYTES:
            size = len(self.html) / 1e6
            return (
                f"<p>graphwatch: this page has {size:.1f} MB, too much for a notebook. "
                "Use <code>.save(path)</code>, or <code>view(max_nodes=…)</code>.</p>"
            )
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-downloads" '
            f'title="graphwatch" width="100%" height="{int(self.height)}" style="border:1px solid #ccc"></iframe>'
        )


def view(workspace: Workspace, config: ExportConfig, part: Part, *, height: int) -> NetworkPage:
    """That part as a page that a notebook shows; see `Project.view`."""
    from graphwatch.export.page.render import html_page

    network = network_of(workspace, part, config, [{"to": "view"}])
    html = html_page(
        network,
        language=workspace.language(config.lang),
        max_nodes=config.max_nodes,
        opening=config.opening,
        links=config.links,
    )
    return NetworkPage(html, height)

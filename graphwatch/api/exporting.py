"""Export: files made to be handed on, under pseudonyms unless somebody answers for lifting them."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from graphwatch.api.runs import LATEST
from graphwatch.errors import UsageError
from graphwatch.settings import VIEW_NODES

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

Format = Literal["html", "gexf", "csv"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file or folder, how much is in it, and whether accounts carry pseudonyms."""

    path: Path
    run: str
    nodes: int
    edges: int
    clusters: int
    masked: bool


def export(
    self: "Desk",
    path: str | Path,
    *,
    to: Format = "html",
    run: str = LATEST,
    language: str = "id",
    max_nodes: int = VIEW_NODES,
    unmask: bool = False,
    reason: str | None = None,
) -> Exported:
    """Write the network of a run: an interactive page, GEXF for Gephi, or CSV tables.

    Args:
        path: a file (html, gexf) or a folder (csv).
        to: html, gexf or csv.
        run: id of a complete run, or latest.
        language: id or en; the page can be switched.
        max_nodes: largest number of nodes in a page; whole clusters are kept first, and the page says what is not.
        unmask: public handles and ids instead of pseudonyms; needs a reason, and is logged.
        reason: why.

    Raises:
        UsageError: unmasking without a reason, or a reason without unmasking.
        NothingFound: there is no such complete run.
    """
    from graphwatch import export as exports
    from graphwatch.privacy import AccessLog, Pseudonyms, masked, project_key

    if unmask != bool(reason and reason.strip()):
        raise UsageError(
            "handles are opened only with a reason, and a reason only goes with opening them",
            remedy='Give both: --unmask --reason "klarifikasi kasus 12".',
        )
    path = Path(path)
    network = self.graph(run=run)
    chosen = network.graph["run"]["id"]
    if unmask:
        details = {"run": chosen, "file": path.name, "to": to}
        AccessLog(self.folder / "access.log").record("unmask", str(reason), getpass.getuser(), details)
    else:
        network = masked(network, Pseudonyms(project_key(self.folder)))
    if to == "html":
        exports.write_html(network, path, language=language, max_nodes=max_nodes)
    elif to == "gexf":
        exports.write_gexf(network, path)
    else:
        exports.write_csv(network, path)
    clusters = sum(label == "Cluster" for _, label in network.nodes(data="label"))
    return Exported(path, chosen, network.number_of_nodes(), network.number_of_edges(), clusters, masked=not unmask)

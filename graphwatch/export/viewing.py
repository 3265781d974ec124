"""The network page in a notebook, or as text."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from graphwatch.export.exporting import network_of
from graphwatch.export.parts import Part
from graphwatch.repository.runs import LATEST
from graphwatch.rights.unmasking import Unmask
from graphwatch.settings import NOTEBOOK_BYTES, VIEW_NODES
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.analysis.tracing import Traced
    from graphwatch.export.page.render import Opening


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


def view(
    workspace: Workspace,
    *,
    run: str = LATEST,
    cluster: int | None = None,
    ego: str | None = None,
    path: tuple[str, str] | None = None,
    query: str | None = None,
    traced: "Traced | None" = None,
    opening: "Opening" = "network",
    language: str = "id",
    max_nodes: int = VIEW_NODES,
    links: bool = False,
    unmask: Unmask = False,
    reason: str | None = None,
    height: int = 640,
) -> NetworkPage:
    """The network of a run, or a part of it, as a page that a notebook shows.

    Args:
        run: id of a complete run, or latest.
        cluster: number of one of its clusters.
        ego: id, handle or pseudonym of a node of its network.
        path: two of these, between which the shortest paths are wanted.
        query: Cypher that only reads, and returns nodes, relations or paths; then `run` does not matter.
        traced: what `Project.trace` found; then `run` does not matter either.
        opening: network, timeline or matrix.
        language: id or en; the page can be switched.
        max_nodes: largest number of nodes in the page.
        links: addresses can be clicked; by default they are text.
        unmask: `handles` (or True) for public handles and ids instead of pseudonyms, `names` for the names of persons
            on the roster besides, from the vault; needs a reason, and is logged.
        reason: why.
        height: of the frame in a notebook, in pixels.

    Raises:
        UsageError: unmasking without a reason, one that names a person, or two parts at once.
        NothingFound: there is no such run, cluster, node or path.
        KeyMissing, KeyWrong: names are wanted, and the vault is not here or cannot be opened.
    """
    from graphwatch.export.page.render import html_page

    part = Part(run, cluster, ego, path, query, traced)
    network = network_of(workspace, part, unmask=unmask, reason=reason, details={"to": "view"})
    html = html_page(network, language=language, max_nodes=max_nodes, opening=opening, links=links)
    return NetworkPage(html, height)

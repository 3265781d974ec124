"""The network page in a notebook, or as text."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from graphwatch.export.config import ExportConfig
from graphwatch.export.exporting import network_of
from graphwatch.export.parts import Part
from graphwatch.settings import NOTEBOOK_BYTES
from graphwatch.store.workspace import Workspace


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

    network = network_of(workspace, part, config, {"to": "view"})
    html = html_page(
        network,
        language=workspace.language(config.lang),
        max_nodes=config.max_nodes,
        opening=config.opening,
        links=config.links,
    )
    return NetworkPage(html, height)

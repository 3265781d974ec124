"""The network page: one file that opens offline, shows outside text as text and asks no host for anything."""

import base64
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from graphwatch.common.files import replacing
from graphwatch.common.i18n import LANGUAGES, text
from graphwatch.errors import UsageError
from graphwatch.export.page.blocks import blocks
from graphwatch.export.page.build import build_view
from graphwatch.export.page.cluster_views import Places
from graphwatch.export.page.model import View
from graphwatch.export.page.scripts import joined
from graphwatch.export.page.selection import select
from graphwatch.settings import VIEW_NODES

if TYPE_CHECKING:
    import networkx as nx

Opening = Literal["network", "timeline", "matrix"]


def write_html(
    graph: "nx.MultiDiGraph[str]",
    path: str | Path,
    *,
    positions: Places | None = None,
    language: str = "id",
    max_nodes: int = VIEW_NODES,
    opening: Opening = "network",
    links: bool = False,
) -> None:
    """Write a network as a page that works without a network connection.

    Args:
        graph: nodes with `label`, relations with `type`, and the model's properties; `graph.graph` has
            `run`, `sources`, `bursts` and `left_out`. It is shown as it is: mask it first where it is handed on.
        path: the file.
        positions: coordinates of at least the nodes shown; by default the part that is shown is laid out.
        language: `id` or `en` at opening; the page can be switched.
        max_nodes: of a larger network, this many nodes are shown, and the page says which are not.
        opening: what the page opens with; it has all three.
        links: addresses can be clicked; by default they are text that can be copied.

    Raises:
        UsageError: where the language or the opening is unknown, `max_nodes` is less than one or `path` is a folder.
        GraphwatchError: where the file cannot be written or the installation is damaged.
    """
    page = html_page(graph, positions=positions, language=language, max_nodes=max_nodes, opening=opening, links=links)
    with replacing(path) as file:
        file.write(page)


def html_page(
    graph: "nx.MultiDiGraph[str]",
    *,
    positions: Places | None = None,
    language: str = "id",
    max_nodes: int = VIEW_NODES,
    opening: Opening = "network",
    links: bool = False,
) -> str:
    """The page of `write_html` as text."""
    from graphwatch.export.layout.positions import positions as laid_out
    from graphwatch.export.layout.positions import steps

    if max_nodes < 1:
        raise UsageError("a page needs room for a node", remedy="Give a number of nodes of at least 1.")
    if opening not in get_args(Opening):
        known = ", ".join(get_args(Opening))
        raise UsageError(f"a page cannot open with {opening!r}", remedy=f"Give one of: {known}.")
    selection = select(graph, max_nodes)
    if positions is None:
        starts = graph.graph.get("starts")
        positions = steps(selection.graph, starts) if starts else laid_out(selection.graph)
    return _render(build_view(selection, positions, language, most=max_nodes, opening=opening, links=links))


def _render(view: View) -> str:
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    style, script = _read("view/page.css"), _script()
    data, evidence = blocks(view)
    environment = Environment(
        loader=DictLoader({"page": _read("view/page.html.j2")}), autoescape=True, undefined=StrictUndefined
    )
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )

    def worded(key: str, **values: Any) -> str:
        return text(key, view.language, **values)

    # Markup: these are this package's own files, or base64 in quotes.
    return environment.get_template("page").render(
        view=view,
        text=worded,
        other=partial(text, language=next(name for name in LANGUAGES if name != view.language)),
        policy=policy,
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(data),  # noqa: S704
        evidence=Markup(evidence),  # noqa: S704
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


@cache
def _script() -> str:
    return joined("start", lambda name: _read(f"view/{name}.js"))


def _read(name: str) -> str:
    # HTML parsers turn line ends into \n before they compare hashes.
    return files("graphwatch.export").joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")

"""The network page: one file that opens offline, shows outside text as text and asks no host for anything."""

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from graphwatch.common.files import replacing
from graphwatch.common.i18n import LANGUAGES, text
from graphwatch.errors import GraphwatchError, UsageError
from graphwatch.export.page.build import Places, build_view, select
from graphwatch.export.page.model import EdgeView, NodeView, View
from graphwatch.export.rows import colour_code
from graphwatch.settings import VIEW_NODES

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network


_IMPORT = re.compile(r'^import (?:\{([^{}]*)\}|\* as (\w+)) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function|class) (\w+)|const (\w+) =|const [{\[]([\w, ]+)[}\]] =)", re.MULTILINE
)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(start: str, read: Callable[[str], str]) -> str:
    r"""One script that does what the module `start` does.

    Each module becomes a function that is called once, after those that it imports from, and whose result holds
    what it exports. So its names are its own, as they are where a server hands out the modules one by one, and no
    bundler is needed. Of the language's ways to import and export, this understands those that stand at the
    beginning of a line and need no more than a look: `import { a, b as c } from "./file.js";`,
    `import * as file from "./file.js";`, and `export` before a function, a class or a `const`. What is exported never
    changes, therefore. Anything else is refused.

    Args:
        start: name of the first module, without `.js`.
        read: gives the text of a module of that name.

    Raises:
        GraphwatchError: where modules import in a circle, a name that is not exported, or in another way.

    >>> modules = {"one": 'import { two } from "./two.js";\nlook(two);\n', "two": "export const two = 2;\n"}
    >>> print(joined("one", modules.__getitem__))
    const $two = await (async () => {
    const two = 2;
    return { two };
    })();
    const $one = await (async () => {
    const { two } = $two;
    look(two);
    return {  };
    })();
    <BLANKLINE>
    """
    sources: dict[str, str] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = read(name)
            waiting += _imported(sources[name])
    try:
        order = tuple(TopologicalSorter({n: sorted(set(_imported(s))) for n, s in sources.items()}).static_order())
    except CycleError as problem:
        raise _damaged(" → ".join(problem.args[1]), "import in a circle") from problem
    exports = {name: tuple(_exported(sources[name])) for name in order}
    return "".join(_wrapped(name, sources[name], exports) for name in order)


def _imported(source: str) -> list[str]:
    return [file for _, _, file in _IMPORT.findall(source)]


def _exported(source: str) -> Iterator[str]:
    for names in _EXPORT.findall(source):
        yield from re.findall(r"\w+", " ".join(names))


def _wrapped(name: str, source: str, exports: dict[str, tuple[str, ...]]) -> str:
    def bound(found: re.Match[str]) -> str:
        listed, whole, file = found.groups()
        if whole:
            return f"const {whole} = ${file};\n"
        wanted = [words.split(" as ") for words in re.split(r",\s*", listed.strip().rstrip(","))]
        missing = [words[0] for words in wanted if words[0] not in exports[file]]
        if missing:
            raise _damaged(name, f"imports {missing[0]}, which {file} does not export")
        return f"const {{ {', '.join(': '.join(words) for words in wanted)} }} = ${file};\n"

    body = _EXPORT.sub("", _IMPORT.sub(bound, source))
    left = _LEFT.search(body)
    if left:
        raise _damaged(name, f"has a line that cannot be joined: {left[0]}")
    return f"const ${name} = await (async () => {{\n{body}return {{ {', '.join(exports[name])} }};\n}})();\n"


def _damaged(name: str, what: str) -> GraphwatchError:
    return GraphwatchError(f"the page's scripts {what}", where=name, remedy="Install graphwatch again.")


def pyvis_network(view: View) -> "Network":
    """A pyvis network with the positions given and the physics off.

    Node ids are the view's whole numbers. pyvis writes no page here: its own template asks other hosts for
    files and runs script that stands in names.
    """
    from pyvis.network import Network

    # Of parallel relations, an undirected one keeps the first only, and looks for it among all others.
    network = Network(directed=True, cdn_resources="in_line")
    network.node_ids = _Ids()
    network.toggle_physics(False)
    for node in view.nodes:
        network.add_node(node.id, **_node_options(node))
    for edge in view.edges:
        network.add_edge(edge.start, edge.end, **_edge_options(edge))
    return network


def _edge_options(edge: EdgeView) -> dict[str, Any]:
    return {"type": edge.type, "n": edge.n, "first": edge.first, "last": edge.last, "facts": edge.facts}


def _node_options(node: NodeView) -> dict[str, Any]:
    return {
        "label": node.name,
        "shape": node.shape,
        "size": node.size,
        "color": colour_code(node.colour),
        "x": node.x,
        "y": node.y,
        "kind": node.label,
        "cluster": node.cluster,
        "colour": node.colour,
        "background": node.background,
        "facts": node.facts,
    }


class _Ids(dict[int, None]):
    """Stands in for the list in which pyvis looks up every id from the start."""

    def append(self, id: int) -> None:
        self[id] = None


_NODE_COLUMNS: Final = ("label", "kind", "shape", "size", "cluster", "colour", "background", "x", "y")
_EDGE_COLUMNS: Final = ("from", "to", "type", "n", "first", "last")


def blocks(view: View) -> tuple[str, str]:
    """What is needed to draw, and what is read once somebody looks closer: both as content of a script element."""
    network = pyvis_network(view)
    shown = {f.name: getattr(view, f.name) for f in fields(view) if f.name not in ("nodes", "edges")}
    nodes, edges = _columns(network.nodes, _NODE_COLUMNS), _columns(network.edges, _EDGE_COLUMNS)
    facts = {"nodes": [n["facts"] for n in network.nodes], "edges": [_told_once(e) for e in network.edges]}
    return packed({**shown, "nodes": nodes, "edges": edges}), packed(facts)


def packed(data: Mapping[str, Any]) -> str:
    """A JSON text that holds gzipped JSON in base64; the same data give the same text."""
    written = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=asdict)
    return json.dumps(base64.b64encode(gzip.compress(written.encode("ascii"), 6, mtime=0)).decode("ascii"))


def unpacked(block: str) -> Any:
    """What `packed` was given, as JSON gives it.

    >>> unpacked(packed({"a": "</script>"}))
    {'a': '</script>'}
    """
    return json.loads(gzip.decompress(base64.b64decode(json.loads(block))))


def _columns(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in names}


def _told_once(edge: Mapping[str, Any]) -> dict[str, Any]:
    # The time of an interaction is in the drawing's columns already.
    return {name: value for name, value in edge["facts"].items() if name != "at_ms"}


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
    from graphwatch.export.positions import positions as laid_out
    from graphwatch.export.positions import steps

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

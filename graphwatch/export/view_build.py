"""From a network to what the page shows."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphwatch.export.colours import GREY, PALETTE, SHAPES, colour_of
from graphwatch.export.selection import DRAWN, Selection, members_of
from graphwatch.export.view_model import ClusterView, EdgeView, Facts, KindView, NodeView, NoticeView, View
from graphwatch.model import RELATIONS, Element, node, relation
from graphwatch.texts import LANGUAGES, catalogue
from graphwatch.texts.plain import NAME_LENGTH, plain, plain_value

if TYPE_CHECKING:
    import networkx as nx

Places = Mapping[str, tuple[float, float]]

_SIZES: Final = {"Account": 8.0, "Post": 6.0, "Page": 14.0, "Paslon": 18.0}
_LARGEST_ACCOUNT: Final = 14.0


def build_view(selection: Selection, places: Places, language: str, *, most: int) -> View:
    """The view of a selected part of a network.

    Args:
        selection: what is shown and what is not.
        places: coordinates of every node of it.
        language: language at opening.
        most: the limit that made the selection.
    """
    graph = selection.graph
    clusters = _ranked(graph)
    home = {member: number for number, (_, members) in clusters.items() for member in reversed(members)}
    names = [n for n, label in graph.nodes(data="label") if label in DRAWN]
    index = {name: i for i, name in enumerate(sorted(names, key=lambda n: (n not in home, n)))}
    partners = Counter(end for s, e, type in graph.edges(data="type") if type == "CO_INTERACTED" for end in (s, e))
    nodes = [_node(graph, name, i, home.get(name), partners[name], places) for name, i in index.items()]
    edges = [
        _edge(index[start], index[end], attributes)
        for start, end, attributes in graph.edges(data=True)
        if start in index and end in index
    ]
    return View(
        language=language,
        masked=bool(graph.graph.get("masked")),
        nodes=nodes,
        edges=edges,
        clusters=[_cluster(graph, c, n, m, index, places) for n, (c, m) in clusters.items()],
        node_kinds=_kinds((n.label for n in nodes), DRAWN),
        edge_kinds=_kinds((e.type for e in edges), [r.type for r in RELATIONS]),
        notices=_notices(selection, most),
        left_out=plain(str(graph.graph["left_out"])) if graph.graph.get("left_out") else None,
        run=_facts(graph.graph.get("run") or {}, node("Run")),
        sources=[_facts(source, node("Source")) for source in graph.graph.get("sources") or ()],
        palette=[*PALETTE, GREY],
        texts={name: dict(catalogue(name)) for name in LANGUAGES},
    )


def name_of(attributes: Mapping[str, Any], id: str) -> str:
    """What a reader sees a node called: handle, name or first words where there are any, else its id.

    >>> name_of({"label": "Paslon", "number": 2, "name": "Ani & Budi"}, "p2")
    '2 · Ani & Budi'
    """
    label, handle, name = attributes["label"], attributes.get("handle"), attributes.get("name")
    if label == "Account":
        found = handle or name
    elif label == "Post":
        found = attributes.get("text")
    elif label == "Paslon" and name and attributes.get("number") is not None:
        found = f"{attributes['number']} · {name}"
    else:
        found = name or handle
    return plain(str(found or id), NAME_LENGTH) or plain(repr(id), NAME_LENGTH)


def _ranked(graph: "nx.MultiDiGraph[str]") -> dict[int, tuple[str, list[str]]]:
    clusters = [n for n, label in graph.nodes(data="label") if label == "Cluster"]
    clusters.sort(key=lambda n: (graph.nodes[n].get("number") or 0, n))
    return {graph.nodes[c].get("number") or rank: (c, members_of(graph, c)) for rank, c in enumerate(clusters, 1)}


def _node(
    graph: "nx.MultiDiGraph[str]", name: str, index: int, cluster: int | None, partners: int, places: Places
) -> NodeView:
    attributes = graph.nodes[name]
    label = attributes["label"]
    size = _SIZES[label]
    if label == "Account":
        size = min(_LARGEST_ACCOUNT, size + 0.8 * math.sqrt(partners))
    return NodeView(
        id=index,
        label=label,
        name=name_of(attributes, name),
        cluster=cluster,
        colour=colour_of(cluster),
        shape=SHAPES[label],
        size=round(size, 1),
        x=float(places[name][0]),
        y=float(places[name][1]),
        facts=_facts({"id": name, **attributes}, node(label)),
    )


def _edge(start: int, end: int, attributes: Mapping[str, Any]) -> EdgeView:
    type = attributes["type"]
    n = int(attributes.get("n") or 0) if type == "CO_INTERACTED" else 0
    # An interaction's kind is its type; the run is said once for the whole page.
    return EdgeView(start, end, type, n, _facts(attributes, relation(type), hidden=("id", "kind", "run")))


def _cluster(
    graph: "nx.MultiDiGraph[str]",
    name: str,
    number: int,
    members: list[str],
    index: Mapping[str, int],
    places: Places,
) -> ClusterView:
    points = [places[member] for member in members]
    x, y = places[name]
    radius = max((math.hypot(p[0] - x, p[1] - y) for p in points), default=0.0) + 2 * _LARGEST_ACCOUNT
    return ClusterView(
        number=number,
        colour=colour_of(number),
        x=round(x, 1),
        y=round(y, 1),
        radius=round(radius, 1),
        members=[index[member] for member in members],
        facts=_facts(graph.nodes[name], node("Cluster"), hidden=("id", "run", "number")),
    )


def _facts(attributes: Mapping[str, Any], declared: Element, *, hidden: Iterable[str] = ()) -> Facts:
    """Declared properties in the model's order, cleaned; absent and undeclared ones are not there."""
    values = {p.name: plain_value(attributes.get(p.name)) for p in declared.properties if p.name not in hidden}
    return {name: value for name, value in values.items() if value is not None and value != []}


def _kinds(names: Iterable[str], order: Iterable[str]) -> list[KindView]:
    counts = Counter(names)
    return [KindView(name, counts[name], SHAPES.get(name, "")) for name in order if counts[name]]


def _notices(selection: Selection, most: int) -> list[NoticeView]:
    missing = selection.left_out
    if not missing:
        return []
    accounts, posts = missing.get("Account", 0), missing.get("Post", 0)
    others = sum(missing.values()) - accounts - posts
    shown = selection.total - sum(missing.values())
    counts = {"shown": shown, "total": selection.total, "accounts": accounts, "posts": posts}
    notices = [
        NoticeView("notice.nodes", {**counts, "others": others}),
        NoticeView("notice.rule", {"n": most}),
    ]
    if selection.clusters_left_out:
        notices.append(NoticeView("notice.clusters", {"n": selection.clusters_left_out}))
    return notices

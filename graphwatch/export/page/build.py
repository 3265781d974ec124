"""From a network to what the page shows: the part that fits, its clusters with their bursts, and their notices."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.i18n import LANGUAGES, catalogue
from graphwatch.common.sanitize import NAME_LENGTH, plain, plain_value
from graphwatch.export.clusters import Burst, background, bursts_of, clusters_of, ties, tying_posts
from graphwatch.export.graphs import name_in
from graphwatch.export.page.model import (
    BurstView,
    ClusterView,
    EdgeView,
    Facts,
    FamilyView,
    KindView,
    NodeView,
    NoticeView,
    PhaseView,
    SourceView,
    View,
)
from graphwatch.export.rows import GREY, PALETTE, colour_of, labels_of, name_of, names_of, shape_of
from graphwatch.model import NODES, RELATIONS, Element, node, relation
from graphwatch.model.declaring import Node

if TYPE_CHECKING:
    import networkx as nx


_USUAL: Final = ("Account", "Post", "Page", "Paslon")
# What stands in a drawing as a node; a cluster is drawn around its members.
DRAWN: Final = (*_USUAL, *(node.label for node in NODES if node.label not in (*_USUAL, "Cluster")))


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a network that a view holds.

    Attributes:
        graph: copy of the input with the kept nodes and clusters.
        total: drawn nodes of the input.
        left_out: how many drawn nodes are missing, by label.
        clusters_left_out: clusters that did not fit as a whole.
    """

    graph: "nx.MultiDiGraph[str]"
    total: int
    left_out: dict[str, int]
    clusters_left_out: int


def select(graph: "nx.MultiDiGraph[str]", max_nodes: int) -> Selection:
    """At most `max_nodes` nodes: whole clusters, what ties them, then the heaviest pairs, their posts, their pages.

    Args:
        graph: a network as the exports take it.
        max_nodes: largest number of drawn nodes; clusters do not count.
    """
    drawn = [node for node, label in graph.nodes(data="label") if label in DRAWN]
    clusters = clusters_of(graph)
    kept: dict[str, None] = {}
    if len(drawn) <= max_nodes:
        kept = dict.fromkeys(drawn)
    else:
        for members in clusters.values():
            _add_whole(kept, members, max_nodes)
        _add_each(kept, [node for node in ties(graph, kept) if node not in kept], max_nodes)
        for one, two in _heaviest_pairs(graph):
            _add_whole(kept, (one, two), max_nodes)
        for labels in (("Post",), ("Page",), ("Paslon",), ("Account",), DRAWN):
            _add_each(kept, _most_linked(graph, kept, labels), max_nodes)
    whole = [cluster for cluster, members in clusters.items() if all(m in kept for m in members)]
    missing = Counter(graph.nodes[node]["label"] for node in drawn if node not in kept)
    return Selection(_part(graph, {*kept, *whole}), len(drawn), dict(missing), len(clusters) - len(whole))


def _part(graph: "nx.MultiDiGraph[str]", keep: set[str]) -> "nx.MultiDiGraph[str]":
    # networkx's own views of a part are slow to look into, and their order changes from one start to the next.
    part = graph.__class__(**graph.graph)
    part.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in keep)
    part.add_edges_from(
        (start, end, key, data)
        for start, end, key, data in graph.edges(keys=True, data=True)
        if start in keep and end in keep
    )
    return part


def _heaviest_pairs(graph: "nx.MultiDiGraph[str]") -> list[tuple[str, str]]:
    pairs: list[tuple[Any, ...]] = [
        (-(attributes.get("n") or 0), start, end)
        for start, end, attributes in graph.edges(data=True)
        if attributes["type"] == "CO_INTERACTED"
    ]
    return [(start, end) for _, start, end in sorted(pairs)]


def _most_linked(graph: "nx.MultiDiGraph[str]", kept: dict[str, None], labels: tuple[str, ...]) -> list[str]:
    links = Counter(end if start in kept else start for start, end in graph.edges() if (start in kept) != (end in kept))
    candidates = [n for n, label in graph.nodes(data="label") if label in labels and n not in kept]
    return sorted(candidates, key=lambda node: (-links[node], node))


def _add_whole(kept: dict[str, None], nodes: Iterable[str], most: int) -> None:
    new = [node for node in nodes if node not in kept]
    if len(kept) + len(new) <= most:
        kept.update(dict.fromkeys(new))


def _add_each(kept: dict[str, None], nodes: list[str], most: int) -> None:
    kept.update(dict.fromkeys(nodes[: max(0, most - len(kept))]))


Places = Mapping[str, tuple[float, float]]

# Between the outermost member and the line around the disc.
_MARGIN: Final = 28.0


def ranked(graph: "nx.MultiDiGraph[str]") -> dict[int, tuple[str, list[str]]]:
    """The clusters with their members, by number."""
    found = enumerate(clusters_of(graph).items(), 1)
    return {graph.nodes[cluster].get("number") or rank: (cluster, members) for rank, (cluster, members) in found}


def cluster_views(
    graph: "nx.MultiDiGraph[str]",
    clusters: Mapping[int, tuple[str, list[str]]],
    index: Mapping[str, int],
    edges: Mapping[str, int],
    places: Places,
) -> list[ClusterView]:
    """All clusters, ranked; `index` has the number of every node of the drawing, `edges` of every relation."""
    posts, bursts = tying_posts(graph), bursts_of(graph)
    return [
        ClusterView(
            number=number,
            colour=colour_of(number),
            **_disc(places[name], [places[member] for member in members]),
            members=[index[member] for member in members],
            pages=_pages(graph, posts[name], index),
            bursts=sorted(
                _bursts(graph, bursts[name], index, edges), key=lambda burst: (-burst.members, burst.first, burst.size)
            ),
            families=_families(graph, graph.nodes[name].get("id", name)),
            kept=bool(bursts[name]),
            facts=facts_of(graph.nodes[name], node("Cluster"), hidden=("id", "run", "number")),
        )
        for number, (name, members) in clusters.items()
    ]


def _families(graph: "nx.MultiDiGraph[str]", cluster: str) -> list[FamilyView]:
    return [
        FamilyView(
            row["family"], int(row["pairs"]), int(row["n"]), round(row["expected"] or 0.0, 2), row["coordinated"]
        )
        for row in graph.graph.get("families") or ()
        if row["cluster"] == cluster
    ]


def facts_of(attributes: Mapping[str, Any], declared: Element, *, hidden: Iterable[str] = ()) -> Facts:
    """Declared properties in the model's order, cleaned; absent and undeclared ones are not there."""
    values = {p.name: plain_value(attributes.get(p.name)) for p in declared.properties if p.name not in hidden}
    return {name: value for name, value in values.items() if value is not None and value != []}


def _disc(middle: tuple[float, float], members: Iterable[tuple[float, float]]) -> dict[str, float]:
    x, y = middle
    radius = max((math.hypot(p[0] - x, p[1] - y) for p in members), default=0.0) + _MARGIN
    return {"x": round(x, 1), "y": round(y, 1), "radius": round(radius, 1)}


def _pages(graph: "nx.MultiDiGraph[str]", posts: Iterable[str], index: Mapping[str, int]) -> list[SourceView]:
    counts = Counter(
        page for post in posts for page, _, type in graph.in_edges(post, data="type") if type == "PUBLISHED"
    )
    ordered = sorted(counts, key=lambda page: (-counts[page], page))
    return [SourceView(index[page], counts[page]) for page in ordered if page in index]


def _bursts(
    graph: "nx.MultiDiGraph[str]", bursts: Iterable[Burst], index: Mapping[str, int], edges: Mapping[str, int]
) -> Iterator[BurstView]:
    """Those of which the drawing has an interaction."""
    for burst in bursts:
        actions = [edges[id] for id in burst.get("interactions") or () if id in edges]
        if not actions:
            continue
        object, kind = burst.get("object"), burst["object_kind"]
        where = None if object is None else index.get(name_in(graph, kind.capitalize(), object))
        yield BurstView(
            object=where,
            name=None if object is None or where is not None else plain(object, NAME_LENGTH),
            kind=kind,
            members=burst["members"],
            first=burst["first_ms"],
            last=burst["last_ms"],
            size=burst["size"],
            actions=actions,
        )


_SIZES: Final = {"Account": 8.0, "Post": 6.0, "Page": 14.0, "Paslon": 18.0}
_LARGEST_ACCOUNT: Final = 14.0
_OTHER_SIZE: Final = 10.0
# First words of the keys of texts that only other rooms use; a page opens the quicker the less it holds.
_ELSEWHERE: Final = frozenset(
    [
        *("explain", "report", "trace", "detect", "estimate", "power", "metrics", "demo"),
        *("review", "changes", "complaints", "provisions"),
    ]
)


def build_view(
    selection: Selection, places: Places, language: str, *, most: int, opening: str = "network", links: bool = False
) -> View:
    """The view of a selected part of a network.

    Args:
        selection: what is shown and what is not.
        places: coordinates of every node of it.
        language: language at opening.
        most: the limit that made the selection.
        opening: network, timeline or matrix.
        links: whether addresses can be clicked.
    """
    graph = selection.graph
    clusters = ranked(graph)
    home = {member: number for number, (_, members) in clusters.items() for member in reversed(members)}
    names = [n for n, label in graph.nodes(data="label") if label in DRAWN]
    index = {name: i for i, name in enumerate(sorted(names, key=lambda n: (n not in home, n)))}
    partners = Counter(end for s, e, type in graph.edges(data="type") if type == "CO_INTERACTED" for end in (s, e))
    behind = background(graph)
    scope = str(graph.graph.get("scope") or "run")
    labels = labels_of(graph)
    nodes = [
        _node(graph, name, i, home.get(name), partners[name], name in behind, places, labels)
        for name, i in index.items()
    ]
    drawn = [
        (start, end, key, attributes)
        for start, end, key, attributes in graph.edges(keys=True, data=True)
        if start in index and end in index
    ]
    edges = [_edge(index[start], index[end], attributes) for start, end, _, attributes in drawn]
    views = cluster_views(graph, clusters, index, {key: i for i, (_, _, key, _) in enumerate(drawn)}, places)
    return View(
        language=language,
        opening=opening,
        scope=scope,
        title="title.path" if scope == "path" else "title",
        caution="lead.path" if scope == "path" else "lead.more",
        links=links,
        masked=bool(graph.graph.get("masked")),
        coarse=bool(graph.graph.get("masked")) and graph.graph.get("minutes") is None,
        names=[NoticeView(f"names.{key}", {"n": n}) for key, n in (names_of(graph) or {}).items()],
        nodes=nodes,
        edges=edges,
        clusters=views,
        node_kinds=_kinds((n.label for n in nodes), DRAWN),
        edge_kinds=_kinds((e.type for e in edges), [r.type for r in RELATIONS]),
        notices=[*_hidden(graph.graph), *_not_kept(views), *_notices(selection, most)],
        left_out=plain(str(graph.graph["left_out"])) if graph.graph.get("left_out") else None,
        run=facts_of(graph.graph.get("run") or {}, node("Run")),
        sources=[facts_of(source, node("Source")) for source in graph.graph.get("sources") or ()],
        phases=_phases(graph.graph.get("phases") or ()),
        palette=[*PALETTE, GREY],
        texts={language: _words(language) for language in LANGUAGES},
    )


def _node(
    graph: "nx.MultiDiGraph[str]",
    name: str,
    index: int,
    cluster: int | None,
    partners: int,
    behind: bool,
    places: Places,
    labels: Mapping[str, Node],
) -> NodeView:
    attributes = graph.nodes[name]
    label = attributes["label"]
    size = _SIZES.get(label, _OTHER_SIZE)
    if label == "Account":
        size = min(_LARGEST_ACCOUNT, size + 0.8 * math.sqrt(partners))
    return NodeView(
        id=index,
        label=label,
        name=name_of(attributes, name),
        cluster=cluster,
        colour=colour_of(cluster),
        shape=shape_of(label),
        size=round(size, 1),
        background=behind,
        x=float(places[name][0]),
        y=float(places[name][1]),
        facts=facts_of({"id": name, **attributes}, labels[label]),
    )


def _edge(start: int, end: int, attributes: Mapping[str, Any]) -> EdgeView:
    type = attributes["type"]
    n = int(attributes.get("n") or 0) if type == "CO_INTERACTED" else 0
    # An interaction's kind is its type; the run is said once for the whole page.
    facts = facts_of(attributes, relation(type), hidden=("id", "kind", "run"))
    first, last = (facts.get(name, facts.get("at_ms")) for name in ("first_ms", "last_ms"))
    return EdgeView(start, end, type, n, first, last, facts)


def _words(language: str) -> dict[str, str]:
    return {key: words for key, words in catalogue(language).items() if key.split(".")[0] not in _ELSEWHERE}


def _phases(rows: Iterable[Mapping[str, Any]]) -> list[PhaseView]:
    known = [row for row in rows if row.get("from_ms") is not None and row.get("to_ms") is not None]
    known.sort(key=lambda row: (row["from_ms"], row["to_ms"], str(row.get("id"))))
    return [PhaseView(_phase_name(row), int(row["from_ms"]), int(row["to_ms"])) for row in known]


def _phase_name(row: Mapping[str, Any]) -> str:
    """As people write it: masa tenang."""
    return plain(str(row.get("name") or row.get("id")).replace("_", " "), NAME_LENGTH)


def _kinds(names: Iterable[str], order: Iterable[str]) -> list[KindView]:
    counts = Counter(names)
    return [KindView(name, counts[name], shape_of(name) if name in DRAWN else "") for name in order if counts[name]]


def _hidden(about: Mapping[str, Any]) -> list[NoticeView]:
    """How coarse times are in a page that is handed on, and that persons and agencies of the roster are not in it."""
    minutes, withheld = about.get("minutes"), about.get("withheld") or 0
    notices = []
    if about.get("masked"):
        notices.append(NoticeView("notice.steps", {"n": minutes}) if minutes else NoticeView("notice.times", {}))
    if withheld:
        notices.append(NoticeView("notice.withheld", {"n": withheld}))
    return notices


def _not_kept(clusters: Iterable[ClusterView]) -> list[NoticeView]:
    """That a run of an earlier version kept no bursts, or that they were erased."""
    n = sum(not cluster.kept for cluster in clusters)
    return [NoticeView("notice.bursts", {"n": n})] if n else []


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

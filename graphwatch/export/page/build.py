"""From a network to what the page shows."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.i18n import LANGUAGES, catalogue
from graphwatch.common.sanitize import NAME_LENGTH, plain
from graphwatch.export.layout.clusters import background
from graphwatch.export.page.cluster_views import Places, cluster_views, facts_of, ranked
from graphwatch.export.page.model import ClusterView, EdgeView, KindView, NodeView, NoticeView, PhaseView, View
from graphwatch.export.page.selection import DRAWN, Selection
from graphwatch.export.rows import GREY, PALETTE, colour_of, labels_of, name_of, names_of, shape_of
from graphwatch.model import RELATIONS, node, relation
from graphwatch.model.declaring import Node

if TYPE_CHECKING:
    import networkx as nx

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
        names=[NoticeView(f"names.{key}", {"n": n}) for key, n in (names_of(graph) or {}).items()],
        nodes=nodes,
        edges=edges,
        clusters=views,
        node_kinds=_kinds((n.label for n in nodes), DRAWN),
        edge_kinds=_kinds((e.type for e in edges), [r.type for r in RELATIONS]),
        notices=[*_withheld(graph.graph.get("withheld") or 0), *_not_kept(views), *_notices(selection, most)],
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
    return [
        PhaseView(plain(str(row.get("name") or row.get("id")), NAME_LENGTH), int(row["from_ms"]), int(row["to_ms"]))
        for row in known
    ]


def _kinds(names: Iterable[str], order: Iterable[str]) -> list[KindView]:
    counts = Counter(names)
    return [KindView(name, counts[name], shape_of(name) if name in DRAWN else "") for name in order if counts[name]]


def _withheld(n: int) -> list[NoticeView]:
    """That persons and agencies of the roster are not in a page that is handed on."""
    return [NoticeView("notice.withheld", {"n": n})] if n else []


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

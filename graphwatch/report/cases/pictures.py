"""What pictures of accounts show: the members of a cluster, and an account with its surroundings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphwatch.report.cases.model import Ego, Picture
from graphwatch.repository.paslon import paslon_of_pages
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.cases.names import Names

Row = dict[str, Any]
# More circles or lines than this are no picture on a page.
_DRAWN_MEMBERS: Final = 150
_DRAWN_PAIRS: Final = 600
_DRAWN_PARTNERS: Final = 18
_DRAWN_PAGES: Final = 12
# Pairs of members of one cluster that reached the count of its run.
PAIRS: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) WHERE {where} "
    "WITH k, a, c, b WHERE c.run = k.run AND c.window_ms = $window "
    "AND coalesce(c.layer, 'all') = coalesce(k.layer, 'all') "
)
_PAIRS_OF_ONE: Final = PAIRS.format(where="k.id = $id") + (
    "RETURN a.id AS one, b.id AS other, c.n AS n ORDER BY n DESC, one, other"
)
_PARTNERS: Final = PAIRS.format(where="k.run = $run AND (a.id = $id OR b.id = $id)") + (
    "RETURN a.id AS one, b.id AS other, c.n AS n, c.first_ms AS first_ms, c.last_ms AS last_ms"
)
_PAGES: Final = (
    "MATCH (p:Page)-[:PUBLISHED]->(o:Post) WHERE o.id IN $ids RETURN o.id AS object, p.id AS page, p.name AS name"
)
_FOLLOWED: Final = "MATCH (p:Page) WHERE p.id IN $ids RETURN p.id AS object, p.id AS page, p.name AS name"


def cluster_picture(workspace: Workspace, cluster: str, window_ms: int, accounts: Sequence[str]) -> Picture:
    """Members by their place in the list, those with the most ties first where not all can be drawn."""
    pairs = workspace.store.read(_PAIRS_OF_ONE, {"id": cluster, "window": window_ms}).to_pylist()
    number = {account: n for n, account in enumerate(accounts, 1)}
    drawn = set(_most_tied(pairs, accounts))
    among = [p for p in pairs if p["one"] in drawn and p["other"] in drawn]
    lines = tuple((number[p["one"]], number[p["other"]], int(p["n"])) for p in among[:_DRAWN_PAIRS])
    places = _places([a for a in accounts if a in drawn], among)
    return Picture({number[a]: place for a, place in places.items()}, lines, len(pairs))


def _most_tied(pairs: Iterable[Row], accounts: Sequence[str]) -> list[str]:
    ties = Counter(end for pair in pairs for end in (pair["one"], pair["other"]))
    return sorted(accounts, key=lambda a: (-ties[a], a))[:_DRAWN_MEMBERS]


def _places(accounts: Sequence[str], pairs: Iterable[Row]) -> dict[str, tuple[float, float]]:
    import networkx as nx

    from graphwatch.export.layout.positions import positions

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("the cluster", label="Cluster", number=1)
    for account in accounts:
        graph.add_node(account, label="Account")
        graph.add_edge(account, "the cluster", key=f"in {account}", type="MEMBER_OF")
    for pair in pairs:
        graph.add_edge(
            pair["one"], pair["other"], key=f"{pair['one']} {pair['other']}", type="CO_INTERACTED", n=pair["n"]
        )
    found = positions(graph)
    return {account: found[account] for account in accounts}


def partners_of(workspace: Workspace, account: str, run: Mapping[str, Any]) -> list[Row]:
    """With whom an account reached the count of a run inside a cluster: id, n, first_ms and last_ms; most first."""
    given = {"id": account, "run": run["id"], "window": run["window_ms"]}
    found: dict[str, Row] = {}
    for row in workspace.store.read(_PARTNERS, given).to_pylist():
        other = row["other"] if row["one"] == account else row["one"]
        # Clusters of single kinds of interaction have the same partners again.
        if other not in found or row["n"] > found[other]["n"]:
            found[other] = {"id": other, "n": int(row["n"]), "first_ms": row["first_ms"], "last_ms": row["last_ms"]}
    return sorted(found.values(), key=lambda p: (-p["n"], p["id"]))


def ego(workspace: Workspace, acts: Iterable[Row], partners: Sequence[Row], names: "Names") -> Ego:
    """An account, the pages behind what it acted on, and its partners, called as the document calls them."""
    acted = Counter(row["post"] for row in acts)
    pages = _pages_of(workspace, sorted(acted))
    counts: Counter[str] = Counter()
    for object, n in acted.items():
        if object in pages:
            counts[pages[object]["page"]] += n
    called = {row["page"]: str(row["name"] or row["page"]) for row in pages.values()}
    paslon = paslon_of_pages(workspace)
    ordered = sorted(counts, key=lambda page: (-counts[page], page))
    return Ego(
        tuple((called[p], paslon[p][0].name if p in paslon else None, counts[p]) for p in ordered[:_DRAWN_PAGES]),
        len(ordered),
        tuple((names.account(p["id"]), names.standing[p["id"]], p["n"]) for p in partners[:_DRAWN_PARTNERS]),
        len(partners),
    )


def _pages_of(workspace: Workspace, objects: list[str]) -> dict[str, Row]:
    """The page behind each post, of several the one with the smallest id; a page that is followed stands for itself."""
    rows = [r for query in (_PAGES, _FOLLOWED) for r in workspace.store.read(query, {"ids": objects}).to_pylist()]
    return {row["object"]: row for row in sorted(rows, key=lambda r: r["page"], reverse=True)}

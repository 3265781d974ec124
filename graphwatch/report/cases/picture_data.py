"""What pictures of accounts show: the members of a cluster, and an account with its surroundings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from graphwatch.report.cases.model import Ego, Picture
from graphwatch.repository.interactions import pages_behind
from graphwatch.repository.pairs import Pair, Partner, pairs_of_cluster
from graphwatch.repository.paslon import paslon_of_pages
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.report.cases.names import Names

# More circles or lines than this are no picture on a page.
_DRAWN_MEMBERS: Final = 150
_DRAWN_PAIRS: Final = 600
_DRAWN_PARTNERS: Final = 18
_DRAWN_PAGES: Final = 12


def cluster_picture(workspace: Workspace, cluster: str, window_ms: int, accounts: Sequence[str]) -> Picture:
    """Members by their place in the list, those with the most ties first where not all can be drawn."""
    found = pairs_of_cluster(workspace.store, cluster, window_ms)
    pairs = sorted(found, key=lambda pair: (-pair.n, pair.account_a, pair.account_b))
    number = {account: n for n, account in enumerate(accounts, 1)}
    drawn = set(_most_tied(pairs, accounts))
    among = [p for p in pairs if p.account_a in drawn and p.account_b in drawn]
    lines = tuple((number[p.account_a], number[p.account_b], p.n) for p in among[:_DRAWN_PAIRS])
    places = _places([a for a in accounts if a in drawn], among)
    return Picture({number[a]: place for a, place in places.items()}, lines, len(pairs))


def _most_tied(pairs: Iterable[Pair], accounts: Sequence[str]) -> list[str]:
    ties = Counter(end for pair in pairs for end in (pair.account_a, pair.account_b))
    return sorted(accounts, key=lambda a: (-ties[a], a))[:_DRAWN_MEMBERS]


def _places(accounts: Sequence[str], pairs: Iterable[Pair]) -> dict[str, tuple[float, float]]:
    import networkx as nx

    from graphwatch.export.layout.positions import positions

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("the cluster", label="Cluster", number=1)
    for account in accounts:
        graph.add_node(account, label="Account")
        graph.add_edge(account, "the cluster", key=f"in {account}", type="MEMBER_OF")
    for pair in pairs:
        graph.add_edge(
            pair.account_a, pair.account_b, key=f"{pair.account_a} {pair.account_b}", type="CO_INTERACTED", n=pair.n
        )
    found = positions(graph)
    return {account: found[account] for account in accounts}


def ego(workspace: Workspace, objects: Iterable[str], partners: Sequence[Partner], names: "Names") -> Ego:
    """An account, the pages behind what it acted on, and its partners, called as the document calls them.

    Args:
        objects: the post or page of every act of the account.
        partners: most objects in common first.
    """
    acted = Counter(objects)
    pages = pages_behind(workspace.store, sorted(acted))
    counts: Counter[str] = Counter()
    for object, n in acted.items():
        if object in pages:
            counts[pages[object].id] += n
    called = {page.id: page.called for page in pages.values()}
    paslon = paslon_of_pages(workspace.store)
    ordered = sorted(counts, key=lambda page: (-counts[page], page))
    return Ego(
        tuple((called[p], paslon[p][0].name if p in paslon else None, counts[p]) for p in ordered[:_DRAWN_PAGES]),
        len(ordered),
        tuple((names.account(p.id), names.standing[p.id], p.n) for p in partners[:_DRAWN_PARTNERS]),
        len(partners),
    )

"""What a document about a cluster or an account is made of."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphwatch.api.casework.leads import Decisions
from graphwatch.api.detection.evidence import whole
from graphwatch.api.detection.explaining import explain
from graphwatch.api.reports.evidence import acts_in_bursts, acts_on_pages, as_evidence, sources_of, weighed
from graphwatch.api.reports.names import Names, Opening
from graphwatch.api.reports.shared import complaints_about, later_of, said_of_data, told_decisions
from graphwatch.api.runs import resolve_run
from graphwatch.api.tracing.endpoints import endpoint
from graphwatch.errors import NothingFound
from graphwatch.report import AccountCase, ClusterCase, Picture

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.explanation import Explanation
    from graphwatch.privacy import Pseudonyms

# More circles or lines than this are no picture on a page.
_DRAWN_MEMBERS: Final = 150
_DRAWN_PAIRS: Final = 600
_PAIRS: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[c:CO_INTERACTED]->(b:Account)-[:MEMBER_OF]->(k) WHERE k.id = $id "
    "WITH k, a, c, b WHERE c.run = k.run AND c.window_ms = $window "
    "AND coalesce(c.layer, 'all') = coalesce(k.layer, 'all') "
    "RETURN a.id AS one, b.id AS other, c.n AS n ORDER BY n DESC, one, other"
)
_CLUSTERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run) WHERE a.id = $id AND r.status = 'complete' "
    "RETURN k.id AS id, r.id AS run, k.size AS size, m.entered AS entered, r.created_at_ms AS created_at_ms "
    "ORDER BY created_at_ms DESC, id"
)


def cluster_case(
    desk: "Desk", id: str, run: str, calendar: str | None, opening: Opening, language: str, made: dict[str, Any]
) -> ClusterCase:
    """A cluster, as its run saw it and as the store knows its interactions now."""
    of = explain(desk, id, run=run)
    if of.kind != "cluster":
        raise NothingFound(f"{id} is a pair", where=desk.place, remedy="`graphwatch explain` tells of a pair.")
    accounts = [m.account for m in of.members]
    found_by = whole(desk, "Run", of.question.run)
    names = Names(desk, accounts, _between(of), opening, _pseudonyms(desk))
    decided = Decisions(desk)
    rows = acts_in_bursts(desk, accounts, of.bursts, of.question.object == "post")
    sources = sources_of(desk, rows, names)
    on_roster = {a for a in accounts if names.standing[a] not in ("none", "unknown")}
    acts = ((r["kind"], r["at_ms"]) for r in rows if r["account"] in on_roster)
    return ClusterCase(
        **made,
        **weighed(desk, acts, calendar),
        **said_of_data(desk, of.question.run, language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        sources=sources,
        decisions=told_decisions((*decided.alike(of.id, tuple(accounts)), *decided.on(of.id)), names),
        complaints=complaints_about(desk, accounts),
        explanation=names.explanation(of),
        standing={names.account(a): names.standing[a] for a in accounts},
        evidence=as_evidence(desk, rows, sources, names),
        later=later_of(desk, of.id),
        picture=_picture(desk, of.id, found_by["window_ms"], accounts),
    )


def account_case(
    desk: "Desk", name: str, run: str, calendar: str | None, opening: Opening, language: str, made: dict[str, Any]
) -> AccountCase:
    """An account: what it did on pages of paslon, and the leads that it is part of."""
    id = endpoint(desk, f"Account:{name}").id
    account = whole(desk, "Account", id)
    found_by = _run_if_any(desk, run)
    rows = acts_on_pages(desk, id)
    times = [row["at_ms"] for row in rows if row["at_ms"] is not None]
    between = (min(times), max(times)) if times else (None, None)
    names = Names(desk, [id], between, opening, _pseudonyms(desk))
    sources = sources_of(desk, rows, names)
    decided = Decisions(desk)
    clusters = desk.store.read(_CLUSTERS, {"id": id}).to_pylist()
    return AccountCase(
        **made,
        **weighed(desk, ((r["kind"], r["at_ms"]) for r in rows), calendar),
        **said_of_data(desk, None if found_by is None else found_by["id"], language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        sources=sources,
        decisions=told_decisions((d for lead in (id, *(c["id"] for c in clusters)) for d in decided.on(lead)), names),
        complaints=complaints_about(desk, [id]),
        account=names.account(id),
        platform=account["platform"],
        standing=names.standing[id],
        evidence=as_evidence(desk, rows, sources, names),
        clusters=tuple(clusters),
    )


def _run_if_any(desk: "Desk", run: str) -> dict[str, Any] | None:
    """The run, or None where none was made yet and none is named."""
    try:
        return whole(desk, "Run", resolve_run(desk, run))
    except NothingFound:
        if run != "latest":
            raise
        return None


def _pseudonyms(desk: "Desk") -> "Pseudonyms":
    from graphwatch.privacy import Pseudonyms, project_key

    return Pseudonyms(project_key(desk.folder))


def _between(of: "Explanation") -> tuple[int | None, int | None]:
    """The first and last act in the bursts of a cluster."""
    times = [act.at_ms for burst in of.bursts for act in burst.acts]
    return (min(times), max(times)) if times else (None, None)


def _picture(desk: "Desk", cluster: str, window_ms: int, accounts: Sequence[str]) -> Picture:
    """Members by their place in the list, those with the most ties first where not all can be drawn."""
    pairs = desk.store.read(_PAIRS, {"id": cluster, "window": window_ms}).to_pylist()
    number = {account: n for n, account in enumerate(accounts, 1)}
    drawn = set(_most_tied(pairs, accounts))
    among = [p for p in pairs if p["one"] in drawn and p["other"] in drawn]
    lines = tuple((number[p["one"]], number[p["other"]], int(p["n"])) for p in among[:_DRAWN_PAIRS])
    places = _places([a for a in accounts if a in drawn], among)
    return Picture({number[a]: place for a, place in places.items()}, lines, len(pairs))


def _most_tied(pairs: Iterable[dict[str, Any]], accounts: Sequence[str]) -> list[str]:
    from collections import Counter

    ties = Counter(end for pair in pairs for end in (pair["one"], pair["other"]))
    return sorted(accounts, key=lambda a: (-ties[a], a))[:_DRAWN_MEMBERS]


def _places(accounts: Sequence[str], pairs: Iterable[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    import networkx as nx

    from graphwatch.layout import positions

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

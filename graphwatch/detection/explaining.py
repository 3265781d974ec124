"""Explain: what a reviewer is told about one pair or cluster."""

from dataclasses import replace
from typing import Any, Final

from graphwatch.detection.lead_evidence import Seen, look_again, pair_on_roster, together, whole
from graphwatch.errors import NothingFound, UsageError
from graphwatch.explain.model import Agency, Explanation, Member, OnRoster, Target, Ties
from graphwatch.explain.weighing import innocent, reading
from graphwatch.repository.resolver import resolve, resolve_any
from graphwatch.repository.runs import LATEST, resolve_run
from graphwatch.store.workspace import Workspace

Row = dict[str, Any]
_SHOWN: Final = 10

_PAIR: Final = (
    "c.id AS id, coalesce(c.layer, 'all') AS layer, c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, "
    "c.opportunities AS opportunities, c.expected AS expected, c.q AS q, c.coordinated AS coordinated, "
    "c.interest_expected AS interest_expected, c.shared_interest AS shared_interest"
)


def explain(
    workspace: Workspace, lead: str | int, other: str | None = None, *, run: str = LATEST, layer: str = "all"
) -> Explanation:
    """Why a pair or a cluster is a lead, in numbers; `graphwatch.explain.words.sections` puts it in words.

    Args:
        lead: number or id of a cluster, id of a pair, or one account of a pair: its id, handle, address or pseudonym.
        other: the other account.
        run: id of a complete run.
        layer: all, or one kind of interaction of a run that looked at each alone.

    Raises:
        NothingFound: there is no such run, or no such cluster or pair in it.
        UsageError: the accounts may be several pairs.
    """
    name = str(lead)
    by_id = other is None and name.startswith("R-")
    with workspace.store.session():
        seen = look_again(workspace, resolve_run(workspace, name.partition(":")[0] if by_id else run))
        if by_id or (other is None and name.isdecimal()):
            cluster = resolve(workspace, name, ("Cluster",), run=seen.run["id"], layer=layer)
            return _cluster(workspace, seen, cluster.id)
        return _pair(workspace, seen, name, other, layer)


def explain_clusters(workspace: Workspace, *, run: str = LATEST, layer: str = "all") -> tuple[Explanation, ...]:
    """Every cluster of a run explained, the largest first; the interactions are read once.

    Raises:
        NothingFound: there is no such run.
    """
    with workspace.store.session():
        seen = look_again(workspace, resolve_run(workspace, run))
        rows = workspace.store.read(
            "MATCH (k:Cluster) WHERE k.run = $run AND coalesce(k.layer, 'all') = $layer "
            "RETURN k.id AS id ORDER BY k.number",
            {"run": seen.run["id"], "layer": layer},
        )
        return tuple(_cluster(workspace, seen, id) for id in rows["id"].to_pylist())


def _cluster(workspace: Workspace, seen: Seen, id: str) -> Explanation:
    cluster = whole(workspace, "Cluster", id)
    members = workspace.store.read(
        "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE k.id = $id "
        "RETURN a.id AS account, a.handle AS handle, m.entered AS entered ORDER BY account",
        {"id": id},
    ).to_pylist()
    layer = cluster["layer"] or "all"
    pairs = workspace.store.read(
        "MATCH (k:Cluster)<-[:MEMBER_OF]-(:Account)-[c:CO_INTERACTED]->(:Account)-[:MEMBER_OF]->(k) WHERE k.id = $id "
        "WITH k, c WHERE c.run = k.run AND c.window_ms = $window AND coalesce(c.layer, 'all') = $layer "
        f"RETURN {_PAIR} ORDER BY id",
        {"id": id, "window": seen.run["window_ms"], "layer": layer},
    ).to_pylist()
    found = together(workspace, seen, [row["account"] for row in members], layer, cluster)
    # Members may keep company with the cluster as a whole, though no two of them stand out.
    ties = _ties([pair for pair in pairs if pair["coordinated"]] or pairs)
    roster = _roster(workspace, seen, cluster)
    return Explanation(
        kind="cluster",
        id=id,
        number=cluster["number"],
        question=seen.question,
        members=tuple(Member(**row) for row in members),
        ties=ties,
        reading=reading(ties, whole=True),
        pace=found.pace,
        bursts=found.bursts,
        roster=roster,
        targets=_targets(workspace, cluster),
        innocent=innocent(found.bursts, roster, seen.run["fdr"]),
    )


def _pair(workspace: Workspace, seen: Seen, name: str, other: str | None, layer: str) -> Explanation:
    pair = _found_pair(workspace, seen, name, other, layer)
    ties = _ties([pair])
    found = together(workspace, seen, [pair["account_a"], pair["account_b"]], pair["layer"], pair)
    roster = pair_on_roster(workspace, seen, found.actions)
    return Explanation(
        kind="pair",
        id=pair["id"],
        number=None,
        question=seen.question,
        members=(Member(pair["account_a"], pair["handle_a"]), Member(pair["account_b"], pair["handle_b"])),
        ties=ties,
        reading=reading(ties),
        pace=found.pace,
        bursts=found.bursts,
        roster=roster,
        targets=None,
        innocent=innocent(found.bursts, roster, seen.run["fdr"]),
    )


def _found_pair(workspace: Workspace, seen: Seen, name: str, other: str | None, layer: str) -> Row:
    """The pair of that id, or of these two accounts in whichever order."""
    run = seen.run["id"]
    given = {"run": run, "window": seen.run["window_ms"]}
    if other is None:
        which, given = "c.id = $id", given | {"id": name}
    else:
        which = "coalesce(c.layer, 'all') = $layer AND (a.id IN $a AND b.id IN $b OR a.id IN $b AND b.id IN $a)"
        one, two = ([key.id for key in resolve_any(workspace, text, ("Account",))] for text in (name, other))
        given = given | {"a": one, "b": two, "layer": layer}
    found: list[Row] = workspace.store.read(
        f"MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND c.window_ms = $window AND {which} "
        f"RETURN a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b, {_PAIR} "
        "ORDER BY account_a, account_b",
        given,
    ).to_pylist()
    if not found:
        raise NothingFound(
            f"{name} and {other} are no pair of run {run}" if other else f"run {run} has no cluster or pair {name}",
            where=workspace.place,
            remedy="`graphwatch query co-interactions` lists the pairs that reached the run's count; "
            "`graphwatch query pair-evidence` shows the interactions of any two accounts.",
        )
    if len(found) > 1:
        pairs = "; ".join(f"{pair['account_a']} and {pair['account_b']}" for pair in found[:_SHOWN])
        raise UsageError(
            f"{name!r} and {other!r} may be several pairs: {pairs}", remedy="Give the ids of the two accounts."
        )
    return found[0]


def _ties(tying: list[Row]) -> Ties:
    """The pairs that tie taken together."""
    from statistics import median

    ties = Ties(
        pairs=len(tying),
        n=sum(pair["n"] for pair in tying),
        median_gap_s=median(pair["median_gap_s"] for pair in tying) if tying else 0.0,
        shared=sum(pair["shared"] for pair in tying),
    )
    if not tying or tying[0]["q"] is None:
        return ties
    return replace(
        ties,
        opportunities=sum(pair["opportunities"] for pair in tying),
        expected=sum(pair["expected"] for pair in tying),
        q=min(pair["q"] for pair in tying),
        q_median=median(pair["q"] for pair in tying),
        coordinated=sum(pair["coordinated"] for pair in tying),
        shared_expected=sum(pair["interest_expected"] for pair in tying),
        interested=sum(pair["shared_interest"] for pair in tying),
    )


def _roster(workspace: Workspace, seen: Seen, cluster: Row) -> OnRoster | None:
    if cluster["n_asn"] is None:
        return None
    rows = workspace.store.read(
        "MATCH (k:Cluster)-[d:DRAWN_FROM]->(g:Agency) WHERE k.id = $id "
        "RETURN g.id AS id, g.name AS name, d.n AS n, d.expected AS expected, d.q AS q ORDER BY d.log10_p, n DESC, id",
        {"id": cluster["id"]},
    ).to_pylist()
    return OnRoster(
        n=cluster["n_asn"],
        verified=cluster["n_verified"],
        confirmed=cluster["n_confirmed"],
        self_declared=cluster["n_self_declared"],
        duty=cluster["n_duty"],
        active=seen.run["roster_accounts"],
        expected=cluster["expected_asn"],
        q=cluster["asn_q"],
        agencies=tuple(Agency(**row) for row in rows),
    )


def _targets(workspace: Workspace, cluster: Row) -> tuple[Target, ...] | None:
    rows = workspace.store.read(
        "MATCH (k:Cluster)-[t:TARGETS]->(x:Paslon|Page) WHERE k.id = $id "
        "RETURN t.kind AS kind, x.id AS id, x.name AS name, t.interactions AS interactions, t.share AS share, "
        "t.expected AS expected, t.q AS q ORDER BY kind, t.log10_p, interactions DESC, id",
        {"id": cluster["id"]},
    ).to_pylist()
    return tuple(Target(**row) for row in rows) or None

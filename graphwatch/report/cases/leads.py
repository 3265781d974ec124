"""What a document about a cluster or an account is made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from graphwatch.casework.leads import Decisions
from graphwatch.detection.explaining import explain
from graphwatch.detection.lead_evidence import whole
from graphwatch.errors import NothingFound
from graphwatch.report.cases.context import (
    complaints_about,
    erased_since,
    later_of,
    said_of_data,
    told_decisions,
    weighed,
)
from graphwatch.report.cases.interactions import acts_in_bursts, acts_on_pages, as_evidence, sources_of
from graphwatch.report.cases.model import AccountCase, ClusterCase
from graphwatch.report.cases.names import Names
from graphwatch.report.cases.pictures import cluster_picture, ego, partners_of
from graphwatch.repository.resolver import endpoint
from graphwatch.repository.runs import run_if_any
from graphwatch.rights.unmasking import Unmasking
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.explain.model import Explanation
    from graphwatch.rights.unmasking import Persons

_CLUSTERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster)-[:FOUND_IN]->(r:Run) WHERE a.id = $id AND r.status = 'complete' "
    "RETURN k.id AS id, r.id AS run, k.size AS size, m.entered AS entered, r.created_at_ms AS created_at_ms "
    "ORDER BY created_at_ms DESC, id"
)


def cluster_case(
    workspace: Workspace,
    id: str,
    run: str,
    calendar: str | None,
    unmasking: Unmasking,
    language: str,
    made: dict[str, Any],
) -> "tuple[ClusterCase, Persons | None]":
    """A cluster, as its run saw it and as the store knows its interactions now; and whose accounts these are."""
    of = explain(workspace, id, run=run)
    if of.kind != "cluster":
        raise NothingFound(f"{id} is a pair", where=workspace.place, remedy="`graphwatch explain` tells of a pair.")
    accounts = [m.account for m in of.members]
    found_by = whole(workspace, "Run", of.question.run)
    names = Names(workspace, _acted(of, accounts), unmasking)
    decided = Decisions(workspace)
    rows = acts_in_bursts(workspace, accounts, of.bursts, of.question.object == "post")
    sources = sources_of(workspace, rows, names)
    on_roster = {a for a in accounts if names.standing[a] not in ("none", "unknown")}
    acts = ((r["kind"], r["at_ms"]) for r in rows if r["account"] in on_roster)
    case = ClusterCase(
        **made,
        **weighed(workspace, acts, calendar),
        **said_of_data(workspace, of.question.run, language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=erased_since(found_by, [whole(workspace, "Cluster", of.id)], {of.id: len(accounts)}),
        sources=sources,
        decisions=told_decisions((*decided.alike(of.id, tuple(accounts)), *decided.on(of.id)), names),
        complaints=complaints_about(workspace, accounts),
        explanation=names.explanation(of),
        standing={names.account(a): names.standing[a] for a in accounts},
        evidence=as_evidence(workspace, rows, sources, names),
        later=later_of(workspace, of.id),
        picture=cluster_picture(workspace, of.id, found_by["window_ms"], accounts),
    )
    return case, names.persons


def account_case(
    workspace: Workspace,
    name: str,
    run: str,
    calendar: str | None,
    unmasking: Unmasking,
    language: str,
    made: dict[str, Any],
) -> "tuple[AccountCase, Persons | None]":
    """An account: what it did on pages of paslon, and the leads that it is part of; and whose accounts these are."""
    id = endpoint(workspace, f"Account:{name}").id
    account = whole(workspace, "Account", id)
    known = run_if_any(workspace, run)
    found_by = None if known is None else whole(workspace, "Run", known)
    rows = acts_on_pages(workspace, id)
    partners = [] if found_by is None else partners_of(workspace, id, found_by)
    acted = {id: [row["at_ms"] for row in rows if row["at_ms"] is not None]}
    beside = {p["id"]: [at for at in (p["first_ms"], p["last_ms"]) if at is not None] for p in partners}
    names = Names(workspace, acted, unmasking, beside)
    sources = sources_of(workspace, rows, names)
    decided = Decisions(workspace)
    clusters = workspace.store.read(_CLUSTERS, {"id": id}).to_pylist()
    case = AccountCase(
        **made,
        **weighed(workspace, ((r["kind"], r["at_ms"]) for r in rows), calendar),
        **said_of_data(workspace, None if found_by is None else found_by["id"], language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=None if found_by is None else erased_since(found_by),
        sources=sources,
        decisions=told_decisions((d for lead in (id, *(c["id"] for c in clusters)) for d in decided.on(lead)), names),
        complaints=complaints_about(workspace, [id]),
        account=names.account(id),
        platform=account["platform"],
        standing=names.standing[id],
        evidence=as_evidence(workspace, rows, sources, names),
        clusters=tuple(clusters),
        ego=ego(workspace, rows, partners, names),
    )
    return case, names.persons


def _acted(of: "Explanation", accounts: Sequence[str]) -> dict[str, list[int]]:
    """When each member acted in the bursts; of one who did not, the first and the last act of all."""
    times: dict[str, list[int]] = {account: [] for account in accounts}
    for burst in of.bursts:
        for act in burst.acts:
            times[act.account].append(act.at_ms)
    known = [at for each in times.values() for at in each]
    between = [min(known), max(known)] if known else []
    return {account: each or between for account, each in times.items()}

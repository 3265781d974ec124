"""What a document about a cluster or an account is made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphwatch.casework.leads import Decisions
from graphwatch.detection.explaining import explain
from graphwatch.errors import NothingFound
from graphwatch.report.cases.evidence_rows import acts_in_bursts, as_evidence, sources_of
from graphwatch.report.cases.model import AccountCase, ClusterCase
from graphwatch.report.cases.names import Names
from graphwatch.report.cases.picture_data import cluster_picture, ego
from graphwatch.report.cases.shared_facts import (
    complaints_about,
    erased_since,
    later_of,
    said_of_data,
    told_decisions,
    weighed,
)
from graphwatch.repository.clusters import clusters_of_account, node_row
from graphwatch.repository.interactions import acts_for_paslon
from graphwatch.repository.pairs import partners_of
from graphwatch.repository.resolver import resolve
from graphwatch.repository.runs import run_if_any
from graphwatch.rights.unmasking import Unmasking
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.explain.model import Explanation
    from graphwatch.rights.unmasking import Persons


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
    found_by = node_row(workspace, "Run", of.question.run)
    names = Names(workspace, _acted(of, accounts), unmasking)
    decided = Decisions(workspace)
    acts, burst_of = acts_in_bursts(workspace, of.id, accounts)
    sources = sources_of(workspace, acts, names)
    on_roster = {a for a in accounts if names.standing[a] not in ("none", "unknown")}
    case = ClusterCase(
        **made,
        **weighed(workspace, ((act.kind, act.at_ms) for act in acts if act.account in on_roster), calendar),
        **said_of_data(workspace, of.question.run, language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=erased_since(found_by, [node_row(workspace, "Cluster", of.id)], {of.id: len(accounts)}),
        sources=sources,
        decisions=told_decisions((*decided.alike(of.id, tuple(accounts)), *decided.on(of.id)), names),
        complaints=complaints_about(workspace, accounts),
        explanation=names.explanation(of),
        standing={names.account(a): names.standing[a] for a in accounts},
        evidence=as_evidence(workspace, acts, burst_of, sources, names),
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
    id = resolve(workspace, name, ("Account",)).id
    account = node_row(workspace, "Account", id)
    known = run_if_any(workspace, run)
    found_by = None if known is None else node_row(workspace, "Run", known)
    # Of an account only what concerns a paslon's pages is the office's business.
    acts = acts_for_paslon(workspace.store, id)
    partners = [] if found_by is None else partners_of(workspace.store, id, found_by["id"], found_by["window_ms"])
    acted = {id: [act.at_ms for act in acts if act.at_ms is not None]}
    beside = {p.id: [at for at in (p.first_ms, p.last_ms) if at is not None] for p in partners}
    names = Names(workspace, acted, unmasking, beside)
    sources = sources_of(workspace, acts, names)
    decided = Decisions(workspace)
    clusters = clusters_of_account(workspace.store, id)
    case = AccountCase(
        **made,
        **weighed(workspace, ((act.kind, act.at_ms) for act in acts), calendar),
        **said_of_data(workspace, None if found_by is None else found_by["id"], language),
        run=found_by,
        masked=names.masked,
        still_masked=names.still_masked,
        named=names.named,
        erased=None if found_by is None else erased_since(found_by),
        sources=sources,
        decisions=told_decisions((d for lead in (id, *(c.id for c in clusters)) for d in decided.on(lead)), names),
        complaints=complaints_about(workspace, [id]),
        account=names.account(id),
        platform=account["platform"],
        standing=names.standing[id],
        evidence=as_evidence(workspace, acts, {}, sources, names),
        clusters=tuple(clusters),
        ego=ego(workspace, (act.object for act in acts), partners, names),
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

"""Review: a lead gets a decision by a named reviewer, and keeps it."""

import time
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graphwatch.casework.decisions import OPEN, OUTCOMES, Decided, Proposal, check, decision_id, status_of
from graphwatch.casework.leads import Decisions, Lead, clusters_of, complaints_of, continued_by, find_lead
from graphwatch.common.table import Table
from graphwatch.errors import DecisionRefused
from graphwatch.explain.words import wib
from graphwatch.model import key_hash
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.repository.runs import LATEST, run_if_any
from graphwatch.store.workspace import Workspace, WritableWorkspace

_LABELS: Final = {"cluster": "Cluster", "account": "Account", "complaint": "Complaint"}
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("lead", "kind", "status", "earlier")),
        ("accounts", pa.int64()),
        *((name, pa.string()) for name in ("reviewer", "reason")),
        ("decided_at", pa.string()),
        ("decided_ms", pa.int64()),
        ("decisions", pa.int64()),
    ]
)
_EMPLOYED: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) "
    "RETURN DISTINCT a.id AS account, g.id AS agency, g.name AS name"
)


def leads(workspace: Workspace, *, run: str = LATEST, status: str | None = None) -> Table:
    """The clusters of a run, the complaints, and the accounts that somebody decided on, with what was decided.

    `decided_at` is in WIB. `status` is that of the last decision, `open` where there is none; `earlier` is what was
    decided on a cluster of another run that mostly the same accounts were in.

    Args:
        run: whose clusters.
        status: only those: open, needs_clarification, dismissed or forwarded.

    Returns:
        lead, kind, status, earlier, accounts, reviewer, reason, decided_at, decided_ms, decisions.

    Raises:
        NothingFound: there is no complete run of that id.
    """
    with workspace.store.session():
        rows = [_row(lead) for lead in _all(workspace, run)]
    chosen = [row for row in rows if status in (None, row["status"])]
    return Table(pa.Table.from_pylist(chosen, schema=_SCHEMA))


def lead(workspace: Workspace, name: str) -> Lead:
    """One lead with its decisions.

    Args:
        name: as for `decide`.

    Raises:
        NothingFound: there is no such lead.
        UsageError: several accounts are called so.
    """
    with workspace.store.session():
        return find_lead(workspace, name)


def leads_by_agency(workspace: Workspace, *, run: str = LATEST) -> Table:
    """For each agency how many leads are about accounts of its people, by what was decided: bias shows here.

    Returns:
        agency, name, leads, open, needs_clarification, dismissed, forwarded; the agency with most leads first.

    Raises:
        NothingFound: there is no complete run of that id.
    """
    with workspace.store.session():
        agencies: dict[str, str | None] = {}
        employers: dict[str, set[str]] = {}
        for row in workspace.store.read(_EMPLOYED).to_pylist():
            agencies[row["agency"]] = row["name"]
            employers.setdefault(row["account"], set()).add(row["agency"])
        counts = {agency: dict.fromkeys((OPEN, *OUTCOMES), 0) for agency in agencies}
        for found in _all(workspace, run):
            for agency in {g for account in found.accounts for g in employers.get(account, ())}:
                counts[agency][status_of(found.decisions)] += 1
    rows = [
        {"agency": agency, "name": agencies[agency], "leads": sum(of.values()), **of}
        for agency, of in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]
    names = ("leads", OPEN, *OUTCOMES)
    schema = pa.schema([("agency", pa.string()), ("name", pa.string()), *((n, pa.int64()) for n in names)])
    return Table(pa.Table.from_pylist(rows, schema=schema))


def decide(
    workspace: WritableWorkspace,
    name: str,
    outcome: str,
    *,
    reviewer: str,
    reason: str,
    clarification: str | None = None,
    forwarded_to: str | None = None,
    after: str | None = None,
    superseded: bool = False,
) -> Decided:
    """Decide on a lead. Decisions are only ever added.

    Args:
        name: a cluster (its id, or its number in the latest run), a complaint, or an account (its id, handle, address
            or pseudonym).
        outcome: needs_clarification, dismissed or forwarded.
        reviewer, reason: who decides, and why.
        clarification: what the persons concerned answered; needed once before a lead is forwarded.
        forwarded_to: to whom, where it is forwarded.
        after: id of the last decision that the reviewer knows of, empty where they know of none; the decision is
            refused where there is a later one. What is there at the moment of the call, when left out.
        superseded: decide on a cluster all the same that a later run continues.

    Raises:
        NothingFound: there is no such lead.
        UsageError: the decision lacks something.
        DecisionRefused: the lead is superseded, somebody else decided meanwhile, or nothing was clarified.
    """
    proposal = Proposal(
        outcome.replace("-", "_"), reviewer.strip(), reason.strip(), _given(clarification), _given(forwarded_to)
    )
    with workspace.store.session():
        asked = find_lead(workspace, name)
    known = _last(asked) if after is None else after or None
    with workspace.store.write("decision") as writing:
        current = find_lead(workspace, asked.id)
        _check_known(current, known)
        check(proposal, current.decisions)
        if current.kind == "cluster" and not superseded:
            _check_latest(workspace, current)
        made = _made(current, proposal)
        writing.add(node_rows("Decision", [_node(current, made)]))
        concerns = {"from": made.id, "to": current.id, "id": key_hash(made.id, current.id)}
        writing.add(relation_rows("CONCERNS", "Decision", _LABELS[current.kind], [concerns]))
    return made


def _all(workspace: Workspace, run: str) -> Sequence[Lead]:
    decisions = Decisions(workspace)
    known = run_if_any(workspace, run)
    clusters = [] if known is None else clusters_of(workspace, known, decisions)
    return [*clusters, *complaints_of(workspace, decisions), *decisions.accounts()]


def _row(lead: Lead) -> dict[str, object]:
    last = lead.decisions[-1] if lead.decisions else None
    earlier = lead.earlier[-1] if lead.earlier else None
    return {
        "lead": lead.id,
        "kind": lead.kind,
        "status": status_of(lead.decisions),
        "earlier": f"{earlier.outcome} on {earlier.lead}" if earlier else None,
        "accounts": len(lead.accounts),
        "reviewer": last.reviewer if last else None,
        "reason": last.reason if last else None,
        "decided_at": wib(last.at_ms) if last else None,
        "decided_ms": last.at_ms if last else None,
        "decisions": len(lead.decisions),
    }


def _given(text: str | None) -> str | None:
    return text.strip() if text and text.strip() else None


def _last(lead: Lead) -> str | None:
    return lead.decisions[-1].id if lead.decisions else None


def _check_known(lead: Lead, known: str | None) -> None:
    last = lead.decisions[-1] if lead.decisions else None
    if last is not None and last.id != known:
        raise DecisionRefused(
            f"{last.reviewer} has decided meanwhile: {last.outcome}, {last.reason!r}",
            where=lead.id,
            remedy=f"Read it with `graphwatch review show {lead.id}`, then decide again (--after {last.id}).",
        )
    if last is None and known is not None:
        raise DecisionRefused(
            f"there is no decision {known} on this lead",
            where=lead.id,
            remedy="Leave out --after, or take the id that `graphwatch review show` prints.",
        )


def _check_latest(workspace: Workspace, lead: Lead) -> None:
    later = continued_by(workspace, lead.id)
    if later is not None:
        raise DecisionRefused(
            f"a later run continues this cluster as {later}",
            where=lead.id,
            remedy=f"Decide on {later}, or on this one all the same with --superseded.",
        )


def _made(lead: Lead, proposal: Proposal) -> Decided:
    previous = _last(lead)
    return Decided(
        id=decision_id(lead.id, previous),
        lead=lead.id,
        outcome=proposal.outcome,
        reason=proposal.reason,
        reviewer=proposal.reviewer,
        at_ms=time.time_ns() // 1_000_000,
        clarification=proposal.clarification,
        forwarded_to=proposal.forwarded_to,
        previous=previous,
    )


def _node(lead: Lead, made: Decided) -> dict[str, object]:
    return {
        "id": made.id,
        "lead": lead.id,
        "lead_kind": lead.kind,
        "run": lead.run,
        "accounts": list(lead.accounts),
        "outcome": made.outcome,
        "reason": made.reason,
        "clarification": made.clarification,
        "forwarded_to": made.forwarded_to,
        "reviewer": made.reviewer,
        "previous": made.previous,
        "at_ms": made.at_ms,
    }

"""Deciding on a lead: by a named reviewer, with a reason. Decisions are only ever added, and none is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphwatch.casework.addressees import addressees
from graphwatch.casework.leads import OUTCOMES, Decided, Lead, continued_by, find_lead
from graphwatch.common.clock import now_ms
from graphwatch.errors import DecisionRefused, UsageError
from graphwatch.model import key_hash
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.store.workspace import Workspace, WritableWorkspace

_LABELS: Final = {"cluster": "Cluster", "account": "Account", "complaint": "Complaint"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that is to be made."""

    outcome: str
    reviewer: str
    reason: str
    clarification: str | None = None
    forwarded_to: str | None = None


def check(proposal: Proposal, before: Sequence[Decided]) -> None:
    """Whether the decision may be made after those on the same lead.

    Nothing is forwarded before the persons concerned were asked: a clarification (klarifikasi) is noted with this or an
    earlier decision.

    Raises:
        UsageError: something is missing that every decision needs, or there is no such outcome.
        DecisionRefused: nothing was clarified before forwarding.

    >>> check(Proposal("dismissed", "sari", "office hours"), [])
    """
    if proposal.outcome not in OUTCOMES:
        raise UsageError(f"there is no outcome {proposal.outcome!r}", remedy=f"Choose from {', '.join(OUTCOMES)}.")
    for name, value in (("reviewer", proposal.reviewer), ("reason", proposal.reason)):
        if not value.strip():
            raise UsageError(f"a decision has a {name}", remedy=f"Give --{name}.")
    if proposal.outcome != "forwarded":
        if proposal.forwarded_to:
            raise UsageError("only what is forwarded has an addressee", remedy="Leave out --to.")
        return
    if not (proposal.forwarded_to or "").strip():
        raise UsageError("to whom is it forwarded?", remedy='Give --to, for example --to "BKD".')
    clarified = [proposal.clarification, *(d.clarification for d in before)]
    if not any(c and c.strip() for c in clarified):
        raise DecisionRefused(
            "nothing is forwarded before the persons concerned were asked",
            remedy="Note what they answered, or that they did not, with --clarification.",
        )


def decision_id(lead: str, previous: str | None) -> str:
    """The id of the decision that follows `previous` on a lead: two that follow the same one would have one id."""
    return "D-" + key_hash(lead, previous)[:16]


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
    """Decide on a lead. Decisions are only ever added. See `Project.decide`."""
    proposal = Proposal(
        outcome.replace("-", "_"),
        reviewer.strip(),
        reason.strip(),
        _given(clarification),
        _addressee(workspace, forwarded_to),
    )
    with workspace.store.session():
        asked = find_lead(workspace, name)
    known = _last(asked) if after is None else after or None
    with workspace.store.write("decision") as writing:
        current = find_lead(workspace, f"{asked.kind.capitalize()}:{asked.id}")
        _check_known(current, known)
        check(proposal, current.decisions)
        if current.kind == "cluster" and not superseded:
            _check_latest(workspace, current)
        made = _made(current, proposal)
        writing.add(node_rows("Decision", [_node(current, made)]))
        concerns = {"from": made.id, "to": current.id, "id": key_hash(made.id, current.id)}
        writing.add(relation_rows("CONCERNS", "Decision", _LABELS[current.kind], [concerns]))
    return made


def _addressee(workspace: WritableWorkspace, given: str | None) -> str | None:
    """To whom it is forwarded; one that is known by the short name given is called by its own."""
    name = _given(given)
    known = {addressee.id: addressee.names["id"] for addressee in addressees(workspace.folder)}
    return known.get((name or "").lower(), name)


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
        at_ms=now_ms(),
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

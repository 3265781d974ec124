"""The rules of a review: decisions are appended, one after another, and none is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphwatch.errors import DecisionRefused, UsageError
from graphwatch.model import key_hash

OUTCOMES: Final = ("needs_clarification", "dismissed", "forwarded")
# The state of a lead on which nobody has decided.
OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made; `previous` is the id of the one before it on the same lead."""

    id: str
    lead: str
    outcome: str
    reason: str
    reviewer: str
    at_ms: int
    clarification: str | None = None
    forwarded_to: str | None = None
    previous: str | None = None


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


def in_order(decisions: Sequence[Decided]) -> list[Decided]:
    """The decisions on one lead, first to last, as each names the one before it.

    >>> first = Decided("D-1", "R-1:1", "needs_clarification", "why", "sari", 5)
    >>> second = Decided("D-2", "R-1:1", "dismissed", "why", "sari", 5, previous="D-1")
    >>> [d.id for d in in_order([second, first])]
    ['D-1', 'D-2']
    """
    following = {d.previous: d for d in decisions}
    ids = {d.id for d in decisions}
    current = next((d for d in decisions if d.previous not in ids), None)
    found = []
    while current is not None:
        found.append(current)
        current = following.get(current.id)
    return found


def status_of(decisions: Sequence[Decided]) -> str:
    """What the last decision says; open where there is none."""
    ordered = in_order(decisions)
    return ordered[-1].outcome if ordered else OPEN

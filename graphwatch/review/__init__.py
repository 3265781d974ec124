"""What a reviewer may decide on a lead, and what follows from earlier decisions."""

from graphwatch.review.rules import (
    OPEN,
    OUTCOMES,
    Decided,
    Proposal,
    check,
    decision_id,
    in_order,
    status_of,
)

__all__ = ["OPEN", "OUTCOMES", "Decided", "Proposal", "check", "decision_id", "in_order", "status_of"]

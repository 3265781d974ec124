"""What a reviewer is told about an account with a regular lag: read from the graph, with the acts behind it."""

from graphwatch.explain.model import LagAct, Question, RegularLag
from graphwatch.explain.weighing import of_lag
from graphwatch.repository.lags import FoundLag, acts_at_lag, lag_of_account
from graphwatch.repository.resolver import candidates
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace


def lag_called(workspace: Workspace, run: str, name: str) -> FoundLag | None:
    """The regular lag that a run found of the account that is called so; None where it found none, or of several."""
    named = candidates(workspace, [(name, None)], ("Account",))[name, None]
    found = [lag for key in named if (lag := lag_of_account(workspace.store, run, key.id))]
    return found[0] if len(found) == 1 else None


def lag_evidence(store: ReadableStore, found: FoundLag, question: Question, tested: int) -> RegularLag:
    """All that is said about it.

    Args:
        question: of the run, with the rate at which lags were tested.
        tested: how many accounts were.
    """
    acts = tuple(LagAct(*act[1:]) for act in acts_at_lag(store, found))
    return RegularLag(
        kind="lag",
        id=found.account,
        handle=found.handle,
        question=question,
        posts=found.posts,
        near=found.near,
        known=found.known,
        window_s=(found.shortest_s, found.longest_s),
        expected=found.expected,
        q=found.q,
        tested=tested,
        acts=acts,
        innocent=of_lag([act.page for act in acts]),
    )

"""Leads: clusters of a run, its regular lags, complaints and accounts, with the decisions made on them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from graphwatch.common.clock import wib
from graphwatch.common.table import Table
from graphwatch.detection.cluster_matching import Earlier
from graphwatch.repository.casework import accused_accounts, all_decisions, employed_accounts
from graphwatch.repository.clusters import members_by_cluster, next_cluster
from graphwatch.repository.lags import lag_of_account, lags_of_run
from graphwatch.repository.resolver import resolve
from graphwatch.repository.runs import run_if_any
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace

OUTCOMES: Final = ("needs_clarification", "dismissed", "forwarded")
# The state of a lead on which nobody has decided.
OPEN: Final = "open"
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


@dataclass(frozen=True, slots=True)
class Lead:
    """What can be decided on.

    Attributes:
        id, kind: of the cluster, complaint or account.
        run: the run that found a cluster, or the regular lag of an account.
        accounts: the accounts that it is about.
        decisions: those made on it, first to last.
        earlier: decisions on leads of other runs about mostly the same accounts, the most alike lead's.
    """

    id: str
    kind: Literal["cluster", "complaint", "account"]
    run: str | None
    accounts: tuple[str, ...]
    decisions: tuple[Decided, ...]
    earlier: tuple[Decided, ...] = ()


class Decisions:
    """All decisions in the store."""

    def __init__(self, workspace: Workspace) -> None:
        self._by_lead: defaultdict[str, list[Decided]] = defaultdict(list)
        clusters: dict[str, frozenset[str]] = {}
        self._accounts: set[str] = set()
        for stored in all_decisions(workspace.store):
            self._by_lead[stored.lead].append(
                Decided(
                    id=stored.id,
                    lead=stored.lead,
                    outcome=stored.outcome,
                    reason=stored.reason,
                    reviewer=stored.reviewer,
                    at_ms=int(stored.at_ms),
                    clarification=stored.clarification,
                    forwarded_to=stored.forwarded_to,
                    previous=stored.previous,
                )
            )
            if stored.lead_kind == "cluster":
                clusters[stored.lead] = frozenset(stored.accounts or ())
            elif stored.lead_kind == "account":
                self._accounts.add(stored.lead)
        # Of clusters that are equally alike, the one with the greatest id is taken.
        self._earlier = Earlier({lead: clusters[lead] for lead in sorted(clusters, reverse=True)})

    def accounts(self, but: Collection[str] = ()) -> list[Lead]:
        """The accounts that became leads because somebody decided on them; those apart that are leads anyway."""
        return [Lead(id, "account", None, (id,), self.on(id)) for id in sorted(self._accounts.difference(but))]

    def on(self, lead: str) -> tuple[Decided, ...]:
        """Those made on that lead, first to last."""
        return tuple(in_order(self._by_lead.get(lead, [])))

    def alike(self, lead: str, accounts: tuple[str, ...]) -> tuple[Decided, ...]:
        """Those on the cluster of another run that shares most of these accounts, if it shares half of all."""
        match = self._earlier.match(frozenset(accounts), but=lead)
        return () if match is None else self.on(match.cluster)


def regular_of(workspace: Workspace, run: str, decisions: Decisions) -> list[Lead]:
    """The accounts with a regular lag that a run found, each a lead of its own."""
    found = [lag.account for lag in lags_of_run(workspace.store, run)]
    return [Lead(id, "account", run, (id,), decisions.on(id)) for id in found]


def clusters_of(workspace: Workspace, run: str, decisions: Decisions) -> list[Lead]:
    """The clusters of a run as leads, by layer and number."""
    return [
        Lead(id, "cluster", run, accounts, decisions.on(id), decisions.alike(id, accounts))
        for id, accounts in members_by_cluster(workspace.store, run)
    ]


def complaints_of(workspace: Workspace, decisions: Decisions) -> list[Lead]:
    """The complaints as leads."""
    about: dict[str, list[str]] = {}
    for complaint, account in accused_accounts(workspace.store):
        about.setdefault(complaint, []).extend([account] if account else [])
    return [Lead(id, "complaint", None, tuple(accounts), decisions.on(id)) for id, accounts in about.items()]


def find_lead(workspace: Workspace, word: str) -> Lead:
    """The lead of that id: a cluster (its id, or its number in the latest run), a complaint, or an account.

    Raises:
        NothingFound: there is none; the message names the nearest.
        UsageError: several leads are called so.
    """
    label, id = resolve(workspace, word, ("Cluster", "Complaint", "Account"))
    decisions = Decisions(workspace)
    if label == "Account":
        run = run_if_any(workspace, LATEST)
        regular = run is not None and lag_of_account(workspace.store, run, id) is not None
        return Lead(id, "account", run if regular else None, (id,), decisions.on(id))
    cluster = label == "Cluster"
    leads = clusters_of(workspace, id.partition(":")[0], decisions) if cluster else complaints_of(workspace, decisions)
    return next(lead for lead in leads if lead.id == id)


def continued_by(workspace: Workspace, cluster: str) -> str | None:
    """The cluster of a later complete run that continues this one, the last of such a line; None where none does."""
    last, following = None, next_cluster(workspace.store, cluster)
    while following is not None:
        last, following = following, next_cluster(workspace.store, following)
    return last


def leads(workspace: Workspace, *, run: str = LATEST, status: str | None = None) -> Table:
    """The clusters and regular lags of a run, complaints, and accounts decided on, with what was decided.

    See `Project.leads`.
    """
    with workspace.store.session():
        rows = [_row(lead) for lead in _open_and_decided(workspace, run)]
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

    See `Project.leads_by_agency`.
    """
    with workspace.store.session():
        agencies: dict[str, str | None] = {}
        employers: dict[str, set[str]] = {}
        for account, agency, called in employed_accounts(workspace.store):
            agencies[agency] = called
            employers.setdefault(account, set()).add(agency)
        counts = {agency: dict.fromkeys((OPEN, *OUTCOMES), 0) for agency in agencies}
        for found in _open_and_decided(workspace, run):
            for agency in {g for account in found.accounts for g in employers.get(account, ())}:
                counts[agency][status_of(found.decisions)] += 1
    rows = [
        {"agency": agency, "name": agencies[agency], "leads": sum(of.values()), **of}
        for agency, of in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]
    names = ("leads", OPEN, *OUTCOMES)
    schema = pa.schema([("agency", pa.string()), ("name", pa.string()), *((n, pa.int64()) for n in names)])
    return Table(pa.Table.from_pylist(rows, schema=schema))


def _open_and_decided(workspace: Workspace, run: str) -> Sequence[Lead]:
    decisions = Decisions(workspace)
    known = run_if_any(workspace, run)
    clusters = [] if known is None else clusters_of(workspace, known, decisions)
    regular = [] if known is None else regular_of(workspace, known, decisions)
    accounts = decisions.accounts(but={lead.id for lead in regular})
    return [*clusters, *regular, *complaints_of(workspace, decisions), *accounts]


def _row(lead: Lead) -> dict[str, object]:
    last = lead.decisions[-1] if lead.decisions else None
    earlier = lead.earlier[-1] if lead.earlier else None
    return {
        "lead": lead.id,
        # An account that a run found is a lead by its regular lag.
        "kind": "lag" if lead.kind == "account" and lead.run else lead.kind,
        "status": status_of(lead.decisions),
        "earlier": f"{earlier.outcome} on {earlier.lead}" if earlier else None,
        "accounts": len(lead.accounts),
        "reviewer": last.reviewer if last else None,
        "reason": last.reason if last else None,
        "decided_at": wib(last.at_ms) if last else None,
        "decided_ms": last.at_ms if last else None,
        "decisions": len(lead.decisions),
    }

"""Leads: clusters of a run, complaints and accounts, with the decisions that were made on them."""

import difflib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from graphwatch.casework.decisions import Decided, in_order
from graphwatch.errors import NothingFound
from graphwatch.repository.resolver import account_named
from graphwatch.repository.runs import LATEST, resolve_run
from graphwatch.store.workspace import Workspace

# As much of the members of an earlier lead must be the same that a decision on it speaks of this one.
SAME: Final = 0.5
_DECISIONS: Final = (
    "MATCH (d:Decision) RETURN d.id AS id, d.lead AS lead, d.lead_kind AS kind, d.accounts AS accounts, "
    "d.outcome AS outcome, d.reason AS reason, d.reviewer AS reviewer, d.at_ms AS at_ms, "
    "d.clarification AS clarification, d.forwarded_to AS forwarded_to, d.previous AS previous"
)
_MEMBERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE m.run = $run "
    "RETURN k.id AS cluster, a.id AS account ORDER BY cluster, account"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """What can be decided on.

    Attributes:
        id, kind: of the cluster, complaint or account.
        run: the run that found a cluster.
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
        rows = workspace.store.read(_DECISIONS).to_pylist()
        self._by_lead: defaultdict[str, list[Decided]] = defaultdict(list)
        self._clusters: dict[str, frozenset[str]] = {}
        self._accounts: set[str] = set()
        for row in rows:
            accounts, kind = row.pop("accounts") or [], row.pop("kind")
            self._by_lead[row["lead"]].append(Decided(**{**row, "at_ms": int(row["at_ms"])}))
            if kind == "cluster":
                self._clusters[row["lead"]] = frozenset(accounts)
            elif kind == "account":
                self._accounts.add(row["lead"])

    def accounts(self) -> list[Lead]:
        """The accounts that became leads because somebody decided on them."""
        return [_account(id, self) for id in sorted(self._accounts)]

    def on(self, lead: str) -> tuple[Decided, ...]:
        """Those made on that lead, first to last."""
        return tuple(in_order(self._by_lead.get(lead, [])))

    def alike(self, lead: str, accounts: tuple[str, ...]) -> tuple[Decided, ...]:
        """Those on the cluster of another run that shares most of these accounts, if it shares half of all."""
        asked = frozenset(accounts)
        best = max(
            ((_jaccard(asked, members), other) for other, members in self._clusters.items() if other != lead),
            default=(0.0, ""),
        )
        return self.on(best[1]) if best[0] >= SAME else ()


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _account(id: str, decisions: Decisions) -> Lead:
    return Lead(id, "account", None, (id,), decisions.on(id))


def clusters_of(workspace: Workspace, run: str, decisions: Decisions) -> list[Lead]:
    """The clusters of a run as leads, largest first."""
    ids = workspace.store.read(
        "MATCH (k:Cluster) WHERE k.run = $run RETURN k.id AS id, k.number AS number, coalesce(k.layer, 'all') AS layer "
        "ORDER BY layer, number",
        {"run": run},
    )["id"].to_pylist()
    members = defaultdict(list)
    for row in workspace.store.read(_MEMBERS, {"run": run}).to_pylist():
        members[row["cluster"]].append(row["account"])
    return [_cluster(id, run, tuple(members[id]), decisions) for id in ids]


def _cluster(id: str, run: str, accounts: tuple[str, ...], decisions: Decisions) -> Lead:
    return Lead(id, "cluster", run, accounts, decisions.on(id), decisions.alike(id, accounts))


def complaints_of(workspace: Workspace, decisions: Decisions) -> list[Lead]:
    """The complaints as leads."""
    rows = workspace.store.read(
        "MATCH (c:Complaint) OPTIONAL MATCH (c)-[:ABOUT]->(a:Account) RETURN c.id AS id, a.id AS account "
        "ORDER BY id, account"
    ).to_pylist()
    about: dict[str, list[str]] = {}
    for row in rows:
        about.setdefault(row["id"], []).extend([row["account"]] if row["account"] else [])
    return [Lead(id, "complaint", None, tuple(accounts), decisions.on(id)) for id, accounts in about.items()]


def find_lead(workspace: Workspace, word: str) -> Lead:
    """The lead of that id: a cluster (its id, or its number in the latest run), a complaint, or an account.

    Raises:
        NothingFound: there is none; the message names the nearest.
        UsageError: several accounts are called so.
    """
    decisions = Decisions(workspace)
    cluster = _cluster_named(workspace, word)
    if cluster is not None:
        run = cluster.partition(":")[0]
        (found,) = (lead for lead in clusters_of(workspace, run, decisions) if lead.id == cluster)
        return found
    complaints = complaints_of(workspace, decisions)
    for lead in complaints:
        if lead.id == word:
            return lead
    with suppress(NothingFound):
        return _account(account_named(workspace, word), decisions)
    known = [lead.id for lead in complaints] + _clusters_known(workspace)
    near = difflib.get_close_matches(word, known, n=3)
    raise NothingFound(
        f"there is no lead {word!r}",
        where=workspace.place,
        remedy=f"Nearest: {', '.join(near)}." if near else "`graphwatch review list` has them all.",
    )


def _cluster_named(workspace: Workspace, word: str) -> str | None:
    if word.isdecimal():
        run = resolve_run(workspace, LATEST)
        where = "k.run = $run AND k.number = $number AND coalesce(k.layer, 'all') = 'all'"
        given: dict[str, Any] = {"run": run, "number": int(word)}
    else:
        where, given = "k.id = $id", {"id": word}
    found = workspace.store.read(f"MATCH (k:Cluster) WHERE {where} RETURN k.id AS id", given)["id"].to_pylist()
    return found[0] if found else None


def _clusters_known(workspace: Workspace) -> list[str]:
    ids: list[str] = workspace.store.read("MATCH (k:Cluster) RETURN k.id AS id")["id"].to_pylist()
    return ids


def continued_by(workspace: Workspace, cluster: str) -> str | None:
    """The cluster of a later complete run that continues this one, the last of such a line; None where none does."""
    last, current = None, cluster
    while True:
        rows = workspace.store.read(
            "MATCH (later:Cluster)-[c:CONTINUES]->(earlier:Cluster), (r:Run) WHERE earlier.id = $id "
            "AND r.id = later.run AND r.status = 'complete' "
            "RETURN later.id AS id ORDER BY r.created_at_ms DESC, id LIMIT 1",
            {"id": current},
        )["id"].to_pylist()
        if not rows:
            return last
        last = current = rows[0]

"""Explain: what a reviewer is told about one pair or cluster.

What a run found of a cluster is read from the graph, its bursts and numbers too, so that every reader tells the same. A
pair has no bursts of its own there: they are found again, in the interactions that the run saw.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection.evidence.burst_evidence import found_again, kept_bursts, pace_of
from graphwatch.detection.evidence.family_evidence import agreed_by_pair, agreed_in_cluster, evidence_of
from graphwatch.detection.evidence.lag_evidence import lag_called, lag_evidence
from graphwatch.detection.question import roster_of
from graphwatch.errors import NothingFound, UsageError
from graphwatch.explain.model import (
    Agency,
    Explanation,
    Member,
    OnRoster,
    Pace,
    Question,
    RegularLag,
    Target,
    Ties,
)
from graphwatch.explain.weighing import innocent, of_family, reading
from graphwatch.model.scope import FAMILIES, WINDOWS
from graphwatch.model.tables import InteractionColumns
from graphwatch.repository import clusters
from graphwatch.repository.resolver import resolve, resolve_any
from graphwatch.repository.runs import (
    Pair,
    other_questions,
    pair_of_id,
    pairs_of_accounts,
    pairs_of_cluster,
    resolve_run,
)
from graphwatch.settings import LATEST
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.counting.pairs import Actions
    from graphwatch.detection.parameters import Parameters

Row = dict[str, Any]
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class _Seen:
    """A run, and the interactions in its scope as the store holds them now."""

    run: Row
    asked: "Parameters"
    columns: InteractionColumns
    question: Question

    def at_window(self, layer: str) -> "_Seen":
        """As it was asked in a layer of another window; the same for any other layer."""
        if layer not in WINDOWS:
            return self
        told = json.loads(self.run["layers"])[layer]
        tests, coarse_ms = told.get("tests"), told.get("coarse_ms")
        question = replace(
            self.question,
            window_s=WINDOWS[layer] / 1000,
            coarse_s=None if coarse_ms is None else coarse_ms / 1000,
            tests=tests,
            fdr=told["fdr"],
            interactions=told.get("interactions", told.get("acts", 0)),
            accounts=told["accounts"],
            objects=told["objects"],
            days=layer == "day",
            observed=told.get("observed", 0),
            coarse=told.get("coarse", 0),
        )
        return replace(self, question=question)


def explain(
    workspace: Workspace, lead: str | int, other: str | None = None, *, run: str = LATEST, layer: str = "all"
) -> Explanation:
    """Why a pair or a cluster is a lead, in numbers; `graphwatch.explain.words.sections` puts it in words.

    See `Project.explain`.
    """
    name = str(lead)
    by_id = other is None and name.startswith("R-")
    with workspace.store.session():
        seen = _look_again(workspace, resolve_run(workspace, name.partition(":")[0] if by_id else run))
        if by_id or (other is None and name.isdecimal()):
            cluster = resolve(workspace, name, ("Cluster",), run=seen.run["id"], layer=layer)
            return _cluster(workspace, seen, cluster.id)
        return _pair(workspace, seen, name, other, layer)


def explain_lag(workspace: Workspace, account: str, *, run: str = LATEST) -> RegularLag | None:
    """Why an account with a regular lag is a lead, in numbers; `graphwatch.explain.lag_words` puts it in words.

    See `Project.explain_lag`.
    """
    with workspace.store.session():
        chosen = resolve_run(workspace, run)
        found = lag_called(workspace, chosen, account)
        if found is None:
            return None
        seen = _look_again(workspace, chosen)
        question = replace(seen.question, fdr=seen.asked.fdr)
        return lag_evidence(workspace.store, found, question, json.loads(seen.run["lags"])["accounts"])


def explain_clusters(workspace: Workspace, *, run: str = LATEST, layer: str = "all") -> tuple[Explanation, ...]:
    """Every cluster of a run explained, the largest first; the interactions are read once.

    Raises:
        NothingFound: there is no such run.
    """
    with workspace.store.session():
        seen = _look_again(workspace, resolve_run(workspace, run))
        ids = clusters.cluster_ids(workspace.store, seen.run["id"], layer)
        return tuple(_cluster(workspace, seen, id) for id in ids)


def _look_again(workspace: Workspace, run: str) -> _Seen:
    """Read what a complete run saw. Data that were loaded or erased since are noticed by their fingerprint."""
    from graphwatch.detection.chance.clocks import with_fine_clocks
    from graphwatch.detection.parameters import Parameters, identify

    row = clusters.node_row(workspace, "Run", run)
    asked = Parameters.from_json(row["parameters"])
    columns = workspace.store.interactions(asked.scope, asked.window_ms)
    question = Question(
        run=row["id"],
        object=asked.scope.object,
        window_s=row["window_ms"] / 1000,
        coarse_s=None if row["coarse_ms"] is None else row["coarse_ms"] / 1000,
        min_objects=row["min_objects"],
        fdr=asked.rate,
        tests=row["tests"],
        interactions=row["interactions"],
        observed=row["observed"] or 0,
        coarse=row["coarse"] or 0,
        accounts=row["accounts"],
        objects=row["objects"],
        changed=identify(columns, asked, row["version"])[1] != row["fingerprint"],
        others=other_questions(workspace.store, run),
    )
    return _Seen(row, asked, with_fine_clocks(columns, asked.window_ms) if asked.fdr else columns, question)


def _cluster(workspace: Workspace, seen: _Seen, id: str) -> Explanation:
    store, cluster = workspace.store, clusters.node_row(workspace, "Cluster", id)
    seen = seen.at_window(cluster["layer"])
    pairs = pairs_of_cluster(store, id, seen.run["window_ms"])
    ties = _cluster_ties(cluster, pairs)
    members = tuple(Member(**row._asdict()) for row in clusters.members_of_cluster(store, id))
    family = cluster["layer"] if cluster["layer"] in FAMILIES else None
    bursts = () if family else kept_bursts(workspace, id)
    roster = _roster(workspace, seen, cluster)
    targets = tuple(Target(**row._asdict()) for row in clusters.targets_of_cluster(store, id))
    return Explanation(
        kind="cluster",
        id=id,
        number=cluster["number"],
        question=seen.question,
        members=members,
        ties=ties,
        reading=reading(ties, whole=True),
        pace=Pace(
            interactions=cluster["interactions"],
            burst_share=cluster["burst_share"],
            days=cluster["days"],
            hours=tuple(int(n) for n in cluster["hours"]),
            half_time_s=cluster["half_time_s"],
            half_objects=cluster["half_objects"],
        ),
        bursts=bursts,
        roster=roster,
        targets=targets or None,
        innocent=(*innocent(bursts, roster, seen.run["fdr"]), *of_family(family)),
        family=family,
        agreed=agreed_in_cluster(store, id) if family else (),
        **_families(workspace, seen, [member.account for member in members]),
    )


def _pair(workspace: Workspace, seen: _Seen, name: str, other: str | None, layer: str) -> Explanation:
    pair = _found_pair(workspace, seen, name, other, layer)
    seen = seen.at_window(pair.layer)
    family = pair.layer if pair.layer in FAMILIES else None
    ties, both = _pair_ties(pair), (pair.account_a, pair.account_b)
    columns = seen.columns.only(pair.layer) if pair.layer in seen.columns.kinds else seen.columns
    window_ms = round(seen.question.window_s * 1000)
    actions, bursts = found_again(workspace, columns, seen.asked.scope.object, window_ms, both)
    bursts = () if family else bursts
    roster = _pair_on_roster(workspace, seen, actions)
    return Explanation(
        kind="pair",
        id=pair.id,
        number=None,
        question=seen.question,
        members=(Member(pair.account_a, pair.handle_a), Member(pair.account_b, pair.handle_b)),
        ties=ties,
        reading=reading(ties),
        pace=pace_of(actions, bursts),
        bursts=bursts,
        roster=roster,
        targets=None,
        innocent=(*innocent(bursts, roster, seen.run["fdr"]), *of_family(family)),
        family=family,
        agreed=agreed_by_pair(workspace.store, seen.asked, family, both) if family else (),
        **_families(workspace, seen, both),
    )


def _families(workspace: Workspace, seen: _Seen, accounts: Sequence[str]) -> dict[str, Any]:
    """`families` and `untested` of an explanation."""
    codes = pc.index_in(pa.array(accounts, pa.string()), value_set=seen.columns.accounts).drop_null().to_numpy()
    active = int(np.count_nonzero(np.isin(codes, seen.columns.account)))
    shown, untested = evidence_of(workspace.store, seen.run, seen.asked.scope, accounts, active)
    return {"families": shown, "untested": untested}


def _found_pair(workspace: Workspace, seen: _Seen, name: str, other: str | None, layer: str) -> Pair:
    """The pair of that id, or of these two accounts in whichever order."""
    run, window, store = seen.run["id"], seen.run["window_ms"], workspace.store
    if other is None:
        found = pair_of_id(store, run, window, name)
    else:
        one, two = ([key.id for key in resolve_any(workspace, text, ("Account",))] for text in (name, other))
        found = pairs_of_accounts(store, run, window, layer, one, two)
    if not found:
        raise NothingFound(
            f"{name} and {other} are no pair of run {run}"
            if other
            else f"run {run} has no cluster, pair or regular lag {name}",
            where=workspace.place,
            remedy="`graphwatch query co-interactions` lists the pairs that reached the run's count; "
            "`graphwatch query pair-evidence` shows the interactions of any two accounts.",
        )
    if len(found) > 1:
        pairs = "; ".join(f"{pair.account_a} and {pair.account_b}" for pair in found[:_SHOWN])
        raise UsageError(
            f"{name!r} and {other!r} may be several pairs: {pairs}", remedy="Give the ids of the two accounts."
        )
    return found[0]


def _pair_ties(pair: Pair) -> Ties:
    ties = Ties(pairs=1, n=pair.n, median_gap_s=pair.median_gap_s or 0.0, shared=pair.shared)
    return ties if pair.q is None else replace(ties, q=pair.q, q_median=pair.q, **_tested([pair]))


def _cluster_ties(cluster: Row, pairs: Sequence[Pair]) -> Ties:
    """All pairs of members that reached the count, whether or not they stand out by themselves.

    What the run summed up is told as it kept it; the rest is of the pairs that the graph has.
    """
    gaps = [pair.median_gap_s for pair in pairs if pair.median_gap_s is not None]
    gap = median(gaps) if gaps else 0.0
    shared = sum(pair.shared for pair in pairs)
    ties = Ties(pairs=cluster["pairs"], n=cluster["n_sum"], median_gap_s=gap, shared=shared)
    if cluster["q_min"] is None:
        return ties
    kept = {"opportunities": cluster["opportunities_sum"], "expected": cluster["expected_sum"]}
    return replace(ties, q=cluster["q_min"], q_median=cluster["q_median"], **_tested(pairs) | kept)


def _tested(pairs: Sequence[Pair]) -> dict[str, Any]:
    """What the two tests say of these pairs taken together; they were tested."""
    return {
        "opportunities": sum(pair.opportunities or 0 for pair in pairs),
        "expected": sum(pair.expected or 0.0 for pair in pairs),
        "coordinated": sum(bool(pair.coordinated) for pair in pairs),
        "shared_expected": sum(pair.interest_expected or 0.0 for pair in pairs),
        "interested": sum(bool(pair.shared_interest) for pair in pairs),
    }


def _roster(workspace: Workspace, seen: _Seen, cluster: Row) -> OnRoster | None:
    if cluster["n_asn"] is None:
        return None
    return OnRoster(
        n=cluster["n_asn"],
        verified=cluster["n_verified"],
        confirmed=cluster["n_confirmed"],
        self_declared=cluster["n_self_declared"],
        duty=cluster["n_duty"],
        active=seen.run["roster_accounts"],
        expected=cluster["expected_asn"],
        q=cluster["asn_q"],
        agencies=tuple(Agency(**row._asdict()) for row in clusters.agencies_of_cluster(workspace.store, cluster["id"])),
    )


def _pair_on_roster(workspace: Workspace, seen: _Seen, actions: "Actions") -> OnRoster | None:
    """What the roster says of the two accounts of a pair, of whom nothing is tested; None where the run saw none."""
    from graphwatch.detection.groups.enrichment import Context, enrich

    active = seen.run["roster_accounts"]
    roster = None if active is None else roster_of(workspace, seen.columns)
    if roster is None:
        return None
    pair = np.unique(actions.account)
    found = enrich(actions, pair, np.ones(len(pair), np.int32), Context(roster))
    people, at = found.people, found.agencies
    assert people is not None
    assert at is not None
    ids = [roster.agency_ids[int(code)].as_py() for code in at.agency]
    names = clusters.agency_names(workspace.store, ids)
    agencies = [Agency(id, names.get(id), n, None, None) for id, n in zip(ids, at.n.tolist(), strict=True)]
    verified, confirmed, self_declared = people.by_basis[0].tolist()
    return OnRoster(
        n=int(people.n[0]),
        verified=verified,
        confirmed=confirmed,
        self_declared=self_declared,
        duty=int(people.duty[0]),
        active=active,
        expected=None,
        q=None,
        agencies=tuple(sorted(agencies, key=lambda agency: (-agency.n, agency.id))),
    )

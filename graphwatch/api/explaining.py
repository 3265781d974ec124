"""Explain: what a reviewer is told about one pair or cluster."""

import json
from typing import TYPE_CHECKING, Any, Final

from graphwatch.api.evidence import bursts_of, pace_of, pair_on_roster
from graphwatch.api.runs import LATEST, resolve_run
from graphwatch.errors import NothingFound, UsageError
from graphwatch.explanation import (
    Agency,
    Explanation,
    Member,
    OnRoster,
    Question,
    Target,
    Ties,
    innocent,
    reading,
)
from graphwatch.model import POST_INTERACTIONS, node

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

Row = dict[str, Any]

_PAIR: Final = (
    "c.id AS id, c.layer AS layer, c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, "
    "c.opportunities AS opportunities, c.expected AS expected, c.q AS q, c.coordinated AS coordinated, "
    "c.interest_expected AS interest_expected, c.shared_interest AS shared_interest"
)


def explain(self: "Desk", lead: str | int, other: str | None = None, *, run: str = LATEST) -> Explanation:
    """Why a pair or a cluster is a lead, in numbers; `graphwatch.explanation.sections` puts it in words.

    Args:
        lead: number or id of a cluster, id of a pair, or id or handle of one account of a pair.
        other: id or handle of the other account.
        run: id of a complete run.

    Raises:
        NothingFound: there is no such run, or no such cluster or pair in it.
    """
    with self.store.session():
        name = str(lead)
        if other is None and ":" in name and name.startswith("R-"):
            run = name.partition(":")[0]
        question = self.store.read(_columns("Run"), {"id": resolve_run(self, run)}).to_pylist()[0]
        if other is None and (name.isdecimal() or name.startswith("R-")):
            return _cluster(self, question, name)
        return _pair(self, question, name, other)


def _columns(label: str) -> str:
    returned = ", ".join(f"x.{p.name} AS {p.name}" for p in node(label).properties)
    return f"MATCH (x:{label}) WHERE x.id = $id RETURN {returned}"


def _cluster(desk: "Desk", run: Row, name: str) -> Explanation:
    id = name if name.startswith("R-") else f"{run['id']}:{int(name)}"
    found = desk.store.read(_columns("Cluster"), {"id": id}).to_pylist()
    if not found:
        raise NothingFound(
            f"run {run['id']} has no cluster {name}",
            where=desk.place,
            remedy="`graphwatch query clusters` lists them.",
        )
    cluster = found[0]
    members = desk.store.read(
        "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE k.id = $id "
        "RETURN a.id AS account, a.handle AS handle, m.entered AS entered ORDER BY account",
        {"id": id},
    ).to_pylist()
    pairs = desk.store.read(
        "MATCH (k:Cluster)<-[:MEMBER_OF]-(:Account)-[c:CO_INTERACTED]->(:Account)-[:MEMBER_OF]->(k) "
        f"WHERE k.id = $id AND c.run = k.run AND c.window_ms = $window RETURN {_PAIR} ORDER BY id",
        {"id": id, "window": run["window_ms"]},
    ).to_pylist()
    ties = _ties([pair for pair in pairs if pair["layer"] == cluster["layer"]], run["fdr"])
    members = [Member(row["account"], row["handle"], row["entered"]) for row in members]
    return _explained(desk, run, cluster, members, ties, _roster(desk, run, cluster), _targets(desk, cluster))


def _pair(desk: "Desk", run: Row, name: str, other: str | None) -> Explanation:
    if other is None:
        which, given = "c.id = $id", {"run": run["id"], "id": name}
    else:
        which = (
            "((a.id = $a OR a.handle = $a) AND (b.id = $b OR b.handle = $b) "
            "OR (a.id = $b OR a.handle = $b) AND (b.id = $a OR b.handle = $a))"
        )
        given = {"run": run["id"], "a": name, "b": other}
    found = desk.store.read(
        f"MATCH (a:Account)-[c:CO_INTERACTED]->(b:Account) WHERE c.run = $run AND {which} "
        f"RETURN a.id AS a, a.handle AS handle_a, b.id AS b, b.handle AS handle_b, c.window_ms AS window_ms, {_PAIR} "
        "ORDER BY a, b, id",
        given,
    ).to_pylist()
    found = [pair for pair in found if pair["window_ms"] == run["window_ms"]]
    if not found:
        raise NothingFound(
            f"{name} and {other} are no pair of run {run['id']}" if other else f"run {run['id']} has no pair {name}",
            where=desk.place,
            remedy="`graphwatch query co-interactions` lists the pairs that reached the run's count; "
            "`graphwatch query pair-evidence` shows the interactions of any two accounts.",
        )
    if len({(pair["a"], pair["b"]) for pair in found}) > 1:
        raise UsageError("several accounts carry such a handle", remedy="Give the ids of the two accounts.")
    pair = min(found, key=lambda row: (row["layer"] not in (None, "all"), row["layer"] or ""))
    members = [Member(pair["a"], pair["handle_a"]), Member(pair["b"], pair["handle_b"])]
    roster = pair_on_roster(desk, [pair["a"], pair["b"]], _kinds(run), run["roster_accounts"])
    return _explained(desk, run, pair, members, _ties([pair], None), roster, None)


def _explained(
    desk: "Desk",
    run: Row,
    lead: Row,
    members: list[Member],
    ties: Ties,
    roster: OnRoster | None,
    targets: tuple[Target, ...] | None,
) -> Explanation:
    kinds = _kinds(run)
    looked_at = (lead["layer"],) if lead["layer"] in kinds else kinds
    accounts = [member.account for member in members]
    found = bursts_of(desk, accounts, looked_at, run["window_ms"])
    return Explanation(
        kind="cluster" if "number" in lead else "pair",
        id=lead["id"],
        number=lead.get("number"),
        question=_question(desk, run, kinds),
        members=tuple(members),
        ties=ties,
        reading=reading(ties),
        pace=pace_of(found, lead),
        bursts=found.bursts,
        roster=roster,
        targets=targets,
        innocent=innocent(found.bursts, roster, run["fdr"]),
    )


def _kinds(run: Row) -> tuple[str, ...]:
    """The kinds of interaction that the run looked at; only names that the model knows get into a query."""
    asked = json.loads(run["parameters"]).get("kinds", POST_INTERACTIONS)
    return tuple(kind for kind in POST_INTERACTIONS if kind in asked)


def _question(desk: "Desk", run: Row, kinds: tuple[str, ...]) -> Question:
    counted = f"MATCH (:Account)-[i:{'|'.join(kinds)}]->(:Post) WHERE i.at_ms IS NOT NULL RETURN count(i.id) AS n"
    now = desk.store.read(counted)["n"][0].as_py()
    return Question(
        run=run["id"],
        window_s=run["window_ms"] / 1000,
        coarse_s=None if run["coarse_ms"] is None else run["coarse_ms"] / 1000,
        min_objects=run["min_objects"],
        fdr=run["fdr"],
        tests=run["tests"],
        interactions=run["interactions"],
        accounts=run["accounts"],
        objects=run["objects"],
        changed=now != run["interactions"],
    )


def _ties(pairs: list[Row], fdr: float | None) -> Ties:
    """The pairs taken together: of a tested cluster only those beyond chance tie it."""
    from statistics import median

    tying = [pair for pair in pairs if pair["coordinated"]] if fdr is not None else pairs
    ties = Ties(
        pairs=len(tying),
        n=sum(pair["n"] for pair in tying),
        median_gap_s=median(pair["median_gap_s"] for pair in tying) if tying else 0.0,
        shared=sum(pair["shared"] for pair in tying),
    )
    if not tying or tying[0]["q"] is None:
        return ties
    return Ties(
        ties.pairs,
        ties.n,
        ties.median_gap_s,
        ties.shared,
        opportunities=sum(pair["opportunities"] for pair in tying),
        expected=sum(pair["expected"] for pair in tying),
        q=min(pair["q"] for pair in tying),
        q_median=median(pair["q"] for pair in tying),
        coordinated=sum(pair["coordinated"] for pair in tying),
        shared_expected=sum(pair["interest_expected"] for pair in tying),
        interested=sum(pair["shared_interest"] for pair in tying),
    )


def _roster(desk: "Desk", run: Row, cluster: Row) -> OnRoster | None:
    if cluster["n_asn"] is None:
        return None
    rows = desk.store.read(
        "MATCH (k:Cluster)-[d:DRAWN_FROM]->(g:Agency) WHERE k.id = $id "
        "RETURN g.id AS id, g.name AS name, d.n AS n, d.expected AS expected, d.q AS q ORDER BY d.log10_p, n DESC, id",
        {"id": cluster["id"]},
    ).to_pylist()
    return OnRoster(
        n=cluster["n_asn"],
        verified=cluster["n_verified"],
        confirmed=cluster["n_confirmed"],
        self_declared=cluster["n_self_declared"],
        duty=cluster["n_duty"],
        active=run["roster_accounts"],
        expected=cluster["expected_asn"],
        q=cluster["asn_q"],
        agencies=tuple(Agency(**row) for row in rows),
    )


def _targets(desk: "Desk", cluster: Row) -> tuple[Target, ...] | None:
    rows = desk.store.read(
        "MATCH (k:Cluster)-[t:TARGETS]->(x:Paslon|Page) WHERE k.id = $id "
        "RETURN t.kind AS kind, x.id AS id, x.name AS name, t.interactions AS interactions, t.share AS share, "
        "t.expected AS expected, t.q AS q ORDER BY kind, t.log10_p, interactions DESC, id",
        {"id": cluster["id"]},
    ).to_pylist()
    return tuple(Target(**row) for row in rows) or None

"""What every document has: decisions, complaints, coverage, and what became of a cluster."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphwatch.api.coverage_words import sentences
from graphwatch.report import Decision, Heard, Later
from graphwatch.scope import lasting

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.api.reporting_names import Names

_DECISIONS: Final = (
    "MATCH (d:Decision) WHERE d.lead IN $leads RETURN d.lead AS lead, d.outcome AS outcome, d.reviewer AS reviewer, "
    "d.at_ms AS at_ms, d.reason AS reason, d.clarification AS clarification, d.forwarded_to AS forwarded_to, "
    "d.id AS id ORDER BY at_ms, id"
)
_CONTINUING: Final = (
    "MATCH (later:Cluster)-[:CONTINUES]->(k:Cluster) WHERE k.id = $id RETURN later.id AS id, later.run AS run"
)
_RUNS: Final = (
    "MATCH (r:Run) WHERE r.status = 'complete' "
    "RETURN r.id AS id, r.parameters AS parameters, r.created_at_ms AS created_at_ms ORDER BY created_at_ms DESC, id"
)


def decisions_on(desk: "Desk", leads: Sequence[str], names: "Names") -> tuple[Decision, ...]:
    """The decisions on these leads, first to last; an account's id as a lead is called as the account is."""
    rows = desk.store.read(_DECISIONS, {"leads": list(leads)}).to_pylist()
    return tuple(
        Decision(
            lead=row["lead"] if row["lead"].startswith("R-") else names.account(row["lead"]),
            outcome=row["outcome"],
            reviewer=row["reviewer"],
            at_ms=int(row["at_ms"]),
            reason=names.text(row["reason"]),
            clarified=bool(row["clarification"]),
            clarification=names.text(row["clarification"]),
            forwarded_to=row["forwarded_to"],
        )
        for row in rows
    )


def complaints_about(desk: "Desk", accounts: Collection[str]) -> tuple[Heard, ...]:
    """The complaints about one of these accounts, the most urgent first."""
    return tuple(_heard(row) for row in _complaints(desk) if set(row["accounts"] or ()) & set(accounts))


def all_complaints(desk: "Desk") -> tuple[Heard, ...]:
    """Every complaint, the most urgent first."""
    return tuple(map(_heard, _complaints(desk)))


def _complaints(desk: "Desk") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.Table.to_pylist(desk.complaints(to="arrow"))
    return rows


def _heard(row: dict[str, Any]) -> Heard:
    return Heard(row["complaint"], row["received_at"], row["deadline"], row["status"], row["seen"])


def said_of_data(desk: "Desk", run: str | None, language: str) -> dict[str, Any]:
    """`coverage` and `power` of a Case: what the data can show, and which groups would have been found."""
    found = desk.coverage(suppress=True, language=language)
    power = None if run is None else desk.kept_power(run)
    return {"coverage": tuple(sentences(found, language)), "power": power and power.sentence(language)}


def later_of(desk: "Desk", cluster: str) -> Later | None:
    """What became of a cluster in later runs that asked the same; None where it is of the latest such run."""
    current = cluster
    while following := _continuing(desk, current):
        current = following
    last_seen = current.partition(":")[0]
    runs = desk.store.read(_RUNS).to_pylist()
    found = next((r for r in runs if r["id"] == last_seen), None)
    if found is None:
        return None
    asked = lasting(found["parameters"])
    latest = next(r for r in runs if lasting(r["parameters"]) == asked)
    if latest["created_at_ms"] > found["created_at_ms"]:
        return Later(None, latest["id"])
    return None if current == cluster else Later(current, last_seen)


def _continuing(desk: "Desk", cluster: str) -> str | None:
    """The cluster of the latest complete run that continues this one."""
    complete = {row["id"]: -row["created_at_ms"] for row in desk.store.read(_RUNS).to_pylist()}
    rows = [r for r in desk.store.read(_CONTINUING, {"id": cluster}).to_pylist() if r["run"] in complete]
    rows.sort(key=lambda r: (complete[r["run"]], r["id"]))
    return rows[0]["id"] if rows else None

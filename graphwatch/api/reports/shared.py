"""What every document has: decisions, complaints, coverage, and what became of a cluster."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphwatch.api.casework.complaints import complaints
from graphwatch.api.casework.leads import continued_by
from graphwatch.api.coverage.measuring import coverage
from graphwatch.api.coverage.words import sentences
from graphwatch.api.detection.power import kept_power
from graphwatch.api.project import Project
from graphwatch.api.runs import complete_runs
from graphwatch.report import Decision, Erased, Heard, Later
from graphwatch.review import Decided
from graphwatch.scope import lasting

if TYPE_CHECKING:
    from graphwatch.api.reports.names import Names


def told_decisions(decided: Iterable[Decided], names: "Names") -> tuple[Decision, ...]:
    """Decisions as a document has them; an account's id as a lead is called as the account is."""
    return tuple(
        Decision(
            lead=of.lead if of.lead.startswith("R-") else names.called(of.lead),
            outcome=of.outcome,
            reviewer=of.reviewer,
            at_ms=of.at_ms,
            reason=names.text(of.reason),
            clarified=bool(of.clarification),
            clarification=names.text(of.clarification),
            forwarded_to=of.forwarded_to,
        )
        for of in decided
    )


def complaints_about(project: Project, accounts: Collection[str]) -> tuple[Heard, ...]:
    """The complaints about one of these accounts, the most urgent first."""
    return tuple(_heard(row) for row in _complaints(project) if set(row["accounts"] or ()) & set(accounts))


def all_complaints(project: Project) -> tuple[Heard, ...]:
    """Every complaint, the most urgent first."""
    return tuple(map(_heard, _complaints(project)))


def _complaints(project: Project) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.Table.to_pylist(complaints(project, to="arrow"))
    return rows


def _heard(row: dict[str, Any]) -> Heard:
    return Heard(row["complaint"], row["received_at"], row["deadline"], row["status"], row["seen"])


def said_of_data(project: Project, run: str | None, language: str) -> dict[str, Any]:
    """`coverage` and `power` of a Case: what the data can show, and which groups would have been found."""
    found = coverage(project, suppress=True, language=language)
    power = None if run is None else kept_power(project, run)
    return {"coverage": tuple(sentences(found, language)), "power": power and power.sentence(language)}


def erased_since(
    run: Mapping[str, Any], clusters: Sequence[Mapping[str, Any]] = (), members: Mapping[str, int] | None = None
) -> Erased | None:
    """What was erased since a run; None where nothing was.

    Args:
        run: its properties.
        clusters: those of its clusters that a document is about, each with `id`, `size` and `erased_at_ms`.
        members: how many each of them has now.
    """
    stamps = [int(at) for of in (run, *clusters) if (at := of["erased_at_ms"]) is not None]
    if not stamps:
        return None
    size = sum(int(of["size"]) for of in clusters)
    left = sum((members or {}).get(of["id"], 0) for of in clusters)
    return Erased(max(stamps), size - left, size)


def later_of(project: Project, cluster: str) -> Later | None:
    """What became of a cluster in later runs that asked the same; None where it is of the latest such run."""
    current = continued_by(project, cluster) or cluster
    last_seen = current.partition(":")[0]
    runs = complete_runs(project)
    found = next((r for r in runs if r["id"] == last_seen), None)
    if found is None:
        return None
    asked = lasting(found["parameters"])
    latest = next(r for r in runs if lasting(r["parameters"]) == asked)
    if latest["created_at_ms"] > found["created_at_ms"]:
        return Later(None, latest["id"])
    return None if current == cluster else Later(current, last_seen)

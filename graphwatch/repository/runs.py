"""Which run is meant: `latest` stands for the newest complete one."""

from typing import Any

from graphwatch.errors import NothingFound
from graphwatch.model import node
from graphwatch.settings import LATEST
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace


def resolve_run(workspace: Workspace, run: str) -> str:
    """The id of that run.

    Raises:
        NothingFound: there is no complete run of that id, or none at all.
    """
    rows = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.id AS id ORDER BY r.created_at_ms DESC, r.id LIMIT 1",
        {"run": run},
    )
    if rows.num_rows == 0:
        what = "no detection has been run yet" if run == LATEST else f"there is no complete run {run}"
        raise NothingFound(
            what,
            where=workspace.place,
            remedy="`graphwatch detect` makes one; `graphwatch query runs` lists them.",
        )
    return str(rows["id"][0].as_py())


def run_if_any(workspace: Workspace, run: str) -> str | None:
    """The id of that run; None where the latest is meant and no detection has been run yet.

    Raises:
        NothingFound: there is no complete run of that id.
    """
    try:
        return resolve_run(workspace, run)
    except NothingFound:
        if run != LATEST:
            raise
        return None


def complete_runs(workspace: Workspace) -> list[dict[str, Any]]:
    """The complete runs, newest first: id, parameters and layers (as JSON), created_at_ms; layers may be null."""
    rows: list[dict[str, Any]] = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' "
        "RETURN r.id AS id, r.parameters AS parameters, r.layers AS layers, r.created_at_ms AS created_at_ms "
        "ORDER BY r.created_at_ms DESC, r.id"
    ).to_pylist()
    return rows


def made_at_ms(store: ReadableStore, run: str) -> int | None:
    """When the complete run of that id, or the latest one, was made; None where there is none."""
    found = store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.created_at_ms AS at_ms ORDER BY at_ms DESC LIMIT 1",
        {"run": run},
    )
    return int(found["at_ms"][0].as_py()) if found.num_rows else None


def complete_run(store: ReadableStore, run: str) -> dict[str, Any] | None:
    """All properties of a complete run; None where there is no such run."""
    returned = ", ".join(f"r.{p.name} AS {p.name}" for p in node("Run").properties)
    cypher = f"MATCH (r:Run) WHERE r.id = $run AND r.status = 'complete' RETURN {returned}"
    rows: list[dict[str, Any]] = store.read(cypher, {"run": run}).to_pylist()
    return rows[0] if rows else None


def continued_clusters(store: ReadableStore, run: str) -> int:
    """How many clusters of that run continue one of an earlier run."""
    rows = store.read(
        "MATCH (:Cluster)-[c:CONTINUES]->(:Cluster) WHERE c.run = $run RETURN count(c) AS n", {"run": run}
    )
    return int(rows["n"][0].as_py())

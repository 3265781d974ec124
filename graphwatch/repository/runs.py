"""Which run is meant: `latest` stands for the newest complete one."""

from typing import Any, Final

from graphwatch.errors import NothingFound
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

LATEST: Final = "latest"


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
    """The complete runs, newest first: their id, parameters (as JSON) and created_at_ms."""
    rows: list[dict[str, Any]] = workspace.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' "
        "RETURN r.id AS id, r.parameters AS parameters, r.created_at_ms AS created_at_ms "
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

"""Which run is meant: `latest` stands for the newest complete one."""

from typing import Final

from graphwatch.api.project import Project
from graphwatch.errors import NothingFound

LATEST: Final = "latest"


def resolve_run(project: Project, run: str) -> str:
    """The id of that run.

    Raises:
        NothingFound: there is no complete run of that id, or none at all.
    """
    rows = project.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.id AS id ORDER BY r.created_at_ms DESC, r.id LIMIT 1",
        {"run": run},
    )
    if rows.num_rows == 0:
        what = "no detection has been run yet" if run == LATEST else f"there is no complete run {run}"
        raise NothingFound(
            what,
            where=project.place,
            remedy="`graphwatch detect` makes one; `graphwatch query runs` lists them.",
        )
    return str(rows["id"][0].as_py())

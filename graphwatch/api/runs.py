"""Which run is meant: `latest` stands for the newest complete one."""

from typing import TYPE_CHECKING, Final

from graphwatch.errors import NothingFound

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

LATEST: Final = "latest"


def resolve_run(desk: "Desk", run: str) -> str:
    """The id of that run.

    Raises:
        NothingFound: there is no complete run of that id, or none at all.
    """
    rows = desk.store.read(
        "MATCH (r:Run) WHERE r.status = 'complete' AND ($run = 'latest' OR r.id = $run) "
        "RETURN r.id AS id ORDER BY r.created_at_ms DESC, r.id LIMIT 1",
        {"run": run},
    )
    if rows.num_rows == 0:
        what = "no detection has been run yet" if run == LATEST else f"there is no complete run {run}"
        raise NothingFound(
            what,
            where=desk.place,
            remedy="`graphwatch detect` makes one; `graphwatch query runs` lists them.",
        )
    return str(rows["id"][0].as_py())

"""Acts of the roster's accounts, the evidence of each, and their workbook with handles, for a reason that is logged."""

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, workbook
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.tables import narrowed
from graphwatch.errors import NothingFound, UsageError
from graphwatch.rights.unmasking import record, unmasking

_HIDDEN: Final = ("agency", "validity", "url", "interaction", "text", "post", "page", "at")


def interactions(asked: Asked) -> Response:
    """What accounts on the roster did on pages of paslon, an act a row."""
    return asked.table(
        "interactions",
        _acts(asked),
        command=("query", "roster-interactions"),
        cypher=asked.cypher("roster-interactions"),
        facets=("kind", "paslon", "class", "phase", "time_basis", "agency_name", "position_class"),
        hidden=_HIDDEN,
        first=("at_ms", "handle", "kind", "paslon", "class", "agency_name", "position", "phase"),
        links={
            "account": "/accounts/Account/",
            "handle": "/accounts?q=",
            "at_ms": _evidence,
            "time_basis": _evidence,
        },
    )


def _evidence(row: dict[str, Any]) -> str:
    return f"/interactions/{quote(row['interaction'], safe='')}"


def _acts(asked: Asked) -> Table:
    return asked.kept(lambda project: project.roster_interactions(), "interactions", but=DECIDED)


def act(asked: Asked) -> Response:
    """One act: what was seen, when and by which rows of which files; the evidence of complaints that name it."""
    id = asked.named["id"]
    rows = [row for row in _acts(asked) if row["interaction"] == id]
    if not rows:
        raise NothingFound("there is no such act of an account on the roster", where=id)
    sources = asked.kept(lambda project: project.query("sources"), "sources", but=DECIDED)
    complaints = asked.kept(lambda project: project.complaints(), "complaints", but=DECIDED)
    files = {row["source"]: row["file"] for row in sources}
    supplied = [said.rpartition(":") for said in rows[0]["sources"] or ()]
    return asked.page(
        "act",
        here="interactions",
        act=rows[0],
        held=rows,
        supplied=[{"source": source, "file": files.get(source), "row": row} for source, _, row in supplied],
        complaints=[row for row in complaints if row["interaction"] == id],
        command=asked.command("query", "roster-interactions"),
        cypher=[asked.cypher("account-interactions", account=rows[0]["account"]), asked.cypher("sources")],
    )


def unmasked(asked: Asked) -> Response:
    """The acts as a workbook with handles, links and times; that it was opened, by whom and why, is logged first."""
    by, reason = reviewer_of(asked), asked.form.get("reason", "").strip()
    if not reason:
        raise UsageError(asked.say("desk.reason_needed"), remedy=asked.say("desk.reason_why"))
    said = {name: value for name, value in asked.form.items() if name in ("q", "sort") or name.startswith("is.")}
    rows = narrowed(_acts(asked), said)
    with asked.desk.open() as project:
        told = {"what": "roster interactions", "rows": rows.num_rows, "by": by}
        record(project.workspace, unmasking("handles", reason), None, told)
    return workbook("interactions", Table(rows))

"""What is new since a day, a run or a load, and the watchlist."""

from starlette.responses import Response

from graphwatch.casework.changes import Changes
from graphwatch.common.clock import today
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.tables import Listed
from graphwatch.errors import UsageError
from graphwatch.model.scope import ALL
from graphwatch.project import Project
from graphwatch.settings import LATEST


def news(asked: Asked) -> Response:
    """Acts, clusters and complaints that came since then; what is watched."""
    since, problem = asked.words.get("since", "").strip() or LATEST, None
    try:
        changes = _changes(asked, since)
    except UsageError as error:
        since, problem, changes = LATEST, error, _changes(asked, LATEST)
    watched = list(asked.kept(lambda project: project.watched(), "watched", but=DECIDED))
    with asked.desk.open() as project:
        visited = _last_visit(project, asked.person.name)
    acts = Listed(
        changes.interactions,
        facets=("watched", "kind", "paslon"),
        hidden=(
            *("at", "post", "page_handle", "class", "registered", "basis", "confidence", "validity", "interaction"),
            *("sources", "url", "page"),
        ),
        links={"account": "/accounts/Account/", "handle": "/accounts?q="},
    )
    run = changes.runs[1] if changes.runs else ""
    clusters = Listed(
        changes.clusters,
        facets=("change",),
        hidden=() if any(row["layer"] for row in changes.clusters) else ("layer",),
        links={"after": lambda row: f"/leads/{run}:{row['after']}" if row["layer"] in (None, ALL) else None},
    )
    complaints = Listed(changes.complaints, facets=("status",), hidden=("account_ref",), links={"complaint": "/leads/"})
    return asked.tables(
        "news",
        {"": acts, "clusters": clusters, "complaints": complaints},
        command=("changes", "--since", since),
        cypher=[asked.cypher(name) for name in ("roster-interactions", "clusters", "open-complaints", "watchlist")],
        since=asked.words.get("since", ""),
        changes=changes,
        watched=watched,
        problem=problem,
        visited=visited,
    )


def _changes(asked: Asked, since: str) -> Changes:
    return asked.kept(lambda project: project.changes(since), "changes", since, but=DECIDED)


def _last_visit(project: Project, name: str) -> str | None:
    """The last day before today on which the person at the desk said their name; None where there is none."""
    said = (line for line in project.access_log(action="sign-on") if line["details"].get("name") == name)
    days = {str(line["at"])[:10] for line in said}
    return max((day for day in days if day < today().isoformat()), default=None)


def watch(asked: Asked) -> Response:
    """Put an account on the roster or a page on the watchlist."""
    with asked.desk.open() as project:
        project.watch(
            asked.form.get("what", "").strip(),
            reason=asked.form.get("reason", ""),
            platform=asked.form.get("platform", "").strip() or None,
            by=reviewer_of(asked),
        )
    return onward("/news#watched")


def unwatch(asked: Asked) -> Response:
    """Take one off the watchlist."""
    reviewer_of(asked)
    with asked.desk.open() as project:
        project.unwatch(asked.form.get("what", ""))
    return onward("/news#watched")

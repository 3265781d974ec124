"""What is new since a day, a run or a load, and the watchlist."""

from starlette.responses import Response

from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.tables import shown
from graphwatch.errors import StoreMissing, UsageError
from graphwatch.settings import LATEST


def news(asked: Asked) -> Response:
    """Acts, clusters and complaints that came since then; what is watched."""
    since, problem = asked.words.get("since", "").strip() or LATEST, None
    with asked.desk.open() as project:
        if not project.store.exists:
            raise StoreMissing("nothing has been loaded yet")
        with project.store.session():
            try:
                changes = project.changes(since)
            except UsageError as error:
                since, problem, changes = LATEST, error, project.changes()
            watched = list(project.watched())
    return asked.table(
        "news",
        changes.interactions,
        command=("changes", "--since", since),
        facets=("watched", "kind", "paslon"),
        hidden=(
            *("at", "post", "page_handle", "class", "registered", "basis", "confidence", "validity", "interaction"),
            *("sources", "url", "page"),
        ),
        links={"account": "/accounts/Account/"},
        since=asked.words.get("since", ""),
        changes=changes,
        clusters=shown(changes.clusters, {}, asked.path, asked.language),
        complaints=shown(
            changes.complaints, {}, asked.path, asked.language, hidden=("account_ref",), links={"complaint": "/leads/"}
        ),
        watched=watched,
        problem=problem,
    )


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

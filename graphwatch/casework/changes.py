"""What is new since a run, a day or an import: for the morning's look and for cron."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import pyarrow as pa

from graphwatch.calendar.timerange import TimeRange
from graphwatch.casework.watchlist import watched
from graphwatch.common.table import Table
from graphwatch.detection.cluster_matching import ClusterChange, cluster_changes, comparable_runs
from graphwatch.errors import UsageError
from graphwatch.repository.casework import new_complaints, new_interactions, new_interactions_perhaps
from graphwatch.repository.runs import made_at_ms
from graphwatch.repository.sources import loaded_at_ms, loaded_since
from graphwatch.settings import LATEST, QUERY_ROWS
from graphwatch.store.workspace import Workspace

_TEXT, _INTEGER = pa.string(), pa.int64()
_INTERACTIONS: Final = pa.schema(
    [
        ("watched", pa.bool_()),
        *((name, _TEXT) for name in ("account", "handle", "kind", "at")),
        ("at_ms", _INTEGER),
        *((name, _TEXT) for name in ("post", "url", "page", "page_handle", "class")),
        ("registered", pa.bool_()),
        *((name, _TEXT) for name in ("paslon", "basis", "confidence", "validity", "interaction")),
        ("sources", pa.list_(_TEXT)),
        ("time_basis", _TEXT),
    ]
)
_CLUSTERS: Final = pa.schema(
    [
        (field.name, _TEXT if field.name in ("change", "layer") else _INTEGER)
        for field in fields(ClusterChange)
        if field.name != "jaccard"
    ]
    + [("jaccard", pa.float64())]
)
_NEW_COMPLAINTS: Final = pa.schema(
    [(n, _TEXT) for n in ("complaint", "deadline", "received_at", "status", "platform", "kind", "account_ref")]
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new.

    Attributes:
        since_ms: from when on imports count, UTC epoch milliseconds.
        sources: ids of the imports that count.
        interactions: of roster accounts with posts and pages that campaign for a paslon; watched ones first.
        runs: the two runs whose clusters are compared, None where no two asked the same.
        clusters: what changed between these two, whenever they ran.
        clusters_since: whether the later of the two ran since then.
        complaints: those that came in.
        cut: not all interactions are here.
        untimed, observed: interactions beside these that may lie in the period that was asked for, without a time or
            with one when somebody looked; none where no period was asked for.
    """

    since_ms: int
    sources: tuple[str, ...]
    interactions: Table
    runs: tuple[str, str] | None
    clusters: Table
    clusters_since: bool
    complaints: Table
    cut: bool
    untimed: int
    observed: int

    @property
    def acts(self) -> int:
        """Interactions, each once: in the table they stand once for each page and paslon."""
        return len(set(self.interactions.to_arrow()["interaction"].to_pylist()))

    @property
    def findings(self) -> int:
        """Rows of all three tables; those of clusters only where the later run is one of since then."""
        clusters = len(self.clusters) if self.clusters_since else 0
        return len(self.interactions) + clusters + len(self.complaints)

    def as_json(self) -> dict[str, Any]:
        """Everything as values that JSON has."""
        tables = {name: list(getattr(self, name)) for name in ("interactions", "clusters", "complaints")}
        beside = {"untimed": self.untimed, "observed": self.observed}
        return {
            "since_ms": self.since_ms,
            "sources": self.sources,
            "runs": self.runs,
            "cut": self.cut,
            **beside,
            **tables,
        }


def changes(
    workspace: Workspace, since: str = LATEST, *, period: TimeRange | None = None, limit: int = QUERY_ROWS
) -> Changes:
    """What imports brought since then, and what became of the clusters between the last two runs that asked the same.

    See `Project.changes`.
    """
    period = period or TimeRange()
    with workspace.store.session(of_record=True):
        since_ms = _since_ms(workspace, since)
        sources = loaded_since(workspace.store, since_ms)
        interactions = _interactions(workspace, sources, period, limit) if sources else []
        perhaps = {"untimed": 0, "observed": 0}
        if sources and not period.is_open:
            perhaps = new_interactions_perhaps(workspace.store, sources, period)
        complaints = new_complaints(workspace.store, sources).to_pylist() if sources else []
        runs = comparable_runs(workspace)
        clusters = [asdict(change) for change in cluster_changes(workspace, runs.before, runs.after)] if runs else []
    return Changes(
        since_ms,
        sources,
        Table(pa.Table.from_pylist(interactions[:limit], schema=_INTERACTIONS)),
        (runs.before, runs.after) if runs else None,
        Table(pa.Table.from_pylist(clusters, schema=_CLUSTERS)),
        runs is not None and runs.after_ms >= since_ms,
        Table(pa.Table.from_pylist(complaints, schema=_NEW_COMPLAINTS)),
        len(interactions) > limit,
        **perhaps,
    )


def _since_ms(workspace: Workspace, since: str) -> int:
    made = made_at_ms(workspace.store, since)
    if made is None and since != LATEST:
        made = loaded_at_ms(workspace.store, since)
    if made is not None:
        return made + 1
    if since == LATEST:
        return 0
    try:
        begin = TimeRange.between(since, None).begin_ms
    except UsageError:
        raise UsageError(
            f"'{since}' is no run, source, day or time",
            where=workspace.place,
            remedy="Give the id of a run or source, or a day: `graphwatch query runs` and `query sources` list them.",
        ) from None
    assert begin is not None
    return begin


def _interactions(
    workspace: Workspace, sources: tuple[str, ...], period: TimeRange, limit: int
) -> list[dict[str, Any]]:
    """Each interaction once for each page and paslon, watched ones first, then the latest."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in new_interactions(workspace.store, sources, period, limit):
        found.setdefault((row["interaction"], row["page"], row["paslon"]), row)
    on_watch = set(watched(workspace).to_arrow()["id"].to_pylist())
    for row in found.values():
        row["watched"] = row["account"] in on_watch or row["page"] in on_watch
    return sorted(found.values(), key=lambda r: (not r["watched"], -(r["at_ms"] or 0), r["interaction"]))

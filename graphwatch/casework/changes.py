"""What is new since a run, a day or an import: for the morning's look and for cron."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import pyarrow as pa

from graphwatch.calendar.timerange import TimeRange
from graphwatch.casework.watchlist import watched
from graphwatch.detection.cluster_matching import ClusterChange, cluster_changes, comparable_runs
from graphwatch.errors import UsageError
from graphwatch.repository.runs import LATEST
from graphwatch.settings import QUERY_ROWS
from graphwatch.store.workspace import Workspace

# New is what only imports of since then supply: a row that came in again is not. (The embedded engine knows no
# parameter inside of all().)
_GIVEN: Final = "WITH $sources AS imports "
_NEW: Final = "all(x IN {of}.sources WHERE left(x, 16) IN imports)"
# Whose an account is must be valid when it acted; where nobody knows when that was, it is said.
_VALID: Final = (
    "WITH a, b, i, {ends}, coalesce(i.at_ms, i.observed_at_ms) AS t "
    "WHERE (t IS NULL OR ((b.from_ms IS NULL OR b.from_ms <= t) AND (b.to_ms IS NULL OR b.to_ms > t))) "
    "AND ($always OR (i.at_ms >= $from_ms AND i.at_ms < $to_ms)) "
)
_RETURN: Final = (
    "RETURN i.id AS interaction, i.kind AS kind, i.at_ms AS at_ms, i.at AS at, a.id AS account, a.handle AS handle, "
    "b.basis AS basis, b.confidence AS confidence, "
    "CASE WHEN t IS NULL AND NOT (b.from_ms IS NULL AND b.to_ms IS NULL) THEN 'unknown' ELSE 'valid' END AS validity, "
    "{post} p.id AS page, p.handle AS page_handle, p.class AS class, p.registered AS registered, s.id AS paslon, "
    "i.sources AS sources "
    "ORDER BY coalesce(at_ms, -1) DESC, interaction, page, paslon, basis"
)
_ACTED: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(o:Post)"
    f"<-[:PUBLISHED]-(p:Page)-[:SUPPORTS]->(s:Paslon) WITH imports, a, b, i, o, p, s WHERE {_NEW.format(of='i')} "
    + _VALID.format(ends="o, p, s")
    + _RETURN.format(post="o.id AS post, o.url AS url,")
)
_FOLLOWED: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:FOLLOWED]->(p:Page)-[:SUPPORTS]->(s:Paslon) "
    f"WITH imports, a, b, i, p, s WHERE {_NEW.format(of='i')} " + _VALID.format(ends="p, s") + _RETURN.format(post="")
)
_COMPLAINTS: Final = (
    f"{_GIVEN}MATCH (c:Complaint) WHERE {_NEW.format(of='c')} "
    "RETURN c.id AS complaint, c.received_at AS received_at, c.deadline AS deadline, c.status AS status, "
    "c.platform AS platform, c.kind AS kind, c.account_ref AS account_ref ORDER BY deadline, complaint"
)
_SINCE: Final = {
    "Run": "MATCH (n:Run) WHERE n.status = 'complete' AND (n.id = $since OR $since = 'latest') "
    "RETURN n.created_at_ms AS at_ms ORDER BY at_ms DESC LIMIT 1",
    "Source": "MATCH (n:Source) WHERE n.id = $since RETURN n.loaded_at_ms AS at_ms",
}

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
    """What is new, as Arrow tables.

    Attributes:
        since_ms: from when on imports count, UTC epoch milliseconds.
        sources: ids of the imports that count.
        interactions: of roster accounts with posts and pages that campaign for a paslon; watched ones first.
        runs: the two runs whose clusters are compared, None where no two asked the same.
        clusters: what changed between these two, whenever they ran.
        clusters_since: whether the later of the two ran since then.
        complaints: those that came in.
        cut: not all interactions are here.
    """

    since_ms: int
    sources: tuple[str, ...]
    interactions: pa.Table
    runs: tuple[str, str] | None
    clusters: pa.Table
    clusters_since: bool
    complaints: pa.Table
    cut: bool

    @property
    def findings(self) -> int:
        """Rows of all three tables; those of clusters only where the later run is one of since then."""
        clusters = self.clusters.num_rows if self.clusters_since else 0
        return int(self.interactions.num_rows + clusters + self.complaints.num_rows)

    def as_json(self) -> dict[str, Any]:
        """Everything as values that JSON has."""
        tables = {name: getattr(self, name).to_pylist() for name in ("interactions", "clusters", "complaints")}
        return {"since_ms": self.since_ms, "sources": self.sources, "runs": self.runs, "cut": self.cut, **tables}


def changes(
    workspace: Workspace, since: str = LATEST, *, period: TimeRange | None = None, limit: int = QUERY_ROWS
) -> Changes:
    """What imports brought since then, and what became of the clusters between the last two runs that asked the same.

    Args:
        since: id of a run or of a source (what was loaded after it counts), `latest` for the latest run, a day in
            Asia/Jakarta, or an instant.
        period: only interactions of that time; see `Desk.resolve_range`.
        limit: interactions after which the answer is cut.

    Raises:
        UsageError: `since` is none of these.
    """
    period = period or TimeRange()
    with workspace.store.session():
        since_ms = _since_ms(workspace, since)
        sources = _sources(workspace, since_ms)
        interactions = _interactions(workspace, sources, period, limit) if sources else []
        complaints = workspace.store.read(_COMPLAINTS, {"sources": list(sources)}).to_pylist() if sources else []
        runs = comparable_runs(workspace)
        clusters = [asdict(change) for change in cluster_changes(workspace, runs.before, runs.after)] if runs else []
    return Changes(
        since_ms,
        sources,
        pa.Table.from_pylist(interactions[:limit], schema=_INTERACTIONS),
        (runs.before, runs.after) if runs else None,
        pa.Table.from_pylist(clusters, schema=_CLUSTERS),
        runs is not None and runs.after_ms >= since_ms,
        pa.Table.from_pylist(complaints, schema=_NEW_COMPLAINTS),
        len(interactions) > limit,
    )


def _since_ms(workspace: Workspace, since: str) -> int:
    for cypher in _SINCE.values():
        given = {"since": since} if "'latest'" in cypher or since != LATEST else {"since": ""}
        rows = workspace.store.read(cypher, given)
        if rows.num_rows:
            return int(rows["at_ms"][0].as_py()) + 1
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


def _sources(workspace: Workspace, since_ms: int) -> tuple[str, ...]:
    cypher = "MATCH (s:Source) WHERE s.loaded_at_ms >= $since RETURN s.id AS id ORDER BY id"
    return tuple(workspace.store.read(cypher, {"since": since_ms})["id"].to_pylist())


def _interactions(
    workspace: Workspace, sources: tuple[str, ...], period: TimeRange, limit: int
) -> list[dict[str, Any]]:
    """Each interaction once for each page and paslon, watched ones first, then the latest."""
    given: Mapping[str, Any] = {
        "sources": list(sources),
        "always": period.is_open,
        "from_ms": period.begin_ms if period.begin_ms is not None else -(1 << 62),
        "to_ms": period.end_ms if period.end_ms is not None else 1 << 62,
    }
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for cypher in (_ACTED, _FOLLOWED):
        for row in workspace.store.read(f"{cypher} LIMIT $most", {**given, "most": limit + 1}).to_pylist():
            found.setdefault((row["interaction"], row["page"], row["paslon"]), row)
    on_watch = set(watched(workspace).to_arrow()["id"].to_pylist())
    for row in found.values():
        row["watched"] = row["account"] in on_watch or row["page"] in on_watch
    return sorted(found.values(), key=lambda r: (not r["watched"], -(r["at_ms"] or 0), r["interaction"]))

"""What documents that name nobody are made of: an agency in numbers, and a run as a whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from graphwatch.casework.coverage import about_data, coverage
from graphwatch.casework.leads import OPEN, OUTCOMES, Decisions, clusters_of, status_of
from graphwatch.common.i18n import text
from graphwatch.common.validity import Validity
from graphwatch.detection.lead_evidence import whole
from graphwatch.model import INTERACTIONS, node
from graphwatch.report.cases.context import SIDES, all_complaints, erased_since, said_of_data, side_of, weighed
from graphwatch.report.cases.model import AgencyCase, Cell, Overview, SummaryCase, Tie, suppressed
from graphwatch.report.cases.pictures import PAIRS
from graphwatch.repository.paslon import Supported, called, paslon_of_pages
from graphwatch.repository.resolver import endpoint
from graphwatch.repository.runs import resolve_run
from graphwatch.settings import FEWEST
from graphwatch.store.workspace import Workspace

# More circles or lines than this are no picture on a page.
_DRAWN_CLUSTERS: Final = 15
_DRAWN_TARGETS: Final = 12
# That members act on posts more than others of like activity do is said at this rate of error.
_BEYOND: Final = 0.05
_TARGETS: Final = (
    "MATCH (k:Cluster)-[t:TARGETS]->(x:{label}) WHERE k.id IN $ids "
    "RETURN k.id AS cluster, x.id AS id, x.name AS name, {number} AS number, {platform} AS platform, "
    "t.interactions AS n, t.q AS q"
)
_ACTING: Final = (
    "MATCH (k:Cluster)<-[:MEMBER_OF]-(a:Account)-[:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)<-[:PUBLISHED]-(p:Page) "
    "WHERE k.id IN $ids RETURN DISTINCT k.id AS cluster, a.id AS account, p.id AS page"
)
_MEETINGS: Final = PAIRS.format(where="k.id IN $ids") + (
    "RETURN k.id AS cluster, c.first_ms AS first_ms, c.last_ms AS last_ms"
)


class _Target(NamedTuple):
    """A paslon, or a page that supports none; in the order in which they are drawn where they weigh the same."""

    is_page: bool
    id: str


Row = dict[str, Any]


def overview(workspace: Workspace, clusters: Sequence[Mapping[str, Any]], window_ms: int) -> Overview:
    """The largest clusters of a run, and the paslon and other pages on whose posts five or more members act.

    Args:
        project: whose store is read.
        clusters: id, number and size of each, in the order of their numbers.
        window_ms: of the run.
    """
    drawn = [str(c["id"]) for c in clusters[:_DRAWN_CLUSTERS]]
    supporting = paslon_of_pages(workspace)
    rows = _targets(workspace, drawn, supporting)
    acting = _acting(workspace, drawn, supporting)
    told = [(target, row) for target, row in rows if len(acting[row["cluster"], target]) >= FEWEST]
    weight: Counter[_Target] = Counter()
    for target, row in told:
        weight[target] += row["n"]
    # Paslon before pages that support none: those are what the office is there for.
    ordered = sorted(weight, key=lambda t: (t.is_page, -weight[t], t.id))
    place = {target: n for n, target in enumerate(ordered[:_DRAWN_TARGETS])}
    names = {t: f"{called(r)} ({r['platform']})" if r["platform"] else called(r) for t, r in told}
    ties = [
        Tie(drawn.index(row["cluster"]), place[target], int(row["n"]), row["q"] is not None and row["q"] <= _BEYOND)
        for target, row in told
        if target in place
    ]
    met = _met(workspace, drawn, window_ms)
    return Overview(
        tuple((int(c["number"]), int(c["size"]), met.get(str(c["id"]), ())) for c in clusters[:_DRAWN_CLUSTERS]),
        len(clusters),
        tuple((names[target], not target.is_page) for target in place),
        len(ordered),
        tuple(sorted(ties, key=lambda t: (t.cluster, t.target))),
        len(rows) - len(told),
    )


def _targets(
    workspace: Workspace, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> list[tuple[_Target, Row]]:
    """Paslon on whose posts members act, and pages that support none."""
    found = []
    for label, number, platform in (("Paslon", "x.number", "null"), ("Page", "null", "x.platform")):
        query = _TARGETS.format(label=label, number=number, platform=platform)
        rows = workspace.store.read(query, {"ids": clusters}).to_pylist()
        found += [
            (_Target(label == "Page", r["id"]), r) for r in rows if label == "Paslon" or r["id"] not in supporting
        ]
    return found


def _acting(
    workspace: Workspace, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> defaultdict[tuple[str, _Target], set[str]]:
    """Members who acted on posts of each target, by cluster and target."""
    found: defaultdict[tuple[str, _Target], set[str]] = defaultdict(set)
    for row in workspace.store.read(_ACTING, {"ids": clusters}).to_pylist():
        paslon = [_Target(False, p.id) for p in supporting.get(row["page"], ())]
        for target in paslon or [_Target(True, row["page"])]:
            found[row["cluster"], target].add(row["account"])
    return found


def _met(workspace: Workspace, clusters: list[str], window_ms: int) -> dict[str, tuple[int, ...]]:
    """When pairs of each cluster met for the first and the last time."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in workspace.store.read(_MEETINGS, {"ids": clusters, "window": window_ms}).to_pylist():
        found[row["cluster"]] |= {int(at) for at in (row["first_ms"], row["last_ms"]) if at is not None}
    return {cluster: tuple(sorted(times)) for cluster, times in found.items()}


_VALIDITY: Final = (
    "b.from_ms AS from_ms, b.to_ms AS to_ms, w.from_ms AS works_from_ms, w.to_ms AS works_to_ms, "
    "i.kind AS kind, i.at_ms AS at_ms"
)
_STAFF: Final = "MATCH (g:Agency)<-[w:WORKS_AT]-(p:Asn)<-[b:BELONGS_TO]-(a:Account)"
_ACTS: Final = (
    f"{_STAFF}-[i:LIKED|COMMENTED|SHARED|MENTIONED]->(:Post)<-[:PUBLISHED]-(:Page)-[:SUPPORTS]->(:Paslon) "
    f"WITH g, w, p, b, i WHERE g.id = $id AND i.at_ms IS NOT NULL RETURN DISTINCT p.id AS person, {_VALIDITY}"
)
_FOLLOWS: Final = (
    f"{_STAFF}-[i:FOLLOWED]->(:Page)-[:SUPPORTS]->(:Paslon) "
    f"WITH g, w, p, b, i WHERE g.id = $id AND i.at_ms IS NOT NULL RETURN DISTINCT p.id AS person, {_VALIDITY}"
)
_CLUSTERS: Final = (
    "MATCH (k:Cluster) WHERE k.run = $run AND coalesce(k.layer, 'all') = 'all' "
    "RETURN k.id AS id, k.number AS number, k.size AS size, k.bursts AS bursts, k.first_ms AS first_ms, "
    "k.last_ms AS last_ms, k.erased_at_ms AS erased_at_ms ORDER BY number"
)


def agency_case(
    workspace: Workspace, name: str, calendar: str | None, language: str, made: dict[str, Any]
) -> AgencyCase:
    """An agency in numbers of persons, for instruction; small numbers, and those that give them away, are withheld."""
    id = endpoint(workspace, f"Agency:{name}").id
    agency = whole(workspace, "Agency", id)
    covered = coverage(workspace, suppress=True, language=language)
    found = next((a for a in covered.roster.agencies if a.agency == id), None) if covered.roster else None
    known = found.with_account if found else None
    weighing = weighed(workspace, (), calendar)
    rows = (
        [] if known is None else [r for q in (_ACTS, _FOLLOWS) for r in workspace.store.read(q, {"id": id}).to_pylist()]
    )
    counted = _counted(filter(_in_force, rows), weighing["determined_ms"])
    return AgencyCase(
        **made,
        # The totals of the roster could give away what is withheld of one agency.
        coverage=(*about_data(covered, language), text("coverage.caution", language)),
        determined=weighing["determined"],
        determined_ms=weighing["determined_ms"],
        run=None,
        masked=True,
        agency=agency["name"] or id,
        persons=found.persons if found else None,
        with_account=known,
        cells=() if known is None else suppressed(counted, known),
    )


def _in_force(row: Row) -> bool:
    """Whether account and employment were the person's at the time of the act."""
    holding, working = Validity(row["from_ms"], row["to_ms"]), Validity(row["works_from_ms"], row["works_to_ms"])
    return (holding & working).covers(row["at_ms"])


def _counted(rows: Iterable[Row], determined_ms: int) -> list[Cell]:
    """Persons by kind of act, and before, on and after the day of determination."""
    persons: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for kind in (row["kind"], "all"):
            for side in (side_of(row["at_ms"], determined_ms), "all"):
                persons.setdefault((kind, side), set()).add(row["person"])
    kinds = [kind for kind in (*INTERACTIONS, "all") if (kind, "all") in persons]
    return [Cell(kind, side, len(persons.get((kind, side), ()))) for kind in kinds for side in (*SIDES, "all")]


def summary_case(
    workspace: Workspace, run: str, calendar: str | None, language: str, made: dict[str, Any]
) -> SummaryCase:
    """A run as a whole."""
    found_by = whole(workspace, "Run", resolve_run(workspace, run))
    leads = {lead.id: lead for lead in clusters_of(workspace, found_by["id"], Decisions(workspace))}
    clusters = [
        {**row, "status": status_of(leads[row["id"]].decisions)}
        for row in workspace.store.read(_CLUSTERS, {"run": found_by["id"]}).to_pylist()
    ]
    members = {lead.id: len(lead.accounts) for lead in leads.values()}
    covered = coverage(workspace, suppress=True, language=language)
    agencies = covered.roster.agencies if covered.roster else ()
    return SummaryCase(
        **made,
        **weighed(workspace, (), calendar),
        **said_of_data(workspace, found_by["id"], language),
        run=found_by,
        masked=True,
        erased=erased_since(found_by, clusters, members),
        sources=_sources(workspace),
        complaints=all_complaints(workspace),
        clusters=tuple(clusters),
        statuses={outcome: sum(c["status"] == outcome for c in clusters) for outcome in (OPEN, *OUTCOMES)},
        agencies=tuple((a.name or a.agency, a.persons, a.with_account) for a in agencies) or None,
        overview=overview(workspace, clusters, found_by["window_ms"]),
    )


def _sources(workspace: Workspace) -> tuple[Row, ...]:
    """All Sources, without what could name an account."""
    kept = ("id", "file_sha256", "loaded_at_ms")
    columns = ", ".join(f"s.{p.name} AS {p.name}" for p in node("Source").properties if p.name in kept)
    rows = workspace.store.read(f"MATCH (s:Source) RETURN {columns} ORDER BY loaded_at_ms, id").to_pylist()
    return tuple(rows)

"""What documents that name nobody are made of: an agency in numbers, and a run as a whole."""

from collections.abc import Iterable
from typing import Any, Final

from graphwatch.api.casework.leads import Decisions, clusters_of
from graphwatch.api.coverage.measuring import coverage
from graphwatch.api.coverage.words import about_data
from graphwatch.api.detection.evidence import whole
from graphwatch.api.project import Project
from graphwatch.api.reports.overview import overview
from graphwatch.api.reports.shared import all_complaints, erased_since, said_of_data
from graphwatch.api.reports.weighing import SIDES, side_of, weighed
from graphwatch.api.runs import resolve_run
from graphwatch.api.tracing.endpoints import endpoint
from graphwatch.model import INTERACTIONS, node
from graphwatch.report import AgencyCase, Cell, SummaryCase, suppressed
from graphwatch.review import OPEN, OUTCOMES, status_of
from graphwatch.texts import text

Row = dict[str, Any]
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


def agency_case(project: Project, name: str, calendar: str | None, language: str, made: dict[str, Any]) -> AgencyCase:
    """An agency in numbers of persons, for instruction; small numbers, and those that give them away, are withheld."""
    id = endpoint(project, f"Agency:{name}").id
    agency = whole(project, "Agency", id)
    covered = coverage(project, suppress=True, language=language)
    found = next((a for a in covered.roster.agencies if a.agency == id), None) if covered.roster else None
    known = found.with_account if found else None
    weighing = weighed(project, (), calendar)
    rows = (
        [] if known is None else [r for q in (_ACTS, _FOLLOWS) for r in project.store.read(q, {"id": id}).to_pylist()]
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
    return all(
        (row[begin] is None or row[begin] <= row["at_ms"]) and (row[end] is None or row["at_ms"] < row[end])
        for begin, end in (("from_ms", "to_ms"), ("works_from_ms", "works_to_ms"))
    )


def _counted(rows: Iterable[Row], determined_ms: int) -> list[Cell]:
    """Persons by kind of act, and before, on and after the day of determination."""
    persons: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for kind in (row["kind"], "all"):
            for side in (side_of(row["at_ms"], determined_ms), "all"):
                persons.setdefault((kind, side), set()).add(row["person"])
    kinds = [kind for kind in (*INTERACTIONS, "all") if (kind, "all") in persons]
    return [Cell(kind, side, len(persons.get((kind, side), ()))) for kind in kinds for side in (*SIDES, "all")]


def summary_case(project: Project, run: str, calendar: str | None, language: str, made: dict[str, Any]) -> SummaryCase:
    """A run as a whole."""
    found_by = whole(project, "Run", resolve_run(project, run))
    leads = {lead.id: lead for lead in clusters_of(project, found_by["id"], Decisions(project))}
    clusters = [
        {**row, "status": status_of(leads[row["id"]].decisions)}
        for row in project.store.read(_CLUSTERS, {"run": found_by["id"]}).to_pylist()
    ]
    members = {lead.id: len(lead.accounts) for lead in leads.values()}
    covered = coverage(project, suppress=True, language=language)
    agencies = covered.roster.agencies if covered.roster else ()
    return SummaryCase(
        **made,
        **weighed(project, (), calendar),
        **said_of_data(project, found_by["id"], language),
        run=found_by,
        masked=True,
        erased=erased_since(found_by, clusters, members),
        sources=_sources(project),
        complaints=all_complaints(project),
        clusters=tuple(clusters),
        statuses={outcome: sum(c["status"] == outcome for c in clusters) for outcome in (OPEN, *OUTCOMES)},
        agencies=tuple((a.name or a.agency, a.persons, a.with_account) for a in agencies) or None,
        overview=overview(project, clusters, found_by["window_ms"]),
    )


def _sources(project: Project) -> tuple[Row, ...]:
    """All Sources, without what could name an account."""
    kept = ("id", "file_sha256", "loaded_at_ms")
    columns = ", ".join(f"s.{p.name} AS {p.name}" for p in node("Source").properties if p.name in kept)
    rows = project.store.read(f"MATCH (s:Source) RETURN {columns} ORDER BY loaded_at_ms, id").to_pylist()
    return tuple(rows)

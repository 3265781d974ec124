"""What a document about a run as a whole, or about an agency, is made of: numbers that name nobody."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from graphwatch.casework.coverage import about_data, coverage
from graphwatch.casework.leads import OPEN, OUTCOMES, Decisions, clusters_of, status_of
from graphwatch.common.clock import Validity, beginning_ms, day_of
from graphwatch.common.i18n import text
from graphwatch.model import INTERACTIONS
from graphwatch.report.case_model import AgencyCase, Cell, Overview, SummaryCase, Tie, suppressed
from graphwatch.report.names import Names
from graphwatch.report.shared_facts import SIDES, all_complaints, erased_since, said_of_data, side_of, weighed
from graphwatch.repository.clusters import ClusterOfRun, Target, clusters_of_run, members_acting, node_row, targets_of
from graphwatch.repository.paslon import Supported, called, paslon_of_pages
from graphwatch.repository.resolver import resolve
from graphwatch.repository.roster import StaffAct, acts_of_staff
from graphwatch.repository.runs import meetings_in, resolve_run
from graphwatch.repository.sources import digests_of_sources
from graphwatch.rights.unmasking import Unmasking
from graphwatch.settings import FEWEST
from graphwatch.store.workspace import Workspace

# More circles or lines than this are no picture on a page.
_DRAWN_CLUSTERS: Final = 15
_DRAWN_TARGETS: Final = 12
# That members act on posts more than others of like activity do is said at this rate of error.
_BEYOND: Final = 0.05


class _Drawn(NamedTuple):
    """A paslon, or a page that supports none; in the order in which they are drawn where they weigh the same."""

    is_page: bool
    id: str


def overview(workspace: Workspace, clusters: Sequence[ClusterOfRun], window_ms: int) -> Overview:
    """The largest clusters of a run, and the paslon and other pages on whose posts five or more members act.

    Args:
        workspace: whose store is read.
        clusters: in the order of their numbers.
        window_ms: of the run.
    """
    drawn = [c.id for c in clusters[:_DRAWN_CLUSTERS]]
    supporting = paslon_of_pages(workspace.store)
    rows = _targets(workspace, drawn, supporting)
    acting = _acting(workspace, drawn, supporting)
    told = [(target, row) for target, row in rows if len(acting[row.cluster, target]) >= FEWEST]
    weight: Counter[_Drawn] = Counter()
    for target, row in told:
        weight[target] += row.n
    # Paslon before pages that support none: those are what the office is there for.
    ordered = sorted(weight, key=lambda t: (t.is_page, -weight[t], t.id))
    place = {target: n for n, target in enumerate(ordered[:_DRAWN_TARGETS])}
    names = {t: f"{called(r._asdict())} ({r.platform})" if r.platform else called(r._asdict()) for t, r in told}
    ties = [
        Tie(drawn.index(row.cluster), place[target], row.n, row.q is not None and row.q <= _BEYOND)
        for target, row in told
        if target in place
    ]
    met = _met(workspace, drawn, window_ms)
    return Overview(
        tuple((c.number, c.size, met.get(c.id, ())) for c in clusters[:_DRAWN_CLUSTERS]),
        len(clusters),
        tuple((names[target], not target.is_page) for target in place),
        len(ordered),
        tuple(sorted(ties, key=lambda t: (t.cluster, t.target))),
        len(rows) - len(told),
    )


def _targets(
    workspace: Workspace, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> list[tuple[_Drawn, Target]]:
    """Paslon on whose posts members act, and pages that support none."""
    return [
        (_Drawn(row.label == "Page", row.id), row)
        for row in targets_of(workspace.store, clusters)
        if row.label == "Paslon" or row.id not in supporting
    ]


def _acting(
    workspace: Workspace, clusters: list[str], supporting: Mapping[str, Sequence[Supported]]
) -> defaultdict[tuple[str, _Drawn], set[str]]:
    """Members who acted on posts of each target, by cluster and target."""
    found: defaultdict[tuple[str, _Drawn], set[str]] = defaultdict(set)
    for row in members_acting(workspace.store, clusters):
        paslon = [_Drawn(False, p.id) for p in supporting.get(row.page, ())]
        for target in paslon or [_Drawn(True, row.page)]:
            found[row.cluster, target].add(row.account)
    return found


def _met(workspace: Workspace, clusters: list[str], window_ms: int) -> dict[str, tuple[int, ...]]:
    """When pairs of each cluster met for the first and the last time."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in meetings_in(workspace.store, clusters, window_ms):
        found[row.cluster] |= {beginning_ms(day_of(at)) for at in (row.first_ms, row.last_ms) if at is not None}
    return {cluster: tuple(sorted(times)) for cluster, times in found.items()}


def _told_sources(workspace: Workspace, accounts: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """All sources; how they were acquired and on which basis, unless that names an account."""
    names = Names(workspace, dict.fromkeys(accounts, ()), Unmasking())

    def told(key: str, value: Any) -> Any:
        free = key in ("acquisition", "legal_basis") and value is not None
        return None if free and ("@" in value or "://" in value or names.names(value)) else value

    return tuple({k: told(k, v) for k, v in source.items()} for source in digests_of_sources(workspace.store))


def _days(of: ClusterOfRun) -> ClusterOfRun:
    """Its first and last time as days: an instant would tell who of the public records is in it."""
    first, last = (None if at is None else beginning_ms(day_of(at)) for at in (of.first_ms, of.last_ms))
    return of._replace(first_ms=first, last_ms=last)


def summary_case(
    workspace: Workspace, run: str, calendar: str | None, language: str, made: dict[str, Any]
) -> SummaryCase:
    """A run as a whole."""
    found_by = node_row(workspace, "Run", resolve_run(workspace, run))
    leads = {lead.id: lead for lead in clusters_of(workspace, found_by["id"], Decisions(workspace))}
    clusters = clusters_of_run(workspace.store, found_by["id"])
    statuses = {cluster.id: status_of(leads[cluster.id].decisions) for cluster in clusters}
    members = {lead.id: len(lead.accounts) for lead in leads.values()}
    covered = coverage(workspace, suppress=True, language=language)
    agencies = covered.roster.agencies if covered.roster else ()
    positions = covered.roster.positions if covered.roster else ()
    return SummaryCase(
        **made,
        **weighed(workspace, (), calendar, language),
        **said_of_data(workspace, found_by["id"], language),
        run=found_by,
        masked=True,
        erased=erased_since(found_by, [cluster._asdict() for cluster in clusters], members),
        sources=_told_sources(workspace, [account for lead in leads.values() for account in lead.accounts]),
        complaints=all_complaints(workspace),
        clusters=tuple(map(_days, clusters)),
        statuses=statuses,
        outcomes={outcome: sum(s == outcome for s in statuses.values()) for outcome in (OPEN, *OUTCOMES)},
        agencies=tuple((a.name or a.agency, a.persons, a.with_account) for a in agencies) or None,
        positions=tuple((p.position, p.persons, p.with_account) for p in positions),
        overview=overview(workspace, clusters, found_by["window_ms"]),
    )


def agency_case(
    workspace: Workspace, name: str, calendar: str | None, language: str, made: dict[str, Any]
) -> AgencyCase:
    """An agency in numbers of persons, for instruction; small numbers, and those that give them away, are withheld."""
    id = resolve(workspace, name, ("Agency",)).id
    agency = node_row(workspace, "Agency", id)
    covered = coverage(workspace, suppress=True, language=language)
    found = next((a for a in covered.roster.agencies if a.agency == id), None) if covered.roster else None
    known = found.with_account if found else None
    weighing = weighed(workspace, (), calendar, language)
    acts = [] if known is None else acts_of_staff(workspace.store, id)
    counted = _counted(filter(_in_force, acts), weighing["determined_ms"])
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


def _in_force(act: StaffAct) -> bool:
    """Whether account and employment were the person's at the time of the act."""
    holding, working = Validity(act.from_ms, act.to_ms), Validity(act.works_from_ms, act.works_to_ms)
    return (holding & working).covers(act.at_ms)


def _counted(acts: Iterable[StaffAct], determined_ms: int) -> list[Cell]:
    """Persons by kind of act, and before, on and after the day of determination."""
    persons: dict[tuple[str, str], set[str]] = {}
    for act in acts:
        for kind in (act.kind, "all"):
            for side in (side_of(act.at_ms, determined_ms), "all"):
                persons.setdefault((kind, side), set()).add(act.person)
    kinds = [kind for kind in (*INTERACTIONS, "all") if (kind, "all") in persons]
    return [Cell(kind, side, len(persons.get((kind, side), ()))) for kind in kinds for side in (*SIDES, "all")]

"""What a document about an agency is made of: numbers of persons, none of which is a few."""

from collections.abc import Iterable
from typing import Any

from graphwatch.casework.coverage import about_data, coverage
from graphwatch.common.i18n import text
from graphwatch.common.validity import Validity
from graphwatch.model import INTERACTIONS
from graphwatch.report.cases.model import AgencyCase, Cell, suppressed
from graphwatch.report.cases.shared_facts import SIDES, side_of, weighed
from graphwatch.repository.clusters import node_row
from graphwatch.repository.resolver import resolve
from graphwatch.repository.roster import StaffAct, acts_of_staff
from graphwatch.store.workspace import Workspace


def agency_case(
    workspace: Workspace, name: str, calendar: str | None, language: str, made: dict[str, Any]
) -> AgencyCase:
    """An agency in numbers of persons, for instruction; small numbers, and those that give them away, are withheld."""
    id = resolve(workspace, name, ("Agency",)).id
    agency = node_row(workspace, "Agency", id)
    covered = coverage(workspace, suppress=True, language=language)
    found = next((a for a in covered.roster.agencies if a.agency == id), None) if covered.roster else None
    known = found.with_account if found else None
    weighing = weighed(workspace, (), calendar)
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

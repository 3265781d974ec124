"""Loading an election calendar, and the provisions that a reviewer would have to weigh by it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graphwatch.calendar.phases import Calendar, Phase, read_calendar
from graphwatch.calendar.provisions import Weighed, provisions, provisions_for
from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.table import Table
from graphwatch.model.tables import node_rows
from graphwatch.repository.calendars import DEFAULT_CALENDAR, determination, stored_calendars
from graphwatch.store.base import Written
from graphwatch.store.workspace import Workspace, WritableWorkspace

_TEXTS: Final = pa.list_(pa.string())
_WEIGHED: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("provision", "standing", "category", "applies")),
        ("contested", pa.bool_()),
        ("kinds", _TEXTS),
        *((name, pa.string()) for name in ("wording", "meaning", "why", "note", "citation")),
    ]
)


@dataclass(frozen=True, slots=True)
class CalendarLoaded:
    """A calendar that is now in the store.

    Attributes:
        calendar: what was read.
        written: new, changed and unchanged rows of Phase and Provision.
        left: phases that the store has of this calendar and the file has not.
    """

    calendar: Calendar
    written: list[Written]
    left: list[str]


def load_calendar(workspace: WritableWorkspace, place: str | Path = DEFAULT_CALENDAR) -> CalendarLoaded:
    """Put a calendar's phases, and the provisions that depend on it, into the graph. See `Project.load_calendar`."""
    calendar = read_calendar(place)
    before = stored_calendars(workspace.store).get(calendar.id)
    with workspace.store.write("calendar") as writing:
        tables = (
            node_rows("Phase", map(_phase_row, calendar.phases)),
            node_rows("Provision", map(asdict, provisions())),
        )
        written = [writing.add(table) for table in tables]
    names = {phase.name for phase in calendar.phases}
    left = [phase.name for phase in before.phases if phase.name not in names] if before else []
    return CalendarLoaded(calendar, written, left)


def provisions_at(
    workspace: Workspace,
    kind: str | None = None,
    at: str | None = None,
    *,
    calendar: str | None = None,
) -> Table:
    """The provisions that a reviewer would have to weigh for an act, the surest first; never what they lead to.

    See `Project.provisions`.
    """
    weighed = provisions_in_question(
        workspace, kind, None if at is None else TimeRange.between(at, None).begin_ms, calendar=calendar
    )
    return Table(pa.Table.from_pylist([_weighed_row(w) for w in weighed], schema=_WEIGHED))


def provisions_in_question(
    workspace: Workspace, kind: str | None, at_ms: int | None, *, calendar: str | None = None
) -> list[Weighed]:
    """The provisions that come into question for an act of that kind at that instant (UTC epoch milliseconds).

    Raises:
        UsageError: as for `Project.provisions`.
    """
    return provisions_for(kind.upper() if kind else None, at_ms, determination(workspace, calendar).first_day)


def _weighed_row(weighed: Weighed) -> dict[str, Any]:
    row = asdict(weighed.provision)
    return {**row, "provision": row["id"], "standing": weighed.standing, "why": weighed.why}


def _phase_row(phase: Phase) -> dict[str, Any]:
    days = {"first_day": phase.first_day.isoformat(), "last_day": phase.last_day.isoformat()}
    return {**asdict(phase), **days, "id": phase.id, "from_ms": phase.from_ms, "to_ms": phase.to_ms}

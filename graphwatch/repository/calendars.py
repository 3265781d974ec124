"""The election calendar of a store: loading it, time ranges by phase, and provisions that depend on it."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from graphwatch.calendar.phases import Calendar, Phase, read_calendar, shipped_calendars
from graphwatch.calendar.provisions import Weighed, provisions, provisions_for
from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.common.table import Table
from graphwatch.errors import UsageError
from graphwatch.model.tables import node_rows
from graphwatch.store.base import Written
from graphwatch.store.workspace import Workspace, WritableWorkspace

# The phase whose first day is that of determination.
_DETERMINATION: Final = "penetapan"
DEFAULT_CALENDAR: Final = "pilkada-2024"

_STORED: Final = (
    "MATCH (p:Phase) RETURN p.calendar AS calendar, p.name AS name, p.first_day AS first_day, "
    "p.last_day AS last_day, p.citation AS citation, p.note AS note ORDER BY first_day, last_day, name"
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
    """Put a calendar's phases, and the provisions that depend on it, into the graph.

    Args:
        place: a TOML file, or the name of a shipped calendar.

    Raises:
        UsageError: there is neither.
        InputError: the file is not a calendar, or phases overlap that do not say that they may.
    """
    calendar = read_calendar(place)
    before = stored_calendars(workspace).get(calendar.id)
    with workspace.store.write("calendar") as writing:
        tables = (
            node_rows("Phase", map(_phase_row, calendar.phases)),
            node_rows("Provision", map(asdict, provisions())),
        )
        written = [writing.add(table) for table in tables]
    names = {phase.name for phase in calendar.phases}
    left = [phase.name for phase in before.phases if phase.name not in names] if before else []
    return CalendarLoaded(calendar, written, left)


def stored_calendars(workspace: Workspace) -> dict[str, Calendar]:
    """The calendars in the store, by id; none where there is no store yet."""
    rows = workspace.store.read(_STORED).to_pylist() if workspace.store.exists else []
    found: dict[str, list[Phase]] = {}
    for row in rows:
        days = {key: date.fromisoformat(row[key]) for key in ("first_day", "last_day")}
        found.setdefault(row["calendar"], []).append(Phase(**{**row, **days}))
    return {id: Calendar(id, id, tuple(phases)) for id, phases in found.items()}


def calendar_of(workspace: Workspace, name: str | None = None) -> Calendar:
    """A calendar: the store's only one, else the one named, in the store, shipped or a file.

    Raises:
        UsageError: none is named and the store has none or several, or there is none of that name.

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
    ...     str(project.calendar("pilkada-2024").phase("masa_tenang").first_day)
    '2024-11-24'
    """
    known = stored_calendars(workspace)
    if name is not None:
        return known.get(name) or read_calendar(name)
    if len(known) == 1:
        return next(iter(known.values()))
    if known:
        what, remedy = f"the store has {len(known)} calendars", f"Name one with --calendar: {', '.join(known)}."
    else:
        what = "no election calendar has been loaded"
        remedy = (
            f"`graphwatch calendar load {DEFAULT_CALENDAR}` loads one, --calendar names one for this once; "
            f"shipped: {', '.join(shipped_calendars())}."
        )
    raise UsageError(what, where=workspace.place, remedy=remedy)


def resolve_range(
    workspace: Workspace,
    from_: Moment | None = None,
    to: Moment | None = None,
    phase: str | None = None,
    calendar: str | None = None,
) -> TimeRange:
    """The range of time that days, instants and a phase name; where several are given, what they have in common.

    Args:
        from_, to: first and last day in Asia/Jakarta, or instants (ISO 8601).
        phase: name of a phase, or `calendar:phase`.
        calendar: see `Desk.calendar`.

    Raises:
        UsageError: a text is no day, there is no such phase, or nothing is left.

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
    ...     str(project.resolve_range(to="2024-11-24", phase="pilkada-2024:masa_tenang"))
    'from 2024-11-24T00:00:00+07:00 to 2024-11-24T23:59:59.999+07:00'
    """
    asked = TimeRange.between(from_, to)
    if phase is None:
        return asked
    if calendar is None and ":" in phase:
        calendar, _, phase = phase.partition(":")
    chosen = calendar_of(workspace, calendar).phase(phase)
    found = TimeRange(chosen.from_ms, chosen.to_ms) & asked
    if found.is_empty:
        what = f"nothing of phase {chosen.name} ({chosen.first_day} to {chosen.last_day}) lies {asked}"
        raise UsageError(what, remedy="Leave out --phase, or change the days.")
    return found


def provisions_at(
    workspace: Workspace,
    kind: str | None = None,
    at: str | None = None,
    *,
    calendar: str | None = None,
) -> Table:
    """The provisions that a reviewer would have to weigh for an act, the surest first; never what they lead to.

    Args:
        kind: LIKED, COMMENTED, SHARED, MENTIONED, FOLLOWED or PUBLISHED; all when left out.
        at: a day in Asia/Jakarta or an instant; without it every provision is shown as it stands.
        calendar: whose day of determination counts; the store's, else the shipped one of 2024.

    Raises:
        UsageError: there is no such kind, day or calendar, or the store has several and none is named.

    >>> import tempfile
    >>> import graphwatch as gw
    >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
    ...     weighed = project.provisions("SHARED", "2024-10-01")
    >>> weighed.to_arrow().select(["provision", "standing"]).to_pylist()[0]
    {'provision': 'DS-6', 'standing': 'by its wording'}
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
        UsageError: as for `Desk.provisions`.
    """
    return provisions_for(kind.upper() if kind else None, at_ms, determination(workspace, calendar).first_day)


def determination(workspace: Workspace, calendar: str | None = None) -> Phase:
    """The phase of determination in that calendar; else in the store's, or the shipped one of 2024 where it has none.

    Raises:
        UsageError: none is named and the store has several, or there is none of that name, or it has no such phase.
    """
    if calendar is None and not stored_calendars(workspace):
        calendar = DEFAULT_CALENDAR
    return calendar_of(workspace, calendar).phase(_DETERMINATION)


_TEXTS: Final = pa.list_(pa.string())
_WEIGHED: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("provision", "standing", "category", "applies")),
        ("contested", pa.bool_()),
        ("kinds", _TEXTS),
        *((name, pa.string()) for name in ("wording", "meaning", "why", "note", "citation")),
    ]
)


def _weighed_row(weighed: Weighed) -> dict[str, Any]:
    row = asdict(weighed.provision)
    return {**row, "provision": row["id"], "standing": weighed.standing, "why": weighed.why}


def _phase_row(phase: Phase) -> dict[str, Any]:
    days = {"first_day": phase.first_day.isoformat(), "last_day": phase.last_day.isoformat()}
    return {**asdict(phase), **days, "id": phase.id, "from_ms": phase.from_ms, "to_ms": phase.to_ms}

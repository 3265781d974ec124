"""The election calendars in a store, time ranges by phase, and the phase of determination."""

from datetime import date
from typing import Any, Final

from graphwatch.calendar.phases import Calendar, Phase, read_calendar, shipped_calendars
from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.common.clock import beginning_ms, end_ms
from graphwatch.errors import UsageError
from graphwatch.store.base import ReadableStore
from graphwatch.store.workspace import Workspace

# The phase whose first day is that of determination.
_DETERMINATION: Final = "penetapan"
DEFAULT_CALENDAR: Final = "pilkada-2024"

_STORED: Final = (
    "MATCH (p:Phase) RETURN p.calendar AS calendar, p.name AS name, p.first_day AS first_day, "
    "p.last_day AS last_day, p.citation AS citation, p.note AS note ORDER BY first_day, last_day, name"
)


def stored_calendars(store: ReadableStore) -> dict[str, Calendar]:
    """The calendars in the store, by id; none where there is no store yet."""
    rows = store.read(_STORED).to_pylist() if store.exists else []
    found: dict[str, list[Phase]] = {}
    for row in rows:
        days = {key: date.fromisoformat(row[key]) for key in ("first_day", "last_day")}
        found.setdefault(row["calendar"], []).append(Phase(**{**row, **days}))
    return {id: Calendar(id, id, tuple(phases)) for id, phases in found.items()}


def phase_bounds(store: ReadableStore) -> list[dict[str, Any]]:
    """Name, from_ms and to_ms of the phases of all calendars in the store."""
    return [
        {"name": phase.name, "from_ms": beginning_ms(phase.first_day), "to_ms": end_ms(phase.last_day)}
        for calendar in stored_calendars(store).values()
        for phase in calendar.phases
    ]


def calendar_of(workspace: Workspace, name: str | None = None) -> Calendar:
    """A calendar: the store's only one, else the one named, in the store, shipped or a file. See `Project.calendar`."""
    known = stored_calendars(workspace.store)
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

    See `Project.resolve_range`.
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


def determination(workspace: Workspace, calendar: str | None = None) -> Phase:
    """The phase of determination in that calendar; else in the store's, or the shipped one of 2024 where it has none.

    Raises:
        UsageError: none is named and the store has several, or there is none of that name, or it has no such phase.
    """
    if calendar is None and not stored_calendars(workspace.store):
        calendar = DEFAULT_CALENDAR
    return calendar_of(workspace, calendar).phase(_DETERMINATION)

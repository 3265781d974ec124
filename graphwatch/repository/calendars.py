"""The election calendars in a store, time ranges by phase, the phase of determination, and times told by phase."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from graphwatch.calendar.phases import Calendar, Phase, read_calendar, shipped_calendars
from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.common.clock import beginning_ms, end_ms
from graphwatch.errors import UsageError
from graphwatch.model import INTERACTIONS
from graphwatch.privacy.times import Acted, Times, told_in_common
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


def coarse_times(store: ReadableStore, accounts: Collection[str], alike: int, minutes: int | None = None) -> Times:
    """Times as they are handed on under pseudonyms, by the calendars in the store.

    Args:
        accounts: whose acts are told.
        alike: of acts in short phases only those are told of theirs that so many accounts have in common.
        minutes: a step of so many minutes instead of phases; None for phases.
    """
    phases = phase_bounds(store)
    times = Times(phases, minutes)
    if alike < 2 or not times.short or not accounts:
        return times
    profiles: dict[str, dict[tuple[int, str], int]] = {}
    for begin, end in times.short:
        given = {"begin_ms": begin, "end_ms": end}
        for kind in INTERACTIONS:
            for row in store.read(_IN_PHASE.format(kind=kind), given).to_pylist():
                profiles.setdefault(row["account"], {})[begin, kind] = row["n"]
    told = told_in_common(profiles, accounts, alike)
    moved = {account: profiles[account] for account, common in told.items() if common != profiles[account]}
    return Times(phases, minutes, _beyond(store, times, told, moved))


_IN_PHASE: Final = (
    "MATCH (a:Account)-[r:`{kind}`]->() WHERE r.at_ms >= $begin_ms AND r.at_ms < $end_ms "
    "RETURN a.id AS account, count(r) AS n"
)
_TIMES_IN_PHASE: Final = (
    "MATCH (a:Account)-[r:`{kind}`]->() WHERE r.at_ms >= $begin_ms AND r.at_ms < $end_ms AND a.id IN $accounts "
    "RETURN a.id AS account, r.at_ms AS at_ms, r.id AS id ORDER BY id"
)


def _beyond(
    store: ReadableStore, times: Times, told: dict[str, Any], accounts: dict[str, dict[tuple[int, str], int]]
) -> frozenset[Acted]:
    """Acts of these accounts in short phases beyond so many as are told of each kind."""
    found: set[Acted] = set()
    for begin, end in times.short:
        for kind in INTERACTIONS:
            which = (begin, kind)
            asked = sorted(a for a, own in accounts.items() if own.get(which, 0) > told[a].get(which, 0))
            if not asked:
                continue
            given = {"begin_ms": begin, "end_ms": end, "accounts": asked}
            left = {account: told[account].get(which, 0) for account in asked}
            # In the order of their ids, which are digests: it says nothing of which came first.
            for row in store.read(_TIMES_IN_PHASE.format(kind=kind), given).to_pylist():
                left[row["account"]] -= 1
                if left[row["account"]] < 0:
                    found.add((row["account"], kind, row["at_ms"]))
    return frozenset(found)

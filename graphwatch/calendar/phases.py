"""A calendar of phases, read from TOML."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from graphwatch.common.clock import ZONE, beginning_ms, end_ms, parse_day
from graphwatch.errors import InputError, UsageError

_CALENDAR_KEYS: Final = {"id", "title", "timezone", "citation", "phases"}
_PHASE_KEYS: Final = {"name", "first_day", "last_day", "citation", "note", "overlaps"}


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase, with both of its days; `note` says where sources disagree."""

    calendar: str
    name: str
    first_day: date
    last_day: date
    citation: str | None = None
    note: str | None = None
    overlaps: bool = False

    @property
    def id(self) -> str:
        return f"{self.calendar}:{self.name}"

    @property
    def from_ms(self) -> int:
        """Its first instant, UTC epoch milliseconds."""
        return beginning_ms(self.first_day)

    @property
    def to_ms(self) -> int:
        """Its end, exclusive, UTC epoch milliseconds."""
        return end_ms(self.last_day)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An election's phases in their order."""

    id: str
    title: str
    phases: tuple[Phase, ...]

    def phase(self, name: str) -> Phase:
        """The phase of that name.

        Raises:
            UsageError: there is none.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        names = [phase.name for phase in self.phases]
        near = get_close_matches(name, names, 1)
        raise UsageError(
            f"there is no phase '{name}' in calendar {self.id}",
            remedy=f"Phases: {', '.join(names)}.{f' Did you mean {near[0]!r}?' if near else ''}",
        )

    def phase_of(self, at_ms: int) -> tuple[Phase, ...]:
        """The phases in which an instant lies: none, one, or several where they overlap.

        >>> [p.name for p in read_calendar("pilkada-2024").phase_of(1726938000000)]  # 21 September 17:00 UTC
        ['penetapan']
        """
        return tuple(phase for phase in self.phases if phase.from_ms <= at_ms < phase.to_ms)


def shipped_calendars() -> dict[str, Path]:
    """The calendars that come with the package: name to file."""
    packaged = Path(__file__).resolve().parent
    beside = packaged.parents[1] / "examples"  # in a source tree
    found = [p for folder in (packaged, beside) for p in sorted(folder.glob("pilkada-*.toml"))]
    return {path.stem: path for path in reversed(found)}


def read_calendar(place: str | Path) -> Calendar:
    """The calendar in a TOML file, or the shipped one of that name.

    Raises:
        UsageError: there is neither such a file nor such a name.
        InputError: the file is not a calendar, or two phases overlap that do not say that they may.
    """
    path = shipped_calendars().get(str(place), Path(place))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        names = ", ".join(shipped_calendars())
        raise UsageError(
            f"there is no calendar '{place}'", remedy=f"Name a TOML file, or one that is shipped: {names}."
        ) from None
    except (OSError, ValueError) as error:  # a TOMLDecodeError and a UnicodeDecodeError are ValueErrors
        remedy = "Compare it with examples/pilkada-2024.toml."
        raise InputError(f"the calendar cannot be read: {error}", where=str(path), remedy=remedy) from error
    return _Reader(str(path)).calendar(content)


class _Reader:
    """Checks of a calendar's content; every complaint names the file."""

    def __init__(self, where: str) -> None:
        self._where = where

    def calendar(self, content: Mapping[str, Any]) -> Calendar:
        self._known(content, _CALENDAR_KEYS, "the calendar")
        id = self._text(content, "id", "the calendar")
        if ":" in id:
            raise self._wrong(f"the id '{id}' has a colon", "Use letters, digits and dashes.")
        if content.get("timezone", ZONE.key) != ZONE.key:
            raise self._wrong(f"the time zone is not {ZONE.key}", f"Write the days as they are in {ZONE.key}.")
        rows = content.get("phases")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise self._wrong("there are no phases", "Write each phase under [[phases]].")
        basis = content.get("citation")
        phases = sorted((self._phase(id, row, basis) for row in rows), key=lambda p: (p.first_day, p.last_day))
        self._check_together(phases)
        return Calendar(id, str(content.get("title", id)), tuple(phases))

    def _phase(self, calendar: str, row: Mapping[str, Any], basis: Any) -> Phase:
        name = self._text(row, "name", "a phase")
        what = f"phase '{name}'"
        self._known(row, _PHASE_KEYS, what)
        first, last = (self._day(row, key, what) for key in ("first_day", "last_day"))
        if last < first:
            raise self._wrong(f"{what} ends on {last}, before it begins on {first}", "Change one of the two days.")
        overlaps = row.get("overlaps", False)
        if not isinstance(overlaps, bool):
            raise self._wrong(f"overlaps of {what} is neither true nor false", "Write overlaps = true, or leave it.")
        citation = row.get("citation", basis)
        note = row.get("note")
        return Phase(calendar, name, first, last, citation and str(citation), note and str(note), overlaps)

    def _check_together(self, phases: list[Phase]) -> None:
        names = [phase.name for phase in phases]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise self._wrong(f"phase '{twice}' is there twice", "Rename or remove one.")
        for one, other in _overlapping(phases):
            raise self._wrong(
                f"phase '{one.name}' ({one.first_day} to {one.last_day}) and phase '{other.name}' "
                f"({other.first_day} to {other.last_day}) overlap",
                "Change the days, or write overlaps = true in one of the two where that is meant.",
            )

    def _day(self, row: Mapping[str, Any], key: str, what: str) -> date:
        day = row.get(key)
        if isinstance(day, date) and not isinstance(day, datetime):
            return day
        try:
            return parse_day(day if isinstance(day, str) else "")
        except ValueError:
            raise self._wrong(f"{key} of {what} is not a day", f"Write {key} = 2024-09-25.") from None

    def _text(self, row: Mapping[str, Any], key: str, what: str) -> str:
        text = row.get(key)
        if not isinstance(text, str) or not text.strip():
            raise self._wrong(f"{what} has no {key}", f'Write {key} = "…".')
        return text

    def _known(self, row: Mapping[str, Any], keys: set[str], what: str) -> None:
        if unknown := sorted(set(row) - keys):
            raise self._wrong(f"{what} has the unknown key '{unknown[0]}'", f"Keys: {', '.join(sorted(keys))}.")

    def _wrong(self, what: str, remedy: str) -> InputError:
        return InputError(what, where=self._where, remedy=remedy)


def _overlapping(phases: list[Phase]) -> Iterator[tuple[Phase, Phase]]:
    """Pairs of phases that share a day, neither of which says that it may."""
    for number, one in enumerate(phases):
        for other in phases[number + 1 :]:
            if other.first_day <= one.last_day and not (one.overlaps or other.overlaps):
                yield one, other

"""A calendar of phases, read from TOML."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from graphwatch.common.clock import ZONE, beginning_ms, end_ms, parse_day
from graphwatch.common.files import read_text
from graphwatch.common.typed_files import read_toml
from graphwatch.errors import InputError, UsageError


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
    def title(self) -> str:
        """Its name as people write it: masa tenang."""
        return self.name.replace("_", " ")

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
        """The phase of that name, which people write with blanks, too: masa tenang.

        Raises:
            UsageError: there is none.
        """
        for phase in self.phases:
            if name in (phase.name, phase.title):
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


def empty_calendar(id: str, title: str) -> str:
    """A calendar without days, as TOML: the phases of the shipped one, for somebody to fill in.

    >>> print(empty_calendar("pilkada-x", "Pilkada X")[-93:])
    <BLANKLINE>
    [[phases]]
    name = "rekapitulasi"
    first_day = ""
    last_day = ""
    citation = ""
    overlaps = true
    <BLANKLINE>
    """
    head = (
        "# Isi setiap hari seperti 2024-09-25, dengan sumbernya; hapus tahapan yang tidak ada.\n"
        "# Write each day as 2024-09-25, and where it can be read; take out phases that there are not.\n"
        f"# Both days belong to a phase, in {ZONE.key}. One that may share days with another says overlaps = true.\n\n"
        f"id = {json.dumps(id)}\ntitle = {json.dumps(title, ensure_ascii=False)}\ntimezone = {json.dumps(ZONE.key)}\n"
    )
    phases = read_calendar(next(iter(shipped_calendars()))).phases
    return head + "".join(
        f'\n[[phases]]\nname = "{phase.name}"\nfirst_day = ""\nlast_day = ""\ncitation = ""\n'
        + ("overlaps = true\n" if phase.overlaps else "")
        for phase in phases
    )


def read_calendar(place: str | Path) -> Calendar:
    """The calendar in a TOML file, or the shipped one of that name.

    Raises:
        UsageError: there is neither such a file nor such a name.
        InputError: the file is not a calendar, or two phases overlap that do not say that they may.
    """
    path = shipped_calendars().get(str(place), Path(place))
    try:
        text = read_text(path)
    except FileNotFoundError:
        names = ", ".join(shipped_calendars())
        raise UsageError(
            f"there is no calendar '{place}'", remedy=f"Name a TOML file, or one that is shipped: {names}."
        ) from None
    table = read_toml(text, _CalendarTable, where=str(path))
    phases = sorted((row.phase(table) for row in table.phases), key=lambda p: (p.first_day, p.last_day))
    _check_together(phases, str(path))
    return Calendar(table.id, table.title or table.id, tuple(phases))


_Text = Annotated[str, Meta(pattern=r"\S")]


class _PhaseTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One of `[[phases]]`; its days as TOML has them, or as offices write them."""

    name: _Text
    first_day: Any
    last_day: Any
    citation: str | None = None
    note: str | None = None
    overlaps: bool = False

    def __post_init__(self) -> None:
        first, last = self.day("first_day"), self.day("last_day")
        if last < first:
            raise ValueError(
                f"phase '{self.name}' ends on {last}, before it begins on {first}\nChange one of the two days."
            )

    def day(self, key: Literal["first_day", "last_day"]) -> date:
        day = getattr(self, key)
        if isinstance(day, date) and not isinstance(day, datetime):
            return day
        try:
            return parse_day(day if isinstance(day, str) else "")
        except ValueError:
            what = "has no day yet" if day == "" else "is not a day"
            raise ValueError(f"{key} of phase '{self.name}' {what}\nWrite {key} = 2024-09-25.") from None

    def phase(self, calendar: "_CalendarTable") -> Phase:
        days = self.day("first_day"), self.day("last_day")
        citation = calendar.citation if self.citation is None else self.citation
        return Phase(calendar.id, self.name, *days, citation, self.note, self.overlaps)


class _CalendarTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file; `citation` is that of the phases that have none of their own."""

    id: _Text
    phases: Annotated[tuple[_PhaseTable, ...], Meta(min_length=1)]
    title: str = ""
    timezone: str = ZONE.key
    citation: str | None = None

    def __post_init__(self) -> None:
        if ":" in self.id:
            raise ValueError(f"the id '{self.id}' has a colon\nUse letters, digits and dashes.")
        if self.timezone != ZONE.key:
            raise ValueError(f"the time zone is not {ZONE.key}\nWrite the days as they are in {ZONE.key}.")


def _check_together(phases: Sequence[Phase], where: str) -> None:
    """Refuse a name that appears twice, and phases that share a day and do not say that they may."""
    names = [phase.name for phase in phases]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"phase '{twice}' appears twice", where=where, remedy="Rename or remove one.")
    for one, other in _overlapping(phases):
        raise InputError(
            f"phase '{one.name}' ({one.first_day} to {one.last_day}) and phase '{other.name}' "
            f"({other.first_day} to {other.last_day}) overlap",
            where=where,
            remedy="Change the days, or write overlaps = true in one of the two where that is meant.",
        )


def _overlapping(phases: Sequence[Phase]) -> Iterator[tuple[Phase, Phase]]:
    """Pairs of phases that share a day, neither of which says that it may."""
    for number, one in enumerate(phases):
        for other in phases[number + 1 :]:
            if other.first_day <= one.last_day and not (one.overlaps or other.overlaps):
                yield one, other

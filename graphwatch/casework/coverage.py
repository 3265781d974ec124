"""What the loaded data can show at all: how much of the roster, which interactions of which platforms, which days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from graphwatch.common.clock import day_numbered
from graphwatch.common.i18n import text
from graphwatch.model import INTERACTIONS
from graphwatch.platforms.observability import sights
from graphwatch.repository.coverage import Acts, acts_by_day, read_roster
from graphwatch.repository.roster import Dispute
from graphwatch.settings import FEWEST
from graphwatch.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AgencyCoverage:
    """How many of an agency's persons have a known account; None where the number is withheld."""

    agency: str
    name: str | None
    persons: int | None
    with_account: int | None
    duty_accounts: int


@dataclass(frozen=True, slots=True)
class PlatformCoverage:
    """Accounts of the roster's persons on a platform, and how many of them some interaction shows."""

    platform: str
    accounts: int
    persons: int
    seen: int


@dataclass(frozen=True, slots=True)
class BasisCoverage:
    """Accounts and persons that links of one basis connect."""

    basis: str
    accounts: int
    persons: int


@dataclass(frozen=True, slots=True)
class PositionCoverage:
    """How many persons of a class of position have a known account; None where the number is withheld."""

    position: str
    persons: int | None
    with_account: int | None


@dataclass(frozen=True, slots=True)
class RosterCoverage:
    """How much of the roster can be seen.

    Attributes:
        persons: persons with an agency on the roster.
        with_account: those of them with a known account.
        seen: those of them with an account that some interaction shows.
        namesakes: persons who share their name with another one.
        strangers: persons with an account and no agency: not on the roster.
        duty_accounts: accounts that agencies operate.
        handles_elsewhere: accounts known by handle only, whose handle has since been seen under a native id.
        agencies, platforms, bases, positions: the same by agency, platform, basis of the link, and class of position
            where the roster says which.
        disputed: accounts that several hold at one time.
    """

    persons: int
    with_account: int
    seen: int
    namesakes: int
    strangers: int
    duty_accounts: int
    handles_elsewhere: int
    agencies: tuple[AgencyCoverage, ...]
    platforms: tuple[PlatformCoverage, ...]
    bases: tuple[BasisCoverage, ...]
    positions: tuple[PositionCoverage, ...]
    disputed: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """One kind of interaction on one platform: whether anyone can see it, and what was loaded.

    Attributes:
        seen: yes, partly, no, or unknown.
        why: the reason, in the language asked for.
        citation: where that is written.
        interactions, untimed: loaded, and those of them without a time.
        first_day, last_day: of the timed ones, in Asia/Jakarta.
        observed: those of them of which only is known when somebody looked.
    """

    platform: str
    kind: str
    seen: str
    why: str | None
    citation: str | None
    interactions: int
    untimed: int
    first_day: str | None
    last_day: str | None
    observed: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the data can show; days are calendar days in Asia/Jakarta.

    Attributes:
        roster: None where no roster is loaded.
        kinds: every platform of the store with every kind that something is known of.
        interactions, untimed: loaded, and those of them without a time.
        first_day, last_day: of the timed interactions.
        days: days from the first to the last.
        gaps: first and last day of every stretch without any interaction.
        observed: those of the interactions of which only is known when somebody looked; they were not later.
    """

    roster: RosterCoverage | None
    kinds: tuple[KindCoverage, ...]
    interactions: int
    untimed: int
    first_day: str | None
    last_day: str | None
    days: int
    gaps: tuple[tuple[str, str], ...]
    observed: int

    @property
    def days_without(self) -> int:
        """Days without any interaction between the first and the last."""
        return sum((date.fromisoformat(b) - date.fromisoformat(a)).days + 1 for a, b in self.gaps)


def coverage(workspace: Workspace, *, suppress: bool = False, language: str = "en") -> Coverage:
    """What the loaded data can show at all, so that finding nothing is not taken for there being nothing.

    See `Project.coverage`.
    """
    with workspace.store.session(of_record=True):
        roster = _roster(workspace, suppress)
        acts = acts_by_day(workspace.store)
    kinds = _kinds(acts, {p.platform for p in roster.platforms} if roster else set(), language)
    days = sorted({day for act in acts for day in act.days})
    return Coverage(
        roster,
        kinds,
        sum(k.interactions for k in kinds),
        sum(k.untimed for k in kinds),
        _iso(days[0]) if days else None,
        _iso(days[-1]) if days else None,
        days[-1] - days[0] + 1 if days else 0,
        tuple((_iso(a + 1), _iso(b - 1)) for a, b in pairwise(days) if b - a > 1),
        sum(k.observed for k in kinds),
    )


def _roster(workspace: Workspace, suppress: bool) -> RosterCoverage | None:
    read = read_roster(workspace.store)
    if read is None:
        return None
    agencies = tuple(AgencyCoverage(**row) for row in read.agencies)
    return RosterCoverage(
        **read.numbers,
        duty_accounts=sum(a.duty_accounts for a in agencies),
        agencies=withheld(agencies) if suppress else agencies,
        platforms=tuple(PlatformCoverage(**row) for row in read.platforms),
        bases=tuple(BasisCoverage(**row) for row in read.bases),
        positions=_positions(tuple(PositionCoverage(**row) for row in read.positions), suppress),
        disputed=tuple(read.disputed),
    )


def withheld(agencies: tuple[AgencyCoverage, ...]) -> tuple[AgencyCoverage, ...]:
    """The agencies without numbers below five: of persons, of those with and of those without an account.

    Where that hides one agency alone, the total would give its numbers away: the smallest other one is hidden too.
    """
    hidden = {a.agency for a in agencies if _small(a)}
    others = sorted((a for a in agencies if a.agency not in hidden), key=lambda a: (a.persons or 0, a.agency))
    if len(hidden) == 1 and others:
        hidden.add(others[0].agency)
    return tuple(replace(a, persons=None, with_account=None) if a.agency in hidden else a for a in agencies)


def _positions(positions: tuple[PositionCoverage, ...], suppress: bool) -> tuple[PositionCoverage, ...]:
    """The classes of position; for passing on without any number where one is small, which totals would give away."""
    if suppress and any(map(_small, positions)):
        return tuple(replace(p, persons=None, with_account=None) for p in positions)
    return positions


def _small(of: AgencyCoverage | PositionCoverage) -> bool:
    persons, known = of.persons or 0, of.with_account or 0
    return any(0 < n < FEWEST for n in (persons, known, persons - known))


def _kinds(acts: list[Acts], platforms: set[str], language: str) -> tuple[KindCoverage, ...]:
    known = {(s.platform, s.kind): s for s in sights()}
    loaded = {(a.platform, a.kind): a for a in acts}
    here = platforms | {a.platform for a in acts}
    pairs = {*loaded, *(pair for pair in known if pair[0] in here)}
    found = []
    for platform, kind in sorted(pairs, key=lambda pair: (pair[0], INTERACTIONS.index(pair[1]))):
        sight, act = known.get((platform, kind)), loaded.get((platform, kind))
        days = sorted(act.days) if act else []
        found.append(
            KindCoverage(
                platform,
                kind,
                sight.seen if sight else "unknown",
                sight.why[language] if sight else None,
                sight.citation if sight else None,
                act.interactions if act else 0,
                act.untimed if act else 0,
                _iso(days[0]) if days else None,
                _iso(days[-1]) if days else None,
                act.observed if act else 0,
            )
        )
    return tuple(found)


def _iso(day: int) -> str:
    return day_numbered(day).isoformat()


# Text, whether the platform shows such interactions, and whether some must be, or must not be, loaded.
_SEEN: Final = (
    ("coverage.unseen", "no", False),
    ("coverage.odd", "no", True),
    ("coverage.partly", "partly", None),
)


def sentences(found: Coverage, language: str) -> Iterator[str]:
    """Coverage in a few sentences."""
    yield from about_data(found, language)
    yield from _about_roster(found, language)
    yield text("coverage.caution", language)


def about_data(found: Coverage, language: str) -> Iterator[str]:
    """The time that the data are of, and what no data of these platforms can show."""
    if found.first_day and found.last_day:
        yield text(
            "coverage.period",
            language,
            interactions=f"{found.interactions:,}",
            first=found.first_day,
            last=found.last_day,
            without=found.days_without,
            days=found.days,
            untimed=f"{found.untimed:,}",
        )
    else:
        yield text("coverage.no_period", language, untimed=f"{found.untimed:,}")
    if found.observed:
        yield text("coverage.observed", language, n=found.observed)
    for key, seen, loaded in _SEEN:
        chosen = [k for k in found.kinds if k.seen == seen and loaded in (None, bool(k.interactions))]
        kinds = ", ".join(f"{text(f'relation.{k.kind}', language)} ({k.platform})" for k in chosen)
        if kinds:
            yield text(key, language, kinds=kinds)


def _about_roster(found: Coverage, language: str) -> Iterator[str]:
    roster = found.roster
    if roster is None:
        yield text("coverage.no_roster", language)
        return
    yield text(
        "coverage.roster",
        language,
        persons=f"{roster.persons:,}",
        with_account=f"{roster.with_account:,}",
        seen=f"{roster.seen:,}",
    )
    counts = {
        "coverage.disputed": len(roster.disputed),
        "coverage.namesakes": roster.namesakes,
        "coverage.strangers": roster.strangers,
        "coverage.handles": roster.handles_elsewhere,
    }
    yield from (text(key, language, n=n) for key, n in counts.items() if n)

"""Kinds of violation that a reviewer would have to weigh, and which of them come into question when."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from graphwatch.common.clock import day_of
from graphwatch.errors import UsageError
from graphwatch.model import INTERACTIONS

KINDS: Final = ("PUBLISHED", *INTERACTIONS)
# What can be said of a provision for an act on a day, the surest first.
STANDINGS: Final = ("by its wording", "contested", "needs study")


@dataclass(frozen=True, slots=True)
class Provision:
    """A kind of violation, without what it may lead to; fields as of the model's Provision.

    `differing` says in each language, of kinds of act of which sources differ whether it concerns them, what they say.
    """

    id: str
    category: str
    wording: str
    meaning: str
    kinds: tuple[str, ...]
    applies: str
    contested: bool
    citation: str
    note: str | None = None
    differing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A provision that comes into question for an act: how far that is settled, and why it does."""

    provision: Provision
    standing: str
    why: str


@cache
def provisions() -> tuple[Provision, ...]:
    """Everything that is written down, in the order of the decree.

    >>> len(provisions()), provisions()[3].kinds
    (19, ('PUBLISHED', 'LIKED', 'COMMENTED', 'SHARED', 'MENTIONED', 'FOLLOWED'))
    """
    text = files("graphwatch.calendar").joinpath("provisions.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text).items()
    return tuple(Provision(id=code, **{**row, "kinds": tuple(row["kinds"])}) for code, row in rows)


def provisions_for(kind: str | None, at_ms: int | None, determined: date) -> list[Weighed]:
    """The provisions that a reviewer would have to weigh for an act, the surest first; never what they lead to.

    Args:
        kind: type of the relation, for example LIKED; None for any kind.
        at_ms: when it happened, UTC epoch milliseconds; None where unknown.
        determined: the day on which the candidates are determined.

    Raises:
        UsageError: there is no such kind.

    >>> october = 1727740800000
    >>> [(w.provision.id, w.standing) for w in provisions_for("LIKED", october, date(2024, 9, 22))]
    [('DS-6', 'by its wording'), ('KE-4', 'contested')]
    >>> {w.standing for w in provisions_for("FOLLOWED", october, date(2024, 9, 22))}
    {'contested'}
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind of interaction '{kind}'", remedy=f"Choose from {', '.join(KINDS)}.")
    day = None if at_ms is None else day_of(at_ms)
    found = [
        weighed
        for provision in provisions()
        if kind is None or kind in provision.kinds
        for weighed in _differing(kind, _weighed(provision, day, determined))
    ]
    return sorted(found, key=lambda w: STANDINGS.index(w.standing))


def _differing(kind: str | None, found: Iterator[Weighed]) -> Iterator[Weighed]:
    """The same, where sources differ whether a provision concerns such an act: then it is contested at the most."""
    for weighed in found:
        said = weighed.provision.differing.get(kind or "")
        yield weighed if said is None else replace(weighed, standing="contested", why=f"sources differ: {said['en']}")


def _weighed(provision: Provision, day: date | None, determined: date) -> Iterator[Weighed]:
    """The provision with its standing; nothing where no source says that it applies on that day."""
    if provision.applies == "always":
        yield Weighed(provision, "by its wording", "it is worded for acts at any time")
    elif day is None:
        yield Weighed(provision, "needs study", "when it happened is unknown")
    elif day == determined:
        yield Weighed(provision, "needs study", f"{day} is the day of determination itself")
    elif (provision.applies == "before") == (day < determined):
        side = "before" if day < determined else "after"
        yield Weighed(provision, "by its wording", f"it is worded for acts {side} determination")
    elif provision.contested:
        side = "before" if day < determined else "after"
        why = f"it is worded for the other side of determination, but sources differ about acts {side} it"
        yield Weighed(provision, "contested", why)

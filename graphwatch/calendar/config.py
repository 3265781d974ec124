"""The fields of configs that say which time is meant; `Project.resolve_range` makes a range of them."""

from dataclasses import dataclass
from typing import Any

from graphwatch.calendar.timerange import Moment
from graphwatch.common.config import Config, option


def first_day() -> Any:
    """The field `from_`."""
    return option(None, "First day in Asia/Jakarta, or a time with its offset.", flag="--from", metavar="DAY")


def last_day() -> Any:
    """The field `to`."""
    return option(None, "Last day in Asia/Jakarta, or a time with its offset.", metavar="DAY")


def phase_name() -> Any:
    """The field `phase`."""
    return option(None, "Phase of the election calendar, for example kampanye.", metavar="NAME")


def calendar_name() -> Any:
    """The field `calendar`."""
    return option(None, "Calendar of the phase: a loaded or shipped one, or a TOML file.", metavar="NAME")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Config):
    """A time alone, where nothing else is asked.

    >>> Period(from_="2024-09-25", phase="kampanye").changed()
    ['from_', 'phase']
    """

    from_: Moment | None = first_day()
    to: Moment | None = last_day()
    phase: str | None = phase_name()
    calendar: str | None = calendar_name()

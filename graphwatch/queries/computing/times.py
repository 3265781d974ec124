"""Days and instants, as far as an embedded store answers for them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from graphwatch.queries.computing.values import Value, failure, kind_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def day(value: Value) -> date | None:
    """`date('2024-11-27')`."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        remedy = "Compare texts of days, or milliseconds (at_ms)."
        raise failure("date() takes a day as 2024-11-27", remedy) from error


def instant(value: Value) -> datetime | None:
    """`datetime('2024-11-27T07:00:00+07:00')` or `datetime({epochMillis: 0})`."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        if isinstance(value, dict) and list(value) == ["epochMillis"]:
            return None if value["epochMillis"] is None else _EPOCH + value["epochMillis"] * _MILLISECOND
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise failure("datetime() takes a time as 2024-11-27T07:00:00+07:00 or {epochMillis: …}") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_PARTS: Final[dict[str, Callable[[date], int]]] = {
    "year": lambda d: d.year,
    "month": lambda d: d.month,
    "day": lambda d: d.day,
    "dayofweek": lambda d: d.isoweekday(),
    "weekday": lambda d: d.isoweekday(),
    "week": lambda d: d.isocalendar()[1],
    "ordinalday": lambda d: d.timetuple().tm_yday,
    "quarter": lambda d: (d.month + 2) // 3,
}
_INSTANTS: Final[dict[str, Callable[[datetime], int]]] = {
    "hour": lambda t: t.hour,
    "minute": lambda t: t.minute,
    "second": lambda t: t.second,
    "millisecond": lambda t: t.microsecond // 1000,
    "epochmillis": lambda t: (t - _EPOCH) // _MILLISECOND,
    "epochseconds": lambda t: (t - _EPOCH) // timedelta(seconds=1),
}


def part(value: date, name: str) -> int:
    """A component of a day or instant, as `.year`, `.dayOfWeek` or `.epochMillis`."""
    if isinstance(value, datetime) and name.lower() in _INSTANTS:
        return _INSTANTS[name.lower()](value)
    if name.lower() not in _PARTS:
        raise failure(
            f"a {kind_of(value)} has no part {name!r}", "Parts: year, month, day, dayOfWeek, hour, epochMillis."
        )
    return _PARTS[name.lower()](value)

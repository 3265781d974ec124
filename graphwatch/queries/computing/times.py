"""Days and instants, as far as an embedded store answers for them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphwatch.queries.computing.values import Value, failure, kind_of, zone_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = re.compile(r"(\d{4})(?:-?(?:(\d\d)(?:-?(\d\d))?|(\d{3})|W(\d\d)(?:-?([1-7]))?))?", re.ASCII)
_TIME: Final = re.compile(
    r"(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,6})0*)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?(?:\[([\w/+-]+)\])?", re.ASCII
)
_OF_DAY: Final = (("year", "month", "day"), ("year", "week", "dayOfWeek"), ("year", "ordinalDay"))
_OF_TIME: Final = ("hour", "minute", "second")
_PARTS_OF_SECOND: Final = {"millisecond": 1000, "microsecond": 1}


def _refuse_day() -> NoReturn:
    raise failure(
        "date() takes a day as 2024-11-27 or {year: 2024, month: 11, day: 27}",
        "Compare texts of days, or milliseconds (at_ms).",
    )


def _refuse_instant() -> NoReturn:
    raise failure("datetime() takes a time as 2024-11-27T07:00:00+07:00, {epochMillis: …} or {year: 2024, month: …}")


def day(value: Value) -> date | None:
    """`date('2024-11-27')`, also of a week, of a number of days in the year, or `date({year: 2024, month: 11})`.

    >>> [str(day(text)) for text in ("20241127", "2024-11", "2024-W48-3", "2024-332")]
    ['2024-11-27', '2024-11-01', '2024-11-27', '2024-11-27']
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, dict):
            return _day_of(value)
        found = _DAY.fullmatch(value)
        if found is not None:
            year, *parts = (None if part is None else int(part) for part in found.groups())
            return _day_from(year or 0, *parts)
    except (TypeError, ValueError, OverflowError):
        pass
    return _refuse_day()


def _day_from(
    year: int,
    month: int | None = None,
    day: int | None = None,
    ordinal: int | None = None,
    week: int | None = None,
    weekday: int | None = None,
) -> date:
    if week is not None:
        return date.fromisocalendar(year, week, weekday or 1)
    if ordinal is not None:
        found = date(year, 1, 1) + timedelta(days=ordinal - 1)
        if found.year != year:
            raise ValueError("no day of that year")
        return found
    return date(year, month or 1, day or 1)


def _day_of(parts: Mapping[str, Any]) -> date:
    """A day of its parts, the larger ones first and none left out."""
    names = next((names for names in _OF_DAY if set(parts) == set(names[: len(parts)])), None)
    if names is None or any(not isinstance(v, int) or isinstance(v, bool) or v < 1 for v in parts.values()):
        return _refuse_day()
    get = parts.get
    return _day_from(parts["year"], get("month"), get("day"), get("ordinalDay"), get("week"), get("dayOfWeek"))


def instant(value: Value) -> datetime | None:
    """`datetime('2024-11-27T07:00:00+07:00')`, `datetime({epochMillis: 0})` or `datetime({year: 2024, month: 11})`."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        return _instant_of(value) if isinstance(value, dict) else _instant_from(value)
    except (TypeError, ValueError, OverflowError, ZoneInfoNotFoundError):
        return _refuse_instant()


def _instant_from(text: str) -> datetime:
    written, _, hours = text.partition("T")
    found = _TIME.fullmatch(hours) if hours else None
    if hours and found is None:
        return _refuse_instant()
    on = day(written)
    assert on is not None
    if found is None:
        return datetime.combine(on, time(), UTC)
    hour, minute, second, part, offset, name = found.groups()
    at = time(int(hour), int(minute or 0), int(second or 0), int((part or "0").ljust(6, "0")))
    made = datetime.combine(on, at, _zone(name or offset or "Z"))
    if name and offset and made.utcoffset() != _zone(offset).utcoffset(None):
        return _refuse_instant()
    return made


def _zone(name: str) -> tzinfo:
    if name == "Z":
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if name[0] == "-" else offset)
    return ZoneInfo(name)


def _instant_of(given: Mapping[str, Any]) -> datetime | None:
    parts = dict(given)
    zone = _zone(parts.pop("timezone", "Z"))
    for name, unit in (("epochMillis", _MILLISECOND), ("epochSeconds", _SECOND)):
        if list(parts) == [name]:
            value = parts[name]
            return None if value is None else (_EPOCH + value * unit).astimezone(zone)
    hours = [name for name in _OF_TIME if name in parts]
    fraction = [name for name in _PARTS_OF_SECOND if name in parts]
    if hours != list(_OF_TIME[: len(hours)]) or len(fraction) > 1 or (fraction and len(hours) < len(_OF_TIME)):
        return _refuse_instant()
    at = [parts.pop(name) for name in hours]
    part_of_second = parts.pop(fraction[0]) * _PARTS_OF_SECOND[fraction[0]] if fraction else 0
    if hours and len(parts) < 2 + ("ordinalDay" not in parts):
        return _refuse_instant()
    hour, minute, second = [*at, 0, 0, 0][:3]
    return datetime.combine(_day_of(parts), time(hour, minute, second, part_of_second), zone)


_PARTS: Final[dict[str, Callable[[date], int]]] = {
    "year": lambda d: d.year,
    "month": lambda d: d.month,
    "day": lambda d: d.day,
    "dayofweek": lambda d: d.isoweekday(),
    "weekday": lambda d: d.isoweekday(),
    "week": lambda d: d.isocalendar()[1],
    "weekyear": lambda d: d.isocalendar()[0],
    "ordinalday": lambda d: d.timetuple().tm_yday,
    "quarter": lambda d: (d.month + 2) // 3,
    "dayofquarter": lambda d: (date(d.year, d.month, d.day) - date(d.year, (d.month - 1) // 3 * 3 + 1, 1)).days + 1,
}


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


_INSTANTS: Final[dict[str, Callable[[datetime], int | str]]] = {
    "hour": lambda t: t.hour,
    "minute": lambda t: t.minute,
    "second": lambda t: t.second,
    "millisecond": lambda t: t.microsecond // 1000,
    "microsecond": lambda t: t.microsecond,
    "nanosecond": lambda t: t.microsecond * 1000,
    "epochmillis": lambda t: (t - _EPOCH) // _MILLISECOND,
    "epochseconds": lambda t: (t - _EPOCH) // _SECOND,
    "offset": lambda t: t.isoformat()[-6:] if _offset(t) else "Z",
    "timezone": lambda t: zone_of(t) or (t.isoformat()[-6:] if _offset(t) else "Z"),
    "offsetminutes": lambda t: _offset(t) // timedelta(minutes=1),
    "offsetseconds": lambda t: _offset(t) // _SECOND,
}


def part(value: date, name: str) -> int | str:
    """A component of a day or instant, as `.year`, `.dayOfWeek` or `.epochMillis`."""
    if isinstance(value, datetime) and name.lower() in _INSTANTS:
        return _INSTANTS[name.lower()](value)
    if name.lower() not in _PARTS:
        raise failure(
            f"a {kind_of(value)} has no part {name!r}", "Parts: year, month, day, dayOfWeek, hour, epochMillis."
        )
    return _PARTS[name.lower()](value)

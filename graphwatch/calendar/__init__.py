"""The election calendar, and the provisions whose reach depends on it.

Days are days in Asia/Jakarta: 21 September 17:00 UTC is already the 22nd there.
"""

from graphwatch.calendar.days import DAY_MS, ZONE, beginning_ms, day_of, end_ms, parse_day
from graphwatch.calendar.phases import Calendar, Phase, read_calendar, shipped_calendars
from graphwatch.calendar.provisions import Provision, Weighed, provisions, provisions_for
from graphwatch.calendar.timerange import Moment, TimeRange

__all__ = [
    "DAY_MS",
    "ZONE",
    "Calendar",
    "Moment",
    "Phase",
    "Provision",
    "TimeRange",
    "Weighed",
    "beginning_ms",
    "day_of",
    "end_ms",
    "parse_day",
    "provisions",
    "provisions_for",
    "read_calendar",
    "shipped_calendars",
]

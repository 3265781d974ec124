"""Days and times as the election calendar counts them: in Asia/Jakarta."""

from graphwatch.calendar.timerange import Moment, TimeRange

__all__ = ["Moment", "TimeRange"]

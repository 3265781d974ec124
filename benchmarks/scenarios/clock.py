"""The clock of an audience in Asia/Jakarta: how much of its day has passed, and the reverse."""

from datetime import UTC, datetime
from typing import Final

import numpy as np

from benchmarks.scenarios.data import Array

MINUTE: Final = 60.0
HOUR: Final = 3_600.0
DAY: Final = 24 * HOUR
# Midnight in Jakarta on the first day of the campaign of 2024, epoch seconds.
START: Final = datetime(2024, 9, 24, 17, tzinfo=UTC).timestamp()
# Activity by hour of the day in Jakarta: asleep by one, a rise at dawn, lunch, and the evening's peak.
_BY_HOUR: Final = np.array([8, 4, 2, 2, 6, 16, 26, 32, 34, 36, 38, 44, 52, 46, 40, 40, 44, 50, 60, 74, 80, 70, 44, 20])
_HOURS: Final = np.arange(25) * HOUR
_SPENT: Final = np.concatenate([[0], np.cumsum(_BY_HOUR)]) / _BY_HOUR.sum() * DAY


def spent(at: Array) -> Array:
    """Activity that has passed by `at`, in seconds of an average day."""
    days, of_day = np.divmod(at - START, DAY)
    activity: Array = days * DAY + np.interp(of_day, _HOURS, _SPENT)
    return activity


def when(activity: Array) -> Array:
    """The time at which that much activity has passed; the inverse of `spent`.

    A delay drawn in activity and read back in time is long at night and short in the evening.
    """
    days, of_day = np.divmod(activity, DAY)
    at: Array = START + days * DAY + np.interp(of_day, _SPENT, _HOURS)
    return at


def after(at: Array, delay: Array, *, rhythm: bool) -> Array:
    """The time `delay` seconds after `at`: seconds of activity where there is a daily rhythm."""
    return when(spent(at) + delay) if rhythm else at + delay

"""How precisely the times of a file are known, as far as they themselves show it."""

from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.model.acts import Basis

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
# Different times that must all be whole minutes where seconds are written: a few are by chance, or on purpose.
_ENOUGH: Final = 30
# Midnight in Jakarta, Makassar, Jayapura and UTC, as milliseconds of a day in UTC.
_MIDNIGHTS: Final = frozenset({17 * _HOUR_MS, 16 * _HOUR_MS, 15 * _HOUR_MS, 0})
_WITHOUT_SECONDS: Final = r"[T ]\d{1,2}[:.]\d\d(Z| ?[+-]\d\d:?\d\d| ?[A-Z]{3,4})?$"

_SAID: Final = {
    _MINUTE_MS: "all times are whole minutes: they are known to the minute",
    _HOUR_MS: "all times are whole hours: they are known to the hour, and nobody is found by them to act together "
    "within less",
    DAY_MS: "all times are midnight: they are days, not times, and nobody is found by them to act together within less",
}


class FileTimes(NamedTuple):
    """What holds for all times of a file.

    Attributes:
        basis: null where they are those of the acts.
        precision_ms: null where they are known to the second.
    """

    basis: Basis | None = None
    precision_ms: int | None = None


class Grain:
    """Looks at the times of a file as they come, and stops at the first that has seconds."""

    def __init__(self, timezone: str | None) -> None:
        self._zone = ZoneInfo(timezone) if timezone else None
        self._midnights: frozenset[int] | None = None
        self._rows = 0
        self._some: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._minutes = self._hours = self._days = self._unsaid = True

    def see(self, at_ms: Any, written: Any) -> None:
        """The next times.

        Args:
            at_ms: Arrow integers, UTC epoch milliseconds, null where there is none.
            written: Arrow texts, as the file has them.
        """
        if not self._minutes or at_ms.null_count == len(at_ms):
            return
        ms = np.asarray(at_ms.drop_null())
        if (ms % _MINUTE_MS).any():
            self._minutes = False
            return
        self._rows += len(ms)
        self._hours = self._hours and not (ms % _HOUR_MS).any()
        self._days = self._days and bool(np.isin(ms % DAY_MS, list(self._midnights_at(int(ms[0])))).all())
        if len(self._some) < _ENOUGH:
            self._some = np.unique(np.concatenate([self._some, ms]))[:_ENOUGH]
            plain = pc.all(pc.match_substring_regex(written.drop_null(), _WITHOUT_SECONDS)).as_py()
            self._unsaid = self._unsaid and bool(plain)

    @property
    def precision_ms(self) -> int | None:
        """The coarsest unit of which all times are whole ones; None where that is the second or cannot be told."""
        if not self._minutes or not self._rows:
            return None
        if self._days and self._rows > 1:
            return DAY_MS
        if len(self._some) < _ENOUGH:
            return _MINUTE_MS if self._unsaid else None
        return _HOUR_MS if self._hours else _MINUTE_MS

    @property
    def remark(self) -> str | None:
        """What is to be told of it."""
        return None if self.precision_ms is None else _SAID[self.precision_ms]

    def _midnights_at(self, at_ms: int) -> frozenset[int]:
        if self._midnights is None:
            from datetime import UTC, datetime

            own = set()
            if self._zone:
                offset = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone).utcoffset()
                own = {-round(offset.total_seconds() * 1000) % DAY_MS} if offset is not None else set()
            self._midnights = _MIDNIGHTS | own
        return self._midnights

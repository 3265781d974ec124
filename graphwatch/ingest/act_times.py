"""The times of acts in a file: whose times they are, how precisely they are known, and what is to be told of both.

A patrol notes down what it sees when it sees it: eight likes of a week, noted in one sitting, look as if eight people
had acted together. So where nothing says whose time it is, it is that of the look.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.common.notes import Note
from graphwatch.ingest.files import Format, look_at
from graphwatch.ingest.id_times import IdTimes
from graphwatch.ingest.layout import Cell
from graphwatch.ingest.mapping import Mapping_
from graphwatch.model.acts import Basis, Retimed
from graphwatch.store.base import Written

# Stems, since Indonesian changes the first letter: pantau, pemantauan.
_OBSERVED: Final = re.compile(
    "ambil|antau|atrol|observ|amat|lihat|temu|cek|eriksa|rekam|angkap|catat|screenshot|captur|collect|retriev|scrap"
    "|crawl|fetch|seen|unduh|download",
    re.IGNORECASE,
)
_ACTED: Final = re.compile(
    "creat|publish|post|unggah|dibuat|timestamp|tweet|act|aksi|kejadian|koment|comment|suka|like|bagi|share",
    re.IGNORECASE,
)
# What people call the column of a sheet that they fill in; programs name theirs otherwise.
_BY_HAND: Final = re.compile(r"(?:^|[\W_])(?:waktu|tanggal|tgl|jam|hari|pukul|wib|wita|wit)(?:$|[\W_])", re.IGNORECASE)
_TIME: Final = "at"


def is_of_a_look(column: str) -> bool:
    """Whether the name of a column says that its times are those of a look, not of an act.

    >>> is_of_a_look("Tanggal Ambil"), is_of_a_look("Waktu Komentar")
    (True, False)
    """
    return bool(_OBSERVED.search(column))


def settled(mapping: Mapping_, path: Path) -> tuple[Mapping_, str | None]:
    """The mapping with what its times are, and what was assumed of them, to be told.

    Raises:
        InputError: the file cannot be read.
    """
    if mapping.kind != "interactions" or mapping.time is not None:
        return mapping, None
    column = time_column(mapping)
    if column is None:
        return replace(mapping, time="acted"), None
    if is_of_a_look(column):
        return replace(mapping, time="observed"), Note("load.observed_by_name", column=column)
    if not _is_unsaid(column, path):
        return replace(mapping, time="acted"), None
    return replace(mapping, time="observed"), Note("load.unsaid", column=column)


def unsaid_column(mappings: list[Mapping_], path: Path) -> str | None:
    """The column of times of which nothing says what they are; None where it is said, or can be told by its name.

    Raises:
        InputError: the file cannot be read.
    """
    for mapping in mappings:
        column = time_column(mapping)
        if mapping.kind == "interactions" and mapping.time is None and column and not is_of_a_look(column):
            return column if _is_unsaid(column, path) else None
    return None


def time_column(mapping: Mapping_) -> str | None:
    """The column that a preset or a person names as that of the times; None where columns go by their own names."""
    cells = dict(mapping.layout.cells)
    return dict(mapping.columns).get(_TIME) or (_names(cells[_TIME]) if _TIME in cells else None)


def _names(cell: Cell) -> str | None:
    return cell.names[0] if cell.names else " + ".join(cell.parts) or None


def _is_unsaid(column: str, path: Path) -> bool:
    if _ACTED.search(column) or column == _TIME:
        return False
    return bool(_BY_HAND.search(column)) or look_at(path).format is Format.SHEETS


_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
# Different times that must all be whole minutes where seconds are written: a few are by chance, or on purpose.
_ENOUGH: Final = 30
# Midnight in Jakarta, Makassar, Jayapura and UTC, as milliseconds of a day in UTC.
_MIDNIGHTS: Final = frozenset({17 * _HOUR_MS, 16 * _HOUR_MS, 15 * _HOUR_MS, 0})
_WITHOUT_SECONDS: Final = r"[T ]\d{1,2}[:.]\d\d(Z| ?[+-]\d\d:?\d\d| ?[A-Z]{3,4})?$"

_SAID: Final = {_MINUTE_MS: "load.whole_minutes", _HOUR_MS: "load.whole_hours", DAY_MS: "load.midnights"}


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
        return None if self.precision_ms is None else Note(_SAID[self.precision_ms])

    def _midnights_at(self, at_ms: int) -> frozenset[int]:
        if self._midnights is None:
            from datetime import UTC, datetime

            own = set()
            if self._zone:
                offset = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self._zone).utcoffset()
                own = {-round(offset.total_seconds() * 1000) % DAY_MS} if offset is not None else set()
            self._midnights = _MIDNIGHTS | own
        return self._midnights


class ActTimes:
    """What is seen of the times of acts while the rows of a file come."""

    def __init__(self, timezone: str | None, now_ms: int) -> None:
        self.grain = Grain(timezone)
        self._ids = IdTimes(now_ms)
        self._own = self._relative = self._days = 0

    @property
    def all_relative(self) -> bool:
        """Whether all times that rows give count back from when they were seen, so that none is a look's or act's."""
        return self._relative > 0 and not self._own

    def completed(self, rows: Any) -> Any:
        """The rows, those of which only the native id tells the time with that time."""
        relative, days = rows.column(BASIS).is_valid(), _of_days(rows)
        self._relative += relative.true_count
        self._days += days.true_count
        own_ms = pc.if_else(relative, None, rows.column("at_ms"))
        self._own += len(own_ms) - own_ms.null_count
        coarse = pc.or_(relative, days)
        self.grain.see(pc.if_else(days, None, own_ms), pc.if_else(coarse, None, rows.column("at")))
        names = ("platform", "kind", "content_id", "at_ms", BASIS, PRECISION)
        columns = {name: rows.column(name) for name in names}
        for name, column in self._ids.filled(columns).items():
            rows = rows.set_column(rows.schema.get_field_index(name), name, column)
        return rows

    def published(self, rows: Any) -> Any:
        """Rows of posts, those of which only the post's id tells when it was published with that time."""
        columns = (rows.column(name) for name in ("platform", "post", "at_ms", BASIS))
        self._relative += rows.column(BASIS).is_valid().true_count
        return rows.set_column(rows.schema.get_field_index("at_ms"), "at_ms", self._ids.published(*columns))

    def remarks_on_posts(self) -> list[str]:
        """What is to be told of times of publication."""
        return [*self._of_relative(), *self._ids.remarks(_MINUTE_MS, "posts")]

    def remarks(self, *, observed: bool) -> list[str]:
        """What is to be told; an id need not agree with the time when somebody looked."""
        told: list[str] = [self.grain.remark] if self.grain.remark else []
        told += self._of_relative()
        if self._days:
            told.append(Note("load.days_alone", n=self._days))
        return told + ([] if observed else self._ids.remarks(self.grain.precision_ms))

    def _of_relative(self) -> list[str]:
        return [Note("load.relative", n=self._relative)] if self._relative else []


def _of_days(rows: Any) -> Any:
    """Which rows have a time of their own that is known to the day."""
    return pc.and_(rows.column(BASIS).is_null(), rows.column(PRECISION).is_valid())


# Columns of accepted rows beside the properties: what is known of a time.
PRECISION: Final = "precision_ms"
BASIS: Final = "basis"
OF_ROWS: Final = ((BASIS, pa.string()), (PRECISION, pa.int64()))


_UNITS: Final = (("day", DAY_MS), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))
# Zones of the world differ from each other by quarters of an hour, and by no more than this.
_QUARTER_MS: Final = 900_000
_FARTHEST_ZONES_MS: Final = 26 * 3_600_000


def remarks_on_times(within: Mapping[str, Retimed], written: Iterable[Written]) -> Iterator[str]:
    """A sentence for each kind of act and what became of a second time.

    Args:
        within: by kind, the acts to which rows of the file itself give different times.
        written: what the tables did to the store.

    >>> times = Written("COMMENTED", 0, 6, 0, Counter({("corrected", 25_200_000): 6}))
    >>> [*remarks_on_times({}, [times])][0]
    '6 times corrected: 6 comments have another time than before, by 7 hours: one of the two zones is wrong'
    """
    for kind, retimed in within.items():
        apart: Counter[int] = Counter()
        for (_, shift), acts in retimed.items():
            apart[shift] += acts
        if apart:
            yield Note("load.times_differ", acts=_acts(kind, apart), by=_by(apart))
    before: dict[tuple[str, str], Counter[int]] = {}
    for table in written:
        for (outcome, shift), acts in table.retimed.items():
            before.setdefault((table.element, outcome), Counter())[shift] += acts
    for (kind, what), shifts in sorted(before.items()):
        form = "_zone" if _is_zone(shifts) else ""
        another = Note(f"load.another_time{form}", acts=_acts(kind, shifts), by=_by(shifts))
        yield Note(f"load.time_{what}", n=shifts.total(), another=another)


def _acts(kind: str, shifts: Counter[int]) -> Note:
    return Note(f"load.acts.{kind}", n=shifts.total())


def _by(shifts: Counter[int]) -> Note:
    low, high = _duration(min(shifts)), _duration(max(shifts))
    return low if low == high else Note("load.from_to", low=low, high=high)


def _is_zone(shifts: Counter[int]) -> bool:
    """Whether all times differ by the same, as they do where a file was read in another zone."""
    [(shift, acts), *others] = shifts.items()
    return not others and acts > 1 and shift % _QUARTER_MS == 0 and shift <= _FARTHEST_ZONES_MS


def _duration(ms: int) -> Note:
    """A duration in the largest unit that it has one of.

    >>> _duration(25_200_000), _duration(90_000), _duration(86_400_000)
    ('7 hours', '1.5 minutes', '1 day')
    """
    name, unit = next(((name, unit) for name, unit in _UNITS if ms >= unit), _UNITS[-1])
    number = round(ms / unit, 1)
    return Note(f"load.{name}s", n=int(number) if number.is_integer() else number)

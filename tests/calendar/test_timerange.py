from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.calendar.timerange import TimeRange
from graphwatch.errors import UsageError

DAY_MS = 86_400_000
WIB_MIDNIGHT = 1_727_197_200_000  # 2024-09-25T00:00+07:00


def test_a_day_is_of_jakarta_and_included_as_a_whole() -> None:
    assert TimeRange.between("2024-09-25", "2024-09-25") == TimeRange(WIB_MIDNIGHT, WIB_MIDNIGHT + DAY_MS)
    assert TimeRange.between(date(2024, 9, 25), date(2024, 9, 26)) == TimeRange(WIB_MIDNIGHT, WIB_MIDNIGHT + 2 * DAY_MS)


@pytest.mark.parametrize(
    "written",
    ["2024-09-25T08:00", "2024-09-25 08:00:00", "2024-09-25T10:00+09:00", "2024-09-25T01:00:00Z", " 2024-09-25T08:00 "],
)
def test_a_time_has_the_offset_it_says_or_that_of_jakarta_and_is_included(written: str) -> None:
    eight = WIB_MIDNIGHT + 8 * 3_600_000
    assert TimeRange.between(written, written) == TimeRange(eight, eight + 1)


def test_either_side_may_be_open() -> None:
    assert TimeRange.between(None, None) == TimeRange()
    assert TimeRange.between("2024-09-25", None).end_ms is None
    assert str(TimeRange()) == "at any time"


@pytest.mark.parametrize(
    ("begin", "end"),
    [("2024-09-26", "2024-09-25"), ("2024-09-25T08:01", "2024-09-25T08:00"), ("2024-09-26", "2024-09-25T23:59")],
)
def test_a_range_that_ends_before_it_begins_is_refused(begin: str, end: str) -> None:
    with pytest.raises(UsageError, match="ends"):
        TimeRange.between(begin, end)


@pytest.mark.parametrize("written", ["", "25/13/2024", "2024-13-01", "2024-09-25T25:00", "yesterday", "2024-02-30"])
def test_what_is_no_time_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(UsageError, match="2024-09-25T08:00"):
        TimeRange.between(written, None)


def test_the_last_day_of_all_is_a_day() -> None:
    """Some write an open end so."""
    assert str(TimeRange.between(None, "9999-12-31")) == "to 9999-12-31T23:59:59.999+07:00"


@pytest.mark.parametrize("written", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00"])
def test_what_is_beyond_every_calendar_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="out of range"):
        TimeRange.between(written, None)


milliseconds = st.integers(631_152_000_000, 2_840_140_800_000)


@given(milliseconds, st.timedeltas(timedelta(), timedelta(days=999)))
def test_what_is_between_is_what_python_says_is_between(begin_ms: int, length: timedelta) -> None:
    begin = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=begin_ms)
    range_ = TimeRange.between(begin, begin + length)
    assert range_.begin_ms is not None
    assert range_.end_ms is not None
    assert range_.begin_ms == begin_ms
    assert timedelta(milliseconds=range_.end_ms - 1 - range_.begin_ms) <= length
    assert length < timedelta(milliseconds=range_.end_ms - range_.begin_ms)


SIDES = st.one_of(st.none(), st.integers(-50, 50))
RANGES = st.builds(TimeRange, SIDES, SIDES)


@given(RANGES, RANGES, st.integers(-60, 60))
def test_what_two_ranges_have_in_common(one: TimeRange, other: TimeRange, at: int) -> None:
    assert (at in (one & other)) == (at in one and at in other)
    if (one & other).is_empty:
        assert at not in one & other


@pytest.mark.parametrize("day", ["2024-09-22", "22/09/2024", "22 September 2024", "22 sept 2024"])
def test_a_day_is_included_as_a_whole_however_it_is_written(day: str) -> None:
    assert TimeRange.between(day, day) == TimeRange(1_726_938_000_000, 1_727_024_400_000)


@pytest.mark.parametrize("text", ["2024-09-22T00:00", "2024-09-21T17:00Z", "2024-09-22 01:00+08:00"])
def test_an_instant_without_an_offset_is_jakartas(text: str) -> None:
    assert TimeRange.between(text, None).begin_ms == 1_726_938_000_000


@pytest.mark.parametrize("text", ["besok", "", "20240922", "2024-99-99T10:00"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="neither a day nor a time"):
        TimeRange.between(None, text)

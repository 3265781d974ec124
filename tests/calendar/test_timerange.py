import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.calendar import TimeRange
from graphwatch.errors import UsageError

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

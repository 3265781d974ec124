from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.ingest.times import to_milliseconds

NOW = 1_767_225_600_000
AT = 1_726_938_000_000  # 21 September 2024, 17:00 UTC


def read(*texts, timezone=None, time_format=None, now=NOW):
    ms, problems = to_milliseconds(pa.array(texts, pa.string()), timezone, time_format, now)
    reasons = {i: p.reason for mask, p in problems for i in range(len(texts)) if mask[i]}
    return [reasons.get(i, value) for i, value in enumerate(ms.to_pylist())]


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-21T17:00:00Z",
        "2024-09-21 17:00:00+00:00",
        "2024-09-21T17:00Z",
        "2024-09-22T00:00:00+07:00",
        "2024-09-22T00:00:00.000+0700",
        "2024-09-22T02:00:00+09",
        "2024-09-21T12:30:00.000000000-04:30",
        "1726938000",
        "1726938000.000",
        "1726938000.",
        "1726938000000",
    ],
)
def test_one_instant_in_many_forms(text):
    assert read(text) == [AT]


def test_an_empty_time_is_untimed():
    assert read(None, "1726938000") == [None, AT]
    assert read(None, None, time_format="%Y %H", timezone="UTC") == [None, None]


def test_fractions_are_cut_to_milliseconds():
    assert read("1726938000.9999", "1726938000.5", "2024-09-21T17:00:00.9999Z") == [AT + 999, AT + 500, AT + 999]


def test_a_time_without_offset_needs_a_zone():
    assert read("2024-09-22T00:00:00") == ["a time without offset"]
    assert read("2024-09-22T00:00:00", "2024-09-22 00:00", timezone="Asia/Jakarta") == [AT, AT]
    assert read("2024-09-22T02:00:00", "2024-09-22T00:00:00+07:00", timezone="Asia/Jayapura") == [AT, AT]


@pytest.mark.parametrize("timezone", [None, "Asia/Jakarta", "America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("time_format", [None, "%Y-%m-%d %H:%M"])
def test_the_first_and_the_last_day_that_are_counted_are_refused_in_every_form(timezone, time_format):
    days = ("0001-01-01", "9999-12-31", "31 Desember 9999", "31/12/9999")
    clocks = ("00:00", "23:59", "23:59:59.999999999", "24:00", "24:00:00", "23:59-14:00", "00:00+14:00", "23:59 WIB")
    texts = [f"{day} {clock}" for day in days for clock in clocks]
    told = read(*texts, timezone=timezone, time_format=time_format)
    assert all(isinstance(reason, str) for reason in told), told


def test_hours_that_a_zone_has_twice_or_never_are_refused():
    twice = "a local time that its time zone has twice or never"
    texts = ("2024-03-31T02:30:00", "2024-10-27T02:30:00", "2024-10-27T04:30:00")
    assert read(*texts, timezone="Europe/Berlin") == [twice, twice, 1_729_999_800_000]


def test_a_local_format_with_a_zone_or_an_offset():
    assert read("22/09/2024 00.00", timezone="Asia/Jakarta", time_format="%d/%m/%Y %H.%M") == [AT]
    assert read("Sat Sep 21 17:00:00 +0000 2024", time_format="%a %b %d %H:%M:%S %z %Y") == [AT]
    wrong = read("2024-09-22", "32/01/2024 00.00", timezone="Asia/Jakarta", time_format="%d/%m/%Y %H.%M")
    assert wrong == ["a time that does not fit the given format"] * 2


@pytest.mark.parametrize("text", ["2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-09-21T25:00:00Z", "kemarin"])
@pytest.mark.parametrize(
    "more", ["145556.7", "20240921", "1726938", "-1726938000", "1e9", "3 jam lalu", "٢٠٢٤-٠٩-٢١T00:00Z"]
)
def test_what_is_no_time_is_refused_alone(text, more):
    assert read(text, "1726938000", more) == ["not a time", AT, "not a time"]


def test_a_date_alone_is_refused():
    assert read("2024-09-21", timezone="Asia/Jakarta") == ["a date without a time of day"]


def test_times_too_early_or_in_the_future_are_refused():
    early, late = "a time before 2004", "a time in the future"
    assert read("1072915199", "1072915200") == [early, 1_072_915_200_000]
    assert read(str(NOW + 300_000), str(NOW + 300_001)) == [NOW + 300_000, late]
    assert read("1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")[0] == early
    assert all(isinstance(r, str) for r in read("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"))


@given(
    st.lists(
        st.tuples(
            st.datetimes(*(datetime.fromisoformat(day) for day in ("2004-01-02", "2025-12-30"))),
            st.integers(-14 * 60, 14 * 60),
            st.sampled_from(["seconds", "milliseconds", "microseconds"]),
        ),
        min_size=1,
    )
)
def test_iso_times_agree_with_the_standard_library(cases):
    instants = [at.replace(tzinfo=timezone(timedelta(minutes=offset))) for at, offset, _ in cases]
    texts = [at.isoformat(timespec=spec) for at, (_, _, spec) in zip(instants, cases, strict=True)]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    expected = [(datetime.fromisoformat(text) - epoch) // timedelta(milliseconds=1) for text in texts]
    assert read(*texts) == expected

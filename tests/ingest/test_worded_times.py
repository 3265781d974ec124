"""Times with words, zones and unusual marks: every neighbouring form, with the instant that it names."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.times import to_milliseconds

NOW = 1_767_225_600_000
AT = 1_728_367_500_000  # 8 October 2024, 06:05:00 UTC, 13:05 in Jakarta
HOUR = 3_600_000


def read(*texts, timezone=None, time_format=None):
    ms, problems = to_milliseconds(pa.array(texts, pa.string()), timezone, time_format, NOW)
    reasons = {i: p.reason for mask, p in problems for i in range(len(texts)) if mask[i]}
    return [reasons.get(i, value) for i, value in enumerate(ms.to_pylist())]


LOCAL = [
    "8 Oktober 2024 13.05",
    "8 Okt 2024 13:05",
    "08 Oct 2024 13.05.00",
    "8 okt. 2024, 13.05",
    "8 Okt 2024 pukul 13.05",
    "8 Okt 2024 pkl. 13.05",
    "8 Oktober 2024 jam 13.05",
    "Selasa, 8 Oktober 2024 13.05",
    "Selasa 8 Oktober 2024 pukul 13.05",
    "hari Selasa tanggal 8 Oktober 2024 pukul 13.05",
    "Tuesday, October 8, 2024 at 1:05 PM",
    "Oct 8, 2024 1:05:00 pm",
    "October 8th, 2024 1:05 p.m.",
    "1:05 PM · Oct 8, 2024",
    "13.05, 8 Oktober 2024",
    "8-Okt-24 13:05",
    "8-Oct-2024 13:05",
    "8/Okt/2024 13:05",
    "8 Oktober 2024 - 13.05",
    "2024/10/08 13:05",
    "2024.10.08 13.05",
    "2024-10-08 13.05.00",
    "2024-10-8 13:05",
    "2024-10-08 1:05 PM",
    "2024-10-08\u00a013.05",
    "2024-10-08T00:00:00 13:05:00",
    "2024-10-08 0.5451388889",
    "45573.5451388889",
    "45573,54514",
    "8 Okt 2024 1.05 siang",
    "8 Okt 2024 13.05 siang",
]


@pytest.mark.parametrize("text", LOCAL)
def test_a_local_time_takes_the_zone_of_the_file(text):
    assert read(text, timezone="Asia/Jakarta") == [AT]
    assert read(text, timezone="Asia/Jayapura") == [AT - 2 * HOUR]
    assert read(text) == ["a time without offset"]


ZONED = [
    "8 Okt 2024 pukul 13.05 WIB",
    "8 Oktober 2024 13.05 wib",
    "8 Oktober 2024 14.05 WITA",
    "8 Oktober 2024 15.05 WIT",
    "13.05 WIB, 8 Oktober 2024",
    "8 Oktober 2024 13.05 (WIB)",
    "8 Oktober 2024 13.05WIB",
    "2024-10-08 13:05:00 WIB",
    "2024-10-08T15:05:00 WIT",
    "2024-10-08 14:05 WITA",
    "2024-10-08 06:05:00 UTC",
    "2024-10-08 06:05:00.000 GMT",
    "2024-10-08 06:05:00 Z",
    "2024-10-08 06:05:00z",
    "2024-10-08 13:05:00 +0700",
    "2024-10-08 13:05:00 +07:00",
    "2024-10-08 13:05:00 +07",
    "2024-10-08 13:05 +7",
    "2024-10-08 13:05:00 GMT+7",
    "2024-10-08 13:05:00 UTC+07:00",
    "2024-10-08 02:35:00 -0330",
    "2024-10-08 13:05:00 Asia/Jakarta",
    "2024-10-08 02:05:00 America/New_York",
    "2024-10-08T13:05:00+07:00[Asia/Jakarta]",
    "Tue Oct 08 06:05:00 +0000 2024",
    "Tue Oct  8 06:05:00 UTC 2024",
    "Tue Oct 08 13:05:00 WIB 2024",
    "Tue, 08 Oct 2024 13:05:00 +0700",
    "Tue Oct 08 2024 13:05:00 GMT+0700 (Western Indonesia Time)",
    "08/Oct/2024:13:05:00 +0700",
    "Oct 8, 2024 1:05 PM UTC+7",
    "8 Okt 2024 13.05 WIB.",
    "8 Okt 2024 13.05 Jakarta",
    "8 Okt 2024 14.05 Makassar",
]


@pytest.mark.parametrize("text", ZONED)
@pytest.mark.parametrize("timezone", [None, "Asia/Jakarta", "America/New_York"])
def test_a_written_zone_never_gives_way_to_that_of_the_file(text, timezone):
    assert read(text, timezone=timezone) == [AT]


@pytest.mark.parametrize("text", ["1728367500.0", "1728367500000.0", "1728367500000000", "1728367500000000.0"])
def test_epochs_are_read_in_three_units(text):
    assert read(text, timezone="Asia/Jayapura") == [AT]


UNREAD = {
    "08/10/2024 13.05": "a date whose day and month could change places",
    "13/10/2024 13:05": "a date whose day and month could change places",
    "08.10.2024 13.05": "a date whose day and month could change places",
    "8-10-24 13:05": "a date whose day and month could change places",
    "08/10/2024": "a date whose day and month could change places",
    "8 Oktober 2024": "a date without a time of day",
    "Selasa, 8 Oktober 2024": "a date without a time of day",
    "45573": "a date without a time of day",
    "13.05 WIB": "a time of day without its day",
    "pukul 13.05": "a time of day without its day",
    "2024-10-08 13:05:00 EST": "a time zone that is not known, or a word that several places share",
    "8 Oktober 2024 13.05 CST": "a time zone that is not known, or a word that several places share",
    "2024-10-08 13:05 Asia/Sukamaju": "a time zone that is not known, or a word that several places share",
    "8 Okt 2024 13.05 +2500": "a time zone that is not known, or a word that several places share",
    "8 Oktober 2024 25.05": "not a time",
    "8 Oktober 2024 13.65": "not a time",
    "8 Oktober 2024 13:05 PM": "not a time",
    "8 Oktober 2024 1.05 malam": "not a time",
    "8 Oktober 2024 24.05": "not a time",
    "31 Februari 2024 13.05": "not a time",
    "8 Brumaire 2024 13.05": "not a time",
    "8 Okt 2024 13.05-14.00": "not a time",
    "8 Okt 2024 13.05 14.05": "not a time",
    "kemarin 13.05": "not a time",
    "3h": "not a time",
    "45573.547": "a spreadsheet's number of days with too few decimals for a time of day",
    "2024-03-31 02:30 Europe/Berlin": "a local time that its time zone has twice or never",
    "8 Okt 2003 13.05": "a time before 2004",
}


@pytest.mark.parametrize(("text", "reason"), UNREAD.items())
def test_what_cannot_be_read_for_certain_is_refused_by_itself(text, reason):
    assert read("8 Okt 2024 13.05 WIB", text, timezone="Asia/Jakarta") == [AT, reason]


def test_numbers_of_days_that_were_cut_for_display_are_all_refused():
    cut = "a spreadsheet's number of days with too few decimals for a time of day"
    assert read("45573.55", timezone="Asia/Jakarta") == [AT + 7 * 60_000]
    assert read("45573.55", "45573.547", timezone="Asia/Jakarta") == [cut, cut]


MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
OTHERS = {"Pebruari": 2, "Peb": 2, "Mrt": 3, "Agt": 8, "Ags": 8, "Sept": 9, "Nopember": 11, "Nop": 11}


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("names", [MONTHS, SHORT])
def test_every_month_with_and_without_a_format(number, names):
    text = f"8 {names[number - 1]} 2023 13.05"
    at = int(datetime(2023, number, 8, 13, 5, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp() * 1000)
    for time_format in (None, "%d %b %Y %H.%M", "%d %B %Y %H.%M"):
        assert read(text, timezone="Asia/Jakarta", time_format=time_format) == [at]


@pytest.mark.parametrize(("word", "number"), OTHERS.items())
def test_other_names_of_months(word, number):
    expected = datetime(2023, number, 8, 6, 5, tzinfo=UTC)
    assert read(f"8 {word} 2023 13.05 WIB") == [int(expected.timestamp() * 1000)]


def test_a_format_with_words_and_zones():
    day_first = "%d/%m/%Y %H:%M"
    assert read("08/10/2024 13:05", timezone="Asia/Jakarta", time_format=day_first) == [AT]
    assert read("08/10/2024 15:05 WIT", timezone="Asia/Jakarta", time_format=day_first) == [AT]
    named = "%Y-%m-%d %H:%M:%S %Z"
    texts = ("2024-10-08 13:05:00 WIB", "2024-10-08 14:05:00 WITA", "2024-10-08 06:05:00 UTC")
    for timezone in (None, "America/New_York"):
        assert read(*texts, timezone=timezone, time_format=named) == [AT] * 3
    unknown = "a time zone that is not known, or a word that several places share"
    assert read("2024-10-08 13:05:00 EST", timezone="Asia/Jakarta", time_format=named) == [unknown]
    assert read("2024-10-08 13:05:00", timezone="Asia/Jakarta", time_format=named) == [unknown]
    assert read("Selasa, 8 Okt 2024 13:05 WIB", time_format="%A, %d %b %Y %H:%M %Z") == [AT]
    assert read("Tue Oct 08 06:05:00 UTC 2024", time_format="%a %b %d %H:%M:%S %Z %Y") == [AT]


@pytest.mark.parametrize(
    ("word", "name"), [("WIB", "Asia/Jakarta"), ("wita", "Asia/Makassar"), ("Wit", "Asia/Jayapura")]
)
def test_a_time_zone_may_be_named_as_people_say_it(word, name):
    assert mapping_for("interactions", timezone=word).timezone == name


def test_a_format_with_the_name_of_the_zone_needs_no_other():
    assert mapping_for("interactions", time_format="%d %b %Y %H:%M %Z").timezone is None


@given(
    st.datetimes(datetime(2004, 1, 2), datetime(2025, 12, 30)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
    st.sampled_from([("WIB", 7), ("WITA", 8), ("WIT", 9), ("UTC", 0), ("GMT+7", 7), ("-0500", -5)]),
)
def test_the_same_instant_in_every_order(at, zone):
    word, hours = zone
    expected = int(at.replace(tzinfo=UTC).timestamp() * 1000) - hours * HOUR
    written = [
        f"{at.day} {MONTHS[at.month - 1]} {at.year} {at:%H.%M.%S} {word}",
        f"{at:%H:%M:%S} {word} {at.day} {SHORT[at.month - 1]} {at.year}",
        f"{at:%a %b %d %H:%M:%S} {word} {at.year}",
        f"{at:%Y/%m/%d %I:%M:%S %p} {word}",
        f"{at:%A, %B %d, %Y %H:%M:%S} {word}",
        f"{at:%Y-%m-%d %H:%M:%S} {word}",
    ]
    assert read(*written, timezone="Asia/Jakarta") == [expected] * len(written)


@given(st.text(max_size=40) | st.from_regex(r"[0-9 .:/+a-z,-]{1,30}", fullmatch=True))
def test_no_text_does_more_than_be_refused(text):
    read(text.encode("utf-8", "replace").decode(), timezone="Asia/Jakarta")


@pytest.mark.parametrize("time_format", [None, "%d %b %Y %H.%M", "%d %b %Y %H.%M %Z"])
def test_a_long_cell_that_is_full_of_times_is_refused_at_once(time_format):
    [reason] = read("1.00 " * 200_000, timezone="Asia/Jakarta", time_format=time_format)
    assert isinstance(reason, str)


@pytest.mark.parametrize(
    ("text", "time_format"),
    [
        ("8 Agst 2024 24.00", None),
        ("2024-08-08 24:00", None),
        ("2024-08-08T24:00:00+07:00", None),
        ("08/08/2024 24:00", "%d/%m/%Y %H:%M"),
        ("24:00 08/08/2024", "%H:%M %d/%m/%Y"),
        ("9 Agus 2024 00.00", None),
    ],
)
def test_the_end_of_a_day_is_the_beginning_of_the_next(text, time_format):
    assert read(text, timezone="Asia/Jakarta", time_format=time_format) == [1_723_136_400_000]

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from graphwatch.calendar.phases import read_calendar, shipped_calendars
from graphwatch.errors import InputError, UsageError

ONE = 'id = "c"\n[[phases]]\nname = "satu"\nfirst_day = 2024-09-01\nlast_day = 2024-09-10\n'


def phase(name: str, first: str, last: str, more: str = "") -> str:
    return f'[[phases]]\nname = "{name}"\nfirst_day = {first}\nlast_day = {last}\n{more}'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    return path


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc,arg-type]


def test_the_shipped_calendar_has_every_phase_cited_and_no_gap_from_determination_on() -> None:
    assert "pilkada-2024" in shipped_calendars()
    calendar = read_calendar("pilkada-2024")
    assert all(p.citation for p in calendar.phases)
    assert calendar.phase("kampanye").first_day == date(2024, 9, 25)
    assert calendar.phase("masa_tenang").note
    # As people write it, too.
    assert calendar.phase("masa tenang") is calendar.phase("masa_tenang")
    assert calendar.phase("masa_tenang").title == "masa tenang"
    day = date(2024, 8, 27)
    while day <= date(2024, 12, 16):
        assert calendar.phase_of(at(day.year, day.month, day.day, 5)), day
        day = date.fromordinal(day.toordinal() + 1)


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ((2024, 9, 21, 16, 59), ["pra_penetapan"]),
        ((2024, 9, 21, 17), ["penetapan"]),
        ((2024, 9, 23, 4), ["pengundian_nomor", "antara"]),
        ((2024, 11, 23, 16, 59), ["kampanye"]),
        ((2024, 11, 23, 17), ["masa_tenang"]),
        ((2024, 11, 27, 3), ["pemungutan", "rekapitulasi"]),
        ((2025, 1, 1), []),
    ],
)
def test_phases_of_an_instant(when: tuple[int, ...], names: list[str]) -> None:
    assert [p.name for p in read_calendar("pilkada-2024").phase_of(at(*when))] == names


def test_overlapping_phases_are_an_error_that_names_both(tmp_path: Path) -> None:
    text = ONE + phase("dua", "2024-09-10", "2024-09-12")
    with pytest.raises(InputError, match=r"'satu' .* and phase 'dua' .* overlap"):
        read_calendar(written(tmp_path, text))


def test_an_overlap_that_does_not_touch_its_neighbour_is_found_too(tmp_path: Path) -> None:
    text = ONE + phase("dua", "2024-09-02", "2024-09-03", "overlaps = true\n") + phase("x", "2024-09-09", "2024-09-09")
    with pytest.raises(InputError, match=r"'satu' .* and phase 'x'"):
        read_calendar(written(tmp_path, text))


def test_one_of_two_phases_may_say_that_it_overlaps(tmp_path: Path) -> None:
    path = written(tmp_path, ONE + phase("dua", '"10 September 2024"', '"12/09/2024"', "overlaps = true\n"))
    assert [p.name for p in read_calendar(path).phase_of(at(2024, 9, 10))] == ["satu", "dua"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id = ", "invalid TOML"),
        ("\xff", "not UTF-8"),
        ('id = "c"', "'phases' is missing"),
        ('id = "c"\nphases = [1]', "'phases #1' is not a table"),
        (ONE.replace('id = "c"', 'id = "a:b"'), "has a colon"),
        (ONE.replace('id = "c"', ""), "'id' is missing"),
        (ONE.replace('id = "c"', 'id = "c"\ntimezone = "UTC"'), "time zone is not Asia/Jakarta"),
        (ONE + "wilayah = 1", "unknown key 'wilayah'"),
        (ONE + "overlaps = 1", "neither true nor false"),
        (ONE.replace("2024-09-10", "2024-08-10"), "ends on 2024-08-10, before"),
        (ONE.replace("2024-09-10", '"besok"'), "last_day of phase 'satu' is not a day"),
        (ONE.replace("2024-09-10", "2024-09-10T10:00:00"), "is not a day"),
        (ONE + phase("satu", "2024-10-01", "2024-10-02"), "'satu' appears twice"),
    ],
)
def test_what_is_no_calendar_says_why_and_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "calendar.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=said) as error:
        read_calendar(path)
    assert error.value.where == str(path)


def test_an_unknown_name_names_the_shipped_ones() -> None:
    with pytest.raises(UsageError, match="pilkada-2024"):
        read_calendar("pilkada-2023")


def test_an_unknown_phase_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="Did you mean 'kampanye'"):
        read_calendar("pilkada-2024").phase("kampanya")

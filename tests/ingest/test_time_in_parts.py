"""A day and a time of day in two columns, by --map, by several --map and by a preset."""

import pytest

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.mapping import mapping_for, mappings_for, preset_named

AT = [1_728_367_510_000, 1_728_367_520_000]  # 8 October 2024, 06:05:10 and 06:05:20 UTC
CONSTANTS = {"kind": "like", "platform": "instagram"}
COLUMNS = {"akun": "account", "kiriman": "object"}


def stage_parts(stage_file, text, columns, **more):
    more = {"timezone": "Asia/Jakarta", **more}
    return stage_file(text, columns=COLUMNS | columns, constants=CONSTANTS, **more)


def times(outcome):
    return [row["at_ms"] for row in sorted(outcome.tables["LIKED"], key=lambda row: row["from"])]


@pytest.mark.parametrize("columns", [{"tanggal+jam": "at"}, {"tanggal": "at", "jam": "at"}, {"Jam+Tanggal": "at"}])
@pytest.mark.parametrize(
    "cells",
    [
        ("2024-10-08", "13:05:10", "13:05:20"),
        ("8 Oktober 2024", "13.05.10", "13.05.20"),
        ("Selasa, 8 Okt 2024", "13.05.10 WIB", "13.05.20 WIB"),
        ("8-Okt-24", "1:05:10 PM", "1:05:20 PM"),
        ("2024-10-08 00:00:00", "15:05:10 WIT", "15:05:20 WIT"),
    ],
)
def test_a_day_and_a_time_of_day_become_one(stage_file, columns, cells):
    day, first, second = cells
    text = f"akun;kiriman;tanggal;jam\na1;p1;{day};{first}\na2;p1;{day};{second}\n"
    assert times(stage_parts(stage_file, text, columns)) == AT


def test_a_day_in_numbers_needs_the_format_of_both(stage_file):
    text = "akun;kiriman;tanggal;jam\na1;p1;08/10/2024;13.05.10\na2;p1;08/10/2024;13.05.20\n"
    with pytest.raises(InputError, match="day and month could change places"):
        stage_parts(stage_file, text, {"tanggal+jam": "at"})
    assert times(stage_parts(stage_file, text, {"tanggal+jam": "at"}, time_format="%d/%m/%Y %H.%M.%S")) == AT


def test_a_day_without_its_hour_is_refused_and_without_its_day_an_act_is_untimed(stage_file):
    text = "akun;kiriman;tanggal;jam\na1;p1;2024-10-08;\na2;p1;;13:05:10\na3;p1;;\n"
    outcome = stage_parts(stage_file, text, {"tanggal+jam": "at"})
    assert outcome.reasons == {"a date without a time of day": 1}
    assert times(outcome) == [None, None]
    assert outcome.quarantine[0]["column"] == "tanggal+jam"


def test_a_column_that_is_called_so_itself_counts(stage_file):
    text = "akun;kiriman;Waktu (UTC+7)\na1;p1;2024-10-08T13:05:10\na2;p1;2024-10-08T13:05:20\n"
    assert times(stage_parts(stage_file, text, {"Waktu (UTC+7)": "at"})) == AT


def test_what_is_missing_is_named(stage_file):
    with pytest.raises(InputError, match="no column 'jam', which gives at"):
        stage_parts(stage_file, "akun;kiriman;tanggal\na;p;2024-10-08\n", {"tanggal+jam": "at"})
    with pytest.raises(InputError, match=r"no column 'tanggal\+jam', which gives at"):
        stage_parts(stage_file, "akun;kiriman\na;p\n", {"tanggal+jam": "at"})


def test_only_times_are_put_together(stage_file):
    with pytest.raises(UsageError, match="given twice"):
        mapping_for("interactions", columns={"a": "account", "b": "account"})
    assert dict(mapping_for("interactions", columns={"a+b": "account"}).columns)["account"] == "a+b"


def test_a_preset_says_it_by_parts(stage_file, tmp_path):
    preset = tmp_path / "sheet.toml"
    preset.write_text(
        'meaning = "A sheet."\ntimezone = "Asia/Jakarta"\n[[statements]]\nkind = "interactions"\n'
        'constants = { kind = "like", platform = "instagram" }\n[statements.columns]\naccount = "akun"\n'
        'object = "kiriman"\nat = { column = "waktu", parts = ["tanggal", "jam"] }\n',
        encoding="utf-8",
    )
    for text in (
        "Akun;Kiriman;Tanggal;Jam\na1;p1;8 Oktober 2024;13.05.10\na2;p1;8 Oktober 2024;13.05.20\n",
        "akun;kiriman;waktu\na1;p1;8 Oktober 2024 13.05.10\na2;p1;8 Oktober 2024 13.05.20\n",
    ):
        assert times(stage_file(text, preset=str(preset))) == AT
    assert preset_named(str(preset)).statements[0].cells()["at"].parts == ("tanggal", "jam")


def test_the_sheet_of_a_patrol_may_have_day_and_hour_apart(stage_file):
    text = (
        "No;Tanggal;Jam;Platform;URL;Akun;Jenis_Interaksi;Petugas\n"
        "1;8 Oktober 2024;13.05 WIB;instagram;https://www.instagram.com/p/DAbtDE4kGZp/;@ani;suka;A\n"
        "2;8 Oktober 2024;14.05 WITA;instagram;https://www.instagram.com/p/DAbtDE4kGZp/;@budi;suka;A\n"
    )
    assert times(stage_file(text, preset="patroli")) == [AT[0] - 10_000] * 2
    assert len(mappings_for(None, preset="patroli")) == 2


def test_an_act_whose_day_is_empty_stays_without_a_time_and_that_is_told(stage_file):
    text = "akun;kiriman;tanggal;jam\na1;p1;2024-10-08;13:05:10\na2;p1;;13:05:20\na3;p1;;\n"
    outcome = stage_parts(stage_file, text, {"tanggal+jam": "at"})
    assert times(outcome) == [AT[0], None, None]
    assert any("a cell of 'tanggal+jam' left out" in note and "its day" in note for note in outcome.notes)


def test_an_hour_without_a_day_where_no_column_has_days_is_refused(stage_file):
    text = "akun;kiriman;jam\na1;p1;2024-10-08 13:05:10\na2;p1;13:05:20\n"
    assert stage_parts(stage_file, text, {"jam": "at"}).refused == 1

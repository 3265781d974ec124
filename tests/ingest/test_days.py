"""Days of which no time of day is written, and which of day and month comes first."""

import pytest

import graphwatch
from graphwatch.common.clock import DAY_MS
from graphwatch.errors import InputError
from graphwatch.ingest.mapping import mapping_for

DAY = 1_727_715_600_000  # 1 October 2024 begins in Jakarta
CONSTANTS = {"kind": "like", "platform": "instagram"}
OF_DAYS = "%d/%m/%Y"


def rows(cells):
    return "account;object;at\n" + "".join(f"a{n};p{n};{cell}\n" for n, cell in enumerate(cells))


def read(stage_file, cells, **more):
    """Time and precision of each like."""
    outcome = stage_file(rows(cells), timezone="Asia/Jakarta", constants=CONSTANTS, **more)
    likes = sorted(outcome.tables["LIKED"], key=lambda row: row["from"])
    return [(row["at_ms"], row["precision_ms"]) for row in likes], outcome


@pytest.mark.parametrize("cells", [["1 Oktober 2024", "Selasa, 1 Okt 2024"], ["2024-10-01", "45566"], ["1/10/2024"]])
def test_a_day_is_known_to_the_day_where_that_is_said(stage_file, cells):
    assert read(stage_file, cells, time_format=OF_DAYS)[0] == [(DAY, DAY_MS)] * len(cells)


def test_the_order_that_is_said_holds_for_every_form_of_day(stage_file):
    cells = ["1/10/2024", "01-10-24 08.15", "1 Okt 2024 08.15.07", "2024-10-01"]
    found, outcome = read(stage_file, cells, time_format=OF_DAYS)
    assert found == [(DAY, DAY_MS), (DAY + 29_700_000, None), (DAY + 29_707_000, None), (DAY, DAY_MS)]
    assert not outcome.reasons
    assert read(stage_file, ["10/1/2024"], time_format="%m/%d/%Y")[0] == [(DAY, DAY_MS)]


def test_the_order_of_a_day_that_no_one_says_is_refused_with_how_to_say_it(stage_file):
    _, outcome = read(stage_file, ["1/10/2024", "1 Okt 2024 08.15"])
    assert outcome.reasons == {"a date whose day and month could change places": 1}
    assert f"--time-format '{OF_DAYS}'" in outcome.quarantine[0]["remedy"]


def test_what_is_said_of_days_is_part_of_what_a_load_is():
    said, other = (mapping_for("interactions", time_format=form) for form in (OF_DAYS, "%m/%d/%Y"))
    assert len({said.as_json(), other.as_json(), mapping_for("interactions").as_json()}) == 3


def test_a_day_that_has_not_come_is_refused(stage_file):
    _, outcome = read(stage_file, ["2024-10-01", "2064-10-01"], time_format=OF_DAYS)
    assert outcome.reasons == {"a time in the future": 1}


def test_an_id_tells_more_than_a_day(stage_file):
    text = "account;object;at;content_id\n1;2;2024-10-01;1840994632842330112\n"
    constants = {"kind": "comment", "platform": "x"}
    outcome = stage_file(text, timezone="Asia/Jakarta", constants=constants, time_format=OF_DAYS)
    [comment] = outcome.tables["COMMENTED"]
    assert (comment["basis"], comment["precision_ms"]) == ("derived", None)
    assert DAY <= comment["at_ms"] < DAY + DAY_MS


def loaded(folder, cells, **more):
    file = folder / "suka.csv"
    file.write_text(rows(cells), encoding="utf-8")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        done = project.load(file, constants=CONSTANTS, timezone="WIB", **more)
        table = project.query("MATCH ()-[r:LIKED]->() RETURN r.at_ms AS at, r.precision_ms AS known ORDER BY at, known")
        return done, [tuple(row.values()) for row in table]


def test_a_day_among_times_is_a_day_and_makes_the_others_no_coarser(tmp_path):
    done, found = loaded(tmp_path, ["2024-10-01", "2024-10-01 08:15:07"])
    assert found == [(DAY, DAY_MS), (DAY + 29_707_000, None)]
    assert done.refused == 0


def test_a_column_of_days_alone_is_refused_until_somebody_says_that_these_are_all_that_is_known(tmp_path):
    days = ["2024-10-01", "2024-10-01"]
    with pytest.raises(InputError, match="a date without a time of day") as refused:
        loaded(tmp_path, days)
    assert f"--time-format '{OF_DAYS}'" in str(refused.value.remedy)
    assert loaded(tmp_path, days, time_format=OF_DAYS)[1] == [(DAY, DAY_MS)] * 2


def complaints(tmp_path, rows):
    """Day of receipt and of the act by complaint, as a form writes them, and the notes of the load."""
    header = "Timestamp,Isi,Kejadian\n"
    (tmp_path / "forms.csv").write_text(header + "".join(f"{a},aduan {n},{b}\n" for n, (a, b) in enumerate(rows)))
    columns = {"Timestamp": "received", "Isi": "text", "Kejadian": "at"}
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        loaded = project.load(tmp_path / "forms.csv", kind="complaints", columns=columns, timezone="Asia/Jakarta")
        asked = "MATCH (c:Complaint) RETURN c.text AS text, c.received_at AS day, c.at AS at ORDER BY text"
        found = project.query(asked).to_arrow().to_pylist()
    return [(row["day"], row["at"]) for row in found], " ".join(loaded.notes)


def test_a_form_with_the_month_first_is_read_so_in_each_of_its_columns(tmp_path):
    rows = [("10/7/2024 19:30:12", "10/6/2024"), ("10/13/2024 8:05:00", "10/12/2024"), ("", "2024-10-05")]
    found, notes = complaints(tmp_path, rows)
    assert found == [("2024-10-07", "2024-10-06"), ("2024-10-13", "2024-10-12"), (None, "2024-10-05")]
    assert "month first, as 10/13/2024 8:05:00 shows" in notes


def test_a_column_that_shows_its_own_order_is_read_in_that(tmp_path):
    found, _ = complaints(tmp_path, [("10/13/2024 8:05:00", "12/10/2024"), ("10/7/2024 9:00:00", "13/10/2024")])
    assert found == [("2024-10-13", "2024-10-12"), ("2024-10-07", "2024-10-13")]


def test_of_a_column_with_both_orders_only_days_that_are_plain_are_taken(tmp_path):
    found, notes = complaints(tmp_path, [("10/13/2024", ""), ("13/10/2024", ""), ("7/10/2024", ""), ("10/10/2024", "")])
    assert [day for day, _ in found] == [None, "2024-10-13", None, "2024-10-10"]
    assert "day and month could change places" in notes

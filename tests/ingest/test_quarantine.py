import csv

import pytest

from graphwatch.errors import InputError, StoreError
from graphwatch.ingest.quarantine import Problem, Quarantine, withhold

HEAD = "account,object,kind,platform,text\n"
WRONG = Problem("wrong", "=Do it right")


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formulas_are_neutralised(tmp_path, value):
    with Quarantine(tmp_path / "q.csv", "=file.csv") as quarantine:
        quarantine.refuse(1, value, value, WRONG)
    with (tmp_path / "q.csv").open(encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    assert row["value"] == row["column"] == "'" + value
    assert row["file"] == "'=file.csv"


def test_values_are_cut_and_always_encodable(tmp_path):
    with Quarantine(tmp_path / "q.csv", "f") as quarantine:
        quarantine.refuse(1, None, "\udc80" * 500, WRONG)
        quarantine.refuse(2, "c", "=" * 500, WRONG)
    with (tmp_path / "q.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [len(row["value"]) for row in rows] == [200, 200]
    assert list(rows[0]) == ["file", "line", "column", "value", "reason", "remedy", "alasan", "saran"]
    assert quarantine.reasons == {"wrong": 2}


def test_there_is_no_file_without_a_bad_row(tmp_path):
    with Quarantine(tmp_path / "q.csv", "f") as quarantine:
        pass
    assert quarantine.path is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_good_row_is_refused_and_its_rows_stay(stage_file, tmp_path):
    with pytest.raises(InputError, match="not one of 2 rows") as caught:
        stage_file(HEAD + ",p,like,x,\na,p,smile,x,\n")
    assert caught.value.remedy
    assert str(tmp_path / "quarantine.csv") in caught.value.remedy
    assert len((tmp_path / "quarantine.csv").read_text().splitlines()) == 3
    assert list((tmp_path / "working [1]").iterdir()) == []


def test_rows_are_written_in_the_order_of_the_file(stage_file):
    rows = "a,p,smile,x,\n,p,like,x,\nok,p,like,x,\nb,,like,x,\nc,p,like,??,\n"
    outcome = stage_file(HEAD + rows)
    assert [row["line"] for row in outcome.quarantine] == ["2", "3", "5", "6"]
    assert [row["column"] for row in outcome.quarantine] == ["kind", "account", "object", "platform"]


HEADER = b"file,line,column,value,reason,remedy\r\n"


@pytest.mark.parametrize(
    "content",
    [
        HEADER + b'f,1,account,budi,"half',
        HEADER + b"\xff\xfe,1,account,budi,r,r\r\n",
        b"f,1,account,budi,r,r\r\n",
        HEADER + b"\0,1,account,budi,r,r\r\n",
        HEADER + b'f,1,account,"' + b"x" * 200_000 + b'",r,r\r\nf,2,account,budi,r,r\r\n',
        HEADER + HEADER + b"f,1,account,budi,r,r\n",
    ],
)
def test_damage_does_not_keep_a_value_from_being_withheld(tmp_path, content):
    file = tmp_path / "q.csv"
    file.write_bytes(content)
    assert withhold(file, lambda cell: "budi" in cell) == 1
    assert b"budi" not in file.read_bytes()
    assert b"account" in file.read_bytes()
    assert withhold(file, lambda cell: "budi" in cell) == 0


def test_a_quarantine_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "q.csv").mkdir()
    with pytest.raises(StoreError, match="cannot be read") as caught:
        withhold(tmp_path / "q.csv", bool)
    assert "q.csv" in str(caught.value.where)

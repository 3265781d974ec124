from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphwatch.errors import InputError

AT = datetime(2024, 9, 21, 17, tzinfo=UTC)
BASE = {"object": ["p1", "p2"], "kind": ["like", "like"], "platform": ["x", "x"]}


@pytest.fixture
def parquet(tmp_path):
    def write(columns):
        path = tmp_path / "data.bin"
        pq.write_table(pa.table(columns), path)
        return path

    return write


def accounts(outcome):
    return [row["id"] for row in outcome.tables["Account"]]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([2**53 + 1, 7]),
        pa.array([str(2**53 + 1), "7"], pa.large_string()),
        pa.array([str(2**53 + 1), "7"]).dictionary_encode(),
        pa.array([b"9007199254740993", b"7"]),
        pa.array([Decimal(2**53 + 1), Decimal(7)]),
    ],
)
def test_ids_of_any_exact_type_become_text(stage_file, parquet, column):
    outcome = stage_file(parquet(BASE | {"account": column}))
    assert accounts(outcome) == ["x:7", "x:9007199254740993"]
    assert sorted(s for row in outcome.tables["LIKED"] for s in row["sources"]) == ["s0:1", "s0:2"]


def test_floats_beyond_fifteen_digits_are_refused_as_ids(stage_file, parquet):
    outcome = stage_file(parquet(BASE | {"account": pa.array([1.23e17, 7.0])}))
    assert accounts(outcome) == ["x:7"]
    assert outcome.reasons == {"an id that a spreadsheet has rounded": 1}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=7))])
def test_timestamps_with_a_zone_are_read_as_they_are(stage_file, parquet, unit, zone):
    at = pa.array([AT.astimezone(zone), None]).cast(pa.timestamp(unit, "Asia/Jakarta"))
    outcome = stage_file(parquet(BASE | {"account": ["a", "b"], "at": at}))
    assert {row["from"]: row["at_ms"] for row in outcome.tables["LIKED"]} == {"x:a": 1_726_938_000_000, "x:b": None}


def test_timestamps_without_a_zone_need_one(stage_file, parquet):
    local = (AT + timedelta(hours=7, seconds=5)).replace(tzinfo=None)
    path = parquet(BASE | {"account": ["a", "b"], "at": [local, None]})
    assert stage_file(path).reasons == {"a time without offset": 1}
    outcome = stage_file(path, timezone="Asia/Jakarta")
    assert outcome.tables["LIKED"][0]["at_ms"] == 1_726_938_005_000


def test_text_that_is_not_utf8_is_refused(stage_file, parquet):
    broken = pa.array([b"a\xff", b"b"]).view(pa.string())
    outcome = stage_file(parquet(BASE | {"account": broken}))
    assert accounts(outcome) == ["x:b"]
    assert outcome.quarantine[0]["line"] == "1"


def test_structs_have_dotted_names_and_lists_are_lists(stage_file, parquet):
    path = parquet({"post": [{"id": "p1"}], "platform": ["x"], "hashtags": [["a", "b"]]})
    outcome = stage_file(path, "posts", columns={"post.id": "post"})
    assert outcome.tables["Post"][0]["hashtags"] == ["a", "b"]


def test_a_damaged_file_and_a_missing_column_are_refused(stage_file, parquet):
    path = parquet(BASE)
    with pytest.raises(InputError, match="no column gives 'account'"):
        stage_file(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="Parquet file cannot be read"):
        stage_file(path)


def test_a_type_that_is_no_text_is_named(stage_file, parquet):
    with pytest.raises(InputError, match="column 'account' is of type"):
        stage_file(parquet(BASE | {"account": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64()))}))


@pytest.mark.parametrize("name", ["kind", "platform", "x" * 9])
def test_a_column_whose_name_is_no_text_is_a_damaged_file(stage_file, parquet, name):
    path = parquet(BASE | {"account": ["a", "b"], "x" * 9: [1, 2]})
    path.write_bytes(path.read_bytes().replace(name.encode(), b"\x82" + name.encode()[1:]))
    with pytest.raises(InputError, match="Parquet file cannot be read"):
        stage_file(path)


def test_two_columns_of_one_name_are_no_fault_of_graphwatch(stage_file, tmp_path):
    path = tmp_path / "twice.parquet"
    names = ["account", "object", "kind", "platform", "account"]
    pq.write_table(pa.table([pa.array([text]) for text in ("a", "p", "like", "x", "b")], names), path)
    with pytest.raises(InputError):
        stage_file(path)

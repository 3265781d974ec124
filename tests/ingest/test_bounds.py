"""However large a small file pretends to be: what is done for it has a bound, and who reaches it is told the way on."""

import gzip
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphwatch.errors import InputError
from graphwatch.ingest import files, parquet, quarantine

HEAD = b"account,object,kind,platform\n"


@pytest.mark.parametrize("pack", [gzip.compress, files._zstd().compress])
@pytest.mark.parametrize("rows", [b"a,p,like,x\n", b"\n", b"a", b'"', b"a,p\n"])
def test_a_packed_file_grows_only_as_far_as_tables_do(stage_file, monkeypatch, pack, rows):
    monkeypatch.setattr(files, "_FREE_GROWTH", 1 << 16)
    with pytest.raises(InputError, match="unpacks to more than 200 times") as caught:
        stage_file(pack(HEAD + rows * ((8 << 20) // len(rows))))
    assert "unpack it yourself" in str(caught.value.remedy)


def test_what_grows_little_in_all_may_grow_steeply(stage_file):
    assert stage_file(gzip.compress(HEAD + b"a,p,like,x\n" * 100_000)).taken == 100_000


def test_refused_rows_are_all_counted_and_so_many_written(stage_file, monkeypatch):
    monkeypatch.setattr(quarantine, "_MOST_ROWS", 10)
    found = stage_file(HEAD + b"a,p,like,x\n" + b"a,p,nothing,x\n" * 50)
    assert (found.taken, found.refused, len(found.quarantine)) == (1, 50, 10)


def test_a_document_of_one_line_may_be_long(stage_file):
    record = {"account": "a", "object": "p", "kind": "like", "platform": "x", "text": "é" * 3_000}
    found = stage_file(json.dumps([record] * 1_000).encode(), name="a.json")
    assert (found.taken, found.refused) == (1_000, 0)


def test_a_document_of_many_values_is_refused_before_it_is_parsed(stage_file):
    with pytest.raises(InputError, match="more than 4,000,000 values"):
        stage_file(gzip.compress(b"[" + b"{}," * 2_100_000 + b"{}]"), name="a.json.gz")


def test_a_workbook_grows_only_as_far_as_tables_do(stage_file, tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes((1 << 26) + 1))
    with pytest.raises(InputError, match="too large"):
        stage_file(path)


@pytest.mark.parametrize("nested", [False, True])
def test_a_parquet_file_grows_only_as_far_as_tables_do(stage_file, tmp_path, nested):
    """A text of half a megabyte that stands there once, and in 50,000 rows."""
    once = pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int32()), pa.array(["z" * 500_000]))
    text = pa.ListArray.from_arrays(pa.array(range(50_001), pa.int32()), once) if nested else once
    same = {name: [value] * 50_000 for name, value in (("account", "a"), ("object", "p"), ("kind", "comment"))}
    pq.write_table(pa.table({**same, "platform": ["x"] * 50_000, "text": text}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 200_000
    with pytest.raises(InputError, match="unpacks to more than 200 times"):
        stage_file(tmp_path / "a.parquet")


def test_parquet_in_pieces_gives_every_row(stage_file, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_MOST_BYTES", 1 << 10)
    rows = {"account": [f"a{n}" for n in range(1_000)], "object": ["p"] * 1_000, "kind": ["comment"] * 1_000}
    pq.write_table(pa.table({**rows, "platform": ["x"] * 1_000, "text": ["hai"] * 1_000}), tmp_path / "a.parquet")
    assert {row["id"] for row in stage_file(tmp_path / "a.parquet").tables["Account"]} == {
        f"x:a{n}" for n in range(1_000)
    }


def test_a_parquet_file_of_many_small_pieces_is_refused_before_it_is_read(stage_file, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_MOST_PIECES", 40)
    rows = {
        "account": [f"a{n}" for n in range(11)],
        "object": ["p"] * 11,
        "kind": ["like"] * 11,
        "platform": ["x"] * 11,
    }
    pq.write_table(pa.table(rows), tmp_path / "a.parquet", row_group_size=1)
    with pytest.raises(InputError, match="11 row groups") as caught:
        stage_file(tmp_path / "a.parquet")
    assert caught.value.remedy
    pq.write_table(pa.table(rows).slice(1), tmp_path / "b.parquet", row_group_size=1)
    assert stage_file(tmp_path / "b.parquet").taken == 10


def test_a_parquet_file_that_says_too_much_of_itself_is_refused_before_that_is_read(stage_file, tmp_path):
    with (tmp_path / "a.parquet").open("wb") as file:
        file.write(b"PAR1")
        file.truncate(1 << 27)
        file.seek(0, 2)
        file.write(((1 << 26) + 1).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(InputError, match="67,108,865 bytes"):
        stage_file(tmp_path / "a.parquet")
